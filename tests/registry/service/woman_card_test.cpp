#include "registry/service/woman_card.h"

#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <string>

namespace egret {
namespace {

using service::CardNext;
using service::Recorder;
using service::WomanCard;
using tests::fact;

struct CardFixture : tests::ClinicFixture {
    WomanId girl(const char* birth = "2012-05-05") { return add(somebody("陈小丽", birth)); }

    EventUid give(const WomanId& woman, std::string_view date, const std::string& product,
                  std::optional<Source> source = std::nullopt, bool is_substandard = false) {
        Dose dose;
        dose.product = product;
        dose.lot = "X1";
        if (is_substandard) dose.substandard = true;
        auto given = fact(date, dose);
        given.at.source = source;
        const auto recorded = Recorder(*clinic).record(nurse, woman, given);
        REQUIRE(recorded);
        return recorded->event;
    }

    void flag(const WomanId& woman, const std::string& code) {
        Flag condition;
        condition.code = code;
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("2026-01-01", condition)));
    }

    WomanCard card_of(const WomanId& woman) {
        const auto card = service::make_card(*clinic, *clinic->load_history(woman));
        REQUIRE(card);
        return *card;
    }

    std::size_t vouched(const WomanId& woman) {
        const auto part = service::vouched_part(card_of(woman), "https://centre");
        return part ? part->doses.size() : 0;
    }
};

TEST_SUITE("registry/service/woman_card") {
    TEST_CASE_FIXTURE(CardFixture, "a card says what was given, where, and what comes next") {
        const auto woman = girl();
        give(woman, "2026-03-02", "egret:cecolin");
        const auto card = card_of(woman);
        CHECK(card.name == "陈小丽");
        CHECK(card.birth_date->to_string() == "2012-05-05");
        CHECK(card.clinic == "思明区妇幼保健院");
        CHECK(card.issued_on == tests::day("2026-05-01"));
        CHECK(card.issued_at == clock.now());
        REQUIRE(card.doses.size() == 1);
        CHECK(card.doses[0].place == "思明区妇幼保健院");
        CHECK(card.doses[0].lot == "X1");
        CHECK(card.doses[0].number == 1);
        CHECK(card.doses[0].counts);
        REQUIRE(card.next);
        CHECK(card.next->kind == CardNext::Kind::dose);
        CHECK(card.next->dose_number == 2);
        CHECK(card.next->due > card.issued_on);
        CHECK(card.next->earliest <= card.next->due);
    }

    TEST_CASE_FIXTURE(CardFixture, "a finished series says so, with its doses numbered") {
        const auto woman = girl();
        give(woman, "2025-12-01", "egret:cecolin");
        give(woman, "2026-04-30", "egret:cecolin");
        give(woman, "2025-05-04", "egret:cecolin");
        const auto card = card_of(woman);
        REQUIRE(card.doses.size() == 3);
        CHECK(card.doses[0].date->to_string() == "2025-05-04");
        CHECK(card.doses[0].number == 1);
        CHECK(card.next->kind == CardNext::Kind::complete);
    }

    TEST_CASE_FIXTURE(CardFixture, "only doses that count and were seen are vouched for") {
        const auto woman = girl();
        const auto mistaken = give(woman, "2026-03-02", "egret:cecolin");
        CHECK(vouched(woman) == 1);
        REQUIRE(Recorder(*clinic).void_fact(nurse, mistaken, "another girl's"));
        CHECK_FALSE(service::make_card(*clinic, *clinic->load_history(woman)));

        give(woman, "2025-06-01", "egret:cecolin", Source::told);
        CHECK(card_of(woman).doses[0].is_told);
        CHECK(vouched(woman) == 0);
        give(woman, "2026-01-02", "egret:cecolin", std::nullopt, true);
        CHECK_FALSE(card_of(woman).doses[1].counts);
        CHECK(vouched(woman) == 0);
        give(woman, "2026-03-03", "egret:cecolin", Source::card_seen);
        CHECK(vouched(woman) == 1);
        const auto part = service::vouched_part(card_of(woman), "https://centre");
        CHECK(part->doses[0].cvx == "118");
        CHECK(part->doses[0].icd11 == "XM9BT4");
        CHECK(part->doses[0].date.to_string() == "2026-03-03");
        // Nobody said where that was; of those given here it goes without saying.
        CHECK(card_of(woman).doses[2].place.empty());
        CHECK(part->doses[0].place.empty());
        CHECK(card_of(woman).doses[1].place == clinic->identity().name);
    }

    TEST_CASE_FIXTURE(CardFixture, "a dose that came too early is marked and not vouched for") {
        const auto woman = girl();
        give(woman, "2026-04-01", "egret:cecolin");
        give(woman, "2026-04-10", "egret:cecolin");
        const auto card = card_of(woman);
        CHECK(card.doses[0].number == 1);
        CHECK_FALSE(card.doses[1].counts);
        CHECK_FALSE(card.doses[1].number);
        CHECK(vouched(woman) == 1);
    }

    TEST_CASE_FIXTURE(CardFixture, "two doses of a day are two lines, and one of them counts") {
        const auto woman = girl();
        give(woman, "2026-03-02", "egret:cecolin");
        give(woman, "2026-03-02", "egret:cecolin");
        const auto card = card_of(woman);
        REQUIRE(card.doses.size() == 2);
        CHECK(card.doses[0].counts);
        CHECK_FALSE(card.doses[1].counts);
        // By WHO's table, too, which counts what is recorded.
        const auto other = add(somebody("林小雨", "2011-05-05"));
        give(other, "2026-03-02", "cvx:137");
        give(other, "2026-03-02", "cvx:137");
        const auto others = card_of(other);
        REQUIRE(others.doses.size() == 2);
        CHECK(others.doses[0].counts);
        CHECK_FALSE(others.doses[1].counts);
        CHECK(vouched(other) == 1);
    }

    TEST_CASE_FIXTURE(CardFixture, "what she suffers from is never why there is nothing to say") {
        const auto plain = girl();
        give(plain, "2026-03-02", "egret:cecolin");
        for (const auto* condition : {"pregnant", "allergy_component"}) {
            const auto woman = add(somebody("林小雨", "2012-05-05"));
            give(woman, "2026-03-02", "egret:cecolin");
            flag(woman, condition);
            const auto card = card_of(woman);
            const bool is_dose = card.next->kind == CardNext::Kind::dose;
            CHECK((is_dose || card.next->kind == CardNext::Kind::ask));
        }
    }

    TEST_CASE_FIXTURE(CardFixture, "after her death nothing comes next") {
        const auto woman = girl();
        give(woman, "2026-03-02", "egret:cecolin");
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("2026-04-01", Death{})));
        CHECK_FALSE(card_of(woman).next);
    }

    TEST_CASE_FIXTURE(CardFixture, "without a dose, or a registration, there is no card") {
        const auto woman = girl();
        const auto none = service::make_card(*clinic, *clinic->load_history(woman));
        REQUIRE_FALSE(none);
        CHECK(none.error().message.id == "card.no_dose");
        auto history = *clinic->load_history(woman);
        history.is_registration_voided = true;
        const auto voided = service::make_card(*clinic, history);
        REQUIRE_FALSE(voided);
        CHECK(voided.error().message.id == "card.registration_voided");
    }

    TEST_CASE_FIXTURE(CardFixture, "a clock that lags makes no card of the past") {
        const auto woman = girl();
        give(woman, "2026-03-02", "egret:cecolin");
        clock.advance(-std::chrono::hours{24 * 400});
        const auto card = card_of(woman);
        CHECK(card.issued_on == tests::day("2026-05-01"));
        CHECK(clinic->time_zone().local_day(card.issued_at) == card.issued_on);
    }
}

}  // namespace
}  // namespace egret
