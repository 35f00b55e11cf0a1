#include "registry/rules/screening/detail/state_history.h"

#include <algorithm>

namespace egret::rules::detail {
namespace {

constexpr Codes yes = 1;
constexpr Codes no = 2;

/// What a screening test says, as far as a look back needs it.
enum class Tested : std::uint8_t { nothing, negative, other };

Tested tested_by(const HpvTest& test) {
    return test.result == HpvResult::negative ? Tested::negative : Tested::other;
}

Tested tested_by(const Cytology& report) {
    const bool is_negative =
        !report.results.empty() &&
        std::all_of(report.results.begin(), report.results.end(), [](CytologyResult result) {
            return result == CytologyResult::nilm || result == CytologyResult::no_tz;
        });
    return is_negative ? Tested::negative : Tested::other;
}

Tested tested_by(const Via& look) {
    return look.result == ViaResult::negative ? Tested::negative : Tested::other;
}

template <class Kind>
Tested tested_by_kind(const Finding& finding) {
    const auto* detail = std::get_if<Kind>(&finding.detail);
    return detail ? tested_by(*detail) : Tested::nothing;
}

Tested tested_by_any(const Finding& finding) {
    for (const auto tested : {tested_by_kind<HpvTest>(finding), tested_by_kind<Cytology>(finding),
                              tested_by_kind<Via>(finding)}) {
        if (tested != Tested::nothing) return tested;
    }
    return Tested::nothing;
}

/// Negative visits, the latest first, until one whose test says anything else. Tests of a day and
/// the day after it are one visit, negative if all are.
template <class TestedBy>
int count_negatives(const Moment& moment, const TestedBy& tested_by, Date from) {
    int count = 0;
    std::optional<Date> counted;
    for (auto i = moment.known; i-- > 0;) {
        const auto& exact = moment.woman.findings[i];
        const auto tested = tested_by(*exact.finding);
        if (tested == Tested::nothing) continue;
        const bool is_same_visit = counted && *counted <= exact.day.plus_days(cotest_days);
        if (tested == Tested::other) return is_same_visit ? count - 1 : count;
        if (exact.day < from) return count;
        if (is_same_visit) continue;
        counted = exact.day;
        ++count;
    }
    return count;
}

constexpr auto long_ago = Date::from_days(-1'000'000);

StateValue value_of_negatives(const Moment& moment, const StateCall&) {
    return {0, count_negatives(moment, tested_by_any, long_ago), {}};
}

/// The first day of which today is not more than the span away.
Date first_day_within(const Moment& moment, const Period& span) {
    auto first = moment.day;
    if (!moment.woman.findings.empty()) first = std::min(first, moment.woman.findings.front().day);
    // Spans are added to days, never taken from them: months differ in length.
    auto last = moment.day;
    while (first < last) {
        const auto middle = first.plus_days((last.days() - first.days()) / 2);
        if (plus(middle, span) < moment.day)
            first = middle.plus_days(1);
        else
            last = middle;
    }
    return first;
}

template <class Kind>
StateValue value_of_negatives_within(const Moment& moment, const StateCall& call) {
    return {
        0,
        count_negatives(moment, tested_by_kind<Kind>, first_day_within(moment, call.spans.front())),
        {}};
}

StateValue value_of_last_negative(const Moment& moment, const StateCall&) {
    for (auto i = moment.known; i-- > 0;) {
        const auto& exact = moment.woman.findings[i];
        if (tested_by_any(*exact.finding) == Tested::negative) return {0, 0, exact.day};
    }
    return {};
}

/// Before this visit; on the day of the question, of all.
StateValue value_of_previous_hpv(const Moment& moment, const StateCall& call) {
    constexpr Codes negative = 1;
    constexpr Codes positive = 2;
    constexpr Codes none = 4;
    for (auto i = moment.visit ? moment.visit->first : moment.known; i-- > 0;) {
        const auto& exact = moment.woman.findings[i];
        const auto* test = std::get_if<HpvTest>(&exact.finding->detail);
        if (!test || !test->result) continue;
        if (plus(exact.day, call.spans.front()) < moment.day) break;
        if (test->result == HpvResult::negative) return {negative, 0, {}};
        if (test->result == HpvResult::positive) return {positive, 0, {}};
    }
    return {none, 0, {}};
}

bool is_precancer_or_worse(HistologyResult result) {
    switch (result) {
        case HistologyResult::cin2:
        case HistologyResult::cin3:
        case HistologyResult::hsil:
        case HistologyResult::ais:
        case HistologyResult::microinvasive:
        case HistologyResult::cancer:
        case HistologyResult::invasive: return true;
        default: return false;
    }
}

StateValue value_of_precancer_before(const Moment& moment, const StateCall&) {
    const bool is_flagged = std::any_of(
        moment.woman.flags->begin(), moment.woman.flags->end(), [&](const SubjectFlag& flag) {
            return flag.code == "precancer_history" && flag.holds_on(moment.day);
        });
    const auto end = moment.woman.findings.begin() + static_cast<std::ptrdiff_t>(moment.known);
    const bool is_found =
        std::any_of(moment.woman.findings.begin(), end, [](const ExactFinding& exact) {
            const auto* report = std::get_if<Histology>(&exact.finding->detail);
            return report && std::any_of(report->results.begin(), report->results.end(),
                                         is_precancer_or_worse);
        });
    return {is_flagged || is_found ? yes : no, 0, {}};
}

}  // namespace

std::vector<StateFunction> history_functions() {
    return {
        {"negatives_in_a_row", StateKind::number, {}, {}, value_of_negatives},
        {"hpv_negatives_in_a_row",
         StateKind::number,
         {},
         {"within"},
         value_of_negatives_within<HpvTest>},
        {"cytology_negatives_in_a_row",
         StateKind::number,
         {},
         {"within"},
         value_of_negatives_within<Cytology>},
        {"last_negative", StateKind::day, {}, {}, value_of_last_negative},
        {"previous_hpv",
         StateKind::codes,
         {"negative", "positive", "none"},
         {"within"},
         value_of_previous_hpv},
        {"precancer_before", StateKind::codes, {"yes", "no"}, {}, value_of_precancer_before},
    };
}

}  // namespace egret::rules::detail
