// What is refused and warned of when facts of screening and follow-up are recorded beside others.

#include "registry/service/exchange.h"
#include "registry/service/recorder.h"
#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

namespace egret {
namespace {

using service::Recorder;
using tests::day;
using tests::fact;

struct ScreeningFixture : tests::ClinicFixture {
    ScreeningFixture() : her(add()) {}

    EventUid record(const Fact& made) {
        const auto recorded = Recorder(*clinic).record(nurse, her, made);
        if (!recorded) FAIL(recorded.error().field, " ", recorded.error().message.id);
        return recorded->event;
    }

    std::string stopped(const Fact& made) {
        const auto recorded = Recorder(*clinic).record(nurse, her, made);
        return recorded ? "recorded" : recorded.error().field + " " + recorded.error().message.id;
    }

    std::vector<std::string> codes(const Fact& made) {
        const auto warnings = Recorder(*clinic).preview(nurse, her, made);
        REQUIRE(warnings);
        std::vector<std::string> all;
        for (const auto& warning : *warnings) all.push_back(warning.code);
        return all;
    }

    WomanId her;
};

using Codes = std::vector<std::string>;

Fact specimen(const char* date, const char* barcode) {
    Specimen detail;
    detail.barcode = barcode;
    detail.tests = {SpecimenTest::hpv};
    return fact(date, detail);
}

Fact hpv_of(const char* date, const char* barcode) {
    HpvTest detail{HpvResult::negative, {}, {}};
    detail.specimen = barcode;
    return fact(date, detail);
}

TEST_SUITE("registry/service/screening_record") {
    TEST_CASE_FIXTURE(ScreeningFixture, "days that have not come are refused, plans for them not") {
        auto sent = specimen("2026-04-30", "B1");
        std::get<Specimen>(sent.detail).sent_on = day("2026-05-02");
        CHECK(stopped(sent) == "sent_on date.future");
        auto received = specimen("2026-04-30", "B1");
        std::get<Specimen>(received.detail).received_on = day("2026-05-02");
        CHECK(stopped(received) == "received_on date.future");
        const auto referral =
            record(fact("2026-04-30", Referral{"", "H1", "HPV16+", day("2026-06-01")}));
        CHECK(stopped(fact("2026-05-01", ReferralFeedback{referral, "H1", day("2026-05-02")})) ==
              "received_on date.future");
        CHECK(stopped(specimen("2026-05-02", "B1")) == "date date.future");
        CHECK(stopped(specimen("1985-03-03", "B1")) == "date date.before_birth");
        // Its date is today.
        CHECK(stopped(fact("", Referral{"", "H1", "", day("2026-04-30")})) ==
              "appointment_on referral.appointment_before");
    }

    TEST_CASE_FIXTURE(ScreeningFixture,
                      "a deferral that would be over is refused, one that ends "
                      "early is corrected") {
        Deferral deferral{ScreenedSite::cervix, day("2026-04-30"), DeferralReason::pregnant};
        CHECK(stopped(fact("2026-04-01", deferral)) == "until deferral.over");
        CHECK(stopped(fact("", deferral)) == "until deferral.over");
        deferral.until = day("2026-05-01");
        CHECK(stopped(fact("2026-04-01", deferral)) == "recorded");
        deferral.until = day("2026-12-01");
        const auto long_one = record(fact("2026-04-02", deferral));
        deferral.until = day("2026-04-20");
        CHECK(Recorder(*clinic).correct(nurse, long_one, fact("2026-04-02", deferral), "born"));
    }

    TEST_CASE_FIXTURE(ScreeningFixture,
                      "an image shows at least one breast, unless it wasn't made") {
        CHECK(stopped(fact("2026-04-30", Mammogram{})) == "left breast.side_missing");
        CHECK(stopped(fact("2026-04-30", BreastUltrasound{})) == "left breast.side_missing");
        auto not_done = fact("2026-04-30", Mammogram{});
        not_done.at.status = EventStatus::not_done;
        CHECK(stopped(not_done) == "recorded");
        Mammogram right;
        right.right = BreastFinding{BiRads::b2, {}};
        const auto seen = record(fact("2026-04-30", right));
        CHECK_FALSE(
            Recorder(*clinic).correct(nurse, seen, fact("2026-04-30", Mammogram{}), "none"));
    }

    TEST_CASE_FIXTURE(ScreeningFixture,
                      "a result isn't older than its specimen, from either side") {
        const auto taken = record(specimen("2026-04-10", "B1"));
        CHECK(stopped(hpv_of("2026-04-09", "B1")) == "date specimen.result_before");
        auto reported = hpv_of("2026-04", "B1");
        reported.at.reported_on = day("2026-04-09");
        CHECK(stopped(reported) == "reported_on specimen.result_before");
        CHECK(stopped(hpv_of("2026-04-09", "B2")) == "recorded");
        record(hpv_of("2026-04-10", "B1"));
        const auto later =
            Recorder(*clinic).correct(nurse, taken, specimen("2026-04-11", "B1"), "");
        REQUIRE_FALSE(later);
        CHECK(later.error().field == "date");
        CHECK(later.error().message.id == "specimen.taken_after_result");
        CHECK(
            Recorder(*clinic).correct(nurse, taken, specimen("2026-04-08", "B1"), "typed wrongly"));
        Histology tissue;
        tissue.specimen = "B1";
        CHECK(stopped(fact("2026-04-07", tissue)) == "date specimen.result_before");
        Cytology cells;
        cells.specimen = "B1";
        CHECK(stopped(fact("2026-04-07", cells)) == "date specimen.result_before");
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "a fact names others of hers, of the kind that is meant") {
        const auto test = record(hpv_of("2026-04-10", ""));
        const auto referral = record(fact("2026-04-12", Referral{"", "H1", "", {}}));
        const auto hers = her;
        her = add();
        const auto of_another = record(fact("2026-04-12", Referral{"", "H1", "", {}}));
        her = hers;
        CHECK(stopped(fact("2026-04-20", Informed{{test, of_another}, {}})) ==
              "about[1] event.not_hers");
        CHECK(stopped(fact("2026-04-20", Informed{{test}, ContactMethod::phone})) == "recorded");
        CHECK(stopped(fact("2026-04-20", ReferralFeedback{test, "H1", {}})) ==
              "referral referral.not_hers");
        CHECK(stopped(fact("2026-04-20", ReferralFeedback{of_another, "H1", {}})) ==
              "referral referral.not_hers");
        CHECK(stopped(fact("2026-04-20", ReferralFeedback{referral, "H1", {}})) == "recorded");
    }

    TEST_CASE_FIXTURE(ScreeningFixture,
                      "what is named by a correction is known by its first fact") {
        const auto test = record(hpv_of("2026-04-10", ""));
        const auto corrected =
            Recorder(*clinic).correct(nurse, test, hpv_of("2026-04-11", ""), "typed wrongly");
        REQUIRE(corrected);
        record(fact("2026-04-20", Informed{{corrected->event}, {}}));
        const auto history = clinic->load_history(her);
        const auto told =
            std::find_if(history->facts.begin(), history->facts.end(), [](const LiveFact& live) {
                return std::holds_alternative<Informed>(live.fact.detail);
            });
        REQUIRE(told != history->facts.end());
        CHECK(std::get<Informed>(told->fact.detail).about == std::vector<EventUid>{test});
    }

    TEST_CASE_FIXTURE(ScreeningFixture,
                      "a ceasing is confirmed and taken back as it was proposed") {
        using enum CeasingStep;
        const auto ceasing = [](CeasingStep step, EventUid about,
                                ScreenedSite site = ScreenedSite::cervix) {
            return fact("2026-04-10", Ceasing{site, step, CeasingReason::age, about});
        };
        const auto test = record(hpv_of("2026-04-09", ""));
        const auto first = record(ceasing(proposed, {}));
        CHECK(stopped(ceasing(confirmed, test)) == "about ceasing.not_hers");
        CHECK(stopped(ceasing(confirmed, first, ScreenedSite::breast)) ==
              "site ceasing.other_site");
        const auto second = record(ceasing(confirmed, first));
        CHECK(stopped(ceasing(confirmed, second)) == "about ceasing.not_proposed");
        const auto back = record(ceasing(reinstated, second));
        CHECK(stopped(ceasing(reinstated, back)) == "about ceasing.not_hers");
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "who agrees to a closing says the same, and is another") {
        using enum ClosingReason;
        const auto closing = [](const char* action, ClosingReason reason, EventUid confirms,
                                ScreenedSite site = ScreenedSite::cervix) {
            return fact("2026-04-10", Closing{site, action, reason, confirms});
        };
        const auto first = record(closing("0a1b2c3d4e5f", refused, {}));
        CHECK(stopped(closing("0a1b2c3d4e5f", refused, tests::uid(9))) ==
              "confirms closing.not_hers");
        CHECK(stopped(closing("0a1b2c3d4e5f", moved, first)) == "reason closing.differs");
        CHECK(stopped(closing("", refused, first)) == "action closing.differs");
        CHECK(stopped(closing("0a1b2c3d4e5f", refused, first, ScreenedSite::breast)) ==
              "site closing.differs");
        const auto agreed = closing("0a1b2c3d4e5f", refused, first);
        // Nothing of hers is open, so that each is warned of.
        CHECK(codes(agreed) == Codes{"confirmed_by_same_person", "action_unknown"});
        nurse.user = {random.bytes<16>()};
        CHECK(codes(agreed) == Codes{"action_unknown"});
        CHECK(codes(closing("0a1b2c3d4e5f", moved, {})) == Codes{"action_unknown"});
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "who proposed a ceasing doesn't confirm it unasked") {
        const auto proposal = record(
            fact("2026-04-10",
                 Ceasing{ScreenedSite::breast, CeasingStep::proposed, CeasingReason::age, {}}));
        const auto step = [&](CeasingStep then) {
            return fact("2026-04-11", Ceasing{ScreenedSite::breast, then, {}, proposal});
        };
        CHECK(codes(step(CeasingStep::confirmed)) == Codes{"confirmed_by_same_person"});
        CHECK(codes(step(CeasingStep::reinstated)) == Codes{});
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "a review below associate chief physician is warned of") {
        Mammogram image;
        image.left = BreastFinding{BiRads::b3, {}};
        record(fact("2026-04-08", image));
        SeniorReview review;
        review.decision = ReviewDecision::biopsy;
        CHECK(codes(fact("2026-04-10", review)) == Codes{});
        review.rank = PhysicianRank::attending;
        CHECK(codes(fact("2026-04-10", review)) == Codes{"review_rank_low"});
        for (const auto rank : {PhysicianRank::associate_senior, PhysicianRank::senior}) {
            review.rank = rank;
            CHECK(codes(fact("2026-04-10", review)) == Codes{});
        }
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "cytology without a transformation zone is warned of") {
        using enum CytologyResult;
        CHECK(codes(fact("2026-04-10", Cytology{{nilm, no_tz}})) ==
              Codes{"no_transformation_zone"});
        CHECK(codes(fact("2026-04-10", Cytology{{nilm}})) == Codes{});
        auto not_done = fact("2026-04-10", Cytology{{no_tz}});
        not_done.at.status = EventStatus::not_done;
        CHECK(codes(not_done) == Codes{});
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "an image of a breast that was removed is warned of") {
        Mammogram both;
        both.left = BreastFinding{BiRads::b1, {}};
        both.right = both.left;
        BreastUltrasound left_only;
        left_only.left = both.left;
        CHECK(codes(fact("2026-04-10", both)) == Codes{});
        record(fact("2026-04-01", Flag{"mastectomy_left", *PartialDate::parse("2020"), {}}));
        CHECK(codes(fact("2026-04-10", both)) == Codes{"breast_removed"});
        CHECK(codes(fact("2026-04-10", left_only)) == Codes{"breast_removed"});
        CHECK(codes(fact("2019-12-31", left_only)) == Codes{});
        Treatment operation{Procedure::mastectomy, "", ""};
        operation.site = DiagnosisSite::breast_right;
        record(fact("2026-04-05", operation));
        CHECK(codes(fact("2026-04-10", both)) == Codes{"breast_removed", "breast_removed"});
        CHECK(codes(fact("2026-04-05", both)) == Codes{"breast_removed"});  // That morning.
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "a barcode that isn't hers is warned of") {
        record(specimen("2026-04-10", "B1"));
        CHECK(codes(hpv_of("2026-04-10", "B1")) == Codes{});
        CHECK(codes(hpv_of("2026-04-10", "B2")) == Codes{"specimen_unknown"});
        CHECK(codes(hpv_of("2026-04-10", "")) == Codes{});
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "a test before the next one is due is warned of") {
        record(hpv_of("2024-03-01", ""));
        const auto early = hpv_of("2026-04-10", "");
        CHECK(codes(early) == Codes{"screened_inside_interval"});
        const auto warning = Recorder(*clinic).preview(nurse, her, early)->front();
        CHECK(warning.from == day("2029-03-01"));
        CHECK(warning.text.arguments ==
              std::vector<Message::Argument>{
                  {"day", "2024-03-01"}, {"screening_kind", "hpv_test"}, {"from", "2029-03-01"}});
        CHECK(codes(fact("2026-04-10", Cytology{{CytologyResult::nilm}})) ==
              Codes{"screened_inside_interval"});
        CHECK(codes(fact("2026-04-10", Via{ViaResult::negative})) ==
              Codes{"screened_inside_interval"});
        // Of one visit, of the other site, from elsewhere, or not done.
        CHECK(codes(fact("2024-03-02", Cytology{{CytologyResult::nilm}})) == Codes{});
        CHECK(codes(fact("2024-02-29", Cytology{{CytologyResult::nilm}})) == Codes{});
        Mammogram mammogram;
        mammogram.left = BreastFinding{BiRads::b1, {}};
        CHECK(codes(fact("2026-04-10", mammogram)) == Codes{});
        auto from_card = early;
        from_card.at.source = Source::card_seen;
        CHECK(codes(from_card) == Codes{});
        auto not_done = early;
        not_done.at.status = EventStatus::not_done;
        CHECK(codes(not_done) == Codes{});
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "it is asked at the sample, and not again at its result") {
        record(hpv_of("2024-03-01", ""));
        const auto sample = specimen("2026-04-10", "B1");
        CHECK(codes(sample) == Codes{"screened_inside_interval"});
        auto tissue = sample;
        std::get<Specimen>(tissue.detail).tests = {SpecimenTest::histology};
        CHECK(codes(tissue) == Codes{});
        record(sample);
        CHECK(codes(hpv_of("2026-04-10", "B1")) == Codes{});
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "what a result asks for is never early") {
        HpvTest positive{HpvResult::positive, {HpvType::hpv16}, {}};
        record(fact("2026-03-01", positive));
        CHECK(codes(fact("2026-04-10", Cytology{{CytologyResult::nilm}})) == Codes{});
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "a result that is old enough, or only told, lets her in") {
        record(hpv_of("2021-04-10", ""));
        CHECK(codes(hpv_of("2026-04-09", "")) == Codes{"screened_inside_interval"});
        CHECK(codes(hpv_of("2026-04-10", "")) == Codes{});
        auto told = hpv_of("2025-04-10", "");
        told.at.source = Source::told;
        record(told);
        CHECK(codes(hpv_of("2026-04-10", "")) == Codes{});
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "a breast is imaged again when its interval is over") {
        BreastUltrasound both;
        both.left = BreastFinding{BiRads::b1, {}};
        both.right = both.left;
        record(fact("2023-05-10", BreastExam{ExamResult::normal}));
        record(fact("2023-05-10", both));
        CHECK(codes(fact("2025-05-09", both)) == Codes{"screened_inside_interval"});
        CHECK(codes(fact("2025-05-10", both)) == Codes{});
        CHECK(codes(hpv_of("2025-05-09", "")) == Codes{});
    }

    TEST_CASE_FIXTURE(ScreeningFixture, "two of a day are warned of only if they are the same") {
        record(specimen("2026-04-10", "B1"));
        CHECK(codes(specimen("2026-04-10", "B2")) == Codes{});
        CHECK(codes(specimen("2026-04-10", "B1")) == Codes{"same_day"});
        record(fact("2026-04-10",
                    Deferral{ScreenedSite::cervix, day("2026-12-01"), DeferralReason::pregnant}));
        CHECK(codes(fact("2026-04-10", Deferral{ScreenedSite::breast, day("2026-12-01"),
                                                DeferralReason::pregnant})) == Codes{});
    }

    TEST_CASE_FIXTURE(ScreeningFixture,
                      "a file brings what is over or shows no side, but no result "
                      "before its specimen") {
        const auto import = [&](const std::string& events) {
            std::istringstream in(R"({"id":"f1","birth_date":"1980","sex":"female","events":[)" +
                                  events + "]}\n");
            NoProgress quiet;
            auto imported = service::Exchange(*clinic).import_persons(nurse, in, quiet);
            REQUIRE(imported);
            return *std::move(imported);
        };
        const auto refused = import(
            R"({"type":"specimen","date":"2020-05-02","barcode":"B7","tests":["hpv"]},)"
            R"({"type":"hpv_test","date":"2020-05-01","result":"negative","specimen":"B7"})");
        REQUIRE(refused.refused.size() == 1);
        CHECK(refused.refused.front().error.message.id == "specimen.taken_after_result");
        const auto taken =
            import(R"({"type":"deferral","date":"2020-01-01","site":"cervix","until":"2020-09-01",)"
                   R"("reason":"pregnant"},{"type":"mammogram","date":"2020-05-01"})");
        CHECK(taken.refused.empty());
        CHECK(taken.facts == 3);
    }
}

}  // namespace
}  // namespace egret
