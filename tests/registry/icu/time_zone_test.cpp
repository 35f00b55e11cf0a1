#include "registry/icu/time_zone.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::icu {
namespace {

Instant utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
    return Instant{std::chrono::days{Date::from_ymd(year, month, day).days()} +
                   std::chrono::hours{hour} + std::chrono::minutes{minute}};
}

TimeZone zone(std::string_view name) { return *TimeZone::parse(name); }

TEST_SUITE("registry/icu/time_zone") {
    TEST_CASE("only names of the IANA database are taken") {
        for (const char* name : {"Asia/Shanghai", "Africa/Nairobi", "Europe/London", "UTC",
                                 "Asia/Urumqi", "America/Argentina/Ushuaia"}) {
            CAPTURE(name);
            REQUIRE(TimeZone::parse(name));
            CHECK(TimeZone::parse(name)->name() == name);
        }
        const std::string with_nul("UTC\0", 4);
        const std::string name_that_is_long(1000, 'A');
        for (const std::string& name :
             {std::string(), std::string("Asia/Beijing"), std::string("asia/shanghai"),
              std::string("GMT+3"), std::string("GMT+03:00"), std::string("Etc/Unknown"),
              std::string(" UTC"), std::string("上海"), std::string("\xff"), with_nul,
              name_that_is_long}) {
            CAPTURE(name);
            const auto result = TimeZone::parse(name);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == ErrorCode::invalid_input);
            CHECK(result.error().message == msg("time_zone.unknown"));
        }
    }

    TEST_CASE("Shanghai's day begins at 16:00 UTC of the day before") {
        const auto shanghai = zone("Asia/Shanghai");
        CHECK(shanghai.local_day(utc(2026, 2, 28, 15, 59)) == Date::from_ymd(2026, 2, 28));
        CHECK(shanghai.local_day(utc(2026, 2, 28, 16)) == Date::from_ymd(2026, 3, 1));
        CHECK(shanghai.start_of_day(Date::from_ymd(2026, 3, 1)) == utc(2026, 2, 28, 16));
        CHECK(shanghai.local_time_text(utc(2026, 3, 1, 6, 5)) == "2026-03-01 14:05");
        CHECK(shanghai.local_time_text(utc(2026, 2, 28, 16)) == "2026-03-01 00:00");
    }

    TEST_CASE("Nairobi is three hours ahead") {
        const auto nairobi = zone("Africa/Nairobi");
        CHECK(nairobi.local_day(utc(2026, 1, 1, 20, 59)) == Date::from_ymd(2026, 1, 1));
        CHECK(nairobi.start_of_day(Date::from_ymd(2026, 1, 2)) == utc(2026, 1, 1, 21));
    }

    TEST_CASE("moments before 1970 fall on the right day") {
        const auto nairobi = zone("Africa/Nairobi");
        CHECK(nairobi.local_day(utc(1969, 12, 31, 20, 59)) == Date::from_ymd(1969, 12, 31));
        CHECK(nairobi.local_time_text(utc(1965, 5, 5, 1, 1)) == "1965-05-05 04:01");
    }

    TEST_CASE("London's days are 23 and 25 hours long when the clocks change") {
        const auto london = zone("Europe/London");
        const auto hours = [&](unsigned month, unsigned day) {
            const auto date = Date::from_ymd(2026, month, day);
            return (london.start_of_day(date.plus_days(1)) - london.start_of_day(date)) /
                   std::chrono::hours{1};
        };
        CHECK(hours(3, 28) == 24);
        CHECK(hours(3, 29) == 23);
        CHECK(hours(10, 25) == 25);
        CHECK(london.local_time_text(utc(2026, 3, 29, 0, 59)) == "2026-03-29 00:59");
        CHECK(london.local_time_text(utc(2026, 3, 29, 1, 0)) == "2026-03-29 02:00");
    }

    TEST_CASE("a day without a midnight begins at the jump") {
        // Clocks went from 00:00 to 01:00 in São Paulo.
        CHECK(zone("America/Sao_Paulo").start_of_day(Date::from_ymd(2018, 11, 4)) ==
              utc(2018, 11, 4, 3));
        // And from 23:30 to 00:30 in Toronto.
        CHECK(zone("America/Toronto").start_of_day(Date::from_ymd(1919, 3, 31)) ==
              utc(1919, 3, 31, 4, 30));
        // Samoa left out a whole day.
        const auto apia = zone("Pacific/Apia");
        CHECK(apia.start_of_day(Date::from_ymd(2011, 12, 30)) ==
              apia.start_of_day(Date::from_ymd(2011, 12, 31)));
    }

    TEST_CASE("a day's first moment lies in it, the one before does not") {
        for (const char* name : {"Asia/Shanghai", "Africa/Nairobi", "Europe/London", "Africa/Cairo",
                                 "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"}) {
            CAPTURE(name);
            const auto place = zone(name);
            for (auto day = Date::from_ymd(1985, 1, 1); day < Date::from_ymd(2030, 1, 1);
                 day = day.plus_days(1)) {
                const auto start = place.start_of_day(day);
                if (place.local_day(start) == day &&
                    place.local_day(start - std::chrono::milliseconds{1}) == day.plus_days(-1))
                    continue;
                FAIL_CHECK(day.to_string());
            }
        }
    }
}

}  // namespace
}  // namespace egret::icu
