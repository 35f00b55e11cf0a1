#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/result.h"

#include <string>
#include <string_view>
#include <vector>

struct ssl_ctx_st;

/// What has to be set on OpenSSL's own context, because the library above it can't, or would want
/// keys in files. To be called before the context's first connection.
namespace egret::crypto {

/// TLS 1.3 only. No session is kept and no ticket is sent: a ticket written to a peer that is gone
/// already can break a handshake, and our sessions are too few to be worth resuming.
void restrict_tls(ssl_ctx_st* context);

/// The certificate (with its chain, if there is one) and the key, without touching a file.
/// Errors: invalid_input, if one can't be read or they don't belong together.
Result<Done> use_identity(ssl_ctx_st* context, std::string_view certificate_pem,
                          std::string_view key_pem);

/// For a server: asks for a client certificate of this authority, and takes a client without one
/// too. One that has run out is let in as well: whoever handles the request looks at its validity,
/// so that a device which was away for a year can renew.
/// Errors: invalid_input, if the authority can't be read.
Result<Done> ask_client_certificate(ssl_ctx_st* context, std::string_view authority_pem);

/// For a client: how it knows the server, and what it found. One for each context; outlives it.
/// Not thread-safe: one handshake at a time.
struct ServerCheck {
    std::string host;  // The DNS name or IP address that the certificate must be for.
    Instant at;        // "Now" for validity. The machine's clock may be wrong by years.
    // Where the server's certificate isn't valid then, the first of these at which it is.
    std::vector<Instant> or_at{};
    bool accept_any = false;         // Take whatever certificate comes: somebody else checks it.
    std::vector<Hash> key_hashes{};  // If not empty, the server's key must be one of them.

    bool refused = false;           // Found: the last handshake failed because of this check.
    std::string certificate_pem{};  // Found: the server's certificate.
};

/// Requires a server certificate that leads to `authority_pem`, is for `check.host`, for server
/// use, valid at `check.at` (or one of `or_at`), and has one of the keys. With accept_any none of
/// it is required, and `authority_pem` may be empty. Errors: invalid_input, if the authority can't
/// be read.
Result<Done> check_server(ssl_ctx_st* context, std::string_view authority_pem, ServerCheck& check);

}  // namespace egret::crypto
