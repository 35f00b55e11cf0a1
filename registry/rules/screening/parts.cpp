#include "registry/rules/screening/parts.h"

#include "registry/rules/screening/evidence.h"
#include "registry/rules/screening/severity.h"

#include <algorithm>

namespace egret::rules {
namespace {

const Treatment* find_treatment(const ExactFinding& exact) {
    return std::get_if<Treatment>(&exact.finding->detail);
}

bool is_of_biopsy(const Histology& report) {
    return report.taken_by == BiopsyMethod::punch || report.taken_by == BiopsyMethod::ecc ||
           report.taken_by == BiopsyMethod::core_needle;
}

/// It tells no more than was known.
bool is_expected(const ExactFinding& exact, const KnownBefore& before) {
    if (!tells_tissue(*exact.finding)) return false;
    const bool is_cancer = severity_of(exact.finding->detail) == Severity::cancer;
    return is_cancer ? before.has_cancer : before.is_proven;
}

/// The first days of a visit on which she was treated, and on which tissue was taken so.
struct Treated {
    std::optional<Date> at_all;
    std::optional<Date> operated;
};

bool is_of_day(const ExactFinding& exact, const Treated& treated) {
    const auto* report = std::get_if<Histology>(&exact.finding->detail);
    return report && !exact.finding->is_told && treated.at_all && *treated.at_all <= exact.day;
}

/// Of a later day than the treatment; or what the treatment took.
bool is_after(const ExactFinding& exact, const Treated& treated, const KnownBefore& before) {
    if (!is_of_day(exact, treated)) return false;
    if (is_expected(exact, before)) return false;
    const auto& report = std::get<Histology>(exact.finding->detail);
    return *treated.at_all < exact.day || (treated.operated && !is_of_biopsy(report));
}

/// What a biopsy of the visit told before the treatment.
void note_biopsy(const ExactFinding& exact, const Treated& treated, KnownBefore& before) {
    const auto* report = std::get_if<Histology>(&exact.finding->detail);
    if (!report || exact.finding->is_told || !treated.at_all || *treated.at_all < exact.day) return;
    if (*treated.at_all == exact.day && !is_of_biopsy(*report)) return;
    const auto severity = severity_of(exact.finding->detail);
    before.is_proven = before.is_proven || Severity::high_grade <= severity;
    before.has_cancer = before.has_cancer || severity == Severity::cancer;
}

}  // namespace

std::vector<Visit> parts_of(ScreeningCase& woman, const Visit& visit, KnownBefore before) {
    const auto at = [&](std::size_t place) {
        return woman.findings.begin() + static_cast<std::ptrdiff_t>(place);
    };
    Treated days;
    for (auto exact = at(visit.first); exact != at(visit.end); ++exact) {
        const auto* treatment = find_treatment(*exact);
        if (!treatment || exact->finding->is_told) continue;
        days.at_all = std::min(days.at_all.value_or(exact->day), exact->day);
        if (takes_tissue(*treatment))
            days.operated = std::min(days.operated.value_or(exact->day), exact->day);
    }
    for (auto exact = at(visit.first); exact != at(visit.end); ++exact)
        note_biopsy(*exact, days, before);
    const auto treated =
        std::stable_partition(at(visit.first), at(visit.end), [&](const ExactFinding& exact) {
            return !find_treatment(exact) && !is_after(exact, days, before);
        });
    const auto told = std::stable_partition(treated, at(visit.end), [](const ExactFinding& exact) {
        return find_treatment(exact) != nullptr;
    });
    std::vector<Visit> parts;
    const auto add = [&](auto first, auto end) {
        if (first == end) return;
        const auto place = [&](auto found) {
            return static_cast<std::size_t>(found - woman.findings.begin());
        };
        parts.push_back({first->day, place(first), place(end)});
    };
    add(at(visit.first), treated);
    add(treated, told);
    add(told, at(visit.end));
    return parts;
}

}  // namespace egret::rules
