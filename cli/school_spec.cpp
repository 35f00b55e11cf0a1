#include "cli/school_spec.h"

namespace egret::cli {
namespace {

using console::CommandSpec;
using console::Form;
using console::OptionSpec;

std::vector<OptionSpec> roll_options() {
    return {{"map", "FIELD=COLUMN,…", "help.option.map", Form::list},
            {"school", "NAME", "help.option.roll_school"},
            {"school-area", "CODE", "help.option.school_area"},
            {"class", "NAME", "help.option.roll_class"},
            {"sex", "SEX", "help.option.roll_sex", Form::choice, false, {"female", "male"}, "sex"},
            {"refused", "FILE.csv", "help.option.refused"}};
}

CommandSpec table_import(std::string_view name, std::string_view help) {
    return {.name = name,
            .help = help,
            .positionals = {{"FILE", "help.argument.table_file"}},
            .options = roll_options(),
            .changes = true};
}

CommandSpec school_import() {
    auto options = roll_options();
    options.push_back({"with-boys", "", "help.option.with_boys"});
    return {.name = "import",
            .help = "help.egret.school.import",
            .positionals = {{"ROLL", "help.argument.table_file"}},
            .options = std::move(options),
            .changes = true};
}

CommandSpec school_list() {
    return {.name = "list",
            .help = "help.egret.school.list",
            .options = {{"school", "NAME", "help.option.due_school", Form::text, true},
                        {"class", "NAME", "help.option.due_class"},
                        {"round", "ROUND", "help.option.round"},
                        {"on", "DAY", "help.option.on", Form::day},
                        {"kind",
                         "KIND",
                         "help.option.session_kind",
                         Form::choice,
                         false,
                         {"all", "first", "second", "catch-up", "dropout"}},
                        {"product", "CODE", "help.option.session_product"},
                        {"csv", "FILE", "help.option.session_csv"},
                        {"html", "FILE", "help.option.html"}}};
}

CommandSpec school_tick() {
    return {.name = "tick",
            .help = "help.egret.school.tick",
            .positionals = {{"ID", "help.argument.session_women", console::Count::any}},
            .options = {{"school", "NAME", "help.option.due_school", Form::text, true},
                        {"round", "ROUND", "help.option.round", Form::text, true},
                        {"date", "DAY", "help.option.session_day", Form::day, true},
                        {"product", "CODE", "help.option.tick_product", Form::text, true},
                        {"lot", "LOT", "help.option.tick_lot", Form::text, true},
                        {"expires", "MONTH", "help.option.tick_expires"},
                        {"funding",
                         "CODE",
                         "help.option.tick_funding",
                         Form::choice,
                         false,
                         {"programme", "self_paid", "insurance", "other"},
                         "funding"},
                        {"from", "FILE", "help.option.tick_from"},
                        {"not-given", "ID=REASON,…", "help.option.not_given", Form::list},
                        {"because", "TEXT", "help.option.because"}},
            .changes = true};
}

CommandSpec school_consent() {
    return {.name = "consent",
            .help = "help.egret.school.consent",
            .positionals = {{"ID", "help.argument.session_women", console::Count::any}},
            .options = {{"school", "NAME", "help.option.due_school", Form::text, true},
                        {"round", "ROUND", "help.option.round", Form::text, true},
                        {"date", "DAY", "help.option.consent_day", Form::day, true},
                        {"from", "FILE", "help.option.consent_from"},
                        {"refused", "ID,ID", "help.option.consent_refused", Form::list}},
            .changes = true};
}

}  // namespace

CommandSpec school_command() {
    return {.name = "school",
            .help = "help.egret.school",
            .subcommands = {school_import(), school_list(), school_consent(), school_tick()},
            .acts = false};
}

std::vector<CommandSpec> table_import_commands() {
    return {table_import("csv", "help.egret.import.csv"),
            table_import("xlsx", "help.egret.import.xlsx")};
}

}  // namespace egret::cli
