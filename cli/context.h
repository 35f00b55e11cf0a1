#pragma once

#include "cli/console/program.h"
#include "cli/console/swap_check.h"
#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/keys/device_secret.h"
#include "registry/service/clinic.h"

#include <chrono>
#include <istream>
#include <memory>
#include <string>

namespace egret::cli {

struct KeptKeys;

/// What the commands need of the machine beside the terminal: the real one in main, a made-up one
/// in tests. All that it refers to outlives every command.
struct Machine {
    const Clock& clock;
    Random& random;
    Date earliest_today;                // The day of the program's build.
    std::istream& in;                   // Standard input.
    bool is_interactive = false;        // Somebody sits there and can be asked.
    std::string asked_at = "/dev/tty";  // The terminal to ask at.
    sqlite::Synchronous synchronous = sqlite::Synchronous::full;
    keys::SealingChip* chip = nullptr;               // The machine's TPM, if there may be one.
    crypto::ScryptCost pin_cost = keys::guess_cost;  // Of new PINs.
    console::SwapPlaces swap = {};
    const KeptKeys* kept = nullptr;  // What opens a registry, if an agent keeps it unlocked.
    std::chrono::milliseconds registry_wait{5'000};  // So long another process may have it.
};

/// One command on its way: what was typed, where to speak, and the machine.
struct Command {
    const console::Parsed& parsed;
    const console::Terminal& terminal;
    const Machine& machine;

    Language language() const { return terminal.language; }

    service::World world() const {
        return {machine.clock, machine.random, machine.earliest_today, machine.synchronous,
                static_cast<int>(machine.registry_wait.count())};
    }

    /// Somebody can be asked a question, and expects to be.
    bool may_ask() const {
        return machine.is_interactive && terminal.is_watched && !terminal.json && !terminal.quiet;
    }
};

using Outcome = Result<console::ExitStatus>;

/// Does one command.
using Action = Outcome (*)(const Command& command);

/// Lets `name` be done by `action`. The machine outlives the handlers.
void add_action(console::Handlers& handlers, const Machine& machine, std::string name,
                Action action);

/// Where the registry lies or shall lie: --dir, else EGRET_HOME.
/// Errors: invalid_input, if neither is given.
Result<std::string> registry_dir(const Command& command);

/// Unlocked by a user's PIN, open, and with the day of --today confirmed, if it is given to a
/// command that changes something; for one that reads it is the day of this one answer. Errors:
/// those of registry_dir, unlock, service::Clinic::open, confirm_today and assume_today.
Result<std::unique_ptr<service::Clinic>> open_clinic(
    const Command& command, store::StaleProjections stale = store::StaleProjections::rebuild);

/// The same for what depends on the day: where the machine's clock contradicts what is known,
/// somebody at the terminal is asked once which day it is. Where nobody can be asked, recording is
/// left to service::Clinic::recording_day to refuse or to mark.
/// Errors: those of open_clinic; conflict, if she doesn't say.
Result<std::unique_ptr<service::Clinic>> open_clinic_today(const Command& command);

/// Errors: forbidden, if who unlocked the registry isn't a lead.
Result<Done> require_lead(service::Clinic& clinic);

/// Says on standard error that the day which an answer is of is only the last one known.
void warn_of_day(const Command& command, const service::ClinicDay& day);

/// Says an error that lies in the words typed, and ends as a usage error.
Outcome usage_error(const Command& command, const Error& error);

}  // namespace egret::cli
