#include "registry/rules/screening/visits.h"

namespace egret::rules {

std::vector<Visit> visits_of(const ScreeningCase& woman) {
    std::vector<Visit> visits;
    for (std::size_t i = 0; i < woman.findings.size(); ++i) {
        const auto day = woman.findings[i].day;
        if (visits.empty() || visits.back().day.plus_days(cotest_days) < day)
            visits.push_back({day, i, i});
        visits.back().end = i + 1;
    }
    return visits;
}

}  // namespace egret::rules
