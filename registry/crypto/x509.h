#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/result.h"

#include <string>
#include <string_view>
#include <vector>

/// The programme's own certificates for TLS: one authority, certificates for the centre's server
/// and for each device. All keys are P-256, all texts PEM. Nothing here reads a clock.
namespace egret::crypto {

/// From `from` to `to`, both to the second.
struct Validity {
    Instant from;
    Instant to;

    bool holds_at(Instant at) const noexcept { return from <= at && at <= to; }

    friend bool operator==(const Validity&, const Validity&) = default;
};

/// What a certificate says.
struct CertificateFacts {
    std::string common_name;  // A device's id, or a name; "" if there is none.
    Hash key_hash;            // SHA-256 of the SubjectPublicKeyInfo: what a pin names.
    Validity validity;
};

/// An authority that issues: its certificate, and the key that belongs to it.
struct Authority {
    std::string certificate_pem;
    std::string key_pem;
};

/// A new P-256 key as PKCS#8. Secret: it belongs in a sealed file, never in a log.
std::string make_tls_key();

/// A self-signed authority that may issue end certificates only (path length 0).
/// `name` is at most 64 characters of UTF-8.
/// Errors: invalid_input, if the key can't be read, the name does not fit, or the validity is
/// empty.
Result<std::string> make_authority(std::string_view key_pem, std::string_view name,
                                   const Validity& validity);

/// A signing request that proves possession of the key. It names nobody: who it is for is decided
/// by who issues.
/// Errors: invalid_input, if the key can't be read.
Result<std::string> make_signing_request(std::string_view key_pem);

/// The key hash of a signing request, once its own signature has been verified.
/// Errors: invalid_input, if it can't be read, the signature is wrong, or the key is not P-256.
Result<Hash> check_signing_request(std::string_view request_pem);

/// A certificate with which a device shows who it is (client authentication, no other use).
/// Errors: invalid_input, as for the request, or if the authority can't be read or its halves don't
/// fit, the name is empty or longer than 64 characters, or the validity is empty.
Result<std::string> issue_client_certificate(const Authority& authority,
                                             std::string_view request_pem,
                                             std::string_view common_name,
                                             const Validity& validity);

/// A certificate for a server that is reached under `hosts`: DNS names and IP addresses, without
/// wildcards, at most 64.
/// Errors: as for a client's; invalid_input also for a host that is neither.
Result<std::string> issue_server_certificate(const Authority& authority,
                                             std::string_view request_pem,
                                             const std::vector<std::string>& hosts,
                                             const Validity& validity);

/// Reads the first certificate of a PEM text. Says nothing of whether it can be trusted.
/// Errors: invalid_input, if there is none.
Result<CertificateFacts> read_certificate(std::string_view certificate_pem);

}  // namespace egret::crypto
