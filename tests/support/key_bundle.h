#pragma once

#include "registry/base/random.h"
#include "sync/core/key_bundle.h"

namespace egret::tests {

inline constexpr std::string_view certificate_text =
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ0E=\n-----END CERTIFICATE-----\n";

/// Number 7 of a programme, with keys of nobody.
inline sync::KeyBundle key_bundle(Random& random) {
    sync::KeyBundle bundle;
    bundle.number = 7;
    bundle.not_before_ms = 1'767'225'600'000;
    bundle.programme = "厦门两癌筛查";
    bundle.seal_epoch = 3;
    bundle.seal_key = crypto::SealKeyPair::generate(random).public_key();
    bundle.receipt_key = crypto::SigningKey::generate(random).public_key();
    bundle.recovery_key = crypto::SealKeyPair::generate(random).public_key();
    bundle.ca_certificate_pem = certificate_text;
    bundle.tls_pins = {random.bytes<32>(), random.bytes<32>()};
    return bundle;
}

}  // namespace egret::tests
