#include "registry/service/clinic_day.h"

#include "registry/base/limits.h"
#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using service::ClockState;
using service::ConfirmedDay;
using service::DayEvidence;
using service::judge_day;
using service::Recorder;
using tests::day;
using tests::fact;

DayEvidence seen(const char* machine) {
    return {day(machine), day("2026-01-01"), day("2026-04-20"), day("2026-04-30")};
}

DayEvidence confirmed(const char* machine, const char* said, const char* shown) {
    auto evidence = seen(machine);
    evidence.recorded.reset();
    evidence.confirmed = ConfirmedDay{day(said), day(shown)};
    return evidence;
}

std::string judged(const DayEvidence& evidence) {
    static constexpr const char* names[] = {" agrees", " corrected", " behind", " ahead"};
    const auto judged = judge_day(evidence);
    return judged.today.to_string() + names[static_cast<int>(judged.clock)];
}

struct DayFixture : tests::ClinicFixture {
    DayFixture() {
        build_day = day("2026-04-01");
        reopen();
        woman = add();
    }

    void show(const char* shown) {
        clock.set(clinic->time_zone().start_of_day(day(shown)) + std::chrono::hours{12});
    }

    std::optional<bool> last_is_suspect() {
        return clinic->load_history(woman)->facts.back().fact.at.clock_suspect;
    }

    std::string record_visit() {
        const auto recorded = Recorder(*clinic).record(nurse, woman, fact("", Visit{}));
        return recorded ? "recorded" : recorded.error().message.id;
    }

    WomanId woman;
};

TEST_SUITE("registry/service/clinic_day") {
    TEST_CASE("today is what the clock shows, unless it contradicts what is known") {
        CHECK(judged(seen("2026-05-01")) == "2026-05-01 agrees");
        CHECK(judged(seen("2026-04-30")) == "2026-04-30 agrees");
        CHECK(judged(seen("2026-06-04")) == "2026-06-04 agrees");
        CHECK(judged(seen("2026-06-05")) == "2026-04-30 ahead");
        CHECK(judged(seen("2027-05-01")) == "2026-04-30 ahead");
        CHECK(judged(seen("2026-04-29")) == "2026-04-30 behind");
        auto simulated = seen("2036-05-01");
        simulated.build = Date::from_days(0);
        CHECK(judged(simulated) == "2036-05-01 agrees");
    }

    TEST_CASE("a confirmed day stands in place of what was recorded, not of what was signed") {
        CHECK(judged(confirmed("2027-05-01", "2027-05-01", "2027-05-01")) == "2027-05-01 agrees");
        CHECK(judged(confirmed("2026-04-25", "2026-04-25", "2026-04-25")) == "2026-04-25 agrees");
        CHECK(judged(confirmed("2026-04-10", "2026-04-10", "2026-04-10")) == "2026-04-20 behind");
        CHECK(judged(confirmed("2027-06-05", "2027-05-01", "2027-05-01")) == "2027-06-05 agrees");
        CHECK(judged(confirmed("2027-06-06", "2027-05-01", "2027-05-01")) == "2027-05-01 ahead");
    }

    TEST_CASE("a clock that is wrong by a known time counts on until it is set") {
        CHECK(judged(confirmed("2027-05-01", "2026-05-01", "2027-05-01")) ==
              "2026-05-01 corrected");
        CHECK(judged(confirmed("2027-05-03", "2026-05-01", "2027-05-01")) ==
              "2026-05-03 corrected");
        CHECK(judged(confirmed("2026-05-04", "2026-05-01", "2027-05-01")) == "2026-05-04 agrees");
        CHECK(judged(confirmed("2001-01-02", "2026-05-01", "2001-01-01")) ==
              "2026-05-02 corrected");
        CHECK(judged(confirmed("2026-05-02", "2026-05-01", "2026-04-21")) == "2026-05-02 agrees");
        auto restarted = confirmed("2001-01-01", "2026-05-01", "2001-01-01");
        restarted.went_back = true;
        CHECK(judged(restarted) == "2026-05-01 behind");
    }

    TEST_CASE_FIXTURE(DayFixture, "a clock that jumped a year ahead records nothing unconfirmed") {
        show("2027-05-01");
        CHECK(clinic->today() == day("2026-05-01"));
        CHECK(record_visit() == "day.ahead");
        CHECK_FALSE(service::Registrar(*clinic).add(nurse, somebody("李四")));
        show("2026-05-02");
        CHECK(record_visit() == "recorded");
        CHECK(clinic->today() == day("2026-05-02"));
        CHECK(last_is_suspect() == std::nullopt);
    }

    TEST_CASE_FIXTURE(DayFixture, "a clinic that was closed for a year goes on once it says so") {
        show("2027-05-01");
        REQUIRE(clinic->confirm_today(day("2027-05-01")));
        CHECK(record_visit() == "recorded");
        show("2027-05-20");
        CHECK(record_visit() == "recorded");
        CHECK(clinic->today() == day("2027-05-20"));
        CHECK(last_is_suspect() == std::nullopt);
    }

    TEST_CASE_FIXTURE(DayFixture, "the right day brings a clinic back from the future") {
        show("2027-05-01");
        REQUIRE(clinic->confirm_today(day("2027-05-01")));
        REQUIRE(record_visit() == "recorded");
        const auto ahead = clinic->settings().clock();
        show("2026-05-03");
        CHECK(clinic->day().clock == ClockState::behind);
        REQUIRE(clinic->confirm_today(day("2026-05-03")));
        reopen();
        CHECK(clinic->today() == day("2026-05-03"));
        REQUIRE(record_visit() == "recorded");
        CHECK(clinic->settings().clock() > ahead);  // The order of the log goes on.
        CHECK(clinic->log().last_ingest()->known_day == day("2026-05-03"));
        CHECK(clinic->log().ingest_known_on(day("2026-05-03")) == clinic->log().last_ingest()->id);
        show("2026-05-04");
        CHECK(clinic->today() == day("2026-05-04"));
        CHECK_FALSE(clinic->is_clock_suspect());
    }

    TEST_CASE_FIXTURE(DayFixture,
                      "facts under a clock known to be wrong are marked, and not asked") {
        show("2027-05-01");
        REQUIRE(clinic->confirm_today(day("2026-05-02")));
        const auto visit = Recorder(*clinic).record(nurse, woman, fact("", Visit{}));
        REQUIRE(visit);
        REQUIRE(visit->warnings.size() == 1);
        CHECK(visit->warnings.front().code == "clock_wrong");
        CHECK(last_is_suspect() == true);
        CHECK(clinic->load_history(woman)->facts.back().fact.at.date ==
              PartialDate(day("2026-05-02")));
        const auto voided = Recorder(*clinic).void_fact(nurse, visit->event, "x");
        REQUIRE(voided);
        CHECK(clinic->log().find(voided->event)->event.fact.at.clock_suspect == true);
        show("2026-05-03");
        CHECK(record_visit() == "recorded");
        CHECK(last_is_suspect() == std::nullopt);
    }

    TEST_CASE_FIXTURE(DayFixture, "a day that was given with the command is told as that") {
        show("2026-05-20");
        const auto warned = [&] { return service::clock_warning(clinic->day())->text.id; };
        REQUIRE(clinic->confirm_today(day("2026-05-03"), service::Clinic::DaySaid::by_option));
        CHECK(warned() == "warning.clock_wrong_by_option");
        reopen();
        CHECK(warned() == "warning.clock_wrong");
        CHECK(clinic->today() == day("2026-05-03"));
    }

    TEST_CASE_FIXTURE(DayFixture, "a battery that is dead asks again after each start") {
        show("2001-01-01");
        REQUIRE(clinic->confirm_today(day("2026-05-05")));
        CHECK(record_visit() == "recorded");
        show("2001-01-02");
        CHECK(clinic->today() == day("2026-05-06"));
        CHECK(record_visit() == "recorded");
        show("2001-01-01");
        CHECK(clinic->today() == day("2026-05-06"));
        CHECK(clinic->day().clock == ClockState::behind);
    }

    TEST_CASE_FIXTURE(DayFixture, "no day before the build or the centre's last is confirmed") {
        {
            sqlite::WriteTransaction tx(clinic->database());
            clinic->note_server_time(clock.now(), tx);
            tx.commit();
        }
        for (const char* early : {"2026-03-31", "2026-04-30"}) {
            const auto refused = clinic->confirm_today(day(early));
            REQUIRE_FALSE(refused);
            CHECK(refused.error().message.id == "day.too_early");
        }
        CHECK(clinic->confirm_today(day("2026-05-01")));
    }
}

}  // namespace
}  // namespace egret
