#pragma once

#include "registry/base/result.h"
#include "registry/json/value.h"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace egret::json {

/// Reads the members of an object that came from outside, each as exactly the type it must have:
/// "12" is no integer and 1 is no truth value. The object must outlive the reader.
///
/// Errors of all: invalid_input with the member's name as the field, if it is missing or of another
/// kind. The optional_ variants take a missing member and a null for nothing.
class Reader {
public:
    /// Errors: invalid_input, if `value` is no object.
    static Result<Reader> open(const Value& value);

    explicit Reader(const Object& object) noexcept : object_(&object) {}

    Result<std::string> text(std::string_view name) const;
    Result<std::optional<std::string>> optional_text(std::string_view name) const;

    /// Errors: also invalid_input, if it is outside [least, most].
    Result<std::int64_t> integer(std::string_view name, std::int64_t least = int64_min,
                                 std::int64_t most = int64_max) const;
    Result<std::optional<std::int64_t>> optional_integer(std::string_view name,
                                                         std::int64_t least = int64_min,
                                                         std::int64_t most = int64_max) const;

    Result<bool> boolean(std::string_view name) const;
    Result<std::optional<bool>> optional_boolean(std::string_view name) const;

    /// Not copied: lives as long as the object. Never null.
    Result<const Array*> array(std::string_view name) const;
    /// Null if there is none.
    Result<const Array*> optional_array(std::string_view name) const;

    /// The member as a reader of its own. Errors inside it don't know of it: see Error::within.
    Result<Reader> object(std::string_view name) const;
    Result<std::optional<Reader>> optional_object(std::string_view name) const;

    /// Every item must be a text; `name[3]` is the field of one that isn't.
    Result<std::vector<std::string>> texts(std::string_view name) const;

    /// Any value that is there, null included.
    Result<const Value*> any(std::string_view name) const;

    /// Errors: invalid_input, if there is a member that is none of `names`. Does not say which:
    /// its name came from outside.
    Result<Done> only(std::initializer_list<std::string_view> names) const;

private:
    static constexpr auto int64_min = std::numeric_limits<std::int64_t>::min();
    static constexpr auto int64_max = std::numeric_limits<std::int64_t>::max();

    /// Null for a missing member and for a null.
    const Value* find(std::string_view name) const;

    const Object* object_;
};

}  // namespace egret::json
