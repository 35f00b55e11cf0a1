#pragma once

#include "cli/agent/run_child.h"
#include "cli/kept_keys.h"
#include "registry/base/date.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace egret::cli {

/// Lets the agent that keeps the registry unlocked do the command, if there is one and the command
/// is about a registry: the exit status then. Nothing, if this process is to do it.
std::optional<int> run_by_agent(const std::vector<std::string>& words);

/// A command of a client, in the process that the agent made for it: says what it would say if it
/// were typed, with the keys that the agent keeps. Wipes them when it is done.
struct AgentWork {
    std::unique_ptr<KeptKeys>& keys;
    Date build_day;
    std::chrono::milliseconds idle;  // So long somebody is waited for at a question.
};

int run_for_client(const agent::Request& request, const agent::CommandPlace& place,
                   const AgentWork& work);

/// How an agent came to be.
enum class Started { yes, there_is_one, no_socket, failed };

/// Keeps the registry unlocked in a process of its own, in the background.
Started start_agent(const KeptKeys& keys, Date build_day, std::chrono::milliseconds idle);

}  // namespace egret::cli
