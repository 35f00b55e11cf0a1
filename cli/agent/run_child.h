#pragma once

#include "cli/agent/request.h"

#include <functional>
#include <sys/types.h>

namespace egret::agent {

/// What a command has beside its request.
struct CommandPlace {
    int terminal = -1;               // The client's, if it has one.
    std::function<void()> released;  // To be called once it has neither registry nor key any more.
};

/// Does one command, in a process of its own that has the client's standard files, working folder,
/// environment and umask. Gives its exit status.
using RunCommand = std::function<int(const Request& request, const CommandPlace& place)>;

/// A process that does a command.
struct Child {
    pid_t id = -1;
    Descriptor alive;  // A byte once it has released the registry; its end once the process ended.
};

/// Starts it. `let_go` is called in it first: it closes what is the agent's alone.
/// No id, if this machine can't start one.
Child start_child(const Request& request, ClientFiles& files, const RunCommand& run,
                  const std::function<void()>& let_go);

/// Keeps others, and core dumps, from what this process has in memory.
void guard_memory();

/// Leaves the terminal and all open files behind: from now on this process is in the background.
/// `kept` stays open.
void go_to_background(int kept);

}  // namespace egret::agent
