#pragma once

#include "cli/console/table.h"
#include "registry/coverage/indicator.h"
#include "registry/coverage/query.h"
#include "registry/json/value.h"

#include <string>
#include <vector>

/// How the figures of an indicator are shown, by what it counts: a share of women or cases, a rate,
/// a ratio, or how long something took (coverage_output.h).
namespace egret::console {

/// What stands beside each other in a table: numerator, denominator and percent; for cases also
/// what is documented and what is unknown of those that don't count, and how the figure lies to its
/// target and its reference range.
std::vector<Column> figure_columns(const coverage::Indicator& indicator);

/// The cells under figure_columns(), for people, or for files: "met", "below".
std::vector<std::string> figure_texts(const coverage::Indicator& indicator,
                                      const coverage::Figure& figure,
                                      const coverage::CaseDetails& details, Language language,
                                      bool for_files);

/// The same as members of `to`.
void append_figure(json::Object& to, const coverage::Indicator& indicator,
                   const coverage::Figure& figure, const coverage::CaseDetails& details);

/// "≥ 90", "≤ 3", "7.3–14.2"; with "%" where the figure is of a hundred.
std::string bounds_text(const coverage::Bounds& bounds, int per);

/// {"from":"7.3","to":"14.2"}, null where it is open; null without bounds.
json::Value bounds_json(const std::optional<coverage::Bounds>& bounds);

/// Adds "counts" ("cases" or "times"), and "per", "target" and "reference" of cases or "unit" of
/// times: only for these.
void append_measure(json::Object& to, const coverage::Indicator& indicator);

}  // namespace egret::console
