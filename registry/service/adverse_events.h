#pragma once

#include "registry/base/result.h"
#include "registry/service/clinic.h"
#include "registry/service/warning.h"

#include <optional>
#include <string>
#include <vector>

/// Adverse events following immunization (AEFI), with what her other facts say of the case.
namespace egret::service {

/// Every suspected dose is a dose of hers that holds.
/// Errors: invalid_input with field "doses[i]".
Result<Done> check_suspected(const History& history, const AdverseEvent& event);

/// What is odd about that adverse event: it names no dose ("no_suspected_dose"), or began before
/// one that it names ("onset_before_dose"). Nothing for another kind of fact.
std::vector<Warning> adverse_event_warnings(const History& history, const Fact& fact);

/// That adverse events of hers name a dose that is being voided, with their numbers: their cases
/// will be told without it. Nothing, if none does.
std::optional<Warning> suspected_dose_warning(const History& history, const EventUid& dose);

/// A dose that is suspected, as it holds now.
struct SuspectedDose {
    Dose dose;
    std::optional<PartialDate> date;
    std::string facility;     // Where it was given.
    std::int64_t number = 0;  // As the nurse said, else her how manieth it is in the registry.
};

/// One case: what was recorded of it, and what the registry knows of her anyhow.
struct AdverseCase {
    EventUid event;
    WomanId woman;
    Demographics who;
    AdverseEvent said;
    std::optional<PartialDate> onset;
    std::optional<bool> serious;   // Also if only a criterion was recorded.
    std::optional<bool> pregnant;  // When the first suspected dose was given.
    // Codes of the conditions that were recorded as begun before the day of onset and held on it,
    // without those that are shown by role only.
    std::vector<std::string> conditions;
    std::vector<SuspectedDose> doses;
    std::optional<Date> told_on;  // When the reporter told of it, else when it was written down.
    std::string note;
};

/// Both days inclusive; without one there is no bound.
struct OnsetPeriod {
    std::optional<Date> from;
    std::optional<Date> to;
};

/// Cases whose onset can lie in the period, woman by woman, each in the order of the days: for a
/// file that leaves the registry.
std::vector<AdverseCase> adverse_cases(Clinic& clinic, const Caller& caller,
                                       const OnsetPeriod& period);

}  // namespace egret::service
