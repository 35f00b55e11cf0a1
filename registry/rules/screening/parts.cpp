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

bool is_specimen(const ExactFinding& exact, std::optional<Date> operated,
                 const KnownBefore& before) {
    const auto* report = std::get_if<Histology>(&exact.finding->detail);
    return report && operated && *operated <= exact.day && !exact.finding->is_told &&
           !is_of_biopsy(*report) && !is_expected(exact, before);
}

}  // namespace

std::vector<Visit> parts_of(ScreeningCase& woman, const Visit& visit, const KnownBefore& before) {
    const auto at = [&](std::size_t place) {
        return woman.findings.begin() + static_cast<std::ptrdiff_t>(place);
    };
    std::optional<Date> operated;
    for (auto exact = at(visit.first); exact != at(visit.end); ++exact) {
        const auto* treatment = find_treatment(*exact);
        const bool is_operation = treatment && !exact->finding->is_told && takes_tissue(*treatment);
        if (is_operation && (!operated || exact->day < *operated)) operated = exact->day;
    }
    const auto treated =
        std::stable_partition(at(visit.first), at(visit.end), [&](const ExactFinding& exact) {
            return !find_treatment(exact) && !is_specimen(exact, operated, before);
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
