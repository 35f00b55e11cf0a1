// A year, and more, without any line: by sticks alone the clinics learn of each other, whatever
// became of the centre meanwhile.

#include "tests/sync/scenarios/by_stick.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace egret {
namespace {

using tests::ByStick;
using tests::fact;

struct StickYear : ByStick {
    /// So that what is recorded has the day that it is.
    void next_month() {
        pass(std::chrono::days{30});
        for (auto* one : {&machine, &other}) {
            auto& registry = one->open();
            const auto today = registry.time_zone().local_day(clock.now());
            if (!registry.recording_day()) REQUIRE(registry.confirm_today(today));
        }
    }

    /// One stick goes from clinic to clinic, and to the centre.
    void carry(bool is_locked) {
        for (auto* one : {&machine, &other}) {
            const auto written =
                is_locked ? locked_write(*one, stick_path()) : write(*one, stick_path());
            CHECK_FALSE(written.sync.report.error);
        }
        const auto visited = visit(stick_path());
        CHECK(visited.machines.size() == 2);
        for (auto* one : {&machine, &other}) {
            const auto taken =
                is_locked ? locked_take(*one, stick_path()) : take(*one, stick_path());
            CHECK_FALSE(taken.sync.report.error);
            CHECK(taken.said.empty());
            CHECK(taken.sync.report.left == 0);
        }
    }

    void check_both_know(const std::vector<WomanId>& women, std::size_t facts) {
        for (const auto& woman : women) {
            CHECK(facts_of(machine, woman) == facts);
            CHECK(facts_of(other, woman) == facts);
        }
        for (auto* one : {&machine, &other}) CHECK(one->open().check(quiet).empty());
    }
};

TEST_SUITE("sync/scenarios/stick_year") {
    TEST_CASE_FIXTURE(StickYear, "a year by sticks: who is cared for elsewhere is known there") {
        std::vector<WomanId> women;
        for (int month = 0; month < 12; ++month) {
            next_month();
            women.push_back(refer(("王小丽" + std::to_string(month)).c_str()));
            carry(month % 2 == 1);
            other.record_of(women.back(), fact("2026-05-01", Visit{}));
            carry(month % 3 == 1);
        }
        check_both_know(women, 3);
        CHECK(centre.store->all_spooled().empty());
        CHECK(centre.count("SELECT count(*) FROM event") == 36);
        // One sync over a line finds nothing left to do.
        is_line_down = false;
        for (auto* one : {&machine, &other}) {
            const auto outcome = whole_sync(*one);
            CHECK(outcome.report.sent == 0);
            CHECK(outcome.received == 0);
        }
    }

    TEST_CASE_FIXTURE(StickYear, "after more than a feed is kept, a stick has all of it anew") {
        std::vector<WomanId> women;
        for (int i = 0; i < 3; ++i) women.push_back(refer(("李桂芳" + std::to_string(i)).c_str()));
        round(machine);
        pass(std::chrono::days{401});
        centre.store->sweep_feeds(centre.clock.now());
        REQUIRE(write(other, stick_path()).sync.report.sent == 0);
        visit(stick_path());
        // That only an open registry takes in.
        const auto closed = locked_take(other, stick_path());
        CHECK(says(closed, "stick.needs_registry"));
        CHECK(closed.sync.fetched == 0);
        CHECK(take(other, stick_path()).sync.received == 6);
        const auto again = take(other, stick_path());
        CHECK(again.sync.received == 0);
        CHECK(again.said.empty());
        check_both_know(women, 2);
        // And goes on from there.
        machine.record_of(women[0], fact("2026-05-01", Visit{}));
        round(machine);
        CHECK(round(other).sync.received == 1);
    }

    TEST_CASE_FIXTURE(StickYear, "half of a snapshot is gone on with, or begun anew") {
        std::vector<WomanId> women;
        for (int i = 0; i < 3; ++i) women.push_back(refer(("陈美华" + std::to_string(i)).c_str()));
        round(machine);
        pass(std::chrono::days{401});
        centre.store->sweep_feeds(centre.clock.now());
        write(other, stick_path());
        visit(stick_path());
        const stick::Stick stick(stick_path());
        for (const auto& name : stick.down()) {
            if (name.kind != sync::StickKind::snapshot) continue;
            auto page = *stick.read(name);
            page.resize(page.size() / 2);
            REQUIRE(stick.write(name, page));
        }
        CHECK(says(take(other, stick_path()), "stick.damaged"));
        CHECK(round(other).sync.received == 6);
        check_both_know(women, 2);
    }

    TEST_CASE_FIXTURE(StickYear, "a centre that was restored is followed again by sticks") {
        const auto first = refer("王小丽");
        carry(false);
        const auto kept = path_of("kept.db");
        keep_centre(kept);
        const auto lost = refer("李桂芳");
        carry(false);
        restore_centre(kept);
        pass(std::chrono::hours{24});
        const auto next = refer("陈美华");
        // Only by its receipt does the clinic know that the centre forgot; the stick after it
        // brings all back.
        visit(stick_path());
        write(machine, stick_path());
        visit(stick_path());
        const auto forgot = take(machine, stick_path());
        CHECK_FALSE(forgot.sync.report.error);
        for (int turn = 0; turn < 3; ++turn) {
            pass(std::chrono::hours{24});
            for (auto* one : {&machine, &other}) write(*one, stick_path());
            visit(stick_path());
            for (auto* one : {&machine, &other})
                CHECK_FALSE(take(*one, stick_path()).sync.report.error);
        }
        for (const auto& woman : {first, lost, next}) {
            CHECK(facts_of(machine, woman) == 2);
            CHECK(facts_of(other, woman) == 2);
        }
        for (auto* one : {&machine, &other}) CHECK(one->open().check(quiet).empty());
        CHECK(centre.count("SELECT count(*) FROM event") == 6);
    }

    TEST_CASE_FIXTURE(StickYear, "a part of the feed that is missing comes with the next stick") {
        const auto first = refer("王小丽");
        round(machine);
        write(other, stick_path());
        visit(stick_path());
        const auto missed = copy_stick("missed");
        CHECK(take(other, stick_path()).sync.received == 2);
        pass(std::chrono::hours{24});
        const auto second = refer("李桂芳");
        round(machine);
        write(other, stick_path());
        visit(stick_path());
        // The same clinic with an older registry: its stick begins after what it has.
        const stick::Stick stick(stick_path());
        for (const auto& name : stick.down()) {
            if (name.kind == sync::StickKind::page && name.device == other.open().device()) {
                CHECK(name.first > 1);
            }
        }
        CHECK(take(other, stick_path()).sync.received == 2);
        // The old stick doesn't bring back what was said before.
        const auto old = take(other, missed);
        CHECK(old.sync.received == 0);
        CHECK(says(old, "stick.old"));
        CHECK(facts_of(other, first) == 2);
        CHECK(facts_of(other, second) == 2);
        CHECK(round(other).sync.received == 0);
    }

    TEST_CASE_FIXTURE(StickYear, "another clinic's machine carries a stick, and learns nothing") {
        const auto woman = refer("王小丽");
        write(machine, stick_path());
        const auto before = tests::uids_in(other.open().database());
        is_line_down = false;
        auto held = client::ClinicLink(other.open(), other.home(), way()).held(quiet);
        REQUIRE(held);
        const client::RelayMeans means{**held, random, [this] { return clock.now(); }, clock.now(),
                                       ""};
        const auto carried = client::relay(stick::Stick(stick_path()), means, way(), quiet);
        CHECK_FALSE(carried.error);
        CHECK(carried.carried == 2);
        CHECK(carried.facts == 2);
        CHECK(carried.refused == 0);
        CHECK(carried.left == 0);
        CHECK(tests::uids_in(other.open().database()) == before);
        CHECK(centre.count("SELECT count(*) FROM event") == 2);
        is_line_down = true;
        CHECK(take(machine, stick_path()).sync.report.acked == 2);
        CHECK(facts_of(machine, woman) == 2);
        // Without a line all stays on the stick.
        machine.record(1);
        write(machine, stick_path());
        const auto cut = client::relay(stick::Stick(stick_path()), means, way(), quiet);
        REQUIRE(cut.error);
        CHECK(cut.left == 2);
        CHECK(cut.carried == 0);
    }
}

}  // namespace
}  // namespace egret
