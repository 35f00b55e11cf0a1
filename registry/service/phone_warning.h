#pragma once

#include "registry/domain/woman.h"
#include "registry/service/warning.h"

#include <optional>

namespace egret::service {

/// That a phone number of hers, or of her guardian, begins like a mobile number and hasn't its
/// length ("phone_digits").
std::optional<Warning> phone_warning(const Demographics& who);

}  // namespace egret::service
