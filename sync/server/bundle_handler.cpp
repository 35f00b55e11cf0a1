#include "sync/server/bundle_handler.h"

#include "sync/server/asked_number.h"

namespace egret::server {

Result<http::Response> BundleHandler::handle(const http::Request& request) {
    std::uint64_t version = 2;
    if (request.query.contains("v")) {
        const auto asked = asked_number(request, "v", version);
        if (!asked) return asked.error();
        version = *asked;
    }
    return http::Response::bytes(version > 2 ? keys_.bundle3() : keys_.bundle(),
                                 "application/octet-stream");
}

}  // namespace egret::server
