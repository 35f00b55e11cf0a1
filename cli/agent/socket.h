#pragma once

#include "cli/agent/descriptor.h"
#include "cli/agent/request.h"

#include <chrono>
#include <optional>
#include <string>

namespace egret::agent {

inline constexpr const char* socket_name = "agent.sock";
inline constexpr const char* lock_name = "agent.lock";

/// Where something of that name lies in the folder.
std::string place_of(const std::string& folder, const char* name);

/// A socket `agent.sock` in the folder, for this user alone, in place of one that is there.
/// The folder's path may be longer than the address of a socket can be.
/// Throws std::system_error if there can't be one: some sticks know no sockets.
Descriptor listen_in(const std::string& folder);

/// How a call ended.
struct Call {
    Descriptor line;           // To the agent, if there is one.
    bool is_deserted = false;  // There is a socket, and nobody behind it.
};

/// Calls the agent of the folder, if it is this user's.
Call call_in(const std::string& folder);

/// Whether the other end is a process of this user.
bool is_same_user(const Descriptor& line);

/// Sends everything, with the descriptors at its beginning, unless the other end is gone.
void send_request(const Descriptor& line, const Request& request, const ClientFiles& files);
/// False, if the other end is gone or takes nothing.
bool send_frame(const Descriptor& line, const Frame& frame);
/// Waits for a frame; nothing, if the other end is gone or sends something else.
std::optional<Frame> receive_frame(const Descriptor& line);

}  // namespace egret::agent
