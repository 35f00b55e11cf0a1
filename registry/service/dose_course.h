#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/warning.h"

#include <optional>
#include <vector>

/// What a dose changes of the whole: of how many are needed, and of which others count.
namespace egret::service {

/// That the dose counts, but more are needed in all than if it were given when the protocol has it:
/// a shorter series is left for a longer one ("longer_course", with the day from which it would be
/// fine). Nothing, if it isn't so. `before` doesn't have the dose.
std::optional<Warning> longer_course_warning(const rules::Protocol& protocol,
                                             const rules::Subject& before,
                                             const rules::GivenDose& dose);

/// That other doses of hers count today, and would count no more, with their days
/// ("dose_loses_place"). `rest` is her history without the dose that is recorded, corrected or
/// voided; `was` is what that one said so far, null if it is new; `is` what it will say, null if it
/// is voided. Nothing for a fact that is no dose.
std::optional<Warning> lost_dose_warning(const rules::Programme& programme, const History& rest,
                                         const LiveFact* was, const Fact* is, Date today);

/// The same of doses that count in `one` or in `other`, two persons' records, and would count no
/// more in `both`, as which they are linked. Doses of one day are taken for one.
std::optional<Warning> lost_by_link_warning(const rules::Programme& programme, const History& one,
                                            const History& other, const History& both, Date today);

}  // namespace egret::service
