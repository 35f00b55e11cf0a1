#include "sync/server/renew_handler.h"

#include "registry/crypto/x509.h"
#include "sync/core/request_signature.h"
#include "sync/server/caller.h"

#include <utility>

namespace egret::server {

Result<http::Response> RenewHandler::handle(const http::Request& request) {
    if (!tries_.allows(request.peer.address, clock_.now()))
        return Error{ErrorCode::unavailable, "", msg("central.too_many_tries")};
    const auto claim = sync::parse_authorization(request.header("authorization"));
    if (!claim) return claim.error();
    const auto asked = sync::decode_renewal_request(text_of(request.body), claim->device);
    if (!asked) return asked.error();
    const auto reply = answer(request, *asked);
    if (!reply) return reply.error();
    return http::Response::json(
        sync::encode_renewal_reply(*reply, asked->sign_key, keys_.receipt()));
}

Result<sync::RenewalReply> RenewHandler::answer(const http::Request& request,
                                                const sync::RenewalRequest& asked) {
    const auto now = clock_.now();
    const auto device = signer_of(request, store_, now);
    if (device) {
        store_.note_seen(device->id, now);
        return service_.renew(*device, asked);
    }
    // Who was shut out stays so, whatever the centre said before.
    if (device.error().code != ErrorCode::unauthorized || !asked.joined) return device.error();
    const auto known = sync::verify_joined(*asked.joined, keys_.root());
    if (!known) return device.error();
    const auto certificate = crypto::read_certificate(known->certificate_pem);
    if (!certificate) return device.error();
    const SignedBy by{known->device, asked.joined->key, certificate->key_hash};
    if (auto is_signed = check_signed(request, by, now); !is_signed)
        return std::move(is_signed).error();
    return service_.readmit(*known, asked);
}

}  // namespace egret::server
