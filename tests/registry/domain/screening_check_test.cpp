#include "registry/domain/check.h"
#include "registry/domain/entry_check.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <functional>

namespace egret {
namespace {

using tests::day;
using tests::fact;

/// The field and the sentence at which an entry is stopped.
std::string stopped_entry(Fact made) {
    const auto checked = check_entry(made);
    return checked ? "accepted" : checked.error().field + " " + checked.error().message.id;
}

template <class Kind>
std::string stopped_of(Kind detail, const std::function<void(Kind&)>& change) {
    change(detail);
    return stopped_entry(fact("2026-03-02", std::move(detail)));
}

Specimen taken() {
    Specimen specimen;
    specimen.barcode = "B1001";
    specimen.tests = {SpecimenTest::hpv, SpecimenTest::cytology};
    return specimen;
}

Diagnosis of_site(DiagnosisSite site) {
    Diagnosis diagnosis;
    diagnosis.site = site;
    return diagnosis;
}

TEST_SUITE("registry/domain/screening_check") {
    TEST_CASE("a specimen has its label's form, something to examine, and days in order") {
        const auto stopped = [](const std::function<void(Specimen&)>& change) {
            return stopped_of<Specimen>(taken(), change);
        };
        CHECK(stopped([](Specimen&) {}) == "accepted");
        CHECK(stopped([](Specimen& one) { one.barcode = "B 1"; }) == "barcode specimen.barcode");
        CHECK(stopped([](Specimen& one) { one.barcode = std::string(65, '1'); }) ==
              "barcode specimen.barcode");
        CHECK(stopped([](Specimen& one) { one.barcode = "标本"; }) == "barcode specimen.barcode");
        CHECK(stopped([](Specimen& one) { one.tests.clear(); }) == "tests fact.missing");
        CHECK(stopped([](Specimen& one) {
                  one.tests = {SpecimenTest::hpv, SpecimenTest::hpv};
              }) == "tests fact.repeated");
        CHECK(stopped([](Specimen& one) { one.laboratory = "a b"; }) ==
              "laboratory facility.shape");
        CHECK(stopped([](Specimen& one) { one.sent_on = day("2026-03-01"); }) ==
              "sent_on specimen.sent_before_taken");
        CHECK(stopped([](Specimen& one) { one.received_on = day("2026-03-01"); }) ==
              "received_on specimen.received_before_sent");
        CHECK(stopped([](Specimen& one) {
                  one.sent_on = day("2026-03-04");
                  one.received_on = day("2026-03-03");
              }) == "received_on specimen.received_before_sent");
        CHECK(stopped([](Specimen& one) {
                  one.sent_on = day("2026-03-02");
                  one.received_on = day("2026-03-02");
              }) == "accepted");
    }

    TEST_CASE("results name their specimen and laboratory in the forms of these") {
        const auto stopped = [](auto detail, auto member, const char* value) {
            detail.*member = value;
            return stopped_entry(fact("2026-03-02", detail));
        };
        const HpvTest hpv{HpvResult::positive, {}, {}};
        CHECK(stopped(hpv, &HpvTest::specimen, "B 1") == "specimen specimen.barcode");
        CHECK(stopped(hpv, &HpvTest::laboratory, "实验室") == "laboratory facility.shape");
        CHECK(stopped(hpv, &HpvTest::kit, "a\nb") == "kit plain_text.one_line");
        CHECK(stopped(hpv, &HpvTest::kit, "21 HPV GenoArray") == "accepted");
        CHECK(stopped(Cytology{}, &Cytology::specimen, "B 1") == "specimen specimen.barcode");
        CHECK(stopped(Cytology{}, &Cytology::laboratory, "?") == "laboratory facility.shape");
        CHECK(stopped(Histology{}, &Histology::specimen, "B 1") == "specimen specimen.barcode");
        CHECK(stopped(Histology{}, &Histology::laboratory, "?") == "laboratory facility.shape");
    }

    TEST_CASE("an unsatisfactory sample has no diagnosis") {
        using enum CytologyResult;
        const auto stopped = [](std::vector<CytologyResult> results) {
            return stopped_entry(fact("2026-03-02", Cytology{std::move(results)}));
        };
        CHECK(stopped({unsat, nilm}) == "results cytology.unsat_with_diagnosis");
        CHECK(stopped({no_tz, hsil, unsat}) == "results cytology.unsat_with_diagnosis");
        CHECK(stopped({unsat, unsat}) == "results fact.repeated");
        CHECK(stopped({unsat}) == "accepted");
        CHECK(stopped({unsat, no_tz}) == "accepted");
        CHECK(stopped({nilm, no_tz}) == "accepted");
    }

    TEST_CASE("numbers of a colposcopy lie in their ranges") {
        const auto stopped = [](auto member, std::int64_t value) {
            Colposcopy detail{{}, {}, {}};
            detail.*member = value;
            return stopped_entry(fact("2026-03-02", detail));
        };
        CHECK(stopped(&Colposcopy::tz_type, 0) == "tz_type colposcopy.tz_type");
        CHECK(stopped(&Colposcopy::tz_type, 4) == "tz_type colposcopy.tz_type");
        CHECK(stopped(&Colposcopy::swede, -1) == "swede colposcopy.swede");
        CHECK(stopped(&Colposcopy::swede, 11) == "swede colposcopy.swede");
        CHECK(stopped(&Colposcopy::swede, 0) == "accepted");
        CHECK(stopped(&Colposcopy::swede, 10) == "accepted");
        CHECK(stopped(&Colposcopy::biopsies, -1) == "biopsies colposcopy.biopsies");
        CHECK(stopped(&Colposcopy::biopsies, 31) == "biopsies colposcopy.biopsies");
        CHECK(stopped(&Colposcopy::biopsies, 0) == "accepted");
        Colposcopy hidden{{}, {}, {}};
        hidden.indication = "a\u202eb";
        CHECK(stopped_entry(fact("2026-03-02", hidden)) == "indication plain_text.one_line");
    }

    TEST_CASE("the two sides don't contradict the whole examination") {
        using enum ExamResult;
        const auto stopped = [](ExamResult whole, std::optional<ExamResult> left,
                                std::optional<ExamResult> right) {
            return stopped_entry(fact("2026-03-02", BreastExam{whole, left, right}));
        };
        CHECK(stopped(normal, abnormal, normal) == "result breast_exam.side_contradicts");
        CHECK(stopped(normal, {}, abnormal) == "result breast_exam.side_contradicts");
        CHECK(stopped(abnormal, normal, normal) == "accepted");  // An armpit, say.
        CHECK(stopped(normal, normal, {}) == "accepted");
    }

    TEST_CASE("a review and a treatment look ahead, and what is postponed isn't done") {
        SeniorReview review;
        review.decision = ReviewDecision::short_follow_up;
        review.review_on = day("2026-03-01");
        CHECK(stopped_entry(fact("2026-03-02", review)) == "review_on senior_review.review_before");
        review.review_on = day("2026-09-02");
        review.reviewer = "a\u202eb";
        CHECK(stopped_entry(fact("2026-03-02", review)) == "reviewer plain_text.one_line");

        Treatment treatment{Procedure::leep, "CIN3", ""};
        treatment.postponed_until = day("2026-03-01");
        CHECK(stopped_entry(fact("2026-03-02", treatment)) ==
              "postponed_until treatment.postponed_before");
        treatment.postponed_until = day("2026-05-01");
        auto postponed = fact("2026-03-02", treatment);
        REQUIRE(check_entry(postponed));
        CHECK(postponed.at.status == EventStatus::not_done);
        postponed.at.status = EventStatus::completed;
        CHECK(stopped_entry(postponed) == "status treatment.postponed_and_done");
        auto done = fact("2026-03-02", Treatment{Procedure::leep, "CIN3", ""});
        REQUIRE(check_entry(done));
        CHECK_FALSE(done.at.status);
    }

    TEST_CASE("a stage is of the kind that its site has, in its one form") {
        using enum DiagnosisSite;
        const auto stopped = [](DiagnosisSite site, const std::function<void(Diagnosis&)>& change) {
            return stopped_of<Diagnosis>(of_site(site), change);
        };
        CHECK(stopped(cervix, [](Diagnosis& one) { one.code = "C53.9"; }) ==
              "code code.needs_prefix");
        CHECK(stopped(cervix, [](Diagnosis& one) { one.hospital_level = 0; }) ==
              "hospital_level diagnosis.hospital_level");
        CHECK(stopped(cervix, [](Diagnosis& one) { one.hospital_level = 4; }) ==
              "hospital_level diagnosis.hospital_level");
        CHECK(stopped(cervix, [](Diagnosis& one) { one.figo = FigoStage::ib3; }) == "accepted");
        for (const auto site : {breast, breast_left, breast_right}) {
            CHECK(stopped(site, [](Diagnosis& one) { one.figo = FigoStage::i; }) ==
                  "figo diagnosis.figo_of_breast");
            CHECK(stopped(site, [](Diagnosis& one) { one.stage = BreastStage::iia; }) ==
                  "accepted");
        }
        CHECK(stopped(cervix, [](Diagnosis& one) { one.t = "T1c"; }) ==
              "t diagnosis.tnm_of_breast");
        CHECK(stopped(ovary, [](Diagnosis& one) { one.n = "N0"; }) == "n diagnosis.tnm_of_breast");
        CHECK(stopped(vulva, [](Diagnosis& one) { one.m = "M0"; }) == "m diagnosis.tnm_of_breast");
        CHECK(stopped(cervix, [](Diagnosis& one) { one.stage = BreastStage::i; }) ==
              "stage diagnosis.tnm_of_breast");
        CHECK(stopped(breast, [](Diagnosis& one) { one.t = "T9"; }) == "t diagnosis.t");
        CHECK(stopped(breast, [](Diagnosis& one) { one.n = "T1"; }) == "n diagnosis.n");
        CHECK(stopped(breast, [](Diagnosis& one) { one.m = "MX"; }) == "m diagnosis.m");
        auto typed = of_site(breast_left);
        typed.t = "1C";
        typed.n = "pn1mi(SN)";
        typed.m = "m0";
        auto kept = fact("2026-03-02", typed);
        REQUIRE(check_entry(kept));
        const auto& diagnosis = std::get<Diagnosis>(kept.detail);
        CHECK(diagnosis.t == "T1c");
        CHECK(diagnosis.n == "pN1mi(sn)");
        CHECK(diagnosis.m == "M0");
    }

    TEST_CASE("referrals, answers and what she was told are about somebody and something") {
        Referral referral{"", "H1", "", {}};
        CHECK(stopped_of<Referral>(referral, [](Referral& one) { one.to_facility = ""; }) ==
              "to_facility facility.shape");
        CHECK(stopped_of<Referral>(referral, [](Referral& one) {
                  one.appointment_on = day("2026-03-01");
              }) == "appointment_on referral.appointment_before");
        CHECK(stopped_of<Referral>(referral, [](Referral& one) { one.reason = "a\nb"; }) ==
              "reason plain_text.one_line");
        CHECK(stopped_of<Referral>(referral, [](Referral& one) { one.action = "a\nb"; }) ==
              "action plain_text.one_line");
        CHECK(stopped_entry(fact("2026-03-02", ReferralFeedback{tests::uid(1), "医院", {}})) ==
              "from_facility facility.shape");
        CHECK(stopped_entry(fact("2026-03-02", Informed{})) == "about fact.missing");
        CHECK(stopped_entry(fact("2026-03-02", Informed{{tests::uid(1), tests::uid(1)}, {}})) ==
              "about fact.repeated");
    }

    TEST_CASE("a deferral ends after it begins") {
        const auto stopped = [](const char* until) {
            return stopped_entry(fact("2026-03-02", Deferral{ScreenedSite::cervix, day(until),
                                                             DeferralReason::pregnant}));
        };
        CHECK(stopped("2026-03-01") == "until deferral.until_before");
        CHECK(stopped("2026-03-02") == "accepted");
    }

    TEST_CASE("a ceasing is proposed with a reason, and confirmed or taken back as a record") {
        using enum CeasingStep;
        const auto stopped = [](CeasingStep step, std::optional<CeasingReason> reason,
                                EventUid about, ScreenedSite site = ScreenedSite::cervix) {
            return stopped_entry(fact("2026-03-02", Ceasing{site, step, reason, about}));
        };
        CHECK(stopped(proposed, {}, {}) == "reason fact.missing");
        CHECK(stopped(proposed, CeasingReason::age, tests::uid(1)) ==
              "about ceasing.proposal_about");
        CHECK(stopped(confirmed, {}, {}) == "about ceasing.about_missing");
        CHECK(stopped(reinstated, {}, {}) == "about ceasing.about_missing");
        CHECK(stopped(proposed, CeasingReason::no_cervix, {}, ScreenedSite::breast) ==
              "reason ceasing.no_cervix_of_breast");
        CHECK(stopped(proposed, CeasingReason::no_cervix, {}) == "accepted");
        CHECK(stopped(confirmed, {}, tests::uid(1)) == "accepted");
    }

    TEST_CASE("a closing is of an action that is named, or of the case") {
        using enum ClosingReason;
        const auto stopped = [](ClosingReason reason, const char* action) {
            return stopped_entry(
                fact("2026-03-02", Closing{ScreenedSite::cervix, action, reason, {}}));
        };
        for (const auto reason : {cannot_afford, pregnant, no_capacity, unsuitable}) {
            CHECK(stopped(reason, "") == "action closing.action_missing");
            CHECK(stopped(reason, "0a1b2c3d4e5f") == "accepted");
        }
        CHECK(stopped(completed, "0a1b2c3d4e5f") == "accepted");  // Of what a person decides.
        for (const auto reason :
             {completed, refused, moved, unreachable, died, treated_elsewhere, wrong_person, other})
            CHECK(stopped(reason, "") == "accepted");
        CHECK(stopped(refused, "a\nb") == "action plain_text.one_line");
    }
}

}  // namespace
}  // namespace egret
