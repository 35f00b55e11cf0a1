#include "sync/server/asked_number.h"

#include "sync/core/wire_limits.h"

#include <charconv>
#include <string>

namespace egret::server {

Result<std::uint64_t> asked_number(const http::Request& request, std::string_view name,
                                   std::uint64_t least) {
    const Error bad{ErrorCode::invalid_input, std::string(name), msg("central.bad_number")};
    const auto found = request.query.find(name);
    if (found == request.query.end()) return bad;
    const auto& text = found->second;
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [at, failure] = std::from_chars(text.data(), end, number);
    const bool is_number = !text.empty() && at == end && failure == std::errc{};
    if (!is_number || number < least || number > limits::wire_number_max) return bad;
    return number;
}

}  // namespace egret::server
