#include "sync/server/health_handler.h"

namespace egret::server {

Result<http::Response> HealthHandler::handle(const http::Request&) {
    (void)store_.find_setting("name");  // Throws, if it can't be read.
    return http::Response::json(R"({"ok":true})");
}

}  // namespace egret::server
