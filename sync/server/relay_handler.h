#pragma once

#include "sync/central/courier.h"
#include "sync/http/route.h"
#include "sync/server/rate_limit.h"

namespace egret::server {

/// POST /v1/relay[?from=N]: an upload or a call of any machine of the programme, brought by another
/// one, and what is to be carried back to its maker (sync/core/relay.h).
///
/// Who carries must be a machine of the programme itself: its signature decides (signer_of). It
/// learns nothing but sizes, and nothing that it says counts for the maker. Safe to repeat.
class RelayHandler final : public http::Handler {
public:
    explicit RelayHandler(const central::CourierServices& services)
        : courier_(services), tries_(bounds) {}

    /// Errors: those of signer_of; unavailable, if it carries too much at once; conflict, if the
    /// maker is no machine of this centre; those of Courier::take and open_call.
    Result<http::Response> handle(const http::Request& request) override;

private:
    // A stick of fifty clinics has some thousand files, which a carrier may bring in an hour.
    static constexpr RateLimit::Bounds bounds{600, 3000, std::chrono::minutes{10}};

    Result<http::Response> take_upload(ByteView envelope);
    Result<http::Response> answer_call(ByteView envelope, std::uint64_t from);

    central::Courier courier_;
    RateLimit tries_;
};

}  // namespace egret::server
