#pragma once

#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"

namespace egret::tests {

/// A correctly sealed and signed envelope around anything: `padded` is encrypted as it is. The
/// first 68 bytes of `header` are used as they are, too; suite 2 is taken for what it is, any other
/// for suite 1.
inline Bytes raw_envelope(ByteView header, ByteView padded, const crypto::SealPublicKey& recipient,
                          const crypto::SigningKey& sender, Random& random) {
    auto envelope = copy_of(header.first(68));
    const auto length = padded.size() + 16;
    for (const int shift : {24, 16, 8, 0})
        envelope.push_back(static_cast<std::uint8_t>(length >> shift));
    const Bytes bound = envelope;
    const auto aead = bound[5] == 2 ? crypto::Aead::chacha20_poly1305 : crypto::Aead::aes_256_gcm;
    const auto sealed = crypto::seal(aead, recipient, {bound, bound}, padded, random);
    append(envelope, sealed.enc);
    append(envelope, sealed.ciphertext);
    Bytes message = copy_of(bytes_of("cr-batch-v1"));
    append(message, envelope);
    append(envelope, crypto::sign(sender, message));
    return envelope;
}

/// The same bytes under a signature of `sender`.
inline Bytes signed_again(ByteView envelope, const crypto::SigningKey& sender) {
    auto out = copy_of(envelope.first(envelope.size() - 64));
    Bytes message = copy_of(bytes_of("cr-batch-v1"));
    append(message, out);
    append(out, crypto::sign(sender, message));
    return out;
}

}  // namespace egret::tests
