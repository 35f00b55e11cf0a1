#pragma once

#include <cstdint>

namespace egret::http {

/// How many bytes came on this TCP socket since it was opened; 0, if it is none.
std::uint64_t received_bytes(int socket) noexcept;

}  // namespace egret::http
