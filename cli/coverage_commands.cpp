#include "cli/console/coverage_output.h"
#include "cli/console/figure_check.h"
#include "cli/console/indicator_output.h"
#include "cli/handlers.h"
#include "cli/input_file.h"

namespace egret::cli {
namespace {

using console::ExitStatus;

Outcome ask_coverage(const Command& command) {
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto today = (*clinic)->today();
    if (!command.parsed.has("on")) warn_of_day(command, (*clinic)->day());
    const auto question = console::coverage_question(command.parsed, today);
    if (!question) return question.error();
    const auto reply = store::answer_coverage((*clinic)->log(), (*clinic)->database(), *question);
    if (const auto levels = console::check_levels(reply); !levels) return levels.error();
    console::print_coverage(reply, command.parsed, today, (*clinic)->time_zone(), command.terminal);
    return ExitStatus::done;
}

Outcome list_indicators(const Command& command) {
    console::print_indicators(command.terminal);
    return ExitStatus::done;
}

Outcome show_indicator(const Command& command) {
    if (auto shown = console::print_indicator(command.parsed.value("INDICATOR"), command.terminal);
        !shown)
        return std::move(shown).error();
    return ExitStatus::done;
}

Outcome check_report(const Command& command) {
    auto file = InputFile::open(command, command.parsed.value("FILE"), "FILE");
    if (!file) return std::move(file).error();
    return console::check_figures(file->stream(), command.terminal);
}

}  // namespace

void add_coverage_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "coverage", ask_coverage);
    add_action(handlers, machine, "indicators list", list_indicators);
    add_action(handlers, machine, "indicators show", show_indicator);
    add_action(handlers, machine, "report check", check_report);
}

}  // namespace egret::cli
