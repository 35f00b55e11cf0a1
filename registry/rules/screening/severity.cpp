#include "registry/rules/screening/severity.h"

#include <algorithm>
#include <string_view>

namespace egret::rules {
namespace {

Severity severity_of_code(CytologyResult result) {
    switch (result) {
        case CytologyResult::nilm:
        case CytologyResult::unsat:
        case CytologyResult::no_tz:
        case CytologyResult::bec:
        case CytologyResult::esc:
        case CytologyResult::hist:
        case CytologyResult::bgc: return Severity::none;
        case CytologyResult::asc_us:
        case CytologyResult::lsil: return Severity::positive;
        case CytologyResult::asc_h:
        case CytologyResult::hsil:
        case CytologyResult::agc:
        case CytologyResult::agc_fn:
        case CytologyResult::agc_ec:
        case CytologyResult::agc_ec_fn:
        case CytologyResult::agc_em:
        case CytologyResult::ais: return Severity::high_grade;
        case CytologyResult::scc:
        case CytologyResult::adc: return Severity::cancer;
    }
    return Severity::none;
}

Severity severity_of_code(HistologyResult result) {
    switch (result) {
        case HistologyResult::benign:
        case HistologyResult::insufficient: return Severity::none;
        case HistologyResult::cin1: return Severity::positive;
        case HistologyResult::cin2:
        case HistologyResult::cin3:
        case HistologyResult::hsil:
        case HistologyResult::ais:
        case HistologyResult::lcis:
        case HistologyResult::dcis: return Severity::high_grade;
        case HistologyResult::microinvasive:
        case HistologyResult::cancer:
        case HistologyResult::invasive: return Severity::cancer;
    }
    return Severity::none;
}

Severity severity_of_code(BiRads category) {
    switch (category) {
        case BiRads::b1:
        case BiRads::b2: return Severity::none;
        case BiRads::b0:
        case BiRads::b3: return Severity::positive;
        case BiRads::b4:
        case BiRads::b4a:
        case BiRads::b4b:
        case BiRads::b4c:
        case BiRads::b5: return Severity::high_grade;
        case BiRads::b6: return Severity::cancer;
    }
    return Severity::none;
}

Severity severity_of_code(ColposcopyImpression impression) {
    switch (impression) {
        case ColposcopyImpression::normal: return Severity::none;
        case ColposcopyImpression::low_grade:
        case ColposcopyImpression::other: return Severity::positive;
        case ColposcopyImpression::high_grade: return Severity::high_grade;
        case ColposcopyImpression::suspected_cancer: return Severity::cancer;
    }
    return Severity::none;
}

Severity severity_of_code(ViaResult result) {
    switch (result) {
        case ViaResult::negative:
        case ViaResult::invalid: return Severity::none;
        case ViaResult::positive: return Severity::positive;
        case ViaResult::suspected_cancer: return Severity::cancer;
    }
    return Severity::none;
}

Severity severity_of_code(ExamResult result) {
    return result == ExamResult::abnormal ? Severity::positive : Severity::none;
}

template <class Codes>
Severity worst_of(const Codes& codes) {
    auto worst = Severity::none;
    for (const auto code : codes) worst = std::max(worst, severity_of_code(code));
    return worst;
}

template <class Code>
Severity severity_of_code(const std::optional<Code>& code) {
    return code ? severity_of_code(*code) : Severity::none;
}

template <class Image>
Severity severity_of_image(const Image& image) {
    const auto of_side = [](const std::optional<BreastFinding>& side) {
        return side ? severity_of_code(side->birads) : Severity::none;
    };
    return std::max(of_side(image.left), of_side(image.right));
}

struct SeverityOfDetail {
    Severity operator()(const HpvTest& test) const {
        return test.result == HpvResult::positive ? Severity::positive : Severity::none;
    }

    Severity operator()(const Cytology& report) const { return worst_of(report.results); }

    Severity operator()(const Via& look) const { return severity_of_code(look.result); }

    Severity operator()(const GynExam& exam) const { return severity_of_code(exam.result); }

    Severity operator()(const Colposcopy& look) const { return severity_of_code(look.impression); }

    Severity operator()(const Histology& report) const { return worst_of(report.results); }

    Severity operator()(const BreastExam& exam) const {
        return std::max({severity_of_code(exam.result), severity_of_code(exam.left),
                         severity_of_code(exam.right)});
    }

    Severity operator()(const BreastUltrasound& image) const { return severity_of_image(image); }

    Severity operator()(const Mammogram& image) const { return severity_of_image(image); }

    Severity operator()(const Treatment&) const { return Severity::none; }

    Severity operator()(const SeniorReview& review) const {
        return review.decision == ReviewDecision::biopsy ? Severity::positive : Severity::none;
    }
};

/// D05 and D06 are carcinoma in situ of the breast and the cervix, N87 dysplasia of the cervix
/// (ICD-10).
Severity severity_of_diagnosis(const Diagnosis& diagnosis) {
    const auto& code = diagnosis.code;
    if (diagnosis.figo || code.starts_with("icd10:C") ||
        (diagnosis.stage && *diagnosis.stage != BreastStage::s0))
        return Severity::cancer;
    if (diagnosis.stage || code.starts_with("icd10:D05") || code.starts_with("icd10:D06") ||
        code.starts_with("icd10:N87.1") || code.starts_with("icd10:N87.2"))
        return Severity::high_grade;
    return Severity::positive;
}

}  // namespace

Severity severity_of(const FindingDetail& detail) { return std::visit(SeverityOfDetail{}, detail); }

Severity severity_of(const Fact& fact) {
    if (!is_completed(fact)) return Severity::none;
    return std::visit(
        [](const auto& detail) {
            using Kind = std::decay_t<decltype(detail)>;
            if constexpr (is_finding_kind<Kind>) return SeverityOfDetail{}(detail);
            if constexpr (std::is_same_v<Kind, Diagnosis>) return severity_of_diagnosis(detail);
            return Severity::none;
        },
        fact.detail);
}

}  // namespace egret::rules
