#pragma once

#include "registry/base/date.h"
#include "registry/domain/history.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::rules {

/// A flag as rules see it. An open end stands for "until further notice".
struct SubjectFlag {
    std::string code;
    std::optional<PartialDate> from;
    std::optional<PartialDate> to;

    /// By the first day that `from` can mean and the last that `to` can.
    bool holds_on(Date day) const {
        return (!from || from->earliest() <= day) && (!to || day <= to->latest());
    }

    friend bool operator==(const SubjectFlag&, const SubjectFlag&) = default;
};

/// A completed dose.
struct GivenDose {
    PartialDate date;
    std::string product;
    bool is_substandard = false;
    std::optional<DoseFunding> funding{};  // Who paid for it, if that was recorded.
    std::string lot{};                     // "" if it isn't recorded.
    /// It is substandard by what was decided on its lot; the record itself doesn't say so.
    bool is_by_lot = false;

    friend bool operator==(const GivenDose&, const GivenDose&) = default;
    friend auto operator<=>(const GivenDose&, const GivenDose&) = default;
};

/// A completed dose of which nobody recorded the day.
struct UndatedDose {
    std::string product;  // "" if it isn't recorded.
    std::string lot{};    // As above.

    friend bool operator==(const UndatedDose&, const UndatedDose&) = default;
    friend auto operator<=>(const UndatedDose&, const UndatedDose&) = default;
};

/// What the rules of vaccination see of a person: nothing that names her.
struct Subject {
    std::optional<PartialDate> birth_date;
    Sex sex = Sex::unknown;
    std::vector<SubjectFlag> flags;
    std::vector<GivenDose> doses;  // In any order.
    std::vector<UndatedDose> undated_doses;
    std::string area;            // Home, "" if not known.
    std::string household_area;  // Where her household is registered, "" if not known.
    std::string school_area;     // Where she goes to school, "" if not known.
    bool goes_to_school = false;

    friend bool operator==(const Subject&, const Subject&) = default;
};

/// From who somebody is and the facts that hold of her (not voided, as last corrected). Facts that
/// say of themselves that they don't count are left out.
Subject subject_of(const Demographics& who, const std::vector<const Fact*>& facts);
Subject subject_of(const History& history);

/// True of a fact that subject_of takes something from, or that says who the person is. The rules
/// of vaccination pass over all others.
bool is_seen_by_vaccination(const Fact& fact);

}  // namespace egret::rules
