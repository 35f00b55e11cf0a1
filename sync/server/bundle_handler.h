#pragma once

#include "sync/central/centre_keys.h"
#include "sync/http/route.h"

namespace egret::server {

/// GET /v1/bundle[?v=3]: the programme's signed key bundle, for anybody: version 2, or the one that
/// is asked for. Whoever has the hash of the root, or the root, knows whether it is theirs.
class BundleHandler final : public http::Handler {
public:
    /// `keys` outlives it.
    explicit BundleHandler(const central::CentreKeys& keys) noexcept : keys_(keys) {}

    /// Errors: not_found, if the centre has no bundle of that version.
    Result<http::Response> handle(const http::Request& request) override;

private:
    const central::CentreKeys& keys_;
};

}  // namespace egret::server
