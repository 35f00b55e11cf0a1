#include "registry/domain/check.h"

#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <functional>

namespace egret {
namespace {

using tests::fact;

std::string refused_field(Fact made) {
    const auto checked = check(made);
    return checked ? "accepted" : checked.error().field;
}

Register with(const std::function<void(Demographics&)>& change) {
    Register detail;
    change(detail.who);
    return detail;
}

TEST_SUITE("registry/domain/check") {
    TEST_CASE("what can't be right of a fact alone is refused with its path") {
        const auto number = [](IdentifierKind kind, const char* value) {
            return with([&](Demographics& who) { who.identifiers = {{kind, value, {}}}; });
        };
        CHECK(refused_field(
                  fact("2026-01-01", number(IdentifierKind::resident_id, "350203198503040022"))) ==
              "identifiers[0].value");
        CHECK(refused_field(fact("2026-01-01", with([](auto& who) { who.area = "3502x"; }))) ==
              "area");
        CHECK(refused_field(fact("2026-01-01", with([](auto& who) { who.phones = {"12"}; }))) ==
              "phones[0]");
        CHECK(refused_field(fact("2026-01-01", with([](auto& who) {
                                     who.names = {{NameUse::official, std::string(500, 'a'), {}}};
                                 }))) == "names[0].text");
        CHECK(refused_field(fact("2026-01-01", Flag{"hvi", {}, {}})) == "code");
        CHECK(refused_field(fact("", Flag{"hiv", *PartialDate::parse("2020"),
                                          *PartialDate::parse("2019")})) == "to");
        CHECK(refused_field(fact("2026-01-01", Dose{"165", {}, ""})) == "product");
        CHECK(refused_field(fact("2026-01-01", Dose{"", {}, ""})) == "product");
        CHECK(refused_field(fact("2026-01-01", DoseNotGiven{NotGivenReason::other, "165"})) ==
              "product");
        CHECK(refused_field(fact("2026-01-01", DoseNotGiven{NotGivenReason::other, "", 0})) ==
              "dose_number");
        const auto event = [](const std::function<void(AdverseEvent&)>& change) {
            AdverseEvent detail;
            change(detail);
            return fact("2026-01-01", detail);
        };
        for (const auto* time : {"24:00", "12:60", "9:00", "0900", "09:0x", "09:000"}) {
            CAPTURE(time);
            CHECK(refused_field(event([&](auto& one) { one.onset_time = time; })) == "onset_time");
            CHECK(refused_field(event([&](auto& one) { one.vaccination_time = time; })) ==
                  "vaccination_time");
        }
        CHECK(refused_field(event([](auto& one) { one.onset_time = "23:59"; })) == "accepted");
        CHECK(refused_field(event([](auto& one) {
                  one.serious = false;
                  one.seriousness = {SeriousnessCriterion::death};
              })) == "serious");
        for (const auto* email : {"lin", "@example.org", "lin@", "lin li@example.org"}) {
            CAPTURE(email);
            CHECK(refused_field(event([&](auto& one) { one.reporter.emplace().email = email; })) ==
                  "reporter.email");
        }
        CHECK(refused_field(event([](auto& one) { one.reporter.emplace().phone = "12"; })) ==
              "reporter.phone");
        CHECK(refused_field(fact("2026-01-01", Colposcopy{{}, {}, 4})) == "tz_type");
        const auto dose = [](const std::function<void(Dose&)>& change) {
            Dose detail{"cvx:165", {}, ""};
            change(detail);
            return fact("2026-01-01", detail);
        };
        for (const std::int64_t wrong : {-1, 0, 10}) {
            CHECK(refused_field(dose([&](Dose& one) { one.dose_number = wrong; })) ==
                  "dose_number");
        }
        for (const std::int64_t stage : {0, 5})
            CHECK(refused_field(dose([&](Dose& one) { one.vvm_stage = stage; })) == "vvm_stage");
        for (const auto* volume : {"0", "0.0", ".5", "5.", "-1", "0.125", "100", "0,5", "half"}) {
            CAPTURE(volume);
            CHECK(refused_field(dose([&](Dose& one) { one.volume_ml = volume; })) == "volume_ml");
        }
        CHECK(refused_field(fact("2026-01-01", Transfer{"clinic two", ""})) == "to_facility");
        CHECK(refused_field(fact("2026-01-01", Death{"C53"})) == "cause");
        CHECK(refused_field(fact("2026-01-01", Treatment{Procedure::leep, "CIN 2", ""})) ==
              "reason");
        CHECK(refused_field(fact("2026-01-01", Correct{tests::uid(1), {}})) == "replacement");
        CHECK(
            refused_field(fact(
                "2026-01-01", Correct{tests::uid(1), {fact("2026-01-01", Dose{"165", {}, ""})}})) ==
            "replacement.product");
        auto early = fact("2026-01-10", HpvTest{HpvResult::negative, {}, {}});
        early.at.reported_on = tests::day("2026-01-09");
        CHECK(refused_field(early) == "reported_on");
    }

    TEST_CASE("numbers, areas and phones are put into their one form") {
        auto made = fact("2026-01-01", with([](Demographics& who) {
                             who.area = "3502";
                             who.phones = {"139-0000 0000"};
                         }));
        REQUIRE(check(made));
        const auto& who = std::get<Register>(made.detail).who;
        CHECK(who.area == "350200");
        CHECK(who.phones[0] == "13900000000");
    }

    TEST_CASE("a volume is put into its one form") {
        const std::pair<const char*, const char*> forms[] = {
            {"0.5", "0.5"}, {"0.50", "0.5"}, {"1.0", "1"}, {"10", "10"}, {"0.05", "0.05"}};
        for (const auto& form : forms) {
            Dose dose{"cvx:165", {}, ""};
            dose.volume_ml = form.first;
            auto made = fact("2026-01-01", dose);
            REQUIRE(check(made));
            CHECK(std::get<Dose>(made.detail).volume_ml == form.second);
        }
    }

    TEST_CASE("a dose that was not given needs no product") {
        auto made = fact("2026-01-01", Dose{"", {}, ""});
        made.at.status = EventStatus::not_done;
        CHECK(check(made));
    }
}

}  // namespace
}  // namespace egret
