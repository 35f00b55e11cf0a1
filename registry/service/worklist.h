#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/clinic.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Who needs something by when, as the programme's rules say it on a day.
namespace egret::service {

/// How an action stands on the day of the question.
enum class Standing : std::uint8_t { later, possible, due, overdue };

std::string_view to_string(Standing standing);

/// One thing that is to be done for one woman.
struct WorkItem {
    std::string id;  // Stays the same until it is done: what a contact names.
    WomanId woman;
    std::string name;
    std::optional<PartialDate> birth_date;
    std::string phone;  // The first, else her guardian's; "" if none is known.
    bool is_guardians_phone = false;
    std::string area;
    std::string facility;  // That cares for her: the owner.
    std::string school;
    std::string school_class;
    std::string protocol;
    std::string rule;
    rules::Action action;
    Standing standing = Standing::later;
    int overdue_days = 0;    // Since the first overdue day, that day included; 0 before it.
    bool has_begun = false;  // She had a dose that counts.
    std::optional<EventUid> opened_by;  // That dose, or her registration.
    std::optional<UserId> nurse;        // Who recorded that fact.
    int contacts = 0;                   // About this, since it was opened.
    std::optional<Date> last_contact;
    std::optional<ContactOutcome> last_outcome;
    std::optional<Date> appointment_on;  // Agreed upon at the last contact.
};

/// Which of them are asked for.
enum class WorkKind : std::uint8_t {
    due,        // Due or overdue by the end of the window.
    overdue,    // On the day of the question.
    drop_out,   // Begun, and overdue for what follows.
    defaulter,  // Overdue after `contacts_min` contacts.
    any,        // Also what isn't due for long.
};

struct WorkQuestion {
    Date on;
    int within_days = 0;  // What falls due up to so many days later counts as due.
    WorkKind kind = WorkKind::due;
    int contacts_min = 2;
    std::string area;      // She lives there or below. "" for anywhere.
    std::string facility;  // That cares for her. "" for any.
    std::string school;
    std::string school_class;
    std::optional<UserId> nurse;
};

/// What the rules ask for her on that day; nothing if she is dead or lives elsewhere by then.
/// `author` says who recorded an event.
std::vector<WorkItem> work_of(const History& history, const rules::Programme& programme, Date on);

/// Those that the question asks for, the longest overdue first, then by due day. Walks over every
/// woman of the registry.
std::vector<WorkItem> find_work(Clinic& clinic, const WorkQuestion& question);

/// Whether that facility is the clinic's own, or cares or cared for anybody here.
bool is_facility_known(Clinic& clinic, const std::string& facility);

/// Whether anybody here goes to that school, if one is named, and to that class, if one is.
bool has_pupils(Clinic& clinic, const std::string& school, const std::string& school_class);

/// Errors: not_found, if nobody has such an action open today.
Result<WorkItem> find_action(Clinic& clinic, const std::string& id, Date on);

}  // namespace egret::service
