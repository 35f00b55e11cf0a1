// What is found of a woman, by chance.
#include "cli/world/screened_course.h"

#include <algorithm>

namespace egret::world {
namespace {

constexpr HpvType other_types[] = {HpvType::hpv31, HpvType::hpv33, HpvType::hpv52, HpvType::hpv58,
                                   HpvType::other_hr};

template <class T, std::size_t N>
T one_of(const T (&list)[N], SeededRandom& random) {
    return list[random.below(N)];
}

HistologySite tissue_site(Organ organ) {
    return organ == Organ::left_breast ? HistologySite::breast_left : HistologySite::breast_right;
}

}  // namespace

HpvTest ScreenedCourse::hpv() {
    HpvTest test;
    test.sample = random_.chance(0.9) ? SampleTaker::clinician : SampleTaker::self;
    if (is_unusable()) {
        test.result = random_.chance(0.5) ? HpvResult::invalid : HpvResult::unknown;
        return test;
    }
    const bool is_positive = random_.chance(plan_.rates.hpv_positive);
    test.result = is_positive ? HpvResult::positive : HpvResult::negative;
    if (!is_positive || random_.chance(0.1)) return test;  // Some aren't typed.
    if (random_.chance(plan_.rates.hpv_16_18))
        test.types = {random_.chance(0.6) ? HpvType::hpv16 : HpvType::hpv18};
    else
        test.types = {one_of(other_types, random_)};
    return test;
}

Cytology ScreenedCourse::cytology(double abnormal) {
    static constexpr CytologyResult results[] = {
        CytologyResult::asc_us, CytologyResult::asc_us, CytologyResult::asc_us,
        CytologyResult::asc_us, CytologyResult::lsil,   CytologyResult::lsil,
        CytologyResult::asc_h,  CytologyResult::hsil,   CytologyResult::agc,
        CytologyResult::agc_ec, CytologyResult::scc,    CytologyResult::ais,
        CytologyResult::agc_fn, CytologyResult::adc};
    static constexpr CytologyResult left_open[] = {CytologyResult::bec, CytologyResult::hist};
    if (is_unusable()) {
        const auto roll = random_.below(3);
        if (roll == 0) return {};
        if (roll == 1) return Cytology{{CytologyResult::unsat}};
        return Cytology{{one_of(left_open, random_)}};
    }
    if (random_.chance(abnormal)) return Cytology{{one_of(results, random_)}};
    return Cytology{{random_.chance(0.05) ? CytologyResult::no_tz : CytologyResult::nilm}};
}

Colposcopy ScreenedCourse::colposcopy() {
    static constexpr ColposcopyImpression abnormal[] = {
        ColposcopyImpression::low_grade, ColposcopyImpression::low_grade,
        ColposcopyImpression::other, ColposcopyImpression::high_grade,
        ColposcopyImpression::suspected_cancer};
    Colposcopy look;
    look.adequate = true;
    if (is_unusable()) {
        if (random_.chance(0.5)) return {};
        look.adequate = false;
        look.impression = ColposcopyImpression::normal;
        return look;
    }
    look.impression = random_.chance(plan_.rates.colposcopy_abnormal)
                          ? one_of(abnormal, random_)
                          : ColposcopyImpression::normal;
    return look;
}

Histology ScreenedCourse::tissue() {
    static constexpr HistologyResult precancer[] = {HistologyResult::cin2, HistologyResult::cin3,
                                                    HistologyResult::hsil, HistologyResult::ais};
    Histology report;
    if (is_unusable()) {
        if (random_.chance(0.5)) report.results = {HistologyResult::insufficient};
        return report;
    }
    if (!random_.chance(plan_.rates.histology_positive))
        report.results = {random_.chance(0.5) ? HistologyResult::cin1 : HistologyResult::benign};
    else if (random_.chance(plan_.rates.cancer))
        report.results = {random_.chance(0.3) ? HistologyResult::microinvasive
                                              : HistologyResult::cancer};
    else
        report.results = {one_of(precancer, random_)};
    return report;
}

Histology ScreenedCourse::breast_tissue(Organ organ) {
    static constexpr HistologyResult malignant[] = {HistologyResult::lcis, HistologyResult::dcis,
                                                    HistologyResult::invasive};
    Histology report;
    report.site = tissue_site(organ);
    if (is_unusable()) {
        if (random_.chance(0.5)) report.results = {HistologyResult::insufficient};
        return report;
    }
    report.results = {random_.chance(plan_.rates.breast_malignant) ? one_of(malignant, random_)
                                                                   : HistologyResult::benign};
    return report;
}

BreastFinding ScreenedCourse::breast(bool is_worse) {
    static constexpr BiRads benign[] = {BiRads::b1, BiRads::b1, BiRads::b2};
    static constexpr BiRads open[] = {BiRads::b3, BiRads::b3, BiRads::b3, BiRads::b0};
    static constexpr BiRads grave[] = {BiRads::b4a, BiRads::b4a, BiRads::b4b,
                                       BiRads::b4c, BiRads::b4,  BiRads::b5};
    const double factor = is_worse ? 4 : 0.5;
    BreastFinding finding;
    if (is_unusable()) return finding;
    if (random_.chance(is_worse ? 0.01 : plan_.rates.birads_4_5 * 0.03)) {
        finding.birads = BiRads::b6;
        return finding;
    }
    if (random_.chance(std::min(0.4, plan_.rates.birads_4_5 * factor)))
        finding.birads = one_of(grave, random_);
    else if (random_.chance(std::min(0.5, plan_.rates.birads_0_3 * factor)))
        finding.birads = one_of(open, random_);
    else
        finding.birads = one_of(benign, random_);
    return finding;
}

/// Some come to look at the cervix alone, and some for what was ordered elsewhere.
std::vector<Detail> ScreenedCourse::cervical_visit(bool is_first) {
    if (is_first && random_.chance(0.03)) return {GynExam{ExamResult::normal}};
    const bool is_asked = life_.truth.standing(Organ::cervix).has_value();
    if (!is_asked && random_.chance(plan_.rates.colposcopy_first)) {
        if (random_.chance(0.3)) return {tissue()};
        return {colposcopy()};
    }
    return cervical_tests();
}

std::vector<Detail> ScreenedCourse::breast_visit(bool is_first) {
    const bool is_asked = most_urgent(ScreenedSite::breast).has_value();
    if (!is_asked && random_.chance(plan_.rates.colposcopy_first))
        return {breast_tissue(random_.chance(0.5) ? Organ::left_breast : Organ::right_breast)};
    if (is_first && random_.chance(0.03)) {
        BreastExam exam;
        exam.left = exam.right = exam.result = ExamResult::normal;
        return {exam};
    }
    return images();
}

std::vector<Detail> ScreenedCourse::cervical_tests() {
    std::vector<Detail> found;
    const auto& rates = plan_.rates;
    if (random_.chance(0.4)) {
        const bool is_abnormal = random_.chance(rates.exam_abnormal);
        found.emplace_back(GynExam{is_abnormal ? ExamResult::abnormal : ExamResult::normal});
    }
    const auto roll = random_.below(100);
    if (roll < 3) {
        const bool is_positive = random_.chance(rates.hpv_positive);
        const auto abnormal =
            random_.chance(0.2) ? ViaResult::suspected_cancer : ViaResult::positive;
        found.emplace_back(Via{is_positive ? abnormal : ViaResult::negative});
        if (!is_positive && random_.chance(0.5)) found.emplace_back(hpv());
    } else if (roll < 58) {
        found.emplace_back(hpv());
    } else if (roll < 66) {
        found.emplace_back(hpv());
        const auto& test = std::get<HpvTest>(found.back());
        const bool is_positive = test.result == HpvResult::positive;
        found.emplace_back(cytology(is_positive ? rates.triage_abnormal : rates.cytology_abnormal));
    } else {
        found.emplace_back(cytology(rates.cytology_abnormal));
    }
    return found;
}

std::vector<Detail> ScreenedCourse::images() {
    BreastExam exam;
    exam.left = exam.right = exam.result = ExamResult::normal;
    if (random_.chance(plan_.rates.palpation_abnormal)) {
        exam.result = ExamResult::abnormal;
        (random_.chance(0.5) ? exam.left : exam.right) = ExamResult::abnormal;
    }
    BreastUltrasound image;
    image.left = breast(false);
    image.right = breast(false);
    return {exam, image};
}

/// What the most urgent ask wants, and the like of the other breast with it.
bool ScreenedCourse::act(Organ organ, Date day) {
    const auto step = life_.truth.asks[*life_.truth.standing(organ)].step;
    const auto& rates = plan_.rates;
    switch (step) {
        case Step::none: return false;
        case Step::recheck:
            if (organ != Organ::cervix) return scribe_.write_visit(day, images());
            return scribe_.write_visit(day, cervical_tests());
        case Step::hpv_test: return scribe_.write_visit(day, {hpv()});
        case Step::look:
        case Step::cytology: return scribe_.write_visit(day, {cytology(rates.triage_abnormal)});
        case Step::colposcopy: {
            std::vector<Detail> found{colposcopy()};
            auto& look = std::get<Colposcopy>(found.front());
            const bool is_abnormal =
                look.impression && look.impression != ColposcopyImpression::normal;
            if (is_abnormal && random_.chance(0.4)) found.emplace_back(tissue());
            return scribe_.write_visit(day, std::move(found));
        }
        case Step::ultrasound: {
            BreastUltrasound image;
            image.left = breast(false);
            image.right = breast(false);
            return scribe_.write_visit(day, {image});
        }
        case Step::mammography:
        case Step::palpation:
        case Step::decision: {
            Mammogram image;
            image.left = breast(true);
            image.right = breast(true);
            return scribe_.write_visit(day, {image});
        }
        case Step::senior_review: {
            static constexpr ReviewDecision decisions[] = {
                ReviewDecision::short_follow_up, ReviewDecision::biopsy, ReviewDecision::other};
            SeniorReview review;
            review.decision = one_of(decisions, random_);
            if (review.decision == ReviewDecision::short_follow_up && random_.chance(0.5))
                review.review_on = day.plus_days(180);
            return scribe_.write_visit(day, {review});
        }
        case Step::tissue:
        case Step::tissue_at_once:
            if (organ == Organ::cervix) return scribe_.write_visit(day, {tissue()});
            return scribe_.write_visit(day, {breast_tissue(organ)});
        case Step::treatment: break;
    }
    Treatment treatment;
    if (organ == Organ::cervix) {
        const bool has_cancer = life_.truth.asks[*life_.truth.standing(organ)].has_cancer;
        treatment.procedure =
            !has_cancer && random_.chance(0.7) ? Procedure::leep : Procedure::hysterectomy;
        treatment.site = DiagnosisSite::cervix;
        if (!scribe_.write_visit(day, {treatment})) return false;
        if (random_.chance(0.4) && day.plus_days(30) < end_) {
            Histology specimen;
            specimen.results = {HistologyResult::cin2};
            scribe_.write_visit(day.plus_days(between(3, 25)), {specimen});
        }
        return true;
    }
    treatment.procedure = Procedure::lumpectomy;
    treatment.site =
        organ == Organ::left_breast ? DiagnosisSite::breast_left : DiagnosisSite::breast_right;
    return scribe_.write_visit(day, {treatment});
}

}  // namespace egret::world
