#pragma once

#include "cli/world/screened_truth.h"
#include "registry/base/date.h"
#include "registry/domain/fact.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Lives of women who are screened for cancer of cervix and breast, and what becomes of that at
/// clinics: late, lost and amended results, refusals, moves, dead ends. From a seed alone.
namespace egret::world {

/// How often what is found: chances.
struct ScreenedRates {
    double hpv_positive = 0;
    double hpv_16_18 = 0;  // Of the positive.
    double cytology_abnormal = 0;
    double triage_abnormal = 0;      // Cytology after a positive test for the virus.
    double colposcopy_abnormal = 0;  // Of those that were made.
    double histology_positive = 0;   // CIN 2 and worse, of those that were made.
    double cancer = 0;               // Of these.
    double colposcopy_first = 0;     // Or a biopsy, of visits: ordered elsewhere.
    double exam_abnormal = 0;        // To the eye.
    double palpation_abnormal = 0;
    double birads_0_3 = 0;
    double birads_4_5 = 0;
    double breast_malignant = 0;  // Of biopsies.
    double unusable = 0;          // Of any test: it failed, or its result is not known.
};

/// HPV, cytology, colposcopy and histology as in China's programme of 2009 to 2018 (85 million
/// women: 9.91 %, 3.71 %, 28.85 %, 21.20 %; precancer 153.88 and cancer 21.58 per 100,000). What
/// these sources don't give is chosen for the simulation.
ScreenedRates published_rates();

/// Chosen for the simulation: whatever can be found is found often.
ScreenedRates harsh_rates();

struct ScreenedPlan {
    std::uint64_t women = 0;
    std::uint64_t seed = 1;
    ScreenedRates rates;
    Date first_day = Date::from_ymd(2022, 1, 4);
    Date last_day = Date::from_ymd(2026, 10, 31);
};

/// The clinics where she can be cared for; behind them the hospital that they send to.
inline constexpr std::size_t screened_clinics = 3;
std::string screened_facility(std::size_t device);

/// What a contact, a referral or a closing is about: whoever records it takes the name of the
/// action from the worklist of that day.
enum class About : std::uint8_t {
    ask,      // What is open of the organ.
    recall,   // Her next routine test.
    confirm,  // A result that was taken back.
};

/// One line that somebody records.
struct ScreenedEntry {
    std::int64_t minute = 0;  // Since 1970, in UTC.
    std::size_t device = 0;   // Of which clinic.
    std::uint8_t person = 0;
    WomanId subject;
    EventUid uid{};
    Fact fact;
    std::optional<About> about{};
    Organ organ = Organ::cervix;
    Step step = Step::none;    // Of `ask`: what it is about.
    EventUid taken_back_by{};  // Of `confirm`: the void or the correction.
};

struct ScreenedLife {
    WomanId id;
    Date birth;
    std::string kind;                    // What happens in it, in words, without a name.
    std::vector<ScreenedEntry> entries;  // In the order of their minutes. Some are of other women.
    Truth truth;
};

/// The life of the woman with that number, below plan.women.
ScreenedLife make_screened_life(const ScreenedPlan& plan, std::uint64_t number);

}  // namespace egret::world
