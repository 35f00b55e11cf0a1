#include "cli/console/answer_form.h"
#include "cli/console/catalog.h"
#include "cli/console/csv.h"
#include "cli/console/labels.h"
#include "cli/console/table.h"
#include "cli/handlers.h"
#include "cli/screening_output.h"
#include "cli/typed_ids.h"
#include "registry/domain/area.h"
#include "registry/json/dump.h"
#include "registry/service/recall_list.h"

#include <ostream>

namespace egret::cli {
namespace {

using console::code_label;
using console::ExitStatus;
using console::text;
using follow_up::RecallState;
using service::RecallLine;

Result<service::RecallQuestion> read_recall_question(const Command& command,
                                                     service::Clinic& clinic) {
    const auto& parsed = command.parsed;
    service::RecallQuestion question;
    question.on = parsed.find_day("on").value_or(clinic.today());
    if (const auto site = parsed.find("site")) question.site = find_code<ScreenedSite>(*site);
    if (const auto state = parsed.find("state")) question.state = find_code<RecallState>(*state);
    question.facility = parsed.find("facility").value_or("");
    question.area = parsed.find("area").value_or("");
    if (question.area.empty()) return question;
    const auto area = AreaCode::parse(question.area);
    if (!area) return Error{area.error()}.within("--area");
    return question;
}

std::string day_text(const std::optional<Date>& day) { return day ? day->to_string() : ""; }

json::Object line_json(const RecallLine& line, Language language) {
    json::Object members{{"woman", line.woman.to_string()}};
    for (const auto& member : recall_json(line.recall, language))
        members.append(member.name, member.value);
    return members;
}

std::string state_text(RecallState state, Language language) {
    return code_label(CodeList<RecallState>::name, to_string(state), language);
}

std::string site_text(ScreenedSite site, Language language) {
    return code_label(CodeList<ScreenedSite>::name, to_string(site), language);
}

console::Table recall_table(service::Clinic& clinic, const std::vector<RecallLine>& lines,
                            bool has_whole_ids, Language language) {
    console::Table table({{"name", "recall.column.name"},
                          {"birth_date", "recall.column.birth_date"},
                          {"phone", "recall.column.phone"},
                          {"site", "recall.column.site"},
                          {"state", "recall.column.state"},
                          {"next_test_due", "recall.column.due"},
                          {"rule", "recall.column.how"},
                          {"invitations", "recall.column.invitations", console::Align::right},
                          {"until", "recall.column.until"},
                          {"action", "recall.column.action"},
                          {"woman", "recall.column.id"}});
    for (const auto& line : lines) {
        const auto& recall = line.recall;
        table.add_row({line.name, line.birth_date ? line.birth_date->to_string() : "", line.phone,
                       site_text(recall.site, language), state_text(recall.state, language),
                       day_text(recall.next_test_due),
                       recall.why.empty() ? "" : recall.why.front().rule,
                       std::to_string(recall.invitations), day_text(recall.until), recall.action,
                       has_whole_ids ? line.woman.to_string() : short_id(clinic, line.woman)});
    }
    return table;
}

/// How many women stand in each state.
std::string count_text(const service::RecallCounts& counts, Language language) {
    std::string all;
    for (const auto& [key, count] : counts) {
        all += text(Message{"recall.count",
                            {{"site", site_text(key.first, language)},
                             {"state", state_text(key.second, language)},
                             {"count", std::to_string(count)}}},
                    language) +
               "\n";
    }
    return all;
}

Outcome show_recall(const Command& command) {
    const auto form = console::check_one_form(command.parsed, {"csv", "json"});
    if (!form) return form.error();
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto question = read_recall_question(command, **clinic);
    if (!question) return question.error();
    const auto language = command.language();
    auto& out = command.terminal.out;
    const bool names_women =
        command.terminal.json || command.parsed.has("csv") || question->state.has_value();
    if (!names_women) {
        const auto counts = service::count_recalls(**clinic, *question);
        out << (counts.empty() ? text(msg("recall.none"), language) + "\n"
                               : count_text(counts, language));
        return ExitStatus::done;
    }
    const auto lines = service::find_recalls(**clinic, (*clinic)->caller(), *question);
    if (command.terminal.json) {
        json::Array all;
        for (const auto& line : lines) all.push_back(line_json(line, language));
        out << json::dump(std::move(all)) << '\n';
    } else if (command.parsed.has("csv")) {
        out << console::to_csv(recall_table(**clinic, lines, true, language));
    } else if (lines.empty()) {
        auto all = *question;
        all.state.reset();
        const bool is_nobody = !question->state || service::count_recalls(**clinic, all).empty();
        out << text(is_nobody ? msg("recall.none") : msg("recall.none_in_state"), language) << '\n';
    } else {
        out << recall_table(**clinic, lines, false, language).to_text(language) << '\n'
            << count_text(service::count_recalls(lines), language);
    }
    return ExitStatus::done;
}

}  // namespace

void add_recall_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "recall", show_recall);
}

}  // namespace egret::cli
