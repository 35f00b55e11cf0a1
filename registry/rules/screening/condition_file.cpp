#include "registry/domain/flag_code.h"
#include "registry/rules/screening/detail/row_file.h"

#include <algorithm>
#include <utility>

namespace egret::rules::detail {
namespace {

using json::Section;

constexpr int number_max = 99;
constexpr std::size_t code_list_max = 64;

/// The call of a state function that a row means; made here where it has no arguments.
std::optional<std::size_t> find_call(RowContext& context, std::string_view name) {
    if (const auto made = find_named(context.states, name)) return made;
    const auto* function = find_state_function(name);
    if (!function || !function->spans.empty()) return std::nullopt;
    StateCall call{
        std::string(name), function, {}, {function->codes.begin(), function->codes.end()}};
    if (name == "owed") call.codes = context.steps;
    context.states.push_back(std::move(call));
    return context.states.size() - 1;
}

void read_codes(Section& section, std::string_view name, const RowContext& context, StateCall& call,
                StateTest& test) {
    for (const auto& code : codes_with_groups(section, name, context)) {
        auto place = find_code_in(call.codes, code);
        // The list of flags is open: each file has those that it asks for.
        if (!place && call.function->name == "flags" && is_flag_code(code) &&
            call.codes.size() < code_list_max) {
            call.codes.push_back(code);
            place = find_code_in(call.codes, code);
        }
        if (place)
            test.codes |= *place;
        else
            section.refuse(name, msg("definition.unknown_code"));
    }
}

void read_limits(Section limits, DefinitionReader& reader, const StateFunction& function,
                 StateTest& test) {
    if (function.kind == StateKind::number) {
        limits.only({"min", "max"});
        test.min = limits.optional_count("min", number_max);
        test.max = limits.optional_count("max", number_max);
        if (!test.min && !test.max) limits.refuse("", msg("pathway.empty_condition"));
        return;
    }
    const bool is_day = function.kind == StateKind::day;
    if (is_day)
        limits.only({"from", "until", "known"});
    else
        limits.only({"from", "until"});
    test.from = reader.period(limits, "from");
    test.until = reader.period(limits, "until");
    if (is_day) test.is_known = limits.optional_truth("known");
    if (!test.from && !test.until && !test.is_known)
        limits.refuse("", msg("pathway.empty_condition"));
    refuse_empty_ages(limits, "until", test.from, test.until);
}

StateTest read_state_test(Section& when, const std::string& name, DefinitionReader& reader,
                          RowContext& context) {
    StateTest test;
    const auto place = find_call(context, name);
    if (!place) {
        when.refuse(name, msg("pathway.unknown_state"));
        return test;
    }
    test.state = *place;
    auto& call = context.states[*place];
    if (call.function->kind != StateKind::codes) {
        read_limits(when.section(name), reader, *call.function, test);
        return test;
    }
    const auto* value = when.find(name);
    if (value && value->is_object()) {
        auto negated = when.section(name);
        negated.only({"not"});
        test.is_negated = true;
        read_codes(negated, "not", context, call, test);
        return test;
    }
    read_codes(when, name, context, call, test);
    return test;
}

ReportTest read_report_test(Section section, std::size_t report, DefinitionReader& reader,
                            const RowContext& context) {
    section.only({"exists", "value", "contains", "lacks", "days"});
    ReportTest test;
    test.report = report;
    test.exists = section.optional_truth("exists");
    test.saying = read_saying(section, context.reports[report].query.kind, context);
    test.days = read_windows(section, reader, context);
    if (!test.exists && test.saying == Saying{} && test.days.empty())
        section.refuse("", msg("pathway.empty_condition"));
    return test;
}

void read_counts(Section& when, DefinitionReader& reader, RowContext& context,
                 std::vector<Condition>& all) {
    for (auto& section : when.sections("counts")) {
        section.only(
            {"kind", "value", "contains", "lacks", "days", "beside", "without", "min", "max"});
        CountTest test;
        test.query = read_query(section, reader, context);
        test.min = section.optional_count("min", number_max);
        test.max = section.optional_count("max", number_max);
        if (!test.min && !test.max) section.refuse("", msg("pathway.empty_condition"));
        all.push_back({std::move(test)});
    }
}

void read_named(Section& when, std::string_view name, bool is_negated, const RowContext& context,
                std::vector<Condition>& all) {
    const auto names = when.codes(name, [&](std::string_view code) {
        return find_named(context.conditions, code).has_value();
    });
    for (const auto& one : names) {
        NamedTest test{*find_named(context.conditions, one)};
        if (is_negated)
            all.push_back({NotAll{{Condition{test}}}});
        else
            all.push_back({test});
    }
}

void read_any(Section& when, DefinitionReader& reader, RowContext& context,
              std::vector<Condition>& all) {
    AnyOf any;
    for (auto& section : when.sections("any"))
        any.branches.push_back(read_conditions(std::move(section), reader, context));
    if (any.branches.empty()) when.refuse("any", msg("pathway.empty_condition"));
    all.push_back({std::move(any)});
}

}  // namespace

std::vector<std::string> codes_with_groups(Section& section, std::string_view name,
                                           const RowContext& context) {
    std::vector<std::string> all;
    const auto written = section.codes(name, [](std::string_view code) { return !code.empty(); });
    for (const auto& code : written) {
        if (!code.starts_with('@')) {
            all.push_back(code);
            continue;
        }
        const auto group = find_named(context.groups, std::string_view(code).substr(1));
        if (!group)
            section.refuse(name, msg("pathway.unknown_group"));
        else
            all.insert(all.end(), context.groups[*group].codes.begin(),
                       context.groups[*group].codes.end());
    }
    return all;
}

std::vector<Condition> read_conditions(Section section, DefinitionReader& reader,
                                       RowContext& context) {
    std::vector<Condition> all;
    if (section.names().empty()) section.refuse("", msg("pathway.empty_condition"));
    for (const auto& name : section.names()) {
        if (name == "any") {
            read_any(section, reader, context, all);
        } else if (name == "none") {
            for (auto& one : section.sections(name))
                all.push_back({NotAll{read_conditions(std::move(one), reader, context)}});
        } else if (name == "holds") {
            read_named(section, name, false, context, all);
        } else if (name == "holds_not") {
            read_named(section, name, true, context, all);
        } else if (name == "counts") {
            read_counts(section, reader, context, all);
        } else if (const auto report = find_named(context.reports, name)) {
            all.push_back({read_report_test(section.section(name), *report, reader, context)});
        } else {
            all.push_back({read_state_test(section, name, reader, context)});
        }
    }
    return all;
}

}  // namespace egret::rules::detail
