#include "registry/rules/screening/detail/reviews.h"

#include "registry/rules/screening/evidence.h"
#include "registry/rules/screening/fulfilment.h"

namespace egret::rules::detail {

bool is_treated_or_seen(const FindingDetail& detail) {
    return std::holds_alternative<Colposcopy>(detail) ||
           std::holds_alternative<Histology>(detail) || std::holds_alternative<Treatment>(detail);
}

bool is_higher_step(const FindingDetail& detail) {
    return is_treated_or_seen(detail) || std::holds_alternative<SeniorReview>(detail);
}

bool is_ended_by(const Finding& finding, const Review& review) {
    if (!fulfils(finding, ScreeningAction::review)) return false;
    const auto& detail = finding.detail;
    if (review.is_suspicion) {
        const auto* treatment = std::get_if<Treatment>(&detail);
        return std::holds_alternative<Colposcopy>(detail) || rules::tells_tissue(finding) ||
               (treatment && takes_tissue(*treatment));
    }
    const bool is_test = std::holds_alternative<HpvTest>(detail) ||
                         std::holds_alternative<Cytology>(detail) ||
                         std::holds_alternative<BreastUltrasound>(detail) ||
                         std::holds_alternative<Mammogram>(detail);
    return (review.kinds >> detail.index() & 1U) != 0 || is_higher_step(detail) ||
           (is_test && !review.is_positive);
}

}  // namespace egret::rules::detail
