#pragma once

#include "registry/domain/codes.h"

#include <string>
#include <string_view>

namespace egret::cli {

/// For `egret record`, in lines that fit a terminal. About a kind: its fields with what they mean,
/// the codes that they take, and an example. About anything else: every kind with its fields.
std::string record_help(std::string_view about, Language language);

/// The fields of who somebody is, for `egret woman edit`, whoever it is `about`.
std::string person_fields_help(std::string_view about, Language language);

/// The same for `egret woman add`, with those marked that are needed.
std::string new_person_help(std::string_view about, Language language);

}  // namespace egret::cli
