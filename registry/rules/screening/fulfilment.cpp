#include "registry/rules/screening/fulfilment.h"

#include <algorithm>
#include <initializer_list>

namespace egret::rules {
namespace {

bool has_usable(const HpvTest& test) {
    return test.result == HpvResult::negative || test.result == HpvResult::positive;
}

/// A sample without transformation zone is satisfactory (TBS 2014).
bool has_usable(const Cytology& report) {
    return !report.results.empty() && std::find(report.results.begin(), report.results.end(),
                                                CytologyResult::unsat) == report.results.end();
}

bool has_usable(const Via& look) { return look.result && *look.result != ViaResult::invalid; }

bool has_usable(const Colposcopy& look) {
    return look.impression.has_value() && look.adequate.value_or(true);
}

bool has_usable(const Histology& report) {
    return !report.results.empty() &&
           std::find(report.results.begin(), report.results.end(), HistologyResult::insufficient) ==
               report.results.end();
}

bool has_usable(const BreastFinding& side) { return side.birads.has_value(); }

template <class Image>
bool has_usable_image(const Image& image) {
    return (image.left && has_usable(*image.left)) || (image.right && has_usable(*image.right));
}

bool has_usable(const BreastUltrasound& image) { return has_usable_image(image); }

bool has_usable(const Mammogram& image) { return has_usable_image(image); }

bool has_usable(const BreastExam& exam) { return exam.result.has_value(); }

bool has_usable(const GynExam& exam) { return exam.result.has_value(); }

bool has_usable(const SeniorReview& review) { return review.decision.has_value(); }

bool has_usable(const Treatment&) { return true; }

template <class... Kinds>
bool is_usable(const Finding& finding) {
    return std::visit(
        [](const auto& detail) {
            using Kind = std::decay_t<decltype(detail)>;
            return (std::is_same_v<Kind, Kinds> || ...) && has_usable(detail);
        },
        finding.detail);
}

bool is_procedure(const Finding& finding, std::initializer_list<Procedure> procedures) {
    const auto* treatment = std::get_if<Treatment>(&finding.detail);
    return treatment && treatment->procedure &&
           std::find(procedures.begin(), procedures.end(), *treatment->procedure) !=
               procedures.end();
}

bool is_excision(const Finding& finding) {
    return is_procedure(finding, {Procedure::leep, Procedure::cone, Procedure::excision,
                                  Procedure::hysterectomy, Procedure::trachelectomy});
}

}  // namespace

bool fulfils(const Finding& finding, ScreeningAction action) {
    if (finding.is_told) return false;
    switch (action) {
        case ScreeningAction::none:
        case ScreeningAction::clinician_decides:
        case ScreeningAction::referral: return false;
        case ScreeningAction::screening:
        case ScreeningAction::surveillance:
            return is_usable<HpvTest, Cytology, Via, Colposcopy, Histology, BreastUltrasound,
                             Mammogram>(finding);
        case ScreeningAction::hpv_test:
        case ScreeningAction::cotest:
            return is_usable<HpvTest, Colposcopy, Histology, Treatment>(finding);
        case ScreeningAction::cytology:
            return is_usable<Cytology, Colposcopy, Histology, Treatment>(finding);
        case ScreeningAction::via: return is_usable<Via, Colposcopy, Histology, Treatment>(finding);
        case ScreeningAction::breast_ultrasound:
            return is_usable<BreastUltrasound, Mammogram, Histology>(finding);
        case ScreeningAction::mammography: return is_usable<Mammogram, Histology>(finding);
        case ScreeningAction::review:
            return is_usable<HpvTest, Cytology, Via, GynExam, Colposcopy, Histology, Treatment,
                             BreastExam, BreastUltrasound, Mammogram, SeniorReview>(finding);
        case ScreeningAction::senior_review: return is_usable<SeniorReview, Histology>(finding);
        case ScreeningAction::colposcopy:
        case ScreeningAction::colposcopy_and_cytology:
            return is_usable<Colposcopy, Histology, Treatment>(finding);
        case ScreeningAction::surveillance_or_treatment:
            return is_usable<HpvTest, Cytology, Colposcopy, Histology, Treatment>(finding);
        case ScreeningAction::colposcopy_or_treatment:
            return is_usable<Colposcopy, Histology, Treatment>(finding);
        case ScreeningAction::biopsy:
        case ScreeningAction::histology:
            return is_usable<Histology>(finding) || is_excision(finding);
        case ScreeningAction::endometrial_assessment:
        case ScreeningAction::endometrial_and_endocervical_sampling:
            return is_usable<Histology>(finding);
        case ScreeningAction::treatment:
        case ScreeningAction::cancer_care: return is_usable<Treatment>(finding);
        case ScreeningAction::excision:
        case ScreeningAction::repeat_excision: return is_excision(finding);
        case ScreeningAction::hysterectomy:
            return is_procedure(finding, {Procedure::hysterectomy, Procedure::trachelectomy});
    }
    return false;
}

bool is_usable(const Fact& fact) {
    return std::visit(
        [](const auto& detail) {
            if constexpr (is_finding_kind<std::decay_t<decltype(detail)>>)
                return has_usable(detail);
            return true;
        },
        fact.detail);
}

}  // namespace egret::rules
