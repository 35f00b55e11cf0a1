#pragma once

#include "registry/base/bytes.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace egret {

/// What we could not read but keep: members that a newer version of Egret, or another system, put
/// into a record. They are written out again where they stood.
struct Extras {
    std::vector<std::pair<std::uint64_t, Bytes>> numbered;  // Key and CBOR item, by key.
    std::string named;  // Members unknown by name, as the text of one JSON object, or "".

    bool empty() const noexcept { return numbered.empty() && named.empty(); }

    friend bool operator==(const Extras&, const Extras&) = default;
};

}  // namespace egret
