#pragma once

#include "cli/context.h"
#include "cli/nightly_units.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::cli {

/// Whether a timer of systemd starts the nightly run of a registry.
enum class TimerState {
    none,         // There is none.
    of_other,     // It is another registry's, or nobody knows whose.
    not_running,  // It is there, and systemd doesn't wait for it.
    running,
};

/// The timer and service of the user who runs this program, and the programs that look after them:
/// `systemctl` and `loginctl`, as PATH finds them.
class NightlyTimer {
public:
    /// Errors: unavailable, if neither XDG_CONFIG_HOME nor HOME says where they lie.
    static Result<NightlyTimer> find(const Command& command);

    std::string service_path() const { return folder_ + "/" + nightly_service_name; }

    std::string timer_path() const { return folder_ + "/" + nightly_timer_name; }

    /// Costs one start of a program, if there is a timer of that registry.
    TimerState state_of(const std::string& dir) const;

    /// The folder of the registry whose service is there; "" if there is one of no registry.
    std::optional<std::string> owner() const;

    /// Whether the user has a systemd that listens.
    bool has_manager() const;

    /// Both as the job says; false, if they were already so, and the timer waits. It is enabled,
    /// and waits for the next night. Errors: unavailable, if systemd refuses.
    /// Throws std::system_error if the disk fails.
    Result<bool> install(const NightlyJob& job) const;

    /// Ends what runs and takes both away.
    void remove() const;

    /// Lets the user's timers run with nobody signed in; false, if that takes somebody else.
    bool linger() const;

private:
    NightlyTimer(std::string folder, std::vector<std::string> search, std::string runtime)
        : folder_(std::move(folder)), search_(std::move(search)), runtime_(std::move(runtime)) {}

    std::string find_program(const std::string& name) const;
    bool run(const std::string& program, std::vector<std::string> words) const;
    bool systemctl(std::vector<std::string> words) const;

    std::string folder_;               // Of the units.
    std::vector<std::string> search_;  // PATH
    std::string runtime_;              // Where the user's systemd listens, if nobody said so.
};

}  // namespace egret::cli
