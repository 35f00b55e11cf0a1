#include "sync/daemon/egretd_commands.h"

#include "cli/console/shared_commands.h"

namespace egret {
namespace {

using console::CommandSpec;
using console::Form;

CommandSpec clinic_command() {
    return {
        .name = "clinic",
        .help = "help.egretd.clinic",
        .subcommands =
            {
                {.name = "add",
                 .help = "help.egretd.clinic.add",
                 .positionals = {{"NAME", "help.argument.clinic_name"}},
                 .options = {{"area", "CODE", "help.option.area", Form::text, true}},
                 .changes = true},
                {.name = "invite",
                 .help = "help.egretd.clinic.invite",
                 .positionals = {{"CODE", "help.argument.clinic_code"}},
                 .changes = true},
                {.name = "list", .help = "help.egretd.clinic.list"},
                {.name = "recover",
                 .help = "help.egretd.clinic.recover",
                 .positionals = {{"FILE", "help.argument.key_file"}},
                 .options = {{"root-dir", "DIR", "help.option.root_dir", Form::text, true},
                             {"recovery-sheet", "FILE", "help.option.recovery_sheet", Form::text,
                              true}},
                 .changes = true},
                {.name = "scope",
                 .help = "help.egretd.clinic.scope",
                 .positionals = {{"CODE", "help.argument.clinic_code"}},
                 .options = {{"machine", "ID", "help.option.scope_machine", Form::text, true},
                             {"area", "CODE", "help.option.scope_area"},
                             {"end", "", "help.option.scope_end"}},
                 .changes = true},
                {.name = "revoke",
                 .help = "help.egretd.clinic.revoke",
                 .positionals = {{"CODE", "help.argument.clinic_code"}},
                 .options = {{"machine", "ID", "help.option.machine"}},
                 .changes = true},
            },
        .acts = false,
    };
}

CommandSpec stock_command() {
    return {
        .name = "stock",
        .help = "help.egretd.stock",
        .subcommands = {{.name = "wastage",
                         .help = "help.egret.stock.wastage",
                         .options = {{"from", "DAY", "help.option.wastage_from", Form::day},
                                     {"to", "DAY", "help.option.wastage_to", Form::day},
                                     {"area", "CODE", "help.option.stock_area"},
                                     {"facility", "CODE", "help.option.stock_one"},
                                     {"by",
                                      "KEY",
                                      "help.option.stock_by",
                                      Form::choice,
                                      false,
                                      {"facility", "product"}},
                                     {"csv", "", "help.option.csv"}}}},
        .acts = false,
    };
}

}  // namespace

const CommandSpec& egretd_commands() {
    static const CommandSpec all = {
        .name = "egretd",
        .help = "help.egretd",
        .options = {{"data", "DIR", "help.option.data"}},
        .subcommands =
            {
                {.name = "init",
                 .help = "help.egretd.init",
                 .options = {{"name", "NAME", "help.option.centre_name", Form::text, true},
                             {"host", "NAME,…", "help.option.host", Form::list},
                             {"time-zone", "NAME", "help.option.centre_time_zone"},
                             {"device-secret", "SOURCE", "help.option.centre_device_secret"},
                             {"recovery-sheet", "FILE", "help.option.recovery_sheet"},
                             {"root-dir", "DIR", "help.option.new_root_dir"}},
                 .changes = true},
                {.name = "serve",
                 .help = "help.egretd.serve",
                 .options = {{"listen", "ADDR:PORT", "help.option.listen"}}},
                clinic_command(),
                console::coverage_command(),
                stock_command(),
                console::indicators_command(),
                console::report_command(),
                {.name = "status", .help = "help.egretd.status"},
                {.name = "sync",
                 .help = "help.egretd.sync",
                 .options = {{"from", "DIR", "help.option.stick_from_clinics", Form::text, true},
                             {"to", "DIR", "help.option.stick_answers"}},
                 .changes = true},
                {.name = "check", .help = "help.check"},
                {.name = "verify",
                 .help = "help.egretd.verify",
                 .options = {{"backup", "FILE", "help.option.try_backup"},
                             {"kept", "TEXT", "help.option.kept"}}},
                {.name = "backup",
                 .help = "help.egretd.backup",
                 .positionals = {{"FILE", "help.argument.backup_file"}},
                 .changes = true},
                {.name = "restore",
                 .help = "help.egretd.restore",
                 .positionals = {{"FILE", "help.argument.restored_centre"}},
                 .changes = true},
                {.name = "recovery-sheet",
                 .help = "help.egret.recovery_sheet",
                 .positionals = {{"FILE", "help.argument.sheet_file"}},
                 .changes = true},
                {.name = "recover",
                 .help = "help.egretd.recover",
                 .options = {{"device-secret", "SOURCE", "help.option.centre_device_secret"},
                             {"recovery-sheet", "FILE", "help.option.recovery_sheet"}},
                 .changes = true},
                {.name = "rebuild", .help = "help.rebuild", .changes = true},
            },
        .acts = false,
    };
    return all;
}

}  // namespace egret
