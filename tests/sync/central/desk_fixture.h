#pragma once

#include "sync/central/centre_device.h"
#include "sync/central/desk.h"
#include "tests/support/projected_registry.h"
#include "tests/sync/central/feed_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
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

    /// A girl of the first clinic, who had a dose there.
    WomanId girl() {
        const auto her = new_woman();
        auto made = registration();
        made.who.sex = Sex::female;
        made.who.birth_date = *PartialDate::parse("2012-05-06");
        made.who.area = "350203";
        say(first, her, made);
        dose = say(first, her, Dose{"cvx:118", {}, "A1"});
        return her;
    }

    /// How many had their first dose, by all that was known by the end of that day. The same by
    /// what is kept, and counted again.
    std::int64_t vaccinated(std::optional<Date> known_on = {}) {
        store::CoverageQuestion asked;
        asked.indicator = *coverage::find_indicator("hpv1-by-15");
        asked.query = {{}, {}, {today()}};
        asked.known_on = known_on;
        const auto kept = store->answer_coverage(asked).answer.totals.front().figure;
        asked.by_recount = true;
        CHECK(store->answer_coverage(asked).answer.totals.front().figure == kept);
        return kept.numerator;
    }

    Date today() const { return zone.local_day(clock.now()); }

    void next_day() { clock.set(clock.now() + std::chrono::days{1}); }

    /// All that follows from the facts, byte for byte.
    std::string projections() {
        sqlite::OpenOptions options;
        options.path = db_path();
        options.read_only = true;
        sqlite::Database db(options);
        std::string all;
        for (const char* table : {"woman", "projection", "link_pair", "profile", "indicator_key",
                                  "area_key", "facility_key", "contribution", "delta"})
            all += dump_table(db, table);
        return all;
    }

    /// Those that wait for an officer.
    std::vector<central::SetAside> waiting() {
        auto all = store->set_aside();
        std::erase_if(all, [](const auto& one) { return !one.is_open(); });
        return all;
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
    DeviceId centre = central::load_centre_device(*store, *keys);
    central::CentreDesk desk{*store, centre, zone, clock, random};
    EventUid visit;
    EventUid dose;
};

}  // namespace egret::tests
