#pragma once

#include "registry/base/date.h"
#include "registry/domain/both_languages.h"
#include "registry/domain/codes.h"
#include "registry/rules/schedule.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret::rules {

/// Whom a free programme takes: what ties her to the place.
enum class ResidenceBasis : std::uint8_t { school_enrolment, household_registration, residence };

/// From when to when a dose of a round is given, both inclusive.
struct DoseWindow {
    int dose_number = 1;
    Date from;
    Date to;

    friend bool operator==(const DoseWindow&, const DoseWindow&) = default;
};

/// One round of a campaign.
struct Round {
    std::string id;
    BothLanguages title;
    std::string area;  // A code of GB/T 2260: she must belong there or below. "" for anywhere.
    std::vector<ResidenceBasis> basis;  // Any of them; none: nothing is asked.
    std::vector<Sex> sexes;
    std::optional<Date> born_from;  // Both inclusive.
    std::optional<Date> born_to;
    std::optional<Period> from_age;  // On the day of the question.
    std::optional<Period> until_age;
    /// When it takes girls: on the day of the question, or of the first dose of those whom a round
    /// without windows has begun.
    InForce open;
    /// None before the first of the windows. Without windows: none but the round's own, which is
    /// told by who paid for it.
    bool needs_no_earlier_dose = false;
    std::vector<DoseWindow> windows;  // Once hers is over, the round takes her no more.
    std::string source;

    friend bool operator==(const Round&, const Round&) = default;
};

/// Whom the programme pays for. A separate question from whether a dose is due.
struct Eligibility {
    std::vector<Round> rounds;

    friend bool operator==(const Eligibility&, const Eligibility&) = default;
};

}  // namespace egret::rules
