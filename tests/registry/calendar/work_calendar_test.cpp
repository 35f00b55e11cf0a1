#include "registry/calendar/work_calendar.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace egret {
namespace {

const WorkCalendar& china() {
    const auto found = find_work_calendar("cn");
    REQUIRE(found);
    return **found;
}

Date day(const std::string& text) { return *Date::parse(text); }

struct Row {
    const char* start;
    int n;
    const char* expected;
};

void hold(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        CAPTURE(row.start);
        CAPTURE(row.n);
        CHECK(china().plus_working_days(day(row.start), row.n).to_string() == row.expected);
    }
}

/// Working days after `start`, up to and including `end`.
int working_days_between(Date start, Date end) {
    int count = 0;
    for (auto at = start.plus_days(1); at <= end; at = at.plus_days(1))
        count += china().is_working_day(at) ? 1 : 0;
    return count;
}

constexpr auto sound = R"({
    "id": "zz", "version": "1", "title": {"zh": "甲", "en": "a"}, "source": {"zh": "甲", "en": "a"},
    "years": [
        {"year": 2024, "notices": [{"number": "1", "date": "2023-10-25"}],
         "off": [{"from": "2024-05-01", "to": "2024-05-03"}, {"from": "2024-06-10"}],
         "worked": ["2024-04-28", "2024-05-11"]},
        {"year": 2026, "notices": [{"number": "2", "date": "2025-11-04"}],
         "off": [{"from": "2026-01-01"}], "worked": []}]
})";

std::string with(const std::string& old, const std::string& replacement) {
    std::string text = sound;
    const auto at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), replacement);
}

// Each row was counted by hand with the text of the notice, which stands beside it, and a calendar
// of the weekdays. "Sun 26 (1)" means: that Sunday is the first working day.
TEST_SUITE("registry/calendar/work_calendar") {
    TEST_CASE("working days are counted across the Chinese New Year") {
        hold({
            // 国办发明电〔2018〕15号: off 4–10 February; Sat 2 and Sun 3 worked.
            {"2019-02-01", 5, "2019-02-13"},  // Sat 2, Sun 3, Mon 11, Tue 12, Wed 13.
            // 国办发明电〔2019〕16号: off 24–30 January, Sun 19 worked; 国办发明电〔2020〕1号: off
            // up
            // to 2 February, work again on Mon 3. So Sat 1 February isn't worked any more.
            {"2020-01-16", 5, "2020-01-22"},  // Fri 17, Sun 19, Mon 20, Tue 21, Wed 22.
            {"2020-01-21", 5, "2020-02-05"},  // Wed 22, Thu 23, Mon 3, Tue 4, Wed 5.
            {"2020-01-23", 5, "2020-02-07"},  // Mon 3 – Fri 7.
            {"2020-01-30", 1, "2020-02-03"},
            // 国办发明电〔2020〕27号: off 11–17; Sun 7 and Sat 20 worked.
            {"2021-02-05", 5, "2021-02-18"},  // Sun 7, Mon 8, Tue 9, Wed 10, Thu 18.
            {"2021-02-10", 5, "2021-02-23"},  // Thu 18, Fri 19, Sat 20, Mon 22, Tue 23.
            // 国办发明电〔2021〕11号: off 31 January – 6 February; Sat 29 and Sun 30 January
            // worked.
            {"2022-01-28", 5, "2022-02-09"},  // Sat 29, Sun 30, Mon 7, Tue 8, Wed 9.
            // 国办发明电〔2022〕16号: off 21–27; Sat 28 and Sun 29 worked.
            {"2023-01-19", 5, "2023-01-31"},  // Fri 20, Sat 28, Sun 29, Mon 30, Tue 31.
            // 国办发明电〔2023〕7号: off 10–17; Sun 4 and Sun 18 worked; 9 February is only urged.
            {"2024-02-07", 5, "2024-02-20"},  // Thu 8, Fri 9, Sun 18, Mon 19, Tue 20.
            {"2024-02-05", 5, "2024-02-18"},  // Tue 6 – Fri 9, Sun 18.
            {"2024-02-04", 5, "2024-02-09"},  // From a worked Sunday: Mon 5 – Fri 9.
            // 国办发明电〔2024〕12号: off 28 January – 4 February; Sun 26 and Sat 8 worked.
            {"2025-01-24", 5, "2025-02-07"},  // Sun 26, Mon 27, Wed 5, Thu 6, Fri 7.
            {"2025-01-27", 5, "2025-02-10"},  // Wed 5, Thu 6, Fri 7, Sat 8, Mon 10.
            {"2025-01-31", 1, "2025-02-05"},  // From a day off.
            // 国办发明电〔2025〕7号: off 15–23; Sat 14 and Sat 28 worked.
            {"2026-02-12", 5, "2026-02-26"},  // Fri 13, Sat 14, Tue 24, Wed 25, Thu 26.
            {"2026-02-24", 5, "2026-03-02"},  // Wed 25, Thu 26, Fri 27, Sat 28, Mon 2.
        });
    }

    TEST_CASE("working days are counted across the National Day, with the Mid-Autumn Festival") {
        hold({
            // 国办发明电〔2018〕15号: off 1–7; Sun 29 September and Sat 12 October worked.
            {"2019-09-27", 5, "2019-10-10"},  // Sun 29, Mon 30, Tue 8, Wed 9, Thu 10.
            // 国办发明电〔2019〕16号: off 1–8, both festivals; Sun 27 September, Sat 10 worked.
            {"2020-09-30", 5, "2020-10-14"},  // Fri 9, Sat 10, Mon 12, Tue 13, Wed 14.
            // 国办发明电〔2020〕27号: off 1–7; Sun 26 September and Sat 9 worked; for Mid-Autumn
            // off
            // 19–21 September, Sat 18 worked.
            {"2021-09-30", 5, "2021-10-13"},  // Fri 8, Sat 9, Mon 11, Tue 12, Wed 13.
            {"2021-09-17", 5, "2021-09-26"},  // Sat 18, Wed 22, Thu 23, Fri 24, Sun 26.
            // 国办发明电〔2021〕11号: off 1–7; Sat 8 and Sun 9 worked.
            {"2022-09-30", 5, "2022-10-12"},  // Sat 8, Sun 9, Mon 10, Tue 11, Wed 12.
            // 国办发明电〔2022〕16号: off 29 September – 6 October; Sat 7 and Sun 8 worked.
            {"2023-09-27", 5, "2023-10-10"},  // Thu 28, Sat 7, Sun 8, Mon 9, Tue 10.
            {"2023-09-25", 5, "2023-10-08"},  // Tue 26, Wed 27, Thu 28, Sat 7, Sun 8.
            // 国办发明电〔2023〕7号: off 1–7; Sun 29 September and Sat 12 worked; for Mid-Autumn
            // off
            // 15–17 September, Sat 14 worked.
            {"2024-09-27", 5, "2024-10-10"},  // Sun 29, Mon 30, Tue 8, Wed 9, Thu 10.
            {"2024-09-30", 5, "2024-10-12"},  // Tue 8 – Fri 11, Sat 12.
            {"2024-09-12", 5, "2024-09-20"},  // Fri 13, Sat 14, Wed 18, Thu 19, Fri 20.
            // 国办发明电〔2024〕12号: off 1–8; Sun 28 September and Sat 11 worked.
            {"2025-09-28", 5, "2025-10-11"},  // Mon 29, Tue 30, Thu 9, Fri 10, Sat 11.
            {"2025-09-30", 5, "2025-10-14"},  // Thu 9, Fri 10, Sat 11, Mon 13, Tue 14.
            // 国办发明电〔2025〕7号: off 1–7; Sun 20 September and Sat 10 worked; Mid-Autumn 25–27.
            {"2026-09-18", 5, "2026-09-24"},  // Sun 20, Mon 21 – Thu 24.
            {"2026-09-24", 5, "2026-10-09"},  // Mon 28, Tue 29, Wed 30, Thu 8, Fri 9.
            {"2026-09-30", 5, "2026-10-13"},  // Thu 8, Fri 9, Sat 10, Mon 12, Tue 13.
        });
    }

    TEST_CASE("working days are counted across Labour Day and the other festivals") {
        hold({
            // 国办发明电〔2019〕3号: off 1–4 May; Sun 28 April and Sun 5 May worked.
            {"2019-04-26", 5, "2019-05-06"},  // Sun 28, Mon 29, Tue 30, Sun 5, Mon 6.
            {"2019-04-28", 3, "2019-05-05"},  // Mon 29, Tue 30, Sun 5.
            // 国办发明电〔2019〕16号: off 1–5; Sun 26 April and Sat 9 worked.
            {"2020-04-30", 5, "2020-05-11"},  // Wed 6, Thu 7, Fri 8, Sat 9, Mon 11.
            {"2020-05-09", 5, "2020-05-15"},  // From a worked Saturday: Mon 11 – Fri 15.
            // 国办发明电〔2020〕27号: off 1–5; Sun 25 April and Sat 8 worked.
            {"2021-04-30", 5, "2021-05-11"},  // Thu 6, Fri 7, Sat 8, Mon 10, Tue 11.
            // 国办发明电〔2021〕11号: off 30 April – 4 May; Sun 24 April and Sat 7 worked.
            {"2022-04-29", 5, "2022-05-10"},  // Thu 5, Fri 6, Sat 7, Mon 9, Tue 10.
            // 国办发明电〔2022〕16号: off 29 April – 3 May, Sun 23 April and Sat 6 worked; off
            // 22–24
            // June, Sun 25 worked; off on Wed 5 April alone.
            {"2023-04-28", 5, "2023-05-09"},  // Thu 4, Fri 5, Sat 6, Mon 8, Tue 9.
            {"2023-06-20", 5, "2023-06-28"},  // Wed 21, Sun 25, Mon 26, Tue 27, Wed 28.
            {"2023-04-04", 5, "2023-04-12"},  // Thu 6, Fri 7, Mon 10, Tue 11, Wed 12.
            // 国办发明电〔2023〕7号: off 1–5 May, Sun 28 April and Sat 11 worked; off 4–6 April,
            // Sun 7
            // worked.
            {"2024-04-30", 5, "2024-05-10"},  // Mon 6 – Fri 10.
            {"2024-05-06", 5, "2024-05-11"},  // Tue 7 – Fri 10, Sat 11.
            {"2024-04-03", 5, "2024-04-11"},  // Sun 7, Mon 8 – Thu 11.
            // 国办发明电〔2024〕12号: off 1–5 May; Sun 27 April worked.
            {"2025-04-26", 5, "2025-05-06"},  // From a Saturday: Sun 27 – Wed 30, Tue 6.
            // 国办发明电〔2025〕7号: off 1–5 May; Sat 9 worked.
            {"2026-04-30", 5, "2026-05-11"},  // Wed 6, Thu 7, Fri 8, Sat 9, Mon 11.
        });
    }

    TEST_CASE("working days are counted from ordinary days and over a year's end") {
        hold({
            {"2026-06-01", 5, "2026-06-08"},  // From a Monday to the next.
            {"2026-06-06", 5, "2026-06-12"},  // From a Saturday.
            {"2026-06-07", 5, "2026-06-12"},  // From a Sunday.
            {"2026-06-05", 1, "2026-06-08"},  // Friday to Monday.
            {"2026-07-01", 10, "2026-07-15"},
            // 国办发明电〔2022〕16号: off from Sat 31 December to Mon 2 January.
            {"2022-12-29", 5, "2023-01-06"},  // Fri 30, Tue 3 – Fri 6.
            // 国办发明电〔2023〕7号: Mon 1 January off.
            {"2023-12-28", 5, "2024-01-05"},  // Fri 29, Tue 2 – Fri 5.
            // 国办发明电〔2024〕12号: Wed 1 January off.
            {"2024-12-30", 5, "2025-01-07"},  // Tue 31, Thu 2, Fri 3, Mon 6, Tue 7.
            // 国办发明电〔2025〕7号: off 1–3 January; Sun 4 worked.
            {"2025-12-30", 5, "2026-01-07"},  // Wed 31, Sun 4, Mon 5, Tue 6, Wed 7.
        });
    }

    TEST_CASE("a year that isn't covered has its Mondays to Fridays") {
        CHECK(china().covers(2019));
        CHECK(china().covers(2026));
        CHECK_FALSE(china().covers(2018));
        CHECK_FALSE(china().covers(2027));
        hold({{"2026-12-30", 5, "2027-01-06"}});  // Thu 31, Fri 1, Mon 4, Tue 5, Wed 6.
        CHECK(china().is_working_day(day("2018-12-31")));
        CHECK_FALSE(china().is_working_day(day("2018-12-29")));
        CHECK(china().is_working_day(day("2027-10-01")));
        CHECK(china().is_working_day(day("1969-12-31")));  // A Wednesday.
        CHECK_FALSE(china().is_working_day(day("1969-12-28")));
        WorkCalendar none;
        CHECK_FALSE(none.covers(2026));
        CHECK(none.plus_working_days(day("2026-09-30"), 5).to_string() == "2026-10-07");
    }

    TEST_CASE("n working days lie between, later starts end no earlier, the start never counts") {
        for (const int n : {1, 2, 5, 23}) {
            auto before = day("2018-11-01");
            for (auto start = before; start < day("2027-03-01"); start = start.plus_days(1)) {
                const auto end = china().plus_working_days(start, n);
                const bool holds = start < end && before <= end && china().is_working_day(end) &&
                                   working_days_between(start, end) == n;
                if (!holds) FAIL_CHECK(start.to_string() << " and " << n << " days");
                before = end;
            }
        }
    }

    TEST_CASE("the days of every calendar agree with one another") {
        CHECK(known_work_calendars().size() == 1);
        for (const auto& calendar : known_work_calendars()) {
            CHECK(*find_work_calendar(calendar.id) == &calendar);
            for (const auto& year : calendar.years) {
                CAPTURE(year.year);
                for (const auto& days : year.off) {
                    // A day off is a weekday, or lies in one piece with one.
                    int weekdays = 0;
                    for (auto at = days.from; at <= days.to; at = at.plus_days(1)) {
                        weekdays += is_weekend(at) ? 0 : 1;
                        CHECK_FALSE(calendar.is_working_day(at));
                    }
                    CAPTURE(days.from.to_string());
                    CHECK(weekdays >= 1);
                }
                for (const auto worked : year.worked) {
                    CAPTURE(worked.to_string());
                    CHECK(is_weekend(worked));
                    CHECK(calendar.is_working_day(worked));
                }
                for (const auto& notice : year.notices) CHECK(notice.date.year() <= year.year);
            }
        }
    }

    TEST_CASE("a year has as many working days as weekdays without the holidays of the law") {
        // 全国年节及纪念日放假办法: 11 holidays, 13 from 2025 on. Moved days change nothing of
        // that, but for 2020, where Fri 31 January was given and Sat 1 February taken back
        // (国办发明电〔2020〕1号).
        const std::map<int, int> weekdays{{2019, 261}, {2020, 262}, {2021, 261}, {2022, 260},
                                          {2023, 260}, {2024, 262}, {2025, 261}, {2026, 261}};
        CHECK(china().years.size() == weekdays.size());
        for (const auto& counted : weekdays) {
            const int year = counted.first;
            const int count = counted.second;
            CAPTURE(year);
            const int holidays = (year >= 2025 ? 13 : 11) + (year == 2020 ? 2 : 0);
            CHECK(working_days_between(Date::from_ymd(year - 1, 12, 31),
                                       Date::from_ymd(year, 12, 31)) == count - holidays);
        }
    }

    TEST_CASE("an unknown calendar is told, with the one that was probably meant") {
        CHECK(find_work_calendar("cnn").error().message.id == "calendar.unknown_meant");
        CHECK(find_work_calendar("atlantis").error().message.id == "calendar.unknown");
    }

    TEST_CASE("a file whose days can't be so is refused, and the path says where") {
        const auto read = parse_work_calendar(sound);
        REQUIRE(read);
        CHECK(read->years[0].off[1].to.to_string() == "2024-06-10");
        CHECK_FALSE(read->covers(2025));
        struct Broken {
            std::string text;
            std::string field;
            std::string message;
        };
        const std::vector<Broken> all{
            {"{", "", ""},
            {"[]", "", "definition.expects_object"},
            {with("2024-06-10", "2024-05-03"), "years[0].off[1].from", "calendar.not_in_order"},
            {with("2024-06-10", "2025-06-10"), "years[0].off[1].from", "calendar.outside_year"},
            {with("2024-05-03", "2025-05-03"), "years[0].off[0].to", "calendar.outside_year"},
            {with("2024-05-03", "2024-04-30"), "years[0].off[0].to", "rules.ends_before_it_begins"},
            {with("2024-06-10", "2024-06-31"), "years[0].off[1].from", "date.no_such_day"},
            {with("2024-05-11", "2024-05-13"), "years[0].worked[1]", "calendar.not_weekend"},
            {with("2024-05-11", "2024-04-28"), "years[0].worked[1]", "calendar.not_in_order"},
            {with("2024-05-11", "2025-05-11"), "years[0].worked[1]", "calendar.outside_year"},
            {with(R"("to": "2024-05-03")", R"("to": "2024-05-12")"), "years[0].worked[1]",
             "calendar.off_and_worked"},
            {with("2024-04-28", "28 April"), "years[0].worked[0]", "date.malformed"},
            {with("\"year\": 2026", "\"year\": 2024"), "years[1].off[0].from",
             "calendar.outside_year"},
            {with("2026, \"notices\"", "1899, \"notices\""), "years[1].year",
             "definition.expects_count"},
        };
        for (const auto& one : all) {
            CAPTURE(one.text);
            const auto result = parse_work_calendar(one.text);
            REQUIRE_FALSE(result);
            CHECK(result.error().field == one.field);
            if (!one.message.empty()) CHECK(result.error().message.id == one.message);
        }
        // A year that stands twice.
        const auto twice = parse_work_calendar(
            with("2024, \"notices\": [{\"number\": \"1\", \"date\": \"2023-10-25\"}],\n"
                 "         \"off\": [{\"from\": \"2024-05-01\", \"to\": \"2024-05-03\"}, "
                 "{\"from\": \"2024-06-10\"}],\n"
                 "         \"worked\": [\"2024-04-28\", \"2024-05-11\"]",
                 "2026, \"notices\": [{\"number\": \"1\", \"date\": \"2023-10-25\"}], "
                 "\"off\": [{\"from\": \"2026-05-01\"}], \"worked\": []"));
        REQUIRE_FALSE(twice);
        CHECK(twice.error().field == "years[1].year");
        CHECK(twice.error().message.id == "calendar.not_in_order");
    }
}

}  // namespace
}  // namespace egret
