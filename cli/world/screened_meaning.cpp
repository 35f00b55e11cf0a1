#include "cli/world/screened_meaning.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace egret::world {
namespace {

template <class T>
bool is_one_of(const T& value, std::initializer_list<T> list) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

Meaning of_hpv(const HpvTest& test) {
    if (test.result == HpvResult::negative) return {};
    if (test.result != HpvResult::positive) return {Step::hpv_test, false, false};
    const bool is_16_or_18 = std::any_of(test.types.begin(), test.types.end(), [](HpvType type) {
        return type == HpvType::hpv16 || type == HpvType::hpv18;
    });
    return {is_16_or_18 ? Step::colposcopy : Step::cytology, true, false};
}

Meaning of_cytology(const Cytology& report) {
    Meaning meaning;
    if (is_normal(report)) return meaning;
    if (report.results.empty()) return {Step::cytology, false, false};
    for (const auto result : report.results) {
        if (result == CytologyResult::unsat)
            meaning.asks = std::max(meaning.asks, Step::cytology);
        else if (is_one_of(result, {CytologyResult::bec, CytologyResult::esc, CytologyResult::hist,
                                    CytologyResult::bgc}))
            meaning.is_left_open = true;
        else if (!is_one_of(result, {CytologyResult::nilm, CytologyResult::no_tz})) {
            meaning.asks = Step::colposcopy;
            meaning.is_positive = true;
            if (!is_one_of(result, {CytologyResult::asc_us, CytologyResult::lsil}))
                meaning.is_grave = true;
            if (is_one_of(result, {CytologyResult::scc, CytologyResult::adc}))
                meaning.is_suspected = true;
        }
    }
    return meaning;
}

Meaning of_colposcopy(const Colposcopy& look) {
    if (!look.impression) return {Step::colposcopy, false, false};
    const bool is_inadequate = !look.adequate.value_or(true);
    switch (*look.impression) {
        case ColposcopyImpression::normal:
            return {is_inadequate ? Step::colposcopy : Step::recheck, false, false};
        case ColposcopyImpression::low_grade:
        case ColposcopyImpression::other: return {Step::tissue, true, false};
        case ColposcopyImpression::high_grade: return {Step::tissue, true, true};
        case ColposcopyImpression::suspected_cancer:
            return {Step::tissue_at_once, true, true, false, true};
    }
    return {};
}

Meaning of_tissue(const Histology& report, bool is_cervix) {
    if (report.results.empty()) return {Step::tissue, false, false};
    switch (report.results.front()) {
        case HistologyResult::insufficient: return {Step::tissue, false, false};
        case HistologyResult::benign:
            return {is_cervix ? Step::recheck : Step::decision, false, false};
        case HistologyResult::cin1: return {Step::recheck, true, false};
        default: return {Step::treatment, true, true};
    }
}

Meaning of_image(const std::optional<BreastFinding>& side, bool is_mammogram) {
    if (!side || !side->birads)
        return {is_mammogram ? Step::mammography : Step::ultrasound, false, false};
    switch (*side->birads) {
        case BiRads::b1:
        case BiRads::b2: return {is_mammogram ? Step::recheck : Step::none, false, false};
        case BiRads::b0:
        case BiRads::b3:
            return {is_mammogram ? Step::senior_review : Step::mammography, true, false};
        case BiRads::b6: return {Step::treatment, true, true};
        default: return {Step::tissue, true, true};
    }
}

Meaning of_review(const SeniorReview& review) {
    if (review.decision == ReviewDecision::biopsy) return {Step::tissue, true, false};
    if (review.decision == ReviewDecision::short_follow_up) return {Step::recheck, false, false};
    return {Step::decision, false, false};
}

bool is_usable_colposcopy(const Detail& found) {
    const auto* look = std::get_if<Colposcopy>(&found);
    return look && look->impression && look->adequate.value_or(true);
}

bool is_usable_tissue(const Detail& found) {
    const auto* report = std::get_if<Histology>(&found);
    return report && !report->results.empty() &&
           report->results.front() != HistologyResult::insufficient;
}

bool is_usable_hpv(const Detail& found) {
    const auto* test = std::get_if<HpvTest>(&found);
    return test && is_one_of(*test->result, {HpvResult::negative, HpvResult::positive});
}

bool is_usable_cytology(const Detail& found) {
    const auto* report = std::get_if<Cytology>(&found);
    return report && !report->results.empty() && report->results.front() != CytologyResult::unsat;
}

template <class Image>
bool is_usable_image(const Detail& found, Organ organ) {
    const auto* image = std::get_if<Image>(&found);
    if (!image) return false;
    const auto& side = organ == Organ::left_breast ? image->left : image->right;
    return side && side->birads;
}

bool is_excision(const Detail& found) {
    const auto* treatment = std::get_if<Treatment>(&found);
    return treatment && treatment->procedure &&
           is_one_of(*treatment->procedure,
                     {Procedure::leep, Procedure::cone, Procedure::hysterectomy});
}

/// An image that names no breast may be of both.
template <class Image>
bool shows(const Image& image, Organ organ) {
    if (organ == Organ::cervix) return false;
    const bool is_named =
        organ == Organ::left_breast ? image.left.has_value() : image.right.has_value();
    return is_named || (!image.left && !image.right);
}

/// Seen through the colposcope, cut out, or judged by a senior doctor, rather than tested.
bool is_looked_at(const Detail& found) {
    return std::holds_alternative<Colposcopy>(found) || std::holds_alternative<Histology>(found) ||
           std::holds_alternative<Treatment>(found) || std::holds_alternative<SeniorReview>(found);
}

bool is_usable_via(const Detail& found) {
    const auto* look = std::get_if<Via>(&found);
    return look && look->result && look->result != ViaResult::invalid;
}

}  // namespace

bool is_normal(const Cytology& report) {
    return !report.results.empty() &&
           std::all_of(report.results.begin(), report.results.end(), [](CytologyResult result) {
               return result == CytologyResult::nilm || result == CytologyResult::no_tz;
           });
}

bool does(const Detail& found, Step step, Organ organ) {
    const bool is_tissue = is_usable_tissue(found);
    const bool is_seen = is_tissue || is_usable_colposcopy(found);
    const bool is_treated = std::holds_alternative<Treatment>(found);
    const bool is_ultrasound = is_usable_image<BreastUltrasound>(found, organ);
    const bool is_mammogram = is_usable_image<Mammogram>(found, organ);
    switch (step) {
        case Step::none: return false;
        case Step::recheck:
            return is_usable_hpv(found) || is_usable_cytology(found) || is_seen || is_ultrasound ||
                   is_mammogram;
        case Step::hpv_test: return is_usable_hpv(found) || is_seen || is_treated;
        case Step::cytology: return is_usable_cytology(found) || is_seen || is_treated;
        case Step::ultrasound: return is_ultrasound || is_mammogram || is_tissue;
        case Step::mammography:
        case Step::palpation: return is_mammogram || is_tissue;
        case Step::look:  // Cells are seen again, or the virus is sought.
            return is_usable_cytology(found) || is_usable_hpv(found) || is_seen || is_treated;
        case Step::senior_review: return std::holds_alternative<SeniorReview>(found) || is_tissue;
        case Step::decision: return is_ultrasound || is_mammogram || is_tissue;
        case Step::colposcopy: return is_seen || is_treated;
        case Step::tissue: return is_tissue || is_excision(found);
        case Step::treatment: return is_treated;
        case Step::tissue_at_once: return is_tissue;
    }
    return false;
}

bool is_proven_cancer(const Detail& found, Organ organ) {
    if (const auto* tissue = std::get_if<Histology>(&found)) {
        return !tissue->results.empty() &&
               is_one_of(tissue->results.front(),
                         {HistologyResult::cancer, HistologyResult::microinvasive,
                          HistologyResult::invasive});
    }
    const bool is_image =
        std::holds_alternative<BreastUltrasound>(found) || std::holds_alternative<Mammogram>(found);
    return is_image && meaning_of(found, organ).asks == Step::treatment;
}

Meaning meaning_of_visit(const std::vector<const Detail*>& found, Organ organ) {
    const auto has = [&](auto is_so) {
        return std::any_of(found.begin(), found.end(),
                           [&](const Detail* one) { return is_so(*one); });
    };
    const bool has_normal_cells = has([](const Detail& one) {
        const auto* report = std::get_if<Cytology>(&one);
        return report && is_normal(*report);
    });
    const bool has_cells = has(is_usable_cytology);
    const bool has_tissue = has(is_usable_tissue);
    const bool has_open_image =
        has([&](const Detail& one) { return meaning_of(one, organ).asks == Step::mammography; });
    Meaning all;
    for (const auto* one : found) {
        auto meaning = meaning_of(*one, organ);
        // A mammogram does for what was felt, too.
        if (meaning.asks == Step::palpation && has_open_image) meaning.asks = Step::mammography;
        // Triage on the spot; a test of cells beside a failed one for the virus; tissue taken.
        if (std::holds_alternative<HpvTest>(*one) && has_normal_cells) {
            if (meaning.asks == Step::cytology) meaning.asks = Step::recheck;
        }
        if (std::holds_alternative<HpvTest>(*one) && has_cells && meaning.asks == Step::hpv_test)
            meaning.asks = Step::none;
        if (std::holds_alternative<Colposcopy>(*one) && has_tissue) meaning.asks = Step::none;
        all.asks = std::max(all.asks, meaning.asks);
        all.is_positive = all.is_positive || meaning.is_positive;
        all.is_grave = all.is_grave || meaning.is_grave;
        all.is_left_open = all.is_left_open || meaning.is_left_open;
        all.is_suspected = all.is_suspected || (meaning.is_suspected && !has_tissue);
    }
    // What is asked for at once looks at the cells, too.
    all.is_left_open = all.is_left_open && all.asks < Step::colposcopy && !has_tissue &&
                       !has([](const Detail& one) { return is_looked_at(one); });
    return all;
}

ScreenedSite site_of(Organ organ) {
    return organ == Organ::cervix ? ScreenedSite::cervix : ScreenedSite::breast;
}

std::string_view to_string(Step step) {
    static constexpr auto names = std::to_array<std::string_view>(
        {"none", "look", "recheck", "hpv_test", "cytology", "ultrasound", "mammography",
         "senior_review", "decision", "palpation", "colposcopy", "tissue", "treatment",
         "tissue_at_once"});
    return names[static_cast<std::size_t>(step)];
}

bool is_usable(const Detail& found) {
    if (std::holds_alternative<HpvTest>(found)) return is_usable_hpv(found);
    if (std::holds_alternative<Cytology>(found)) return is_usable_cytology(found);
    if (std::holds_alternative<Colposcopy>(found)) return is_usable_colposcopy(found);
    if (std::holds_alternative<Histology>(found)) return is_usable_tissue(found);
    if (std::holds_alternative<Via>(found)) return is_usable_via(found);
    const auto is_seen = [&](auto is_usable_side) {
        return is_usable_side(Organ::left_breast) || is_usable_side(Organ::right_breast);
    };
    if (std::holds_alternative<BreastUltrasound>(found))
        return is_seen([&](Organ side) { return is_usable_image<BreastUltrasound>(found, side); });
    if (std::holds_alternative<Mammogram>(found))
        return is_seen([&](Organ side) { return is_usable_image<Mammogram>(found, side); });
    return true;
}

bool is_about(const Detail& found, Organ organ) {
    const bool is_cervix = organ == Organ::cervix;
    if (const auto* tissue = std::get_if<Histology>(&found)) {
        const auto site = tissue->site.value_or(HistologySite::cervix);
        return site == (is_cervix                     ? HistologySite::cervix
                        : organ == Organ::left_breast ? HistologySite::breast_left
                                                      : HistologySite::breast_right);
    }
    if (const auto* treatment = std::get_if<Treatment>(&found)) {
        const auto site = treatment->site.value_or(DiagnosisSite::cervix);
        return site == (is_cervix                     ? DiagnosisSite::cervix
                        : organ == Organ::left_breast ? DiagnosisSite::breast_left
                                                      : DiagnosisSite::breast_right);
    }
    if (const auto* image = std::get_if<BreastUltrasound>(&found)) return shows(*image, organ);
    if (const auto* image = std::get_if<Mammogram>(&found)) return shows(*image, organ);
    if (std::holds_alternative<BreastExam>(found) || std::holds_alternative<SeniorReview>(found))
        return !is_cervix;
    return is_cervix &&
           (std::holds_alternative<HpvTest>(found) || std::holds_alternative<Cytology>(found) ||
            std::holds_alternative<Via>(found) || std::holds_alternative<GynExam>(found) ||
            std::holds_alternative<Colposcopy>(found));
}

Meaning meaning_of(const Detail& found, Organ organ) {
    const bool is_left = organ == Organ::left_breast;
    if (const auto* test = std::get_if<HpvTest>(&found)) return of_hpv(*test);
    if (const auto* report = std::get_if<Cytology>(&found)) return of_cytology(*report);
    if (const auto* look = std::get_if<Colposcopy>(&found)) return of_colposcopy(*look);
    if (const auto* tissue = std::get_if<Histology>(&found))
        return of_tissue(*tissue, organ == Organ::cervix);
    if (const auto* via = std::get_if<Via>(&found)) {
        if (via->result == ViaResult::suspected_cancer)
            return {Step::colposcopy, true, true, false, true};
        if (via->result == ViaResult::positive) return {Step::colposcopy, true, false};
    }
    if (const auto* exam = std::get_if<GynExam>(&found);
        exam && exam->result == ExamResult::abnormal)
        return {Step::colposcopy, true, false};
    if (const auto* exam = std::get_if<BreastExam>(&found)) {
        if ((is_left ? exam->left : exam->right) == ExamResult::abnormal)
            return {Step::palpation, true, false};
    }
    if (const auto* image = std::get_if<BreastUltrasound>(&found))
        return of_image(is_left ? image->left : image->right, false);
    if (const auto* image = std::get_if<Mammogram>(&found))
        return of_image(is_left ? image->left : image->right, true);
    if (const auto* review = std::get_if<SeniorReview>(&found)) return of_review(*review);
    if (std::holds_alternative<Treatment>(found)) return {Step::recheck, false, false};
    return {};
}

}  // namespace egret::world
