#include "registry/follow_up/detail/meetings.h"
#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/evidence.h"
#include "registry/rules/screening/fulfilment.h"
#include "registry/rules/screening/site.h"
#include "registry/rules/screening/visits.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

/// A result of that test is known, not merely by what she says.
bool has_result(const Fact& fact, SpecimenTest test) {
    if (fact.at.source == Source::told) return false;
    switch (test) {
        case SpecimenTest::hpv: {
            const auto* hpv = std::get_if<HpvTest>(&fact.detail);
            return hpv && hpv->result && *hpv->result != HpvResult::unknown;
        }
        case SpecimenTest::cytology: {
            const auto* cytology = std::get_if<Cytology>(&fact.detail);
            return cytology && !cytology->results.empty();
        }
        case SpecimenTest::histology: {
            const auto* histology = std::get_if<Histology>(&fact.detail);
            return histology && !histology->results.empty();
        }
    }
    return false;
}

bool is_of_same_visit(const Fact& one, const Fact& other) {
    return one.at.date && other.at.date &&
           one.at.date->earliest() <= other.at.date->latest().plus_days(rules::cotest_days) &&
           other.at.date->earliest() <= one.at.date->latest().plus_days(rules::cotest_days);
}

/// The result names the specimen; one that names none is of the same visit.
bool is_from(const Fact& result, const Fact& taken, const Specimen& specimen) {
    const auto& barcode = barcode_of(result);
    return barcode.empty() ? is_of_same_visit(result, taken) : barcode == specimen.barcode;
}

/// What a specimen is for; all that there is, if it doesn't say.
std::vector<SpecimenTest> tests_of(const Specimen& specimen) {
    if (!specimen.tests.empty()) return specimen.tests;
    return {SpecimenTest::hpv, SpecimenTest::cytology, SpecimenTest::histology};
}

/// What it is for tells; of tissue, where all that was found or done at that visit was, that site.
std::optional<ScreenedSite> site_of(const Question& question, const LiveFact& taken,
                                    const Specimen& specimen) {
    const bool is_cervical =
        std::any_of(specimen.tests.begin(), specimen.tests.end(),
                    [](SpecimenTest test) { return test != SpecimenTest::histology; });
    if (is_cervical) return ScreenedSite::cervix;
    std::optional<ScreenedSite> of_visit;
    for (const auto& live : question.history.facts) {
        const auto site = rules::find_site(live.fact);
        if (!site || !is_known(question, live) || !is_of_same_visit(live.fact, taken.fact))
            continue;
        if (of_visit && of_visit != site) return std::nullopt;
        of_visit = site;
    }
    return of_visit;
}

Loop awaited(const Question& question, const LiveFact& opener, std::string action) {
    Loop loop;
    loop.kind = LoopKind::result_awaited;
    loop.action = std::move(action);
    loop.opened_on = clinical_day(opener.fact, opener.order);
    loop.opened_by = opener.uid;
    loop.opened_order = opener.settled;
    loop.due = loop.opened_on;
    loop.due_to = loop.due.plus_days(question.times.result_days);
    return loop;
}

void close(Loop& loop, const LiveFact& by) {
    loop.state = LoopState::done;
    loop.closed_on = clinical_day(by.fact, by.order);
    loop.closed_by = by.uid;
}

/// Another specimen for that test, taken since, be it the same day.
bool is_repeat(const LiveFact& live, const LiveFact& taken, SpecimenTest test) {
    const auto* other = std::get_if<Specimen>(&live.fact.detail);
    if (!other || live.uid == taken.uid || live.order < taken.order ||
        clinical_day(live.fact, live.order) < clinical_day(taken.fact, taken.order))
        return false;
    const auto tests = tests_of(*other);
    return std::find(tests.begin(), tests.end(), test) != tests.end();
}

/// What was found at the visit at which it was taken.
rules::Severity severity_beside(const Question& question, const LiveFact& taken) {
    auto worst = rules::Severity::none;
    for (const auto& live : question.history.facts) {
        if (is_known(question, live) && is_of_same_visit(live.fact, taken.fact))
            worst = std::max(worst, rules::severity_of(live.fact));
    }
    return worst;
}

/// It could not be examined: another one is to be taken, for each of its tests.
Loop loop_of_unusable(const Question& question, const LiveFact& taken, const Specimen& specimen) {
    auto loop = awaited(question, taken, "repeat_specimen");
    loop.site = site_of(question, taken, specimen);
    loop.severity = severity_beside(question, taken);
    loop.why = {"follow_up/unusable", msg("follow_up.unusable_specimen")};
    loop.due_to = loop.due.plus_days(question.times.act_within_days);
    const LiveFact* last = nullptr;
    for (const auto test : tests_of(specimen)) {
        const LiveFact* repeated = nullptr;
        for (const auto& live : question.history.facts) {
            if (is_known(question, live) && is_repeat(live, taken, test)) repeated = &live;
        }
        if (!repeated) return loop;
        last = repeated;
    }
    close(loop, *last);
    return loop;
}

Loop loop_of_specimen(const Question& question, const LiveFact& taken, const Specimen& specimen) {
    auto loop = awaited(question, taken, "result");
    loop.site = site_of(question, taken, specimen);
    loop.severity = severity_beside(question, taken);
    loop.why = {"follow_up/result", msg("follow_up.result_awaited")};
    loop.due = specimen.received_on.value_or(specimen.sent_on.value_or(loop.opened_on));
    loop.due_to = loop.due.plus_days(question.times.result_days);
    const LiveFact* last = nullptr;
    std::size_t known = 0;
    const auto tests = tests_of(specimen);
    for (const auto test : tests) {
        for (const auto& live : question.history.facts) {
            if (!is_known(question, live) || !has_result(live.fact, test) ||
                !is_from(live.fact, taken.fact, specimen))
                continue;
            ++known;
            if (!last || last->order < live.order) last = &live;
            break;
        }
    }
    // Of one that doesn't say what it is for, any result will do.
    if (last && (specimen.tests.empty() || known == tests.size())) close(loop, *last);
    return loop;
}

/// The specimens of tissue of that visit.
std::vector<const Specimen*> tissue_of_visit(const Question& question, const LiveFact& taken) {
    std::vector<const Specimen*> all;
    for (const auto& live : question.history.facts) {
        const auto* specimen = std::get_if<Specimen>(&live.fact.detail);
        if (!specimen || !is_known(question, live) || !is_of_same_visit(live.fact, taken.fact))
            continue;
        const auto tests = tests_of(*specimen);
        if (std::find(tests.begin(), tests.end(), SpecimenTest::histology) != tests.end())
            all.push_back(specimen);
    }
    return all;
}

/// How many of the visit's pots may hold biopsies: as many as were taken, or as reports name.
std::size_t biopsies_of_visit(const Question& question, const LiveFact& treated) {
    std::size_t taken = 0;
    std::size_t reported = 0;
    for (const auto& live : question.history.facts) {
        if (!is_known(question, live) || !is_of_same_visit(live.fact, treated.fact)) continue;
        if (const auto* look = std::get_if<Colposcopy>(&live.fact.detail))
            taken +=
                static_cast<std::size_t>(std::max<std::int64_t>(look->biopsies.value_or(0), 0));
        const auto* report = std::get_if<Histology>(&live.fact.detail);
        if (report && rules::is_of_biopsy(*report)) ++reported;
    }
    return std::max(taken, reported);
}

/// One of the visit's pots is of what a treatment took out, not all of the biopsies beside it.
bool has_specimen(const Question& question, const LiveFact& treated) {
    return tissue_of_visit(question, treated).size() > biopsies_of_visit(question, treated);
}

Loop loop_of_biopsy(const Question& question, const LiveFact& biopsy) {
    auto loop = awaited(question, biopsy, "result");
    loop.site = ScreenedSite::cervix;
    loop.severity = rules::severity_of(biopsy.fact);
    loop.why = {"follow_up/biopsy", msg("follow_up.biopsy_awaited")};
    for (const auto& live : question.history.facts) {
        const auto* histology = std::get_if<Histology>(&live.fact.detail);
        if (!histology || !is_known(question, live) ||
            !has_result(live.fact, SpecimenTest::histology) ||
            histology->site.value_or(HistologySite::cervix) != HistologySite::cervix ||
            clinical_day(live.fact, live.order) < loop.opened_on)
            continue;
        close(loop, live);
        break;
    }
    return loop;
}

/// The worst of that site, or of the organ that was treated with it, up to the treatment.
rules::Severity severity_before(const Question& question, const LiveFact& treated,
                                ScreenedSite site) {
    const auto day = clinical_day(treated.fact, treated.order);
    const auto organ = std::get<Treatment>(treated.fact.detail)
                           .site.value_or(site == ScreenedSite::cervix ? DiagnosisSite::cervix
                                                                       : DiagnosisSite::breast);
    auto worst = rules::Severity::none;
    for (const auto& live : question.history.facts) {
        if (is_known(question, live) && clinical_day(live.fact, live.order) <= day &&
            (rules::is_finding_of(live.fact, site) || rules::find_organ(live.fact) == organ))
            worst = std::max(worst, rules::severity_of(live.fact));
    }
    return worst;
}

/// Tissue of one breast tells nothing of the other.
bool is_of_other_side(const Fact& report, const Fact& treated) {
    const auto* tissue = std::get_if<Histology>(&report.detail);
    const auto& site = std::get<Treatment>(treated.detail).site;
    return tissue && tissue->site && site &&
           ((*tissue->site == HistologySite::breast_left && *site == DiagnosisSite::breast_right) ||
            (*tissue->site == HistologySite::breast_right && *site == DiagnosisSite::breast_left));
}

/// What was taken out is examined, too; of treatments given here.
Loop loop_of_tissue(const Question& question, const LiveFact& treated) {
    auto loop = awaited(question, treated, "result");
    const auto site = rules::find_site(treated.fact);
    loop.site = site;
    if (site) loop.severity = severity_before(question, treated, *site);
    loop.why = {"follow_up/tissue", msg("follow_up.tissue_awaited")};
    for (const auto& live : question.history.facts) {
        const auto* report = std::get_if<Histology>(&live.fact.detail);
        if (!report || rules::is_of_biopsy(*report) || !is_known(question, live) ||
            !has_result(live.fact, SpecimenTest::histology) || !rules::is_usable(live.fact) ||
            !site || !rules::is_finding_of(live.fact, *site) ||
            is_of_other_side(live.fact, treated.fact) ||
            clinical_day(live.fact, live.order) < loop.opened_on)
            continue;
        close(loop, live);
        break;
    }
    return loop;
}

bool is_tissue_taken_here(const LiveFact& live) {
    const auto* treatment = std::get_if<Treatment>(&live.fact.detail);
    const bool is_here = !live.fact.at.source || *live.fact.at.source == Source::given_here;
    return treatment && treatment->procedure && is_here && rules::takes_tissue(*treatment);
}

/// The first result from where she was sent to, since then.
const LiveFact* first_result(const Question& question, const LiveFact& sent,
                             const Referral& referral) {
    const auto since = clinical_day(sent.fact, sent.order);
    for (const auto& live : question.history.facts) {
        if (rules::find_site(live.fact) && is_known(question, live) &&
            live.facility() == referral.to_facility && !referral.to_facility.empty() &&
            since <= clinical_day(live.fact, live.order))
            return &live;
    }
    return nullptr;
}

Loop loop_of_referral(const Question& question, const LiveFact& sent, const Referral& referral) {
    auto loop = awaited(question, sent, "referral_feedback");
    loop.kind = LoopKind::feedback_awaited;
    if (const auto* result = first_result(question, sent, referral)) {
        loop.why = {"follow_up/feedback-late", msg("follow_up.feedback_of_result")};
        loop.severity = rules::severity_of(result->fact);
        loop.due = first_known_day(question, *result);
        loop.due_to =
            question.calendar.plus_working_days(loop.due, question.times.feedback_working_days);
        loop.owner = referral.to_facility;
    } else {
        loop.why = {"follow_up/feedback", msg("follow_up.feedback_awaited")};
        loop.due_to =
            referral.appointment_on.value_or(loop.due.plus_days(question.times.referral_days));
    }
    for (const auto& live : question.history.facts) {
        const auto* feedback = std::get_if<ReferralFeedback>(&live.fact.detail);
        if (!feedback || feedback->referral != sent.uid || !is_known(question, live) ||
            live.fact.at.source == Source::told ||
            clinical_day(live.fact, live.order) < loop.opened_on)
            continue;
        close(loop, live);
        break;
    }
    return loop;
}

/// The test whose specimens a result names; nothing of a fact that is no such result.
std::optional<SpecimenTest> test_of(const Fact& fact) {
    for (const auto test : {SpecimenTest::hpv, SpecimenTest::cytology, SpecimenTest::histology}) {
        if (has_result(fact, test)) return test;
    }
    return std::nullopt;
}

/// It names a specimen that isn't hers, so that it may be another woman's. Where it comes from
/// elsewhere, her specimens may be recorded there alone: then only if she has others here.
bool is_unmatched(const Question& question, const LiveFact& result) {
    const auto test = test_of(result.fact);
    const auto& barcode = barcode_of(result.fact);
    if (!test || barcode.empty()) return false;
    const auto source = result.fact.at.source.value_or(Source::given_here);
    bool has_specimens = source == Source::given_here;
    for (const auto& live : question.history.facts) {
        const auto* specimen = std::get_if<Specimen>(&live.fact.detail);
        if (!specimen || !is_known(question, live)) continue;
        if (specimen->barcode == barcode) return false;
        const auto tests = tests_of(*specimen);
        has_specimens =
            has_specimens || std::find(tests.begin(), tests.end(), *test) != tests.end();
    }
    return has_specimens;
}

Loop loop_of_unmatched(const Question& question, const LiveFact& result) {
    auto loop = awaited(question, result, "review");
    loop.kind = LoopKind::review;
    loop.site = rules::find_site(result.fact);
    loop.severity = rules::severity_of(result.fact);
    loop.why = {"follow_up/unmatched", msg("follow_up.unmatched")};
    loop.due = std::max(loop.opened_on, first_known_day(question, result));
    loop.due_to = loop.due.plus_days(question.times.confirm_within_days);
    return loop;
}

}  // namespace

void open_of_results_awaited(const Question& question, std::vector<Loop>& loops) {
    for (const auto& live : question.history.facts) {
        if (!is_known(question, live)) continue;
        if (const auto* specimen = std::get_if<Specimen>(&live.fact.detail)) {
            loops.push_back(specimen->unusable ? loop_of_unusable(question, live, *specimen)
                                               : loop_of_specimen(question, live, *specimen));
        }
        if (is_unmatched(question, live)) loops.push_back(loop_of_unmatched(question, live));
        const auto* colposcopy = std::get_if<Colposcopy>(&live.fact.detail);
        if (colposcopy && colposcopy->biopsies.value_or(0) > 0 &&
            tissue_of_visit(question, live).empty())
            loops.push_back(loop_of_biopsy(question, live));
        if (is_tissue_taken_here(live) && !is_history(live) && !has_specimen(question, live))
            loops.push_back(loop_of_tissue(question, live));
    }
}

void open_of_referrals(const Question& question, std::vector<Loop>& loops) {
    for (const auto& live : question.history.facts) {
        const auto* referral = std::get_if<Referral>(&live.fact.detail);
        if (!referral || !is_known(question, live)) continue;
        auto loop = loop_of_referral(question, live, *referral);
        for (const auto& asked : loops) {
            if (!asked.answers_to(referral->action)) continue;
            loop.site = asked.site;
            loop.severity = std::max(loop.severity, asked.severity);
        }
        loops.push_back(std::move(loop));
    }
}

}  // namespace egret::follow_up::detail
