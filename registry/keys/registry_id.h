#pragma once

#include "registry/base/ids.h"

namespace egret::keys {

struct RegistryTag {
    static constexpr bool is_uuid = true;
};

/// One registry, from its making on, whatever its machine is called by a centre.
using RegistryId = Id<RegistryTag>;

}  // namespace egret::keys
