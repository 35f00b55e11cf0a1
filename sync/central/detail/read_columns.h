#pragma once

#include "registry/base/bytes.h"

#include <algorithm>
#include <cstdint>

namespace egret::central {

/// A hash of another length is damage, which the check names: it reads as zeros.
inline Hash read_hash(ByteView bytes) {
    Hash hash{};
    if (bytes.size() == hash.size()) std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

/// A number that is never below 0.
inline std::uint64_t number_of(std::int64_t column) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(column, 0));
}

}  // namespace egret::central
