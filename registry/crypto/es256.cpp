#include "registry/crypto/es256.h"

#include "registry/base/base64url.h"
#include "registry/crypto/crypto_error.h"
#include "registry/crypto/hash.h"
#include "registry/crypto/release.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace egret::crypto {
namespace {

constexpr std::size_t coordinate_size = 32;
constexpr std::size_t point_size = 1 + 2 * coordinate_size;
constexpr std::uint8_t uncompressed = 0x04;
constexpr const char* curve_name = "P-256";

using Number = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using RawSignature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;

Number number_of(ByteView bytes) {
    Number number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    require_crypto(number != nullptr, "P-256 number");
    return number;
}

Fixed<coordinate_size> bytes_of_number(const BIGNUM* number) {
    Fixed<coordinate_size> bytes;
    require_crypto(BN_bn2binpad(number, bytes.data(), coordinate_size) == coordinate_size,
                   "P-256 number");
    return bytes;
}

Group p256() {
    Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    require_crypto(group != nullptr, "P-256");
    return group;
}

/// The multiple of the generator.
Es256PublicKey public_key_of(const EC_GROUP* group, const BIGNUM* scalar) {
    const Point point(EC_POINT_new(group));
    const Number x(BN_new());
    const Number y(BN_new());
    const bool ok =
        point && x && y &&
        EC_POINT_mul(group, point.get(), scalar, nullptr, nullptr, nullptr) == 1 &&
        EC_POINT_get_affine_coordinates(group, point.get(), x.get(), y.get(), nullptr) == 1;
    require_crypto(ok, "P-256 key");
    return {bytes_of_number(x.get()), bytes_of_number(y.get())};
}

/// Null for what is no point of the curve. With a private key it signs, else it verifies.
Pkey make_pkey(const Es256PublicKey& key, const BIGNUM* private_key) {
    Fixed<point_size> point;
    point[0] = uncompressed;
    std::copy(key.x.begin(), key.x.end(), point.begin() + 1);
    std::copy(key.y.begin(), key.y.end(), point.begin() + 1 + coordinate_size);
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    bool ok = builder &&
              OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve_name,
                                              0) == 1 &&
              OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                               point.size()) == 1;
    if (ok && private_key)
        ok = OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, private_key) == 1;
    require_crypto(ok, "P-256 key");
    const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    require_crypto(params && context && EVP_PKEY_fromdata_init(context.get()) == 1, "P-256 key");
    EVP_PKEY* made = nullptr;
    const int selection = private_key ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (EVP_PKEY_fromdata(context.get(), &made, selection, params.get()) != 1) made = nullptr;
    ERR_clear_error();  // A bad point is an outcome: nothing may stay for TLS to stumble over.
    return Pkey(made);
}

Bytes to_der(const Es256Signature& signature) {
    const auto view = ByteView(signature);
    auto r = number_of(view.first(coordinate_size));
    auto s = number_of(view.last(coordinate_size));
    const RawSignature raw(ECDSA_SIG_new());
    require_crypto(raw && ECDSA_SIG_set0(raw.get(), r.get(), s.get()) == 1, "ES256 verification");
    static_cast<void>(r.release());  // They are the signature's now.
    static_cast<void>(s.release());
    const int size = i2d_ECDSA_SIG(raw.get(), nullptr);
    require_crypto(size > 0, "ES256 verification");
    Bytes der(static_cast<std::size_t>(size));
    auto* out = der.data();
    require_crypto(i2d_ECDSA_SIG(raw.get(), &out) == size, "ES256 verification");
    return der;
}

Es256Signature from_der(ByteView der) {
    const auto* in = der.data();
    const RawSignature raw(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
    require_crypto(raw != nullptr, "ES256 signature");
    const auto r = bytes_of_number(ECDSA_SIG_get0_r(raw.get()));
    const auto s = bytes_of_number(ECDSA_SIG_get0_s(raw.get()));
    Es256Signature signature;
    std::copy(r.begin(), r.end(), signature.begin());
    std::copy(s.begin(), s.end(), signature.begin() + coordinate_size);
    return signature;
}

}  // namespace

Fixed<64> Es256PublicKey::to_bytes() const {
    Fixed<64> bytes;
    std::copy(y.begin(), y.end(), std::copy(x.begin(), x.end(), bytes.begin()));
    return bytes;
}

Es256PublicKey Es256PublicKey::from_bytes(const Fixed<64>& bytes) {
    Es256PublicKey key;
    std::copy_n(bytes.begin(), coordinate_size, key.x.begin());
    std::copy_n(bytes.begin() + coordinate_size, coordinate_size, key.y.begin());
    return key;
}

Es256Key::Es256Key(Secret private_key, const Es256PublicKey& public_key)
    : private_key_(std::move(private_key)),
      public_key_(public_key),
      pkey_(make_pkey(public_key_, number_of(private_key_).get())) {
    require_crypto(pkey_ != nullptr, "P-256 key");
}

std::optional<Es256Key> Es256Key::from_private(ByteView private_key) {
    if (private_key.size() != coordinate_size) return std::nullopt;
    const auto group = p256();
    const auto scalar = number_of(private_key);
    const bool is_key =
        BN_is_zero(scalar.get()) == 0 && BN_cmp(scalar.get(), EC_GROUP_get0_order(group.get())) < 0;
    if (!is_key) return std::nullopt;
    return Es256Key(Secret(private_key), public_key_of(group.get(), scalar.get()));
}

Es256Key Es256Key::generate(Random& random) {
    auto drawn = Secret::of_size(coordinate_size);
    for (;;) {  // The order is so near to 2^256 that a second draw is never seen.
        random.fill(drawn.span());
        if (auto key = from_private(drawn)) return *std::move(key);
    }
}

Es256Signature sign(const Es256Key& key, ByteView message) {
    const DigestContext context(EVP_MD_CTX_new());
    std::size_t size = 0;
    require_crypto(
        context &&
            EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.pkey_.get()) ==
                1 &&
            EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1,
        "ES256 signature");
    Bytes der(size);
    require_crypto(
        EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) == 1,
        "ES256 signature");
    der.resize(size);
    return from_der(der);
}

bool verify(const Es256PublicKey& key, ByteView message, const Es256Signature& signature) {
    const auto pkey = make_pkey(key, nullptr);
    if (!pkey) return false;
    const auto der = to_der(signature);
    const DigestContext context(EVP_MD_CTX_new());
    require_crypto(context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                                                   pkey.get()) == 1,
                   "ES256 verification");
    const bool is_good = EVP_DigestVerify(context.get(), der.data(), der.size(), message.data(),
                                          message.size()) == 1;
    ERR_clear_error();
    return is_good;
}

bool is_usable(const Es256PublicKey& key) { return make_pkey(key, nullptr) != nullptr; }

std::string thumbprint(const Es256PublicKey& key) {
    // Exactly these members, in the order of their names and without white space.
    const auto canonical = R"({"crv":"P-256","kty":"EC","x":")" + to_base64url(key.x) +
                           R"(","y":")" + to_base64url(key.y) + R"("})";
    return to_base64url(sha256(bytes_of(canonical)));
}

}  // namespace egret::crypto
