#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "sync/core/envelope.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The key bundle: what a device must know of its centre, signed by the programme's root key, which
/// is kept offline. A device trusts one root for good and takes each newer bundle from whoever
/// brings it.
///
///   signed bundle = CBOR array of 3: [root public key(32), body, signature(64)]
///   body          = CBOR byte string of an array of 12: [3, number, not before (Unix ms),
///                   programme's name, [[epoch, seal key(32), from (Unix ms)]…],
///                   [receipt key(32)…], recovery key(32), certificate of the TLS authority (PEM),
///                   [SHA-256 of a server's SubjectPublicKeyInfo(32)…], protocol_min,
///                   protocol_max, the centre's device(16)]
///   signature     = Ed25519 by the root over "cr-bundle-v1" and the body's bytes
///
/// Epochs and times ascend; the first seal key's time is not_before. The first receipt key is the
/// one that signs now.
///
/// Version 2 is taken for ever, and may be signed beside version 3 for programs that know no other:
///
///   body          = CBOR byte string of an array of 10: [2, number, not before (Unix ms),
///                   programme's name, seal key's epoch, seal key(32), receipt key(32),
///                   recovery key(32), certificate of the TLS authority (PEM), [SHA-256 of a
///                   server's SubjectPublicKeyInfo(32)…]]
namespace egret::sync {

/// A key to which uploads are sealed from a time on.
struct SealKeyEpoch {
    std::uint32_t epoch = 0;
    crypto::SealPublicKey key{};
    std::int64_t from_ms = 0;

    friend bool operator==(const SealKeyEpoch&, const SealKeyEpoch&) = default;
};

struct KeyBundle {
    std::uint64_t number = 0;        // Grows with each bundle of a programme.
    std::int64_t not_before_ms = 0;  // When it was made: no clock that shows less is right.
    std::string programme;           // Its name, for people.
    std::uint32_t seal_epoch = 0;
    crypto::SealPublicKey seal_key{};  // To which uploads are sealed, at first.
    crypto::VerifyKey receipt_key{};   // Which signs the centre's answers.
    // To which each clinic's registry is sealed, for when its sheet and PINs are lost.
    crypto::SealPublicKey recovery_key{};
    std::string ca_certificate_pem;
    std::vector<Hash> tls_pins;  // The server's key now and the next: one to eight.

    std::uint16_t version = 2;  // Of its form, 2 or 3. What follows is as it stands here in 2.
    std::vector<SealKeyEpoch>
        next_seal_keys{};  // Those that take the first one's place, ascending.
    std::vector<crypto::VerifyKey> former_receipt_keys{};  // Newest first: answers on sticks.
    std::uint16_t protocol_min = 1;                        // What the centre speaks.
    std::uint16_t protocol_max = 1;
    DeviceId centre_device;  // In whose name it sends feeds; none in version 2.

    /// The key to seal to at `now`. For a clock before all of them, the first.
    SealKeyEpoch seal_key_at(Instant now) const;

    /// All that the centre's answers may be signed with, the present one first.
    std::vector<crypto::VerifyKey> receipt_keys() const;

    bool is_receipt_key(const crypto::VerifyKey& key) const;

    /// Which key the centre has to open an envelope with.
    KeyId seal_key_id() const { return key_id_of(seal_key); }

    friend bool operator==(const KeyBundle&, const KeyBundle&) = default;
};

/// The first 130 bits of SHA-256 of a root's public key; the others are 0. Short enough to be typed
/// in, long enough that nobody finds another root for it.
using RootHash = Fixed<17>;

inline constexpr std::size_t root_hash_bits = 130;

RootHash root_hash_of(const crypto::VerifyKey& root);
/// 26 characters of Crockford's base 32.
std::string format_root_hash(const RootHash& hash);

/// The bundle must be one that open_bundle takes. Its version says in which form it is signed.
Bytes sign_bundle(const KeyBundle& bundle, const crypto::SigningKey& root);

/// Errors: invalid_input, if it is no such bundle or names a key that can't be sealed to;
/// unsupported, for a version that we don't know; unauthorized, if it isn't signed by `root`;
/// conflict, if its number is below `number_min`: an older one, brought again.
Result<KeyBundle> open_bundle(ByteView bytes, const crypto::VerifyKey& root,
                              std::uint64_t number_min = 0);

struct TrustedBundle {
    crypto::VerifyKey root{};  // To be kept: all later bundles must be signed by it.
    KeyBundle bundle;
};

/// The same for who has nothing yet but a code with the hash of the root.
Result<TrustedBundle> open_first_bundle(ByteView bytes, const RootHash& root_hash);

/// Whether `text` may be one PEM block of that kind ("CERTIFICATE"), and not too long.
bool is_pem_like(std::string_view text, std::string_view kind);

}  // namespace egret::sync
