#pragma once

#include "registry/base/ensure.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace egret::json {

class Value;
struct Member;

using Array = std::vector<Value>;

/// A number that is no int64, as the text that wrote it: "1.50" stays "1.50" and never passes
/// through a double. The text is a JSON number.
struct Decimal {
    std::string raw;

    friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// Named values in the order in which they came. A name is there once.
///
/// Made for objects of a few dozen members: looking up a name walks over them.
class Object {
public:
    Object() noexcept;
    Object(const Object& other);
    Object(Object&& other) noexcept;
    Object& operator=(const Object& other);
    Object& operator=(Object&& other) noexcept;
    ~Object();

    /// The names must differ.
    Object(std::initializer_list<Member> members);

    /// Null if there is none. Valid until the object changes.
    const Value* find(std::string_view name) const;

    /// Replaces the value in its place, or adds it at the end.
    Object& set(std::string name, Value value);

    /// Adds a member whose name is known to be new. Whoever calls it vouches for that.
    void append(std::string name, Value value);

    std::size_t size() const noexcept;
    bool empty() const noexcept;
    std::vector<Member>::const_iterator begin() const noexcept;
    std::vector<Member>::const_iterator end() const noexcept;

    /// The same members in the same order.
    friend bool operator==(const Object& a, const Object& b);

private:
    std::vector<Member> members_;
};

/// An integer as C++ has it, not a truth value and not a character.
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

/// One JSON value. Copies are deep, moves are cheap.
///
/// The as_ functions are for a caller that knows the kind: asking for another throws
/// std::bad_variant_access. Outside data is read through json::Reader.
class Value {
public:
    Value() noexcept {}

    Value(std::nullptr_t) noexcept {}

    // Not inline: a program holds thousands of places that copy or destroy one.
    Value(const Value& other);
    Value(Value&& other) noexcept;
    Value& operator=(const Value& other);
    Value& operator=(Value&& other) noexcept;
    ~Value();

    // A template, so that no pointer turns into a truth value.
    template <std::same_as<bool> T>
    Value(T truth) : state_(truth) {}

    /// The number must fit an int64.
    template <Integer T>
    Value(T number) : state_(static_cast<std::int64_t>(number)) {
        EGRET_ENSURE(std::in_range<std::int64_t>(number));
    }

    Value(Decimal number) : state_(std::move(number)) {}

    Value(std::string text) : state_(std::move(text)) {}

    Value(std::string_view text) : state_(std::string(text)) {}

    Value(const char* text) : state_(std::string(text)) {}

    Value(Array items);
    Value(Object members);

    bool is_null() const noexcept { return holds<std::monostate>(); }

    bool is_bool() const noexcept { return holds<bool>(); }

    bool is_integer() const noexcept { return holds<std::int64_t>(); }

    bool is_decimal() const noexcept { return holds<Decimal>(); }

    bool is_text() const noexcept { return holds<std::string>(); }

    bool is_array() const noexcept { return holds<Array>(); }

    bool is_object() const noexcept { return holds<Object>(); }

    bool as_bool() const { return std::get<bool>(state_); }

    std::int64_t as_integer() const { return std::get<std::int64_t>(state_); }

    const Decimal& as_decimal() const { return std::get<Decimal>(state_); }

    const std::string& as_text() const { return std::get<std::string>(state_); }

    const Array& as_array() const { return std::get<Array>(state_); }

    Array& as_array() { return std::get<Array>(state_); }

    const Object& as_object() const { return std::get<Object>(state_); }

    Object& as_object() { return std::get<Object>(state_); }

    /// The member of that name; null if there is none, or if this is no object.
    const Value* find(std::string_view name) const;

    /// The same kind and the same content; for an object, in the same order. 1 and 1.0 differ.
    friend bool operator==(const Value& a, const Value& b);

private:
    template <class T>
    bool holds() const noexcept {
        return std::holds_alternative<T>(state_);
    }

    std::variant<std::monostate, bool, std::int64_t, Decimal, std::string, Array, Object> state_{};
};

struct Member {
    std::string name;
    Value value;

    friend bool operator==(const Member&, const Member&) = default;
};

inline std::size_t Object::size() const noexcept { return members_.size(); }

inline bool Object::empty() const noexcept { return members_.empty(); }

inline std::vector<Member>::const_iterator Object::begin() const noexcept {
    return members_.begin();
}

inline std::vector<Member>::const_iterator Object::end() const noexcept { return members_.end(); }

}  // namespace egret::json
