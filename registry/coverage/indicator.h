#pragma once

#include "registry/base/date.h"
#include "registry/base/result.h"
#include "registry/coverage/case_rule.h"
#include "registry/domain/both_languages.h"
#include "registry/domain/codes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::coverage {

/// The facts that may make a woman count.
enum class CountedEvent : std::uint8_t {
    dose,
    hpv_test,
    cytology,
    via,
    breast_ultrasound,
    mammogram
};

/// Completed years of life, both included: {35, 64} is from the 35th birthday up to the day before
/// the 65th.
struct AgeRange {
    int from = 0;
    int to = 0;

    friend bool operator==(const AgeRange&, const AgeRange&) = default;
};

/// Birth dates, both included.
struct BirthRange {
    std::optional<Date> from;
    std::optional<Date> to;

    friend bool operator==(const BirthRange&, const BirthRange&) = default;
};

/// Whether any completed dose counts, or only what counts under a protocol.
enum class DosesCounted : std::uint8_t { any, valid };

/// How far somebody has come under a protocol: the first dose that counts, or all of a series.
enum class Reach : std::uint8_t { first, complete };

/// The day on which she came so far under a protocol (see SeriesDays). Only doses with a date.
struct SeriesRule {
    std::string protocol;  // An id; its newest version.
    Reach reach = Reach::complete;

    friend bool operator==(const SeriesRule&, const SeriesRule&) = default;
};

/// A stretch of days after the first dose's day, both included.
struct AfterFirst {
    Period from;
    Period to;

    friend bool operator==(const AfterFirst&, const AfterFirst&) = default;
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

    // Those of one day are one; what is said of the first or the n-th counts by these days.
    std::optional<int> nth{};               // The n-th alone, from 1; each, if absent.
    std::optional<int> first_before_age{};  // Only if the first is before that birthday.
    // Of doses.
    std::string round{};                      // Only those of this campaign round.
    std::optional<AfterFirst> after_first{};  // Only in this time after the first.
    std::optional<SeriesRule> series{};  // Not doses, but the day on which a series got so far.

    std::optional<Period> longer_ago_than{};  // Only from the day after so long has passed.
    bool lasts_calendar_year = false;         // Up to the last day of its year; `lasts` is absent.

    friend bool operator==(const CountingRule&, const CountingRule&) = default;
};

/// Who belongs, beside what holds for every indicator: registered (from the day of registration
/// on), alive (until the day before the day of death) and resident. An unknown birth date is in no
/// range of ages or birth dates.
struct Population {
    std::vector<Sex> sexes;       // Anybody, if empty.
    bool needs_cervix = false;    // On the day: no `no_cervix` flag is in force.
    std::optional<AgeRange> age;  // On the day.
    /// The age that she reaches in the calendar year of the day: the cohort of a programme that
    /// takes girls by their year of birth.
    std::optional<AgeRange> age_reached_in_year{};
    std::optional<BirthRange> born{};
    std::vector<CountingRule> any_of{};  // On the day, she fits at least one, if there are any.
    std::string flag{};                  // On the day this flag is in force, if there is one.

    friend bool operator==(const Population&, const Population&) = default;
};

/// What is counted.
enum class Counts : std::uint8_t {
    women,  // Who belongs on a day, and who of them counts on that day.
    cases,  // What happened in a period, and of how much of it something else is true.
    times,  // What happened in a period, and how long it took until something else.
};

/// A number in tenths, both included: {73, 142} is from 7.3 to 14.2.
struct Bounds {
    std::optional<int> from_tenths;
    std::optional<int> to_tenths;

    friend bool operator==(const Bounds&, const Bounds&) = default;
};

/// In what a time is shown. It is counted in days; a year has 365.25 of them.
enum class TimeUnit : std::uint8_t { days, years };

/// What a figure means: who belongs (denominator), and which of them count (numerator), on any day;
/// or, of cases and times, which facts are cases, and which of these count or how long they took.
/// A date that is not known to the day stands for its earliest day; the end of a flag's span for
/// its last.
///
/// A case is of the day of its fact. Beside what `population` asks of her on that day she must be
/// resident then, and registered at some time: what is known of the time before is not left out.
struct Indicator {
    std::string id;
    std::string version;
    BothLanguages title;
    BothLanguages description;
    BothLanguages source;
    BothLanguages denominator_text;     // Who belongs, in a few words.
    BothLanguages numerator_text;       // Who of these counts.
    std::optional<DosesCounted> doses;  // Set if a rule is about doses.
    Population population;
    // One of these is empty.
    std::vector<CountingRule> any_of;   // Of the population on the day, who fits at least one.
    std::vector<CountingRule> none_of;  // Of the population on the day, who fits none.

    Counts counts = Counts::women;
    std::optional<CaseDefinition> cases{};  // Of cases and times.
    int per = 100;                          // The figure is of so many.
    std::optional<Bounds> target{};         // Where it should be.
    std::optional<Bounds> reference{};      // Where it usually is.
    TimeUnit unit = TimeUnit::days;         // Of times.

    friend bool operator==(const Indicator&, const Indicator&) = default;
};

/// True, if what both count as their denominator is the same for everybody.
bool have_same_denominator(const Indicator& a, const Indicator& b);

/// The protocols by which the indicator's doses are judged, by id, each once.
std::vector<std::string> protocols_of(const Indicator& indicator);

/// The indicators that the program carries, by id.
const std::vector<Indicator>& known_indicators();

/// One of known_indicators(). Lives as long as the program.
/// Errors: not_found, with the id that was probably meant, be it one of known_stock_indicators();
/// for one of those itself, with who answers it.
Result<const Indicator*> find_indicator(std::string_view id);

}  // namespace egret::coverage
