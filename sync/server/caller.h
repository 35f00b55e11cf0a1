#pragma once

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "sync/central/store.h"
#include "sync/http/message.h"

namespace egret::server {

/// The device whose certificate came with the connection, known and not revoked.
/// Errors: unauthorized, if there is no certificate, it has run out, or is not that of a device as
/// it is known here; forbidden, if that was revoked.
Result<central::Device> caller_of(const http::Request& request, central::CentralStore& store);

/// Who is to have signed a request.
struct SignedBy {
    DeviceId device;
    crypto::VerifyKey key{};
    Hash tls_key_hash{};  // Of its certificate's key.
};

/// Whether it signed this request. One who shows no certificate of its own must also have the time
/// right, so that an old request is not good for ever; one that does may have any clock.
/// Errors: unauthorized, also if the certificate of another is shown.
Result<Done> check_signed(const http::Request& request, const SignedBy& by, Instant now);

/// The device that signed the request (sync/core/request_signature.h), known and not revoked.
///
/// The signature decides (check_signed). A device that was offered new keys has them, and no
/// others, from its first request on that is signed by them.
/// Errors: unauthorized, if it isn't signed by a device that is known here, or too old; forbidden,
/// if that was revoked.
Result<central::Device> signer_of(const http::Request& request, central::CentralStore& store,
                                  Instant now);

}  // namespace egret::server
