#include "cli/egret_commands.h"

#include "cli/console/shared_commands.h"
#include "cli/field_help.h"
#include "cli/school_spec.h"
#include "registry/domain/stock_codes.h"

#include <algorithm>
#include <array>

namespace egret {
namespace {

using console::CommandSpec;
using console::Count;
using console::Form;
using console::OptionSpec;
using console::PositionalSpec;

constexpr PositionalSpec woman_id = {"ID", "help.argument.woman"};
constexpr PositionalSpec event_id = {"EVENT", "help.argument.event"};
constexpr PositionalSpec some_fields = {"field=value…", "help.argument.fields", Count::some_fields};
constexpr PositionalSpec any_fields = {"field=value…", "help.argument.fields", Count::any_fields};

OptionSpec because(bool required = false) {
    return {"because", "TEXT", "help.option.because", Form::text, required};
}

CommandSpec init_command() {
    return {
        .name = "init",
        .help = "help.egret.init",
        .options =
            {
                {"clinic", "NAME", "help.option.clinic", Form::text, true},
                {"area", "CODE", "help.option.area", Form::text, true},
                {"user", "NAME", "help.option.user"},
                {"recovery-sheet", "FILE", "help.option.recovery_sheet"},
                {"device-secret", "SOURCE", "help.option.device_secret"},
                {"time-zone", "NAME", "help.option.time_zone"},
            },
        .changes = true,
    };
}

/// Who may open the registry, and how it opens again when that is lost.
std::vector<CommandSpec> user_commands() {
    const PositionalSpec name = {"NAME", "help.argument.user"};
    return {
        {.name = "user",
         .help = "help.egret.user",
         .subcommands = {{.name = "add",
                          .help = "help.egret.user.add",
                          .positionals = {name},
                          .options = {{"role",
                                       "ROLE",
                                       "help.option.user_role",
                                       Form::choice,
                                       true,
                                       {"nurse", "lead", "read_only"},
                                       "role"}},
                          .changes = true},
                         {.name = "list", .help = "help.egret.user.list"},
                         {.name = "role",
                          .help = "help.egret.user.role",
                          .positionals = {name, {"ROLE", "help.argument.user_role"}},
                          .changes = true},
                         {.name = "reset",
                          .help = "help.egret.user.reset",
                          .positionals = {name},
                          .changes = true},
                         {.name = "pin", .help = "help.egret.user.pin", .changes = true},
                         {.name = "remove",
                          .help = "help.egret.user.remove",
                          .positionals = {name},
                          .changes = true}},
         .acts = false},
        {.name = "recover",
         .help = "help.egret.recover",
         .options = {{"user", "NAME", "help.option.recover_user"},
                     {"device-secret", "SOURCE", "help.option.device_anew"},
                     {"recovery-sheet", "FILE", "help.option.recovery_sheet"}},
         .changes = true},
        {.name = "rekey",
         .help = "help.egret.rekey",
         .options = {{"recovery-sheet", "FILE", "help.option.recovery_sheet"}},
         .changes = true},
    };
}

CommandSpec woman_command() {
    const PositionalSpec other = {"OTHER", "help.argument.other_woman"};
    return {
        .name = "woman",
        .help = "help.egret.woman",
        .subcommands =
            {
                {.name = "add",
                 .help = "help.egret.woman.add",
                 .positionals = {some_fields},
                 .changes = true,
                 .more_help = cli::new_person_help},
                {.name = "show",
                 .help = "help.egret.woman.show",
                 .positionals = {woman_id},
                 .options = {{"history", "", "help.option.history"}}},
                {.name = "find",
                 .help = "help.egret.woman.find",
                 .positionals = {{"TEXT", "help.argument.search_text"}},
                 .options = {{"limit", "N", "help.option.limit", Form::number}}},
                {.name = "edit",
                 .help = "help.egret.woman.edit",
                 .positionals = {woman_id, some_fields},
                 .changes = true,
                 .more_help = cli::person_fields_help},
                {.name = "link",
                 .help = "help.egret.woman.link",
                 .positionals = {woman_id, other},
                 .options = {because()},
                 .changes = true},
                {.name = "unlink",
                 .help = "help.egret.woman.unlink",
                 .positionals = {woman_id, other},
                 .options = {because()},
                 .changes = true},
            },
        .acts = false,
    };
}

std::vector<CommandSpec> record_commands() {
    return {
        {
            .name = "record",
            .help = "help.egret.record",
            .positionals = {{"TYPE", "help.argument.fact_type", Count::at_most_one}, any_fields},
            .options =
                {
                    {"woman", "ID", "help.argument.woman", Form::text, true},
                    // The fact's member date in another spelling: it is read as that is.
                    {"date", "DATE", "help.option.date"},
                    {"file", "FACT.json", "help.option.fact_file"},
                    because(),
                },
            .changes = true,
            .more_help = cli::record_help,
        },
        {.name = "correct",
         .help = "help.egret.correct",
         .positionals = {event_id, any_fields},
         .options = {because(), {"woman", "ID", "help.option.correct_woman"}},
         .changes = true},
        {.name = "void",
         .help = "help.egret.void",
         .positionals = {event_id},
         .options = {because(true)},
         .changes = true},
        {.name = "next",
         .help = "help.egret.next",
         .positionals = {woman_id},
         .options = {{"on", "DAY", "help.option.on", Form::day},
                     {"protocol", "ID[@V]", "help.option.protocol"}}},
        {.name = "card",
         .help = "help.egret.card",
         .positionals = {woman_id},
         .options = {{"lang",
                      "zh|en|both",
                      "help.option.card_lang",
                      Form::choice,
                      false,
                      {"zh", "en", "both"}},
                     {"out", "FILE.html", "help.option.card_out"},
                     {"no-code", "", "help.option.no_code"}}},
    };
}

std::vector<CommandSpec> exchange_commands() {
    std::vector<CommandSpec> imports = {{.name = "persons",
                                         .help = "help.egret.import.persons",
                                         .positionals = {{"FILE", "help.argument.person_file"}},
                                         .changes = true}};
    for (auto& table : cli::table_import_commands()) imports.push_back(std::move(table));
    return {
        {.name = "enrol",
         .help = "help.egret.enrol",
         .positionals = {{"URL", "help.argument.centre_url"},
                         {"CODE", "help.argument.enrolment_code"}},
         .changes = true},
        {.name = "sync",
         .help = "help.egret.sync",
         .options = {{"until-done", "", "help.option.until_done"},
                     {"server", "URL", "help.option.server"},
                     {"to", "DIR", "help.option.stick_to"},
                     {"from", "DIR", "help.option.stick_from"},
                     {"relay", "DIR", "help.option.stick_relay"}},
         .subcommands = {{.name = "status", .help = "help.egret.sync.status"}},
         .changes = true},
        {.name = "import",
         .help = "help.egret.import",
         .subcommands = std::move(imports),
         .acts = false},
        {.name = "export",
         .help = "help.egret.export",
         .subcommands =
             {{.name = "persons",
               .help = "help.egret.export.persons",
               .positionals = {{"FILE", "help.argument.export_file", Count::at_most_one}},
               .options = {{"women", "ID,ID", "help.option.women", Form::list}}},
              {.name = "aefi",
               .help = "help.egret.export.aefi",
               .positionals = {{"FILE.csv", "help.argument.export_file", Count::at_most_one}},
               .options = {{"from", "DAY", "help.option.onset_from", Form::day},
                           {"to", "DAY", "help.option.onset_to", Form::day}}}},
         .acts = false},
    };
}

std::vector<CommandSpec> decide_commands() {
    return {
        {.name = "decide",
         .help = "help.egret.decide",
         .positionals = {{"FILE", "help.argument.person_file", Count::at_most_one}},
         .options = {{"protocol", "ID[@V]", "help.option.protocol", Form::text, true},
                     {"on", "D", "help.option.decide_on", Form::day}}},
        {.name = "protocols",
         .help = "help.egret.protocols",
         .subcommands = {{.name = "list", .help = "help.egret.protocols.list"},
                         {.name = "show",
                          .help = "help.egret.protocols.show",
                          .positionals = {{"PROTOCOL", "help.argument.protocol"}}},
                         {.name = "check",
                          .help = "help.egret.protocols.check",
                          .positionals = {{"FILE", "help.argument.protocol_file"}}}},
         .acts = false},
    };
}

std::vector<CommandSpec> due_commands() {
    return {
        {.name = "due",
         .help = "help.egret.due",
         .options = {{"on", "DAY", "help.option.on", Form::day},
                     {"within", "30d", "help.option.within"},
                     {"kind",
                      "KIND",
                      "help.option.due_kind",
                      Form::choice,
                      false,
                      {"due", "overdue", "dropout", "defaulter", "follow-up", "screening", "any"}},
                     {"failsafe", "", "help.option.failsafe"},
                     {"contacts", "N", "help.option.contacts", Form::number},
                     {"area", "CODE", "help.option.due_area"},
                     {"facility", "CODE", "help.option.due_facility"},
                     {"school", "NAME", "help.option.due_school"},
                     {"class", "NAME", "help.option.due_class"},
                     {"nurse", "NAME", "help.option.due_nurse"},
                     {"csv", "", "help.option.csv"},
                     {"html", "FILE", "help.option.html"}}},
        {.name = "recall",
         .help = "help.egret.recall",
         .options = {{"on", "DAY", "help.option.on", Form::day},
                     {"site",
                      "SITE",
                      "help.option.recall_site",
                      Form::choice,
                      false,
                      {"cervix", "breast"},
                      "screened_site"},
                     {"state",
                      "STATE",
                      "help.option.recall_state",
                      Form::choice,
                      false,
                      {"not_yet_invited", "invited", "up_to_date", "in_follow_up", "deferred",
                       "ceased", "overdue"},
                      "recall_state"},
                     {"area", "CODE", "help.option.due_area"},
                     {"facility", "CODE", "help.option.due_facility"},
                     {"csv", "", "help.option.csv"}}},
        {.name = "contact",
         .help = "help.egret.contact",
         .positionals = {{"ACTION", "help.argument.action"}},
         .options = {{"outcome",
                      "CODE",
                      "help.option.outcome",
                      Form::choice,
                      true,
                      {"reached", "appointment_made", "not_reached", "wrong_number", "moved_away",
                       "refused", "done_elsewhere", "other"},
                      "contact_outcome"},
                     {"method",
                      "CODE",
                      "help.option.method",
                      Form::choice,
                      false,
                      {"phone", "message", "letter", "home_visit", "school", "in_person"},
                      "contact_method"},
                     {"date", "DAY", "help.option.contact_date", Form::day},
                     {"appointment", "DAY", "help.option.appointment", Form::day},
                     {"note", "TEXT", "help.option.note"}},
         .changes = true},
    };
}

CommandSpec stock_action(std::string_view name, std::string_view help,
                         std::string (*more_help)(std::string_view, Language)) {
    return {.name = name,
            .help = help,
            .positionals = {some_fields},
            .changes = true,
            .more_help = more_help};
}

CommandSpec stock_command() {
    using enum StockAction;
    const OptionSpec facility = {"facility", "CODE", "help.option.stock_facility"};
    const OptionSpec csv = {"csv", "", "help.option.csv"};
    auto decide = stock_action("decide", "help.egret.stock.decide", cli::stock_help<decision>);
    decide.positionals = {{"EVENT", "help.argument.hold_event"}, some_fields};
    return {
        .name = "stock",
        .help = "help.egret.stock",
        .subcommands =
            {
                stock_action("receive", "help.egret.stock.receive", cli::stock_help<receipt>),
                stock_action("issue", "help.egret.stock.issue", cli::stock_help<issue>),
                stock_action("count", "help.egret.stock.count", cli::stock_help<count>),
                stock_action("discard", "help.egret.stock.discard", cli::stock_help<discard>),
                stock_action("excursion", "help.egret.stock.excursion",
                             cli::stock_help<temperature_excursion>),
                stock_action("recall", "help.egret.stock.recall", cli::stock_help<recall>),
                decide,
                {.name = "show",
                 .help = "help.egret.stock.show",
                 .positionals = {{"LOT", "help.argument.lot", Count::at_most_one}},
                 .options = {{"on", "DAY", "help.option.stock_on", Form::day},
                             facility,
                             {"all", "", "help.option.stock_all"},
                             {"unknown", "", "help.option.stock_unknown"},
                             csv}},
                {.name = "wastage",
                 .help = "help.egret.stock.wastage",
                 .options = {{"from", "DAY", "help.option.wastage_from", Form::day},
                             {"to", "DAY", "help.option.wastage_to", Form::day},
                             facility,
                             csv}},
                {.name = "who",
                 .help = "help.egret.stock.who",
                 .positionals = {{"LOT", "help.argument.lot"}},
                 .options = {csv}},
            },
        .acts = false,
    };
}

std::vector<CommandSpec> care_commands() {
    return {
        {.name = "log",
         .help = "help.egret.log",
         .subcommands = {{.name = "verify", .help = "help.egret.log.verify"},
                         {.name = "show",
                          .help = "help.egret.log.show",
                          .options = {{"woman", "ID", "help.option.of_woman"},
                                      {"from", "N", "help.option.from_number", Form::number},
                                      {"limit", "N", "help.option.limit", Form::number}}}},
         .acts = false},
        {.name = "audit",
         .help = "help.egret.audit",
         .subcommands = {{.name = "verify", .help = "help.egret.audit.verify"},
                         {.name = "show",
                          .help = "help.egret.audit.show",
                          .options = {{"woman", "ID", "help.option.of_woman"},
                                      {"user", "NAME", "help.option.audit_user"},
                                      {"from", "DAY", "help.option.audit_from", Form::day},
                                      {"to", "DAY", "help.option.audit_to", Form::day},
                                      {"limit", "N", "help.option.limit", Form::number}}}},
         .acts = false},
        {.name = "check", .help = "help.check"},
        {.name = "backup",
         .help = "help.egret.backup",
         .positionals = {{"FILE", "help.argument.backup_file"}},
         .changes = true},
        {.name = "restore",
         .help = "help.egret.restore",
         .positionals = {{"FILE", "help.argument.restored_file"}},
         .changes = true},
        {.name = "recovery-sheet",
         .help = "help.egret.recovery_sheet",
         .positionals = {{"FILE", "help.argument.sheet_file"}},
         .changes = true},
        {.name = "rebuild", .help = "help.rebuild", .changes = true},
        {.name = "simulate",
         .help = "help.egret.simulate",
         .options =
             {
                 {"women", "N", "help.option.women_count", Form::number, true},
                 {"clinics", "K", "help.option.clinic_count", Form::number, true},
                 {"years", "Y", "help.option.year_count", Form::number, true},
                 {"seed", "S", "help.option.seed", Form::number, true},
                 {"out", "DIR", "help.option.out", Form::text, true},
                 {"world", "plain", "help.option.world", Form::choice, false, {"plain"}},
             },
         .changes = true},
    };
}

CommandSpec nightly_command() {
    return {
        .name = "nightly",
        .help = "help.egret.nightly",
        .subcommands = {{.name = "install",
                         .help = "help.egret.nightly.install",
                         .options = {{"at", "22:00", "help.option.nightly_at"},
                                     {"print", "", "help.option.nightly_print"}},
                         .changes = true},
                        {.name = "remove", .help = "help.egret.nightly.remove", .changes = true},
                        {.name = "run",
                         .help = "help.egret.nightly.run",
                         .options = {{"server", "URL", "help.option.server"}},
                         .changes = true},
                        {.name = "status", .help = "help.egret.nightly.status"}},
        .acts = false};
}

std::vector<CommandSpec> agent_commands() {
    return {{.name = "unlock",
             .help = "help.egret.unlock",
             .options = {{"minutes", "N", "help.option.lock_minutes", Form::number}},
             .changes = true},
            {.name = "lock", .help = "help.egret.lock"}};
}

}  // namespace

const CommandSpec& egret_commands() {
    static const CommandSpec all = [] {
        CommandSpec egret{
            .name = "egret",
            .help = "help.egret",
            .options = {{"dir", "DIR", "help.option.dir"},
                        {"as", "NAME", "help.option.as"},
                        {"today", "DAY", "help.option.today", Form::day}},
            .subcommands = {init_command(), woman_command()},
            .acts = false,
        };
        const auto add = [&](const std::vector<CommandSpec>& group) {
            egret.subcommands.insert(egret.subcommands.end(), group.begin(), group.end());
        };
        add(user_commands());
        add(record_commands());
        add({console::coverage_command(), console::indicators_command(),
             console::report_command()});
        add(exchange_commands());
        add({nightly_command()});
        add(due_commands());
        add({cli::school_command()});
        add({stock_command()});
        add(decide_commands());
        add(care_commands());
        add(agent_commands());
        // They need no registry, make one, open one for somebody whose PIN or sheet they ask for,
        // or are about the timers of who types them.
        static constexpr std::array here = {"init",      "recover",    "restore",  "decide",
                                            "protocols", "indicators", "simulate", "unlock",
                                            "lock",      "rekey",      "nightly"};
        for (auto& command : egret.subcommands) {
            if (std::find(here.begin(), here.end(), command.name) == here.end()) continue;
            command.stays = true;
            for (auto& sub : command.subcommands) sub.stays = true;
        }
        return egret;
    }();
    return all;
}

}  // namespace egret
