#pragma once

#include "registry/base/date.h"
#include "registry/domain/both_languages.h"
#include "registry/domain/codes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// A vaccination schedule as data, after CDC's clinical decision support for immunization (CDSi,
/// Logic Specification 4.5). Spans of ages are added to the birth date, spans of intervals to the
/// day of an earlier dose.
namespace egret::rules {

/// From and to which day a row is in force, both inclusive. Compared with the day of the dose when
/// a dose is evaluated, with the day of the question when the next one is forecast (RELEVANT-1,
/// -2).
struct InForce {
    std::optional<Date> from;
    std::optional<Date> to;

    bool holds_on(Date day) const { return (!from || *from <= day) && (!to || day <= *to); }

    friend bool operator==(const InForce&, const InForce&) = default;
};

/// When a dose may be given. Below `absolute_minimum` it doesn't count; up to `minimum` it counts
/// by grace; `recommended` is when it is due; from the day before `latest` on it is overdue. What
/// is absent doesn't limit.
struct Window {
    std::optional<Period> absolute_minimum;
    std::optional<Period> minimum;
    std::optional<Period> recommended;
    std::optional<Period> latest;

    friend bool operator==(const Window&, const Window&) = default;
};

struct AgeRule {
    Window window;
    std::optional<Period> maximum;  // Too old from this age on.
    /// The source says until which age the dose is meant, not that an older one's counts for
    /// nothing: it counts, and is warned of. No dose is forecast from `maximum` on all the same.
    bool counts_when_older = false;
    InForce in_force;

    friend bool operator==(const AgeRule&, const AgeRule&) = default;
};

struct IntervalRule {
    Window window;
    /// The target dose (from 1) from whose day the interval runs; 0: from the dose before.
    int from_target = 0;
    InForce in_force;

    friend bool operator==(const IntervalRule&, const IntervalRule&) = default;
};

/// A vaccine that a dose may be of, at ages in [from_age, until_age).
struct VaccineRule {
    std::string vaccine;  // A code of the catalog; products that are a case of it fit too.
    std::optional<Period> from_age;
    std::optional<Period> until_age;
    bool is_preferred = false;

    friend bool operator==(const VaccineRule&, const VaccineRule&) = default;
};

/// A reason to do without a target dose.
struct SkipCondition {
    /// The dose in question (or the day of the question) is at least this long after the dose
    /// before it.
    std::optional<Period> interval;
    /// More than so many doses came before, counting all that were given at `from_age` or older.
    std::optional<int> more_than;
    std::optional<Period> from_age;
    std::vector<std::string> vaccines;  // That count. Any, if empty.

    friend bool operator==(const SkipCondition&, const SkipCondition&) = default;
};

/// One dose that a series asks for.
struct TargetDose {
    std::vector<AgeRule> ages;            // At most one is in force on a day.
    std::vector<IntervalRule> intervals;  // All that are in force must hold.
    std::vector<VaccineRule> vaccines;
    std::vector<std::string> inadvertent;  // Vaccines that must not be given to these people.
    std::vector<SkipCondition> skip_dose;  // When a dose is evaluated: any of them.
    std::vector<SkipCondition> skip_next;  // When the next dose is forecast: any of them.

    friend bool operator==(const TargetDose&, const TargetDose&) = default;
};

/// For whom a risk series is, at ages in [from_age, until_age) on the day of the question.
struct Indication {
    std::vector<std::string> flags;  // Any of them.
    std::optional<Period> from_age;
    std::optional<Period> until_age;

    friend bool operator==(const Indication&, const Indication&) = default;
};

/// Where the source leaves the decision about the next dose to a person.
struct LeftOpen {
    std::string id;                  // Of the rule, below its series.
    int doses = 0;                   // With so many target doses satisfied.
    std::vector<Sex> sexes;          // Any, if empty.
    std::optional<Period> from_age;  // On the day of the question.
    BothLanguages text;

    friend bool operator==(const LeftOpen&, const LeftOpen&) = default;
};

struct Series {
    std::string id;  // "2-dose"
    BothLanguages title;
    std::vector<Sex> sexes;  // Any, if empty.
    std::string group;       // One series is chosen in each group.
    /// Groups whose answer makes this one's superfluous (CDSi: equivalent series groups).
    std::vector<std::string> equivalent_groups;
    bool is_risk = false;
    bool is_default = false;  // The answer for those without a valid dose.
    int preference = 0;       // The smaller, where all else is equal.
    std::optional<Period> min_age_to_start;
    std::optional<Period> max_age_to_start;
    std::vector<Indication> indications;  // Of a risk series.
    std::vector<LeftOpen> left_open;
    std::vector<TargetDose> doses;

    friend bool operator==(const Series&, const Series&) = default;
};

/// While one of the flags is in force, no dose is advised.
struct Contraindication {
    std::string id;
    std::vector<std::string> flags;
    bool clinician_decides = false;  // The source asks for a decision, rather than saying no.
    BothLanguages text;

    friend bool operator==(const Contraindication&, const Contraindication&) = default;
};

/// A remark of the source for people of an age, in [from_age, until_age) on the day of the
/// question.
struct Guidance {
    std::string id;
    std::optional<Period> from_age;
    std::optional<Period> until_age;
    /// Only for those who were of that age at their first valid dose, or would be now. Of these it
    /// is said also once they are complete.
    std::optional<Period> begun_from_age;
    BothLanguages text;

    friend bool operator==(const Guidance&, const Guidance&) = default;
};

struct Schedule {
    MissingDay missing_day = MissingDay::roll;
    /// Added to the day of `latest` to give the first overdue day: -1 by CDC's rule
    /// (FORECASTRECPASTDUE: past due is the day before).
    int overdue_shift_days = -1;
    /// Every recorded dose satisfies the next target dose, whenever it was given (WHO's tables
    /// count doses); one that came too early is named in the decision's warnings. Doses of one day
    /// are one visit and count once: the tables speak of the time since the last dose.
    bool counts_recorded = false;
    std::vector<std::string> vaccines;  // What it is about; other vaccines are passed over.
    std::vector<Series> series;
    std::vector<Contraindication> contraindications;
    std::vector<Guidance> guidance;

    friend bool operator==(const Schedule&, const Schedule&) = default;
};

}  // namespace egret::rules
