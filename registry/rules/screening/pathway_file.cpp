#include "registry/json/parse.h"
#include "registry/rules/detail/protocol_head.h"
#include "registry/rules/screening/detail/row_file.h"
#include "registry/rules/screening/pathway.h"

#include <algorithm>

namespace egret::rules {
namespace {

using detail::DefinitionReader;
using json::Section;

/// Labels of what rows leave to be done; the first stands for nothing.
constexpr std::string_view nothing_owed = "none";
constexpr std::size_t codes_max = 64;

ScreenedSite read_site(Section& file) {
    const auto site = file.text("site");
    if (site == "breast") return ScreenedSite::breast;
    if (site != "cervix") file.refuse("site", msg("definition.unknown_code"));
    return ScreenedSite::cervix;
}

/// `state`: functions with their arguments, under the names by which rows ask for them. Functions
/// without arguments need no such line.
void read_state(Section section, DefinitionReader& reader, detail::RowContext& context) {
    for (const auto& name : section.names()) {
        auto call = section.section(name);
        const auto* function = find_state_function(call.text("function"));
        if (!function) {
            call.refuse("function", msg("pathway.unknown_state"));
            continue;
        }
        StateCall made{name, function, {}, {function->codes.begin(), function->codes.end()}};
        for (const auto argument : function->spans) {
            const auto span = reader.period(call, argument);
            if (!span) call.refuse(argument, msg("rules.expects_span"));
            made.spans.push_back(span.value_or(Period{}));
        }
        for (const auto& member : call.names()) {
            const auto& known = function->spans;
            if (member != "function" &&
                std::find(known.begin(), known.end(), member) == known.end())
                call.refuse(member, msg("definition.unknown_member"));
        }
        context.states.push_back(std::move(made));
    }
}

void read_groups(Section section, detail::RowContext& context) {
    for (const auto& name : section.names()) {
        context.groups.push_back(
            {name, section.codes(name, [](std::string_view code) { return !code.empty(); })});
    }
}

/// `conditions`: under their names; each may refer to those before it.
void read_named_conditions(Section section, DefinitionReader& reader, detail::RowContext& context) {
    for (const auto& name : section.names()) {
        auto all = detail::read_conditions(section.section(name), reader, context);
        context.conditions.push_back({name, std::move(all)});
    }
}

MissingDay read_missing_day(Section& file) {
    const auto rule = file.optional_text("missing_day").value_or("roll");
    if (rule != "roll" && rule != "clamp")
        file.refuse("missing_day", msg("definition.unknown_code"));
    return rule == "clamp" ? MissingDay::clamp : MissingDay::roll;
}

/// The steps that rows of visits leave: known before the rows are read, so that each has its place.
void collect_lists(Section& file, detail::RowContext& context) {
    context.steps = {std::string(nothing_owed)};
    const auto add = [](std::vector<std::string>& list, const std::string& code) {
        if (std::find(list.begin(), list.end(), code) == list.end()) list.push_back(code);
    };
    for (auto& row : file.sections("at_visits")) {
        if (const auto step = row.optional_text("step")) add(context.steps, *step);
    }
    if (context.steps.size() > codes_max) file.refuse("at_visits", msg("pathway.too_many_steps"));
}

Table read_table(std::string id, std::vector<Section> rows, DefinitionReader& reader,
                 detail::RowContext& context) {
    Table table{std::move(id), {}};
    std::vector<std::string> taken;
    for (auto& section : rows) {
        auto row = detail::read_row(section, reader, context, taken);
        if (row) table.rows.push_back(*std::move(row));
    }
    return table;
}

/// Names first: a row may lead to a table that stands behind it, so never in a circle.
void read_tables(Section& file, DefinitionReader& reader, detail::RowContext& context,
                 Pathway& pathway) {
    auto sections = file.sections("tables");
    std::vector<std::string> taken;
    for (auto& section : sections) {
        section.only({"id", "rows"});
        if (!section.has("rows")) section.refuse("rows", msg("definition.expects_list"));
        context.tables.push_back(detail::read_id(section, taken));
    }
    for (std::size_t i = 0; i < sections.size(); ++i) {
        context.first_table = i + 1;
        pathway.tables.push_back(
            read_table(context.tables[i], sections[i].sections("rows"), reader, context));
    }
    context.first_table = 0;
}

bool asks_for(const std::vector<Row>& rows, ScreeningAction action) {
    return std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
        return row.outcome &&
               (row.outcome->action == action ||
                std::count(row.outcome->choices.begin(), row.outcome->choices.end(), action) > 0);
    });
}

bool asks_for(const Pathway& pathway, ScreeningAction action) {
    return asks_for(pathway.at_visits.rows, action) || asks_for(pathway.on_day.rows, action) ||
           std::any_of(pathway.tables.begin(), pathway.tables.end(),
                       [&](const Table& table) { return asks_for(table.rows, action); });
}

}  // namespace

Result<Pathway> parse_pathway(std::string_view text, const std::vector<Choice>& choices) {
    const auto document = json::parse(text);
    if (!document) return document.error();
    std::optional<Error> error;
    Section file(&*document, "", error);
    file.only({"id", "version", "kind", "title", "source", "valid", "parameters", "site",
               "missing_day", "groups", "look_back", "ranks", "reports", "state", "conditions",
               "at_visits", "on_day", "tables"});
    Pathway pathway;
    detail::read_head(file, "pathway", choices, pathway);
    DefinitionReader reader(pathway.parameters);
    pathway.valid = detail::read_valid(file, reader);
    pathway.site = read_site(file);
    pathway.missing_day = read_missing_day(file);
    detail::RowContext context;
    if (file.has("groups")) read_groups(file.section("groups"), context);
    if (file.has("look_back"))
        pathway.look_back = detail::read_look_back(file.section("look_back"), reader);
    if (file.has("ranks")) pathway.ranks = detail::read_ranks(file.section("ranks"));
    if (file.has("reports")) detail::read_reports(file.section("reports"), reader, context);
    if (file.has("state")) read_state(file.section("state"), reader, context);
    collect_lists(file, context);
    if (file.has("conditions")) read_named_conditions(file.section("conditions"), reader, context);
    read_tables(file, reader, context, pathway);
    pathway.at_visits = read_table("at_visits", file.sections("at_visits"), reader, context);
    pathway.on_day = read_table("on_day", file.sections("on_day"), reader, context);
    pathway.has_via = asks_for(pathway, ScreeningAction::via);
    if (pathway.on_day.rows.empty()) file.refuse("on_day", msg("pathway.no_rows"));
    pathway.reports = std::move(context.reports);
    pathway.conditions = std::move(context.conditions);
    pathway.states = std::move(context.states);
    detail::refuse_unused(file, reader);
    if (error) return *std::move(error);
    return pathway;
}

}  // namespace egret::rules
