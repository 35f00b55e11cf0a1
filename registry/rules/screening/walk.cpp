#include "registry/rules/screening/detail/walk.h"

#include "registry/rules/age.h"
#include "registry/rules/screening/evidence.h"
#include "registry/rules/screening/fulfilment.h"
#include "registry/rules/screening/severity.h"

#include <algorithm>

namespace egret::rules::detail {
namespace {

/// When the result of a finding was known: the day of the sample, where nobody wrote it down.
Date report_day(const ExactFinding& exact) {
    return exact.finding->reported_on.value_or(exact.day);
}

bool is_treatment(const ExactFinding& exact) {
    return std::holds_alternative<Treatment>(exact.finding->detail);
}

Date last_day(const Moment& moment, bool of_treatment) {
    std::optional<Date> last;
    for (std::size_t i = 0; i < moment.known; ++i) {
        const auto& exact = moment.woman.findings[i];
        if (is_treatment(exact) != of_treatment) continue;
        const auto day = of_treatment ? exact.day : report_day(exact);
        if (!last || *last < day) last = day;
    }
    return last.value_or(moment.day);
}

/// The day on which the senior reviewer of this visit wants to see her again.
std::optional<Date> review_day(const Moment& moment) {
    if (!moment.visit) return std::nullopt;
    for (auto i = moment.visit->first; i < moment.visit->end; ++i) {
        const auto* review = std::get_if<SeniorReview>(&moment.woman.findings[i].finding->detail);
        if (review && review->review_on) return review->review_on;
    }
    return std::nullopt;
}

/// The latest day of the reports that the rule names.
Date last_day(const DueRule& rule, State& state) {
    std::optional<Date> last;
    for (const auto named : rule.reports) {
        const auto* report = state.find_report(named);
        if (report && (!last || *last < report->day)) last = report->day;
    }
    return last.value_or(state.moment().day);
}

/// The day that a rule's spans are added to.
Date start_of(const DueRule& rule, State& state) {
    const auto& moment = state.moment();
    switch (rule.from) {
        case DueFrom::birth: return moment.woman.birth;
        case DueFrom::day: return moment.woman.on;
        case DueFrom::last_report: return last_day(moment, false);
        case DueFrom::last_treatment: return last_day(moment, true);
        case DueFrom::reports: return last_day(rule, state);
        case DueFrom::review_on:
        case DueFrom::visit: break;
    }
    return moment.day;
}

Date add(const Pathway& pathway, Date start, const Period& span, const DueRule& rule) {
    return rule.from == DueFrom::birth ? day_of_age(start, span, pathway.missing_day)
                                       : plus(start, span, pathway.missing_day);
}

/// An image on which nobody could tell what that breast shows does nothing for it.
bool shows(const Finding& finding, std::optional<HistologySite> breast) {
    const auto is_seen = [&](const auto* image) {
        const auto& side = breast == HistologySite::breast_left ? image->left : image->right;
        return side && side->birads;
    };
    if (!breast) return true;
    if (const auto* image = std::get_if<BreastUltrasound>(&finding.detail)) return is_seen(image);
    const auto* mammogram = std::get_if<Mammogram>(&finding.detail);
    return !mammogram || is_seen(mammogram);
}

/// Not merely suspected: a biopsy tells it, or the image of a cancer that is known.
bool is_known_cancer(const FindingDetail& detail) {
    const bool can_know = std::holds_alternative<Histology>(detail) ||
                          std::holds_alternative<Mammogram>(detail) ||
                          std::holds_alternative<BreastUltrasound>(detail);
    return can_know && severity_of(detail) == Severity::cancer;
}

bool is_routine(ScreeningAction action) {
    return action == ScreeningAction::none || action == ScreeningAction::screening;
}

/// Goes from visit to visit.
class Walker {
public:
    Walker(const Pathway& pathway, ScreeningCase woman)
        : pathway_(pathway), woman_(std::move(woman)) {}

    Walk go() {
        for (const auto& visit : visits_of(woman_)) pass(visit);
        return std::move(walk_);
    }

private:
    void pass(const Visit& visit) {
        const auto last = woman_.findings[visit.end - 1].day;
        const auto* owed = walk_.owed ? &walk_.owed->step : nullptr;
        const Moment moment{woman_, last, &visit, visit.end, owed};
        State state(pathway_, moment);
        const auto hit = first_hit(pathway_, pathway_.at_visits, state);
        auto next = hit.row ? owed_by(hit, state) : review_of(moment);
        if (is_hearsay(visit) && (is_routine(next.action.code) || next.is_decision)) return;
        const auto* done = find_done(visit, next);
        if (walk_.owed && !done && !gives_way_to(*walk_.owed, next)) {
            // The same test for another reason: what it finds is seen in the light of both.
            if (walk_.owed->action.code == next.action.code)
                walk_.owed->step.step |= next.step.step;
            return;
        }
        close(done, last);
        open(std::move(next), visit);
    }

    Owed owed_by(const Hit& hit, State& state) const {
        Owed next;
        next.step = {hit.row->step, state.moment().day};
        next.action = step_of(pathway_, hit, state);
        next.status = hit.row->outcome->status;
        next.is_urgent = hit.row->outcome->is_urgent;
        next.is_decision = hit.row->outcome->is_decision;
        const auto& due = hit.row->outcome->due;
        if (due && due->not_before) {
            next.not_before = add(pathway_, start_of(*due, state), *due->not_before, *due);
            // A day that a person chose may be an earlier one.
            if (next.action.due) next.not_before = std::min(*next.not_before, *next.action.due);
        }
        return next;
    }

    /// The source says nothing of what was found: somebody has to look at it.
    Owed review_of(const Moment& moment) const {
        Owed next;
        next.step = {0, moment.day};
        next.action.code = ScreeningAction::review;
        next.action.due = moment.day;
        next.action.due_to = moment.day;
        next.action.why.push_back({pathway_.id + "/no-rule", msg("pathway.no_rule")});
        next.status = ScreeningStatus::no_rule;
        return next;
    }

    bool is_hearsay(const Visit& visit) const {
        for (auto i = visit.first; i < visit.end; ++i) {
            if (!woman_.findings[i].finding->is_told) return false;
        }
        return true;
    }

    /// A clinician's decision shows in what was chosen. Where cancer is suspected, tissue tells;
    /// where it is known, a treatment of cancer; and for what is high-grade, and no biopsy has told
    /// of, a treatment that leaves tissue.
    static bool is_done_by(const Finding& finding, const Owed& owed) {
        const auto* treatment = std::get_if<Treatment>(&finding.detail);
        if (owed.has_cancer && treatment && !treats_cancer(*treatment)) return false;
        if (owed.needs_tissue && treatment && !takes_tissue(*treatment)) return false;
        if (owed.is_urgent)
            return fulfils(finding, ScreeningAction::histology) &&
                   !std::holds_alternative<Treatment>(finding.detail);
        if (owed.action.code != ScreeningAction::clinician_decides)
            return fulfils(finding, owed.action.code);
        return std::any_of(owed.action.choices.begin(), owed.action.choices.end(),
                           [&](ScreeningAction choice) { return fulfils(finding, choice); });
    }

    /// Something more urgent, or the same sooner, or what a person decided.
    static bool gives_way_to(const Owed& owed, const Owed& next) {
        if (owed.is_urgent != next.is_urgent) return next.is_urgent;
        if (next.is_decision) return owed.action.code < ScreeningAction::biopsy;
        if (owed.action.code == next.action.code) return next.action.due < owed.action.due;
        return owed.action.code < next.action.code;
    }

    /// The finding that did what was owed. What leads to something more urgent may come early.
    const Finding* find_done(const Visit& visit, const Owed& next) const {
        if (!walk_.owed) return nullptr;
        const auto& owed = *walk_.owed;
        for (auto i = visit.first; i < visit.end; ++i) {
            const auto& exact = woman_.findings[i];
            if (owed.not_before && exact.day < *owed.not_before && !gives_way_to(owed, next))
                continue;
            if (is_done_by(*exact.finding, owed) && shows(*exact.finding, woman_.breast))
                return exact.finding;
        }
        return nullptr;
    }

    void close(const Finding* done, Date day) {
        if (!walk_.owed || !walk_.owed->loop) return;
        auto& loop = walk_.loops[*walk_.owed->loop];
        loop.closed_on = day;
        loop.is_overtaken = done == nullptr;
        if (done) loop.closed_by = done->uid;
    }

    /// What it was that was found at the visit.
    void note(Owed& next, const Visit& visit) const {
        bool is_high_grade = false;
        bool has_tissue = false;
        for (auto i = visit.first; i < visit.end; ++i) {
            const auto& detail = woman_.findings[i].finding->detail;
            const auto severity = severity_of(detail);
            next.has_cancer = next.has_cancer || is_known_cancer(detail);
            is_high_grade = is_high_grade || Severity::high_grade <= severity;
            has_tissue = has_tissue || std::holds_alternative<Histology>(detail);
        }
        next.needs_tissue = is_high_grade && !has_tissue;
    }

    void open_loop(Owed& next, const Visit& visit) {
        Loop loop;
        loop.step = next.action;
        loop.opened_on = next.step.opened_on;
        loop.opened_by = woman_.findings[visit.end - 1].finding->uid;
        next.loop = walk_.loops.size();
        walk_.loops.push_back(std::move(loop));
    }

    void open(Owed next, const Visit& visit) {
        if (next.action.code == ScreeningAction::none) {
            walk_.owed.reset();
            return;
        }
        note(next, visit);
        if (!is_routine(next.action.code)) open_loop(next, visit);
        walk_.owed = std::move(next);
    }

    const Pathway& pathway_;
    ScreeningCase woman_;
    Walk walk_;
};

}  // namespace

ScreeningStep step_of(const Pathway& pathway, const Hit& hit, State& state) {
    const auto& moment = state.moment();
    ScreeningStep step;
    const auto& outcome = *hit.row->outcome;
    step.code = outcome.action;
    step.choices = outcome.choices;
    if (outcome.due && outcome.due->from == DueFrom::review_on && review_day(moment)) {
        step.due = step.due_to = review_day(moment);
    } else if (outcome.due) {
        const auto start = start_of(*outcome.due, state);
        step.due = add(pathway, start, outcome.due->after, *outcome.due);
        if (outcome.due->until)
            step.due_to = add(pathway, start, *outcome.due->until, *outcome.due);
    }
    step.why.push_back({rule_of(pathway, hit), hit.row->text});
    return step;
}

Walk walk(const Pathway& pathway, const ScreeningCase& woman) {
    auto known = woman;
    leave_out_weak_evidence(known);
    return Walker(pathway, std::move(known)).go();
}

}  // namespace egret::rules::detail
