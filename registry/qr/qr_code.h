#pragma once

#include "registry/base/result.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace egret::qr {

/// A piece of what a code holds, in the densest mode that its characters allow.
enum class Mode { digits, bytes };

struct Segment {
    Mode mode = Mode::bytes;
    std::string_view text;  // ASCII: readers do not agree on other letters.
};

/// The squares of a QR code, row by row from the upper left, without the quiet zone around it.
struct QrCode {
    std::size_t size = 0;    // Squares on a side.
    std::vector<bool> dark;  // size × size.

    bool is_dark(std::size_t row, std::size_t column) const { return dark[row * size + column]; }
};

/// The smallest code of error correction L that holds the segments.
/// Errors: too_large, if it would be larger than `version_max` (1 to 40; a side has 17 + 4 ×
/// version squares).
Result<QrCode> encode(const std::vector<Segment>& segments, int version_max);

}  // namespace egret::qr
