#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/schedule.h"
#include "registry/rules/vaccine.h"

#include <optional>
#include <vector>

/// Which doses count: CDSi's chapter 6, one series at a time.
namespace egret::rules {

/// A dose on a known day. The vaccine is one of the catalog; null only for a dose that is assumed
/// for later, of a vaccine that fits.
struct PlacedDose {
    Date day;
    const Vaccine* vaccine = nullptr;
    bool is_substandard = false;
};

struct DoseEvaluation {
    DoseStatus status = DoseStatus::extraneous;
    DoseReason reason = DoseReason::none;
    std::optional<std::size_t> target;       // The target dose that it satisfies.
    std::optional<Date> in_time_from;        // See EvaluatedDose.
    std::size_t held_against = 0;            // The target dose that it was judged for.
    bool is_same_day = false;                // Another dose of its day counts already.
    bool is_never_taken = false;             // The target takes its vaccine at no age.
    bool is_too_early = false;               // By age or interval, whatever else is the reason.
    bool is_too_old = false;                 // Counts, though the source is for younger people.
    DoseReason early_by = DoseReason::none;  // The rule that sets `in_time_from`.
};

enum class TargetStatus : std::uint8_t { open, satisfied, skipped };

struct TargetState {
    TargetStatus status = TargetStatus::open;
    std::size_t dose = 0;  // That satisfied it.
};

/// How far somebody has come in a series.
struct SeriesState {
    std::vector<DoseEvaluation> doses;  // As many as were given, in their order.
    std::vector<TargetState> targets;   // As many as the series has.
    std::size_t next = 0;               // The first open target; their number, if none is open.
    int satisfied = 0;
};

/// Evaluates doses in the order of their days, each given on or after `birth`.
SeriesState evaluate(const Schedule& schedule, const Series& series, Date birth,
                     const std::vector<PlacedDose>& doses);

/// The day from which an interval runs; nothing, if there is no such dose (yet). `before` is the
/// number of doses that count as given by then: those with a smaller index.
std::optional<Date> interval_start(const IntervalRule& rule, const SeriesState& state,
                                   const std::vector<PlacedDose>& doses, std::size_t before);

/// True, if one of the conditions holds for a dose given on `day` after the first `before` doses.
bool is_skipped(const std::vector<SkipCondition>& conditions, const Schedule& schedule, Date birth,
                const std::vector<PlacedDose>& doses, std::size_t before, Date day);

/// The row that is in force, or null.
const AgeRule* age_rule_on(const TargetDose& target, Date day);

}  // namespace egret::rules
