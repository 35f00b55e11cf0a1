#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/site.h"
#include "registry/rules/screening/visits.h"

#include <algorithm>
#include <map>

namespace egret::follow_up::detail {
namespace {

using rules::ScreeningAction;
using rules::ScreeningStatus;
using rules::Severity;

/// What was found at the visit that ended on that day: how bad, and when it was last said so.
struct Found {
    Severity severity = Severity::none;
    Order settled;
};

Found found_at_visit(const Question& question, ScreenedSite site, Date last) {
    Found found;
    const auto first = last.plus_days(-rules::cotest_days);
    for (const auto& live : question.history.facts) {
        const auto& date = live.fact.at.date;
        if (!date || date->latest() < first || last < date->earliest() ||
            !is_completed(live.fact) || !rules::is_finding_of(live.fact, site))
            continue;
        found.severity = std::max(found.severity, rules::severity_of(live.fact));
        found.settled = std::max(found.settled, live.settled);
    }
    return found;
}

LoopKind kind_of(ScreeningAction action) {
    return action == ScreeningAction::review || action == ScreeningAction::clinician_decides
               ? LoopKind::review
               : LoopKind::action;
}

Loop loop_of(const Question& question, const rules::ScreeningDecision& decision,
             const rules::ScreeningStep& step, Date opened_on) {
    Loop loop;
    loop.kind = kind_of(step.code);
    loop.site = decision.site;
    loop.action = egret::to_string(step.code);
    loop.protocol = decision.protocol;
    if (!step.why.empty()) loop.why = step.why.front();
    loop.opened_on = opened_on;
    loop.due = step.due.value_or(opened_on);
    loop.due_to = step.due_to.value_or(loop.due.plus_days(question.times.act_within_days));
    return loop;
}

/// The feedback of a referral is what an action that is one asks for.
void close_by_feedback(const Question& question, Loop& loop) {
    if (loop.action != egret::to_string(ScreeningAction::referral)) return;
    for (const auto& live : question.history.facts) {
        if (!std::holds_alternative<ReferralFeedback>(live.fact.detail) ||
            !is_known(question, live) || clinical_day(live.fact, live.order) < loop.opened_on)
            continue;
        loop.state = LoopState::done;
        loop.closed_on = clinical_day(live.fact, live.order);
        loop.closed_by = live.uid;
        return;
    }
}

/// How bad that was with which a loop began: what the visit found that opened it, or, where one
/// visit closed a loop and opened the next, what that one began with.
class SeverityChain {
public:
    Severity add(const rules::Loop& opened, Severity found) {
        auto& last = last_[opened.breast];
        if (last.closed_on && *last.closed_on == opened.opened_on)
            found = std::max(found, last.severity);
        last = {opened.closed_on, found};
        return found;
    }

private:
    struct Link {
        std::optional<Date> closed_on;
        Severity severity = Severity::none;
    };

    std::map<std::optional<HistologySite>, Link> last_;
};

bool is_routine(ScreeningAction action) {
    return action == ScreeningAction::none || action == ScreeningAction::screening;
}

/// What the decision of today asks for beside what visits opened: the last finding opened it.
void open_of_today(const Question& question, const rules::ScreeningDecision& decision,
                   std::vector<Loop>& loops) {
    const auto site = decision.site;
    const LiveFact* last = nullptr;
    auto worst = Severity::none;
    for (const auto& live : question.history.facts) {
        if (!is_known(question, live) || !rules::is_finding_of(live.fact, site)) continue;
        last = &live;
        worst = std::max(worst, rules::severity_of(live.fact));
    }
    if (!last) return;
    for (const auto& step : decision.actions) {
        const bool has_loop = std::any_of(
            decision.loops.begin(), decision.loops.end(),
            [&](const rules::Loop& loop) { return !loop.closed_on && loop.step == step; });
        if (is_routine(step.code) || has_loop) continue;
        const auto opened_on = clinical_day(last->fact, last->order);
        auto loop = loop_of(question, decision, step, opened_on);
        if (loop.kind == LoopKind::review) {
            loop.due = opened_on;
            loop.due_to = opened_on.plus_days(question.times.act_within_days);
        }
        loop.opened_by = last->uid;
        loop.opened_order = last->settled;
        loop.severity = worst;
        close_by_feedback(question, loop);
        loops.push_back(std::move(loop));
    }
}

/// A finding without its date takes part in nothing.
void open_of_undated(const Question& question, std::vector<Loop>& loops) {
    for (const auto& live : question.history.facts) {
        const auto site = rules::find_site(live.fact);
        if (live.fact.at.date || !is_known(question, live) || !site) continue;
        Loop loop;
        loop.kind = LoopKind::review;
        loop.site = site;
        loop.action = "review";
        loop.why = {"follow_up/undated", msg("follow_up.undated")};
        loop.severity = rules::severity_of(live.fact);
        loop.opened_on = recording_day(live);
        loop.opened_by = live.uid;
        loop.opened_order = live.settled;
        loop.due = loop.opened_on;
        loop.due_to = loop.due.plus_days(question.times.act_within_days);
        loops.push_back(std::move(loop));
    }
}

}  // namespace

void open_of_pathways(const Question& question, std::vector<Loop>& loops) {
    for (const auto& decision : question.decisions) {
        SeverityChain chain;
        for (const auto& opened : decision.loops) {
            auto loop = loop_of(question, decision, opened.step, opened.opened_on);
            const auto found = found_at_visit(question, decision.site, opened.opened_on);
            loop.severity = chain.add(opened, found.severity);
            loop.opened_order = found.settled;
            loop.opened_by = opened.opened_by;
            loop.breast = opened.breast;
            loop.closed_on = opened.closed_on;
            loop.closed_by = opened.closed_by;
            if (opened.closed_on)
                loop.state = opened.is_overtaken ? LoopState::overtaken : LoopState::done;
            else
                close_by_feedback(question, loop);
            loops.push_back(std::move(loop));
        }
        open_of_today(question, decision, loops);
    }
    open_of_undated(question, loops);
}

}  // namespace egret::follow_up::detail
