#pragma once

#include "sync/central/store.h"
#include "sync/http/route.h"

namespace egret::server {

/// GET /health: `{"ok":true}`, if the store can be read. A broken one is a 500.
class HealthHandler final : public http::Handler {
public:
    explicit HealthHandler(central::CentralStore& store) noexcept : store_(store) {}

    Result<http::Response> handle(const http::Request& request) override;

private:
    central::CentralStore& store_;
};

}  // namespace egret::server
