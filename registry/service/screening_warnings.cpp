#include "registry/service/screening_warnings.h"

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

}  // namespace

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
    if (!fact.at.date) return warnings;
    const auto day = fact.at.date->earliest();
    if (const auto* ultrasound = std::get_if<BreastUltrasound>(&fact.detail))
        warn_of_image(history, *ultrasound, day, warnings);
    if (const auto* mammogram = std::get_if<Mammogram>(&fact.detail))
        warn_of_image(history, *mammogram, day, warnings);
    return warnings;
}

}  // namespace egret::service
