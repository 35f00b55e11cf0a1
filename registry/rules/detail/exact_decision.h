#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/protocol.h"
#include "registry/rules/subject.h"

#include <vector>

namespace egret::rules::detail {

/// Somebody's doses with every date taken as one day.
struct ExactCase {
    struct Dose {
        const GivenDose* given = nullptr;
        Date day;
    };

    Date birth;
    std::vector<Dose> doses;
};

/// Fills in status, series, doses, actions and warnings, and adds to `not_counted`. `decision.on`
/// is the day of the question.
void decide_exactly(const Protocol& protocol, const Subject& subject, const ExactCase& exact,
                    Decision& decision);

}  // namespace egret::rules::detail
