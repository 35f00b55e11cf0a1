#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"

namespace egret::keys {

/// Whether this may become somebody's PIN. Digits of full width count as plain ones.
/// Errors: invalid_input, field "pin", if it is too short or too long, has a character that can't
/// be seen, or is one that everybody tries first: one character over and over, or one after the
/// other ("123456", "987654").
Result<Done> check_new_pin(ByteView pin);

}  // namespace egret::keys
