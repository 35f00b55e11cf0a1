#pragma once

#include "sync/http/route.h"

namespace egret::server {

/// GET /v1/indicators: what can be asked here: `[{"id","version","title":{"zh","en"}}]`.
class IndicatorsHandler final : public http::Handler {
public:
    Result<http::Response> handle(const http::Request& request) override;
};

}  // namespace egret::server
