#include "cli/console/coverage_figures.h"

#include "cli/console/catalog.h"

#include <optional>
#include <string_view>

namespace egret::console {
namespace {

using coverage::Counts;

bool tells_three(const coverage::Indicator& indicator) {
    return indicator.cases && indicator.cases->documented_by;
}

std::int64_t unknown_of(const coverage::Figure& figure, const coverage::CaseDetails& details) {
    return figure.denominator - figure.numerator - details.documented;
}

std::string tenths_text(std::int64_t tenths) {
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

/// Half days in the indicator's unit, with one decimal, rounded half up. Four years have 1461 days.
std::string halves_text(const coverage::Indicator& indicator, std::int64_t halves) {
    if (indicator.unit == coverage::TimeUnit::days) return tenths_text(halves * 5);
    return tenths_text((40 * halves + 1461) / (2 * 1461));
}

bool has_times(const coverage::Figure& figure) {
    return !figure.is_suppressed && figure.denominator > 0;
}

std::string percentile_text(const coverage::Indicator& indicator,
                            const coverage::CaseDetails& details) {
    if (indicator.unit == coverage::TimeUnit::days) return std::to_string(details.percentile_90);
    return halves_text(indicator, 2 * details.percentile_90);
}

Column rate_column(const coverage::Indicator& indicator) {
    if (indicator.per == 100) return {"percent", "coverage.column.percent", Align::right};
    if (indicator.per == 1) return {"ratio", "coverage.column.ratio", Align::right};
    return {"per_100000", "coverage.column.per_100000", Align::right};
}

std::string_view target_code(int side) { return side == 0 ? "met" : "missed"; }

std::string_view reference_code(int side) {
    if (side == 0) return "within";
    return side < 0 ? "below" : "above";
}

/// For people: codes are for files.
std::string_view words_of_side(std::string_view code) {
    if (code == "met") return "coverage.side.met";
    if (code == "missed") return "coverage.side.missed";
    if (code == "within") return "coverage.side.within";
    return code == "below" ? "coverage.side.below" : "coverage.side.above";
}

std::string side_text(const std::optional<int>& side, std::string_view (*code)(int),
                      Language language, bool for_files) {
    if (!side) return "";
    return for_files ? std::string(code(*side)) : text(words_of_side(code(*side)), language);
}

json::Value number_or_null(const coverage::Figure& figure, std::int64_t number) {
    return figure.is_suppressed ? json::Value() : json::Value(number);
}

/// "90", "7.3".
std::string bound_text(int tenths) {
    return tenths % 10 == 0 ? std::to_string(tenths / 10) : tenths_text(tenths);
}

json::Value bound_json(const std::optional<int>& tenths) {
    return tenths ? json::Value(bound_text(*tenths)) : json::Value();
}

json::Value text_or_null(const std::optional<std::string>& shown) {
    return shown ? json::Value(*shown) : json::Value();
}

}  // namespace

std::vector<Column> figure_columns(const coverage::Indicator& indicator) {
    if (indicator.counts == Counts::times) {
        const bool in_years = indicator.unit == coverage::TimeUnit::years;
        return {
            {"count", "coverage.column.count", Align::right},
            {"median", in_years ? "coverage.column.median_years" : "coverage.column.median_days",
             Align::right},
            {"percentile_90",
             in_years ? "coverage.column.percentile_years" : "coverage.column.percentile_days",
             Align::right}};
    }
    std::vector<Column> columns{{"numerator", "coverage.column.numerator", Align::right}};
    if (tells_three(indicator)) {
        columns.push_back({"documented", "coverage.column.documented", Align::right});
        columns.push_back({"unknown", "coverage.column.unknown", Align::right});
    }
    columns.push_back({"denominator", "coverage.column.denominator", Align::right});
    columns.push_back(rate_column(indicator));
    if (indicator.target) columns.push_back({"target", "coverage.column.target"});
    if (indicator.reference) columns.push_back({"reference", "coverage.column.reference"});
    return columns;
}

std::vector<std::string> figure_texts(const coverage::Indicator& indicator,
                                      const coverage::Figure& figure,
                                      const coverage::CaseDetails& details, Language language,
                                      bool for_files) {
    const auto number = [&](std::int64_t count) {
        return figure.is_suppressed ? std::string("*") : std::to_string(count);
    };
    const std::string hidden = figure.is_suppressed ? "*" : "";
    if (indicator.counts == Counts::times) {
        if (!has_times(figure)) return {number(figure.denominator), hidden, hidden};
        return {number(figure.denominator), halves_text(indicator, details.median_halves),
                percentile_text(indicator, details)};
    }
    std::vector<std::string> texts{number(figure.numerator)};
    if (tells_three(indicator)) {
        texts.push_back(number(details.documented));
        texts.push_back(number(unknown_of(figure, details)));
    }
    texts.push_back(number(figure.denominator));
    texts.push_back(figure.rate(indicator.per).value_or(hidden));
    const auto add_side = [&](const std::optional<coverage::Bounds>& bounds,
                              std::string_view (*code)(int)) {
        if (bounds)
            texts.push_back(
                side_text(figure.side_of(*bounds, indicator.per), code, language, for_files));
    };
    add_side(indicator.target, target_code);
    add_side(indicator.reference, reference_code);
    return texts;
}

void append_figure(json::Object& to, const coverage::Indicator& indicator,
                   const coverage::Figure& figure, const coverage::CaseDetails& details) {
    if (indicator.counts == Counts::times) {
        const bool has = has_times(figure);
        to.append("count", number_or_null(figure, figure.denominator));
        to.append("median",
                  has ? json::Value(halves_text(indicator, details.median_halves)) : json::Value());
        to.append("percentile_90",
                  has ? json::Value(percentile_text(indicator, details)) : json::Value());
        to.append("suppressed", figure.is_suppressed);
        return;
    }
    to.append("numerator", number_or_null(figure, figure.numerator));
    if (tells_three(indicator)) {
        to.append("documented", number_or_null(figure, details.documented));
        to.append("unknown", number_or_null(figure, unknown_of(figure, details)));
    }
    to.append("denominator", number_or_null(figure, figure.denominator));
    to.append(std::string(rate_column(indicator).key), text_or_null(figure.rate(indicator.per)));
    const auto append_side = [&](const char* name, const std::optional<coverage::Bounds>& bounds,
                                 std::string_view (*code)(int)) {
        if (!bounds) return;
        const auto side = figure.side_of(*bounds, indicator.per);
        to.append(name, side ? json::Value(code(*side)) : json::Value());
    };
    append_side("target", indicator.target, target_code);
    append_side("reference", indicator.reference, reference_code);
    to.append("suppressed", figure.is_suppressed);
    const bool is_share = !(indicator.cases && indicator.cases->compared);
    if (is_share && figure.exceeds_denominator()) to.append("exceeds_denominator", true);
}

std::string bounds_text(const coverage::Bounds& bounds, int per) {
    std::string shown;
    if (bounds.from_tenths && bounds.to_tenths) {
        shown = bound_text(*bounds.from_tenths) + "–" + bound_text(*bounds.to_tenths);
    } else if (bounds.from_tenths) {
        shown = "≥ " + bound_text(*bounds.from_tenths);
    } else if (bounds.to_tenths) {
        shown = "≤ " + bound_text(*bounds.to_tenths);
    }
    return per == 100 ? shown + " %" : shown;
}

json::Value bounds_json(const std::optional<coverage::Bounds>& bounds) {
    if (!bounds) return {};
    return json::Object{{"from", bound_json(bounds->from_tenths)},
                        {"to", bound_json(bounds->to_tenths)}};
}

void append_measure(json::Object& to, const coverage::Indicator& indicator) {
    if (indicator.counts == Counts::times) {
        to.append("counts", "times");
        to.append("unit", indicator.unit == coverage::TimeUnit::years ? "years" : "days");
        return;
    }
    to.append("counts", "cases");
    to.append("per", std::int64_t{indicator.per});
    to.append("target", bounds_json(indicator.target));
    to.append("reference", bounds_json(indicator.reference));
}

}  // namespace egret::console
