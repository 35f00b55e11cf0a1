#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/aead.h"
#include "registry/crypto/pkey.h"
#include "registry/crypto/wipe.h"

#include <cstdint>

/// Public-key encryption as in RFC 9180: DHKEM(X25519, HKDF-SHA256) and HKDF-SHA256, base mode.
/// Who sealed something is not part of it: a signature outside says that.
namespace egret::crypto {

/// X25519.
using SealPublicKey = Fixed<32>;

/// False for the few points with which every exchange gives zeros. To be asked wherever a key is
/// taken in (enrolment, key bundles): sealing to such a key throws.
bool is_usable(const SealPublicKey& key);

/// A key to which others can seal. The private half is wiped with the object. Opening doesn't
/// change it, so several threads may use it at once.
class SealKeyPair {
public:
    static SealKeyPair generate(Random& random);
    /// `key` has 32 bytes.
    static SealKeyPair from_private(ByteView key);

    const SealPublicKey& public_key() const noexcept { return public_key_; }

    /// What from_private takes: for a key file, and nothing else.
    ByteView private_key() const noexcept { return private_key_.view(); }

    /// The X25519 exchange.
    /// Errors: invalid_input, if the result is all zeros.
    Result<Secret> exchange(const SealPublicKey& peer) const;

private:
    explicit SealKeyPair(Secret private_key);

    Secret private_key_;
    Pkey pkey_;
    SealPublicKey public_key_{};
};

/// One direction of a conversation: a sequence of messages, to be opened in the order in which
/// they were sealed. Not thread-safe.
class HpkeContext {
public:
    struct Sender;

    /// Draws a key of its own for this conversation.
    /// Throws CryptoError if `recipient` is not usable.
    static Sender make_sender(Aead aead, const SealPublicKey& recipient, ByteView info,
                              Random& random);
    /// Errors: invalid_input, if `enc` is no key that a sender can have drawn.
    static Result<HpkeContext> make_recipient(Aead aead, const SealKeyPair& recipient,
                                              const SealPublicKey& enc, ByteView info);

    Bytes seal(ByteView aad, ByteView plaintext);
    /// Errors: invalid_input, if this isn't the next message; then the next one is still expected.
    Result<Bytes> open(ByteView aad, ByteView ciphertext);
    /// A secret that only the two ends know, for another use.
    Secret export_secret(ByteView exporter_context, std::size_t length) const;

private:
    HpkeContext(Aead aead, ByteView shared_secret, ByteView info);
    Nonce nonce() const;

    Aead aead_;
    AeadKey key_;
    Secret base_nonce_;
    Secret exporter_secret_;
    std::uint64_t sequence_ = 0;
};

struct HpkeContext::Sender {
    SealPublicKey enc;  // Goes along with the first message.
    HpkeContext context;
};

/// What both ends know and the ciphertext is bound to, without being in it.
struct SealBinding {
    ByteView info;
    ByteView aad;
};

struct Sealed {
    SealPublicKey enc;
    Bytes ciphertext;  // As long as the plaintext, and 16 more.
};

/// One message to one recipient.
/// Throws CryptoError if `recipient` is not usable.
Sealed seal(Aead aead, const SealPublicKey& recipient, const SealBinding& binding,
            ByteView plaintext, Random& random);
/// Errors: invalid_input, if it was sealed to another key or with another binding, or was changed.
Result<Bytes> open(Aead aead, const SealKeyPair& recipient, const SealBinding& binding,
                   const SealPublicKey& enc, ByteView ciphertext);

}  // namespace egret::crypto
