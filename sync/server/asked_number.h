#pragma once

#include "registry/base/result.h"
#include "sync/http/message.h"

#include <cstdint>
#include <string_view>

namespace egret::server {

/// A number in the query, in digits and below 2^63.
/// Errors: invalid_input, if there is none, or one below `least`.
Result<std::uint64_t> asked_number(const http::Request& request, std::string_view name,
                                   std::uint64_t least = 0);

}  // namespace egret::server
