#pragma once

#include "registry/base/clock.h"
#include "sync/central/renewal_service.h"
#include "sync/http/route.h"
#include "sync/server/rate_limit.h"

#include <chrono>

namespace egret::server {

/// POST /v1/renew: a device gets another certificate and other keys (sync/core/renewal.h). The
/// signature decides (signer_of); of a device that this centre has lost, since it was restored, its
/// own old answer does.
///
/// Safe to repeat.
class RenewHandler final : public http::Handler {
public:
    /// All must outlive it.
    RenewHandler(central::CentralStore& store, const central::CentreKeys& keys, const Clock& clock)
        : service_(store, keys, clock), store_(store), keys_(keys), clock_(clock), tries_(bounds) {}

    /// Errors: those of signer_of, decode_renewal_request and RenewalService; unavailable, if there
    /// were too many tries.
    Result<http::Response> handle(const http::Request& request) override;

private:
    static constexpr RateLimit::Bounds bounds{20, 300, std::chrono::minutes{1}};

    Result<sync::RenewalReply> answer(const http::Request& request,
                                      const sync::RenewalRequest& asked);

    central::RenewalService service_;
    central::CentralStore& store_;
    const central::CentreKeys& keys_;
    const Clock& clock_;
    RateLimit tries_;
};

}  // namespace egret::server
