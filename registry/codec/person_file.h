#pragma once

#include "registry/base/result.h"
#include "registry/domain/history.h"
#include "registry/json/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Person files: JSON Lines, one person a line, in and out. Whoever has such a file can count what
/// we count.
///
///   {"id":…,"birth_date":…,"sex":…,"on":…,"names":[…],…,"area":[{"code":…,"from":…},…],
///    "facility":…,"flags":[{"code":…,"from":…,"to":…}],
///    "events":[{"type":…,"date":…,…,"uid":…,"facility":…},…]}
///
/// Members that we don't know are kept, at every level.
namespace egret::codec {

struct PersonEvent {
    Fact fact;
    std::optional<EventUid> uid;
};

struct DatedArea {
    std::string code;
    std::optional<Date> from;
};

struct Person {
    std::string id;
    std::optional<Date> on;  // The day of the question, for `decide`.
    Demographics who;        // Without `area`, which stands in `areas`.
    std::vector<DatedArea> areas;
    std::string facility;             // Where she is registered.
    std::vector<PersonEvent> events;  // Flags among them.
    /// The types of events that were passed over, as often as they stand in the file.
    std::vector<std::string> unknown_types;
    std::string extras;  // Unknown members, as the text of one JSON object, or "".
};

/// What becomes of an event of a type that this version doesn't know. One that is but misspelt is
/// refused all the same: it might be a dose.
enum class UnknownEvents { refuse, pass_over };

/// Reads one line.
/// Errors: invalid_input with the path of what is wrong; too_large. No value is quoted.
Result<Person> parse_person(std::string_view line, UnknownEvents unknown = UnknownEvents::refuse);

/// One line without its end.
std::string to_line(const Person& person);

/// What can be told of somebody to another system: her facts as they hold now, corrections and
/// voids already carried out.
Person person_of(const History& history);

/// The facts that a registry records for a person of a file: a `register` first (made from the
/// members of the person, on the day of her `register` event or else on `today`), then her moves
/// and events in the order of the file.
std::vector<PersonEvent> facts_of(const Person& person, Date today);

}  // namespace egret::codec
