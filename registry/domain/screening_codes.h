#pragma once

#include "registry/domain/codes.h"

/// Code lists around a result: its specimen, how tissue was taken, who reviewed it, and the
/// diagnosis with its stage.
namespace egret {

/// What a specimen is examined for.
enum class SpecimenTest : std::uint8_t { hpv, cytology, histology };

template <>
struct CodeList<SpecimenTest> {
    static constexpr std::string_view name = "specimen_test";
    static constexpr auto entries = std::to_array<CodeEntry<SpecimenTest>>({
        {SpecimenTest::hpv, "hpv"},
        {SpecimenTest::cytology, "cytology"},
        {SpecimenTest::histology, "histology"},
    });
};

/// Why a laboratory could not examine a specimen (HL7 table 0490, as far as it occurs here).
enum class UnusableReason : std::uint8_t {
    leaked,
    unlabelled,
    wrong_label,
    too_old,
    insufficient,
    lost,
    other,
};

template <>
struct CodeList<UnusableReason> {
    static constexpr std::string_view name = "unusable_reason";
    static constexpr auto entries = std::to_array<CodeEntry<UnusableReason>>({
        {UnusableReason::leaked, "leaked"},            // Broken container.
        {UnusableReason::unlabelled, "unlabelled"},    // No label, or one that can't be read.
        {UnusableReason::wrong_label, "wrong_label"},  // Label and form don't agree.
        {UnusableReason::too_old, "too_old"},          // Kept too long, or past its use by then.
        {UnusableReason::insufficient, "insufficient"},
        {UnusableReason::lost, "lost"},  // It never came.
        {UnusableReason::other, "other"},
    });
};

/// How the tissue was taken (SNOMED CT 51675008, 52889002, 23140002, 54535009).
enum class BiopsyMethod : std::uint8_t { punch, ecc, leep, cone, core_needle, excision, other };

template <>
struct CodeList<BiopsyMethod> {
    static constexpr std::string_view name = "taken_by";
    static constexpr auto entries = std::to_array<CodeEntry<BiopsyMethod>>({
        {BiopsyMethod::punch, "punch"},  // Under colposcopy.
        {BiopsyMethod::ecc, "ecc"},      // Endocervical curettage.
        {BiopsyMethod::leep, "leep"},
        {BiopsyMethod::cone, "cone"},
        {BiopsyMethod::core_needle, "core_needle"},
        {BiopsyMethod::excision, "excision"},
        {BiopsyMethod::other, "other"},
    });
};

/// Immunostain that tells CIN 2 from what looks like it (LAST 2012).
enum class P16Result : std::uint8_t { positive, negative };

template <>
struct CodeList<P16Result> {
    static constexpr std::string_view name = "p16";
    static constexpr auto entries = std::to_array<CodeEntry<P16Result>>({
        {P16Result::positive, "positive"},
        {P16Result::negative, "negative"},
    });
};

/// Ranks of physicians in China, the lowest first. BI-RADS 0 and 3 are decided on from
/// associate_senior up (breast screening plan of 2021).
enum class PhysicianRank : std::uint8_t { attending, associate_senior, senior };

template <>
struct CodeList<PhysicianRank> {
    static constexpr std::string_view name = "rank";
    static constexpr auto entries = std::to_array<CodeEntry<PhysicianRank>>({
        {PhysicianRank::attending, "attending"},
        {PhysicianRank::associate_senior, "associate_senior"},
        {PhysicianRank::senior, "senior"},
    });
};

/// Where a disease is, of those that the screening finds and the relief of four cancers pays for.
enum class DiagnosisSite : std::uint8_t {
    cervix,
    breast_left,
    breast_right,
    breast,
    ovary,
    endometrium,
    fallopian_tube,
    vagina,
    vulva,
    other,
};

template <>
struct CodeList<DiagnosisSite> {
    static constexpr std::string_view name = "diagnosis_site";
    static constexpr auto entries = std::to_array<CodeEntry<DiagnosisSite>>({
        {DiagnosisSite::cervix, "cervix"},
        {DiagnosisSite::breast_left, "breast_left"},
        {DiagnosisSite::breast_right, "breast_right"},
        {DiagnosisSite::breast, "breast"},  // Both, or the side is not known.
        {DiagnosisSite::ovary, "ovary"},
        {DiagnosisSite::endometrium, "endometrium"},
        {DiagnosisSite::fallopian_tube, "fallopian_tube"},
        {DiagnosisSite::vagina, "vagina"},
        {DiagnosisSite::vulva, "vulva"},
        {DiagnosisSite::other, "other"},
    });
};

constexpr bool is_breast(DiagnosisSite site) {
    return site == DiagnosisSite::breast || site == DiagnosisSite::breast_left ||
           site == DiagnosisSite::breast_right;
}

/// FIGO stage, in the subdivisions of the cervix (FIGO 2018, corrected 2019). Other sites have the
/// ones that they share.
enum class FigoStage : std::uint8_t {
    i,
    ia,
    ia1,
    ia2,
    ib,
    ib1,
    ib2,
    ib3,
    ii,
    iia,
    iia1,
    iia2,
    iib,
    iii,
    iiia,
    iiib,
    iiic,
    iiic1,
    iiic2,
    iv,
    iva,
    ivb,
};

template <>
struct CodeList<FigoStage> {
    static constexpr std::string_view name = "figo";
    static constexpr auto entries = std::to_array<CodeEntry<FigoStage>>({
        {FigoStage::i, "I"},         {FigoStage::ia, "IA"},     {FigoStage::ia1, "IA1"},
        {FigoStage::ia2, "IA2"},     {FigoStage::ib, "IB"},     {FigoStage::ib1, "IB1"},
        {FigoStage::ib2, "IB2"},     {FigoStage::ib3, "IB3"},   {FigoStage::ii, "II"},
        {FigoStage::iia, "IIA"},     {FigoStage::iia1, "IIA1"}, {FigoStage::iia2, "IIA2"},
        {FigoStage::iib, "IIB"},     {FigoStage::iii, "III"},   {FigoStage::iiia, "IIIA"},
        {FigoStage::iiib, "IIIB"},   {FigoStage::iiic, "IIIC"}, {FigoStage::iiic1, "IIIC1"},
        {FigoStage::iiic2, "IIIC2"}, {FigoStage::iv, "IV"},     {FigoStage::iva, "IVA"},
        {FigoStage::ivb, "IVB"},
    });
};

/// Stage group of breast cancer (UICC/AJCC TNM, 8th edition). Early is 0, I and IIA (breast
/// screening plan of 2021).
enum class BreastStage : std::uint8_t { s0, i, ia, ib, iia, iib, iiia, iiib, iiic, iv };

template <>
struct CodeList<BreastStage> {
    static constexpr std::string_view name = "stage";
    static constexpr auto entries = std::to_array<CodeEntry<BreastStage>>({
        {BreastStage::s0, "0"},
        {BreastStage::i, "I"},
        {BreastStage::ia, "IA"},
        {BreastStage::ib, "IB"},
        {BreastStage::iia, "IIA"},
        {BreastStage::iib, "IIB"},
        {BreastStage::iiia, "IIIA"},
        {BreastStage::iiib, "IIIB"},
        {BreastStage::iiic, "IIIC"},
        {BreastStage::iv, "IV"},
    });
};

/// How a disease came to light. `interval`: between two screenings, the last of them negative.
enum class FoundBy : std::uint8_t { screening, interval, symptoms, other };

template <>
struct CodeList<FoundBy> {
    static constexpr std::string_view name = "found_by";
    static constexpr auto entries = std::to_array<CodeEntry<FoundBy>>({
        {FoundBy::screening, "screening"},
        {FoundBy::interval, "interval"},
        {FoundBy::symptoms, "symptoms"},
        {FoundBy::other, "other"},
    });
};

}  // namespace egret
