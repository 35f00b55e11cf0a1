#include "sync/central/renewal_service.h"

#include "registry/crypto/x509.h"

#include <chrono>
#include <utility>

namespace egret::central {
namespace {

// Two years: renewed at half of that, and an expired one may still renew.
constexpr std::chrono::days device_certificate_valid{365 * 2};
constexpr std::chrono::days device_certificate_backdated{2};

Result<DeviceKeys> asked_keys(const sync::RenewalRequest& request) {
    const auto tls_key_hash = crypto::check_signing_request(request.csr_pem);
    if (!tls_key_hash) return tls_key_hash.error();
    return DeviceKeys{request.sign_key, request.seal_key, *tls_key_hash, request.epoch,
                      request.card_key};
}

}  // namespace

Result<std::string> issue_device_certificate(const CentreKeys& keys, const DeviceId& device,
                                             const std::string& csr_pem, Instant now) {
    return crypto::issue_client_certificate(
        keys.authority(), csr_pem, device.to_string(),
        {now - device_certificate_backdated, now + device_certificate_valid});
}

Result<sync::RenewalReply> RenewalService::renew(const Device& device,
                                                 const sync::RenewalRequest& request) {
    const auto next = asked_keys(request);
    if (!next) return next.error();
    const auto clinic = store_.find_clinic(device.clinic);
    if (!clinic) return clinic.error();
    auto reply = reply_to({device.id, clinic->code, clinic->scope, request.epoch, ""}, request);
    if (!reply || device.keys == *next) return reply;
    if (auto offered = store_.offer_keys(device.id, *next); !offered)
        return std::move(offered).error();
    return reply;
}

Result<sync::RenewalReply> RenewalService::readmit(const sync::KnownAs& known,
                                                   const sync::RenewalRequest& request) {
    const auto next = asked_keys(request);
    if (!next) return next.error();
    if (request.epoch != known.epoch + 1)
        return Error{ErrorCode::conflict, "epoch", msg("central.renewal_epoch")};
    auto reply =
        reply_to({known.device, known.clinic_code, known.scope, request.epoch, ""}, request);
    if (!reply) return reply;
    // The answer to the first of two such requests may have been lost.
    const auto there = store_.find_device(known.device);
    if (there && !there->revoked && there->keys == *next) return reply;
    const Device device{known.device, known.clinic_code, *next, clock_.now(), {}};
    if (auto let_in = store_.readmit(device, known.scope); !let_in)
        return std::move(let_in).error();
    return reply;
}

Result<sync::RenewalReply> RenewalService::reply_to(const sync::KnownAs& device,
                                                    const sync::RenewalRequest& request) {
    auto certificate =
        issue_device_certificate(keys_, device.device, request.csr_pem, clock_.now());
    if (!certificate) return std::move(certificate).error();
    return sync::RenewalReply{device.device, device.clinic_code,      device.scope,
                              device.epoch,  *std::move(certificate), keys_.bundle3()};
}

}  // namespace egret::central
