#include "registry/follow_up/recall.h"

#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using follow_up::RecallState;
using tests::CaredFor;
using tests::day;
using tests::hpv_16;
using tests::hpv_negative;

constexpr auto cervix = ScreenedSite::cervix;

Contact called(const std::string& action, ContactOutcome outcome = ContactOutcome::reached) {
    Contact contact;
    contact.action = action;
    contact.outcome = outcome;
    return contact;
}

Ceasing ceasing(CeasingStep step) {
    Ceasing said;
    said.step = step;
    said.reason = CeasingReason::informed_choice;
    said.site = cervix;
    return said;
}

TEST_SUITE("registry/follow_up/recall") {
    TEST_CASE("from her age on she is to be invited, then reminded, then she is overdue") {
        CaredFor her;
        auto recall = her.recall(cervix, "2025-03-03");
        CHECK(recall.state == RecallState::not_yet_invited);
        CHECK(recall.next_test_due == day("2025-03-03"));  // No test is on record: now.
        CHECK(recall.protocol == "cn-cervical-2021");
        CHECK_FALSE(recall.why.empty());
        her.add("2025-03-04", called(recall.action, ContactOutcome::not_reached));
        CHECK(her.recall(cervix, "2025-03-05").state == RecallState::not_yet_invited);
        her.add("2025-03-06", called(recall.action));
        her.add("2025-07-06", called(recall.action));
        recall = her.recall(cervix, "2025-07-07");
        CHECK(recall.state == RecallState::invited);
        CHECK(recall.invitations == 2);
        CHECK(recall.first_invited == day("2025-03-06"));
        CHECK(her.recall(cervix, "2025-11-13").state == RecallState::invited);
        CHECK(her.recall(cervix, "2025-11-14").state == RecallState::overdue);  // 36 weeks.
    }

    TEST_CASE("after a negative test she is up to date until the next, and then called anew") {
        CaredFor her;
        her.add("2022-03-06", called(her.recall(cervix, "2022-03-03").action));
        her.add("2022-04-01", hpv_negative());
        auto recall = her.recall(cervix, "2025-01-01");
        CHECK(recall.state == RecallState::up_to_date);
        CHECK(recall.next_test_due == day("2027-04-01"));
        CHECK(her.recall(cervix, "2027-04-01").state == RecallState::not_yet_invited);
        CHECK(her.recall(cervix, "2027-04-01").invitations == 0);
        CHECK(her.recall(cervix, "2027-12-10").state == RecallState::overdue);
    }

    TEST_CASE("a woman with an open loop is never up to date") {
        CaredFor her;
        her.add("2025-03-03", hpv_negative());
        auto specimen = Specimen{};
        specimen.barcode = "A1";
        her.add("2025-06-03", specimen);
        CHECK(her.recall(cervix, "2025-06-04").state == RecallState::in_follow_up);
    }

    TEST_CASE("a deferral has an end") {
        CaredFor her;
        Deferral deferral;
        deferral.until = day("2025-12-31");
        deferral.reason = DeferralReason::pregnant;
        her.add("2025-03-03", deferral);
        CHECK(her.recall(cervix, "2025-12-31").state == RecallState::deferred);
        CHECK(her.recall(cervix, "2025-12-31").deferral_reason == DeferralReason::pregnant);
        CHECK(her.recall(cervix, "2026-01-01").state == RecallState::not_yet_invited);
        her.add("2025-03-10", hpv_16());
        CHECK(her.recall(cervix, "2025-06-01").state == RecallState::in_follow_up);
    }

    TEST_CASE("ceasing takes a second person, and is taken back") {
        CaredFor her;
        her.add("2025-03-03", ceasing(CeasingStep::proposed));
        auto recall = her.recall(cervix, "2025-03-04");
        CHECK(recall.state == RecallState::not_yet_invited);
        CHECK(recall.awaits_second_person);
        her.add("2025-03-05", ceasing(CeasingStep::confirmed));
        CHECK(her.recall(cervix, "2025-03-06").state == RecallState::not_yet_invited);
        her.add("2025-03-07", ceasing(CeasingStep::confirmed), {"C1", 2});
        recall = her.recall(cervix, "2025-03-08");
        CHECK(recall.state == RecallState::ceased);
        CHECK(recall.ceasing_reason == CeasingReason::informed_choice);
        CHECK(her.recall(ScreenedSite::breast, "2025-03-08").state == RecallState::not_yet_invited);
        her.add("2026-03-09", ceasing(CeasingStep::reinstated));
        CHECK(her.recall(cervix, "2026-03-10").state == RecallState::not_yet_invited);
    }

    TEST_CASE("a test before her age asks for no other one before she is of age") {
        CaredFor her("2000-03-04");
        her.add("2022-06-01", tests::smear(CytologyResult::nilm), {"C1", 1, "2026-05-01"});
        auto recall = her.recall(cervix, "2026-11-27");
        CHECK(recall.state == RecallState::up_to_date);
        CHECK(recall.next_test_due == day("2035-03-04"));
        CHECK(her.recall(cervix, "2035-03-04").state == RecallState::not_yet_invited);
        // One after that day is asked for when it is due.
        her.add("2034-03-01", hpv_negative());
        CHECK(her.recall(cervix, "2034-03-02").next_test_due == day("2039-03-01"));
        CHECK(her.recall(cervix, "2035-03-04").state == RecallState::up_to_date);
    }

    TEST_CASE("whom no pathway screens is in no state") {
        CaredFor girl("2012-01-01");
        CHECK(girl.care("2025-03-03").recalls.empty());
        CaredFor her;
        her.add("2025-03-03", Death{});
        CHECK(her.care("2025-03-04").recalls.empty());
    }
}

}  // namespace
}  // namespace egret
