#pragma once

#include "registry/domain/history.h"
#include "registry/service/warning.h"

#include <vector>

namespace egret::service {

/// What speaks against giving that dose apart from any protocol: the lot has expired on that day
/// ("lot_expired"), or the vial was too warm for too long ("vvm_discard").
std::vector<Warning> handling_warnings(const History& history, const Fact& dose);

}  // namespace egret::service
