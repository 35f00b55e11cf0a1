#include "registry/follow_up/detail/closings.h"

#include "registry/follow_up/detail/meetings.h"
#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/site.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

/// What somebody decided on can be told by a closing alone, as that it is completed; not that a
/// date which makes a result count for nothing is right, nor which of two sayings is.
bool is_for_a_person(const Loop& loop) {
    const bool is_about_date =
        loop.why.rule == "follow_up/undated" || loop.why.rule == "follow_up/before-birth";
    const bool is_told_by_closing =
        loop.kind == LoopKind::review && !is_about_date && !loop.is_dispute;
    return is_told_by_closing || loop.action == "referral";
}

/// What says that a loop was given up: a closing, or her death.
struct GivenUp {
    const LiveFact* fact = nullptr;
    ClosingReason reason = ClosingReason::other;
};

/// Whether it says so of that loop. Closing her case gives up what is open of the site, unless it
/// is closed as completed.
std::optional<GivenUp> find_given_up(const LiveFact& live, const Loop& loop) {
    if (std::holds_alternative<Death>(live.fact.detail)) return GivenUp{&live, ClosingReason::died};
    const auto* closing = std::get_if<Closing>(&live.fact.detail);
    if (!closing || live.order < loop.opened_order) return std::nullopt;
    const auto reason = closing->reason.value_or(ClosingReason::other);
    if (!closing->action.empty()) {
        if (!loop.answers_to(closing->action)) return std::nullopt;
        if (reason == ClosingReason::completed && !is_for_a_person(loop)) return std::nullopt;
        return GivenUp{&live, reason};
    }
    const bool is_of_site = !closing->site || !loop.site || closing->site == loop.site;
    if (!is_of_site || reason == ClosingReason::completed) return std::nullopt;
    return GivenUp{&live, reason};
}

bool is_confirmed_by(const LiveFact& first, const LiveFact& second) {
    if (first.author == second.author || first.uid == second.uid) return false;
    const auto* closing = std::get_if<Closing>(&second.fact.detail);
    if (!closing) return false;
    if (closing->confirms == first.uid) return true;
    return std::holds_alternative<Death>(first.fact.detail) &&
           closing->reason == ClosingReason::died;
}

bool needs_two(const Loop& loop) { return rules::Severity::high_grade <= loop.severity; }

/// She was at a clinic.
bool is_encounter(const LiveFact& live) {
    const bool is_here = !live.fact.at.source || *live.fact.at.source == Source::given_here;
    return is_here && is_done_with_her(live.fact) &&
           (rules::find_site(live.fact) || std::holds_alternative<Visit>(live.fact.detail) ||
            std::holds_alternative<Dose>(live.fact.detail) ||
            std::holds_alternative<Specimen>(live.fact.detail));
}

bool came_after(const Question& question, Date day, const Order& said) {
    return std::any_of(question.history.facts.begin(), question.history.facts.end(),
                       [&](const LiveFact& live) {
                           return is_known(question, live) && is_encounter(live) &&
                                  said < live.order && day < clinical_day(live.fact, live.order);
                       });
}

/// What she herself, or the time, may change by then.
bool may_change(ClosingReason reason) {
    switch (reason) {
        case ClosingReason::died:
        case ClosingReason::moved:
        case ClosingReason::treated_elsewhere:
        case ClosingReason::wrong_person:
        case ClosingReason::completed: return false;
        case ClosingReason::refused:
        case ClosingReason::cannot_afford:
        case ClosingReason::unreachable:
        case ClosingReason::pregnant:
        case ClosingReason::no_capacity:
        case ClosingReason::unsuitable:
        case ClosingReason::other: break;
    }
    return true;
}

/// It was asked so long ago that she is asked once more.
bool is_time_to_ask_again(const Question& question, const GivenUp& given_up, Date day) {
    return may_change(given_up.reason) &&
           day.plus_days(question.times.ask_again_days) < question.on;
}

bool is_agreed_to(const GivenUp& first, const std::vector<GivenUp>& all) {
    return std::any_of(all.begin(), all.end(), [&](const GivenUp& other) {
        return is_confirmed_by(*first.fact, *other.fact);
    });
}

/// This one only agrees to another of them, to which somebody has agreed who may.
bool is_only_agreement(const GivenUp& one, const std::vector<GivenUp>& all) {
    const auto* closing = std::get_if<Closing>(&one.fact->fact.detail);
    return closing && std::any_of(all.begin(), all.end(), [&](const GivenUp& first) {
               return closing->confirms == first.fact->uid && is_agreed_to(first, all);
           });
}

void ask_again(Loop& loop, Date day, bool came_since) {
    if (loop.given_up_on && day < *loop.given_up_on) return;
    loop.given_up_on = day;
    loop.came_since = came_since;
}

}  // namespace

void apply_closings(const Question& question, Loop& loop) {
    if (loop.state != LoopState::open || loop.kind == LoopKind::confirm) return;
    std::vector<GivenUp> all;
    for (const auto& live : question.history.facts) {
        if (!is_known(question, live)) continue;
        if (const auto given_up = find_given_up(live, loop)) all.push_back(*given_up);
    }
    for (const auto& one : all) {
        const LiveFact* last = one.fact;
        if (needs_two(loop)) {
            const auto second = std::find_if(all.begin(), all.end(), [&](const GivenUp& other) {
                return is_confirmed_by(*one.fact, *other.fact);
            });
            if (second == all.end()) {
                if (is_only_agreement(one, all)) continue;
                loop.awaits_second_person = true;
                loop.reason = one.reason;
                continue;
            }
            last = second->fact;
        }
        const auto day = std::max({loop.opened_on, clinical_day(one.fact->fact, one.fact->order),
                                   clinical_day(last->fact, last->order)});
        const bool came_since = came_after(question, day, one.fact->order);
        if (one.reason != ClosingReason::completed &&
            (came_since || is_time_to_ask_again(question, one, day))) {
            ask_again(loop, day, came_since);
            continue;
        }
        loop.state = one.reason == ClosingReason::completed ? LoopState::done : LoopState::not_done;
        loop.reason.reset();
        if (loop.state == LoopState::not_done) loop.reason = one.reason;
        loop.closed_on = day;
        loop.closed_by = last->uid;
        loop.awaits_second_person = loop.came_since = false;
        loop.given_up_on.reset();
        return;
    }
}

}  // namespace egret::follow_up::detail
