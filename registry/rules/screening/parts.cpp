#include "registry/rules/screening/parts.h"

#include "registry/rules/screening/evidence.h"
#include "registry/rules/screening/severity.h"

#include <algorithm>

namespace egret::rules {
namespace {

const Treatment* find_treatment(const ExactFinding& exact) {
    return std::get_if<Treatment>(&exact.finding->detail);
}

/// The first days of a visit on which she was treated, and on which tissue was taken so.
struct Treated {
    std::optional<Date> at_all;
    std::optional<Date> operated;
};

Treated treated_at(const ScreeningCase& woman, const Visit& visit) {
    Treated days;
    for (auto i = visit.first; i < visit.end; ++i) {
        const auto& exact = woman.findings[i];
        const auto* treatment = find_treatment(exact);
        if (!treatment || exact.finding->is_told) continue;
        days.at_all = std::min(days.at_all.value_or(exact.day), exact.day);
        if (takes_tissue(*treatment))
            days.operated = std::min(days.operated.value_or(exact.day), exact.day);
    }
    return days;
}

/// Tissue that was taken out tells no more than was known.
bool is_expected(const ExactFinding& exact, const Treated& treated, const KnownBefore& before) {
    if (!treated.operated || exact.day < *treated.operated) return false;
    if (!tells_tissue(*exact.finding)) return false;
    const bool is_cancer = severity_of(exact.finding->detail) == Severity::cancer;
    return before.has_cancer || (before.is_proven && !is_cancer);
}

/// Of a later day than the treatment; or what the treatment took.
bool is_after(const ExactFinding& exact, const Treated& treated, const KnownBefore& before) {
    const auto* report = std::get_if<Histology>(&exact.finding->detail);
    if (!report || exact.finding->is_told || !treated.at_all || exact.day < *treated.at_all)
        return false;
    if (is_expected(exact, treated, before)) return false;
    return *treated.at_all < exact.day || (treated.operated && !is_of_biopsy(*report));
}

/// A cancer is suspected of which nobody knew, rather than the one that was treated.
bool is_new_suspicion(const ExactFinding& exact, std::optional<HistologySite> breast) {
    if (std::holds_alternative<Histology>(exact.finding->detail)) return false;
    const auto severity = severity_for(exact, breast);
    return Severity::none < severity && !is_known_cancer(exact, breast);
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

KnownBefore known_at(const ScreeningCase& woman, const Visit& visit, const Treated& treated,
                     KnownBefore before) {
    bool is_new = false;
    for (auto i = visit.first; i < visit.end; ++i) {
        note_biopsy(woman.findings[i], treated, before);
        is_new = is_new || is_new_suspicion(woman.findings[i], woman.breast);
    }
    const bool is_same = before.had_cancer && !(before.was_operated && is_new);
    before.has_cancer = before.has_cancer || is_same;
    return before;
}

bool is_told_tissue(const ExactFinding& exact) {
    return exact.finding->is_told && std::holds_alternative<Histology>(exact.finding->detail);
}

}  // namespace

std::vector<Visit> parts_of(ScreeningCase& woman, const Visit& visit, KnownBefore before) {
    const auto at = [&](std::size_t place) {
        return woman.findings.begin() + static_cast<std::ptrdiff_t>(place);
    };
    const auto treated = treated_at(woman, visit);
    const auto known = known_at(woman, visit, treated, before);
    const auto found = std::stable_partition(at(visit.first), at(visit.end), is_told_tissue);
    const auto treatments =
        std::stable_partition(found, at(visit.end), [&](const ExactFinding& exact) {
            return !find_treatment(exact) && !is_after(exact, treated, known);
        });
    const auto taken = std::stable_partition(
        treatments, at(visit.end),
        [](const ExactFinding& exact) { return find_treatment(exact) != nullptr; });
    std::vector<Visit> parts;
    const auto add = [&](auto first, auto end) {
        if (first == end) return;
        const auto place = [&](auto one) {
            return static_cast<std::size_t>(one - woman.findings.begin());
        };
        parts.push_back({first->day, place(first), place(end)});
    };
    add(at(visit.first), found);
    add(found, treatments);
    add(treatments, taken);
    add(taken, at(visit.end));
    return parts;
}

}  // namespace egret::rules
