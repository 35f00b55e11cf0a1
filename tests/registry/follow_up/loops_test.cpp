#include "registry/follow_up/loops.h"

#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using follow_up::LoopKind;
using follow_up::LoopState;
using rules::Severity;
using tests::CaredFor;
using tests::day;
using tests::given_up;
using tests::hpv_16;
using tests::looked;
using tests::smear;
using tests::tissue;
using Actions = std::vector<std::string>;

Informed told(EventUid result) {
    Informed informed;
    informed.about = {result};
    return informed;
}

TEST_SUITE("registry/follow_up/loops") {
    TEST_CASE("every loop has a due day; where the source has none it is the programme's") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        const auto colposcopy = her.loop("colposcopy", "2025-03-04");
        CHECK(colposcopy.due == day("2025-03-03"));
        CHECK(day("2025-03-03") < colposcopy.due_to);
        CHECK(colposcopy.owner == "C1");
        CHECK_FALSE(colposcopy.is_overdue(colposcopy.due_to));
        CHECK(colposcopy.overdue_days(colposcopy.due_to.plus_days(3)) == 3);
        for (const auto& loop : her.loops("2025-03-04")) CHECK(loop.due <= loop.due_to);
    }

    TEST_CASE("a timer whose start is unknown runs from the day of recording") {
        CaredFor her;
        her.add("2025-01-06", hpv_16(), {"C1", 1, "2025-01-20"});
        const auto inform = her.loop("inform", "2025-01-21");
        CHECK(inform.due == day("2025-01-20"));
        // 5 working days on, the 26th, a Sunday, is worked for the New Year of 2025 (28 January).
        CHECK(inform.due_to == day("2025-01-26"));
    }

    TEST_CASE(
        "she is told within five working days of the day on which the clinic had the result") {
        CaredFor her;
        auto result = tests::fact("2025-09-15", hpv_16());
        result.at.reported_on = day("2025-09-26");  // A Friday; 28 September is worked.
        const auto uid = her.add_fact(result);
        auto inform = her.loop("inform", "2025-09-27");
        CHECK(inform.due == day("2025-09-26"));
        CHECK(inform.due_to == day("2025-10-10"));
        her.add("2025-09-30", told(uid));
        inform = her.loop("inform", "2025-10-01");
        CHECK(inform.state == LoopState::done);
        CHECK(inform.closed_on == day("2025-09-30"));
    }

    TEST_CASE("no_rule and clinician_decides each open a review with an owner") {
        CaredFor her;
        her.add("2025-03-03", tissue(HistologyResult::lcis));  // Of the cervix: no rule knows it.
        const auto review = her.loop("review", "2025-03-04");
        CHECK(review.kind == LoopKind::review);
        CHECK(review.owner == "C1");
    }

    TEST_CASE("unsatisfactory, invalid and unknown results each stay open") {
        for (const auto result : {HpvResult::invalid, HpvResult::unknown}) {
            CaredFor her;
            her.add("2025-03-03", HpvTest{result, {}, {}});
            CHECK(her.open("2025-03-04").size() == 1);
        }
        CaredFor her;
        her.add("2025-03-03", smear(CytologyResult::unsat));
        CHECK(her.open("2025-03-04").size() == 1);
    }

    TEST_CASE("a result without its date opens a review of its own") {
        CaredFor her;
        her.add("", hpv_16(), {"C1", 1, "2025-03-03"});
        const auto review = her.loop("review", "2025-03-04");
        CHECK(review.opened_on == day("2025-03-03"));
        CHECK(review.severity == Severity::positive);
    }

    TEST_CASE("only a fact of the required kind closes a loop: a referral or a contact doesn't") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        const auto id = her.loop("colposcopy", "2025-03-04").id;
        Contact contact;
        contact.action = id;
        contact.outcome = ContactOutcome::reached;
        her.add("2025-03-05", contact);
        Referral referral;
        referral.action = id;
        referral.to_facility = "H1";
        her.add("2025-03-06", referral);
        ReferralFeedback feedback;
        her.add("2025-03-07", feedback);
        her.add("2025-03-08", hpv_16());
        CHECK(her.loop("colposcopy", "2025-04-01").state == LoopState::open);
        her.add("2025-04-02", looked(ColposcopyImpression::normal));
        CHECK(her.loop("colposcopy", "2025-04-03").state == LoopState::done);
    }

    TEST_CASE("what she merely told closes nothing") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        auto fact = tests::fact("2025-04-02", looked(ColposcopyImpression::normal));
        fact.at.source = Source::told;
        her.add_fact(fact);
        CHECK(her.loop("colposcopy", "2025-04-03").state == LoopState::open);
    }

    TEST_CASE("voiding the closer reopens") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        const auto closer = her.add("2025-04-02", looked(ColposcopyImpression::normal));
        const auto id = her.loop("colposcopy", "2025-04-03").id;
        her.add("2025-04-04", VoidFact{closer});
        const auto again = her.loop("colposcopy", "2025-04-05");
        CHECK(again.state == LoopState::open);
        CHECK(again.id == id);
    }

    TEST_CASE("not done with its reason is documented, and a late result opens it again") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        const auto id = her.loop("colposcopy", "2025-03-04").id;
        her.add("2025-05-05", given_up(id, ClosingReason::refused));
        auto loop = her.loop("colposcopy", "2025-05-06");
        CHECK(loop.state == LoopState::not_done);
        CHECK(loop.reason == ClosingReason::refused);
        her.add("2025-03-04", smear(CytologyResult::lsil), {"C1", 1, "2025-05-20"});
        CHECK(her.loops_for("colposcopy", "2025-05-21").back().state == LoopState::open);
    }

    TEST_CASE("what was found after it was given up was not given up") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        const auto id = her.loop("colposcopy", "2025-03-04").id;
        her.add("2025-05-05", given_up(id, ClosingReason::refused));
        CHECK(her.loop("colposcopy", "2025-05-06").state == LoopState::not_done);
        her.add("2025-09-09", smear(CytologyResult::lsil));
        CHECK(her.loop("colposcopy", "2025-09-10").state == LoopState::open);
        her.add("2025-10-05", given_up(id, ClosingReason::refused));
        CHECK(her.loop("colposcopy", "2025-10-06").state == LoopState::not_done);
    }

    TEST_CASE("a loop that a high-grade result comes to needs a second person from then on") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        her.add("2025-05-05", smear(CytologyResult::hsil));
        auto loop = her.loop("colposcopy", "2025-05-06");
        CHECK(loop.severity == Severity::high_grade);
        her.add("2025-06-05", given_up(loop.id, ClosingReason::refused));
        CHECK(her.loop("colposcopy", "2025-06-06").awaits_second_person);
        her.add("2025-07-01", looked(ColposcopyImpression::normal));
        CHECK(her.loop("surveillance", "2025-07-02").severity == Severity::high_grade);
    }

    TEST_CASE("cells that are owed for two reasons are seen in the light of both") {
        CaredFor her;
        her.add("2025-03-03", smear(CytologyResult::unsat));
        her.add("2025-04-04", HpvTest{HpvResult::positive, {HpvType::hpv52}, {}});
        CHECK(her.open("2025-04-05") == Actions{"cytology", "inform"});
        her.add("2025-05-05", smear(CytologyResult::nilm));  // Normal triage, and no routine.
        CHECK(her.loop("surveillance", "2025-05-06").state == LoopState::open);
    }

    TEST_CASE("an image that shows nothing of a breast does nothing for it") {
        CaredFor her;
        BreastExam exam;
        exam.result = exam.left = ExamResult::abnormal;
        exam.right = ExamResult::normal;
        her.add("2025-03-03", exam);
        Mammogram image;
        image.left = BreastFinding{};
        image.right = BreastFinding{BiRads::b1, {}};
        her.add("2025-04-04", image);
        CHECK(her.loop("clinician_decides", "2025-04-05").state == LoopState::open);
        image.left = BreastFinding{BiRads::b1, {}};
        her.add("2025-05-05", image);
        CHECK(her.loop("clinician_decides", "2025-05-06").state == LoopState::done);
    }

    TEST_CASE("that she says she was treated doesn't tell that she knows her result") {
        CaredFor her;
        her.add("2025-03-03", tissue(HistologyResult::cin2));
        auto told = tests::fact("2025-04-04", Treatment{Procedure::leep, "", ""});
        told.at.source = Source::told;
        her.add_fact(told);
        CHECK(her.loop("inform", "2025-04-05").state == LoopState::open);
        CHECK(her.loop("treatment", "2025-04-05").state == LoopState::open);
        her.add("2025-05-05", Treatment{Procedure::leep, "", ""});
        CHECK(her.loop("inform", "2025-05-06").state == LoopState::done);
    }

    TEST_CASE("what is found in one breast says nothing of how bad the other is") {
        CaredFor her;
        BreastUltrasound image;
        image.left = BreastFinding{BiRads::b3, {}};
        image.right = BreastFinding{BiRads::b1, {}};
        her.add("2025-03-03", image);
        const auto id = her.loop("mammography", "2025-03-04").id;
        her.add("2025-04-04", given_up(id, ClosingReason::refused));
        image.left = BreastFinding{BiRads::b1, {}};
        image.right = BreastFinding{BiRads::b4, {}};
        her.add("2025-08-08", image);
        const auto left = her.loop("mammography", "2025-08-09");
        CHECK(left.severity == Severity::positive);
        CHECK(left.is_asked_again());  // Since she came, not by what was found.
        CHECK(her.loop("biopsy", "2025-08-09").severity == Severity::high_grade);
    }

    TEST_CASE("a loop of a high-grade result needs a second person to be given up") {
        CaredFor her;
        her.add("2025-03-03", smear(CytologyResult::hsil));
        const auto id = her.loop("colposcopy", "2025-03-04").id;
        const auto first = her.add("2025-05-05", given_up(id, ClosingReason::refused));
        auto loop = her.loop("colposcopy", "2025-05-06");
        CHECK(loop.severity == Severity::high_grade);
        CHECK(loop.state == LoopState::open);
        CHECK(loop.awaits_second_person);
        her.add("2025-05-07", given_up(id, ClosingReason::refused, first));  // The same person.
        CHECK(her.loop("colposcopy", "2025-05-08").state == LoopState::open);
        her.add("2025-05-09", given_up(id, ClosingReason::refused, first), {"C1", 2});
        loop = her.loop("colposcopy", "2025-05-10");
        CHECK(loop.state == LoopState::not_done);
        CHECK_FALSE(loop.awaits_second_person);
    }

    TEST_CASE("not done for a high-grade result is asked again at her next visit") {
        CaredFor her;
        her.add("2025-03-03", smear(CytologyResult::hsil));
        const auto id = her.loop("colposcopy", "2025-03-04").id;
        const auto first = her.add("2025-05-05", given_up(id, ClosingReason::refused));
        her.add("2025-05-06", given_up(id, ClosingReason::refused, first), {"C1", 2});
        her.add("2025-08-01", Visit{});
        auto loop = her.loop("colposcopy", "2025-08-01");
        CHECK(loop.state == LoopState::open);
        CHECK(loop.is_asked_again());
        CHECK(loop.came_since);
        CHECK(loop.given_up_on == day("2025-05-06"));
        CHECK_FALSE(loop.awaits_second_person);  // Two persons gave it up.
        const auto anew = her.add("2025-08-02", given_up(id, ClosingReason::refused));
        her.add("2025-08-02", given_up(id, ClosingReason::refused, anew), {"C1", 2});
        CHECK(her.loop("colposcopy", "2025-08-03").state == LoopState::not_done);
    }

    TEST_CASE("a year after two persons gave it up nobody is said to be missing, or to have come") {
        CaredFor her;
        her.add("2025-03-03", smear(CytologyResult::hsil));
        const auto id = her.loop("colposcopy", "2025-03-04").id;
        const auto first = her.add("2025-05-05", given_up(id, ClosingReason::refused));
        her.add("2025-05-06", given_up(id, ClosingReason::refused, first), {"C1", 2});
        CHECK(her.loop("colposcopy", "2026-05-06").state == LoopState::not_done);
        const auto loop = her.loop("colposcopy", "2026-05-07");
        CHECK(loop.is_asked_again());
        CHECK_FALSE(loop.came_since);
        CHECK(loop.given_up_on == day("2025-05-06"));
        CHECK_FALSE(loop.awaits_second_person);
        // Nor because the first one had agreed to herself before.
        her.add("2025-05-05", given_up(id, ClosingReason::refused, first));
        CHECK_FALSE(her.loop("colposcopy", "2026-05-07").awaits_second_person);
        her.add("2026-05-08", given_up(id, ClosingReason::refused));  // One person, anew.
        CHECK(her.loop("colposcopy", "2026-05-09").awaits_second_person);
    }

    TEST_CASE("cancer is urgent from its first day, and what comes a year after it isn't") {
        CaredFor her;
        her.add("2025-03-03", looked(ColposcopyImpression::suspected_cancer));
        const auto biopsy = her.loop("histology", "2025-03-03");
        CHECK(biopsy.is_urgent(day("2025-03-03")));
        CHECK_FALSE(her.loop("inform", "2025-03-03").is_urgent(day("2025-03-03")));
        CaredFor other;
        other.add("2025-03-03", hpv_16());
        CHECK_FALSE(other.loop("colposcopy", "2025-03-03").is_urgent(day("2025-03-03")));
        CaredFor treated;
        treated.add("2025-03-03", tissue(HistologyResult::cancer));
        CHECK(treated.loop("treatment", "2025-03-03").is_urgent(day("2025-03-03")));
        Treatment operation{Procedure::hysterectomy, "cancer", ""};
        operation.site = DiagnosisSite::cervix;
        treated.add("2025-03-20", operation);
        for (const auto& loop : treated.loops("2026-06-01"))
            CHECK_FALSE((loop.action == "surveillance" && loop.is_urgent(day("2026-06-01"))));
    }

    TEST_CASE("what came of a high-grade result stays high-grade down its chain of loops") {
        CaredFor her;
        her.add("2025-03-03", smear(CytologyResult::hsil));
        her.add("2025-04-01", looked(ColposcopyImpression::low_grade));
        const auto loop = her.loop("histology", "2025-04-02");
        CHECK(loop.severity == Severity::high_grade);
    }

    TEST_CASE("ageing out, deferral, ceasing or transfer never closes a loop") {
        CaredFor her("1961-01-01");
        her.add("2025-03-03", hpv_16());  // At 64; she is 65 from 2026 on.
        Deferral deferral;
        deferral.until = day("2027-01-01");
        her.add("2025-04-01", deferral);
        Ceasing ceasing;
        ceasing.step = CeasingStep::proposed;
        const auto proposed = her.add("2025-04-02", ceasing);
        ceasing.step = CeasingStep::confirmed;
        ceasing.about = proposed;
        her.add("2025-04-03", ceasing, {"C1", 2});
        Transfer transfer;
        transfer.to_facility = "C2";
        her.add("2025-04-04", transfer);
        CHECK(her.loop("colposcopy", "2026-06-01").state == LoopState::open);
        CHECK(her.recall(ScreenedSite::cervix, "2026-06-01").state ==
              follow_up::RecallState::in_follow_up);
    }

    TEST_CASE("a transfer changes the owner when the new facility accepts") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        Transfer transfer;
        transfer.to_facility = "C2";
        her.add("2025-04-04", transfer);
        CHECK(her.loop("colposcopy", "2025-05-01").owner == "C1");
        her.add("2025-05-02", Visit{}, {"C2", 3});
        CHECK(her.loop("colposcopy", "2025-05-03").owner == "C2");
    }

    TEST_CASE("her death documents a loop; of a high-grade result when a second person agrees") {
        CaredFor low;
        low.add("2025-03-03", hpv_16());
        low.add("2025-04-04", Death{});
        CHECK(low.loop("colposcopy", "2025-05-01").reason == ClosingReason::died);
        CHECK(low.open("2025-05-01").empty());
        CaredFor high;
        high.add("2025-03-03", smear(CytologyResult::hsil));
        high.add("2025-04-04", Death{});
        CHECK(high.loop("colposcopy", "2025-05-01").awaits_second_person);
        CHECK(high.loop("colposcopy", "2025-05-01").reason == ClosingReason::died);
        Closing closing;
        closing.site = ScreenedSite::cervix;
        closing.reason = ClosingReason::died;
        high.add("2025-05-02", closing, {"C1", 2});
        CHECK(high.loop("colposcopy", "2025-05-03").reason == ClosingReason::died);
    }

    TEST_CASE("closing her case as completed closes no loop; with another reason it does") {
        CaredFor her;
        her.add("2025-03-03", hpv_16());
        Closing closing;
        closing.site = ScreenedSite::cervix;
        closing.reason = ClosingReason::completed;
        her.add("2025-04-04", closing);
        CHECK(her.loop("colposcopy", "2025-05-01").state == LoopState::open);
        closing.site = ScreenedSite::breast;
        closing.reason = ClosingReason::moved;
        her.add("2025-04-05", closing);
        CHECK(her.loop("colposcopy", "2025-05-01").state == LoopState::open);
        closing.site = ScreenedSite::cervix;
        her.add("2025-04-06", closing);
        CHECK(her.loop("colposcopy", "2025-05-01").reason == ClosingReason::moved);
    }

    TEST_CASE("each breast has loops of its own") {
        CaredFor her;
        BreastUltrasound image;
        image.left = BreastFinding{BiRads::b4, {}};
        image.right = BreastFinding{BiRads::b4, {}};
        her.add("2025-03-03", image);
        const auto biopsies = her.loops_for("biopsy", "2025-03-04");
        REQUIRE(biopsies.size() == 2);
        CHECK(biopsies[0].breast != biopsies[1].breast);
        CHECK(biopsies[0].id != biopsies[1].id);
        Histology left;
        left.site = HistologySite::breast_left;
        left.results = {HistologyResult::benign};
        her.add("2025-04-01", left);
        int open = 0;
        for (const auto& loop : her.loops_for("biopsy", "2025-04-02")) {
            open += loop.state == LoopState::open;
            if (loop.state == LoopState::open) CHECK(loop.breast == HistologySite::breast_right);
        }
        CHECK(open == 1);
    }
}

}  // namespace
}  // namespace egret
