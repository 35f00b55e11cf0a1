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

Error unknown_caller() {
    return {ErrorCode::unauthorized, "device", msg("central.unknown_device")};
}

}  // namespace

Result<central::Device> caller_of(const http::Request& request, central::CentralStore& store) {
    const auto& certificate = request.peer.certificate;
    if (!certificate) return Error{ErrorCode::unauthorized, "", msg("central.certificate_missing")};
    const auto id = DeviceId::parse(certificate->common_name);
    auto device = id ? store.find_device(*id) : std::nullopt;
    const auto is_by = [&](const central::DeviceKeys& keys) {
        return keys.tls_key_hash == certificate->key_hash;
    };
    if (!device || !(is_by(device->keys) || (device->next && is_by(*device->next))))
        return unknown_caller();
    if (device->revoked)
        return Error{ErrorCode::forbidden, "device", msg("central.revoked_device")};
    return *std::move(device);
}

Result<Done> check_signed(const http::Request& request, const SignedBy& by, Instant now) {
    const auto claim = sync::parse_authorization(request.header("authorization"));
    if (!claim) return claim.error();
    if (claim->device != by.device) return unknown_caller();
    const auto target = http::target_of(request);
    auto verified = sync::verify_request(*claim, {request.method, target, request.body}, by.key);
    if (!verified) return verified;
    const auto& certificate = request.peer.certificate;
    const bool is_shown = certificate && certificate->key_hash == by.tls_key_hash &&
                          DeviceId::parse(certificate->common_name) == by.device;
    if (!is_shown && !is_fresh(claim->stamp, now))
        return Error{ErrorCode::unauthorized, "ts", msg("central.request_too_old")};
    // Whose certificate takes no batch in is not told that all is well: it would not join again.
    if (certificate && !is_shown) return unknown_caller();
    return Done{};
}

Result<central::Device> signer_of(const http::Request& request, central::CentralStore& store,
                                  Instant now) {
    const auto claim = sync::parse_authorization(request.header("authorization"));
    if (!claim) return claim.error();
    auto device = store.find_device(claim->device);
    if (!device) return unknown_caller();
    const auto is_by = [&](const central::DeviceKeys& keys) {
        return check_signed(request, {device->id, keys.sign, keys.tls_key_hash}, now);
    };
    auto is_signed = is_by(device->keys);
    const bool is_by_next = !is_signed && device->next && is_by(*device->next);
    if (!is_signed && !is_by_next) return std::move(is_signed).error();
    if (device->revoked)
        return Error{ErrorCode::forbidden, "device", msg("central.revoked_device")};
    if (!is_by_next) return *std::move(device);
    store.adopt_keys(device->id, device->next->epoch);
    device->keys = *std::exchange(device->next, std::nullopt);
    return *std::move(device);
}

}  // namespace egret::server
