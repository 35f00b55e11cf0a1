#include "registry/service/screening_warnings.h"

#include "registry/rules/screening/evidence.h"
#include "registry/rules/screening/fulfilment.h"
#include "registry/rules/screening/screening.h"
#include "registry/rules/screening/severity.h"
#include "registry/rules/screening/site.h"
#include "registry/rules/screening/visits.h"
#include "registry/rules/subject.h"
#include "registry/service/named_facts.h"

#include <algorithm>

namespace egret::service {
namespace {

enum class Side { left, right };

/// By her conditions, or by an operation of that side on an earlier day.
bool is_removed(const History& history, Side side, Date day) {
    const bool is_left = side == Side::left;
    const auto flags = rules::subject_of(history).flags;
    const bool is_said =
        std::any_of(flags.begin(), flags.end(), [&](const rules::SubjectFlag& flag) {
            return flag.code == (is_left ? "mastectomy_left" : "mastectomy_right") &&
                   flag.holds_on(day);
        });
    if (is_said) return true;
    return std::any_of(history.facts.begin(), history.facts.end(), [&](const LiveFact& live) {
        const auto* treatment = std::get_if<Treatment>(&live.fact.detail);
        return treatment && is_completed(live.fact) && live.fact.at.date &&
               live.fact.at.date->latest() < day && treatment->procedure == Procedure::mastectomy &&
               treatment->site ==
                   (is_left ? DiagnosisSite::breast_left : DiagnosisSite::breast_right);
    });
}

template <class Image>
void warn_of_image(const History& history, const Image& image, Date day,
                   std::vector<Warning>& warnings) {
    if (image.left && is_removed(history, Side::left, day))
        warnings.push_back({"breast_removed", msg("warning.left_breast_removed")});
    if (image.right && is_removed(history, Side::right, day))
        warnings.push_back({"breast_removed", msg("warning.right_breast_removed")});
}

bool is_specimen_known(const History& history, const std::string& barcode) {
    return std::any_of(history.facts.begin(), history.facts.end(), [&](const LiveFact& live) {
        const auto* specimen = std::get_if<Specimen>(&live.fact.detail);
        return specimen && specimen->barcode == barcode;
    });
}

/// The site that a test screens, or the sample is for; nothing for what is no screening test.
std::optional<ScreenedSite> screened_by(const Fact& fact) {
    if (std::holds_alternative<HpvTest>(fact.detail) ||
        std::holds_alternative<Cytology>(fact.detail) || std::holds_alternative<Via>(fact.detail))
        return ScreenedSite::cervix;
    if (std::holds_alternative<BreastUltrasound>(fact.detail) ||
        std::holds_alternative<Mammogram>(fact.detail))
        return ScreenedSite::breast;
    const auto* specimen = std::get_if<Specimen>(&fact.detail);
    const bool is_screening =
        specimen && std::any_of(specimen->tests.begin(), specimen->tests.end(),
                                [](SpecimenTest test) { return test != SpecimenTest::histology; });
    if (!is_screening) return std::nullopt;
    return ScreenedSite::cervix;
}

/// A result of hers that screened that site, with its day.
struct LastResult {
    Date day;
    std::string kind;
};

/// Told ones don't count: nobody saw the paper.
std::optional<LastResult> last_result(const History& history, ScreenedSite site, Date before) {
    std::optional<LastResult> last;
    for (const auto& live : history.facts) {
        const auto& at = live.fact.at;
        if (screened_by(live.fact) != site || !is_completed(live.fact) || !at.date ||
            at.source == Source::told || std::holds_alternative<Specimen>(live.fact.detail))
            continue;
        const auto day = at.date->latest();
        if (day < before && (!last || last->day < day))
            last = LastResult{day, std::string(type_name(live.fact))};
    }
    return last;
}

/// From when on the next routine test, or the next follow-up, is due, if that is all that is asked
/// for, and isn't due yet on that day.
std::optional<Date> next_test_due(const rules::ScreeningDecision& decision, Date day) {
    const bool is_waiting = decision.status == rules::ScreeningStatus::up_to_date ||
                            decision.status == rules::ScreeningStatus::in_follow_up;
    if (!is_waiting || decision.actions.empty()) return std::nullopt;
    std::optional<Date> first;
    for (const auto& step : decision.actions) {
        const bool is_test =
            rules::is_routine(step.code) || step.code == rules::ScreeningAction::surveillance;
        if (!step.due || *step.due <= day || !is_test) return std::nullopt;
        if (!first || *step.due < *first) first = step.due;
    }
    return first;
}

Message text_of_early(const rules::ScreeningDecision& decision, const LastResult& last, Date next) {
    const auto day = last.day.to_string();
    const auto from = next.to_string();
    if (decision.status == rules::ScreeningStatus::in_follow_up)
        return msg("warning.screened_before_follow_up",
                   {{"day", day}, {"screening_kind", last.kind}, {"from", from}});
    return msg("warning.screened_inside_interval",
               {{"day", day}, {"screening_kind", last.kind}, {"from", from}});
}

bool is_told_before_report(const History& history, const Fact& fact) {
    const auto* informed = std::get_if<Informed>(&fact.detail);
    if (!informed || !fact.at.date) return false;
    return std::any_of(history.facts.begin(), history.facts.end(), [&](const LiveFact& live) {
        const auto& about = informed->about;
        if (std::find(about.begin(), about.end(), live.uid) == about.end()) return false;
        const auto since = live.fact.at.reported_on.value_or(clinical_day(live.fact, live.order));
        return fact.at.date->earliest() < since;
    });
}

const LiveFact* find_fact(const History& history, const EventUid& uid) {
    const auto found = std::find_if(history.facts.begin(), history.facts.end(),
                                    [&](const LiveFact& live) { return live.uid == uid; });
    return found == history.facts.end() ? nullptr : &*found;
}

/// What can be told as a result: what was found, not what was done or is planned.
bool is_result(const Fact& fact) {
    return !std::holds_alternative<Treatment>(fact.detail) &&
           (std::holds_alternative<Diagnosis>(fact.detail) ||
            std::visit(
                [](const auto& detail) {
                    return rules::is_finding_kind<std::decay_t<decltype(detail)>>;
                },
                fact.detail));
}

void warn_of_telling(const History& history, const Fact& fact, std::vector<Warning>& warnings) {
    const auto* informed = std::get_if<Informed>(&fact.detail);
    if (!informed) return;
    for (const auto& uid : informed->about) {
        const auto* named = find_fact(history, uid);
        if (!named || is_result(named->fact)) continue;
        warnings.push_back(
            {"told_no_result",
             msg("warning.told_no_result", {{"screening_kind", std::string(type_name(named->fact))},
                                            {"number", uid.to_string()}})});
    }
}

void warn_of_feedback(const History& history, const Fact& fact, std::vector<Warning>& warnings) {
    const auto* feedback = std::get_if<ReferralFeedback>(&fact.detail);
    const auto* sent = feedback ? find_fact(history, feedback->referral) : nullptr;
    if (!sent || !fact.at.date || !sent->fact.at.date) return;
    if (fact.at.date->latest() < sent->fact.at.date->earliest())
        warnings.push_back(
            {"feedback_before_referral",
             msg("warning.feedback_before_referral", {{"day", sent->fact.at.date->to_string()}})});
}

/// Normal cells and abnormal ones in one report.
bool contradicts_itself(const Cytology& cytology) {
    const auto& results = cytology.results;
    return std::find(results.begin(), results.end(), CytologyResult::nilm) != results.end() &&
           rules::severity_of(rules::FindingDetail(cytology)) != rules::Severity::none;
}

/// Metastases make stage IV, and nothing else does (TNM 8, breast).
bool contradicts_itself(const Diagnosis& diagnosis) {
    if (!diagnosis.stage || diagnosis.m.empty()) return false;
    const bool has_metastases = diagnosis.m.find('1') != std::string::npos;
    return has_metastases != (diagnosis.stage == BreastStage::iv);
}

void warn_of_report(const Fact& fact, std::vector<Warning>& warnings) {
    if (const auto* cytology = std::get_if<Cytology>(&fact.detail)) {
        const auto& results = cytology->results;
        if (std::find(results.begin(), results.end(), CytologyResult::no_tz) != results.end())
            warnings.push_back({"no_transformation_zone", msg("warning.no_transformation_zone")});
        if (contradicts_itself(*cytology))
            warnings.push_back({"cytology_contradicts", msg("warning.cytology_contradicts")});
    }
    const auto* diagnosis = std::get_if<Diagnosis>(&fact.detail);
    if (diagnosis && contradicts_itself(*diagnosis))
        warnings.push_back({"stage_contradicts", msg("warning.stage_contradicts")});
    const auto* look = std::get_if<Colposcopy>(&fact.detail);
    if (look && !look->impression && look->adequate != false)
        warnings.push_back({"colposcopy_empty", msg("warning.colposcopy_empty")});
    const auto* treatment = std::get_if<Treatment>(&fact.detail);
    if (treatment && !treatment->site && rules::is_course(*treatment))
        warnings.push_back({"therapy_without_site", msg("warning.therapy_without_site")});
    if (const auto* review = std::get_if<SeniorReview>(&fact.detail)) {
        if (review->rank && *review->rank < PhysicianRank::associate_senior)
            warnings.push_back({"review_rank_low", msg("warning.review_rank_low")});
    }
}

}  // namespace

std::optional<Warning> deferral_warning(const rules::Programme& programme, const Fact& fact,
                                        Date today) {
    const auto* deferral = std::get_if<Deferral>(&fact.detail);
    const auto days = programme.follow_up.deferral_days;
    if (!deferral || !deferral->until || programme.pathways.empty() || !is_completed(fact))
        return std::nullopt;
    const auto from = std::min(fact.at.date ? fact.at.date->latest() : today, today);
    if (*deferral->until <= from.plus_days(days)) return std::nullopt;
    return Warning{"deferral_long", msg("warning.deferral_long", {{"days", std::to_string(days)}})};
}

std::optional<Warning> interval_warning(const rules::Programme& programme, const History& history,
                                        const Fact& fact) {
    const auto site = screened_by(fact);
    const bool is_own = !fact.at.source || *fact.at.source == Source::given_here;
    if (!site || !fact.at.date || !is_completed(fact) || !is_own) return std::nullopt;
    const auto* barcode = specimen_of(fact);
    if (barcode && is_specimen_known(history, *barcode)) return std::nullopt;
    const auto day = fact.at.date->latest();
    const auto visit = fact.at.date->earliest().plus_days(-rules::cotest_days);
    const auto last = last_result(history, *site, visit);
    if (!last) return std::nullopt;
    auto before = rules::screening_subject_of(history);
    std::erase_if(before.findings,
                  [&](const rules::Finding& finding) { return finding.date.latest() >= visit; });
    for (std::size_t i = 0; i < programme.pathways.size(); ++i) {
        const auto& pathway = programme.pathways[i];
        if (pathway.site != *site || !pathway.valid.holds_on(day) ||
            !programme.screening[i].in_force.holds_on(day))
            continue;
        const auto decision = rules::decide(pathway, before, day);
        const auto next = next_test_due(decision, day);
        if (!next) continue;
        return Warning{"screened_inside_interval", text_of_early(decision, *last, *next), next};
    }
    return std::nullopt;
}

std::vector<Warning> screening_warnings(const History& history, const Fact& fact) {
    std::vector<Warning> warnings;
    if (!is_completed(fact)) return warnings;
    const bool is_of_cervix =
        screened_by(fact) == ScreenedSite::cervix || rules::find_site(fact) == ScreenedSite::cervix;
    if (is_of_cervix && history.who.sex == Sex::male)
        warnings.push_back({"cervix_of_man", msg("warning.cervix_of_man")});
    warn_of_report(fact, warnings);
    warn_of_telling(history, fact, warnings);
    warn_of_feedback(history, fact, warnings);
    if (is_told_before_report(history, fact))
        warnings.push_back({"told_before_report", msg("warning.told_before_report")});
    if (!fact.at.date) return warnings;
    const auto day = fact.at.date->earliest();
    if (const auto* ultrasound = std::get_if<BreastUltrasound>(&fact.detail))
        warn_of_image(history, *ultrasound, day, warnings);
    if (const auto* mammogram = std::get_if<Mammogram>(&fact.detail))
        warn_of_image(history, *mammogram, day, warnings);
    return warnings;
}

}  // namespace egret::service
