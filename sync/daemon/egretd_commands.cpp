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

const console::OptionSpec as_option = {"as", "NAME", "help.option.as_officer", Form::text, true};
const console::OptionSpec because_option = {"because", "TEXT", "help.option.because", Form::text,
                                            true};

CommandSpec user_command() {
    return {
        .name = "user",
        .help = "help.egretd.user",
        .subcommands =
            {
                {.name = "add",
                 .help = "help.egretd.user.add",
                 .positionals = {{"NAME", "help.argument.centre_user"}},
                 .options = {{"role",
                              "ROLE",
                              "help.option.centre_role",
                              Form::choice,
                              true,
                              {"officer", "manager", "auditor"}}},
                 .changes = true},
                {.name = "list", .help = "help.egretd.user.list"},
                {.name = "remove",
                 .help = "help.egretd.user.remove",
                 .positionals = {{"NAME", "help.argument.centre_user"}},
                 .changes = true},
            },
        .acts = false,
    };
}

CommandSpec woman_command() {
    return {
        .name = "woman",
        .help = "help.egretd.woman",
        .subcommands =
            {
                {.name = "link",
                 .help = "help.egretd.woman.link",
                 .positionals = {{"ID", "help.argument.centre_woman"},
                                 {"OTHER", "help.argument.centre_woman"}},
                 .options = {because_option, as_option},
                 .changes = true},
                {.name = "unlink",
                 .help = "help.egretd.woman.unlink",
                 .positionals = {{"ID", "help.argument.centre_woman"},
                                 {"OTHER", "help.argument.centre_woman"}},
                 .options = {because_option, as_option},
                 .changes = true},
                {.name = "transfer",
                 .help = "help.egretd.woman.transfer",
                 .positionals = {{"ID", "help.argument.centre_woman"},
                                 {"CODE", "help.argument.clinic_code"}},
                 .options = {because_option, as_option},
                 .changes = true},
            },
        .acts = false,
    };
}

CommandSpec quarantine_command() {
    return {
        .name = "quarantine",
        .help = "help.egretd.quarantine",
        .subcommands =
            {
                {.name = "list",
                 .help = "help.egretd.quarantine.list",
                 .options = {{"all", "", "help.option.quarantine_all"}}},
                {.name = "accept",
                 .help = "help.egretd.quarantine.accept",
                 .positionals = {{"EVENT", "help.argument.quarantined"}},
                 .options = {because_option, as_option},
                 .changes = true},
                {.name = "refuse",
                 .help = "help.egretd.quarantine.refuse",
                 .positionals = {{"EVENT", "help.argument.quarantined"}},
                 .options = {because_option, as_option},
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
                user_command(),
                woman_command(),
                quarantine_command(),
                {.name = "void",
                 .help = "help.egretd.void",
                 .positionals = {{"EVENT", "help.argument.centre_event"}},
                 .options = {because_option, as_option},
                 .changes = true},
                {.name = "erase",
                 .help = "help.egretd.erase",
                 .positionals = {{"ID", "help.argument.erased"}},
                 .options = {{"joined", "", "help.option.joined"},
                             {"list", "FILE", "help.option.erased_list"},
                             because_option,
                             as_option},
                 .changes = true},
                {.name = "erase-list",
                 .help = "help.egretd.erase_list",
                 .positionals = {{"FILE", "help.argument.erased_list"}},
                 .options = {because_option, as_option},
                 .changes = true},
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
                             {"keys", "FILE", "help.option.backup_keys"},
                             {"kept", "TEXT", "help.option.kept"}}},
                {.name = "backup",
                 .help = "help.egretd.backup",
                 .positionals = {{"FILE", "help.argument.backup_file"}},
                 .changes = true},
                {.name = "restore",
                 .help = "help.egretd.restore",
                 .positionals = {{"FILE", "help.argument.restored_centre"}},
                 .options = {{"keys", "FILE", "help.option.backup_keys"}},
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
                {.name = "promote-key",
                 .help = "help.egretd.promote_key",
                 .options = {{"root-dir", "DIR", "help.option.root_key_dir"}},
                 .changes = true},
                {.name = "rebuild", .help = "help.rebuild", .changes = true},
            },
        .acts = false,
    };
    return all;
}

}  // namespace egret
