#pragma once

#include "registry/base/bytes.h"

#include <cstdint>

namespace egret::keys {

/// How far the audit was when the registry was locked: kept outside it, so that a tail that was cut
/// off is missed.
struct AuditHead {
    std::uint64_t entries = 0;
    Hash hash{};

    friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

}  // namespace egret::keys
