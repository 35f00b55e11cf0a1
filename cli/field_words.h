#pragma once

#include "cli/console/parsed.h"
#include "registry/base/result.h"
#include "registry/codec/fact_shape.h"
#include "registry/json/value.h"

#include <string>
#include <string_view>
#include <vector>

/// Words field=value as the members of a fact.
///
/// Lists are written `types=16,18`, or the field comes more than once; nested members as
/// `left.birads=4a`. Codes may be written in other letters or by their labels (sex=女). Full-width
/// digits and letters are taken for plain ones where no free text is meant. Who somebody is has
/// short words, for what would be lists of groups: `name=` `romanised=` `alias=`, `phone=`, and
/// a number by its kind: `resident_id=`, `passport=`, …
namespace egret::cli {

enum class EmptyValue {
    refused,
    removes,  // `lot=` takes the member out.
};

/// What a fact of that type says, changed by the words. A list that is named begins anew.
///
/// Errors: invalid_input with the field as typed: no such field; no such kind of record; a value
/// of the wrong kind; one field twice. No value is quoted.
Result<json::Object> put_words(std::string_view type, json::Object fact,
                               const std::vector<console::FieldWord>& words, EmptyValue empty);

/// The error lies in a word itself, not in what it says.
bool is_word_error(const Error& error);

/// Types of which the short words are known.
bool says_who_she_is(std::string_view type);

/// Types that have a command of their own and are not recorded by `egret record`.
bool has_own_command(std::string_view type);

}  // namespace egret::cli
