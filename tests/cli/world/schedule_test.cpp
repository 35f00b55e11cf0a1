#include "cli/world/schedule.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace egret::world {
namespace {

std::vector<Schedule::Day> days_of(const PlainWorld& world) {
    Schedule schedule(world);
    for (std::uint64_t i = 0; i < world.plan().persons; ++i) schedule.add(i, world.life(i));
    std::vector<Schedule::Day> days;
    schedule.for_each_day([&](Schedule::Day day) { days.push_back(std::move(day)); });
    return days;
}

}  // namespace

TEST_SUITE("cli/world/schedule") {
    TEST_CASE("every entry has its one day, its clinic and, for each person, its turn") {
        const PlainWorld world({300, 5, 3, 8});
        std::map<WomanId, std::vector<EventUid>> typed;
        for (const auto& day : days_of(world)) {
            std::set<std::size_t> clinics;
            for (const auto& work : day.work) {
                CHECK(work.day == day.day);
                CHECK(clinics.insert(work.clinic).second);
                for (const auto& entry : work.entries) {
                    CHECK(entry.day == day.day);
                    CHECK(entry.clinic == work.clinic);
                    typed[entry.subject].push_back(entry.uid);
                }
            }
        }
        std::size_t subjects = 0;
        for (std::uint64_t i = 0; i < 300; ++i) {
            const auto life = world.life(i);
            std::map<WomanId, std::vector<EventUid>> planned;
            for (const auto& entry : life.entries) planned[entry.subject].push_back(entry.uid);
            for (auto& [subject, uids] : planned) {
                ++subjects;
                // Of two clinics on one day it is not fixed whose comes first.
                std::sort(uids.begin(), uids.end());
                std::sort(typed[subject].begin(), typed[subject].end());
                CHECK(typed[subject] == uids);
            }
        }
        CHECK(typed.size() == subjects);
    }

    TEST_CASE("nobody's record is begun after it is gone on with at her clinic") {
        const PlainWorld world({300, 5, 3, 8});
        std::set<WomanId> begun;
        std::set<WomanId> too_early;
        for (const auto& day : days_of(world)) {
            for (const auto& work : day.work) {
                for (const auto& entry : work.entries) {
                    if (std::holds_alternative<Register>(entry.fact.detail))
                        begun.insert(entry.subject);
                    if (!begun.contains(entry.subject)) too_early.insert(entry.subject);
                }
            }
        }
        CHECK(too_early.empty());
    }

    TEST_CASE("clinics sync about weekly, some of them weeks late, all on the last day") {
        const PlainWorld world({0, 10, 2, 1});
        std::map<std::size_t, int> syncs;
        std::map<std::size_t, Date> last;
        int longest_days = 0;
        const auto days = days_of(world);
        for (const auto& day : days) {
            for (const auto clinic : day.syncing) {
                ++syncs[clinic];
                if (last.contains(clinic))
                    longest_days = std::max(longest_days, day.day.days() - last[clinic].days());
                last[clinic] = day.day;
            }
        }
        CHECK(days.back().day == world.last_day());
        CHECK(days.back().syncing.size() == 10);
        CHECK(longest_days >= 28);
        for (const auto& [clinic, number] : syncs) {
            const auto& name = clinic;  // clang++ 14 captures no structured binding.
            CAPTURE(name);
            CHECK(number > (clinic % 5 == 3 ? 10 : 80));
            CHECK(number < (clinic % 5 == 3 ? 50 : 106));
        }
    }
}

}  // namespace egret::world
