#pragma once

#include "cli/world/life.h"
#include "registry/base/date.h"
#include "registry/codec/person_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace egret::world {

struct WorldPlan {
    std::uint64_t persons = 0;  // Women and girls, and a few boys among them.
    std::size_t clinics = 1;
    int years = 5;
    std::uint64_t seed = 1;
};

struct WorldClinic {
    std::string code;  // As the centre will call it: "C001", "C002", …
    std::string name;
    std::string area;  // One of the six districts of Xiamen.
};

/// An invented world of clinics and people, made from its plan alone: the same plan gives the same
/// world on every machine. Ends on a fixed day.
///
/// People are not kept: each life is made when it is asked for, in any order.
class PlainWorld {
public:
    /// `clinics` and `years` are at least 1.
    explicit PlainWorld(const WorldPlan& plan);

    const WorldPlan& plan() const noexcept { return plan_; }

    const std::vector<WorldClinic>& clinics() const noexcept { return clinics_; }

    Date first_day() const noexcept { return first_day_; }

    Date last_day() const noexcept { return last_day_; }

    /// `person` is below plan().persons.
    Life life(std::uint64_t person) const;

    /// The first day, `from` or later, on which the clinic types in records: two days a week.
    Date session_from(std::size_t clinic, Date from) const;

    /// Whether the clinic sends what it has after that day's work: once a week as a rule, some
    /// clinics weeks late, all of them on the last day.
    bool syncs_on(std::size_t clinic, Date day) const;

private:
    WorldPlan plan_;
    Date first_day_;
    Date last_day_;
    std::vector<WorldClinic> clinics_;
};

/// The person file's line of what is true of her in the end. Each event has its facility, the day
/// on which it was recorded and its uid.
codec::Person true_person(const Life& life, const PlainWorld& world);

}  // namespace egret::world
