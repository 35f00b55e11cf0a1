#include "sync/server/head_handler.h"

#include "sync/core/protocol.h"
#include "sync/core/request_signature.h"
#include "sync/server/caller.h"

#include <chrono>

namespace egret::server {
namespace {

constexpr std::chrono::minutes signature_valid{10};

bool is_fresh(const sync::RequestStamp& stamp, Instant now) {
    const auto earliest = unix_ms(now - signature_valid);
    return stamp.time_ms >= earliest && stamp.time_ms <= unix_ms(now + signature_valid);
}

}  // namespace

Result<central::Device> HeadHandler::signer_of(const http::Request& request, Instant now) {
    const auto claim = sync::parse_authorization(request.header("authorization"));
    if (!claim) return claim.error();
    auto device = store_.find_device(claim->device);
    if (!device) return Error{ErrorCode::unauthorized, "device", msg("central.unknown_device")};
    const auto verified = sync::verify_request(*claim, {request.method, request.path, request.body},
                                               device->keys.sign);
    if (!verified) return verified.error();
    const auto caller = caller_of(request, store_);
    const bool is_shown = caller && caller->id == device->id;
    if (!is_shown && !is_fresh(claim->stamp, now))
        return Error{ErrorCode::unauthorized, "ts", msg("central.request_too_old")};
    if (device->revoked)
        return Error{ErrorCode::forbidden, "device", msg("central.revoked_device")};
    // Whose certificate takes no batch in is not told that all is well: it would not join again.
    if (request.peer.certificate && !is_shown)
        return Error{ErrorCode::unauthorized, "device", msg("central.unknown_device")};
    return *std::move(device);
}

Result<http::Response> HeadHandler::handle(const http::Request& request) {
    const auto now = clock_.now();
    const auto device = signer_of(request, now);
    if (!device) return device.error();
    store_.note_seen(device->id, now);
    const auto head = store_.head(device->id);
    sync::HeadReply reply;
    reply.standing = {device->id, head.seq, head.hash, store_.safe_seq(device->id), unix_ms(now)};
    return http::Response::json(sync::encode_head_reply(reply, keys_.receipt()));
}

}  // namespace egret::server
