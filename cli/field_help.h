#pragma once

#include "registry/domain/codes.h"

#include <string>

namespace egret::cli {

/// Every kind that `egret record` takes, with its fields and their codes, in lines that fit a
/// terminal.
std::string all_fields_help(Language language);

}  // namespace egret::cli
