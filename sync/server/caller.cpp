#include "sync/server/caller.h"

#include "sync/core/request_signature.h"

#include <chrono>

namespace egret::server {
namespace {

constexpr std::chrono::minutes signature_valid{10};

bool is_fresh(const sync::RequestStamp& stamp, Instant now) {
    const auto earliest = unix_ms(now - signature_valid);
    return stamp.time_ms >= earliest && stamp.time_ms <= unix_ms(now + signature_valid);
}

}  // namespace

Result<central::Device> caller_of(const http::Request& request, central::CentralStore& store) {
    const auto& certificate = request.peer.certificate;
    if (!certificate) return Error{ErrorCode::unauthorized, "", msg("central.certificate_missing")};
    const auto id = DeviceId::parse(certificate->common_name);
    auto device = id ? store.find_device(*id) : std::nullopt;
    if (!device || device->keys.tls_key_hash != certificate->key_hash)
        return Error{ErrorCode::unauthorized, "device", msg("central.unknown_device")};
    if (device->revoked)
        return Error{ErrorCode::forbidden, "device", msg("central.revoked_device")};
    return *std::move(device);
}

Result<central::Device> signer_of(const http::Request& request, central::CentralStore& store,
                                  Instant now) {
    const auto claim = sync::parse_authorization(request.header("authorization"));
    if (!claim) return claim.error();
    auto device = store.find_device(claim->device);
    if (!device) return Error{ErrorCode::unauthorized, "device", msg("central.unknown_device")};
    const auto target = http::target_of(request);
    const auto verified =
        sync::verify_request(*claim, {request.method, target, request.body}, device->keys.sign);
    if (!verified) return verified.error();
    const auto caller = caller_of(request, store);
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

}  // namespace egret::server
