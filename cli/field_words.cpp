#include "cli/field_words.h"

#include "cli/console/labels.h"
#include "cli/product_word.h"
#include "cli/short_words.h"
#include "registry/base/text.h"
#include "registry/domain/fact.h"
#include "registry/domain/flag_code.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace egret::cli {
namespace {

using codec::MemberShape;
using console::FieldWord;
using json::Array;
using json::Object;
using json::Value;
using Kind = MemberShape::Kind;
using console::find_meant_code;

/// `field` is a field's name, never just any word that she typed.
Error wrong_word(std::string_view field, Message message) {
    return {ErrorCode::invalid_input, std::string(field), std::move(message)};
}

/// Small letters, as all fields have them; a dot or an underscore may part them.
bool looks_like_field(std::string_view word) {
    return std::all_of(word.begin(), word.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '.'; });
}

/// Full-width ASCII, the wide space and the Roman figures of Chinese keyboards as plain ones.
std::string to_narrow(std::string_view text) {
    std::string narrow;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = [&](std::size_t at) {
            return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
        };
        const bool is_wide = byte(i) == 0xEF && (byte(i + 1) == 0xBC || byte(i + 1) == 0xBD);
        const auto code = ((byte(i + 1) & 0x3FU) << 6U) | (byte(i + 2) & 0x3FU);
        // U+FF01 to U+FF5E, seen without the first four bits.
        const bool is_roman = byte(i) == 0xE2 && byte(i + 1) == 0x85;
        if (is_roman && byte(i + 2) >= 0xA0 && byte(i + 2) <= 0xA3) {
            static constexpr std::string_view figures[] = {"I", "II", "III", "IV"};
            narrow += figures[byte(i + 2) - 0xA0];  // U+2160 to U+2163.
            i += 2;
        } else if (is_wide && code >= 0xF01 && code <= 0xF5E) {
            narrow += static_cast<char>(code - 0xF01 + 0x21);
            i += 2;
        } else if (byte(i) == 0xE3 && byte(i + 1) == 0x80 && byte(i + 2) == 0x80) {
            narrow += ' ';
            i += 2;
        } else {
            narrow += text[i];
        }
    }
    return narrow;
}

/// Texts in which letters and digits are those of a code or a number are not free.
bool is_free_text(const MemberShape& shape) {
    // Why she was treated is a result's code, why she was sent on is not.
    if (shape.kind != Kind::text) return false;
    if (shape.name == "reason") return shape.owner != Treatment::name;
    static const std::set<std::string, std::less<>> coded = {"area",
                                                             "household_area",
                                                             "school_area",
                                                             "facility",
                                                             "to_facility",
                                                             "product",
                                                             "code",
                                                             "cause",
                                                             "barcode",
                                                             "phones",
                                                             "phone",
                                                             "lot",
                                                             "volume_ml",
                                                             "onset_time",
                                                             "vaccination_time",
                                                             "email",
                                                             "diluent_lot",
                                                             "case_number",
                                                             "lots",
                                                             "min_celsius",
                                                             "max_celsius",
                                                             "from_facility",
                                                             "about",
                                                             "specimen",
                                                             "laboratory",
                                                             "action",
                                                             "t",
                                                             "n",
                                                             "m"};
    return !coded.contains(shape.name);
}

Result<Value> value_of(const MemberShape& shape, std::string_view typed) {
    const auto text =
        is_free_text(shape) ? std::string(trim(typed)) : std::string(trim(to_narrow(typed)));
    const auto wrong = [](Message message) {
        return Error{ErrorCode::invalid_input, "", std::move(message)};
    };
    switch (shape.kind) {
        case Kind::code:
            return Value(find_meant_code(shape.list_name, shape.codes, text).value_or(text));
        case Kind::truth: {
            const auto meant = find_meant_code("truth", {"true", "false"}, text);
            if (!meant) return wrong(msg("fact.expects_truth"));
            return Value(*meant == "true");
        }
        case Kind::integer: {
            std::int64_t number = 0;
            const auto end = text.data() + text.size();
            const auto read = std::from_chars(text.data(), end, number);
            if (read.ec != std::errc{} || read.ptr != end)
                return wrong(msg("fact.expects_integer"));
            return Value(number);
        }
        case Kind::text:
        case Kind::date:
        case Kind::partial_date:
        case Kind::id:
        case Kind::object:
        case Kind::fact: break;
    }
    return Value(text);
}

/// Items between commas, Chinese ones too.
std::vector<std::string> items_of(std::string_view typed) {
    std::string plain(typed);
    for (const std::string_view comma : {"，", "、", "；"}) {
        for (auto at = plain.find(comma); at != std::string::npos; at = plain.find(comma, at))
            plain.replace(at, comma.size(), ",");
    }
    std::vector<std::string> items;
    for (const auto item : split(plain, ',')) {
        if (!trim(item).empty()) items.emplace_back(trim(item));
    }
    return items;
}

Object without(const Object& object, std::string_view name) {
    Object rest;
    for (const auto& member : object) {
        if (member.name != name) rest.append(member.name, member.value);
    }
    return rest;
}

/// Puts words into one object, remembering which fields were there already.
class WordReader {
public:
    WordReader(std::string_view type, EmptyValue empty) : type_(type), empty_(empty) {}

    Result<Done> put(Object& to, const std::vector<MemberShape>& shape, const FieldWord& word) {
        if (says_who_she_is(type_)) {
            for (const auto& known : short_words) {
                if (known.word == word.field) return put_short(to, known, word);
            }
        }
        return put_at(to, shape, word.field, word);
    }

private:
    Result<Done> put_short(Object& to, const ShortWord& known, const FieldWord& word) {
        const auto value = known.key_member.empty() || known.list == "identifiers"
                               ? std::string(trim(to_narrow(word.value)))
                               : std::string(trim(word.value));
        if (value.empty() && empty_ == EmptyValue::refused)
            return wrong_word(word.field, msg("fact.empty_text"));
        Array items;
        if (const auto* list = to.find(known.list); list && list->is_array())
            items = list->as_array();
        const auto is_same = [&](const Value& item) {
            if (known.key_member.empty()) return true;
            const auto* key = item.find(known.key_member);
            return key && key->is_text() && key->as_text() == known.key;
        };
        if (seen_.insert(word.field).second)
            items.erase(std::remove_if(items.begin(), items.end(), is_same), items.end());
        if (!value.empty()) {
            if (known.key_member.empty()) {
                items.emplace_back(value);
            } else {
                items.emplace_back(Object{{std::string(known.key_member), known.key},
                                          {std::string(known.value_member), value}});
            }
        }
        to.set(std::string(known.list), std::move(items));
        return Done{};
    }

    Result<Done> put_at(Object& to, const std::vector<MemberShape>& shape, std::string_view path,
                        const FieldWord& word) {
        const auto dot = path.find('.');
        const auto name = path.substr(0, dot);
        const auto found = std::find_if(shape.begin(), shape.end(), [&](const MemberShape& member) {
            return member.name == name;
        });
        if (found == shape.end()) return unknown_field(shape, word.field);
        if (found->kind == Kind::object && !found->is_list) {
            const bool is_single = dot == std::string_view::npos && found->members.size() == 1;
            if (dot == std::string_view::npos && !is_single) {
                return wrong_word(
                    word.field,
                    msg("field.is_group",
                        {{"example", found->name + "." + found->members.front().name}}));
            }
            return put_nested(to, *found,
                              is_single ? found->members.front().name : path.substr(dot + 1), word);
        }
        if (dot != std::string_view::npos || found->kind == Kind::object ||
            found->kind == Kind::fact) {
            return unknown_field(shape, word.field);
        }
        return put_member(to, *found, word);
    }

    Result<Done> put_nested(Object& to, const MemberShape& group, std::string_view path,
                            const FieldWord& word) {
        Object inner;
        if (const auto* there = to.find(group.name)) {
            if (there->is_object()) inner = there->as_object();
            // One breast's finding stands as its BI-RADS alone.
            if (there->is_text()) inner.set(group.members.front().name, *there);
        }
        if (auto put = put_at(inner, group.members, path, word); !put) return put;
        if (inner.empty()) {
            to = without(to, group.name);
        } else {
            to.set(group.name, std::move(inner));
        }
        return Done{};
    }

    Result<Done> put_member(Object& to, const MemberShape& member, const FieldWord& word) {
        const bool is_first = seen_.insert(word.field).second;
        if (!is_first && !member.is_list) return wrong_word(word.field, msg("field.twice"));
        if (trim(word.value).empty()) {
            if (empty_ == EmptyValue::refused)
                return wrong_word(word.field, msg("fact.empty_text"));
            to = without(to, member.name);
            return Done{};
        }
        if (!member.is_list) {
            auto value = single_value(member, word.value);
            if (!value) return std::move(value).error().within(word.field);
            to.set(member.name, *std::move(value));
            return Done{};
        }
        Array items;
        const auto* there = to.find(member.name);
        if (!is_first && there && there->is_array()) items = there->as_array();
        for (const auto& item : items_of(word.value)) {
            auto value = value_of(member, item);
            if (!value) return std::move(value).error().within(word.field);
            items.push_back(*std::move(value));
        }
        to.set(member.name, std::move(items));
        return Done{};
    }

    /// What is a text in a fact, but one of a list for who types it: conditions, vaccines.
    Result<Value> single_value(const MemberShape& member, std::string_view typed) const {
        auto value = value_of(member, typed);
        if (!value || !value->is_text()) return value;
        const auto& text = value->as_text();
        if (type_ == Flag::name && member.name == "code") {
            const std::vector<std::string> codes(flag_codes().begin(), flag_codes().end());
            return Value(find_meant_code(Flag::name, codes, text).value_or(text));
        }
        if (member.name != "product") return value;
        auto known = check_product_word(
            text, type_ == Stock::name ? msg("stock.product_unknown") : msg("product.unknown"));
        if (!known) return std::move(known).error();
        return value;
    }

    Error unknown_field(const std::vector<MemberShape>& shape, std::string_view field) const {
        std::vector<std::string> names;
        for (const auto& member : shape) {
            if (member.kind != Kind::fact) names.push_back(member.name);
        }
        if (says_who_she_is(type_)) {
            for (const auto& known : short_words) names.emplace_back(known.word);
        }
        // What can't be a field's name may be a slip of the hand, her number or her name: it is not
        // repeated.
        const auto said = looks_like_field(field) ? field : "";
        const auto last = field.substr(field.rfind('.') + 1);
        if (const auto meant = did_you_mean(last, names))
            return wrong_word(said, msg("field.unknown_meant", {{"meant", *meant}}));
        std::string all;
        for (const auto& name : names) all.append(all.empty() ? "" : ", ").append(name);
        return wrong_word(said, msg("field.unknown", {{"all", all}}));
    }

    std::string_view type_;
    EmptyValue empty_;
    std::set<std::string, std::less<>> seen_;
};

}  // namespace

bool says_who_she_is(std::string_view type) {
    return type == Register::name || type == DemographicsChange::name;
}

bool has_own_command(std::string_view type) {
    return type == Register::name || type == Correct::name || type == VoidFact::name ||
           type == Link::name || type == Unlink::name || type == Erase::name || type == Stock::name;
}

Result<Object> put_words(std::string_view type, Object fact, const std::vector<FieldWord>& words,
                         EmptyValue empty) {
    const auto shape = codec::entered_shape(type);
    if (!shape) {
        if (const auto meant = did_you_mean(type, codec::fact_type_names()))
            return Error{ErrorCode::invalid_input, "TYPE",
                         msg("fact.type_typo", {{"meant", *meant}})};
        return Error{ErrorCode::invalid_input, "TYPE", msg("fact.type_unknown")};
    }
    fact.set("type", type);
    WordReader reader(type, empty);
    for (const auto& word : words) {
        if (auto put = reader.put(fact, *shape, word); !put) return std::move(put).error();
    }
    return fact;
}

bool is_word_error(const Error& error) {
    return error.message.id == "field.unknown" || error.message.id == "field.unknown_meant" ||
           error.message.id == "field.is_group" || error.message.id == "field.twice" ||
           error.message.id == "fact.type_typo" || error.message.id == "fact.type_unknown";
}

}  // namespace egret::cli
