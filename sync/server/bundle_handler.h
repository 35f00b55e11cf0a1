#pragma once

#include "registry/base/bytes.h"
#include "sync/http/route.h"

namespace egret::server {

/// GET /v1/bundle: the programme's signed key bundle, for anybody. Whoever has the hash of the
/// root, or the root, knows whether it is theirs.
class BundleHandler final : public http::Handler {
public:
    /// `bundle` outlives it.
    explicit BundleHandler(const Bytes& bundle) noexcept : bundle_(bundle) {}

    Result<http::Response> handle(const http::Request& request) override;

private:
    const Bytes& bundle_;
};

}  // namespace egret::server
