#include "sync/core/key_bundle.h"

#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/hash.h"
#include "tests/support/key_bundle.h"
#include "tests/sync/core/damage.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string_view>

using egret::Bytes;
using egret::ByteView;
using egret::ErrorCode;
using egret::sync::KeyBundle;
using egret::sync::open_bundle;
using egret::sync::open_first_bundle;
using egret::sync::root_hash_of;
using egret::sync::sign_bundle;

namespace {

struct BundleFixture {
    egret::SeededRandom random{45};
    egret::crypto::SigningKey root = egret::crypto::SigningKey::generate(random);
    egret::crypto::SigningKey other_root = egret::crypto::SigningKey::generate(random);
    KeyBundle bundle = egret::tests::key_bundle(random);

    /// Signed by the root, whatever it is.
    Bytes signed_raw(ByteView body) const {
        Bytes message = egret::copy_of(egret::bytes_of("cr-bundle-v1"));
        egret::append(message, body);
        Bytes out;
        egret::cbor::Writer to(out);
        to.array(3);
        to.bytes(root.public_key());
        to.bytes(body);
        to.bytes(egret::crypto::sign(root, message));
        return out;
    }

    Bytes body_of(std::uint64_t version, const std::function<void(KeyBundle&)>& change) const {
        auto changed = bundle;
        change(changed);
        Bytes out;
        egret::cbor::Writer to(out);
        to.array(10);
        to.uint(version);
        to.uint(changed.number);
        to.integer(changed.not_before_ms);
        to.text(changed.programme);
        to.uint(changed.seal_epoch);
        to.bytes(changed.seal_key);
        to.bytes(changed.receipt_key);
        to.bytes(changed.recovery_key);
        to.text(changed.ca_certificate_pem);
        to.array(changed.tls_pins.size());
        for (const auto& pin : changed.tls_pins) to.bytes(pin);
        return out;
    }

    /// Of version 3, with three seal keys and two receipt keys.
    KeyBundle newer_bundle() const {
        egret::SeededRandom other(46);
        auto newer = bundle;
        newer.version = 3;
        const auto key = [&] { return egret::crypto::SealKeyPair::generate(other).public_key(); };
        newer.next_seal_keys = {{4, key(), newer.not_before_ms + 1000},
                                {6, key(), newer.not_before_ms + 2000}};
        newer.former_receipt_keys = {other_root.public_key()};
        newer.protocol_max = 2;
        newer.centre_device = egret::make_random_id<egret::DeviceTag>(other);
        return newer;
    }

    /// The first seal key `late_ms` after the bundle.
    static Bytes body_of_3(const KeyBundle& changed, std::int64_t late_ms) {
        Bytes out;
        egret::cbor::Writer to(out);
        to.array(12);
        to.uint(3);
        to.uint(changed.number);
        to.integer(changed.not_before_ms);
        to.text(changed.programme);
        auto seal_keys = changed.next_seal_keys;
        seal_keys.insert(seal_keys.begin(),
                         {changed.seal_epoch, changed.seal_key, changed.not_before_ms + late_ms});
        to.array(seal_keys.size());
        for (const auto& key : seal_keys) {
            to.array(3);
            to.uint(key.epoch);
            to.bytes(key.key);
            to.integer(key.from_ms);
        }
        to.array(1 + changed.former_receipt_keys.size());
        to.bytes(changed.receipt_key);
        for (const auto& key : changed.former_receipt_keys) to.bytes(key);
        to.bytes(changed.recovery_key);
        to.text(changed.ca_certificate_pem);
        to.array(changed.tls_pins.size());
        for (const auto& pin : changed.tls_pins) to.bytes(pin);
        to.uint(changed.protocol_min);
        to.uint(changed.protocol_max);
        to.bytes(changed.centre_device.bytes);
        return out;
    }
};

template <class T>
void check_bundle_refused(const egret::Result<T>& result, ErrorCode code, std::string_view id) {
    REQUIRE_FALSE(result);
    CHECK(result.error().code == code);
    CHECK(result.error().message.id == id);
}

}  // namespace

TEST_SUITE("sync/core/key_bundle") {
    TEST_CASE_FIXTURE(BundleFixture, "what the root signed is taken, and taken again") {
        const auto bytes = sign_bundle(bundle, root);
        const auto opened = open_bundle(bytes, root.public_key(), 7);
        REQUIRE(opened);
        CHECK(*opened == bundle);
        CHECK(opened->seal_key_id() == egret::sync::key_id_of(bundle.seal_key));
        const auto first = open_first_bundle(bytes, root_hash_of(root.public_key()));
        REQUIRE(first);
        CHECK(first->root == root.public_key());
        CHECK(first->bundle == bundle);
        CHECK(sign_bundle(bundle, root) == bytes);
    }

    TEST_CASE_FIXTURE(BundleFixture, "one changed byte, or one less, and it is refused") {
        const auto bytes = sign_bundle(bundle, root);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            auto changed = bytes;
            changed[at] ^= 0x40;
            CHECK_FALSE(open_bundle(changed, root.public_key()));
            CHECK_FALSE(open_first_bundle(changed, root_hash_of(root.public_key())));
            CHECK_FALSE(open_bundle(ByteView(bytes).first(at), root.public_key()));
        }
    }

    TEST_CASE_FIXTURE(BundleFixture, "another root's is refused, whatever it says") {
        const auto bytes = sign_bundle(bundle, other_root);
        check_bundle_refused(open_bundle(bytes, root.public_key()), ErrorCode::unauthorized,
                             "bundle.other_root");
        check_bundle_refused(open_first_bundle(bytes, root_hash_of(root.public_key())),
                             ErrorCode::unauthorized, "bundle.not_of_code");
        // The right name over another's signature.
        auto forged = bytes;
        const auto& key = root.public_key();
        std::copy(key.begin(), key.end(), forged.begin() + 3);
        check_bundle_refused(open_bundle(forged, key), ErrorCode::unauthorized,
                             "bundle.bad_signature");
        check_bundle_refused(open_first_bundle(forged, root_hash_of(key)), ErrorCode::unauthorized,
                             "bundle.bad_signature");
    }

    TEST_CASE_FIXTURE(BundleFixture, "an older one is refused") {
        check_bundle_refused(open_bundle(sign_bundle(bundle, root), root.public_key(), 8),
                             ErrorCode::conflict, "bundle.older");
    }

    TEST_CASE_FIXTURE(BundleFixture, "even the root signs nothing that can't be one") {
        CHECK(open_bundle(signed_raw(body_of(2, [](KeyBundle&) {})), root.public_key()));
        const std::function<void(KeyBundle&)> changes[] = {
            [](KeyBundle& b) { b.number = 0; },
            [](KeyBundle& b) { b.programme.clear(); },
            [](KeyBundle& b) { b.programme = std::string(201, 'x'); },
            [](KeyBundle& b) { b.seal_key = {}; },  // Nothing can be sealed to it.
            [](KeyBundle& b) { b.recovery_key = {}; },
            [](KeyBundle& b) { b.ca_certificate_pem = "none"; },
            [](KeyBundle& b) { b.ca_certificate_pem.insert(40, std::string(9000, 'A')); },
            [](KeyBundle& b) { b.tls_pins.clear(); },
            [](KeyBundle& b) { b.tls_pins.resize(9); }};
        for (const auto& change : changes)
            check_bundle_refused(open_bundle(signed_raw(body_of(2, change)), root.public_key()),
                                 ErrorCode::invalid_input, "bundle.malformed");
        check_bundle_refused(
            open_bundle(signed_raw(body_of(4, [](KeyBundle&) {})), root.public_key()),
            ErrorCode::unsupported, "bundle.unsupported");
        auto longer = body_of(2, [](KeyBundle&) {});
        longer.push_back(0);
        check_bundle_refused(open_bundle(signed_raw(longer), root.public_key()),
                             ErrorCode::invalid_input, "bundle.malformed");
    }

    TEST_CASE_FIXTURE(BundleFixture, "version 3 brings more keys, and each has its time") {
        const auto newer = newer_bundle();
        const auto bytes = sign_bundle(newer, root);
        const auto opened = open_bundle(bytes, root.public_key(), 7);
        REQUIRE(opened);
        CHECK(*opened == newer);
        CHECK(sign_bundle(*opened, root) == bytes);
        CHECK(open_first_bundle(bytes, root_hash_of(root.public_key()))->bundle == newer);
        egret::tests::check_damage_refused(
            bytes, [&](ByteView some) { return bool(open_bundle(some, root.public_key())); });

        const auto epoch_at = [&](std::int64_t ms) {
            return opened->seal_key_at(egret::instant_from_unix_ms(ms)).epoch;
        };
        const auto start = newer.not_before_ms;
        CHECK(epoch_at(0) == 3);  // A clock that can't be right.
        CHECK(epoch_at(start) == 3);
        CHECK(epoch_at(start + 999) == 3);
        CHECK(epoch_at(start + 1000) == 4);
        CHECK(epoch_at(start + 1999) == 4);
        CHECK(epoch_at(start + 2000) == 6);
        CHECK(epoch_at(INT64_MAX / 4) == 6);
        CHECK(opened->seal_key_at(egret::instant_from_unix_ms(start + 1000)).key ==
              newer.next_seal_keys[0].key);
        CHECK(opened->receipt_keys().size() == 2);
        CHECK(opened->receipt_keys()[0] == newer.receipt_key);
        CHECK(opened->is_receipt_key(newer.receipt_key));
        CHECK(opened->is_receipt_key(newer.former_receipt_keys[0]));
        CHECK_FALSE(opened->is_receipt_key(root.public_key()));
        CHECK(bundle.seal_key_at(egret::instant_from_unix_ms(start)).key == bundle.seal_key);
    }

    TEST_CASE_FIXTURE(BundleFixture, "nor of version 3 anything that can't be one") {
        const std::function<void(KeyBundle&)> changes[] = {
            [](KeyBundle& b) { b.number = 1ULL << 63; },
            [](KeyBundle& b) { b.next_seal_keys[0].epoch = 3; },
            [](KeyBundle& b) { b.next_seal_keys[0].from_ms = b.not_before_ms; },
            [](KeyBundle& b) { std::swap(b.next_seal_keys[0], b.next_seal_keys[1]); },
            [](KeyBundle& b) { b.next_seal_keys[1].key = {}; },
            [](KeyBundle& b) {
                while (b.next_seal_keys.size() < 8) {
                    auto more = b.next_seal_keys.back();
                    more.epoch += 1;
                    more.from_ms += 1;
                    b.next_seal_keys.push_back(more);
                }
            },
            [](KeyBundle& b) { b.former_receipt_keys.resize(3); },
            [](KeyBundle& b) { b.protocol_min = 0; },
            [](KeyBundle& b) { b.protocol_max = 0; },
            [](KeyBundle& b) { b.protocol_min = 3; },
            [](KeyBundle& b) { b.centre_device = {}; }};
        for (const auto& change : changes) {
            auto changed = newer_bundle();
            change(changed);
            check_bundle_refused(open_bundle(signed_raw(body_of_3(changed, 0)), root.public_key()),
                                 ErrorCode::invalid_input, "bundle.malformed");
        }
        CHECK(open_bundle(signed_raw(body_of_3(newer_bundle(), 0)), root.public_key()));
        // The first key's time is the bundle's.
        CHECK_FALSE(open_bundle(signed_raw(body_of_3(newer_bundle(), 1)), root.public_key()));
    }

    TEST_CASE_FIXTURE(BundleFixture, "a root's hash is the first 130 bits, as 26 characters") {
        const auto& key = root.public_key();
        const auto text = egret::sync::format_root_hash(root_hash_of(key));
        CHECK(text.size() == 26);
        CHECK(text == egret::to_crockford(egret::crypto::sha256(key)).substr(0, 26));
        CHECK(root_hash_of(key) != root_hash_of(other_root.public_key()));
    }
}
