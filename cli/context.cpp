#include "cli/context.h"

#include "cli/console/catalog.h"
#include "cli/console/prompt.h"
#include "cli/console/report.h"
#include "cli/nightly_status.h"
#include "cli/outbox_work.h"
#include "cli/unlock.h"
#include "registry/service/audit_head.h"
#include "registry/service/backup.h"
#include "registry/service/rekey.h"

#include <ostream>

namespace egret::cli {
namespace {

using console::text;
using service::ClockState;

/// Asks until she gives a day that can be. What she typed before waits meanwhile.
Result<Done> ask_today(const Command& command, service::Clinic& clinic) {
    const auto day = clinic.day();
    const console::Prompt prompt(command.terminal, command.machine.asked_at);
    for (;;) {
        const auto typed = prompt.line(msg(
            "day.ask", {{"machine", day.machine.to_string()}, {"known", day.known.to_string()}}));
        if (!typed) return typed.error();
        if (typed->empty()) return Error{ErrorCode::conflict, "today", msg("day.not_said")};
        const auto said = Date::parse(*typed);
        if (!said) {
            console::print(said.error(), command.terminal);
            continue;
        }
        auto confirmed = clinic.confirm_today(*said);
        if (confirmed) return confirmed;
        console::print(confirmed.error(), command.terminal);
    }
}

/// Whenever somebody opens the registry by her PIN; not for each command that an agent does:
/// nothing else shows her that records may be missing.
void warn_of_older_file(const Command& command) {
    const bool is_by_pin =
        command.machine.kept == nullptr || command.parsed.path().back()->name == "unlock";
    if (!is_by_pin) return;
    command.terminal.err << text("cli.warning", command.language())
                         << text(msg("audit.older_file"), command.language()) << '\n';
}

}  // namespace

void add_action(console::Handlers& handlers, const Machine& machine, std::string name,
                Action action) {
    handlers[std::move(name)] = [&machine, action](const console::Parsed& parsed,
                                                   const console::Terminal& terminal) {
        return action({parsed, terminal, machine});
    };
}

Result<std::string> registry_dir(const Command& command) {
    if (auto dir = command.parsed.find("dir")) return *dir;
    const auto home = command.terminal.environment("EGRET_HOME");
    if (home && !home->empty()) return *home;
    return Error{ErrorCode::invalid_input, "--dir", msg("cli.no_dir")};
}

Result<std::unique_ptr<service::Clinic>> open_clinic(const Command& command,
                                                     store::StaleProjections stale) {
    const auto dir = registry_dir(command);
    if (!dir) return dir.error();
    auto unlocked = unlock(command, *dir);
    if (!unlocked) return std::move(unlocked).error();
    auto clinic = service::open_registry(*dir, *std::move(unlocked), command.world(), stale);
    if (!clinic) return clinic;
    if (stale == store::StaleProjections::rebuild) {
        constexpr auto unkept = service::audit_entries_unkept_max;
        const auto place = service::keep_audit_head(**clinic, *dir, unkept);
        if (!place) return place.error();
        if (*place == service::AuditPlace::elsewhere) warn_of_older_file(command);
        service::note_restored(**clinic, *dir);
    }
    if (const auto today = command.parsed.find_day("today")) {
        // Who only looks may ask how it will be; the registry's day stays what it is.
        const bool changes = command.parsed.path().back()->changes;
        constexpr auto by_option = service::Clinic::DaySaid::by_option;
        auto said =
            changes ? (*clinic)->confirm_today(*today, by_option) : (*clinic)->assume_today(*today);
        if (!said) return std::move(said).error();
    }
    // Whoever checks it, or makes its tables anew, wants it as it is.
    if (stale == store::StaleProjections::rebuild) {
        keep_outbox(command, *dir, **clinic);
        warn_of_nights(command, *dir, **clinic);
    }
    return clinic;
}

Result<std::unique_ptr<service::Clinic>> open_clinic_today(const Command& command) {
    auto clinic = open_clinic(command);
    if (!clinic || !command.may_ask()) return clinic;
    const auto day = (*clinic)->day();
    if (day.clock == ClockState::behind || day.clock == ClockState::ahead) {
        if (auto asked = ask_today(command, **clinic); !asked) return std::move(asked).error();
    }
    return clinic;
}

Result<Done> require_lead(service::Clinic& clinic) {
    if (clinic.caller().role == service::Role::lead) return Done{};
    return Error{ErrorCode::forbidden, "", msg("caller.lead_only")};
}

void warn_of_day(const Command& command, const service::ClinicDay& day) {
    if (day.clock != ClockState::behind && day.clock != ClockState::ahead) return;
    command.terminal.err << text("cli.warning", command.language())
                         << text(msg("day.unsure", {{"machine", day.machine.to_string()},
                                                    {"known", day.known.to_string()}}),
                                 command.language())
                         << '\n';
}

Outcome usage_error(const Command& command, const Error& error) {
    console::print(error, command.terminal);
    return console::ExitStatus::usage;
}

}  // namespace egret::cli
