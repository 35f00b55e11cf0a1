#include "registry/service/worklist.h"

#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/domain/area.h"
#include "registry/follow_up/care.h"
#include "registry/service/school_session.h"
#include "registry/store/women.h"

#include <algorithm>
#include <tuple>

namespace egret::service {
namespace {

/// Twelve digits: short enough to be typed, long enough never to be two people's.
constexpr std::size_t action_id_digits = 12;

std::string action_id(const WomanId& woman, const std::string& protocol,
                      const rules::Action& action) {
    const auto text = woman.to_string() + "/" + protocol + "/" +
                      std::string(rules::to_string(action.code)) + "/" +
                      std::to_string(action.dose_number.value_or(0));
    return to_hex(crypto::sha256(bytes_of(text))).substr(0, action_id_digits);
}

Standing standing_of(const WorkItem& item, Date on) {
    if (item.due_to && *item.due_to < on) return Standing::overdue;
    if (item.due <= on) return Standing::due;
    return item.earliest && *item.earliest <= on ? Standing::possible : Standing::later;
}

void set_standing(WorkItem& item, Date on) {
    item.standing = standing_of(item, on);
    if (item.standing == Standing::overdue) item.overdue_days = on.days() - item.due_to->days();
}

bool is_here(const History& history, Date on) {
    if (!history.registered_on || (history.died_on && *history.died_on <= on)) return false;
    const Residence* last = nullptr;
    for (const auto& residence : history.residences) {
        if (!last || residence.from <= on) last = &residence;
    }
    return last && last->is_resident;
}

/// The dose after which this one comes, or else her registration.
const LiveFact* opener(const History& history, const rules::Decision& decision) {
    const rules::EvaluatedDose* last = nullptr;
    for (const auto& dose : decision.doses) {
        if (dose.status == rules::DoseStatus::valid) last = &dose;
    }
    const LiveFact* found = nullptr;
    for (const auto& live : history.facts) {
        const auto* dose = std::get_if<Dose>(&live.fact.detail);
        const bool is_opener =
            last ? dose && live.fact.at.date == last->date && dose->product == last->product
                 : std::holds_alternative<Register>(live.fact.detail);
        if (is_opener) found = &live;
    }
    return found;
}

void count_contacts(const History& history, WorkItem& item) {
    for (const auto& live : history.facts) {
        const auto* contact = std::get_if<Contact>(&live.fact.detail);
        if (!contact || !item.answers_to(contact->action) || !is_completed(live.fact)) continue;
        const auto day = clinical_day(live.fact, live.order);
        ++item.contacts;
        if (item.last_contact && day < *item.last_contact) continue;
        item.last_contact = day;
        item.last_outcome = contact->outcome;
        item.appointment_on = contact->appointment_on;
    }
}

WorkItem item_for(const History& history) {
    WorkItem item;
    item.woman = history.woman;
    item.name = store::shown_name(history.who);
    item.birth_date = history.who.birth_date;
    if (!history.who.phones.empty()) {
        item.phone = history.who.phones.front();
    } else if (history.who.guardian && !history.who.guardian->phone.empty()) {
        item.phone = history.who.guardian->phone;
        item.is_guardians_phone = true;
    }
    if (!history.residences.empty()) {
        item.area = history.residences.back().area;
        item.facility = history.residences.back().facility;
    }
    item.school = history.who.school;
    item.school_class = history.who.school_class;
    return item;
}

WorkItem item_of(const History& history, const rules::Decision& decision,
                 const rules::Action& action) {
    auto item = item_for(history);
    item.id = action_id(history.woman, decision.protocol, action);
    for (const auto& member : history.members) {
        if (member != history.woman)
            item.other_ids.push_back(action_id(member, decision.protocol, action));
    }
    item.action = rules::to_string(action.code);
    item.dose_number = action.dose_number;
    item.protocol = decision.protocol;
    if (!action.why.empty()) {
        item.why = action.why.front();
        item.rule = item.why->rule;
    }
    item.earliest = action.earliest;
    item.due = *action.due;
    if (action.overdue_after) item.due_to = action.overdue_after->plus_days(-1);
    set_standing(item, decision.on);
    item.has_begun =
        std::any_of(decision.doses.begin(), decision.doses.end(),
                    [](const auto& dose) { return dose.status == rules::DoseStatus::valid; });
    if (const auto* opened_by = opener(history, decision)) item.opened_by = opened_by->uid;
    count_contacts(history, item);
    return item;
}

WorkItem item_of(const History& history, const follow_up::Loop& loop, Date on) {
    auto item = item_for(history);
    item.subject = WorkSubject::follow_up;
    item.id = loop.id;
    item.other_ids = loop.other_ids;
    item.action = loop.action;
    item.protocol = loop.protocol;
    item.why = loop.why;
    item.rule = loop.why.rule;
    item.due = loop.due;
    item.due_to = loop.due_to;
    item.facility = loop.owner;
    item.opened_by = loop.opened_by;
    item.loop = loop;
    item.is_urgent = loop.is_urgent(on);
    set_standing(item, on);
    count_contacts(history, item);
    return item;
}

bool is_due_state(follow_up::RecallState state) {
    return state == follow_up::RecallState::not_yet_invited ||
           state == follow_up::RecallState::invited || state == follow_up::RecallState::overdue ||
           state == follow_up::RecallState::up_to_date;
}

WorkItem item_of(const History& history, const follow_up::Recall& recall, Date on) {
    auto item = item_for(history);
    item.subject = WorkSubject::screening;
    item.id = recall.action;
    item.other_ids = recall.other_actions;
    item.action = "screening";
    item.protocol = recall.protocol;
    if (!recall.why.empty()) {
        item.why = recall.why.front();
        item.rule = item.why->rule;
    }
    item.due = recall.next_test_due.value_or(on);
    item.due_to = recall.last_day;
    item.recall = recall;
    set_standing(item, on);
    count_contacts(history, item);
    return item;
}

bool is_due_by_end(const WorkItem& item, const WorkQuestion& question) {
    return item.due <= question.on.plus_days(question.within_days);
}

bool is_wanted(const WorkItem& item, const WorkQuestion& question) {
    switch (question.kind) {
        case WorkKind::any: return true;
        case WorkKind::due:
            return item.subject != WorkSubject::screening && is_due_by_end(item, question);
        case WorkKind::overdue:
            return item.subject != WorkSubject::screening && item.standing == Standing::overdue;
        case WorkKind::follow_up: return item.subject == WorkSubject::follow_up;
        case WorkKind::failsafe:
            return item.subject == WorkSubject::follow_up && item.standing == Standing::overdue;
        case WorkKind::screening:
            return item.subject == WorkSubject::screening && is_due_state(item.recall->state) &&
                   is_due_by_end(item, question);
        case WorkKind::drop_out: return item.standing == Standing::overdue && item.has_begun;
        case WorkKind::defaulter:
            return item.subject != WorkSubject::screening && item.standing == Standing::overdue &&
                   item.contacts >= question.contacts_min;
    }
    return false;
}

bool is_among(const WorkItem& item, const WorkQuestion& question) {
    return (question.area.empty() || lies_in(item.area, question.area)) &&
           (question.facility.empty() || item.facility == question.facility) &&
           (question.school.empty() || is_same_school(item.school, question.school)) &&
           (question.school_class.empty() || item.school_class == question.school_class) &&
           (!question.nurse || item.nurse == question.nurse);
}

bool comes_first(const WorkItem& a, const WorkItem& b) {
    const auto key = [](const WorkItem& item) {
        return std::tuple(!item.is_urgent, -item.overdue_days, item.due, item.woman, item.id);
    };
    return key(a) < key(b);
}

/// The worst results first.
bool comes_first_of_failsafe(const WorkItem& a, const WorkItem& b) {
    if (a.loop->severity != b.loop->severity) return b.loop->severity < a.loop->severity;
    return comes_first(a, b);
}

void add(std::vector<WorkItem>& items, std::vector<WorkItem> more) {
    items.insert(items.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
}

}  // namespace

std::string_view to_string(Standing standing) {
    switch (standing) {
        case Standing::later: return "later";
        case Standing::possible: return "possible";
        case Standing::due: return "due";
        case Standing::overdue: return "overdue";
    }
    return {};
}

std::vector<WorkItem> doses_of(const History& history, const rules::Programme& programme, Date on) {
    std::vector<WorkItem> items;
    if (!is_here(history, on)) return items;
    for (const auto& decision : rules::decide_all(programme, rules::subject_of(history), on)) {
        if (decision.actions.empty()) continue;
        const auto& action = decision.actions.front();
        if (action.code == rules::ActionCode::dose)
            items.push_back(item_of(history, decision, action));
    }
    return items;
}

std::vector<WorkItem> screening_work_of(const History& history, const rules::Programme& programme,
                                        Date on) {
    std::vector<WorkItem> items;
    const auto care = follow_up::care_of(programme, history, on);
    for (const auto& loop : care.loops) {
        if (loop.state == follow_up::LoopState::open) items.push_back(item_of(history, loop, on));
    }
    for (const auto& recall : care.recalls) items.push_back(item_of(history, recall, on));
    return items;
}

namespace {

std::vector<WorkItem> collect_work(Clinic& clinic, const WorkQuestion& question) {
    std::vector<WorkItem> found;
    const auto* programme = clinic.programme_on(question.on);
    if (!programme) return found;
    clinic.for_each_history([&](const History& history) {
        auto items = screening_work_of(history, *programme, question.on);
        add(items, doses_of(history, *programme, question.on));
        for (auto& item : items) {
            if (item.opened_by) {
                if (const auto event = clinic.log().find(*item.opened_by))
                    item.nurse = event->event.author;
                for (const auto& refused : history.refused) {
                    if (refused.uid == *item.opened_by) item.nurse = refused.author;
                }
            }
            if (is_wanted(item, question) && is_among(item, question))
                found.push_back(std::move(item));
        }
    });
    std::sort(found.begin(), found.end(),
              question.kind == WorkKind::failsafe ? comes_first_of_failsafe : comes_first);
    return found;
}

}  // namespace

std::vector<WorkItem> find_work(Clinic& clinic, const Caller& caller,
                                const WorkQuestion& question) {
    auto found = collect_work(clinic, question);
    Access access{audit::Action::listed, audit::Shown::due_list};
    for (const auto& item : found) access.women.push_back(item.woman);
    clinic.note(caller, access);
    return found;
}

std::map<std::string, LoopCounts> count_loops(Clinic& clinic, const WorkQuestion& question) {
    std::map<std::string, LoopCounts> all;
    const auto* programme = clinic.programme_on(question.on);
    if (!programme) return all;
    clinic.for_each_history([&](const History& history) {
        const auto area = history.residences.empty() ? "" : history.residences.back().area;
        if (!question.area.empty() && !lies_in(area, question.area)) return;
        for (const auto& loop : follow_up::care_of(*programme, history, question.on).loops) {
            const bool is_of_facility =
                question.facility.empty() || loop.owner == question.facility;
            if (!is_of_facility) continue;
            auto& counts = all[loop.owner];
            counts.done += loop.state == follow_up::LoopState::done;
            counts.not_done += loop.state == follow_up::LoopState::not_done;
            counts.open += loop.state == follow_up::LoopState::open;
            counts.overdue += loop.is_overdue(question.on);
        }
    });
    return all;
}

bool is_facility_known(Clinic& clinic, const std::string& facility) {
    bool is_known = facility == clinic.identity().code;
    if (is_known) return true;
    clinic.for_each_history([&](const History& history) {
        for (const auto& residence : history.residences)
            is_known = is_known || residence.facility == facility;
    });
    return is_known;
}

bool has_pupils(Clinic& clinic, const std::string& school, const std::string& school_class) {
    bool has = false;
    clinic.for_each_history([&](const History& history) {
        has = has || ((school.empty() || is_same_school(history.who.school, school)) &&
                      (school_class.empty() || history.who.school_class == school_class));
    });
    return has;
}

Result<WomanId> find_action(Clinic& clinic, const std::string& id, Date on) {
    WorkQuestion question;
    question.on = on;
    question.kind = WorkKind::any;
    for (const auto& item : collect_work(clinic, question)) {
        if (item.answers_to(id)) return item.woman;
    }
    return Error{ErrorCode::not_found, "ACTION", msg("worklist.unknown_action")};
}

}  // namespace egret::service
