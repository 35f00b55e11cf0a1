#pragma once

#include "registry/domain/history.h"
#include "registry/follow_up/loop.h"
#include "registry/follow_up/recall.h"
#include "registry/rules/programme.h"
#include "registry/service/clinic.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who needs something by when, as the programme's rules say it on a day.
namespace egret::service {

/// How an action stands on the day of the question.
enum class Standing : std::uint8_t { later, possible, due, overdue };

std::string_view to_string(Standing standing);

/// What a thing that is to be done belongs to.
enum class WorkSubject : std::uint8_t {
    vaccination,  // The next dose.
    follow_up,    // An open loop of her screening.
    screening,    // The next routine test.
};

/// One thing that is to be done for one woman.
struct WorkItem {
    std::string id;                      // Stays the same until it is done: what a contact names.
    std::vector<std::string> other_ids;  // Those that it had, or has under linked ids of hers.
    WomanId woman;
    std::string name;
    std::optional<PartialDate> birth_date;
    std::string phone;  // The first, else her guardian's; "" if none is known.
    bool is_guardians_phone = false;
    std::string area;
    std::string
        facility;  // That owes it: the one that cares for her, or where she was referred to.
    std::string school;
    std::string school_class;
    WorkSubject subject = WorkSubject::vaccination;
    std::string action;              // Its code: "dose", "colposcopy", "inform", "screening".
    std::optional<int> dose_number;  // Of vaccination.
    std::string protocol;            // "" for what the programme itself asks for.
    std::string rule;
    std::optional<rules::Why> why;
    std::optional<Date> earliest;  // Of vaccination: the first day on which it counts.
    Date due;
    std::optional<Date> due_to;  // The latest day that is not overdue; absent if there is none.
    Standing standing = Standing::later;
    int overdue_days = 0;  // Since the first overdue day, that day included; 0 before it.
    std::optional<follow_up::Loop> loop;      // Of follow-up.
    bool is_urgent = false;                   // As in follow_up::Loop.
    std::optional<follow_up::Recall> recall;  // Of screening.
    bool has_begun = false;                   // She had a dose that counts.
    std::optional<EventUid> opened_by;        // That dose, or her registration.
    std::optional<UserId> nurse;              // Who recorded that fact.
    int contacts = 0;                         // About this, since it was opened.
    std::optional<Date> last_contact;
    std::optional<ContactOutcome> last_outcome;
    std::optional<Date> appointment_on;  // Agreed upon at the last contact.

    bool answers_to(std::string_view number) const {
        return number == id ||
               std::find(other_ids.begin(), other_ids.end(), number) != other_ids.end();
    }
};

/// Which of them are asked for.
enum class WorkKind : std::uint8_t {
    due,        // Doses and open loops that are due or overdue by the end of the window.
    overdue,    // On the day of the question.
    drop_out,   // Begun, and overdue for what follows.
    defaulter,  // Overdue after `contacts_min` contacts.
    follow_up,  // All open loops.
    failsafe,   // The open loops whose latest day is over, the worst results first.
    screening,  // Routine tests that are due by the end of the window.
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

/// The doses that the rules ask for on that day; nothing if she is dead or lives elsewhere by then.
std::vector<WorkItem> doses_of(const History& history, const rules::Programme& programme, Date on);

/// Her open loops, also if she lives elsewhere; and how her call to routine tests stands.
std::vector<WorkItem> screening_work_of(const History& history, const rules::Programme& programme,
                                        Date on);

/// How many loops there are of those that the question is about, in whatever state: loss to
/// follow-up is always three numbers.
struct LoopCounts {
    int done = 0;
    int not_done = 0;  // With a reason.
    int open = 0;      // Nobody knows yet.
    int overdue = 0;   // Of the open ones.
};

/// Those that the question asks for: what is urgent first, then the longest overdue, then by due
/// day. Walks over every woman of the registry.
std::vector<WorkItem> find_work(Clinic& clinic, const Caller& caller, const WorkQuestion& question);

/// Of all loops, by the facility that owes them. Overtaken ones are none. Names nobody.
std::map<std::string, LoopCounts> count_loops(Clinic& clinic, const WorkQuestion& question);

/// Whether that facility is the clinic's own, or cares or cared for anybody here.
bool is_facility_known(Clinic& clinic, const std::string& facility);

/// Whether anybody here goes to that school, if one is named, and to that class, if one is.
bool has_pupils(Clinic& clinic, const std::string& school, const std::string& school_class);

/// Who has that action open, so that something can be recorded of it.
/// Errors: not_found, if nobody has.
Result<WomanId> find_action(Clinic& clinic, const std::string& id, Date on);

}  // namespace egret::service
