#pragma once

#include "registry/base/date.h"
#include "registry/base/result.h"
#include "registry/domain/both_languages.h"
#include "registry/domain/codes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::coverage {

/// The facts that may make a woman count.
enum class CountedEvent : std::uint8_t { dose, hpv_test, cytology, via };

/// Completed years of life, both included: {35, 64} is from the 35th birthday up to the day before
/// the 65th.
struct AgeRange {
    int from = 0;
    int to = 0;

    friend bool operator==(const AgeRange&, const AgeRange&) = default;
};

/// Who belongs, beside what holds for every indicator: registered (from the day of registration
/// on), alive (until the day before the day of death) and resident.
struct Population {
    std::vector<Sex> sexes;       // Anybody, if empty.
    bool needs_cervix = false;    // On the day: no `no_cervix` flag is in force.
    std::optional<AgeRange> age;  // On the day. An unknown birth date is in no range.

    friend bool operator==(const Population&, const Population&) = default;
};

/// One way to count: a completed fact of that kind, from its day on.
struct CountingRule {
    CountedEvent event = CountedEvent::dose;
    std::optional<int> before_age;   // Only if before the birthday of that age.
    std::optional<Period> lasts;     // Up to the day before it has passed; for ever if absent.
    bool substandard_counts = true;  // Of doses.
    /// Of tests: at least one of the fact's results must be one of `results`, if there are any;
    /// at least one must be none of `results_except`, if there are any.
    std::vector<std::string> results;
    std::vector<std::string> results_except;

    friend bool operator==(const CountingRule&, const CountingRule&) = default;
};

/// What a figure means: who belongs (denominator), and which of them count (numerator), on any day.
/// A date that is not known to the day stands for its earliest day; the end of a flag's span for
/// its last.
struct Indicator {
    std::string id;
    std::string version;
    BothLanguages title;
    BothLanguages description;
    BothLanguages source;
    Population population;
    std::vector<CountingRule> any_of;  // Of the population on the day, who fits at least one.

    friend bool operator==(const Indicator&, const Indicator&) = default;
};

/// The indicators that the program carries, by id.
const std::vector<Indicator>& known_indicators();

/// One of known_indicators(). Lives as long as the program.
/// Errors: not_found, with the id that was probably meant.
Result<const Indicator*> find_indicator(std::string_view id);

}  // namespace egret::coverage
