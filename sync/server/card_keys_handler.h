#pragma once

#include "sync/central/store.h"
#include "sync/http/route.h"

namespace egret::server {

/// GET /.well-known/jwks.json: the keys that vaccination cards of this programme are signed with,
/// for anybody, also for pages of other sites (CORS). A card names this centre as its issuer, and a
/// reader looks here, as SMART Health Cards have it.
class CardKeysHandler final : public http::Handler {
public:
    explicit CardKeysHandler(central::CentralStore& store) noexcept : store_(store) {}

    Result<http::Response> handle(const http::Request& request) override;

private:
    central::CentralStore& store_;
};

}  // namespace egret::server
