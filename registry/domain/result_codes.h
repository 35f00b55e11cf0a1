#pragma once

#include "registry/domain/codes.h"

/// Code lists of results: HPV types, Bethesda 2014 (TBS), VIA, colposcopy, histology, BI-RADS.
namespace egret {

enum class HpvResult : std::uint8_t { negative, positive, invalid, unknown };

template <>
struct CodeList<HpvResult> {
    static constexpr std::string_view name = "hpv_result";
    static constexpr auto entries = std::to_array<CodeEntry<HpvResult>>({
        {HpvResult::negative, "negative"},
        {HpvResult::positive, "positive"},
        {HpvResult::invalid, "invalid"},
        {HpvResult::unknown, "unknown"},  // Done; its result is not known.
    });
};

/// The fourteen high-risk types that tests report, and the pool of those not told apart.
enum class HpvType : std::uint8_t {
    hpv16,
    hpv18,
    hpv31,
    hpv33,
    hpv35,
    hpv39,
    hpv45,
    hpv51,
    hpv52,
    hpv56,
    hpv58,
    hpv59,
    hpv66,
    hpv68,
    other_hr,
};

template <>
struct CodeList<HpvType> {
    static constexpr std::string_view name = "hpv_type";
    static constexpr auto entries = std::to_array<CodeEntry<HpvType>>({
        {HpvType::hpv16, "16"},
        {HpvType::hpv18, "18"},
        {HpvType::hpv31, "31"},
        {HpvType::hpv33, "33"},
        {HpvType::hpv35, "35"},
        {HpvType::hpv39, "39"},
        {HpvType::hpv45, "45"},
        {HpvType::hpv51, "51"},
        {HpvType::hpv52, "52"},
        {HpvType::hpv56, "56"},
        {HpvType::hpv58, "58"},
        {HpvType::hpv59, "59"},
        {HpvType::hpv66, "66"},
        {HpvType::hpv68, "68"},
        {HpvType::other_hr, "other_hr"},
    });
};

enum class SampleTaker : std::uint8_t { clinician, self };

template <>
struct CodeList<SampleTaker> {
    static constexpr std::string_view name = "sample";
    static constexpr auto entries = std::to_array<CodeEntry<SampleTaker>>({
        {SampleTaker::clinician, "clinician"},
        {SampleTaker::self, "self"},
    });
};

/// Bethesda 2014 categories, and what else a report may say of a cytology sample.
enum class CytologyResult : std::uint8_t {
    nilm,
    asc_us,
    lsil,
    asc_h,
    hsil,
    scc,
    agc,
    agc_fn,
    ais,
    adc,
    unsat,
    no_tz,
    agc_ec,
    agc_ec_fn,
    agc_em,
    bec,
    esc,
    hist,
    bgc,
};

template <>
struct CodeList<CytologyResult> {
    static constexpr std::string_view name = "cytology_result";
    static constexpr auto entries = std::to_array<CodeEntry<CytologyResult>>({
        {CytologyResult::nilm, "NILM"},
        {CytologyResult::asc_us, "ASC-US"},
        {CytologyResult::lsil, "LSIL"},
        {CytologyResult::asc_h, "ASC-H"},
        {CytologyResult::hsil, "HSIL"},
        {CytologyResult::scc, "SCC"},
        {CytologyResult::agc, "AGC"},
        {CytologyResult::agc_fn, "AGC-FN"},
        {CytologyResult::ais, "AIS"},
        {CytologyResult::adc, "ADC"},
        {CytologyResult::unsat, "UNSAT"},          // Unsatisfactory for evaluation.
        {CytologyResult::no_tz, "NO_TZ"},          // Satisfactory, transformation zone absent.
        {CytologyResult::agc_ec, "AGC-EC"},        // Atypical endocervical cells, NOS.
        {CytologyResult::agc_ec_fn, "AGC-EC-FN"},  // The same, favour neoplastic.
        {CytologyResult::agc_em, "AGC-EM"},        // Atypical endometrial cells.
        {CytologyResult::bec, "BEC"},              // Benign-looking endometrial cells.
        {CytologyResult::esc, "ESC"},              // Endometrial stromal cells.
        {CytologyResult::hist, "HIST"},            // Histiocytes.
        {CytologyResult::bgc, "BGC"},              // Benign glandular cells.
    });
};

enum class ViaResult : std::uint8_t { negative, positive, suspected_cancer, invalid };

template <>
struct CodeList<ViaResult> {
    static constexpr std::string_view name = "via_result";
    static constexpr auto entries = std::to_array<CodeEntry<ViaResult>>({
        {ViaResult::negative, "negative"},
        {ViaResult::positive, "positive"},
        {ViaResult::suspected_cancer, "suspected_cancer"},
        {ViaResult::invalid, "invalid"},
    });
};

enum class ExamResult : std::uint8_t { normal, abnormal };

template <>
struct CodeList<ExamResult> {
    static constexpr std::string_view name = "exam_result";
    static constexpr auto entries = std::to_array<CodeEntry<ExamResult>>({
        {ExamResult::normal, "normal"},
        {ExamResult::abnormal, "abnormal"},
    });
};

enum class ColposcopyImpression : std::uint8_t {
    normal,
    low_grade,
    high_grade,
    suspected_cancer,
    other,
};

template <>
struct CodeList<ColposcopyImpression> {
    static constexpr std::string_view name = "impression";
    static constexpr auto entries = std::to_array<CodeEntry<ColposcopyImpression>>({
        {ColposcopyImpression::normal, "normal"},
        {ColposcopyImpression::low_grade, "low_grade"},
        {ColposcopyImpression::high_grade, "high_grade"},
        {ColposcopyImpression::suspected_cancer, "suspected_cancer"},
        {ColposcopyImpression::other, "other"},
    });
};

enum class HistologySite : std::uint8_t { cervix, breast_left, breast_right, ovary, endometrium };

template <>
struct CodeList<HistologySite> {
    static constexpr std::string_view name = "site";
    static constexpr auto entries = std::to_array<CodeEntry<HistologySite>>({
        {HistologySite::cervix, "cervix"},
        {HistologySite::breast_left, "breast_left"},
        {HistologySite::breast_right, "breast_right"},
        {HistologySite::ovary, "ovary"},
        {HistologySite::endometrium, "endometrium"},
    });
};

enum class HistologyResult : std::uint8_t {
    benign,
    cin1,
    cin2,
    cin3,
    hsil,
    ais,
    microinvasive,
    cancer,
    lcis,
    dcis,
    invasive,
    insufficient,
};

template <>
struct CodeList<HistologyResult> {
    static constexpr std::string_view name = "histology_result";
    static constexpr auto entries = std::to_array<CodeEntry<HistologyResult>>({
        {HistologyResult::benign, "benign"},
        {HistologyResult::cin1, "CIN1"},
        {HistologyResult::cin2, "CIN2"},
        {HistologyResult::cin3, "CIN3"},
        {HistologyResult::hsil, "HSIL"},  // Ungraded: CIN 2 or 3.
        {HistologyResult::ais, "AIS"},
        {HistologyResult::microinvasive, "microinvasive"},
        {HistologyResult::cancer, "cancer"},
        {HistologyResult::lcis, "LCIS"},
        {HistologyResult::dcis, "DCIS"},
        {HistologyResult::invasive, "invasive"},
        {HistologyResult::insufficient, "insufficient"},
    });
};

/// ACR BI-RADS assessment of one breast.
enum class BiRads : std::uint8_t { b0, b1, b2, b3, b4, b4a, b4b, b4c, b5, b6 };

template <>
struct CodeList<BiRads> {
    static constexpr std::string_view name = "birads";
    static constexpr auto entries = std::to_array<CodeEntry<BiRads>>({
        {BiRads::b0, "0"},
        {BiRads::b1, "1"},
        {BiRads::b2, "2"},
        {BiRads::b3, "3"},
        {BiRads::b4, "4"},
        {BiRads::b4a, "4a"},
        {BiRads::b4b, "4b"},
        {BiRads::b4c, "4c"},
        {BiRads::b5, "5"},
        {BiRads::b6, "6"},
    });
};

/// ACR breast density.
enum class BreastDensity : std::uint8_t { a, b, c, d };

template <>
struct CodeList<BreastDensity> {
    static constexpr std::string_view name = "density";
    static constexpr auto entries = std::to_array<CodeEntry<BreastDensity>>({
        {BreastDensity::a, "a"},
        {BreastDensity::b, "b"},
        {BreastDensity::c, "c"},
        {BreastDensity::d, "d"},
    });
};

enum class ReviewDecision : std::uint8_t { short_follow_up, biopsy, other };

template <>
struct CodeList<ReviewDecision> {
    static constexpr std::string_view name = "review_decision";
    static constexpr auto entries = std::to_array<CodeEntry<ReviewDecision>>({
        {ReviewDecision::short_follow_up, "short_follow_up"},
        {ReviewDecision::biopsy, "biopsy"},
        {ReviewDecision::other, "other"},
    });
};

enum class Procedure : std::uint8_t {
    cryotherapy,
    thermal_ablation,
    laser,
    cautery,
    ablation,
    leep,
    cone,
    excision,
    hysterectomy,
    trachelectomy,
    mastectomy,
    lumpectomy,
    chemotherapy,
    radiotherapy,
    endocrine_therapy,
    targeted_therapy,
    other,
};

template <>
struct CodeList<Procedure> {
    static constexpr std::string_view name = "procedure";
    static constexpr auto entries = std::to_array<CodeEntry<Procedure>>({
        {Procedure::cryotherapy, "cryotherapy"},
        {Procedure::thermal_ablation, "thermal_ablation"},
        {Procedure::laser, "laser"},
        {Procedure::cautery, "cautery"},
        {Procedure::ablation, "ablation"},  // Method not stated.
        {Procedure::leep, "leep"},
        {Procedure::cone, "cone"},
        {Procedure::excision, "excision"},  // Method not stated.
        {Procedure::hysterectomy, "hysterectomy"},
        {Procedure::trachelectomy, "trachelectomy"},
        {Procedure::mastectomy, "mastectomy"},
        {Procedure::lumpectomy, "lumpectomy"},
        {Procedure::chemotherapy, "chemotherapy"},
        {Procedure::radiotherapy, "radiotherapy"},
        {Procedure::endocrine_therapy, "endocrine_therapy"},
        {Procedure::targeted_therapy, "targeted_therapy"},
        {Procedure::other, "other"},
    });
};

}  // namespace egret
