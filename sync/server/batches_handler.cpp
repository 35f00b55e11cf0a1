#include "sync/server/batches_handler.h"

#include "sync/core/protocol.h"
#include "sync/core/request_signature.h"
#include "sync/server/caller.h"

#include <cstdint>
#include <optional>

namespace egret::server {

namespace {

/// What the caller's clock showed when it asked. Nothing, if it didn't sign that: older devices
/// don't, and no batch is refused for it.
std::optional<std::int64_t> signed_clock(const http::Request& request,
                                         const central::Device& caller) {
    const auto claim = sync::parse_authorization(request.header("authorization"));
    if (!claim || claim->device != caller.id) return std::nullopt;
    const auto target = http::target_of(request);
    const auto is_by = [&](const central::DeviceKeys& keys) {
        return bool(
            sync::verify_request(*claim, {request.method, target, request.body}, keys.sign));
    };
    const bool verified = is_by(caller.keys) || (caller.next && is_by(*caller.next));
    return verified ? std::optional(claim->stamp.time_ms) : std::nullopt;
}

}  // namespace

Result<http::Response> BatchesHandler::handle(const http::Request& request) {
    const auto caller = caller_of(request, store_);
    if (!caller) return caller.error();
    const auto reply = ingester_.ingest(request.body, {caller->id, signed_clock(request, *caller)});
    if (!reply) return reply.error();
    return http::Response::json(sync::encode_upload_reply(*reply, keys_.receipt()),
                                sync::http_status(reply->code));
}

}  // namespace egret::server
