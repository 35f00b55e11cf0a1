#pragma once

#include "registry/base/date.h"
#include "registry/domain/codes.h"
#include "registry/domain/follow_up_codes.h"
#include "registry/domain/result_codes.h"
#include "registry/domain/screening_codes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What indicators of cases say (docs/adr/0014): which facts of a woman are cases, and what must
/// have followed so that a case counts. Dates that aren't known to the day stand for their earliest
/// day.
namespace egret::coverage {

/// The facts that cases are made of. `death` is the day of her death as it is believed.
enum class CaseEvent : std::uint8_t {
    hpv_test,
    cytology,
    via,
    gyn_exam,
    colposcopy,
    histology,
    breast_exam,
    breast_ultrasound,
    mammogram,
    diagnosis,
    treatment,
    visit,
    closing,
    death,
};

/// Some codes of one list.
class CodeSet {
public:
    template <Code E>
    void add(E code) {
        bits_ |= bit(code);
    }

    template <Code E>
    bool contains(E code) const {
        return (bits_ & bit(code)) != 0;
    }

    bool empty() const noexcept { return bits_ == 0; }

    bool meets(CodeSet other) const noexcept { return (bits_ & other.bits_) != 0; }

    /// Some of these are none of `other`.
    bool exceeds(CodeSet other) const noexcept { return (bits_ & ~other.bits_) != 0; }

    friend bool operator==(const CodeSet&, const CodeSet&) = default;

private:
    template <Code E>
    static constexpr std::uint32_t bit(E code) {
        static_assert(CodeList<E>::entries.size() <= 32);
        return std::uint32_t{1} << static_cast<unsigned>(code);
    }

    std::uint32_t bits_ = 0;
};

/// What is asked of one completed fact. What a member isn't said of is not asked.
///
/// `results` are codes of the fact's kind: results of a test (of both breasts together), the
/// impression of a colposcopy, BI-RADS categories, the procedure of a treatment, the reason of a
/// closing.
struct FactRule {
    CaseEvent event = CaseEvent::hpv_test;
    CodeSet results;            // At least one of its results is one of these.
    CodeSet results_except;     // At least one of its results is none of these.
    CodeSet without;            // None of its results is one of these.
    CodeSet types;              // Of HPV tests: at least one of its types is one of these.
    CodeSet types_without;      // Of HPV tests: none of its types is one of these.
    std::optional<bool> typed;  // Of HPV tests: it names types, or it names none.
    /// Of histology, diagnoses, treatments and closings. Tissue without a site is of the cervix; a
    /// treatment without one is where its procedure or its reason tells. A closing counts if it
    /// closes her case of that site: not a single action.
    std::optional<ScreenedSite> site;
    std::vector<std::string> codes;         // Of diagnoses: its code begins with one of these.
    CodeSet figo;                           // Of diagnoses: its FIGO stage, or
    CodeSet breast_stage;                   // its stage of the breast is one of these.
    CodeSet found_by;                       // Of diagnoses.
    bool told_counts = true;                // False: not, if she told of it.
    bool has_report = false;                // The day of its report is recorded.
    std::optional<Period> reported_within;  // It was reported so soon after its day.

    friend bool operator==(const FactRule&, const FactRule&) = default;
};

/// Where a fact stands beside the case.
enum class When : std::uint8_t { same, after, before };

/// A fact that must be there, or must not, beside the case. `same`: the case's own fact. The day of
/// the case belongs to both sides of it.
struct TimedRule {
    FactRule fact;
    When when = When::after;
    std::optional<Period> within;       // Not later (earlier) than so much after (before) the case.
    bool within_calendar_year = false;  // In the calendar year of the case.
    std::optional<Period> from;         // After: not before so much time has passed.
    bool on_other_day = false;          // Not on the day of the case.

    friend bool operator==(const TimedRule&, const TimedRule&) = default;
};

/// True, if of each group at least one rule finds a fact, and `none_of` finds none.
struct Conditions {
    std::vector<std::vector<TimedRule>> all_of;
    std::vector<TimedRule> none_of;

    bool empty() const { return all_of.empty() && none_of.empty(); }

    friend bool operator==(const Conditions&, const Conditions&) = default;
};

/// How often one woman can be a case.
enum class CaseEach : std::uint8_t {
    fact,           // Each fact by itself.
    calendar_year,  // Of each calendar year the first that is a case.
    life,           // The first such fact of her life alone, if that is a case.
};

/// Which facts are cases: they fit one of `any_of`, the conditions hold beside them, and she is of
/// the indicator's population on that day.
struct CaseRule {
    std::vector<FactRule> any_of;
    CaseEach each = CaseEach::fact;
    Conditions with;

    friend bool operator==(const CaseRule&, const CaseRule&) = default;
};

/// From where a time is counted to the first fact of `until` (or to the case, if it has none).
enum class TimeSince : std::uint8_t { case_day, birth };

struct TimeRule {
    TimeSince since = TimeSince::case_day;
    std::vector<TimedRule> until;  // The earliest of them that comes after the case.

    friend bool operator==(const TimeRule&, const TimeRule&) = default;
};

struct CaseDefinition {
    CaseRule cases;
    /// Of indicators of cases, one of these: what makes a case count; or other cases, on their own
    /// days, to which the first are compared.
    Conditions counts_if;
    std::optional<CaseRule> compared{};
    /// Of those that don't count it is told apart for how many it is documented why: her case of
    /// this site, or an action of it, was closed with a reason other than `completed` on the case's
    /// day or later, or she died on it or later, while the time for `counts_if` was not over. Where
    /// the case's own fact is high-grade (cytology from ASC-H and AGC upwards, a high-grade
    /// impression on colposcopy, CIN 2 and worse, BI-RADS 4 and above, suspected cancer on
    /// inspection, the diagnoses of these) two people must have closed it: a closing counts only if
    /// another one, by somebody else, confirms it.
    std::optional<ScreenedSite> documented_by{};
    std::optional<TimeRule> time{};  // Of indicators of times.

    friend bool operator==(const CaseDefinition&, const CaseDefinition&) = default;
};

}  // namespace egret::coverage
