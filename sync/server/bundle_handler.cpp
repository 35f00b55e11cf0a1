#include "sync/server/bundle_handler.h"

namespace egret::server {

Result<http::Response> BundleHandler::handle(const http::Request&) {
    return http::Response::bytes(bundle_, "application/octet-stream");
}

}  // namespace egret::server
