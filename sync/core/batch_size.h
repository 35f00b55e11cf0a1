#pragma once

#include "registry/base/clock.h"

#include <cstddef>
#include <cstdint>

/// How much a line is given at once: as much as it carries in limits::batch_ms_most, found by
/// trying. A cut then costs a few seconds, and a good line is used.
namespace egret::sync {

/// A batch that arrived.
struct BatchSent {
    std::size_t bytes = 0;        // Sealed.
    std::int64_t elapsed_ms = 0;  // From the sending to the answer, as the device's clock has it.
    int tries = 0;                // How often it was sent in vain before.
};

/// What the next batch may weigh. One that was smaller than allowed proves nothing of larger ones;
/// a clock that was moved meanwhile measures nothing.
std::size_t size_after_success(std::size_t allowed_bytes, const BatchSent& sent);

/// After one that didn't arrive. A single fact goes whatever it weighs.
std::size_t size_after_failure(std::size_t allowed_bytes);

}  // namespace egret::sync
