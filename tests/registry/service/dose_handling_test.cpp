#include "registry/service/dose_handling.h"

#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <string>

namespace egret {
namespace {

using service::Recorder;
using tests::fact;

using Codes = std::set<std::string>;

struct HandlingFixture : tests::ClinicFixture {
    /// What is warned of beside the schedule.
    Codes warned(const WomanId& woman, Fact dose) {
        const auto warnings = Recorder(*clinic).preview(nurse, woman, dose);
        REQUIRE(warnings);
        Codes codes;
        for (const auto& warning : *warnings) codes.insert(warning.code);
        return codes;
    }

    /// What is said of consent that isn't there.
    service::Warning missing(const WomanId& woman, const Fact& dose) {
        auto warnings = Recorder(*clinic).preview(nurse, woman, dose);
        REQUIRE(warnings);
        for (auto& warning : *warnings) {
            if (warning.code == "consent_missing") return std::move(warning);
        }
        FAIL("no consent is missing");
        return {};
    }

    void consent(const WomanId& woman, std::string_view date, ConsentDecision decision,
                 ConsentGiver by, const std::string& round = "") {
        Consent said;
        said.scope = ConsentScope::vaccination;
        said.decision = decision;
        said.by = by;
        said.round = round;
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact(date, said)));
    }

    static Fact dose(
        std::string_view date, const std::function<void(Dose&)>& change = [](Dose&) {}) {
        Dose detail;
        detail.product = "egret:cecolin";
        change(detail);
        return fact(date, detail);
    }
};

TEST_SUITE("registry/service/dose_handling") {
    TEST_CASE_FIXTURE(HandlingFixture, "a lot is good to the last day that its label says") {
        const auto woman = add(somebody("陈小丽", "2000-05-05"));
        const auto expiring = [&](const char* date, const char* expires_on) {
            return warned(woman, dose(date, [&](Dose& one) {
                              one.expires_on = *PartialDate::parse(expires_on);
                          }));
        };
        CHECK(expiring("2026-04-30", "2026-04-30").empty());
        CHECK(expiring("2026-05-01", "2026-04-30") == Codes{"lot_expired"});
        CHECK(expiring("2026-04-30", "2026-04").empty());
        CHECK(expiring("2026-05-01", "2026-04") == Codes{"lot_expired"});
        CHECK(expiring("2026-05-01", "2028-06").empty());
    }

    TEST_CASE_FIXTURE(HandlingFixture, "a vial monitor at its discard point is warned of") {
        const auto woman = add(somebody("陈小丽", "2000-05-05"));
        const auto at_stage = [&](std::int64_t stage) {
            return warned(woman, dose("2026-05-01", [&](Dose& one) { one.vvm_stage = stage; }));
        };
        CHECK(at_stage(2).empty());
        CHECK(at_stage(3) == Codes{"vvm_discard"});
        CHECK(at_stage(4) == Codes{"vvm_discard"});
    }

    TEST_CASE_FIXTURE(HandlingFixture, "a volume that is no dose of the product is warned of") {
        const auto woman = add(somebody("陈小丽", "2000-05-05"));
        const auto of_volume = [&](const char* volume, const char* product) {
            const auto codes = warned(woman, dose("2026-05-01", [&](Dose& one) {
                                          one.volume_ml = volume;
                                          one.product = product;
                                      }));
            return codes.contains("volume_odd");
        };
        for (const auto* product : {"egret:cecolin", "egret:gardasil-9", "cvx:165", "cvx:137"}) {
            CAPTURE(product);
            for (const auto* volume : {"", "0.5", "0.50", "00.5"})
                CHECK_FALSE(of_volume(volume, product));
            for (const auto* volume : {"50", "5", "0.25", "0.05"})
                CHECK(of_volume(volume, product));
        }
    }

    TEST_CASE_FIXTURE(HandlingFixture, "a minor needs a guardian's consent that holds") {
        const auto girl = add(somebody("陈小丽", "2012-05-05"));
        CHECK(warned(girl, dose("2026-05-01")) == Codes{"consent_missing"});
        consent(girl, "2026-04-01", ConsentDecision::given, ConsentGiver::herself);
        CHECK(warned(girl, dose("2026-05-01")) == Codes{"consent_missing"});
        consent(girl, "2026-04-10", ConsentDecision::given, ConsentGiver::guardian);
        CHECK(warned(girl, dose("2026-05-01")).empty());
        CHECK(warned(girl, dose("2026-04-09")) == Codes{"consent_missing"});
        // From her birthday on it is hers to decide.
        const auto older = add(somebody("林晴", "2012-05-01"));
        CHECK(warned(older, dose("2026-05-01")).empty());
        CHECK(warned(older, dose("2026-04-30")) == Codes{"consent_missing"});
        const auto about = add(somebody("陈雨", "2012"));
        CHECK(warned(about, dose("2026-05-01")) == Codes{"consent_missing"});
    }

    TEST_CASE_FIXTURE(HandlingFixture, "a refusal that was said last is warned of at any age") {
        const auto girl = add(somebody("陈小丽", "2012-05-05"));
        consent(girl, "2026-04-01", ConsentDecision::given, ConsentGiver::guardian);
        consent(girl, "2026-04-10", ConsentDecision::withdrawn, ConsentGiver::guardian);
        CHECK(warned(girl, dose("2026-05-01")) == Codes{"consent_refused"});
        // What she says does not stand in for her guardian.
        consent(girl, "2026-04-11", ConsentDecision::given, ConsentGiver::herself);
        CHECK(warned(girl, dose("2026-05-01")) == Codes{"consent_refused"});
        consent(girl, "2026-04-12", ConsentDecision::given, ConsentGiver::guardian);
        CHECK(warned(girl, dose("2026-05-01")).empty());
        consent(girl, "2026-04-13", ConsentDecision::refused, ConsentGiver::herself);
        CHECK(warned(girl, dose("2026-05-01")) == Codes{"consent_refused"});
        const auto woman = add(somebody("林晴", "2000-05-05"));
        CHECK(warned(woman, dose("2026-05-01")).empty());
        consent(woman, "2026-04-01", ConsentDecision::refused, ConsentGiver::herself);
        CHECK(warned(woman, dose("2026-05-01")) == Codes{"consent_refused"});
    }

    TEST_CASE_FIXTURE(HandlingFixture, "what is said of one campaign round holds for that one") {
        const auto girl = add(somebody("陈小丽", "2012-05-05"));
        consent(girl, "2026-01-01", ConsentDecision::given, ConsentGiver::guardian, "2025-autumn");
        consent(girl, "2026-04-01", ConsentDecision::refused, ConsentGiver::guardian,
                "2026-spring");
        const auto of_round = [&](const char* round) {
            return warned(girl, dose("2026-05-01", [&](Dose& one) { one.round = round; }));
        };
        CHECK(of_round("2025-autumn").empty());
        CHECK(of_round("2026-spring") == Codes{"consent_refused"});
        CHECK(of_round("2026-autumn") == Codes{"consent_missing"});
        CHECK(of_round("") == Codes{"consent_refused"});
    }

    TEST_CASE_FIXTURE(HandlingFixture, "consent to a round doesn't cover a dose without one") {
        const auto girl = add(somebody("陈小丽", "2012-05-05"));
        consent(girl, "2026-04-01", ConsentDecision::given, ConsentGiver::guardian, "r1");
        const auto of_round = [&](const char* round) {
            return dose("2026-05-01", [&](Dose& one) { one.round = round; });
        };
        CHECK(warned(girl, of_round("r1")).empty());
        CHECK(warned(girl, of_round("")) == Codes{"consent_missing"});
        CHECK(missing(girl, of_round("")).text.id == "warning.consent_other_round");
        CHECK(missing(girl, of_round("r2")).text.id == "warning.consent_other_round");
        // One without a round is to any dose.
        consent(girl, "2026-04-02", ConsentDecision::given, ConsentGiver::guardian);
        CHECK(warned(girl, of_round("")).empty());
        CHECK(warned(girl, of_round("r2")).empty());
        // A refusal of a round may be of this dose, until it is taken back.
        consent(girl, "2026-04-03", ConsentDecision::withdrawn, ConsentGiver::guardian, "r1");
        CHECK(warned(girl, of_round("")) == Codes{"consent_refused"});
        CHECK(warned(girl, of_round("r2")).empty());
        consent(girl, "2026-04-04", ConsentDecision::given, ConsentGiver::guardian, "r1");
        CHECK(warned(girl, of_round("")).empty());
    }

    TEST_CASE_FIXTURE(HandlingFixture, "consent that came only after the dose is named") {
        const auto girl = add(somebody("陈小丽", "2012-05-05"));
        CHECK(missing(girl, dose("2026-04-30")).text.id == "warning.consent_missing");
        consent(girl, "2026-05-01", ConsentDecision::given, ConsentGiver::guardian);
        const auto warning = missing(girl, dose("2026-04-30"));
        CHECK(warning.text.id == "warning.consent_later");
        CHECK(warning.from == *Date::parse("2026-05-01"));
        CHECK(warned(girl, dose("2026-05-01")).empty());
    }

    TEST_CASE_FIXTURE(HandlingFixture, "what other clinics gave is not asked after") {
        const auto girl = add(somebody("陈小丽", "2012-05-05"));
        auto seen = dose("2026-05-01");
        seen.at.source = Source::card_seen;
        CHECK(warned(girl, seen).empty());
        seen.at.source = Source::given_here;
        CHECK(warned(girl, seen) == Codes{"consent_missing"});
    }

    TEST_CASE_FIXTURE(HandlingFixture, "a dose that was not given is warned of nothing") {
        const auto woman = add(somebody("陈小丽", "2000-05-05"));
        auto made = dose("2026-05-01",
                         [](Dose& one) { one.expires_on = *PartialDate::parse("2020-01-01"); });
        made.at.status = EventStatus::not_done;
        CHECK(warned(woman, made).empty());
    }
}

}  // namespace
}  // namespace egret
