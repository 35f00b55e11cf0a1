#include "registry/rules/screening/detail/row_file.h"

#include <algorithm>
#include <utility>

namespace egret::rules::detail {
namespace {

using json::Section;

/// `from`: one of these words, or the names of reports.
void read_due_from(Section& section, const RowContext& context, DueRule& due) {
    static constexpr auto names = std::to_array<std::pair<std::string_view, DueFrom>>({
        {"visit", DueFrom::visit},
        {"day", DueFrom::day},
        {"birth", DueFrom::birth},
        {"last_report", DueFrom::last_report},
        {"last_treatment", DueFrom::last_treatment},
        {"review_on", DueFrom::review_on},
    });
    if (!section.has("from")) return;
    const auto* from = section.find("from");
    if (from && from->is_array()) {
        due.from = DueFrom::reports;
        const auto reports = section.codes("from", [&](std::string_view name) {
            return find_named(context.reports, name).has_value();
        });
        for (const auto& name : reports) due.reports.push_back(*find_named(context.reports, name));
        return;
    }
    const auto written = section.text("from");
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](const auto& entry) { return entry.first == written; });
    if (found == names.end())
        section.refuse("from", msg("definition.unknown_code"));
    else
        due.from = found->second;
}

DueRule read_due(Section section, DefinitionReader& reader, const RowContext& context) {
    section.only({"from", "after", "until", "not_before"});
    DueRule due;
    read_due_from(section, context, due);
    due.after = reader.period(section, "after").value_or(Period{});
    due.until = reader.period(section, "until");
    due.not_before = reader.period(section, "not_before");
    if (due.until && *due.until != due.after && !is_longer(*due.until, due.after))
        section.refuse("until", msg("rules.empty_ages"));
    if (due.not_before && is_longer(*due.not_before, due.after))
        section.refuse("not_before", msg("rules.empty_ages"));
    return due;
}

template <Code E>
std::optional<E> read_code(Section& section, std::string_view name) {
    const auto written = section.optional_text(name);
    if (!written) return std::nullopt;
    const auto code = find_code<E>(*written);
    if (!code) section.refuse(name, msg("definition.unknown_code"));
    return code;
}

Outcome read_outcome(Section& section, DefinitionReader& reader, const RowContext& context) {
    Outcome outcome;
    if (!section.has("action")) section.refuse("action", msg("definition.expects_text"));
    outcome.action = read_code<ScreeningAction>(section, "action").value_or(ScreeningAction::none);
    outcome.status = read_code<ScreeningStatus>(section, "status");
    if (section.has("due")) outcome.due = read_due(section.section("due"), reader, context);
    if (section.has("choices")) {
        for (const auto& code : section.codes("choices", [](std::string_view text) {
                 return find_code<ScreeningAction>(text).has_value();
             }))
            outcome.choices.push_back(*find_code<ScreeningAction>(code));
    }
    outcome.is_urgent = section.optional_truth("urgent").value_or(false);
    outcome.is_decision = section.optional_truth("decision").value_or(false);
    const bool is_nothing = outcome.action == ScreeningAction::none;
    if (is_nothing && !outcome.status) section.refuse("status", msg("pathway.needs_status"));
    if (!is_nothing && !outcome.due) section.refuse("due", msg("pathway.needs_due"));
    return outcome;
}

/// `given`: the row is there only where the programme chose one of these values.
bool is_chosen(Section section, DefinitionReader& reader) {
    bool is_chosen = true;
    if (section.names().empty()) section.refuse("", msg("pathway.empty_condition"));
    for (const auto& name : section.names()) {
        const auto values =
            section.codes(name, [](std::string_view value) { return !value.empty(); });
        const auto* chosen = reader.parameter(name);
        if (!chosen)
            section.refuse(name, msg("rules.parameter_unknown"));
        else if (std::find(values.begin(), values.end(), *chosen) == values.end())
            is_chosen = false;
    }
    return is_chosen;
}

}  // namespace

std::optional<Row> read_row(Section& section, DefinitionReader& reader, RowContext& context,
                            std::vector<std::string>& taken) {
    section.only({"id", "when", "given", "go_to", "owed", "action", "status", "due", "choices",
                  "urgent", "decision", "step", "text", "source"});
    Row row;
    row.id = read_id(section, taken);
    if (section.has("when")) row.when = read_conditions(section.section("when"), reader, context);
    const bool is_there = !section.has("given") || is_chosen(section.section("given"), reader);
    if (const auto table = section.optional_text("go_to")) {
        const auto begin =
            context.tables.begin() + static_cast<std::ptrdiff_t>(context.first_table);
        const auto found = std::find(begin, context.tables.end(), *table);
        if (found == context.tables.end()) section.refuse("go_to", msg("pathway.unknown_table"));
        row.table = static_cast<std::size_t>(found - context.tables.begin());
        return is_there ? std::optional(std::move(row)) : std::nullopt;
    }
    row.text = read_languages(section.section("text"));
    row.source = section.optional_text("source").value_or("");
    row.is_what_is_owed = section.optional_truth("owed").value_or(false);
    if (!row.is_what_is_owed) row.outcome = read_outcome(section, reader, context);
    if (const auto step = section.optional_text("step")) {
        if (!is_id(*step)) section.refuse("step", msg("rules.protocol_id_shape"));
        for (std::size_t i = 0; i < context.steps.size(); ++i) {
            if (context.steps[i] == *step) row.step = Codes{1} << i;
        }
    }
    if (!is_there) return std::nullopt;
    return row;
}

}  // namespace egret::rules::detail
