#pragma once

#include "registry/base/result.h"
#include "registry/crypto/es256.h"

#include <string>
#include <string_view>
#include <vector>

/// Keys that sign health cards, as others read them (RFC 7517): EC, P-256, for ES256 signatures,
/// named by their thumbprint.
namespace egret::card {

/// {"keys":[{"kty","kid","use","alg","crv","x","y"},…]}: public, for /.well-known/jwks.json.
std::string encode_key_set(const std::vector<crypto::Es256PublicKey>& keys);

/// The keys of a set that are for ES256 signatures; others in it are passed over.
/// Errors: those of json::parse; invalid_input, if it is no key set, or one of those keys is no
/// point of the curve, has a name that is not its thumbprint, or tells its private part.
Result<std::vector<crypto::Es256PublicKey>> parse_key_set(std::string_view text);

}  // namespace egret::card
