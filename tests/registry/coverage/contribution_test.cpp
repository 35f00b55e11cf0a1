// The two first indicators, at the edges of what they say. Each case asks the day before and the
// day of a change.

#include "registry/coverage/contribution.h"

#include "registry/coverage/indicator.h"
#include "tests/support/facts.h"
#include "tests/support/series.h"

#include <doctest/doctest.h>

#include <utility>

namespace egret::coverage {
namespace {

using tests::day;
using tests::fact;
using tests::logged;
using tests::uid;
using tests::woman;

using Events = std::vector<LoggedEvent>;

Register born(const char* birth, Sex sex = Sex::female) {
    Register detail;
    if (*birth) detail.who.birth_date = *PartialDate::parse(birth);
    detail.who.sex = sex;
    detail.who.area = "350203";
    return detail;
}

HpvTest test(HpvResult result) { return {result, {}, {}}; }

const Indicator& hpv1() { return **find_indicator("hpv1-by-15"); }

const Indicator& screened() { return **find_indicator("cervical-screened-5y"); }

History fold_one(const Events& events) { return fold({woman(1)}, events); }

std::pair<bool, bool> on(const Indicator& indicator, const Events& events, const char* date) {
    const auto history = fold_one(events);
    const auto series = tests::series_of(history);
    const auto denominator = denominator_days(indicator, history, series);
    const auto numerator = numerator_days(indicator, history, series, denominator);
    return {denominator.contains(day(date)), numerator.contains(day(date))};
}

bool belongs(const Indicator& indicator, const Events& events, const char* date) {
    return on(indicator, events, date).first;
}

bool counts(const Indicator& indicator, const Events& events, const char* date) {
    return on(indicator, events, date).second;
}

/// A woman in the middle of the ages of screening with this fact on 2020-05-10.
Events with(Fact second) {
    return {logged(1, fact("2015-01-01", born("1980-06-15"))), logged(2, std::move(second))};
}

TEST_SUITE("registry/coverage/contribution") {
    TEST_CASE("a girl counts from the day of her first dose on, for ever") {
        const Events events = {logged(1, fact("2020-01-01", born("2010-06-15"))),
                               logged(2, fact("2023-03-01", Dose{"cvx:165", {}, ""}))};
        CHECK_FALSE(belongs(hpv1(), events, "2019-12-31"));
        CHECK(belongs(hpv1(), events, "2020-01-01"));
        CHECK_FALSE(counts(hpv1(), events, "2023-02-28"));
        CHECK(counts(hpv1(), events, "2023-03-01"));
        CHECK(counts(hpv1(), events, "2099-03-01"));
    }

    TEST_CASE("a dose on the 15th birthday comes too late, the day before it does not") {
        const auto register_fact = logged(1, fact("2020-01-01", born("2010-06-15")));
        const auto dose = Dose{"cvx:165", {}, ""};
        CHECK_FALSE(
            counts(hpv1(), {register_fact, logged(2, fact("2025-06-15", dose))}, "2026-01-01"));
        CHECK(counts(hpv1(), {register_fact, logged(2, fact("2025-06-14", dose))}, "2026-01-01"));
    }

    TEST_CASE("born on 29 February, she is 15 on 1 March") {
        const auto register_fact = logged(1, fact("2020-01-01", born("2008-02-29")));
        const auto dose = Dose{"cvx:165", {}, ""};
        CHECK(counts(hpv1(), {register_fact, logged(2, fact("2023-02-28", dose))}, "2024-01-01"));
        CHECK_FALSE(
            counts(hpv1(), {register_fact, logged(2, fact("2023-03-01", dose))}, "2024-01-01"));
    }

    TEST_CASE("substandard doses and doses not given do not count, badly timed ones do") {
        const auto register_fact = logged(1, fact("2020-01-01", born("2010-06-15")));
        auto not_given = fact("2023-03-01", Dose{"cvx:165", {}, ""});
        not_given.at.status = EventStatus::not_done;
        CHECK_FALSE(counts(hpv1(), {register_fact, logged(2, not_given)}, "2024-01-01"));
        CHECK_FALSE(counts(
            hpv1(), {register_fact, logged(2, fact("2023-03-01", Dose{"cvx:165", true, ""}))},
            "2024-01-01"));
        CHECK(counts(hpv1(),
                     {register_fact, logged(2, fact("2012-03-01", Dose{"cvx:165", false, ""}))},
                     "2024-01-01"));
    }

    TEST_CASE("a date known to the year only stands for its first day") {
        const auto dose = [](const char* date) {
            return logged(2, fact(date, Dose{"cvx:165", {}, ""}));
        };
        const auto year_only = logged(1, fact("2020-01-01", born("2010")));
        CHECK(counts(hpv1(), {year_only, dose("2024-12-31")}, "2026-01-01"));
        CHECK_FALSE(counts(hpv1(), {year_only, dose("2025-01-01")}, "2026-01-01"));
        const auto exact = logged(1, fact("2020-01-01", born("2010-06-15")));
        CHECK(counts(hpv1(), {exact, dose("2025")}, "2025-01-01"));
        CHECK(tests::contribution_of(hpv1(), fold_one({year_only}))[0].key.birth_month ==
              2010 * 13);
    }

    TEST_CASE("a dose without a date is in no figure: nobody knows at which age it was") {
        const Events events{logged(1, fact("2020-01-01", born("2010-03-03"))),
                            logged(2, fact("", Dose{}))};
        CHECK_FALSE(counts(hpv1(), events, "2024-12-31"));
        CHECK_FALSE(counts(hpv1(), events, "2199-12-31"));
    }

    TEST_CASE("without a birth date she belongs to a cohort unknown, and to no age") {
        const Events events = {logged(1, fact("2020-01-01", born(""))),
                               logged(2, fact("2021-01-01", Dose{"cvx:165", {}, ""})),
                               logged(3, fact("2021-01-01", test(HpvResult::negative)))};
        CHECK(on(hpv1(), events, "2022-01-01") == std::pair{true, false});
        CHECK(on(screened(), events, "2022-01-01") == std::pair{false, false});
        CHECK(tests::contribution_of(hpv1(), fold_one(events))[0].key.birth_month == 0);
    }

    TEST_CASE("boys and those whose sex is not known do not belong") {
        CHECK_FALSE(belongs(hpv1(), {logged(1, fact("2020-01-01", born("2010-06-15", Sex::male)))},
                            "2024-01-01"));
        Register unsaid = born("2010-06-15");
        unsaid.who.sex.reset();
        CHECK_FALSE(belongs(hpv1(), {logged(1, fact("2020-01-01", unsaid))}, "2024-01-01"));
    }

    TEST_CASE("a sex that is corrected changes all days") {
        const Events events = {
            logged(1, fact("2020-01-01", born("2010-06-15", Sex::male))),
            logged(2,
                   fact("2022-01-01", Correct{uid(1), {fact("2020-01-01", born("2010-06-15"))}}))};
        CHECK(belongs(hpv1(), events, "2020-01-01"));
    }

    TEST_CASE("screening is from the 35th birthday to the day before the 65th") {
        const Events events = {logged(1, fact("2000-01-01", born("1980-06-15")))};
        CHECK_FALSE(belongs(screened(), events, "2015-06-14"));
        CHECK(belongs(screened(), events, "2015-06-15"));
        CHECK(belongs(screened(), events, "2045-06-14"));
        CHECK_FALSE(belongs(screened(), events, "2045-06-15"));
    }

    TEST_CASE("an HPV test lasts for five years, cytology for three") {
        const auto hpv = with(fact("2020-05-10", test(HpvResult::positive)));
        CHECK_FALSE(counts(screened(), hpv, "2020-05-09"));
        CHECK(counts(screened(), hpv, "2020-05-10"));
        CHECK(counts(screened(), hpv, "2025-05-09"));
        CHECK_FALSE(counts(screened(), hpv, "2025-05-10"));
        const auto smear = with(fact("2020-05-10", Cytology{{CytologyResult::nilm}}));
        CHECK(counts(screened(), smear, "2023-05-09"));
        CHECK_FALSE(counts(screened(), smear, "2023-05-10"));
    }

    TEST_CASE("what was done on 29 February lasts through the next 28 February") {
        const auto hpv = with(fact("2020-02-29", test(HpvResult::negative)));
        CHECK(counts(screened(), hpv, "2025-02-28"));
        CHECK_FALSE(counts(screened(), hpv, "2025-03-01"));
    }

    TEST_CASE("only tests with a result count") {
        for (const auto result : {HpvResult::invalid, HpvResult::unknown})
            CHECK_FALSE(counts(screened(), with(fact("2020-05-10", test(result))), "2021-01-01"));
        CHECK_FALSE(counts(screened(), with(fact("2020-05-10", HpvTest{})), "2021-01-01"));
        CHECK_FALSE(counts(screened(), with(fact("2020-05-10", Cytology{})), "2021-01-01"));
        CHECK_FALSE(counts(screened(), with(fact("2020-05-10", Cytology{{CytologyResult::unsat}})),
                           "2021-01-01"));
        CHECK(counts(screened(), with(fact("2020-05-10", Cytology{{CytologyResult::no_tz}})),
                     "2021-01-01"));
        CHECK(counts(
            screened(),
            with(fact("2020-05-10", Cytology{{CytologyResult::unsat, CytologyResult::asc_us}})),
            "2021-01-01"));
        auto not_done = fact("2020-05-10", test(HpvResult::negative));
        not_done.at.status = EventStatus::not_done;
        CHECK_FALSE(counts(screened(), with(not_done), "2021-01-01"));
        CHECK_FALSE(
            counts(screened(), with(fact("2020-05-10", Via{ViaResult::negative})), "2021-01-01"));
    }

    TEST_CASE("without a cervix she does not belong, first and last day of the flag included") {
        const auto flag = [](const char* from, const char* to) {
            Flag made{"no_cervix", {}, {}};
            if (*from) made.from = *PartialDate::parse(from);
            if (*to) made.to = *PartialDate::parse(to);
            return with(fact("2021-01-01", made));
        };
        CHECK(belongs(screened(), flag("2020-05-10", ""), "2020-05-09"));
        CHECK_FALSE(belongs(screened(), flag("2020-05-10", ""), "2020-05-10"));
        CHECK_FALSE(belongs(screened(), flag("2020-05-10", ""), "2040-05-10"));
        CHECK_FALSE(belongs(screened(), flag("2020-05-10", "2020-06-10"), "2020-06-10"));
        CHECK(belongs(screened(), flag("2020-05-10", "2020-06-10"), "2020-06-11"));
        CHECK_FALSE(belongs(screened(), flag("", "2020-06-10"), "2016-01-01"));
        CHECK(belongs(screened(), flag("", "2020-06-10"), "2020-06-11"));
        CHECK_FALSE(belongs(screened(), flag("", ""), "2016-01-01"));
        CHECK(belongs(screened(), flag("2020", "2020"), "2019-12-31"));
        CHECK_FALSE(belongs(screened(), flag("2020", "2020"), "2020-01-01"));
        CHECK_FALSE(belongs(screened(), flag("2020", "2020"), "2020-12-31"));
        CHECK(belongs(screened(), flag("2020", "2020"), "2021-01-01"));
        CHECK(belongs(screened(), with(fact("2021-01-01", Flag{"hiv", {}, {}})), "2022-01-01"));
        CHECK(belongs(hpv1(), flag("", ""), "2022-01-01"));
    }

    TEST_CASE("on the day of her death she counts no more") {
        auto events = with(fact("2020-05-10", test(HpvResult::negative)));
        events.push_back(logged(3, fact("2022-07-01", Death{})));
        CHECK(on(screened(), events, "2022-06-30") == std::pair{true, true});
        CHECK(on(screened(), events, "2022-07-01") == std::pair{false, false});
        events.push_back(logged(4, fact("2022-08-01", VoidFact{uid(3)})));
        CHECK(on(screened(), events, "2022-07-01") == std::pair{true, true});
    }

    TEST_CASE("who lives elsewhere does not belong until she is back") {
        DemographicsChange away;
        away.who.resident = false;
        DemographicsChange back;
        back.who.resident = true;
        auto events = with(fact("2020-05-10", test(HpvResult::negative)));
        events.push_back(logged(3, fact("2021-01-01", away)));
        events.push_back(logged(4, fact("2022-01-01", back)));
        CHECK(counts(screened(), events, "2020-12-31"));
        CHECK_FALSE(belongs(screened(), events, "2021-01-01"));
        CHECK_FALSE(counts(screened(), events, "2021-12-31"));
        CHECK(counts(screened(), events, "2022-01-01"));
    }

    TEST_CASE("a test before the day of registration counts from that day on") {
        const Events events = {logged(1, fact("2021-01-01", born("1980-06-15"))),
                               logged(2, fact("2020-05-10", test(HpvResult::negative)))};
        CHECK_FALSE(counts(screened(), events, "2020-12-31"));
        CHECK(counts(screened(), events, "2021-01-01"));
        CHECK(counts(screened(), events, "2025-05-09"));
    }

    TEST_CASE("a move and a transfer end one key and begin another on the same day") {
        DemographicsChange moved;
        moved.who.area = "350205001";
        const auto history = fold_one({logged(1, fact("2020-01-01", born("2010-06-15"))),
                                       logged(2, fact("2021-01-01", moved)),
                                       logged(3, fact("2022-01-01", Transfer{"C2", ""}))});
        const int june = 2010 * 13 + 6;
        const auto at = [&](const char* area, const char* facility, const char* date, int amount) {
            return Delta{Part::denominator, {area, facility, june}, day(date), amount};
        };
        CHECK(tests::contribution_of(hpv1(), history) ==
              Contribution{
                  at("350203", "C1", "2020-01-01", 1),
                  at("350203", "C1", "2021-01-01", -1),
                  at("350205001", "C1", "2021-01-01", 1),
                  at("350205001", "C1", "2022-01-01", -1),
                  at("350205001", "C2", "2022-01-01", 1),
              });
    }

    TEST_CASE("a change that leaves her where she is leaves no delta") {
        DemographicsChange same;
        same.who.area = "350203";
        const auto history = fold_one({logged(1, fact("2020-01-01", born("2010-06-15"))),
                                       logged(2, fact("2021-01-01", same))});
        CHECK(tests::contribution_of(hpv1(), history).size() == 1);
    }

    TEST_CASE("who was never registered, or whose registration was void, adds nothing") {
        auto events = with(fact("2020-05-10", test(HpvResult::negative)));
        CHECK_FALSE(tests::contribution_of(screened(), fold_one(events)).empty());
        events.push_back(logged(3, fact("2021-01-01", VoidFact{uid(1)})));
        CHECK(tests::contribution_of(screened(), fold_one(events)).empty());
        CHECK(tests::contribution_of(hpv1(), fold_one({})).empty());
    }
}

}  // namespace
}  // namespace egret::coverage
