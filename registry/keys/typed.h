#pragma once

#include "registry/base/bytes.h"
#include "registry/crypto/wipe.h"

namespace egret::keys {

/// What was typed, with letters, digits and signs of full width, as a Chinese keyboard gives them,
/// made plain ones ("１２３４５６" is "123456"), and the wide space a space. All else stays.
crypto::Secret narrowed(ByteView typed);

}  // namespace egret::keys
