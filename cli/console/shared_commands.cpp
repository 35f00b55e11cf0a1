#include "cli/console/shared_commands.h"

namespace egret::console {

CommandSpec coverage_command() {
    return {
        .name = "coverage",
        .help = "help.coverage",
        .positionals = {{"INDICATOR", "help.argument.indicator"}},
        .options =
            {
                {"by",
                 "KEY,KEY",
                 "help.option.by",
                 Form::list,
                 false,
                 {"area", "province", "city", "town", "village", "facility", "birth_year",
                  "birth_month"}},
                {"where", "KEY=VALUE,…", "help.option.where", Form::list},
                {"on", "DAY", "help.option.on", Form::day},
                {"from", "DAY", "help.option.from_day", Form::day},
                {"to", "DAY", "help.option.to_day", Form::day},
                {"step",
                 "STEP",
                 "help.option.step",
                 Form::choice,
                 false,
                 {"day", "week", "month", "quarter", "year"}},
                {"known-on", "DAY", "help.option.known_on", Form::day},
                {"recount", "", "help.option.recount"},
                {"denominator",
                 "SOURCE",
                 "help.option.denominator",
                 Form::choice,
                 false,
                 {"registered"}},
                {"role",
                 "ROLE",
                 "help.option.role",
                 Form::choice,
                 false,
                 {"nurse", "lead", "coordinator", "officer", "manager", "auditor", "public"}},
                {"csv", "", "help.option.csv"},
            },
    };
}

CommandSpec indicators_command() {
    return {
        .name = "indicators",
        .help = "help.indicators",
        .subcommands =
            {
                {.name = "list", .help = "help.indicators.list"},
                {.name = "show",
                 .help = "help.indicators.show",
                 .positionals = {{"INDICATOR", "help.argument.indicator"}}},
            },
        .acts = false,
    };
}

CommandSpec report_command() {
    return {
        .name = "report",
        .help = "help.report",
        .subcommands = {{.name = "check",
                         .help = "help.report.check",
                         .positionals = {{"FILE", "help.argument.figures_file"}}}},
        .acts = false,
    };
}

}  // namespace egret::console
