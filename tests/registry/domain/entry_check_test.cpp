#include "registry/domain/entry_check.h"

#include "registry/domain/check.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <functional>

namespace egret {
namespace {

using tests::fact;

std::string refused_entry(Fact made) {
    const auto checked = check_entry(made);
    return checked ? "accepted" : checked.error().field;
}

Fact person(const std::function<void(Demographics&)>& change) {
    Register detail;
    change(detail.who);
    return fact("2026-01-01", std::move(detail));
}

Fact noted(std::string note) {
    auto made = fact("2026-01-01", Visit{});
    made.at.note = std::move(note);
    return made;
}

TEST_SUITE("registry/domain/entry_check") {
    TEST_CASE("a hidden character is refused in every text, with its path") {
        const std::string bad = "a\u202eb";
        CHECK(refused_entry(person([&](auto& who) {
                  who.names = {{NameUse::official, "王", {}}, {NameUse::alias, bad, {}}};
              })) == "names[1].text");
        CHECK(refused_entry(person([&](auto& who) { who.address = bad; })) == "address");
        CHECK(refused_entry(person([&](auto& who) { who.school = bad; })) == "school");
        CHECK(refused_entry(person([&](auto& who) { who.school_class = bad; })) == "school_class");
        CHECK(refused_entry(person([&](auto& who) {
                  who.guardian = Guardian{bad, "", "", {}};
              })) == "guardian.name");
        CHECK(refused_entry(person([&](auto& who) {
                  who.guardian = Guardian{"", "", bad, {}};
              })) == "guardian.relation");
        CHECK(refused_entry(fact("2026-01-01", Dose{"cvx:165", {}, bad})) == "lot");
        CHECK(refused_entry(fact("2026-01-01", Transfer{"C002", bad})) == "reason");
        Consent consent;
        consent.guardian_name = bad;
        CHECK(refused_entry(fact("2026-01-01", consent)) == "guardian_name");
        const auto said = [&](auto detail, auto member) {
            detail.*member = bad;
            return refused_entry(fact("2026-01-01", detail));
        };
        CHECK(said(Consent{}, &Consent::guardian_relation) == "guardian_relation");
        CHECK(said(Consent{}, &Consent::round) == "round");
        CHECK(said(Dose{"cvx:165", {}, ""}, &Dose::round) == "round");
        CHECK(said(DoseNotGiven{NotGivenReason::other, ""}, &DoseNotGiven::round) == "round");
        CHECK(said(AdverseEvent{}, &AdverseEvent::diagnosis) == "diagnosis");
        CHECK(said(AdverseEvent{}, &AdverseEvent::medical_history) == "medical_history");
        CHECK(said(AdverseEvent{}, &AdverseEvent::narrative) == "narrative");
        CHECK(said(AdverseEvent{}, &AdverseEvent::case_number) == "case_number");
        AdverseEvent told;
        told.reporter.emplace().name = bad;
        CHECK(refused_entry(fact("2026-01-01", told)) == "reporter.name");
        CHECK(refused_entry(noted(bad)) == "note");
        auto why = fact("2026-01-01", Visit{});
        why.at.because = "a\nb";
        CHECK(refused_entry(why) == "because");
        Link link;
        link.evidence = bad;
        const auto linked = check_texts(fact("2026-01-01", link));
        CHECK((!linked && linked.error().field == "because"));
    }

    TEST_CASE("a note keeps its lines, and only line feeds between them") {
        auto made = noted("one\r\ntwo\nthree");
        REQUIRE(check_entry(made));
        CHECK(made.at.note == "one\ntwo\nthree");
        CHECK(refused_entry(noted("one\ttwo")) == "note");
        CHECK(refused_entry(noted("one\rtwo")) == "note");
    }

    TEST_CASE("an area lies in a province and has at least six digits") {
        for (const auto* known : {"350203", "350000", "350203001", "350203001002", "710000"})
            CHECK(refused_entry(person([&](auto& who) { who.area = known; })) == "accepted");
        for (const auto* unknown : {"99", "35", "3502", "990203", "830000", "350203x"}) {
            CHECK(refused_entry(person([&](auto& who) { who.area = unknown; })) == "area");
            CHECK(refused_entry(person([&](auto& who) { who.household_area = unknown; })) ==
                  "household_area");
            CHECK(refused_entry(person([&](auto& who) { who.school_area = unknown; })) ==
                  "school_area");
        }
    }

    TEST_CASE("a fact that contradicts or repeats itself is refused") {
        using enum HpvType;
        const auto hpv = [](HpvResult result, std::vector<HpvType> types) {
            return refused_entry(fact("2026-01-01", HpvTest{result, std::move(types), {}}));
        };
        CHECK(hpv(HpvResult::negative, {hpv16}) == "types");
        CHECK(hpv(HpvResult::negative, {}) == "accepted");
        CHECK(hpv(HpvResult::positive, {hpv16, hpv18}) == "accepted");
        CHECK(hpv(HpvResult::positive, {hpv16, hpv18, hpv16}) == "types");
        CHECK(refused_entry(fact("2026-01-01", Cytology{{CytologyResult::nilm,
                                                         CytologyResult::nilm}})) == "results");
        CHECK(refused_entry(fact("2026-01-01",
                                 Histology{{}, {HistologyResult::cin2, HistologyResult::cin2}})) ==
              "results");
    }

    TEST_CASE("what other devices have recorded is not held to it") {
        auto hidden = person([](auto& who) {
            who.names = {{NameUse::official, "a\u202eb", {}}};
            who.area = "99";
        });
        CHECK(check(hidden));
        auto test = fact("2026-01-01", HpvTest{HpvResult::negative, {HpvType::hpv16}, {}});
        CHECK(check(test));
    }

    TEST_CASE("what check refuses is refused here too") {
        CHECK(refused_entry(fact("2026-01-01", Dose{"165", {}, ""})) == "product");
    }
}

}  // namespace
}  // namespace egret
