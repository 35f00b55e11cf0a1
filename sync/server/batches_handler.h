#pragma once

#include "sync/central/centre_keys.h"
#include "sync/central/ingest.h"
#include "sync/http/route.h"

namespace egret::server {

/// POST /v1/sync/batches: a device hands over a sealed piece of its log (sync/core/protocol.h).
///
/// Safe to repeat: a batch that comes again, because the answer was lost on the way, changes
/// nothing and gets the same answer. It is answered only when it is durable.
///
/// The certificate of the connection must be the sender's. One that has run out will do: what a
/// device recorded while it was away is not to be lost, and the envelope's signature decides. The
/// time of a signed request (sync/core/request_signature.h) tells what the sender's clock shows.
class BatchesHandler final : public http::Handler {
public:
    BatchesHandler(central::Ingester& ingester, central::CentralStore& store,
                   const central::CentreKeys& keys) noexcept
        : ingester_(ingester), store_(store), keys_(keys) {}

    /// Errors: those of caller_of and Ingester::ingest.
    Result<http::Response> handle(const http::Request& request) override;

private:
    central::Ingester& ingester_;
    central::CentralStore& store_;
    const central::CentreKeys& keys_;
};

}  // namespace egret::server
