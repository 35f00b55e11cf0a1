#include "registry/codec/person_file.h"

#include "registry/base/limits.h"
#include "registry/codec/fact_json.h"
#include "registry/domain/lots.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"

#include <algorithm>

namespace egret::codec {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::size_t events_max = 5000;

Error wrong_person(std::string field, Message message) {
    return {ErrorCode::invalid_input, std::move(field), std::move(message)};
}

bool says_who(const Demographics& who) { return !(who == Demographics{}); }

Result<DatedArea> read_area(const Value& value) {
    if (value.is_text()) return DatedArea{value.as_text(), std::nullopt};
    const auto* code = value.find("code");
    const auto* from = value.find("from");
    if (!code || !code->is_text()) return wrong_person("", msg("person.bad_area"));
    DatedArea area{code->as_text(), std::nullopt};
    if (!from || from->is_null()) return area;
    if (!from->is_text()) return wrong_person("from", msg("fact.expects_date"));
    auto day = Date::parse(from->as_text());
    if (!day) return std::move(day).error().within("from");
    area.from = *day;
    return area;
}

Result<Done> read_areas(const Value& value, Person& person) {
    if (!value.is_array()) {
        auto area = read_area(value);
        if (!area) return std::move(area).error().within("area");
        person.areas.push_back(*std::move(area));
        return Done{};
    }
    for (std::size_t i = 0; i < value.as_array().size(); ++i) {
        auto area = read_area(value.as_array()[i]);
        if (!area) return std::move(area).error().within("area[" + std::to_string(i) + "]");
        person.areas.push_back(*std::move(area));
    }
    return Done{};
}

Result<PersonEvent> read_event(const Value& value, bool is_flag) {
    if (!value.is_object()) return wrong_person("", msg("fact.expects_object"));
    PersonEvent event;
    if (const auto* uid = value.find("uid")) {
        event.uid = uid->is_text() ? EventUid::parse(uid->as_text()) : std::nullopt;
        if (!event.uid) return wrong_person("uid", msg("fact.expects_id"));
    }
    Object object = value.as_object();
    if (is_flag) object.set("type", Flag::name);
    auto fact = fact_from_json(object, {"uid"});
    if (!fact) return std::move(fact).error();
    event.fact = *std::move(fact);
    return event;
}

bool is_unknown_type(const Error& error) { return error.message.id == "fact.type_unknown"; }

Result<Done> read_events(const Value& value, std::string_view name, UnknownEvents unknown,
                         Person& person) {
    if (!value.is_array()) return wrong_person(std::string(name), msg("fact.expects_list"));
    const auto& items = value.as_array();
    if (items.size() + person.events.size() > events_max) {
        return Error{ErrorCode::too_large, std::string(name),
                     msg("person.too_many_events", {{"limit", std::to_string(events_max)}})};
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto event = read_event(items[i], name == "flags");
        if (!event && unknown == UnknownEvents::pass_over && is_unknown_type(event.error())) {
            person.unknown_types.push_back(items[i].find("type")->as_text());
            continue;
        }
        if (!event) {
            return std::move(event).error().within(std::string(name) + "[" + std::to_string(i) +
                                                   "]");
        }
        person.events.push_back(*std::move(event));
    }
    return Done{};
}

Result<Done> read_text_member(const Value& value, const std::string& name, std::string& to) {
    if (!value.is_text() || value.as_text().empty())
        return wrong_person(name, msg("fact.expects_text"));
    to = value.as_text();
    return Done{};
}

Result<Done> read_on(const Value& value, Person& person) {
    if (!value.is_text()) return wrong_person("on", msg("fact.expects_date"));
    auto day = Date::parse(value.as_text());
    if (!day) return std::move(day).error().within("on");
    person.on = *day;
    return Done{};
}

/// Reads one member of a person that is none of her demographics; puts it into `rest` if it is
/// unknown.
Result<Done> read_person_member(const json::Member& member, UnknownEvents unknown, Person& person,
                                Object& rest) {
    const auto& [name, value] = member;
    if (name == "id") return read_text_member(value, name, person.id);
    if (name == "facility") return read_text_member(value, name, person.facility);
    if (name == "on") return read_on(value, person);
    if (name == "area") return read_areas(value, person);
    if (name == "flags" || name == "events") return read_events(value, name, unknown, person);
    rest.append(name, value);
    return Done{};
}

/// Takes the demographics out of `rest` and keeps what is left.
Result<Done> read_who(Object& rest, Person& person) {
    auto who = demographics_from_json(rest);
    if (!who) return std::move(who).error();
    person.who = *std::move(who);
    const auto known = to_json(person.who);
    Object unknown;
    for (const auto& member : rest) {
        // An empty list or a null of ours says nothing, and is not kept as a stranger's either.
        const bool is_ours = known.find(member.name) != nullptr || member.value.is_null() ||
                             (member.value.is_array() && member.value.as_array().empty());
        if (!is_ours) unknown.append(member.name, member.value);
    }
    if (!unknown.empty()) person.extras = json::dump(unknown);
    return Done{};
}

Value event_json(const PersonEvent& event) {
    auto value = to_json(event.fact);
    if (event.uid) value.as_object().set("uid", event.uid->to_string());
    return value;
}

Value flag_json(const PersonEvent& event) {
    Object object;
    const auto whole = event_json(event);
    for (const auto& member : whole.as_object()) {
        if (member.name != "type") object.append(member.name, member.value);
    }
    return object;
}

Array areas_json(const std::vector<DatedArea>& areas) {
    Array items;
    for (const auto& area : areas) {
        Object item;
        item.set("code", area.code);
        if (area.from) item.set("from", area.from->to_string());
        items.push_back(std::move(item));
    }
    return items;
}

bool is_told_apart(const Fact& fact) {
    return std::holds_alternative<DemographicsChange>(fact.detail) ||
           std::holds_alternative<Link>(fact.detail) || std::holds_alternative<Unlink>(fact.detail);
}

}  // namespace

Result<Person> parse_person(std::string_view line, UnknownEvents unknown) {
    if (line.size() > limits::person_line_bytes_max) {
        return Error{
            ErrorCode::too_large, "",
            msg("person.too_long", {{"limit", std::to_string(limits::person_line_bytes_max)}})};
    }
    auto parsed = json::parse(line);
    if (!parsed) return std::move(parsed).error();
    if (!parsed->is_object()) return wrong_person("", msg("fact.expects_object"));
    Person person;
    Object rest;
    for (const auto& member : parsed->as_object()) {
        auto read = read_person_member(member, unknown, person, rest);
        if (!read) return std::move(read).error();
    }
    if (person.id.empty()) return wrong_person("id", msg("fact.missing"));
    auto who = read_who(rest, person);
    if (!who) return std::move(who).error();
    return person;
}

std::string to_line(const Person& person) {
    Object object;
    object.set("id", person.id);
    const auto who = to_json(person.who);
    for (const auto& member : who.as_object()) object.append(member.name, member.value);
    if (person.on) object.set("on", person.on->to_string());
    if (!person.areas.empty()) object.set("area", areas_json(person.areas));
    if (!person.facility.empty()) object.set("facility", person.facility);
    Array flags;
    Array events;
    for (const auto& event : person.events) {
        if (std::holds_alternative<Flag>(event.fact.detail)) {
            flags.push_back(flag_json(event));
        } else {
            events.push_back(event_json(event));
        }
    }
    object.set("flags", std::move(flags));
    object.set("events", std::move(events));
    if (const auto extras = json::parse(person.extras); extras && extras->is_object()) {
        for (const auto& member : extras->as_object()) object.set(member.name, member.value);
    }
    return json::dump(object);
}

Person person_of(const History& history) {
    Person person;
    person.id = history.woman.to_string();
    person.who = history.who;
    person.who.area.clear();
    for (std::size_t i = 0; i < history.residences.size(); ++i) {
        const auto& residence = history.residences[i];
        if (residence.area.empty()) continue;
        if (!person.areas.empty() && person.areas.back().code == residence.area) continue;
        person.areas.push_back({residence.area, residence.from});
    }
    if (!history.residences.empty()) person.facility = history.residences.front().facility;
    for (const auto& live : history.facts) {
        if (is_told_apart(live.fact)) continue;
        PersonEvent event{live.fact, live.uid};
        event.fact.at.facility = live.facility();
        if (auto* dose = std::get_if<Dose>(&event.fact.detail)) {
            event.fact.at.facility = known_facility(live);
            // Elsewhere nobody knows what became of the lot.
            if (live.is_spoilt) dose->substandard = true;
        }
        // Who she is stands in the person's own members.
        if (auto* registered = std::get_if<Register>(&event.fact.detail)) registered->who = {};
        person.events.push_back(std::move(event));
    }
    return person;
}

std::vector<PersonEvent> facts_of(const Person& person, Date today) {
    std::vector<PersonEvent> facts;
    PersonEvent first;
    first.fact.detail = Register{};
    first.fact.at.date = today;
    first.fact.at.facility = person.facility;
    const auto told = std::find_if(
        person.events.begin(), person.events.end(),
        [](const auto& event) { return std::holds_alternative<Register>(event.fact.detail); });
    if (told != person.events.end()) first = *told;
    auto& who = std::get<Register>(first.fact.detail).who;
    if (!says_who(who)) who = person.who;
    if (who.area.empty() && !person.areas.empty()) who.area = person.areas.front().code;
    const auto registered_on = first.fact.at.date.value_or(PartialDate(today)).earliest();
    facts.push_back(std::move(first));
    for (std::size_t i = 1; i < person.areas.size(); ++i) {
        PersonEvent move;
        move.fact.at.date = person.areas[i].from.value_or(registered_on);
        DemographicsChange change;
        change.who.area = person.areas[i].code;
        move.fact.detail = std::move(change);
        facts.push_back(std::move(move));
    }
    for (auto event = person.events.begin(); event != person.events.end(); ++event) {
        if (event != told) facts.push_back(*event);
    }
    return facts;
}

}  // namespace egret::codec
