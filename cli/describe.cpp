#include "cli/describe.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/table.h"
#include "cli/decision_output.h"
#include "cli/field_help.h"
#include "registry/codec/fact_json.h"
#include "registry/codec/fact_shape.h"
#include "registry/domain/lots.h"
#include "registry/rules/vaccine.h"
#include "registry/store/women.h"

#include <algorithm>
#include <ostream>
#include <set>
#include <string_view>

namespace egret::cli {
namespace {

using codec::MemberShape;
using console::text;
using json::Value;
using Kind = MemberShape::Kind;
using console::code_label;
using console::kind_label;
using console::member_label;
using console::vaccine_title;

struct Marks {
    std::string_view between_items;
    std::string_view between_members;
    std::string_view after_label;
};

Marks marks_of(Language language) {
    if (language == Language::zh) return {"、", "；", "："};
    return {", ", "; ", ": "};
}

void append(std::string& to, std::string_view between, std::string_view more) {
    if (!to.empty() && !more.empty()) to += between;
    to += more;
}

/// To whom it is told, and beside what: `others` are her facts, null if they aren't at hand.
struct Telling {
    Language language = Language::en;
    const History* others = nullptr;
};

/// A fact of hers by its kind and day; by its number, if it isn't among them.
std::string describe_named(const std::string& uid, const Telling& telling) {
    if (!telling.others) return uid;
    const auto& facts = telling.others->facts;
    const auto found = std::find_if(facts.begin(), facts.end(), [&](const LiveFact& live) {
        return live.uid.to_string() == uid;
    });
    if (found == facts.end()) return uid;
    auto shown = kind_label(type_name(found->fact), telling.language);
    if (found->fact.at.date) shown += " " + found->fact.at.date->to_string();
    return shown;
}

std::string describe_value(const MemberShape& shape, const Value& value, const Telling& telling);

std::string describe_items(const MemberShape& shape, const json::Array& items,
                           const Telling& telling) {
    std::string shown;
    for (const auto& item : items)
        append(shown, marks_of(telling.language).between_items,
               describe_value(shape, item, telling));
    return shown;
}

std::string describe_value(const MemberShape& shape, const Value& value, const Telling& telling) {
    const auto language = telling.language;
    if (value.is_array()) return describe_items(shape, value.as_array(), telling);
    if (value.is_bool()) return code_label("truth", value.as_bool() ? "true" : "false", language);
    if (value.is_integer()) return std::to_string(value.as_integer());
    if (value.is_text()) {
        if (shape.kind == Kind::code) return code_label(shape.list_name, value.as_text(), language);
        if (shape.name == "product") return vaccine_title(value.as_text(), language);
        if (shape.kind == Kind::id) return describe_named(value.as_text(), telling);
        return value.as_text();
    }
    std::string shown;
    for (const auto& member : shape.members) {
        const auto* inner = value.find(member.name);
        // The kind of a name or number says less than the thing itself; the usual one nothing.
        if (!inner || member.name == "use") continue;
        append(shown, " ", describe_value(member, *inner, telling));
    }
    return shown;
}

/// Members whose value says what it is.
bool speaks_for_itself(std::string_view member) {
    static const std::set<std::string_view> plain = {
        "result",   "results", "types", "product", "procedure", "impression", "site",
        "decision", "scope",   "step",  "t",       "n",         "m"};
    return plain.contains(member);
}

std::string describe_member(const MemberShape& shape, const Value& value, const Telling& telling) {
    auto shown = describe_value(shape, value, telling);
    if (shown.empty() || speaks_for_itself(shape.name)) return shown;
    return label_of_member(shape, telling.language)
        .append(marks_of(telling.language).after_label)
        .append(shown);
}

const std::vector<MemberShape>& shape_of_person() {
    static const auto shape = *codec::fact_shape(Register::name);
    return shape;
}

std::string line(std::string_view label, std::string_view value, Language language) {
    return "  " + std::string(label).append(marks_of(language).after_label) +
           console::printable(value) + "\n";
}

std::string describe_members(const Fact& fact, const Telling& telling) {
    const auto language = telling.language;
    const auto shape = codec::fact_shape(type_name(fact));
    if (!shape) return {};
    const auto object = codec::to_json(fact);
    std::string shown;
    // What every fact has comes first in the shape, and last here.
    const auto common = codec::fact_shape(Visit::name)->size();
    for (std::size_t i = 0; i < shape->size(); ++i) {
        const auto& member = (*shape)[(i + common) % shape->size()];
        if (member.name == "date" || member.name == "facility") continue;
        const auto* value = object.find(member.name);
        if (!value || member.kind == Kind::fact) continue;
        const bool is_condition =
            member.name == "code" && std::holds_alternative<Flag>(fact.detail);
        append(shown, marks_of(language).between_members,
               is_condition ? code_label("flag", value->as_text(), language)
                            : describe_member(member, *value, telling));
    }
    return shown;
}

}  // namespace

std::string describe(const Fact& fact, Language language, const History* others) {
    // Who she is stands above the table.
    if (std::holds_alternative<Register>(fact.detail)) return {};
    return describe_members(fact, {language, others});
}

std::string describe_whole(const Fact& fact, Language language) {
    auto shown = fact.at.date ? fact.at.date->to_string() : std::string();
    append(shown, " ", describe_members(fact, {language}));
    return shown;
}

std::string describe_woman(const History& history, Language language) {
    auto shown = console::printable(store::shown_name(history.who));
    const auto who = codec::to_json(history.who);
    for (const auto* member : {"sex", "birth_date"}) {
        for (const auto& shape : shape_of_person()) {
            const auto* value = who.find(member);
            if (shape.name == member && value)
                append(shown, "  ", describe_value(shape, *value, {language}));
        }
    }
    if (history.is_registration_voided)
        shown += "\n  " + text("woman.registration_voided", language);
    shown += "\n" + line(member_label("id", language), history.woman.to_string(), language);
    for (const auto& shape : shape_of_person()) {
        const auto* value = who.find(shape.name);
        if (!value || shape.name == "sex" || shape.name == "birth_date") continue;
        if (shape.name == "names" && value->as_array().size() < 2) continue;
        shown += line(label_of_member(shape, language), describe_value(shape, *value, {language}),
                      language);
    }
    if (history.died_on)
        shown += line(member_label("died_on", language), history.died_on->to_string(), language);
    return shown;
}

std::string describe_who(const Demographics& who, std::string_view member, Language language) {
    const auto object = codec::to_json(who);
    const auto* value = object.find(member);
    if (!value) return {};
    for (const auto& shape : shape_of_person()) {
        if (shape.name == member) return describe_value(shape, *value, {language});
    }
    return {};
}

std::string timeline(const History& history, const Place& here, Language language) {
    console::Table table({{"date", "member.date"},
                          {"kind", "member.kind"},
                          {"what", "member.what"},
                          {"where", "member.where"},
                          {"event", "member.event"}});
    for (const auto& live : history.facts) {
        auto what = describe(live.fact, language, &history);
        if (live.is_spoilt)
            append(what, marks_of(language).between_members, text("dose.spoilt", language));
        const bool is_dose = std::holds_alternative<Dose>(live.fact.detail);
        const auto facility = is_dose ? known_facility(live) : live.facility();
        const bool is_here = facility == here.code && !here.name.empty();
        const auto place = facility.empty() ? text("woman.elsewhere", language) : facility;
        table.add_row({live.fact.at.date ? live.fact.at.date->to_string() : "",
                       kind_label(type_name(live.fact), language), what,
                       is_here ? here.name : place, live.uid.to_string()});
    }
    return table.to_text(language);
}

std::string changes_table(service::Clinic& clinic, const std::vector<service::Change>& changes,
                          Language language) {
    console::Table table({{"recorded_on", "member.recorded_on"},
                          {"author", "column.author"},
                          {"kind", "member.kind"},
                          {"before", "column.before"},
                          {"after", "column.after"},
                          {"because", "member.because"},
                          {"event", "member.event"}});
    const auto said = [&](const std::optional<Fact>& fact) {
        return fact ? describe_whole(*fact, language) : text("change.nothing", language);
    };
    for (const auto& change : changes) {
        table.add_row({change.ingest ? service::recorded_text(clinic, *change.ingest) : "",
                       clinic.user_name(change.author), kind_label(change.type, language),
                       said(change.before), said(change.after), change.because,
                       change.fact.to_string()});
    }
    return table.to_text(language);
}

json::Array to_json(service::Clinic& clinic, const std::vector<service::Change>& changes) {
    json::Array items;
    const auto said = [](const std::optional<Fact>& fact) {
        return fact ? Value(codec::to_json(*fact)) : Value();
    };
    for (const auto& change : changes) {
        items.emplace_back(json::Object{
            {"event", change.event.to_string()},
            {"fact", change.fact.to_string()},
            {"type", change.type},
            {"recorded_on", change.ingest ? change.ingest->known_day.to_string() : ""},
            {"recorded_at", change.ingest ? service::recorded_text(clinic, *change.ingest) : ""},
            {"author", clinic.user_name(change.author)},
            {"because", change.because},
            {"before", said(change.before)},
            {"after", said(change.after)}});
    }
    return items;
}

json::Array to_json(const std::vector<service::Warning>& warnings, Language language) {
    json::Array items;
    for (const auto& warning : warnings) {
        json::Object item{{"code", warning.code}, {"text", text(warning.text, language)}};
        item.set("from", warning.from ? Value(warning.from->to_string()) : Value());
        if (!warning.women.empty()) {
            json::Array women;
            for (const auto& woman : warning.women) women.emplace_back(woman.to_string());
            item.set("women", std::move(women));
        }
        items.emplace_back(std::move(item));
    }
    return items;
}

void print_warnings(const std::vector<service::Warning>& warnings,
                    const console::Terminal& terminal) {
    if (terminal.json) return;
    for (const auto& warning : warnings) {
        terminal.err << text("cli.warning", terminal.language)
                     << console::printable(text(warning.text, terminal.language)) << '\n';
        for (const auto& woman : warning.women) terminal.err << "  " << woman.to_string() << '\n';
    }
}

}  // namespace egret::cli
