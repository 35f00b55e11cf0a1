#include "sync/core/batch_size.h"

#include "sync/core/wire_limits.h"

#include <algorithm>

namespace egret::sync {
namespace {

// Longer than a server waits for the largest batch: so much later the clock was moved.
constexpr std::int64_t elapsed_ms_max = 10 * 60 * 1000;
// On a line that just failed: not at once to where it failed.
constexpr std::size_t step_bytes_max = limits::batch_bytes_first;

}  // namespace

std::size_t size_after_success(std::size_t allowed_bytes, const BatchSent& sent) {
    if (sent.bytes < allowed_bytes / 4 * 3) return allowed_bytes;
    if (sent.elapsed_ms < 0 || sent.elapsed_ms > elapsed_ms_max) return allowed_bytes;
    const auto carried = static_cast<std::size_t>(
        static_cast<std::uint64_t>(sent.bytes) * static_cast<std::uint64_t>(limits::batch_ms_most) /
        static_cast<std::uint64_t>(std::max<std::int64_t>(sent.elapsed_ms, 1)));
    const auto careful = allowed_bytes + std::min(allowed_bytes / 2, step_bytes_max);
    const auto larger = sent.tries > 0 ? careful : allowed_bytes * 2;
    return std::clamp(std::min(larger, carried), limits::batch_bytes_least,
                      limits::batch_bytes_most);
}

std::size_t size_after_failure(std::size_t allowed_bytes) {
    return std::max(allowed_bytes / 2, limits::batch_bytes_least);
}

}  // namespace egret::sync
