#pragma once

#include "registry/base/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// How a struct of the domain stands in the log and in JSON: a list of its members, each with the
/// number that stands for it in CBOR and its name in JSON. One list per struct serves both ways of
/// both formats, the JSON schemas and the commands.
namespace egret::codec {

/// Whether a member must be there.
enum class Presence : std::uint8_t {
    optional,
    required,
    listed,  // A list that JSON shows even when it is empty.
};

template <class Owner, class Member>
struct Field {
    std::uint64_t key = 0;
    std::string_view name;
    Member Owner::*member = nullptr;
    Presence presence = Presence::optional;
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::uint64_t key, std::string_view name,
                                     Member Owner::*member,
                                     Presence presence = Presence::optional) {
    return {key, name, member, presence};
}

/// Specialised in fact_fields.h: `static constexpr auto list`, a tuple of Field by ascending key.
template <class T>
struct Fields;

template <class T>
concept Described = requires {
    Fields<T>::list;
};

/// Calls `visit(field)` for each member of T, in the order of the keys.
template <Described T, class Visit>
constexpr void for_each_field(Visit&& visit) {
    std::apply([&](const auto&... fields) { (visit(fields), ...); }, Fields<T>::list);
}

/// Whether a member says anything: an empty text, list, optional or id says nothing, and is not
/// written.
template <class T>
bool is_present(const T&) {
    return true;
}

inline bool is_present(const std::string& value) { return !value.empty(); }

template <class T>
bool is_present(const std::optional<T>& value) {
    return value.has_value();
}

template <class T>
bool is_present(const std::vector<T>& value) {
    return !value.empty();
}

template <class Tag>
bool is_present(const Id<Tag>& value) {
    return !value.is_nil();
}

}  // namespace egret::codec
