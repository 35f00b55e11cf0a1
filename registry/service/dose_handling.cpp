#include "registry/service/dose_handling.h"

namespace egret::service {
namespace {

/// WHO: where the inner square is as dark as the ring or darker, the vial is not used any more.
constexpr std::int64_t vvm_discard_from = 3;

void warn_of_vial(const Dose& dose, Date day, std::vector<Warning>& warnings) {
    if (dose.expires_on && dose.expires_on->latest() < day)
        warnings.push_back({"lot_expired", msg("warning.lot_expired")});
    if (dose.vvm_stage && *dose.vvm_stage >= vvm_discard_from)
        warnings.push_back({"vvm_discard", msg("warning.vvm_discard")});
}

}  // namespace

std::vector<Warning> handling_warnings(const History&, const Fact& fact) {
    std::vector<Warning> warnings;
    const auto* dose = std::get_if<Dose>(&fact.detail);
    if (!dose || !fact.at.date || !is_completed(fact)) return warnings;
    warn_of_vial(*dose, fact.at.date->latest(), warnings);
    return warnings;
}

}  // namespace egret::service
