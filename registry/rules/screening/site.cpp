#include "registry/rules/screening/site.h"

#include <algorithm>
#include <array>

namespace egret::rules {
namespace {

/// Treatment of a breast: by its site, else as far as its procedure or its reason tells.
bool is_of_breast(const Treatment& treatment) {
    if (treatment.site) return is_breast(*treatment.site);
    static constexpr std::array<Procedure, 4> of_uterus = {
        Procedure::hysterectomy, Procedure::trachelectomy, Procedure::leep, Procedure::cone};
    if (treatment.procedure &&
        std::find(of_uterus.begin(), of_uterus.end(), *treatment.procedure) != of_uterus.end())
        return false;
    static constexpr std::array<Procedure, 3> of_breast = {
        Procedure::mastectomy, Procedure::lumpectomy, Procedure::endocrine_therapy};
    static constexpr std::array<std::string_view, 3> reasons = {"LCIS", "DCIS", "invasive"};
    return (treatment.procedure && std::find(of_breast.begin(), of_breast.end(),
                                             *treatment.procedure) != of_breast.end()) ||
           std::find(reasons.begin(), reasons.end(), treatment.reason) != reasons.end();
}

/// Treatment of the cervix, or of something else with which the cervix goes.
bool is_of_cervix(const Treatment& treatment) {
    return treatment.site ? treatment.site == DiagnosisSite::cervix ||
                                treatment.procedure == Procedure::hysterectomy
                          : !is_of_breast(treatment);
}

}  // namespace

bool is_of_site(const FindingDetail& detail, ScreenedSite site) {
    const bool is_cervix = site == ScreenedSite::cervix;
    if (const auto* treatment = std::get_if<Treatment>(&detail))
        return is_cervix ? is_of_cervix(*treatment) : is_of_breast(*treatment);
    if (const auto* histology = std::get_if<Histology>(&detail)) {
        const auto from = histology->site.value_or(HistologySite::cervix);
        return is_cervix
                   ? from == HistologySite::cervix
                   : from == HistologySite::breast_left || from == HistologySite::breast_right;
    }
    const bool is_breast_finding = std::holds_alternative<BreastExam>(detail) ||
                                   std::holds_alternative<BreastUltrasound>(detail) ||
                                   std::holds_alternative<Mammogram>(detail) ||
                                   std::holds_alternative<SeniorReview>(detail);
    return is_breast_finding != is_cervix;
}

bool is_finding_of(const Fact& fact, ScreenedSite site) {
    return std::visit(
        [&](const auto& detail) {
            using Kind = std::decay_t<decltype(detail)>;
            if constexpr (is_finding_kind<Kind>) return is_of_site(FindingDetail(detail), site);
            return false;
        },
        fact.detail);
}

std::optional<ScreenedSite> find_site(const Fact& fact) {
    for (const auto site : {ScreenedSite::cervix, ScreenedSite::breast}) {
        if (is_finding_of(fact, site)) return site;
    }
    return std::nullopt;
}

std::optional<DiagnosisSite> find_organ(const Fact& fact) {
    if (const auto* diagnosis = std::get_if<Diagnosis>(&fact.detail)) return diagnosis->site;
    const auto* tissue = std::get_if<Histology>(&fact.detail);
    if (!tissue) return std::nullopt;
    switch (tissue->site.value_or(HistologySite::cervix)) {
        case HistologySite::cervix: return DiagnosisSite::cervix;
        case HistologySite::breast_left: return DiagnosisSite::breast_left;
        case HistologySite::breast_right: return DiagnosisSite::breast_right;
        case HistologySite::ovary: return DiagnosisSite::ovary;
        case HistologySite::endometrium: return DiagnosisSite::endometrium;
    }
    return std::nullopt;
}

}  // namespace egret::rules
