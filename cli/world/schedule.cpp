#include "cli/world/schedule.h"

#include <algorithm>

namespace egret::world {

void Schedule::add(std::uint64_t person, const Life& life) {
    for (std::size_t i = 0; i < life.entries.size(); ++i) {
        const auto& entry = life.entries[i];
        slots_.push_back({entry.day.days(), static_cast<std::uint32_t>(entry.clinic),
                          static_cast<std::uint32_t>(person), static_cast<std::uint32_t>(i)});
    }
}

void Schedule::for_each_day(const std::function<void(Day)>& visit) {
    std::sort(slots_.begin(), slots_.end());
    auto slot = slots_.begin();
    for (auto day = world_.first_day(); day <= world_.last_day(); day = day.plus_days(1)) {
        Day all{day, {}, {}};
        while (slot != slots_.end() && slot->day == day.days()) {
            if (all.work.empty() || all.work.back().clinic != slot->clinic)
                all.work.push_back({day, slot->clinic, {}});
            // A person's entries of a day stand together.
            auto life = world_.life(slot->person);
            const auto same_person = [&, person = slot->person](const Slot& other) {
                return other.day == day.days() && other.person == person &&
                       other.clinic == all.work.back().clinic;
            };
            for (; slot != slots_.end() && same_person(*slot); ++slot)
                all.work.back().entries.push_back(std::move(life.entries[slot->entry]));
        }
        for (std::size_t clinic = 0; clinic < world_.clinics().size(); ++clinic) {
            if (world_.syncs_on(clinic, day)) all.syncing.push_back(clinic);
        }
        visit(std::move(all));
    }
}

}  // namespace egret::world
