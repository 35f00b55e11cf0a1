#include "registry/service/phone_warning.h"

#include "registry/domain/phone.h"

namespace egret::service {

std::optional<Warning> phone_warning(const Demographics& who) {
    auto phones = who.phones;
    if (who.guardian) phones.push_back(who.guardian->phone);
    for (const auto& phone : phones) {
        if (const auto digits = odd_mobile_digits(phone))
            return Warning{"phone_digits",
                           msg("warning.phone_digits", {{"digits", std::to_string(*digits)}})};
    }
    return std::nullopt;
}

}  // namespace egret::service
