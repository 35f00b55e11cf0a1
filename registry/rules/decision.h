#pragma once

#include "registry/base/date.h"
#include "registry/base/message.h"
#include "registry/domain/both_languages.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a protocol says of somebody on a day.
namespace egret::rules {

/// CDSi's patient series status, and two of ours.
enum class VaccinationStatus : std::uint8_t {
    not_complete,
    complete,
    immune,
    contraindicated,
    aged_out,
    not_recommended,
};

enum class DoseStatus : std::uint8_t { valid, not_valid, extraneous, substandard, inadvertent };

enum class DoseReason : std::uint8_t {
    none,
    too_young,
    too_old,
    interval_too_short,
    product_not_allowed,
    substandard,
    inadvertent,
};

std::string_view to_string(VaccinationStatus status);
std::string_view to_string(DoseStatus status);
std::string_view to_string(DoseReason reason);

/// One dose, evaluated. `dose_number` counts the doses that counted; absent if it didn't.
struct EvaluatedDose {
    PartialDate date;
    std::string product;
    DoseStatus status = DoseStatus::valid;
    DoseReason reason = DoseReason::none;
    std::optional<int> dose_number;
    /// When a dose that came too early would have counted without grace. Absent if it was in time.
    std::optional<Date> in_time_from;
    bool is_same_day = false;                // Doesn't count, for another dose of its day does.
    bool is_never_taken = false;             // The protocol takes its vaccine at no age.
    DoseReason early_by = DoseReason::none;  // The rule that sets `in_time_from`.
    bool is_too_old = false;                 // Counts, though the source is for younger people.

    friend bool operator==(const EvaluatedDose&, const EvaluatedDose&) = default;
};

/// A sentence with the rule that it comes from: from the protocol's own texts, or from the catalog.
struct Why {
    std::string rule;  // "us-cdsi-hpv/2-dose/dose-2/interval"
    std::variant<Message, BothLanguages> text;

    friend bool operator==(const Why&, const Why&) = default;
};

/// A recorded dose that doesn't count, and which rule says so.
struct UncountedDose {
    PartialDate date;
    std::string product;  // As it was recorded.
    Why why;
    std::string lot{};  // "" if it isn't recorded.

    friend bool operator==(const UncountedDose&, const UncountedDose&) = default;
};

enum class ActionCode : std::uint8_t { dose, clinician_decides, none };
std::string_view to_string(ActionCode code);

/// What comes next. All days are inclusive; `overdue_after` is the first overdue day.
struct Action {
    ActionCode code = ActionCode::none;
    std::optional<int> dose_number;
    std::optional<Date> earliest;
    std::optional<Date> due;
    std::optional<Date> overdue_after;
    std::optional<Date> latest;
    std::vector<Why> why;

    friend bool operator==(const Action&, const Action&) = default;
};

/// Whether a free programme takes her, apart from whether a dose is due.
struct EligibilityAnswer {
    enum class Verdict : std::uint8_t { yes, no, unknown };

    Verdict verdict = Verdict::no;
    std::string round;  // Of the round that takes her, or that would if it were known.
    std::vector<Why> why;

    friend bool operator==(const EligibilityAnswer&, const EligibilityAnswer&) = default;
};

std::string_view to_string(EligibilityAnswer::Verdict verdict);

struct Decision {
    std::string protocol;
    std::string version;
    Date on;
    VaccinationStatus status = VaccinationStatus::not_complete;
    std::optional<Why> out_of_force;  // The protocol isn't in force on that day.
    std::string series;               // The one that was followed, "" if none fits.
    /// By day. Those of other vaccines are not among them. Where a day isn't known and the answer
    /// depends on it, as they are if each date stands for its first day.
    std::vector<EvaluatedDose> doses;
    /// By the day of the doses, those of unknown vaccines first. One that is among `problems`
    /// isn't.
    std::vector<UncountedDose> not_counted;
    std::vector<Action> actions;  // The first is the answer.
    /// What counted, but shouldn't have been done so; and remarks on how somebody began.
    std::vector<Why> warnings;
    std::vector<std::string> ignored;  // Codes that the protocol doesn't use.
    std::vector<Message> problems;     // What made a fact unusable.
    std::optional<EligibilityAnswer> eligibility;

    friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace egret::rules
