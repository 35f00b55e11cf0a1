#pragma once

#include "registry/base/text.h"
#include "registry/crypto/sign.h"
#include "registry/files/private_file.h"
#include "sync/core/key_bundle.h"
#include "tests/sync/client/outbox_fixture.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::tests {

/// A centre whose root is at hand: it signs whatever a test wants to have in a key bundle.
struct RootFixture : OutboxFixture {
    sync::KeyBundle centre_bundle() const {
        return *sync::open_bundle(centre.keys->bundle(), centre.keys->root());
    }

    Bytes sign(const sync::KeyBundle& bundle) const {
        const auto hex = read_small_file(centre.folder.file("keys") + "/root.key", 1000);
        REQUIRE(hex);
        const auto seed = from_hex(trim(text_of(*hex)));
        REQUIRE(seed);
        return sync::sign_bundle(bundle, crypto::SigningKey::from_seed(*seed));
    }

    /// From now on the machine has that bundle, as if it had got it when it joined.
    void hold(const sync::KeyBundle& bundle) {
        auto keys = client::LinkKeys::load(home());
        auto membership = *(*keys)->membership();
        membership.bundle = sign(bundle);
        (*keys)->join(membership);
        (*keys)->save(home());
    }

    sync::KeyBundle held() const {
        const auto keys = client::LinkKeys::load(home());
        const auto& membership = *(*keys)->membership();
        return *sync::open_bundle(membership.bundle, membership.root);
    }

    /// The centre's next one, with the keys that it has, in the newest form.
    sync::KeyBundle next_bundle() const {
        auto bundle = centre_bundle();
        bundle.number += 1;
        bundle.version = 3;
        bundle.protocol_max = sync::protocol_version;
        if (bundle.centre_device == DeviceId{}) bundle.centre_device.bytes.fill(9);
        return bundle;
    }
};

}  // namespace egret::tests
