#include "cli/agent/ask.h"
#include "cli/by_agent.h"
#include "cli/console/catalog.h"
#include "cli/handlers.h"
#include "cli/unlock.h"
#include "registry/json/dump.h"

#include <charconv>
#include <filesystem>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

constexpr std::string_view minutes_setting = "lock_minutes";
constexpr std::int64_t minutes_default = 10;
constexpr std::int64_t minutes_max = 480;  // A working day.

Error bad_minutes() {
    return {ErrorCode::invalid_input, "--minutes",
            msg("unlock.minutes", {{"limit", std::to_string(minutes_max)}})};
}

bool is_possible(std::int64_t minutes) { return minutes >= 1 && minutes <= minutes_max; }

/// After how many minutes it locks by itself: what is said now is kept for the next time.
std::int64_t minutes_of(const Command& command, service::Clinic& clinic) {
    if (const auto said = command.parsed.find_number("minutes")) {
        sqlite::WriteTransaction tx(clinic.database());
        clinic.settings().save(minutes_setting, std::to_string(*said), tx);
        tx.commit();
        return *said;
    }
    std::int64_t minutes = 0;
    if (const auto kept = clinic.settings().find(minutes_setting))
        std::from_chars(kept->data(), kept->data() + kept->size(), minutes);
    return is_possible(minutes) ? minutes : minutes_default;
}

/// Those of who unlocks it now, whoever unlocked it before.
Result<KeptKeys> ask_for_keys(const Command& command, const std::string& dir) {
    auto opened = unlock(command, dir);
    if (!opened) return std::move(opened).error();
    std::error_code failed;
    const auto whole = std::filesystem::canonical(dir, failed);
    return KeptKeys{failed ? dir : whole.string(), *std::move(opened)};
}

Error why_not(Started started, const std::string& dir) {
    switch (started) {
        case Started::there_is_one: return {ErrorCode::conflict, "", msg("agent.there_is_one")};
        case Started::no_socket:
            return {ErrorCode::unavailable, "", msg("agent.no_socket", {{"path", dir}})};
        case Started::yes:
        case Started::failed: break;
    }
    return {ErrorCode::unavailable, "", msg("agent.failed")};
}

Outcome unlock_registry(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    if (const auto said = command.parsed.find_number("minutes"); said && !is_possible(*said))
        return usage_error(command, bad_minutes());
    auto keys = ask_for_keys(command, *dir);
    if (!keys) return std::move(keys).error();
    std::int64_t minutes = 0;
    std::string name;
    {
        // That it opens is known before anything else is locked for it.
        auto machine = command.machine;
        machine.kept = &*keys;
        const Command with_keys{command.parsed, command.terminal, machine};
        const auto clinic = open_clinic(with_keys);
        if (!clinic) return clinic.error();
        minutes = minutes_of(command, **clinic);
        // From here on commands ask for no PIN.
        (*clinic)->note((*clinic)->caller().with(service::Purpose::maintenance),
                        {audit::Action::unlocked});
        name = (*clinic)->user_name(keys->unlocked.user);
        keys->unlocked.wrong_pins = 0;  // They are in the audit by now.
    }
    // Who had unlocked it before is locked out first.
    agent::ask_to_lock(keys->dir, EGRET_VERSION);
    const auto started =
        start_agent(*keys, command.machine.earliest_today, std::chrono::minutes{minutes});
    if (started != Started::yes) return why_not(started, *dir);
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"user", name}, {"minutes", minutes}}) << '\n';
        return ExitStatus::done;
    }
    out << text(msg("unlock.done", {{"name", name}, {"minutes", std::to_string(minutes)}}),
                command.language())
        << '\n';
    return ExitStatus::done;
}

Outcome lock_registry(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    const auto asked = agent::ask_to_lock(*dir, EGRET_VERSION);
    const bool was_unlocked = asked == agent::Asked::done;
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"locked", true}, {"was_unlocked", was_unlocked}}) << '\n';
        return ExitStatus::done;
    }
    out << text(was_unlocked ? "lock.done" : "lock.was_locked", command.language()) << '\n';
    return ExitStatus::done;
}

}  // namespace

void add_agent_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "unlock", unlock_registry);
    add_action(handlers, machine, "lock", lock_registry);
}

}  // namespace egret::cli
