#include "registry/service/same_day.h"

#include <algorithm>

namespace egret::service {
namespace {

/// Kinds of which one day may have several that are not the same: of two sites, two vessels, two
/// places, two operations.
bool may_differ_on_a_day(const Fact& fact) {
    return std::holds_alternative<Specimen>(fact.detail) ||
           std::holds_alternative<Diagnosis>(fact.detail) ||
           std::holds_alternative<Referral>(fact.detail) ||
           std::holds_alternative<ReferralFeedback>(fact.detail) ||
           std::holds_alternative<Informed>(fact.detail) ||
           std::holds_alternative<Deferral>(fact.detail) ||
           std::holds_alternative<Ceasing>(fact.detail) ||
           std::holds_alternative<Closing>(fact.detail) ||
           std::holds_alternative<Treatment>(fact.detail);
}

/// Kinds that nobody has twice on one day by intention.
bool is_once_a_day(const Fact& fact) {
    return !std::holds_alternative<Flag>(fact.detail) &&
           !std::holds_alternative<Consent>(fact.detail) &&
           !std::holds_alternative<DemographicsChange>(fact.detail) &&
           // Two registrations that are one woman's were linked, not made twice.
           !std::holds_alternative<Register>(fact.detail) &&
           !std::holds_alternative<AdverseEvent>(fact.detail) &&
           !std::holds_alternative<Histology>(fact.detail) &&
           !std::holds_alternative<ProcedureDone>(fact.detail) &&
           !std::holds_alternative<Contact>(fact.detail) &&
           !std::holds_alternative<NewerFact>(fact.detail);
}

/// Where two persons say the same, the second agrees.
bool takes_two(const Fact& fact) {
    return std::holds_alternative<Closing>(fact.detail) ||
           std::holds_alternative<Ceasing>(fact.detail);
}

}  // namespace

bool is_recorded_already(const UserId& author, const History& history, const Fact& fact) {
    if (!fact.at.date || !fact.at.date->is_exact() || !is_completed(fact) || !is_once_a_day(fact))
        return false;
    return std::any_of(history.facts.begin(), history.facts.end(), [&](const LiveFact& live) {
        return live.fact.detail.index() == fact.detail.index() && is_completed(live.fact) &&
               live.fact.at.date == fact.at.date && (!takes_two(fact) || live.author == author) &&
               (!may_differ_on_a_day(fact) || live.fact.detail == fact.detail);
    });
}

}  // namespace egret::service
