#pragma once

#include "sync/central/centre_keys.h"
#include "sync/http/route.h"

namespace egret::server {

/// GET /v1/bundle[?v=V]: the programme's signed key bundle, for anybody, in the newest form up to
/// version V; without V in version 2. One that was signed meanwhile is read anew. Whoever has the
/// hash of the root, or the root, knows whether it is theirs.
class BundleHandler final : public http::Handler {
public:
    /// `keys` outlives it.
    explicit BundleHandler(const central::CentreKeys& keys) noexcept : keys_(keys) {}

    /// Errors: invalid_input, if V is no version from 2 on.
    Result<http::Response> handle(const http::Request& request) override;

private:
    const central::CentreKeys& keys_;
};

}  // namespace egret::server
