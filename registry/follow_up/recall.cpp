#include "registry/follow_up/recall.h"

#include "registry/crypto/hash.h"
#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/site.h"

#include <algorithm>

namespace egret::follow_up {
namespace {

using rules::ScreeningAction;
using rules::ScreeningStatus;

std::string recall_id(const WomanId& woman, const std::string& protocol) {
    constexpr std::size_t digits = 12;  // As of loops.
    const auto text = woman.to_string() + "/" + protocol + "/screening";
    return to_hex(crypto::sha256(bytes_of(text))).substr(0, digits);
}

bool is_resident(const History& history, Date on) {
    const Residence* last = nullptr;
    for (const auto& residence : history.residences) {
        if (!last || residence.from <= on) last = &residence;
    }
    return last && last->is_resident;
}

bool is_called(const History& history, Date on) {
    return history.registered_on && *history.registered_on <= on &&
           !(history.died_on && *history.died_on <= on) && history.who.sex != Sex::male &&
           is_resident(history, on);
}

bool has_open(const std::vector<Loop>& loops, ScreenedSite site) {
    return std::any_of(loops.begin(), loops.end(), [&](const Loop& loop) {
        return loop.state == LoopState::open && !loop.is_about_records() &&
               (!loop.site || loop.site == site);
    });
}

std::optional<Date> last_finding(const Question& question, ScreenedSite site) {
    std::optional<Date> last;
    for (const auto& live : question.history.facts) {
        if (detail::is_known(question, live) && rules::is_finding_of(live.fact, site))
            last = clinical_day(live.fact, live.order);
    }
    return last;
}

/// A call that nobody took, or at a number that isn't hers, is none.
bool is_invitation(const Contact& contact) {
    return contact.outcome != ContactOutcome::not_reached &&
           contact.outcome != ContactOutcome::wrong_number;
}

bool is_about(const Contact& contact, const Recall& recall) {
    const auto& others = recall.other_actions;
    return contact.action == recall.action ||
           std::find(others.begin(), others.end(), contact.action) != others.end();
}

void count_invitations(const Question& question, std::optional<Date> last_test, Recall& recall) {
    for (const auto& live : question.history.facts) {
        const auto* contact = std::get_if<Contact>(&live.fact.detail);
        if (!contact || !is_about(*contact, recall) || !detail::is_known(question, live) ||
            !is_invitation(*contact))
            continue;
        const auto day = clinical_day(live.fact, live.order);
        if (last_test && day <= *last_test) continue;
        ++recall.invitations;
        if (!recall.first_invited) recall.first_invited = day;
    }
}

template <class T>
bool is_about(const T& detail, ScreenedSite site) {
    return !detail.site || detail.site == site;
}

/// The last deferral that holds on that day.
void read_deferral(const Question& question, Recall& recall) {
    for (const auto& live : question.history.facts) {
        const auto* deferral = std::get_if<Deferral>(&live.fact.detail);
        if (!deferral || !is_about(*deferral, recall.site) || !detail::is_known(question, live))
            continue;
        const bool holds = deferral->until && question.on <= *deferral->until;
        recall.until = holds ? deferral->until : std::nullopt;
        recall.deferral_reason = holds ? deferral->reason : std::nullopt;
    }
}

/// Ceased is who was proposed by one person and confirmed by another, until she is taken back.
bool read_ceasing(const Question& question, Recall& recall) {
    std::vector<const LiveFact*> said;  // In the order in which it was said.
    for (const auto& live : question.history.facts) {
        const auto* ceasing = std::get_if<Ceasing>(&live.fact.detail);
        if (ceasing && is_about(*ceasing, recall.site) && detail::is_known(question, live))
            said.push_back(&live);
    }
    std::sort(said.begin(), said.end(),
              [](const LiveFact* a, const LiveFact* b) { return a->order < b->order; });
    const LiveFact* proposed = nullptr;
    bool is_ceased = false;
    for (const auto* live : said) {
        const auto& ceasing = std::get<Ceasing>(live->fact.detail);
        if (ceasing.step == CeasingStep::proposed) {
            proposed = live;
        } else if (ceasing.step == CeasingStep::reinstated) {
            proposed = nullptr;
            is_ceased = false;
        } else if (proposed && proposed->author != live->author) {
            is_ceased = true;
        }
    }
    if (!proposed) return false;
    recall.ceasing_reason = std::get<Ceasing>(proposed->fact.detail).reason;
    recall.awaits_second_person = !is_ceased;
    return is_ceased;
}

/// The day on which the last review was closed as completed.
std::optional<Date> last_review(const std::vector<Loop>& loops, ScreenedSite site) {
    std::optional<Date> last;
    for (const auto& loop : loops) {
        if (loop.kind == LoopKind::review && loop.state == LoopState::done && loop.closed_on &&
            !loop.is_about_records() && (!loop.site || loop.site == site))
            last = std::max(last.value_or(*loop.closed_on), *loop.closed_on);
    }
    return last;
}

RecallState state_of_due(const Question& question, bool was_screened, Recall& recall) {
    const auto days = question.times.overdue_after_days;
    if (recall.first_invited) {
        // Called early, she has her time from the day on which the test is due.
        const auto due = was_screened ? recall.next_test_due : std::nullopt;
        recall.last_day =
            std::max(*recall.first_invited, due.value_or(*recall.first_invited)).plus_days(days);
        return *recall.last_day < question.on ? RecallState::overdue : RecallState::invited;
    }
    if (!was_screened || !recall.next_test_due) return RecallState::not_yet_invited;
    recall.last_day = recall.next_test_due->plus_days(days);
    return *recall.last_day < question.on ? RecallState::overdue : RecallState::not_yet_invited;
}

bool is_asked_more(const rules::ScreeningDecision& decision) {
    return decision.status == ScreeningStatus::in_follow_up ||
           decision.status == ScreeningStatus::clinician_decides ||
           decision.status == ScreeningStatus::no_rule;
}

/// What the pathway says, reviews aside, once a clinician has looked at what no rule knows and has
/// asked for nothing: then she is called as others are. Nothing, if nobody has looked.
std::optional<ScreeningStatus> status_when_looked_at(const rules::ScreeningDecision& decision,
                                                     const std::vector<Loop>& loops) {
    if (!is_asked_more(decision) || decision.status == ScreeningStatus::in_follow_up ||
        !last_review(loops, decision.site))
        return std::nullopt;
    return decision.when_looked_at ? decision.when_looked_at->status : ScreeningStatus::due;
}

/// The next test is due when it was before, or from the day of the look.
void read_next_test(const rules::ScreeningDecision& decision, const std::vector<Loop>& loops,
                    Recall& recall) {
    if (!decision.actions.empty()) {
        const auto& step = decision.actions.front();
        recall.why = step.why;
        if (step.code == ScreeningAction::screening) recall.next_test_due = step.due;
    }
    if (!status_when_looked_at(decision, loops)) return;
    const auto& later = decision.when_looked_at;
    if (later && later->step.code == ScreeningAction::screening && later->step.due != decision.on)
        recall.next_test_due = later->step.due;
    else
        recall.next_test_due = last_review(loops, decision.site);
}

RecallState state_of(const Question& question, const rules::ScreeningDecision& decision,
                     const std::vector<Loop>& loops, Recall& recall) {
    const auto last_test = last_finding(question, recall.site);
    count_invitations(question, last_test, recall);
    read_deferral(question, recall);
    const bool is_ceased = read_ceasing(question, recall);
    if (has_open(loops, recall.site)) return RecallState::in_follow_up;
    auto status = decision.status;
    if (last_test && is_asked_more(decision)) {
        const auto looked_at = status_when_looked_at(decision, loops);
        if (!looked_at) return RecallState::in_follow_up;
        status = *looked_at;
    }
    if (is_ceased) return RecallState::ceased;
    if (recall.until) return RecallState::deferred;
    const bool is_early = status == ScreeningStatus::due && recall.next_test_due &&
                          question.on < *recall.next_test_due;
    if (is_early || status == ScreeningStatus::up_to_date) return RecallState::up_to_date;
    return state_of_due(question, last_test.has_value(), recall);
}

/// A test that was made before she was of age asks for no other one before she is.
void wait_for_age(const std::vector<rules::ScreeningDecision>& untested, Recall& recall) {
    for (const auto& decision : untested) {
        if (decision.protocol != recall.protocol || !recall.next_test_due ||
            decision.status != ScreeningStatus::up_to_date || decision.actions.empty())
            continue;
        const auto& first = decision.actions.front();
        if (first.code != ScreeningAction::screening || !first.due ||
            *first.due <= *recall.next_test_due)
            continue;
        recall.next_test_due = first.due;
        recall.why = first.why;
    }
}

/// Not for her, not any more, or not yet: she was never screened, and isn't of age.
bool is_left_out(const Question& question, const rules::ScreeningDecision& decision,
                 const std::vector<Loop>& loops) {
    const auto status = status_when_looked_at(decision, loops).value_or(decision.status);
    return status == ScreeningStatus::excluded || status == ScreeningStatus::exited ||
           (status == ScreeningStatus::up_to_date && !last_finding(question, decision.site));
}

}  // namespace

std::vector<Recall> recalls_of(const Question& question, const std::vector<Loop>& loops,
                               const std::vector<rules::ScreeningDecision>& untested) {
    std::vector<Recall> all;
    const bool is_called_here = is_called(question.history, question.on);
    for (const auto& decision : question.decisions) {
        if (!is_called_here && !has_open(loops, decision.site)) continue;
        const bool is_known_site = std::any_of(all.begin(), all.end(), [&](const Recall& recall) {
            return recall.site == decision.site;
        });
        if (is_known_site ||
            (is_left_out(question, decision, loops) && !has_open(loops, decision.site)))
            continue;
        Recall recall;
        recall.site = decision.site;
        recall.protocol = decision.protocol;
        recall.version = decision.version;
        recall.action = recall_id(question.history.woman, decision.protocol);
        for (const auto& member : question.history.members) {
            if (member != question.history.woman)
                recall.other_actions.push_back(recall_id(member, decision.protocol));
        }
        read_next_test(decision, loops, recall);
        wait_for_age(untested, recall);
        recall.state = state_of(question, decision, loops, recall);
        all.push_back(std::move(recall));
    }
    return all;
}

}  // namespace egret::follow_up
