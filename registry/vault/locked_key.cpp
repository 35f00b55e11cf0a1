#include "registry/vault/locked_key.h"

#include "registry/base/ensure.h"

#include <algorithm>

namespace egret::vault {

LockedKey::LockedKey(ByteView key) : memory_(key_bytes) {
    EGRET_ENSURE(key.size() == key_bytes);
    std::copy(key.begin(), key.end(), memory_.span().begin());
}

}  // namespace egret::vault
