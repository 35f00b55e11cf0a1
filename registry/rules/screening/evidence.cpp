#include "registry/rules/screening/evidence.h"

#include "registry/rules/screening/fulfilment.h"
#include "registry/rules/screening/severity.h"

#include <algorithm>
#include <array>

namespace egret::rules {
namespace {

template <std::size_t N>
bool is_among(const Treatment& treatment, const std::array<Procedure, N>& procedures) {
    return treatment.procedure && std::find(procedures.begin(), procedures.end(),
                                            *treatment.procedure) != procedures.end();
}

/// How people write what a treatment was for, in capitals.
constexpr const char* lesion_words[] = {
    "CIN",    "SIL",      "HPV",       "VIA",    "ASC", "AIS",  "POSITIVE", "SUSPECTED_CANCER",
    "CANCER", "INVASIVE", "CARCINOMA", "MALIGN", "癌",  "恶性", "瘤变",     "病变"};

/// ASCII letters as capitals.
std::string upper(std::string text) {
    for (auto& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

/// What people write of a cancer of the cervix, in capitals. Lymph nodes are "cervical", too.
constexpr const char* words_of_cervix[] = {
    "CERVIX",         "CERVICAL CA",   "CERVICAL SCC", "CERVICAL SQUAM",
    "CERVICAL ADENO", "CERVICAL TUMO", "宫颈"};

/// The cancer of another organ may be what a course of therapy without a site was for.
bool names_cervix(const Treatment& treatment) {
    const auto reason = upper(treatment.reason);
    for (const auto& [code, word] : CodeList<HistologyResult>::entries) {
        if (upper(std::string(word)) == reason)
            return severity_of(Histology{{}, {code}}) != Severity::none;
    }
    if (const auto code = find_code<CytologyResult>(reason))
        return severity_of(Cytology{{*code}}) != Severity::none;
    return std::any_of(std::begin(words_of_cervix), std::end(words_of_cervix),
                       [&](const char* word) { return reason.find(word) != std::string::npos; });
}

bool is_of_low_rank(const Finding& finding) {
    const auto* review = std::get_if<SeniorReview>(&finding.detail);
    return review && review->rank && *review->rank < PhysicianRank::associate_senior;
}

bool is_of_same_visit(const ExactFinding& a, const ExactFinding& b) {
    return a.day <= b.day.plus_days(cotest_days) && b.day <= a.day.plus_days(cotest_days);
}

/// A suspected cancer is known by tissue; one that an image calls known (BI-RADS 6) was proven
/// before.
bool is_known(const Finding& found) {
    return std::holds_alternative<Histology>(found.detail) ||
           std::holds_alternative<Mammogram>(found.detail) ||
           std::holds_alternative<BreastUltrasound>(found.detail);
}

/// It found nothing, or was too little, where tissue was cut out, or where other tissue shows more:
/// the curettage of an excision, say, is no report of what was excised.
bool is_lesser_biopsy(const ExactFinding& exact) {
    const auto* report = std::get_if<Histology>(&exact.finding->detail);
    const bool is_biopsy = report && (report->taken_by == BiopsyMethod::punch ||
                                      report->taken_by == BiopsyMethod::ecc);
    return is_biopsy && !report->results.empty() &&
           severity_of(exact.finding->detail) == Severity::none;
}

/// Than a biopsy that found nothing; than one that was too little only what is high-grade, or is
/// still to be examined.
bool shows_more(const Finding& finding, bool is_than_too_little) {
    if (const auto* treatment = std::get_if<Treatment>(&finding.detail))
        return takes_tissue(*treatment);
    const auto least = is_than_too_little ? Severity::high_grade : Severity::positive;
    return std::holds_alternative<Histology>(finding.detail) &&
           least <= severity_of(finding.detail);
}

bool is_weak(const ScreeningCase& woman, const ExactFinding& exact) {
    const bool is_hearsay =
        exact.finding->is_told && severity_for(exact, woman.breast) == Severity::none;
    if (!is_hearsay && !is_lesser_biopsy(exact)) return false;
    return std::any_of(
        woman.findings.begin(), woman.findings.end(), [&](const ExactFinding& other) {
            return !other.finding->is_told && is_of_same_visit(exact, other) &&
                   (is_hearsay || shows_more(*other.finding, !tells_tissue(*exact.finding)));
        });
}

}  // namespace

Severity severity_for(const ExactFinding& exact, std::optional<HistologySite> breast) {
    if (!breast) return severity_of(exact.finding->detail);
    const auto of_side = [&](const auto& image) {
        auto side = image;
        (*breast == HistologySite::breast_left ? side.right : side.left).reset();
        return severity_of(FindingDetail(side));
    };
    if (const auto* image = std::get_if<BreastUltrasound>(&exact.finding->detail))
        return of_side(*image);
    if (const auto* image = std::get_if<Mammogram>(&exact.finding->detail)) return of_side(*image);
    return severity_of(exact.finding->detail);
}

bool is_known_cancer(const ExactFinding& exact, std::optional<HistologySite> breast) {
    return is_known(*exact.finding) && severity_for(exact, breast) == Severity::cancer;
}

bool treats_cancer(const Treatment& treatment, bool is_of_cervix) {
    static constexpr std::array<Procedure, 8> all = {
        Procedure::hysterectomy,      Procedure::trachelectomy,   Procedure::mastectomy,
        Procedure::lumpectomy,        Procedure::chemotherapy,    Procedure::radiotherapy,
        Procedure::endocrine_therapy, Procedure::targeted_therapy};
    if (treatment.procedure == Procedure::excision) return !is_of_cervix;
    return !treatment.procedure || is_among(treatment, all);
}

bool tells_tissue(const Finding& finding) {
    const auto* report = std::get_if<Histology>(&finding.detail);
    return report && !report->results.empty() &&
           std::find(report->results.begin(), report->results.end(),
                     HistologyResult::insufficient) == report->results.end();
}

bool is_glandular(const Finding& finding) {
    static constexpr std::array<CytologyResult, 7> all = {
        CytologyResult::agc,       CytologyResult::agc_fn, CytologyResult::agc_ec,
        CytologyResult::agc_ec_fn, CytologyResult::agc_em, CytologyResult::ais,
        CytologyResult::adc};
    const auto* report = std::get_if<Cytology>(&finding.detail);
    return report && std::find_first_of(all.begin(), all.end(), report->results.begin(),
                                        report->results.end()) != all.end();
}

bool is_course(const Treatment& treatment) {
    static constexpr std::array<Procedure, 4> all = {
        Procedure::chemotherapy, Procedure::radiotherapy, Procedure::endocrine_therapy,
        Procedure::targeted_therapy};
    return is_among(treatment, all);
}

bool takes_tissue(const Treatment& treatment) {
    static constexpr std::array<Procedure, 7> all = {
        Procedure::leep,         Procedure::cone,       Procedure::excision,
        Procedure::hysterectomy, Procedure::mastectomy, Procedure::lumpectomy,
        Procedure::trachelectomy};
    return !treatment.procedure || is_among(treatment, all);
}

bool is_of_biopsy(const Histology& report) {
    return report.taken_by == BiopsyMethod::punch || report.taken_by == BiopsyMethod::ecc ||
           report.taken_by == BiopsyMethod::core_needle;
}

bool names_lesion(const Treatment& treatment) {
    const auto reason = upper(treatment.reason);
    const auto histology = find_code<HistologyResult>(reason);
    if (histology) return severity_of(FindingDetail(Histology{{}, {*histology}})) != Severity::none;
    const auto cytology = find_code<CytologyResult>(reason);
    if (cytology) return severity_of(FindingDetail(Cytology{{*cytology}})) != Severity::none;
    const auto* const* end = std::end(lesion_words);
    return std::any_of(std::begin(lesion_words), end,
                       [&](const char* word) { return reason.find(word) != std::string::npos; });
}

/// Cautery treats other things too: it counts unless its reason names none of the lesions. Of any
/// other treatment it has to be said what it was for.
bool is_for_something_else(const Treatment& treatment, bool is_of_cervix) {
    const bool has_place = treatment.site || treatment.reason.empty();
    if (is_of_cervix && is_course(treatment) && !has_place) return !names_cervix(treatment);
    if (names_lesion(treatment)) return false;
    return treatment.procedure == Procedure::other ||
           (treatment.procedure == Procedure::cautery && !treatment.reason.empty());
}

void leave_out_weak_evidence(ScreeningCase& woman) {
    std::erase_if(woman.findings, [&](const ExactFinding& exact) {
        const auto* treatment = std::get_if<Treatment>(&exact.finding->detail);
        return (treatment && is_for_something_else(*treatment, !woman.breast)) ||
               is_of_low_rank(*exact.finding);
    });
    std::vector<const Finding*> weak;
    for (const auto& exact : woman.findings) {
        if (is_weak(woman, exact)) weak.push_back(exact.finding);
    }
    std::erase_if(woman.findings, [&](const ExactFinding& exact) {
        return std::find(weak.begin(), weak.end(), exact.finding) != weak.end();
    });
}

}  // namespace egret::rules
