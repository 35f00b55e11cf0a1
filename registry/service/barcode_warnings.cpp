#include "registry/service/barcode_warnings.h"

#include "registry/rules/screening/visits.h"
#include "registry/service/named_facts.h"

#include <algorithm>

namespace egret::service {
namespace {

bool is_of_another(Clinic& clinic, const History& history, const std::string& barcode) {
    const auto women = clinic.search().women_with_barcode(barcode);
    return std::any_of(women.begin(), women.end(), [&](const WomanId& woman) {
        return std::find(history.members.begin(), history.members.end(), woman) ==
               history.members.end();
    });
}

/// Of her specimens with that barcode.
std::vector<PartialDate> days_taken(const History& history, const std::string& barcode) {
    std::vector<PartialDate> days;
    for (const auto& live : history.facts) {
        const auto* specimen = std::get_if<Specimen>(&live.fact.detail);
        if (specimen && specimen->barcode == barcode && is_completed(live.fact) &&
            live.fact.at.date)
            days.push_back(*live.fact.at.date);
    }
    return days;
}

bool are_of_two_visits(const PartialDate& one, const PartialDate& other) {
    return one.latest().plus_days(rules::cotest_days) < other.earliest() ||
           other.latest().plus_days(rules::cotest_days) < one.earliest();
}

bool has_two_visits(const std::vector<PartialDate>& days) {
    return std::any_of(days.begin(), days.end(), [&](const PartialDate& day) {
        return are_of_two_visits(day, days.front());
    });
}

}  // namespace

std::vector<Warning> barcode_warnings(Clinic& clinic, const History& history, const Fact& fact) {
    if (!is_completed(fact)) return {};
    const auto* taken = std::get_if<Specimen>(&fact.detail);
    const auto* named = taken ? &taken->barcode : specimen_of(fact);
    if (!named || named->empty()) return {};
    std::vector<Warning> warnings;
    const bool is_anothers = is_of_another(clinic, history, *named);
    auto days = days_taken(history, *named);
    if (is_anothers && taken)
        warnings.push_back({"barcode_of_another", msg("warning.specimen_of_another")});
    else if (is_anothers)
        warnings.push_back({"barcode_of_another", msg("warning.result_of_another")});
    else if (!taken && days.empty())
        warnings.push_back({"specimen_unknown", msg("warning.specimen_unknown")});
    if (taken && fact.at.date) days.push_back(*fact.at.date);
    if (has_two_visits(days) && taken)
        warnings.push_back({"barcode_twice", msg("warning.specimen_twice")});
    else if (has_two_visits(days))
        warnings.push_back({"barcode_twice", msg("warning.result_of_two")});
    return warnings;
}

}  // namespace egret::service
