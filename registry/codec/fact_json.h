#pragma once

#include "registry/base/result.h"
#include "registry/domain/fact.h"
#include "registry/json/value.h"

#include <string_view>

namespace egret::codec {

/// A fact as an event of a person file: `{"type":"hpv_test","date":"2019-05-01","result":…}`.
/// One from a newer version is `{"type":"newer","number":…,"version":…,"payload":hex}`.
json::Value to_json(const Fact& fact);

/// The fact that such an object holds. Members that we don't know are kept in its extras, except
/// those whose names are in `taken`: the caller reads them.
/// Errors: invalid_input with the member's path: an unknown type, a value of the wrong kind or
/// outside its code list, a member missing that the type needs. No value is quoted.
Result<Fact> fact_from_json(const json::Object& event,
                            std::initializer_list<std::string_view> taken = {});

/// Who somebody is, as an object with the members of Demographics; other members are passed over.
json::Value to_json(const Demographics& who);
Result<Demographics> demographics_from_json(const json::Object& object);

}  // namespace egret::codec
