#include "registry/codec/fact_shape.h"

#include "registry/codec/fact_fields.h"

namespace egret::codec {
namespace {

using Kind = MemberShape::Kind;

template <class T>
struct Shape;

template <class T>
void describe(MemberShape& shape) {
    Shape<T>::describe(shape);
}

template <Kind K>
struct PlainShape {
    static void describe(MemberShape& shape) { shape.kind = K; }
};

template <>
struct Shape<std::string> : PlainShape<Kind::text> {};
template <>
struct Shape<bool> : PlainShape<Kind::truth> {};
template <>
struct Shape<std::int64_t> : PlainShape<Kind::integer> {};
template <>
struct Shape<Date> : PlainShape<Kind::date> {};
template <>
struct Shape<PartialDate> : PlainShape<Kind::partial_date> {};
template <>
struct Shape<Fact> : PlainShape<Kind::fact> {};
template <class Tag>
struct Shape<Id<Tag>> : PlainShape<Kind::id> {};

template <Code E>
struct Shape<E> {
    static void describe(MemberShape& shape) {
        shape.kind = Kind::code;
        shape.list_name = CodeList<E>::name;
        for (const auto& [value, text] : CodeList<E>::entries) shape.codes.emplace_back(text);
    }
};

template <class T>
struct Shape<std::optional<T>> {
    static void describe(MemberShape& shape) { Shape<T>::describe(shape); }
};

template <class T>
struct Shape<std::vector<T>> {
    static void describe(MemberShape& shape) {
        shape.is_list = true;
        Shape<T>::describe(shape);
    }
};

template <Described T>
std::vector<MemberShape> members_of() {
    std::vector<MemberShape> members;
    for_each_field<T>([&]<class Owner, class Member>(const Field<Owner, Member>& f) {
        auto& shape = members.emplace_back();
        shape.name = f.name;
        shape.is_required = f.presence == Presence::required;
        describe<Member>(shape);
    });
    return members;
}

template <Described T>
struct Shape<T> {
    static void describe(MemberShape& shape) {
        shape.kind = Kind::object;
        shape.members = members_of<T>();
    }
};

template <std::size_t I = 0>
void collect_names(std::vector<std::string>& names) {
    if constexpr (I + 1 < std::variant_size_v<Detail>) {
        names.emplace_back(std::variant_alternative_t<I, Detail>::name);
        collect_names<I + 1>(names);
    }
}

template <std::size_t I = 0>
std::optional<std::vector<MemberShape>> own_members(std::string_view type_name) {
    if constexpr (I + 1 < std::variant_size_v<Detail>) {
        using T = std::variant_alternative_t<I, Detail>;
        if (T::name == type_name) return members_of<typename DetailFields<T>::Owner>();
        return own_members<I + 1>(type_name);
    } else {
        return std::nullopt;
    }
}

}  // namespace

const std::vector<std::string>& fact_type_names() {
    static const auto names = [] {
        std::vector<std::string> all;
        collect_names(all);
        return all;
    }();
    return names;
}

std::optional<std::vector<MemberShape>> fact_shape(std::string_view type_name) {
    auto own = own_members(type_name);
    if (!own) return std::nullopt;
    for (auto& member : *own) member.owner = type_name;
    auto members = members_of<Circumstances>();
    members.insert(members.end(), own->begin(), own->end());
    return members;
}

std::optional<std::vector<MemberShape>> entered_shape(std::string_view type_name) {
    auto members = fact_shape(type_name);
    if (members) {
        std::erase_if(*members, [](const MemberShape& member) {
            return member.owner.empty() && member.name == CodeList<MakerRole>::name;
        });
    }
    return members;
}

}  // namespace egret::codec
