#include "registry/service/screening_warnings.h"

#include "registry/rules/screening/fulfilment.h"
#include "registry/rules/screening/screening.h"
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
        const auto* next = decision.actions.empty() ? nullptr : &decision.actions.front();
        if (decision.status != rules::ScreeningStatus::up_to_date || !next || !next->due ||
            *next->due <= day)
            continue;
        return Warning{"screened_inside_interval",
                       msg("warning.screened_inside_interval", {{"day", last->day.to_string()},
                                                                {"screening_kind", last->kind},
                                                                {"from", next->due->to_string()}}),
                       next->due};
    }
    return std::nullopt;
}

std::vector<Warning> screening_warnings(const History& history, const Fact& fact) {
    std::vector<Warning> warnings;
    if (!is_completed(fact)) return warnings;
    if (const auto* review = std::get_if<SeniorReview>(&fact.detail)) {
        if (review->rank && *review->rank < PhysicianRank::associate_senior)
            warnings.push_back({"review_rank_low", msg("warning.review_rank_low")});
    }
    if (const auto* cytology = std::get_if<Cytology>(&fact.detail)) {
        const auto& results = cytology->results;
        if (std::find(results.begin(), results.end(), CytologyResult::no_tz) != results.end())
            warnings.push_back({"no_transformation_zone", msg("warning.no_transformation_zone")});
    }
    if (const auto* barcode = specimen_of(fact); barcode && !is_specimen_known(history, *barcode))
        warnings.push_back({"specimen_unknown", msg("warning.specimen_unknown")});
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
