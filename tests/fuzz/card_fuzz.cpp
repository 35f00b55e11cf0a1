#include "registry/base/base64url.h"
#include "registry/base/ensure.h"
#include "registry/card/jwk.h"
#include "registry/card/verify.h"
#include "registry/deflate/deflate.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

/// The signature of an issuer that means harm: whatever it signs must be stood.
const egret::crypto::Es256Key& hostile_key() {
    static const auto key = egret::crypto::Es256Key::from_private(egret::Fixed<32>{1});
    EGRET_ENSURE(key);
    return *key;
}

egret::card::TrustedIssuer hostile_issuer() { return {"https://a", {hostile_key().public_key()}}; }

std::string signed_by(std::string_view encoded_payload) {
    const auto header = R"({"alg":"ES256","zip":"DEF","kid":")" +
                        egret::crypto::thumbprint(hostile_key().public_key()) + R"("})";
    auto jws = egret::to_base64url(egret::bytes_of(header)).append(".").append(encoded_payload);
    const auto signature = egret::crypto::sign(hostile_key(), egret::bytes_of(jws));
    return jws.append(".").append(egret::to_base64url(signature));
}

}  // namespace

/// As a code, as packed and as plain content under a right signature, as a key set: no input is
/// more than refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const egret::ByteView input{data, size};
    const auto now = egret::instant_from_unix_ms(1'777'608'000'000);
    const auto text = egret::text_of(input);
    (void)egret::card::verify_code(text, hostile_issuer(), now);
    (void)egret::card::parse_key_set(text);
    for (const auto& packed : {egret::copy_of(input), egret::deflate::pack(input)}) {
        const auto jws = signed_by(egret::to_base64url(packed));
        const auto read = egret::card::verify_jws(jws, hostile_issuer(), now);
        if (read) EGRET_ENSURE(egret::card::check_bundle(read->bundle));
    }
    return 0;
}
