#pragma once

#include "registry/domain/fact.h"

#include <cstdint>
#include <string_view>
#include <vector>

/// What findings mean, by the flow charts of China's plans of 2021 (notice 635, annexes 1 and 2) in
/// their own words, by none of the rules that are to be tested.
namespace egret::world {

/// What is followed by itself.
enum class Organ : std::uint8_t { cervix, left_breast, right_breast };

inline constexpr Organ all_organs[] = {Organ::cervix, Organ::left_breast, Organ::right_breast};

ScreenedSite site_of(Organ organ);

/// What a finding asks for, from the least urgent to the most.
enum class Step : std::uint8_t {
    none,
    look,     // Somebody looks at what the plan leaves open, beside all else that is asked for.
    recheck,  // Examined again, after a year or when the doctor says.
    hpv_test,
    cytology,
    ultrasound,
    mammography,
    senior_review,  // By an associate chief physician or above.
    decision,       // The doctor decides among images and a biopsy.
    palpation,      // The same of what was felt: an ultrasound alone doesn't do.
    colposcopy,
    tissue,
    treatment,
    tissue_at_once,  // Cancer is suspected: before all else, and by tissue alone.
};

std::string_view to_string(Step step);

/// What one finding says of one organ.
struct Meaning {
    Step asks = Step::none;
    bool is_positive = false;   // "Abnormal or suspicious": to be followed up, urged and recorded.
    bool is_grave = false;      // A high-grade lesion or cancer, found or suspected.
    bool is_left_open = false;  // The plan says nothing of it.
    bool is_suspected = false;  // Of cancer: to be looked at, or cut out, within days.
};

Meaning meaning_of(const Detail& found, Organ organ);

/// False of a result that says nothing: failed, unsatisfactory, or not known.
bool is_usable(const Detail& found);

/// Whether it tells of that organ.
bool is_about(const Detail& found, Organ organ);

/// Cells in which nothing was found.
bool is_normal(const Cytology& report);

/// Whether it does what was asked for. More than that does as well: tissue in place of a
/// colposcopy, a colposcopy in place of a triage test.
bool does(const Detail& found, Step step, Organ organ);

bool is_proven_cancer(const Detail& found, Organ organ);

/// What all that was found of the organ at the visit means together.
Meaning meaning_of_visit(const std::vector<const Detail*>& found, Organ organ);

}  // namespace egret::world
