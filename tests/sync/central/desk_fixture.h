#pragma once

#include "sync/central/centre_device.h"
#include "sync/central/desk.h"
#include "tests/sync/central/feed_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace egret::tests {

/// Two clinics that are told of women, and an officer at the centre.
struct DeskFixture : FeedFixture {
    DeskFixture() { REQUIRE(desk.add_user("Chen", central::CentreRole::officer)); }

    /// Registered at the first clinic, with one visit there.
    WomanId patient() {
        const auto woman = new_woman();
        say(first, woman, registration());
        visit = say(first, woman, Visit{});
        return woman;
    }

    /// What the centre makes of her.
    History history_of(const WomanId& woman) {
        sqlite::OpenOptions options;
        options.path = db_path();
        options.busy_timeout_ms = 5000;
        sqlite::Database db(options);
        store::EventLog log(db);
        store::Components components(log, db);
        return store::history_of(components.read_woman(woman));
    }

    bool holds(const WomanId& woman, const EventUid& event) {
        const auto history = history_of(woman);
        return std::any_of(history.facts.begin(), history.facts.end(),
                           [&](const LiveFact& fact) { return fact.uid == event; });
    }

    std::vector<central::Fault> check() {
        NoProgress nobody;
        return store->check(folder.file("copy.db"), zone.local_day(clock.now()), nobody);
    }

    std::set<std::string> fault_kinds() {
        std::set<std::string> kinds;
        for (const auto& fault : check()) kinds.insert(fault.kind);
        return kinds;
    }

    template <class T>
    static std::string refusal(const Result<T>& result) {
        return result ? "" : result.error().message.id;
    }

    std::string first_clinic = add_clinic();
    std::string second_clinic = add_clinic();
    Machine first = join(first_clinic);
    Machine second = join(second_clinic);
    Follower at_first = follower(first);
    Follower at_second = follower(second);
    DeviceId centre = central::load_centre_device(*store, *keys, random);
    central::CentreDesk desk{*store, centre, zone, clock, random};
    EventUid visit;
};

}  // namespace egret::tests
