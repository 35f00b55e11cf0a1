#pragma once

#include "registry/base/clock.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"
#include "sync/http/route.h"

namespace egret::server {

/// GET /v1/sync/head: how far the centre has the log of the device that asks
/// (sync/core/protocol.h, sync/core/request_signature.h).
///
/// The signature decides. A device that shows no certificate of its own must also have the time
/// right, so that an old request is not good for ever; one that does may have any clock.
class HeadHandler final : public http::Handler {
public:
    HeadHandler(central::CentralStore& store, const central::CentreKeys& keys,
                const Clock& clock) noexcept
        : store_(store), keys_(keys), clock_(clock) {}

    /// Errors: unauthorized, if it isn't signed by a device that is known here, or too old;
    /// forbidden, if that was revoked.
    Result<http::Response> handle(const http::Request& request) override;

private:
    Result<central::Device> signer_of(const http::Request& request, Instant now);

    central::CentralStore& store_;
    const central::CentreKeys& keys_;
    const Clock& clock_;
};

}  // namespace egret::server
