#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

/// Reviews of what no pathway follows, and what ends them.
namespace egret {
namespace {

using follow_up::LoopState;
using rules::Severity;
using tests::CaredFor;
using tests::given_up;
using tests::looked;
using tests::smear;
using tests::tissue;
using Actions = std::vector<std::string>;

Diagnosis diagnosed(DiagnosisSite site, const char* code) {
    Diagnosis diagnosis;
    diagnosis.site = site;
    diagnosis.code = code;
    return diagnosis;
}

Treatment operation(Procedure procedure, const char* reason = "",
                    std::optional<DiagnosisSite> site = {}) {
    Treatment treatment;
    treatment.procedure = procedure;
    treatment.reason = reason;
    treatment.site = site;
    return treatment;
}

Histology cancer_of(HistologySite site) {
    auto report = tissue(HistologyResult::cancer);
    report.site = site;
    return report;
}

LoopState state_of_review(const CaredFor& her, std::string_view on) {
    return her.loops_for("review", on).front().state;
}

TEST_SUITE("registry/follow_up/unfollowed") {
    TEST_CASE("a diagnosed cancer was looked at when it was treated") {
        CaredFor her;
        her.add("2025-09-02", diagnosed(DiagnosisSite::cervix, "icd10:C53.9"));
        her.add("2025-09-20", operation(Procedure::hysterectomy, "invasive"));
        CHECK(state_of_review(her, "2025-09-21") == LoopState::done);
        // What follows is as grave as the cancer: one person can't give it up.
        const auto after = her.loop("surveillance", "2025-09-21");
        CHECK(after.severity == Severity::cancer);
        CHECK(after.site == ScreenedSite::cervix);
        her.add("2025-09-22", given_up(after.id, ClosingReason::moved));
        CHECK(her.loop("surveillance", "2025-09-23").state == LoopState::open);
    }

    TEST_CASE("an endometrial cancer was looked at when it was treated; she is told all the same") {
        CaredFor her;
        her.add("2025-09-02", cancer_of(HistologySite::endometrium));
        CHECK(her.open("2025-09-03") == Actions{"inform", "review"});
        her.add("2025-09-20",
                operation(Procedure::hysterectomy, "cancer", DiagnosisSite::endometrium));
        CHECK(state_of_review(her, "2025-09-21") == LoopState::done);
        CHECK(her.loop("inform", "2025-09-21").state == LoopState::open);
        for (const auto* action : {"surveillance", "result"})
            CHECK(her.loop(action, "2025-09-21").severity == Severity::cancer);
    }

    TEST_CASE("what treats no cancer, or not this one, ends no review of a cancer") {
        const std::vector<Treatment> others = {
            operation(Procedure::cryotherapy, "cancer", DiagnosisSite::ovary),
            operation(Procedure::other, "cancer", DiagnosisSite::ovary),
            operation(Procedure::excision, "cyst", DiagnosisSite::ovary),
            operation(Procedure::hysterectomy, "cancer", DiagnosisSite::endometrium),
            operation(Procedure::hysterectomy, "cancer"),
            operation(Procedure::chemotherapy, "cancer"),
        };
        for (const auto& other : others) {
            CaredFor her;
            her.add("2025-09-02", cancer_of(HistologySite::ovary));
            her.add("2025-09-20", other);
            CHECK(state_of_review(her, "2025-09-21") == LoopState::open);
        }
        CaredFor told;
        told.add("2025-09-02", cancer_of(HistologySite::ovary));
        auto fact =
            tests::fact("2025-09-20", operation(Procedure::chemotherapy, "", DiagnosisSite::ovary));
        auto hearsay = fact;
        hearsay.at.source = Source::told;
        told.add_fact(hearsay);
        CHECK(state_of_review(told, "2025-09-21") == LoopState::open);
        told.add_fact(fact);
        CHECK(state_of_review(told, "2025-09-21") == LoopState::done);
    }

    TEST_CASE("what was taken out the day it was found wasn't taken out for it") {
        CaredFor her;
        her.add("2025-09-02", operation(Procedure::hysterectomy, "", DiagnosisSite::endometrium));
        her.add("2025-09-02", cancer_of(HistologySite::endometrium));
        CHECK(state_of_review(her, "2025-09-21") == LoopState::open);
    }

    TEST_CASE("one breast's operation says nothing of the other's cancer") {
        CaredFor her;
        her.add("2025-09-02", diagnosed(DiagnosisSite::breast_left, "icd10:C50.9"));
        her.add("2025-09-20",
                operation(Procedure::mastectomy, "invasive", DiagnosisSite::breast_right));
        CHECK(state_of_review(her, "2025-09-21") == LoopState::open);
        her.add("2025-09-22",
                operation(Procedure::mastectomy, "invasive", DiagnosisSite::breast_left));
        CHECK(state_of_review(her, "2025-09-23") == LoopState::done);
    }

    TEST_CASE("a hysterectomy for a lesion isn't of a breast") {
        CaredFor her;
        her.add("2025-09-20", operation(Procedure::hysterectomy, "invasive"));
        for (const auto& loop : her.loops("2025-09-21")) CHECK(loop.site == ScreenedSite::cervix);
    }

    TEST_CASE(
        "a later test of any kind, or a colposcopy, makes up for a result that is not known") {
        const auto unknown = [] {
            CaredFor her;
            her.add("2023-03-02", HpvTest{HpvResult::unknown, {}, {}});
            her.add("2023-03-02", smear(CytologyResult::nilm));
            return her;
        };
        auto her = unknown();
        CHECK(state_of_review(her, "2023-03-04") == LoopState::open);
        her.add("2023-03-04", smear(CytologyResult::unsat));
        CHECK(state_of_review(her, "2023-03-05") == LoopState::open);
        auto fact = tests::fact("2023-03-05", smear(CytologyResult::nilm));
        fact.at.source = Source::told;
        her.add_fact(fact);
        GynExam exam;
        exam.result = ExamResult::normal;
        her.add("2023-03-06", exam);
        CHECK(state_of_review(her, "2023-03-07") == LoopState::open);
        her.add("2023-03-08", smear(CytologyResult::nilm));
        CHECK(state_of_review(her, "2023-03-09") == LoopState::done);
        auto seen = unknown();
        seen.add("2023-03-20", looked(ColposcopyImpression::normal));
        CHECK(state_of_review(seen, "2023-03-21") == LoopState::done);
    }
}

}  // namespace
}  // namespace egret
