#pragma once

#include "registry/domain/history.h"
#include "registry/service/warning.h"

#include <vector>

namespace egret::service {

/// A guardian decides for whoever is younger, in completed years. From China's law on the
/// protection of personal information (PIPL, article 31) by hearsay: NOT VERIFIED, to be confirmed
/// by the programme before it is relied on.
inline constexpr int guardian_decides_below_years = 14;

/// What speaks against giving that dose apart from any protocol: the lot has expired on that day
/// ("lot_expired"), the vial was too warm for too long ("vvm_discard"), it is more or less than a
/// dose of that product is by its label ("volume_odd"), nobody who may has agreed
/// ("consent_missing", with the day if a guardian agreed only later) or somebody has refused
/// ("consent_refused"). Consent with a round is to the doses of that round only. It is asked after
/// for a dose of this clinic's own only: what a card shows was agreed elsewhere.
std::vector<Warning> handling_warnings(const History& history, const Fact& dose);

}  // namespace egret::service
