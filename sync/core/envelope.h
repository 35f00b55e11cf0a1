#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"

#include <cstdint>
#include <vector>

/// The envelope: what travels between a clinic and the centre, the same bytes over HTTPS, through
/// a relay and on a stick. Anybody who knows the sender's key can tell that it is whole and whose
/// it is; only the recipient can open it.
///
/// Format, version 1. Numbers are big-endian.
///
///       0   4  "CRB1"
///       4   1  version, 1
///       5   1  suite: EnvelopeSuite
///       6   1  kind: EnvelopeKind
///       7   1  flags: bit 0 the content is a Zstandard frame, the others 0
///       8  16  sender
///      24   4  sender's key epoch
///      28   8  recipient's key id: the first bytes of SHA-256 of its public key
///      36   8  first_seq
///      44   8  last_seq
///      52  16  batch id
///      68   4  n, the length of the ciphertext with its tag
///      72  32  enc of HPKE
///     104   n  ciphertext: HPKE, base mode; info and aad are the bytes 0 to 71
///   104+n  64  Ed25519 over "cr-batch-v1" and all bytes before this
///
/// What is encrypted: the length of the content (4), the content, zeros up to the next Padmé length
/// of at least 224.
namespace egret::sync {

enum class EnvelopeSuite : std::uint8_t {
    aes_256_gcm = 1,        // DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM
    chacha20_poly1305 = 2,  // The same for machines whose processor has no AES.
};

enum class EnvelopeKind : std::uint8_t {
    upload = 1,      // batch.h
    feed = 2,        // feed.h
    receipt = 3,     // receipt.h
    key_bundle = 4,  // Not used: a bundle is signed by the root itself, and secret to nobody.
    own_log = 5,     // own_log.h
    call = 6,        // call.h
};

/// Which of a recipient's keys.
using KeyId = Fixed<8>;

KeyId key_id_of(const crypto::SealPublicKey& key);

/// What can be read without a key, and is bound to the content.
struct EnvelopeHeader {
    EnvelopeSuite suite = EnvelopeSuite::aes_256_gcm;
    EnvelopeKind kind = EnvelopeKind::upload;
    bool is_compressed = true;
    DeviceId sender;
    std::uint32_t sender_epoch = 0;
    KeyId recipient_key_id{};
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    BatchId batch_id;

    friend bool operator==(const EnvelopeHeader&, const EnvelopeHeader&) = default;
};

/// Compresses (if the header says so), pads, seals and signs. `plaintext` is at most
/// limits::batch_open_bytes_max long, and recipient_key_id is filled in here. Sealing again gives
/// other bytes: keep what was sealed until it is acknowledged.
///
/// The result may be longer than limits::batch_sealed_bytes_max, which no reader takes: put less
/// into the batch then. Throws CryptoError if the recipient's key is not usable.
Bytes seal_envelope(EnvelopeHeader header, ByteView plaintext,
                    const crypto::SealPublicKey& recipient, const crypto::SigningKey& sender,
                    Random& random);

/// Looks at the outside only: the header is not to be believed before verify_envelope.
/// Errors: too_large, past limits::batch_sealed_bytes_max; unsupported, for a version, suite, kind
/// or flag that we don't know; invalid_input, if it is no envelope or not exactly one.
Result<EnvelopeHeader> parse_envelope(ByteView envelope);

/// Whether the holder of `sender` made exactly these bytes.
/// Errors: those of parse_envelope; unauthorized, if the signature isn't this sender's.
Result<Done> verify_envelope(ByteView envelope, const crypto::VerifyKey& sender);
/// The same for a sender who has, or had, one of these keys.
Result<Done> verify_envelope(ByteView envelope, const std::vector<crypto::VerifyKey>& sender);

/// The plaintext. Says nothing about who made it: verify first.
/// Errors: those of parse_envelope; not_found, if it is sealed to another key; invalid_input, if it
/// was changed or holds no content; too_large, past limits::batch_open_bytes_max.
Result<Bytes> open_envelope(ByteView envelope, const crypto::SealKeyPair& recipient);

}  // namespace egret::sync
