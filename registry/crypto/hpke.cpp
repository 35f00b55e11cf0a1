#include "registry/crypto/hpke.h"

#include "registry/base/ensure.h"
#include "registry/crypto/crypto_error.h"
#include "registry/crypto/kdf.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace egret::crypto {
namespace {

constexpr std::uint16_t kem_id = 0x0020;  // DHKEM(X25519, HKDF-SHA256)
constexpr std::uint16_t kdf_id = 0x0001;  // HKDF-SHA256
constexpr std::uint8_t mode_base = 0;

struct ExchangeContextFree {
    void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
};

void append_u16(Bytes& to, std::uint16_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8));
    to.push_back(static_cast<std::uint8_t>(value & 0xff));
}

Bytes kem_suite() {
    auto suite = copy_of(bytes_of("KEM"));
    append_u16(suite, kem_id);
    return suite;
}

Bytes hpke_suite(Aead aead) {
    auto suite = copy_of(bytes_of("HPKE"));
    append_u16(suite, kem_id);
    append_u16(suite, kdf_id);
    append_u16(suite, static_cast<std::uint16_t>(aead));
    return suite;
}

/// The two labelled functions of RFC 9180, section 4, for one suite.
class LabeledKdf {
public:
    explicit LabeledKdf(Bytes suite) : suite_(std::move(suite)) {}

    Secret extract(ByteView salt, std::string_view label, ByteView input) const {
        const Secret labeled(labeled_bytes({}, label, input));
        auto key = hkdf_extract(salt, labeled);
        Secret out{ByteView(key)};
        wipe(key);
        return out;
    }

    Secret expand(ByteView key, std::string_view label, ByteView info, std::size_t length) const {
        Bytes size;
        append_u16(size, static_cast<std::uint16_t>(length));
        return hkdf_expand(key, labeled_bytes(size, label, info), length);
    }

private:
    Bytes labeled_bytes(ByteView size, std::string_view label, ByteView input) const {
        constexpr std::string_view version = "HPKE-v1";
        Bytes labeled;
        labeled.reserve(size.size() + version.size() + suite_.size() + label.size() + input.size());
        append(labeled, size);
        append(labeled, bytes_of(version));
        append(labeled, suite_);
        append(labeled, bytes_of(label));
        append(labeled, input);
        return labeled;
    }

    Bytes suite_;
};

/// ExtractAndExpand of the KEM.
Secret shared_secret_of(ByteView exchanged, const SealPublicKey& enc,
                        const SealPublicKey& recipient) {
    const LabeledKdf kdf(kem_suite());
    Bytes kem_context = copy_of(enc);
    append(kem_context, recipient);
    const auto key = kdf.extract({}, "eae_prk", exchanged);
    return kdf.expand(key, "shared_secret", kem_context, 32);
}

Secret secret_of(Aead aead, ByteView shared_secret) {
    return LabeledKdf(hpke_suite(aead)).extract(shared_secret, "secret", {});
}

/// One output of the key schedule, in base mode: there is no pre-shared key and no name for one.
Secret scheduled(Aead aead, ByteView shared_secret, ByteView info, std::string_view label,
                 std::size_t length) {
    const LabeledKdf kdf(hpke_suite(aead));
    Bytes context{mode_base};
    append(context, kdf.extract({}, "psk_id_hash", {}));
    append(context, kdf.extract({}, "info_hash", info));
    return kdf.expand(secret_of(aead, shared_secret), label, context, length);
}

Error cannot_exchange() { return {ErrorCode::invalid_input, "", msg("seal.cannot_open")}; }

}  // namespace

bool is_usable(const SealPublicKey& key) {
    // Any private key shows it: its low bits are cleared, which takes each such point to zero.
    return static_cast<bool>(SealKeyPair::from_private(Fixed<32>{1}).exchange(key));
}

SealKeyPair::SealKeyPair(Secret private_key)
    : private_key_(std::move(private_key)),
      pkey_(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, private_key_.view().data(),
                                         private_key_.size())) {
    require_crypto(pkey_ != nullptr, "X25519 key");
    std::size_t length = public_key_.size();
    const int ok = EVP_PKEY_get_raw_public_key(pkey_.get(), public_key_.data(), &length);
    require_crypto(ok == 1 && length == public_key_.size(), "X25519 key");
}

SealKeyPair SealKeyPair::generate(Random& random) {
    auto key = Secret::of_size(32);
    random.fill(key.span());
    return SealKeyPair(std::move(key));
}

SealKeyPair SealKeyPair::from_private(ByteView key) {
    EGRET_ENSURE(key.size() == 32);
    return SealKeyPair(Secret(key));
}

Result<Secret> SealKeyPair::exchange(const SealPublicKey& peer) const {
    const Pkey peer_key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, peer.data(), peer.size()));
    const std::unique_ptr<EVP_PKEY_CTX, ExchangeContextFree> context(
        EVP_PKEY_CTX_new(pkey_.get(), nullptr));
    require_crypto(peer_key != nullptr && context != nullptr, "X25519 exchange");
    require_crypto(EVP_PKEY_derive_init(context.get()) == 1 &&
                       EVP_PKEY_derive_set_peer(context.get(), peer_key.get()) == 1,
                   "X25519 exchange");
    auto out = Secret::of_size(32);
    std::size_t length = out.size();
    // OpenSSL refuses a result of zeros; RFC 9180 wants us to be sure of that.
    const bool ok = EVP_PKEY_derive(context.get(), out.span().data(), &length) == 1;
    ERR_clear_error();
    std::uint8_t any = 0;
    for (const auto byte : out.view()) any |= byte;
    if (!ok || any == 0) return cannot_exchange();
    return out;
}

HpkeContext::HpkeContext(Aead aead, ByteView shared_secret, ByteView info)
    : aead_(aead),
      key_(aead, scheduled(aead, shared_secret, info, "key", key_bytes(aead))),
      base_nonce_(scheduled(aead, shared_secret, info, "base_nonce", Nonce{}.size())),
      exporter_secret_(scheduled(aead, shared_secret, info, "exp", 32)) {}

HpkeContext::Sender HpkeContext::make_sender(Aead aead, const SealPublicKey& recipient,
                                             ByteView info, Random& random) {
    const auto own = SealKeyPair::generate(random);
    const auto exchanged = own.exchange(recipient);
    if (!exchanged) throw CryptoError("crypto: the recipient's key is not usable");
    const auto shared = shared_secret_of(*exchanged, own.public_key(), recipient);
    return {own.public_key(), HpkeContext(aead, shared, info)};
}

Result<HpkeContext> HpkeContext::make_recipient(Aead aead, const SealKeyPair& recipient,
                                                const SealPublicKey& enc, ByteView info) {
    const auto exchanged = recipient.exchange(enc);
    if (!exchanged) return exchanged.error();
    const auto shared = shared_secret_of(*exchanged, enc, recipient.public_key());
    return HpkeContext(aead, shared, info);
}

Nonce HpkeContext::nonce() const {
    Nonce nonce;
    std::copy_n(base_nonce_.view().begin(), nonce.size(), nonce.begin());
    for (std::size_t i = 0; i < 8; ++i) {
        auto& byte = nonce[nonce.size() - 1 - i];
        byte = static_cast<std::uint8_t>(byte ^ ((sequence_ >> (8 * i)) & 0xff));
    }
    return nonce;
}

Bytes HpkeContext::seal(ByteView aad, ByteView plaintext) {
    auto sealed = key_.seal(nonce(), aad, plaintext);
    ++sequence_;
    EGRET_ENSURE(sequence_ != 0);
    return sealed;
}

Result<Bytes> HpkeContext::open(ByteView aad, ByteView ciphertext) {
    auto opened = key_.open(nonce(), aad, ciphertext);
    if (opened) {
        ++sequence_;
        EGRET_ENSURE(sequence_ != 0);
    }
    return opened;
}

Secret HpkeContext::export_secret(ByteView exporter_context, std::size_t length) const {
    return LabeledKdf(hpke_suite(aead_)).expand(exporter_secret_, "sec", exporter_context, length);
}

Sealed seal(Aead aead, const SealPublicKey& recipient, const SealBinding& binding,
            ByteView plaintext, Random& random) {
    auto sender = HpkeContext::make_sender(aead, recipient, binding.info, random);
    return {sender.enc, sender.context.seal(binding.aad, plaintext)};
}

Result<Bytes> open(Aead aead, const SealKeyPair& recipient, const SealBinding& binding,
                   const SealPublicKey& enc, ByteView ciphertext) {
    auto context = HpkeContext::make_recipient(aead, recipient, enc, binding.info);
    if (!context) return std::move(context).error();
    return context->open(binding.aad, ciphertext);
}

}  // namespace egret::crypto
