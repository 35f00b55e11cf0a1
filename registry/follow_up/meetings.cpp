#include "registry/follow_up/detail/meetings.h"

#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/visits.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

/// The day on which the sample with that barcode was taken of her; nothing, if it isn't recorded.
std::optional<Date> day_taken(const Question& question, const std::string& barcode) {
    std::optional<Date> first;
    for (const auto& live : question.history.facts) {
        const auto* specimen = std::get_if<Specimen>(&live.fact.detail);
        if (!specimen || specimen->barcode != barcode || !is_known(question, live)) continue;
        const auto day = clinical_day(live.fact, live.order);
        if (!first || day < *first) first = day;
    }
    return first;
}

/// Tissue of an earlier day was waited for, and this is its report.
bool is_report_of_earlier(const std::vector<Loop>& loops, const LiveFact& report, Date day) {
    return std::any_of(loops.begin(), loops.end(), [&](const Loop& loop) {
        return loop.kind == LoopKind::result_awaited && loop.closed_by == report.uid &&
               loop.opened_on.plus_days(rules::cotest_days) < day;
    });
}

}  // namespace

const std::string& barcode_of(const Fact& fact) {
    static const std::string none;
    if (const auto* hpv = std::get_if<HpvTest>(&fact.detail)) return hpv->specimen;
    if (const auto* cytology = std::get_if<Cytology>(&fact.detail)) return cytology->specimen;
    if (const auto* histology = std::get_if<Histology>(&fact.detail)) return histology->specimen;
    return none;
}

bool is_done_with_her(const Fact& fact) {
    return !std::holds_alternative<SeniorReview>(fact.detail) &&
           !std::holds_alternative<ReferralFeedback>(fact.detail);
}

std::optional<Date> day_she_came(const Question& question, const std::vector<Loop>& loops,
                                 const LiveFact& live) {
    if (!is_done_with_her(live.fact)) return std::nullopt;
    const auto day = clinical_day(live.fact, live.order);
    if (const auto& barcode = barcode_of(live.fact); !barcode.empty())
        return std::min(day, day_taken(question, barcode).value_or(day));
    if (std::holds_alternative<Histology>(live.fact.detail) &&
        is_report_of_earlier(loops, live, day))
        return std::nullopt;
    return day;
}

}  // namespace egret::follow_up::detail
