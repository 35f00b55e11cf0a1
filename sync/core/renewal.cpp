#include "sync/core/renewal.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "sync/core/detail/device_keys.h"
#include "sync/core/detail/hex_member.h"
#include "sync/core/detail/labelled_array.h"
#include "sync/core/enrolment.h"

#include <utility>

namespace egret::sync {
namespace {

Bytes proven_renewal(const RenewalRequest& request, const DeviceId& device) {
    return detail::labelled_array("cr-renew-v1", device.bytes, request.epoch, request.csr_pem,
                                  request.sign_key, request.seal_key, request.card_key);
}

Bytes signed_renewal(const RenewalReply& reply, const crypto::VerifyKey& sign_key) {
    return detail::labelled_array("cr-renewed-v1", reply.device.bytes, reply.clinic_code,
                                  reply.scope, reply.epoch, reply.certificate_pem,
                                  crypto::sha256(reply.bundle), sign_key);
}

/// Of keys that are not the first.
Result<std::uint32_t> read_new_epoch(const json::Reader& from) {
    const auto epoch = from.integer("epoch", 2, UINT32_MAX);
    if (!epoch) return epoch.error();
    return static_cast<std::uint32_t>(*epoch);
}

Result<std::optional<JoinedProof>> read_joined(const json::Reader& from) {
    auto body = from.optional_text("joined");
    if (!body) return std::move(body).error();
    if (!*body) return std::optional<JoinedProof>();
    const auto key = detail::read_hex<32>(from, "joined_key");
    if (!key) return key.error();
    return std::optional(JoinedProof{**std::move(body), *key});
}

Result<RenewalReply> read_renewal_reply(const json::Reader& from) {
    auto member = detail::read_member(from);
    if (!member) return std::move(member).error();
    const auto epoch = read_new_epoch(from);
    if (!epoch) return epoch.error();
    return RenewalReply{
        member->device, std::move(member->clinic_code),     member->scope,
        *epoch,         std::move(member->certificate_pem), std::move(member->bundle)};
}

}  // namespace

std::string encode_renewal_request(const RenewalRequest& request, const DeviceId& device,
                                   const crypto::SigningKey& key,
                                   const crypto::Es256Key* card_key) {
    EGRET_ENSURE((card_key != nullptr) == request.card_key.has_value());
    json::Object body;
    body.append("epoch", request.epoch);
    body.append("csr", request.csr_pem);
    body.append("sign_key", to_hex(request.sign_key));
    body.append("seal_key", to_hex(request.seal_key));
    detail::append_proofs(body, proven_renewal(request, device), request.card_key, {key, card_key});
    if (request.joined) {
        body.append("joined", request.joined->body);
        body.append("joined_key", to_hex(request.joined->key));
    }
    return json::dump(std::move(body));
}

Result<RenewalRequest> decode_renewal_request(std::string_view body, const DeviceId& device) {
    const auto value = json::parse(body);
    if (!value) return value.error();
    const auto from = json::Reader::open(*value);
    if (!from) return from.error();
    const auto known = from->only({"epoch", "csr", "sign_key", "seal_key", "proof", "card_key",
                                   "card_proof", "joined", "joined_key"});
    if (!known) return known.error();
    const auto epoch = read_new_epoch(*from);
    if (!epoch) return epoch.error();
    const auto keys = detail::read_device_keys(*from);
    if (!keys) return keys.error();
    auto joined = read_joined(*from);
    if (!joined) return std::move(joined).error();
    RenewalRequest request{*epoch,         keys->csr_pem,  keys->sign_key,
                           keys->seal_key, keys->card_key, *std::move(joined)};
    const auto proven = detail::check_proofs(*from, *keys, proven_renewal(request, device));
    if (!proven) return proven.error();
    return request;
}

std::string encode_renewal_reply(const RenewalReply& reply, const crypto::VerifyKey& sign_key,
                                 const crypto::SigningKey& receipt_key) {
    json::Object body;
    body.append("device", reply.device.to_string());
    body.append("clinic_code", reply.clinic_code);
    body.append("scope", reply.scope);
    body.append("epoch", reply.epoch);
    body.append("certificate", reply.certificate_pem);
    body.append("bundle", to_hex(reply.bundle));
    body.append("sig", to_hex(crypto::sign(receipt_key, signed_renewal(reply, sign_key))));
    return json::dump(std::move(body));
}

Result<Renewed> decode_renewal_reply(std::string_view body, const RenewalTrust& trust) {
    const auto value = json::parse(body);
    if (!value) return value.error();
    const auto from = json::Reader::open(*value);
    if (!from) return from.error();
    auto reply = read_renewal_reply(*from);
    if (!reply) return std::move(reply).error();
    auto bundle = open_bundle(reply->bundle, trust.root, trust.bundle_number_min);
    if (!bundle) return std::move(bundle).error();
    const auto signature = detail::read_hex<64>(*from, "sig");
    if (!signature) return signature.error();
    if (reply->device != trust.device || reply->epoch != trust.epoch)
        return Error{ErrorCode::unauthorized, "device", msg("protocol.other_device")};
    if (!crypto::verify(bundle->receipt_key, signed_renewal(*reply, trust.sign_key), *signature))
        return Error{ErrorCode::unauthorized, "sig", msg("protocol.bad_signature")};
    return Renewed{*std::move(reply), *std::move(bundle)};
}

Result<KnownAs> verify_joined(const JoinedProof& joined, const crypto::VerifyKey& root) {
    const auto value = json::parse(joined.body);
    if (!value) return value.error();
    // Only the answer to a renewal names an epoch: keys of the first are those that joined.
    if (value->find("epoch") == nullptr) {
        auto enrolled = decode_enrolment_reply(joined.body, {root, 0, joined.key});
        if (!enrolled) return std::move(enrolled).error();
        auto& reply = enrolled->reply;
        return KnownAs{reply.device, std::move(reply.clinic_code), reply.scope, 1,
                       std::move(reply.certificate_pem)};
    }
    const auto from = json::Reader::open(*value);
    if (!from) return from.error();
    const auto claimed = read_renewal_reply(*from);
    if (!claimed) return claimed.error();
    auto renewed =
        decode_renewal_reply(joined.body, {claimed->device, claimed->epoch, root, 0, joined.key});
    if (!renewed) return std::move(renewed).error();
    auto& reply = renewed->reply;
    return KnownAs{reply.device, std::move(reply.clinic_code), reply.scope, reply.epoch,
                   std::move(reply.certificate_pem)};
}

}  // namespace egret::sync
