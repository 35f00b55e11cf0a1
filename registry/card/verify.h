#pragma once

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/crypto/es256.h"
#include "registry/json/value.h"

#include <string>
#include <string_view>
#include <vector>

/// Reads health cards as strictly as they are specified: what is not exactly a card of
/// vaccinations by the issuer that is trusted is refused, with a reason.
namespace egret::card {

/// An issuer that is trusted, with the keys that it publishes.
struct TrustedIssuer {
    std::string url;
    std::vector<crypto::Es256PublicKey> keys;
};

struct VerifiedCard {
    std::string key_id;
    Instant issued;
    json::Value bundle;  // By the profile: check_bundle.
};

/// From the text of a QR code.
/// Errors: unsupported for one of several codes; those of verify_jws.
Result<VerifiedCard> verify_code(std::string_view code_text, const TrustedIssuer& issuer,
                                 Instant now);

/// Errors: unauthorized, if the key is none of the issuer's, the signature is wrong, or it says
/// another issuer; invalid_input, if anything is not as it must be, or the time is not in its
/// bounds; too_large, if its content is longer than any card's.
Result<VerifiedCard> verify_jws(std::string_view jws, const TrustedIssuer& issuer, Instant now);

/// The bundle of a card: one Patient, then Immunizations, named "resource:0" and on, with nothing
/// that the data minimization profiles leave out.
/// Errors: invalid_input with the path of what is wrong.
Result<Done> check_bundle(const json::Value& bundle);

}  // namespace egret::card
