#pragma once

#include "cli/world/plain_world.h"
#include "registry/base/date.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace egret::world {

/// What one clinic types in on one day.
struct ClinicDay {
    Date day;
    std::size_t clinic = 0;
    std::vector<Entry> entries;
};

/// The work of all clinics in the order of its days. Keeps sixteen bytes an entry, not the entries:
/// they are made again when their day comes.
class Schedule {
public:
    explicit Schedule(const PlainWorld& world) : world_(world) {}

    /// Each person once, in any order, before the first for_each_day().
    void add(std::uint64_t person, const Life& life);

    std::uint64_t entry_count() const noexcept { return slots_.size(); }

    struct Day {
        Date day;
        std::vector<ClinicDay> work;       // By clinic; only those that have any.
        std::vector<std::size_t> syncing;  // The clinics that send after work.
    };

    /// Every day of the world, also those without work.
    void for_each_day(const std::function<void(Day)>& visit);

private:
    struct Slot {
        std::int32_t day;
        std::uint32_t clinic;
        std::uint32_t person;
        std::uint32_t entry;  // Its place in the person's entries.

        friend auto operator<=>(const Slot&, const Slot&) = default;
    };

    const PlainWorld& world_;
    std::vector<Slot> slots_;
};

}  // namespace egret::world
