// What a nurse is told of when she records something that may be a slip.

#include "registry/follow_up/care.h"
#include "registry/service/recorder.h"
#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret {
namespace {

using service::Recorder;
using service::Warning;
using tests::day;
using tests::fact;
using Codes = std::vector<std::string>;

struct NotesFixture : tests::ClinicFixture {
    NotesFixture() : her(add()), other(add(somebody("李梅", "1979-02-03"))) {}

    EventUid record_of(const WomanId& woman, const Fact& made) {
        const auto recorded = Recorder(*clinic).record(nurse, woman, made);
        if (!recorded) FAIL(recorded.error().field, " ", recorded.error().message.id);
        return recorded->event;
    }

    EventUid record(const Fact& made) { return record_of(her, made); }

    std::vector<Warning> warnings_of(const WomanId& woman, const Fact& made) {
        auto warnings = Recorder(*clinic).preview(nurse, woman, made);
        if (!warnings) FAIL(warnings.error().field, " ", warnings.error().message.id);
        return *std::move(warnings);
    }

    Codes codes_of(const WomanId& woman, const Fact& made) {
        Codes all;
        for (const auto& warning : warnings_of(woman, made)) all.push_back(warning.code);
        return all;
    }

    Codes codes(const Fact& made) { return codes_of(her, made); }

    /// Somebody else at the clinic.
    void be_another() { nurse.user = {random.bytes<16>()}; }

    WomanId her;
    WomanId other;
};

Fact specimen(const char* date, const char* barcode, SpecimenTest test = SpecimenTest::hpv) {
    Specimen detail;
    detail.barcode = barcode;
    detail.tests = {test};
    return fact(date, detail);
}

Fact hpv_of(const char* date, const char* barcode, HpvResult result = HpvResult::negative) {
    HpvTest detail{result, {}, {}};
    detail.specimen = barcode;
    return fact(date, detail);
}

Fact mammogram(const char* date, BiRads left, BiRads right) {
    Mammogram image;
    image.left = BreastFinding{left, {}};
    image.right = BreastFinding{right, {}};
    return fact(date, image);
}

Fact ultrasound(const char* date, BiRads left, BiRads right) {
    BreastUltrasound image;
    image.left = BreastFinding{left, {}};
    image.right = BreastFinding{right, {}};
    return fact(date, image);
}

Fact review(const char* date, ReviewDecision decision) {
    SeniorReview made;
    made.decision = decision;
    made.rank = PhysicianRank::senior;
    if (decision == ReviewDecision::short_follow_up) made.review_on = day("2026-10-10");
    return fact(date, made);
}

TEST_SUITE("registry/service/entry_notes") {
    TEST_CASE_FIXTURE(NotesFixture,
                      "one barcode of two women is warned of at both, naming nobody") {
        record_of(other, specimen("2026-04-02", "Y1"));
        const auto warnings = warnings_of(her, specimen("2026-04-03", "Y1"));
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].code == "barcode_of_another");
        CHECK(warnings[0].text == msg("warning.specimen_of_another"));
        CHECK(warnings[0].women.empty());
        CHECK(codes(hpv_of("2026-04-03", "Y1")) ==
              Codes{"barcode_of_another"});  // Not hers at all.
        record(specimen("2026-04-03", "Y1"));
        const auto of_result = warnings_of(her, hpv_of("2026-04-03", "Y1"));
        REQUIRE(of_result.size() == 1);
        CHECK(of_result[0].text == msg("warning.result_of_another"));
        CHECK(codes_of(other, hpv_of("2026-04-02", "Y1")) == Codes{"barcode_of_another"});
        CHECK(codes(specimen("2026-04-03", "y1")) == Codes{});  // Another label.
    }

    TEST_CASE_FIXTURE(NotesFixture, "a barcode that was corrected, voided or moved is free again") {
        const auto wrong = record_of(other, specimen("2026-04-02", "Y1"));
        REQUIRE(Recorder(*clinic).correct(nurse, wrong, specimen("2026-04-02", "Y2"), "typed"));
        CHECK(codes(specimen("2026-04-03", "Y1")) == Codes{});
        CHECK(codes(specimen("2026-04-03", "Y2")) == Codes{"barcode_of_another"});
        const auto moved =
            Recorder(*clinic).move(nurse, wrong, her, specimen("2026-04-02", "Y2"), "wrong woman");
        REQUIRE(moved);
        for (const auto& warning : moved->warnings) CHECK(warning.code != "barcode_of_another");
        CHECK(codes_of(other, specimen("2026-04-03", "Y2")) == Codes{"barcode_of_another"});
        REQUIRE(Recorder(*clinic).void_fact(nurse, moved->event, "never taken"));
        CHECK(codes_of(other, specimen("2026-04-03", "Y2")) == Codes{});
    }

    TEST_CASE_FIXTURE(NotesFixture, "records that are linked as hers are no other woman's") {
        record_of(other, specimen("2026-04-02", "Y1"));
        REQUIRE(service::Registrar(*clinic).link(nurse, her, other, "one woman"));
        CHECK(codes(hpv_of("2026-04-02", "Y1")) == Codes{});
    }

    TEST_CASE_FIXTURE(NotesFixture, "one barcode on samples of two visits of hers is warned of") {
        record(specimen("2026-04-02", "Y1"));
        // Two vessels of one visit may have one label.
        CHECK(codes(specimen("2026-04-03", "Y1", SpecimenTest::cytology)) == Codes{});
        CHECK(codes(specimen("2026-04-20", "Y1", SpecimenTest::histology)) ==
              Codes{"barcode_twice"});
        record(specimen("2026-04-20", "Y1", SpecimenTest::histology));
        Histology tissue;
        tissue.results = {HistologyResult::benign};
        tissue.specimen = "Y1";
        CHECK(codes(fact("2026-04-20", tissue)) == Codes{"barcode_twice"});
    }

    TEST_CASE_FIXTURE(NotesFixture, "a barcode finds whose sample it is") {
        record_of(other, specimen("2026-04-02", "Y1-77"));
        const auto hits = clinic->search().find(" Y1-77 ", 10);
        REQUIRE(hits.rows.size() == 1);
        CHECK(hits.rows[0].id == other);
        CHECK(clinic->search().find("Y1", 10).rows.empty());
    }

    TEST_CASE_FIXTURE(NotesFixture, "that she was told of what is no result is said") {
        const auto sample = record(specimen("2026-04-02", "Y1"));
        const auto result = record(hpv_of("2026-04-02", "Y1", HpvResult::positive));
        const auto warnings = warnings_of(her, fact("2026-04-20", Informed{{sample, result}, {}}));
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].code == "told_no_result");
        CHECK(warnings[0].text.arguments ==
              std::vector<Message::Argument>{{"screening_kind", "specimen"},
                                             {"number", sample.to_string()}});
        CHECK(codes(fact("2026-04-20", Informed{{result}, {}})) == Codes{});
    }

    TEST_CASE_FIXTURE(NotesFixture, "feedback that is older than its referral is warned of") {
        const auto referral = record(fact("2026-04-20", Referral{"", "H1", "", {}}));
        CHECK(codes(fact("2026-04-01", ReferralFeedback{referral, "H1", {}})) ==
              Codes{"feedback_before_referral"});
        CHECK(codes(fact("2026-04-20", ReferralFeedback{referral, "H1", {}})) == Codes{});
    }

    TEST_CASE_FIXTURE(NotesFixture, "reports that contradict themselves are warned of") {
        using enum CytologyResult;
        CHECK(codes(fact("2026-04-10", Cytology{{nilm, hsil}})) == Codes{"cytology_contradicts"});
        CHECK(codes(fact("2026-04-10", Cytology{{asc_us, hsil}})) == Codes{});
        Diagnosis cancer;
        cancer.site = DiagnosisSite::breast_left;
        cancer.code = "icd10:C50.4";
        cancer.t = "T1";
        cancer.n = "N0";
        cancer.m = "M0";
        cancer.stage = BreastStage::iv;
        CHECK(codes(fact("2026-04-10", cancer)) == Codes{"stage_contradicts"});
        cancer.m = "M1";
        CHECK(codes(fact("2026-04-10", cancer)) == Codes{});
        cancer.stage = BreastStage::ia;
        CHECK(codes(fact("2026-04-10", cancer)) == Codes{"stage_contradicts"});
        cancer.m = "";
        CHECK(codes(fact("2026-04-10", cancer)) == Codes{});
    }

    TEST_CASE_FIXTURE(NotesFixture, "a colposcopy that tells nothing is warned of") {
        Colposcopy look;
        look.biopsies = 2;
        CHECK(codes(fact("2026-04-10", look)) == Codes{"colposcopy_empty"});
        look.adequate = false;
        CHECK(codes(fact("2026-04-10", look)) == Codes{});
        look.impression = ColposcopyImpression::normal;
        look.adequate.reset();
        CHECK(codes(fact("2026-04-10", look)) == Codes{});
    }

    TEST_CASE_FIXTURE(NotesFixture, "a test before her follow-up is due is warned of") {
        record(fact("2026-02-02", HpvTest{HpvResult::positive, {HpvType::hpv52}, {}}));
        record(fact("2026-02-02", Cytology{{CytologyResult::nilm}}));
        const auto warnings = warnings_of(her, specimen("2026-04-20", "Y1"));
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].code == "screened_inside_interval");
        CHECK(warnings[0].text.id == "warning.screened_before_follow_up");
        CHECK(warnings[0].from == day("2027-02-02"));
    }

    TEST_CASE_FIXTURE(NotesFixture,
                      "a therapy that doesn't tell for which organ it was is warned of") {
        Treatment therapy;
        therapy.procedure = Procedure::chemotherapy;
        CHECK(codes(fact("2026-04-10", therapy)) == Codes{"therapy_without_site"});
        therapy.site = DiagnosisSite::cervix;
        CHECK(codes(fact("2026-04-10", therapy)) == Codes{});
        therapy.site.reset();
        therapy.procedure = Procedure::leep;
        CHECK(codes(fact("2026-04-10", therapy)) == Codes{});
    }

    TEST_CASE_FIXTURE(NotesFixture, "a review that no image asks for is warned of") {
        CHECK(codes(review("2026-04-10", ReviewDecision::other)) == Codes{"review_unasked"});
        record(ultrasound("2026-04-08", BiRads::b3, BiRads::b0));
        CHECK(codes(review("2026-04-10", ReviewDecision::short_follow_up)) ==
              Codes{"review_unasked"});
        record(mammogram("2026-04-09", BiRads::b3, BiRads::b3));
        CHECK(codes(review("2026-04-10", ReviewDecision::short_follow_up)) == Codes{});
    }

    TEST_CASE_FIXTURE(NotesFixture,
                      "who took a result back is told that somebody else must agree") {
        const auto result = record(hpv_of("2026-04-02", "", HpvResult::positive));
        REQUIRE(Recorder(*clinic).void_fact(nurse, result, "typed wrongly"));
        const auto history = clinic->load_history(her);
        const auto on = clinic->today();
        std::string id;
        for (const auto& loop : follow_up::care_of(*clinic->programme_on(on), *history, on).loops) {
            if (loop.action == "confirm") id = loop.id;
        }
        REQUIRE_FALSE(id.empty());
        const auto agreed =
            fact("2026-05-01", Closing{ScreenedSite::cervix, id, ClosingReason::completed, {}});
        const auto own = warnings_of(her, agreed);
        REQUIRE(own.size() == 1);
        CHECK(own[0].code == "confirmed_by_same_person");
        CHECK(own[0].text == msg("warning.taken_back_by_same_person"));
        record(agreed);
        CHECK(codes(agreed) == Codes{"same_day", "confirmed_by_same_person"});
        be_another();
        CHECK(codes(agreed) == Codes{});  // The same words on the same day: that agrees.
        record(agreed);
        CHECK(codes(agreed) == Codes{"same_day", "action_unknown"});
    }

    TEST_CASE_FIXTURE(NotesFixture, "closing her case names what is given up by it") {
        record(hpv_of("2026-04-20", "", HpvResult::positive));
        const auto closing = [](ClosingReason reason) {
            return fact("2026-05-01", Closing{ScreenedSite::cervix, "", reason, {}});
        };
        const auto warned = warnings_of(her, closing(ClosingReason::moved));
        REQUIRE(warned.size() == 1);
        CHECK(warned[0].code == "closing_gives_up");
        CHECK(warned[0].text ==
              msg("warning.closing_gives_up", {{"loop_actions", "cytology,inform"}}));
        CHECK(codes(closing(ClosingReason::completed)) == Codes{"closes_nothing"});
        CHECK(codes(fact("2026-05-01", Closing{ScreenedSite::breast, "", ClosingReason::moved, {}}))
                  .empty());
    }

    TEST_CASE_FIXTURE(NotesFixture, "a result of the cervix is hardly a man's") {
        auto who = somebody("李强", "1979-02-03");
        who.sex = Sex::male;
        const auto man = add(who);
        CHECK(codes_of(man, hpv_of("2026-04-02", "")) == Codes{"cervix_of_man"});
        CHECK(codes_of(man, specimen("2026-04-02", "Y9")) == Codes{"cervix_of_man"});
        CHECK(codes_of(man, mammogram("2026-04-02", BiRads::b1, BiRads::b1)).empty());
    }

    TEST_CASE_FIXTURE(NotesFixture, "two operations of one day are no record twice") {
        const auto removed = [](DiagnosisSite breast) {
            Treatment treatment;
            treatment.procedure = Procedure::mastectomy;
            treatment.site = breast;
            return fact("2026-05-01", treatment);
        };
        record(removed(DiagnosisSite::breast_left));
        CHECK(codes(removed(DiagnosisSite::breast_right)) == Codes{});
        CHECK(codes(removed(DiagnosisSite::breast_left)) == Codes{"same_day"});
    }

    TEST_CASE_FIXTURE(NotesFixture, "the second person's ceasing is no record twice") {
        const auto proposal = record(
            fact("2026-05-01",
                 Ceasing{ScreenedSite::breast, CeasingStep::proposed, CeasingReason::age, {}}));
        const auto confirmed =
            fact("2026-05-01", Ceasing{ScreenedSite::breast, CeasingStep::confirmed, {}, proposal});
        record(confirmed);
        CHECK(codes(confirmed) == Codes{"same_day", "confirmed_by_same_person"});
        be_another();
        CHECK(codes(confirmed) == Codes{});
    }

    TEST_CASE_FIXTURE(NotesFixture, "a mobile number of another length than 11 is warned of") {
        auto who = somebody("张红", "1990-01-01");
        const auto codes_with = [&](const char* phone) {
            who.phones = {phone};
            const auto added = service::Registrar(*clinic).add(nurse, who);
            REQUIRE(added);
            return std::count_if(added->warnings.begin(), added->warnings.end(),
                                 [](const Warning& one) { return one.code == "phone_digits"; });
        };
        CHECK(codes_with("138000000010") == 1);
        CHECK(codes_with("+861380000001") == 1);
        CHECK(codes_with("13800000001") == 0);
        CHECK(codes_with("+8613800000001") == 0);
        CHECK(codes_with("059212345678") == 0);
        CHECK(codes_with("2066688") == 0);
    }
}

}  // namespace
}  // namespace egret
