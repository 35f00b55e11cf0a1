#include "sync/server/bundle_handler.h"

#include "sync/server/asked_number.h"

namespace egret::server {

Result<http::Response> BundleHandler::handle(const http::Request& request) {
    std::uint64_t version = 2;
    if (request.query.contains("v")) {
        const auto asked = asked_number(request, "v");
        if (!asked) return asked.error();
        version = *asked;
    }
    const bool is_there = version == 2 || (version == 3 && !keys_.bundle3().empty());
    if (!is_there) return Error{ErrorCode::not_found, "v", msg("central.no_bundle")};
    return http::Response::bytes(version == 3 ? keys_.bundle3() : keys_.bundle(),
                                 "application/octet-stream");
}

}  // namespace egret::server
