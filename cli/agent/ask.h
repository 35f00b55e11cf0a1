#pragma once

#include "cli/agent/request.h"

#include <string>

/// The client's end: a command lets the agent do it, if there is one.
namespace egret::agent {

enum class Asked : std::uint8_t {
    nobody,         // There is no agent.
    deserted,       // There was one, and it ended without locking. What it left is cleared away.
    gone,           // It ended, or was ended, while the command was at work.
    other_version,  // It was of another version of the program, and has ended.
    too_many,
    locking,
    done,  // `wait_status` says how it ended.
};

struct Ending {
    Asked asked = Asked::nobody;
    int wait_status = 0;
};

/// What of this process a command needs: its standard files, its working folder, its terminal.
ClientFiles own_files();

/// Lets the agent of `folder` do it, and waits until it is done. If this process ends meanwhile,
/// the command is ended, too.
Ending ask_to_run(const std::string& folder, const Request& request, const ClientFiles& files);

/// Ends the agent of `folder`. `locking` if it doesn't: then it is at work yet. `done` once nothing
/// is unlocked any more.
Asked ask_to_lock(const std::string& folder, const std::string& version);

/// Ends this process in the way in which the command ended, if that was by a signal; else its
/// exit status.
int end_like(int wait_status);

}  // namespace egret::agent
