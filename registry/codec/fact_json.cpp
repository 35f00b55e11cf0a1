#include "registry/codec/fact_json.h"

#include "registry/base/limits.h"
#include "registry/codec/fact_fields.h"
#include "registry/codec/fact_shape.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"

#include <algorithm>
#include <type_traits>

namespace egret::codec {
namespace {

using json::Array;
using json::Object;
using json::Value;

Error wrong_kind(Message expected) { return {ErrorCode::invalid_input, "", std::move(expected)}; }

// ---- writing ------------------------------------------------------------------------------------

Value write_json(const std::string& value) { return value; }

Value write_json(bool value) { return value; }

Value write_json(std::int64_t value) { return value; }

Value write_json(Date value) { return value.to_string(); }

Value write_json(const PartialDate& value) { return value.to_string(); }

template <Code E>
Value write_json(E value) {
    return to_string(value);
}

template <class Tag>
Value write_json(const Id<Tag>& value) {
    return value.to_string();
}

Value write_json(const BreastFinding& value);

template <Described T>
Value write_json(const T& value);

template <class T>
Value write_json(const std::optional<T>& value) {
    return write_json(*value);
}

/// A correction's one replacement stands alone, not in a list.
Value write_json(const std::vector<Fact>& value) {
    return value.empty() ? Value() : to_json(value.front());
}

template <class T>
Value write_json(const std::vector<T>& value) {
    Array items;
    for (const auto& item : value) items.push_back(write_json(item));
    return items;
}

void write_named(Object& to, const Extras& extras) {
    if (extras.named.empty()) return;
    const auto named = json::parse(extras.named);
    if (!named || !named->is_object()) return;
    for (const auto& member : named->as_object()) to.set(member.name, member.value);
}

template <Described T>
void write_members(Object& to, const T& value) {
    for_each_field<T>([&](const auto& f) {
        const auto& member = value.*(f.member);
        if (!is_present(member) && f.presence != Presence::listed) return;
        to.set(std::string(f.name), write_json(member));
    });
}

template <Described T>
Value write_json(const T& value) {
    Object object;
    write_members(object, value);
    write_named(object, value.extras);
    return object;
}

/// Imaging of one breast is just its BI-RADS, unless more is known.
Value write_json(const BreastFinding& value) {
    if (value.birads && value.extras.empty()) return write_json(*value.birads);
    Object object;
    write_members(object, value);
    write_named(object, value.extras);
    return object;
}

// ---- reading ------------------------------------------------------------------------------------

Result<Done> read_json(const Value& from, std::string& to) {
    if (!from.is_text()) return wrong_kind(msg("fact.expects_text"));
    if (from.as_text().empty()) return Error{ErrorCode::invalid_input, "", msg("fact.empty_text")};
    if (from.as_text().size() > limits::text_bytes_max) {
        return Error{
            ErrorCode::too_large, "",
            msg("fact.text_too_long", {{"limit", std::to_string(limits::text_bytes_max)}})};
    }
    to = from.as_text();
    return Done{};
}

Result<Done> read_json(const Value& from, bool& to) {
    if (!from.is_bool()) return wrong_kind(msg("fact.expects_truth"));
    to = from.as_bool();
    return Done{};
}

Result<Done> read_json(const Value& from, std::int64_t& to) {
    if (!from.is_integer()) return wrong_kind(msg("fact.expects_integer"));
    to = from.as_integer();
    return Done{};
}

template <class D>
Result<Done> read_date(const Value& from, D& to) {
    if (!from.is_text()) return wrong_kind(msg("fact.expects_date"));
    auto date = D::parse(from.as_text());
    if (!date) return std::move(date).error();
    to = *date;
    return Done{};
}

Result<Done> read_json(const Value& from, Date& to) { return read_date(from, to); }

Result<Done> read_json(const Value& from, PartialDate& to) { return read_date(from, to); }

template <Code E>
Result<Done> read_json(const Value& from, E& to) {
    const auto code = from.is_text() ? find_code<E>(from.as_text()) : std::nullopt;
    if (!code) {
        std::string allowed;
        for (const auto& [value, text] : CodeList<E>::entries)
            allowed.append(allowed.empty() ? "" : ", ").append(text);
        return Error{ErrorCode::invalid_input, "",
                     msg("fact.not_in_list",
                         {{"code_words", std::string(CodeList<E>::name) + ":" + allowed}})};
    }
    to = *code;
    return Done{};
}

template <class Tag>
Result<Done> read_json(const Value& from, Id<Tag>& to) {
    const auto id = from.is_text() ? Id<Tag>::parse(from.as_text()) : std::nullopt;
    if (!id || id->is_nil()) return wrong_kind(msg("fact.expects_id"));
    to = *id;
    return Done{};
}

Result<Done> read_json(const Value& from, Fact& to) {
    if (!from.is_object()) return wrong_kind(msg("fact.expects_object"));
    auto fact = fact_from_json(from.as_object());
    if (!fact) return std::move(fact).error();
    if (std::holds_alternative<Correct>(fact->detail)) return wrong_kind(msg("fact.expects_fact"));
    to = *std::move(fact);
    return Done{};
}

Result<Done> read_json(const Value& from, BreastFinding& to);

template <Described T>
Result<Done> read_json(const Value& from, T& to);

template <class T>
Result<Done> read_json(const Value& from, std::optional<T>& to) {
    return read_json(from, to.emplace());
}

Result<Done> read_json(const Value& from, std::vector<Fact>& to) {
    return read_json(from, to.emplace_back());
}

template <class T>
Result<Done> read_json(const Value& from, std::vector<T>& to) {
    if (!from.is_array()) return wrong_kind(msg("fact.expects_list"));
    if (from.as_array().size() > limits::list_items_max) {
        return Error{
            ErrorCode::too_large, "",
            msg("fact.list_too_long", {{"limit", std::to_string(limits::list_items_max)}})};
    }
    for (std::size_t i = 0; i < from.as_array().size(); ++i) {
        auto item = read_json(from.as_array()[i], to.emplace_back());
        if (!item) return std::move(item).error().within("[" + std::to_string(i) + "]");
    }
    return Done{};
}

/// Reads `name` if it is a member of T: nothing if it isn't.
template <Described T>
std::optional<Result<Done>> read_member_json(const json::Member& from, T& to) {
    std::optional<Result<Done>> outcome;
    for_each_field<T>([&](const auto& f) {
        if (f.name != from.name) return;
        outcome.emplace(from.value.is_null() ? Result<Done>(Done{})
                                             : read_json(from.value, to.*(f.member)));
    });
    return outcome;
}

template <Described T>
Result<Done> check_required(const Object& object) {
    std::string_view missing;
    for_each_field<T>([&](const auto& f) {
        if (f.presence != Presence::required || !missing.empty()) return;
        const auto* value = object.find(f.name);
        if (!value || value->is_null()) missing = f.name;
    });
    if (missing.empty()) return Done{};
    return Error{ErrorCode::invalid_input, std::string(missing), msg("fact.missing")};
}

void keep(const Object& unknown, Extras& extras) {
    if (!unknown.empty()) extras.named = json::dump(unknown);
}

template <Described T>
Result<Done> read_json(const Value& from, T& to) {
    if (!from.is_object()) return wrong_kind(msg("fact.expects_object"));
    Object unknown;
    for (const auto& member : from.as_object()) {
        auto outcome = read_member_json(member, to);
        if (!outcome) {
            unknown.append(member.name, member.value);
        } else if (!*outcome) {
            return std::move(*outcome).error().within(member.name);
        }
    }
    keep(unknown, to.extras);
    return check_required<T>(from.as_object());
}

Result<Done> read_json(const Value& from, BreastFinding& to) {
    if (from.is_text()) return read_json(from, to.birads.emplace());
    return read_json<BreastFinding>(from, to);
}

bool is_taken(std::string_view name, std::initializer_list<std::string_view> taken) {
    return name == "type" || std::find(taken.begin(), taken.end(), name) != taken.end();
}

template <class T>
Result<Fact> read_as(const Object& event, std::initializer_list<std::string_view> taken) {
    Fact fact;
    auto& own = DetailFields<T>::of(fact.detail.emplace<T>());
    Object unknown;
    for (const auto& member : event) {
        if (is_taken(member.name, taken)) continue;
        auto outcome = read_member_json(member, fact.at);
        if (!outcome) outcome = read_member_json(member, own);
        if (!outcome) {
            unknown.append(member.name, member.value);
        } else if (!*outcome) {
            return std::move(*outcome).error().within(member.name);
        }
    }
    keep(unknown, fact.extras);
    auto complete = check_required<typename DetailFields<T>::Owner>(event);
    if (!complete) return std::move(complete).error();
    return fact;
}

template <std::size_t I = 0>
Result<Fact> read_named(std::string_view type, const Object& event,
                        std::initializer_list<std::string_view> taken) {
    if constexpr (I + 1 < std::variant_size_v<Detail>) {
        using T = std::variant_alternative_t<I, Detail>;
        if (T::name == type) return read_as<T>(event, taken);
        return read_named<I + 1>(type, event, taken);
    } else {
        const auto meant = did_you_mean(type, fact_type_names());
        if (meant)
            return Error{ErrorCode::invalid_input, "type",
                         msg("fact.type_typo", {{"meant", *meant}})};
        return Error{ErrorCode::invalid_input, "type", msg("fact.type_unknown")};
    }
}

Result<Fact> newer_from_json(const Object& event) {
    const auto number = event.find("number");
    const auto version = event.find("version");
    const auto payload = event.find("payload");
    const auto is_short = [](const Value* value) {
        return value && value->is_integer() && value->as_integer() > 0 &&
               value->as_integer() <= UINT16_MAX;
    };
    const auto bytes = payload && payload->is_text() ? from_hex(payload->as_text()) : std::nullopt;
    if (!is_short(number) || !is_short(version) || !bytes || bytes->empty())
        return Error{ErrorCode::invalid_input, "payload", msg("fact.unreadable")};
    return Fact{{},
                NewerFact{static_cast<std::uint16_t>(number->as_integer()),
                          static_cast<std::uint16_t>(version->as_integer()), *bytes},
                {}};
}

}  // namespace

Value to_json(const Fact& fact) {
    Object object;
    object.set("type", type_name(fact));
    std::visit(
        [&](const auto& detail) {
            using T = std::decay_t<decltype(detail)>;
            if constexpr (std::is_same_v<T, NewerFact>) {
                object.set("number", detail.type_number);
                object.set("version", detail.type_version);
                object.set("payload", to_hex(detail.payload));
            } else {
                write_members(object, fact.at);
                write_members(object, DetailFields<T>::of(detail));
                write_named(object, fact.extras);
            }
        },
        fact.detail);
    return object;
}

Value to_json(const Demographics& who) {
    Object object;
    write_members(object, who);
    return object;
}

Result<Demographics> demographics_from_json(const Object& object) {
    Demographics who;
    for (const auto& member : object) {
        auto outcome = read_member_json(member, who);
        if (outcome && !*outcome) return std::move(*outcome).error().within(member.name);
    }
    return who;
}

Result<Fact> fact_from_json(const Object& event, std::initializer_list<std::string_view> taken) {
    const auto* type = event.find("type");
    if (!type || !type->is_text())
        return Error{ErrorCode::invalid_input, "type", msg("fact.missing")};
    if (type->as_text() == "newer") return newer_from_json(event);
    return read_named(type->as_text(), event, taken);
}

}  // namespace egret::codec
