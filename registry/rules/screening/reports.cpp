#include "registry/rules/screening/reports.h"

#include <algorithm>
#include <array>

namespace egret::rules {
namespace {

constexpr Codes bit_at(std::size_t place) { return Codes{1} << place; }

template <Code E>
void append_words(std::vector<std::string>& words) {
    for (const auto& entry : CodeList<E>::entries) words.emplace_back(entry.second);
}

template <Code E>
Codes place_of(E entry) {
    const auto& entries = CodeList<E>::entries;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].first == entry) return bit_at(i);
    }
    return 0;
}

// The words behind the code lists.
constexpr auto hpv_types = CodeList<HpvType>::entries.size();
constexpr Codes hpv_negative = bit_at(hpv_types);
constexpr Codes hpv_positive = bit_at(hpv_types + 1);
constexpr Codes hpv_unknown = bit_at(hpv_types + 2);
constexpr Codes cytology_unknown = bit_at(CodeList<CytologyResult>::entries.size());
constexpr Codes via_unknown = bit_at(CodeList<ViaResult>::entries.size());
constexpr Codes histology_unknown = bit_at(CodeList<HistologyResult>::entries.size());
constexpr Codes histology_told = bit_at(CodeList<HistologyResult>::entries.size() + 1);
constexpr Codes histology_biopsy = bit_at(CodeList<HistologyResult>::entries.size() + 2);
constexpr Codes procedure_unknown = bit_at(CodeList<Procedure>::entries.size());
constexpr Codes for_precancer = bit_at(CodeList<Procedure>::entries.size() + 1);
constexpr Codes colposcopy_unknown = bit_at(CodeList<ColposcopyImpression>::entries.size());

std::vector<std::string> make_codes(ReportKind kind) {
    std::vector<std::string> words;
    switch (kind) {
        case ReportKind::hpv:
            append_words<HpvType>(words);
            words.insert(words.end(), {"negative", "positive", "unknown"});
            break;
        case ReportKind::cytology:
            append_words<CytologyResult>(words);
            words.emplace_back("unknown");
            break;
        case ReportKind::via:
            append_words<ViaResult>(words);
            words.emplace_back("unknown");
            break;
        case ReportKind::histology:
            append_words<HistologyResult>(words);
            words.insert(words.end(), {"unknown", "told", "biopsy"});
            break;
        case ReportKind::treatment:
            append_words<Procedure>(words);
            words.insert(words.end(), {"unknown", "for_precancer"});
            break;
        case ReportKind::colposcopy:
            append_words<ColposcopyImpression>(words);
            words.emplace_back("unknown");
            break;
    }
    return words;
}

Codes said_by(const HpvTest& test) {
    switch (test.result.value_or(HpvResult::unknown)) {
        case HpvResult::negative: return hpv_negative;
        case HpvResult::invalid:
        case HpvResult::unknown: return hpv_unknown;
        case HpvResult::positive: break;
    }
    Codes codes = hpv_positive;
    for (const auto type : test.types) codes |= place_of(type);
    return codes;
}

template <class List>
Codes said_by_list(const List& results, Codes unknown) {
    Codes codes = results.empty() ? unknown : 0;
    for (const auto result : results) codes |= place_of(result);
    return codes;
}

Codes said_by(const Treatment& treatment) {
    static constexpr std::array<std::string_view, 7> precancers = {
        "CIN2", "CIN3", "HSIL", "AIS", "cancer", "microinvasive", "precancer"};
    const bool is_for_it =
        std::find(precancers.begin(), precancers.end(), treatment.reason) != precancers.end();
    return (treatment.procedure ? place_of(*treatment.procedure) : procedure_unknown) |
           (is_for_it ? for_precancer : 0);
}

Codes said_by(const Histology& report, bool is_told) {
    const bool is_biopsy =
        report.taken_by == BiopsyMethod::punch || report.taken_by == BiopsyMethod::ecc;
    return said_by_list(report.results, histology_unknown) | (is_told ? histology_told : 0) |
           (is_biopsy ? histology_biopsy : 0);
}

/// A kind and what was said; nothing for a finding that is no report of these kinds.
std::optional<std::pair<ReportKind, Codes>> said_by(const Finding& finding) {
    if (const auto* test = std::get_if<HpvTest>(&finding.detail))
        return std::pair(ReportKind::hpv, said_by(*test));
    if (const auto* report = std::get_if<Cytology>(&finding.detail))
        return std::pair(ReportKind::cytology, said_by_list(report->results, cytology_unknown));
    if (const auto* look = std::get_if<Via>(&finding.detail))
        return std::pair(ReportKind::via, look->result ? place_of(*look->result) : via_unknown);
    if (const auto* report = std::get_if<Histology>(&finding.detail))
        return std::pair(ReportKind::histology, said_by(*report, finding.is_told));
    if (const auto* treatment = std::get_if<Treatment>(&finding.detail))
        return std::pair(ReportKind::treatment, said_by(*treatment));
    if (const auto* look = std::get_if<Colposcopy>(&finding.detail))
        return std::pair(ReportKind::colposcopy,
                         look->impression ? place_of(*look->impression) : colposcopy_unknown);
    return std::nullopt;
}

}  // namespace

std::optional<ReportKind> find_report_kind(std::string_view name) {
    static constexpr std::array<std::string_view, report_kinds> names = {
        "hpv", "cytology", "via", "histology", "treatment", "colposcopy"};
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<ReportKind>(found - names.begin());
}

const std::vector<std::string>& codes_of(ReportKind kind) {
    static const auto all = [] {
        std::vector<std::vector<std::string>> lists;
        for (std::size_t i = 0; i < report_kinds; ++i)
            lists.push_back(make_codes(static_cast<ReportKind>(i)));
        return lists;
    }();
    return all[static_cast<std::size_t>(kind)];
}

Reports::Reports(const ScreeningCase& woman, std::size_t known, Date day, const Ranks& ranks,
                 const LookBack& look_back)
    : on_(day) {
    for (std::size_t i = 0; i < known; ++i) add(woman.findings[i], ranks, look_back);
    for (auto& list : lists_) {
        std::sort(list.begin(), list.end(), [](const Report& a, const Report& b) {
            if (a.day != b.day) return b.day < a.day;
            if (a.rank != b.rank) return a.rank < b.rank;
            return a.contains < b.contains;
        });
    }
}

void Reports::add(const ExactFinding& exact, const Ranks& ranks, const LookBack& look_back) {
    const auto said = said_by(*exact.finding);
    const bool is_hearsay =
        exact.finding->is_told && std::holds_alternative<Treatment>(exact.finding->detail);
    if (!said || is_hearsay) return;
    const auto kind = static_cast<std::size_t>(said->first);
    if (const auto& span = look_back.kinds[kind])
        if (plus(exact.day, *span, MissingDay::clamp) < on_) return;
    Report report{exact.day, said->second, 0, 0};
    const auto& groups = ranks.kinds[kind];
    while (report.rank < groups.size() && (groups[report.rank].codes & report.contains) == 0)
        ++report.rank;
    report.value = report.rank < groups.size() ? groups[report.rank].value
                                               : report.contains & (~report.contains + 1);
    lists_[kind].push_back(report);
}

}  // namespace egret::rules
