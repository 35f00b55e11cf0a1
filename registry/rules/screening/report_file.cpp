#include "registry/rules/screening/detail/row_file.h"

#include <algorithm>

namespace egret::rules::detail {
namespace {

using json::Section;

constexpr int nth_max = 9;
constexpr int apart_max = 60;

Codes read_report_codes(Section& section, std::string_view name, ReportKind kind,
                        const RowContext& context) {
    Codes codes = 0;
    if (!section.has(name)) return codes;
    for (const auto& code : codes_with_groups(section, name, context)) {
        const auto place = find_code_in(codes_of(kind), code);
        if (place)
            codes |= *place;
        else
            section.refuse(name, msg("definition.unknown_code"));
    }
    return codes;
}

ReportKind read_kind(Section& section) {
    const auto kind = find_report_kind(section.text("kind"));
    if (!kind) section.refuse("kind", msg("definition.unknown_code"));
    return kind.value_or(ReportKind::hpv);
}

/// A span, with "-" before it for one that goes back.
std::optional<Shift> read_shift(Section& section, std::string_view name, DefinitionReader& reader) {
    const auto written = section.optional_text(name);
    if (!written) return std::nullopt;
    const bool is_back = written->starts_with('-');
    const auto span = reader.period_of(section, name, is_back ? written->substr(1) : *written);
    if (!span) return std::nullopt;
    return Shift{*span, is_back};
}

DayWindow read_window(Section section, DefinitionReader& reader, const RowContext& context) {
    section.only({"of", "from", "after", "to", "before"});
    DayWindow window;
    const auto of = section.text("of");
    if (of == "birth") {
        window.of = DayWindow::Of::birth;
    } else if (of != "day") {
        window.of = DayWindow::Of::report;
        const auto report = find_named(context.reports, of);
        if (!report) section.refuse("of", msg("pathway.unknown_report"));
        window.report = report.value_or(0);
    }
    window.from = read_shift(section, "from", reader);
    window.after = read_shift(section, "after", reader);
    window.to = read_shift(section, "to", reader);
    window.before = read_shift(section, "before", reader);
    if (!window.from && !window.after && !window.to && !window.before)
        section.refuse("", msg("pathway.empty_condition"));
    return window;
}

std::vector<Pairing> read_pairings(Section& section, std::string_view name,
                                   const RowContext& context) {
    std::vector<Pairing> all;
    for (auto& one : section.sections(name)) {
        one.only({"kind", "value", "contains", "lacks", "days"});
        Pairing pairing;
        pairing.kind = read_kind(one);
        pairing.saying = read_saying(one, pairing.kind, context);
        pairing.days = one.count("days", apart_max);
        all.push_back(pairing);
    }
    return all;
}

}  // namespace

Saying read_saying(Section& section, ReportKind kind, const RowContext& context) {
    return {read_report_codes(section, "value", kind, context),
            read_report_codes(section, "contains", kind, context),
            read_report_codes(section, "lacks", kind, context)};
}

std::vector<DayWindow> read_windows(Section& section, DefinitionReader& reader,
                                    const RowContext& context) {
    std::vector<DayWindow> windows;
    if (!section.has("days")) return windows;
    const auto* days = section.find("days");
    if (days && days->is_object()) {
        windows.push_back(read_window(section.section("days"), reader, context));
        return windows;
    }
    for (auto& one : section.sections("days"))
        windows.push_back(read_window(std::move(one), reader, context));
    return windows;
}

ReportQuery read_query(Section& section, DefinitionReader& reader, const RowContext& context) {
    ReportQuery query;
    query.kind = read_kind(section);
    query.saying = read_saying(section, query.kind, context);
    query.days = read_windows(section, reader, context);
    query.beside = read_pairings(section, "beside", context);
    query.without = read_pairings(section, "without", context);
    return query;
}

void read_reports(Section section, DefinitionReader& reader, RowContext& context) {
    for (const auto& name : section.names()) {
        auto one = section.section(name);
        one.only({"kind", "value", "contains", "lacks", "days", "beside", "without", "order", "nth",
                  "chain"});
        auto query = read_query(one, reader, context);
        const auto order = one.optional_text("order").value_or("newest");
        query.is_oldest = order == "oldest";
        if (order != "oldest" && order != "newest")
            one.refuse("order", msg("definition.unknown_code"));
        query.nth = std::max(1, one.optional_count("nth", nth_max).value_or(1));
        query.chain = reader.period(one, "chain");
        if (find_state_function(name) || find_named(context.reports, name))
            section.refuse(name, msg("definition.twice"));
        context.reports.push_back({name, std::move(query)});
    }
}

Ranks read_ranks(Section section) {
    Ranks ranks;
    const RowContext no_groups;
    for (const auto& name : section.names()) {
        const auto kind = find_report_kind(name);
        if (!kind) {
            section.refuse(name, msg("definition.unknown_code"));
            continue;
        }
        for (auto& group : section.sections(name)) {
            group.only({"value", "codes"});
            RankGroup made;
            made.value = find_code_in(codes_of(*kind), group.text("value")).value_or(0);
            made.codes = made.value | read_report_codes(group, "codes", *kind, no_groups);
            if (made.value == 0) group.refuse("value", msg("definition.unknown_code"));
            ranks.kinds[static_cast<std::size_t>(*kind)].push_back(made);
        }
    }
    return ranks;
}

LookBack read_look_back(Section section, DefinitionReader& reader) {
    LookBack look_back;
    for (const auto& name : section.names()) {
        const auto kind = find_report_kind(name);
        if (kind)
            look_back.kinds[static_cast<std::size_t>(*kind)] = reader.period(section, name);
        else
            section.refuse(name, msg("definition.unknown_code"));
    }
    return look_back;
}

}  // namespace egret::rules::detail
