#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/site.h"
#include "registry/rules/screening/visits.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

using rules::ScreeningAction;
using rules::Severity;

/// Of one breast what was found there alone; images and biopsies of the other one are none of it.
Severity severity_at(const Fact& fact, std::optional<HistologySite> breast) {
    if (!breast) return rules::severity_of(fact);
    const auto of_side = [&](auto image) {
        (*breast == HistologySite::breast_left ? image.right : image.left).reset();
        return rules::severity_of(rules::FindingDetail(image));
    };
    if (const auto* image = std::get_if<BreastUltrasound>(&fact.detail)) return of_side(*image);
    if (const auto* image = std::get_if<Mammogram>(&fact.detail)) return of_side(*image);
    if (const auto* exam = std::get_if<BreastExam>(&fact.detail)) {
        const auto& own = *breast == HistologySite::breast_left ? exam->left : exam->right;
        if (own == ExamResult::normal) return Severity::none;
    }
    const auto* tissue = std::get_if<Histology>(&fact.detail);
    return tissue && tissue->site != breast ? Severity::none : rules::severity_of(fact);
}

bool is_diagnosis_of(const Diagnosis& diagnosis, ScreenedSite site,
                     std::optional<HistologySite> breast) {
    if (!diagnosis.site) return false;
    if (site == ScreenedSite::cervix) return diagnosis.site == DiagnosisSite::cervix;
    const auto other = breast == HistologySite::breast_left ? DiagnosisSite::breast_right
                                                            : DiagnosisSite::breast_left;
    return is_breast(*diagnosis.site) && diagnosis.site != other;
}

/// What was found at a visit: how bad, by what, and when it was last said so.
struct Found {
    Severity severity = Severity::none;
    const LiveFact* worst = nullptr;
    const LiveFact* first_said = nullptr;  // Of the positive ones, if there is any.
    Order settled;
};

/// At the visit that ended on that day. What is normal says nothing anew.
Found found_at_visit(const Question& question, ScreenedSite site,
                     std::optional<HistologySite> breast, Date last) {
    Found found;
    bool has_positive = false;
    const auto first = last.plus_days(-rules::cotest_days);
    for (const auto& live : question.history.facts) {
        const auto& date = live.fact.at.date;
        if (!date || date->latest() < first || last < date->earliest() ||
            !is_completed(live.fact) || !rules::is_finding_of(live.fact, site))
            continue;
        const auto severity = severity_at(live.fact, breast);
        const bool names_better = (severity != Severity::none) != has_positive
                                      ? severity != Severity::none
                                      : !found.first_said || live.order < found.first_said->order;
        if (names_better) found.first_said = &live;
        has_positive = has_positive || severity != Severity::none;
        if (!found.worst || found.severity < severity) {
            found.worst = &live;
            found.severity = severity;
        }
        if (severity != Severity::none) found.settled = std::max(found.settled, live.settled);
    }
    if (found.severity == Severity::none && found.worst) found.settled = found.worst->settled;
    return found;
}

/// The names that other records of the visit that ended on that day give the loop: who read its
/// number when one of these was first may use it now.
void add_other_ids(const Question& question, Date last, Loop& loop) {
    const auto first = last.plus_days(-rules::cotest_days);
    const auto is_of_visit = [&](const Fact& fact) {
        const auto& date = fact.at.date;
        return date && first <= date->latest() && date->earliest() <= last &&
               rules::is_finding_of(fact, *loop.site);
    };
    const auto add = [&](const EventUid& uid) {
        const auto id = loop_id(loop, uid);
        if (id != loop_id(loop) && !loop.answers_to(id)) loop.other_ids.push_back(id);
    };
    for (const auto& live : question.history.facts) {
        if (is_of_visit(live.fact)) add(live.uid);
    }
    for (const auto& amended : question.history.amended) {
        const auto& versions = amended.versions;
        if (std::any_of(versions.begin(), versions.end(),
                        [&](const FactVersion& version) { return is_of_visit(version.fact); }))
            add(amended.uid);
    }
}

/// How bad what came to it was, until it was closed: what follows from it is as bad.
Severity worst_until_closed(const Question& question, ScreenedSite site,
                            const rules::Loop& opened) {
    auto worst = Severity::none;
    for (const auto& live : question.history.facts) {
        const auto& date = live.fact.at.date;
        if (!date || !opened.closed_on || date->earliest() <= opened.opened_on ||
            *opened.closed_on <= date->earliest() || !is_known(question, live) ||
            !rules::is_finding_of(live.fact, site))
            continue;
        worst = std::max(worst, severity_at(live.fact, opened.breast));
    }
    return worst;
}

/// A senior review was asked for, and not of that breast.
bool is_review_of_other(const rules::ScreeningDecision& decision, const LiveFact& live,
                        std::optional<HistologySite> breast) {
    if (!breast || !std::holds_alternative<SeniorReview>(live.fact.detail)) return false;
    bool is_of_other = false;
    for (const auto& asked : decision.loops) {
        if (asked.step.code != ScreeningAction::senior_review || asked.closed_by != live.uid)
            continue;
        if (asked.breast == breast) return false;
        is_of_other = true;
    }
    return is_of_other;
}

/// What is positive later on, while it is open, asks for it anew: it is as bad as that, and what
/// was given up before is open again.
void renew(const Question& question, const rules::ScreeningDecision& decision, Loop& loop) {
    // What is looked at is that result alone.
    if (loop.state != LoopState::open || !loop.site || loop.action == "review") return;
    for (const auto& live : question.history.facts) {
        const auto& date = live.fact.at.date;
        if (!date || date->earliest() <= loop.opened_on || !is_known(question, live) ||
            !rules::is_finding_of(live.fact, *loop.site) ||
            is_review_of_other(decision, live, loop.breast))
            continue;
        const auto severity = severity_at(live.fact, loop.breast);
        if (severity == Severity::none) continue;
        loop.severity = std::max(loop.severity, severity);
        loop.opened_order = std::max(loop.opened_order, live.settled);
    }
}

/// Where she was treated at the visit that ended on that day: how bad that was for which the
/// pathway has no rows, a diagnosis of the site, or what was found in the organ that was treated
/// with it.
Severity treated_beside(const Question& question, ScreenedSite site,
                        std::optional<HistologySite> breast, Date last) {
    std::vector<const Treatment*> treatments;
    for (const auto& live : question.history.facts) {
        const auto* treatment = std::get_if<Treatment>(&live.fact.detail);
        const auto day = clinical_day(live.fact, live.order);
        if (treatment && is_known(question, live) && rules::is_finding_of(live.fact, site) &&
            last.plus_days(-rules::cotest_days) <= day && day <= last)
            treatments.push_back(treatment);
    }
    auto worst = Severity::none;
    if (treatments.empty()) return worst;
    for (const auto& live : question.history.facts) {
        if (!is_known(question, live) || last < clinical_day(live.fact, live.order)) continue;
        const auto organ = rules::find_organ(live.fact);
        const auto* diagnosis = std::get_if<Diagnosis>(&live.fact.detail);
        const bool was_treated =
            organ && !rules::find_site(live.fact) &&
            std::any_of(treatments.begin(), treatments.end(),
                        [&](const Treatment* treatment) { return treatment->site == organ; });
        if (was_treated || (diagnosis && is_diagnosis_of(*diagnosis, site, breast)))
            worst = std::max(worst, rules::severity_of(live.fact));
    }
    return worst;
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
    // What no rule knows has no time of its own.
    if (loop.kind == LoopKind::review && loop.due_to == loop.due)
        loop.due_to = loop.due.plus_days(question.times.act_within_days);
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

/// How bad that was with which each loop began: what the visits found that asked for it, and, where
/// one visit closed a loop and asked for the next, what that one began with.
std::vector<Severity> severities_of(const Question& question,
                                    const rules::ScreeningDecision& decision) {
    const auto& loops = decision.loops;
    const auto days_of = [](const rules::Loop& loop) {
        auto days = loop.asked_again;
        days.push_back(loop.opened_on);
        return days;
    };
    std::vector<Severity> all;
    for (const auto& loop : loops) {
        auto worst = worst_until_closed(question, decision.site, loop);
        for (const auto day : days_of(loop)) {
            worst =
                std::max({worst, found_at_visit(question, decision.site, loop.breast, day).severity,
                          treated_beside(question, decision.site, loop.breast, day)});
        }
        all.push_back(worst);
    }
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (std::size_t i = 0; i < loops.size(); ++i) {
            const auto days = days_of(loops[i]);
            for (std::size_t j = 0; j < loops.size(); ++j) {
                const bool leads_there =
                    loops[i].breast == loops[j].breast && loops[j].closed_on &&
                    std::find(days.begin(), days.end(), *loops[j].closed_on) != days.end();
                if (!leads_there || all[j] <= all[i]) continue;
                all[i] = all[j];
                has_changed = true;
            }
        }
    }
    return all;
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
        // A decision on what is open already is no second thing to do.
        const bool is_on_open =
            std::any_of(decision.loops.begin(), decision.loops.end(), [&](const rules::Loop& loop) {
                return !loop.closed_on &&
                       std::count(step.choices.begin(), step.choices.end(), loop.step.code) > 0;
            });
        if (rules::is_routine(step.code) || has_loop || is_on_open) continue;
        const auto opened_on = clinical_day(last->fact, last->order);
        auto loop = loop_of(question, decision, step, opened_on);
        if (loop.kind == LoopKind::review) {
            loop.due = opened_on;
            loop.due_to = opened_on.plus_days(question.times.act_within_days);
        }
        loop.opened_by = last->uid;
        loop.opened_order = last->settled;
        loop.severity = worst;
        // What was later than the last one, until it was voided or put elsewhere, named it too.
        for (const auto& amended : question.history.amended) {
            const bool was_last = std::any_of(
                amended.versions.begin(), amended.versions.end(), [&](const FactVersion& version) {
                    return rules::is_finding_of(version.fact, site) &&
                           opened_on <= clinical_day(version.fact, version.order);
                });
            if (was_last && amended.uid != last->uid)
                loop.other_ids.push_back(loop_id(loop, amended.uid));
        }
        close_by_feedback(question, loop);
        loops.push_back(std::move(loop));
    }
}

}  // namespace

void open_of_pathways(const Question& question, std::vector<Loop>& loops) {
    for (const auto& decision : question.decisions) {
        const auto severities = severities_of(question, decision);
        for (std::size_t i = 0; i < decision.loops.size(); ++i) {
            const auto& opened = decision.loops[i];
            auto loop = loop_of(question, decision, opened.step, opened.opened_on);
            const auto found =
                found_at_visit(question, decision.site, opened.breast, opened.opened_on);
            loop.severity = severities[i];
            loop.opened_order = found.settled;
            loop.opened_by = found.worst ? found.worst->uid : opened.opened_by;
            if (found.first_said) loop.named_by = found.first_said->uid;
            loop.breast = opened.breast;
            loop.needs_tissue = opened.needs_tissue;
            loop.has_cancer = opened.has_cancer;
            add_other_ids(question, opened.opened_on, loop);
            loop.closed_on = opened.closed_on;
            loop.closed_by = opened.closed_by;
            if (opened.closed_on)
                loop.state = opened.is_overtaken ? LoopState::overtaken : LoopState::done;
            else
                close_by_feedback(question, loop);
            renew(question, decision, loop);
            loops.push_back(std::move(loop));
        }
        open_of_today(question, decision, loops);
    }
}

}  // namespace egret::follow_up::detail
