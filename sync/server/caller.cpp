#include "sync/server/caller.h"

namespace egret::server {

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

}  // namespace egret::server
