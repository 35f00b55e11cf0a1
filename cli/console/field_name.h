#pragma once

#include "registry/base/result.h"
#include "registry/domain/codes.h"

#include <string>

namespace egret::console {

/// The error's field as a person reads it before the sentence: "出生日期" for "birth_date",
/// "记录 3 日期" for "events[2].date". What she types herself stays as she types it: an option, a
/// word of the usage line, a field that there is not. "" where the sentence says by itself what it
/// is about, and where the field is of a message between machines.
std::string field_name(const Error& error, Language language);

}  // namespace egret::console
