#pragma once

#include "registry/domain/codes.h"

#include <string>

namespace egret::cli {

/// Every kind that `egret record` takes, with its fields and their codes, in lines that fit a
/// terminal.
std::string all_fields_help(Language language);

/// The fields of who somebody is, for `egret woman add` and `edit`.
std::string person_fields_help(Language language);

}  // namespace egret::cli
