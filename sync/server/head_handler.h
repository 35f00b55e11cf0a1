#pragma once

#include "registry/base/clock.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"
#include "sync/http/route.h"

namespace egret::server {

/// GET /v1/sync/head: how far the centre has the log of the device that asks
/// (sync/core/protocol.h), and what else it should know. The signature decides (signer_of).
/// GET /v1/sync/head?bundle=N: the same; it says by that which key bundle it has.
class HeadHandler final : public http::Handler {
public:
    HeadHandler(central::CentralStore& store, const central::CentreKeys& keys,
                const Clock& clock) noexcept
        : store_(store), keys_(keys), clock_(clock) {}

    /// Errors: those of signer_of; invalid_input, if N is no number.
    Result<http::Response> handle(const http::Request& request) override;

private:
    central::CentralStore& store_;
    const central::CentreKeys& keys_;
    const Clock& clock_;
};

}  // namespace egret::server
