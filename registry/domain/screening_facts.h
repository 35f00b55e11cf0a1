#pragma once

#include "registry/base/date.h"
#include "registry/domain/extras.h"
#include "registry/domain/result_codes.h"
#include "registry/domain/screening_codes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What screening finds, how, and what is done about it. Included by fact.h, which says what facts
/// are.
namespace egret {

// ---- of the cervix ------------------------------------------------------------------------------

/// What was taken from her for a laboratory (FHIR Specimen), on the fact's date. `barcode` is its
/// number on the label, 1 to 64 printable characters without spaces; results name their specimen by
/// it.
struct Specimen {
    static constexpr std::uint16_t type = 38;
    static constexpr std::string_view name = "specimen";
    std::string barcode;
    std::vector<SpecimenTest> tests;
    std::optional<SampleTaker> sample;
    std::string laboratory;                  // A facility's code.
    std::optional<Date> sent_on;             // To the laboratory.
    std::optional<Date> received_on;         // There.
    std::optional<UnusableReason> unusable;  // It could not be examined; absent: it could.
    friend bool operator==(const Specimen&, const Specimen&) = default;
};

/// Positive without types: positive, not typed. `specimen`: the barcode of its specimen.
/// `laboratory`: the code of the facility that examined it.
struct HpvTest {
    static constexpr std::uint16_t type = 32;
    static constexpr std::string_view name = "hpv_test";
    std::optional<HpvResult> result;
    std::vector<HpvType> types;
    std::optional<SampleTaker> sample;
    std::string specimen{};
    std::string laboratory{};
    std::string kit{};  // The reagent kit's name, as its box says.
    friend bool operator==(const HpvTest&, const HpvTest&) = default;
};

/// No results: done, result not known. `specimen`, `laboratory`: as of HpvTest.
struct Cytology {
    static constexpr std::uint16_t type = 33;
    static constexpr std::string_view name = "cytology";
    std::vector<CytologyResult> results;
    std::string specimen{};
    std::string laboratory{};
    friend bool operator==(const Cytology&, const Cytology&) = default;
};

/// Visual inspection with acetic acid (or Lugol's iodine).
struct Via {
    static constexpr std::uint16_t type = 34;
    static constexpr std::string_view name = "via";
    std::optional<ViaResult> result;
    friend bool operator==(const Via&, const Via&) = default;
};

struct GynExam {
    static constexpr std::uint16_t type = 35;
    static constexpr std::string_view name = "gyn_exam";
    std::optional<ExamResult> result;
    friend bool operator==(const GynExam&, const GynExam&) = default;
};

/// `tz_type`: transformation zone type 1, 2 or 3 (IFCPC 2011). Without members: it was done.
struct Colposcopy {
    static constexpr std::uint16_t type = 36;
    static constexpr std::string_view name = "colposcopy";
    std::optional<ColposcopyImpression> impression;
    std::optional<bool> adequate;
    std::optional<std::int64_t> tz_type;
    std::string indication{};                // Why it was done, in words.
    std::optional<std::int64_t> biopsies{};  // How many were taken, 0 to 30.
    /// Swede score, 0 to 10: five items of 0 to 2 (Strander 2005; SNOMED CT 1389350002). Where to
    /// draw its lines differs by source, so the score itself is kept.
    std::optional<std::int64_t> swede{};
    friend bool operator==(const Colposcopy&, const Colposcopy&) = default;
};

/// `site` is the cervix if absent. `specimen`, `laboratory`: as of HpvTest.
struct Histology {
    static constexpr std::uint16_t type = 37;
    static constexpr std::string_view name = "histology";
    std::optional<HistologySite> site;
    std::vector<HistologyResult> results;
    std::string specimen{};
    std::string laboratory{};
    std::optional<BiopsyMethod> taken_by{};
    std::optional<P16Result> p16{};
    friend bool operator==(const Histology&, const Histology&) = default;
};

// ---- of the breast ------------------------------------------------------------------------------

/// Inspection and palpation. `result` is that of both breasts together.
struct BreastExam {
    static constexpr std::uint16_t type = 48;
    static constexpr std::string_view name = "breast_exam";
    std::optional<ExamResult> result;
    std::optional<ExamResult> left{};
    std::optional<ExamResult> right{};
    friend bool operator==(const BreastExam&, const BreastExam&) = default;
};

/// What imaging says of one breast.
struct BreastFinding {
    std::optional<BiRads> birads;
    Extras extras;
    friend bool operator==(const BreastFinding&, const BreastFinding&) = default;
};

/// BI-RADS of each breast; ultrasound and mammogram are kept apart.
struct BreastUltrasound {
    static constexpr std::uint16_t type = 49;
    static constexpr std::string_view name = "breast_ultrasound";
    std::optional<BreastFinding> left;
    std::optional<BreastFinding> right;
    friend bool operator==(const BreastUltrasound&, const BreastUltrasound&) = default;
};

struct Mammogram {
    static constexpr std::uint16_t type = 50;
    static constexpr std::string_view name = "mammogram";
    std::optional<BreastFinding> left;
    std::optional<BreastFinding> right;
    std::optional<BreastDensity> density;
    friend bool operator==(const Mammogram&, const Mammogram&) = default;
};

/// What an associate chief physician or above decided of BI-RADS 0 and 3.
struct SeniorReview {
    static constexpr std::uint16_t type = 51;
    static constexpr std::string_view name = "senior_review";
    std::optional<ReviewDecision> decision;
    std::optional<Date> review_on;
    std::string reviewer{};  // A name.
    std::optional<PhysicianRank> rank{};
    friend bool operator==(const SeniorReview&, const SeniorReview&) = default;
};

// ---- what follows -------------------------------------------------------------------------------

/// `reason`: the result code that it was done for. `code`: the source's own, with its prefix.
/// `postponed_until`: it was not done yet, and is planned for about that day (status not_done).
struct Treatment {
    static constexpr std::uint16_t type = 64;
    static constexpr std::string_view name = "treatment";
    std::optional<Procedure> procedure;
    std::string reason;
    std::string code;
    std::optional<DiagnosisSite> site{};
    std::optional<Date> postponed_until{};
    friend bool operator==(const Treatment&, const Treatment&) = default;
};

/// What a hospital said that she has (FHIR Condition), with its stage.
struct Diagnosis {
    static constexpr std::uint16_t type = 67;
    static constexpr std::string_view name = "diagnosis";
    std::optional<DiagnosisSite> site;
    std::string code;               // With its system's prefix, "icd10:C53.9".
    std::optional<FigoStage> figo;  // Not of the breast.
    // Of the breast alone, TNM 8 in the form of tnm.h: "T1c", "pN1mi", "M0".
    std::string t;
    std::string n;
    std::string m;
    std::optional<BreastStage> stage;            // Of the breast alone.
    std::optional<std::int64_t> hospital_level;  // Of China's grading, 1 to 3.
    std::optional<FoundBy> found_by;
    friend bool operator==(const Diagnosis&, const Diagnosis&) = default;
};

}  // namespace egret
