#pragma once

#include <chrono>
#include <cstddef>

/// What an agent holds to, each with its reason.
namespace egret::agent::limits {

// A command line is at most that long on Linux, by default.
inline constexpr std::size_t request_bytes_max = 2U << 20U;
// More windows than a clinic has; a script that starts commands without end is told to wait.
inline constexpr std::size_t clients_max = 32;
// A client sends its request in one go. Who only connects keeps nobody out.
inline constexpr std::chrono::milliseconds request_wait{5'000};
// `egret lock` and `egret unlock` wait so long for the commands at work, before they are ended.
inline constexpr std::chrono::milliseconds lock_wait{30'000};
// So long after it was told to end, a command is ended by force.
inline constexpr std::chrono::milliseconds end_wait{2'000};
// What a command may still want to write to somebody who doesn't read, before it has to wait.
inline constexpr std::size_t unread_bytes_max = 64U << 20U;

}  // namespace egret::agent::limits
