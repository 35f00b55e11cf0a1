#include "registry/rules/screening/detail/known_cancer.h"

#include "registry/rules/screening/evidence.h"

namespace egret::rules::detail {

void KnownCancer::note(const ScreeningCase& woman, const Visit& part, bool is_followed) {
    is_known_ = is_known_ && !is_followed;
    was_operated_ = was_operated_ && is_known_;
    for (auto i = part.first; i < part.end; ++i) {
        const auto& exact = woman.findings[i];
        if (exact.finding->is_told) continue;
        const auto* treatment = std::get_if<Treatment>(&exact.finding->detail);
        const bool is_operation =
            treatment && takes_tissue(*treatment) && treats_cancer(*treatment, !woman.breast);
        was_operated_ = was_operated_ || (is_known_ && is_operation);
        is_known_ = is_known_ || is_known_cancer(exact, woman.breast);
    }
}

KnownBefore KnownCancer::before(const std::vector<Owed>& open) const {
    KnownBefore before{false, false, is_known_, was_operated_};
    for (const auto& owed : open) {
        if (is_treatment(owed.action.code)) {
            before.is_proven = before.is_proven || owed.is_reported;
            before.has_cancer = before.has_cancer || owed.is_cancer_reported;
        } else if (!owed.not_before && was_operated_) {
            before.had_cancer = false;
        }
    }
    return before;
}

}  // namespace egret::rules::detail
