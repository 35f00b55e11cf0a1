#pragma once

#include "cli/agent/limits.h"
#include "cli/agent/run_child.h"
#include "registry/base/result.h"
#include "registry/files/file_lock.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace egret::agent {

/// Keeps what opens one registry in its memory, and does the commands of this user with it, until
/// it is told to lock, or nobody asked for anything for a while.
///
/// Each command is a process of its own, forked from this one: so a command that waits, fails or is
/// ended takes nothing with it, and its memory is gone when it is done. Which of them has the
/// registry is settled by the registry's own lock, as between all programs.
///
/// One thread.
class Agent {
    struct Private {};  // Only begin() makes one.

public:
    struct Parts {
        std::string folder;              // The registry's, absolute.
        std::string version;             // Of the program.
        std::chrono::milliseconds idle;  // Without a command for so long, it locks.
        RunCommand run;
        std::function<void()> forget;  // Wipes the keys of this process.
        // Who tells it to lock waits so long for the commands that have the registry.
        std::chrono::milliseconds lock_wait = limits::lock_wait;
    };

    /// Errors: conflict, if there is an agent; unavailable, if the folder can't have a socket.
    /// Throws std::system_error if the machine fails.
    static Result<std::unique_ptr<Agent>> begin(Parts parts);

    Agent(Private, Parts parts, FileLock lock, Descriptor listening);
    ~Agent();
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    /// Until it has locked, and the last command that it began has ended. SIGTERM, SIGINT and
    /// SIGHUP lock, too.
    void serve();

private:
    using Time = std::chrono::milliseconds;  // Since the machine was started, asleep or not.
    struct Client;

    enum class Lock { for_commands, over_commands };  // Which of them outlasts the other.

    Time wait_for() const;
    void await_something() const;
    void take_signal();
    void take_client();
    void attend(Client& client);
    void hear(Client& client);
    void take_request(Client& client, const Request& request);
    void begin_command(Client& client, const Request& request);
    void watch_command(Client& client);
    void begin_locking(Lock lock);
    void answer_who_locks();
    bool is_registry_in_use() const;

    Parts parts_;
    std::optional<FileLock> lock_;
    Descriptor listening_;
    Descriptor signals_;
    std::vector<std::unique_ptr<Client>> clients_;
    Time last_asked_;
    bool is_locking_ = false;
    std::optional<Time> ends_commands_at_;  // Those that have the registry then are ended.
};

}  // namespace egret::agent
