#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"
#include "sync/http/route.h"

namespace egret::server {

/// GET /v1/sync/mylog?from=SEQ: what the centre has of the log of the device that asks, sealed to
/// it (sync/core/own_log.h). As for the head, the signature decides (signer_of).
class MylogHandler final : public http::Handler {
public:
    /// All must outlive it.
    MylogHandler(central::CentralStore& store, const central::CentreKeys& keys, const Clock& clock,
                 Random& random) noexcept
        : store_(store), keys_(keys), clock_(clock), random_(random) {}

    /// Errors: those of signer_of; invalid_input, if `from` is no number from 1; not_found, if the
    /// log ends before it.
    Result<http::Response> handle(const http::Request& request) override;

private:
    central::CentralStore& store_;
    const central::CentreKeys& keys_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace egret::server
