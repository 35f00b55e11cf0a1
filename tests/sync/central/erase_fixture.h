#pragma once

#include "registry/codec/event_codec.h"
#include "registry/coverage/indicator.h"
#include "registry/store/recount_all.h"
#include "sync/central/centre_device.h"
#include "sync/central/desk.h"
#include "tests/support/random_life.h"
#include "tests/sync/central/feed_fixture.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace egret::tests {

/// A centre with keys of women, two clinics that are told of them, and an officer.
struct EraseFixture : FeedFixture {
    static constexpr auto canary = "Zqxwvk Canaria";
    static constexpr auto canary_number = "E81230945";

    EraseFixture() : FeedFixture(true) {
        REQUIRE(desk.add_user("Chen", central::CentreRole::officer));
    }

    static Register named(const std::string& name, const char* born = "1990-03-07") {
        auto made = registration(name);
        made.who.birth_date = *PartialDate::parse(born);
        made.who.sex = Sex::female;
        made.who.area = "350203";
        made.who.identifiers = {{IdentifierKind::passport, canary_number, {}}};
        return made;
    }

    /// Registered at the first clinic, with an HPV test there.
    WomanId patient(const std::string& name = canary) {
        const auto woman = new_woman();
        (void)say(first, woman, named(name));
        (void)say(first, woman, Visit{});
        return woman;
    }

    /// A whole life, in pieces from both clinics, on several days.
    WomanId live() {
        const auto woman = new_woman();
        const RandomLife life(random);
        for (const auto& logged : life.events()) {
            if (std::holds_alternative<Erase>(logged.event.fact.detail)) continue;
            auto event = logged.event;
            event.subject = woman;
            event.hlc = Hlc{}.next(clock.now());
            auto& machine = random.chance(0.7) ? first : second;
            machine.device.log.record(*codec::encode_event(event, random));
            if (!random.chance(0.4)) continue;
            upload(first);
            upload(second);
            clock.advance(std::chrono::hours{30});
        }
        upload(first);
        upload(second);
        return woman;
    }

    /// All figures as they were known on that day, or now.
    std::vector<coverage::Answer> figures(std::optional<Date> known_on = std::nullopt,
                                          bool by_recount = false) {
        std::vector<coverage::Answer> all;
        for (const auto& indicator : coverage::known_indicators())
            all.push_back(ask(indicator, known_on, by_recount).answer);
        return all;
    }

    store::CoverageReply ask(const coverage::Indicator& indicator, std::optional<Date> known_on,
                             bool by_recount = false) {
        store::CoverageQuestion question;
        question.indicator = &indicator;
        question.query = {{coverage::Dimension::area, coverage::Dimension::facility,
                           coverage::Dimension::birth_year},
                          {},
                          {asked.plus_years(-3), asked.plus_days(-40), asked, asked.plus_years(1)}};
        question.known_on = known_on;
        question.by_recount = by_recount;
        return store->answer_coverage(question);
    }

    const Date asked = zone.local_day(test_start);

    Date today() { return zone.local_day(clock.now()); }

    std::vector<central::Fault> check() {
        NoProgress nobody;
        return store->check(folder.file("copy.db"), today(), nobody);
    }

    void rebuild() {
        NoProgress nobody;
        REQUIRE(store->rebuild(nobody));
    }

    template <class T>
    static std::string refusal(const Result<T>& result) {
        return result ? "" : std::string(result.error().message.id);
    }

    /// In which of the centre's files these bytes lie.
    std::vector<std::string> files_with(std::string_view bytes) const {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
            if (!entry.is_regular_file()) continue;
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string content{std::istreambuf_iterator<char>(file), {}};
            if (content.find(bytes) != std::string::npos)
                found.push_back(entry.path().filename().string());
        }
        return found;
    }

    std::string first_clinic = add_clinic();
    std::string second_clinic = add_clinic();
    Machine first = join(first_clinic);
    Machine second = join(second_clinic);
    Follower at_first = follower(first);
    Follower at_second = follower(second);
    DeviceId centre = central::load_centre_device(*store, *keys);
    central::CentreDesk desk{*store, centre, zone, clock, random};
};

}  // namespace egret::tests
