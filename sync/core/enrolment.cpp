#include "sync/core/enrolment.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "sync/core/detail/device_keys.h"
#include "sync/core/detail/hex_member.h"
#include "sync/core/detail/labelled_array.h"
#include "sync/core/enrolment_code.h"

#include <utility>

namespace egret::sync {
namespace {

Bytes proven_part(const EnrolmentRequest& request) {
    return detail::labelled_array("cr-enrol-v1", request.secret, request.csr_pem, request.sign_key,
                                  request.seal_key, request.clinic, request.area, request.card_key);
}

Bytes receipted_part(const EnrolmentReply& reply, const crypto::VerifyKey& sign_key) {
    return detail::labelled_array("cr-joined-v1", reply.device.bytes, reply.clinic_code,
                                  reply.scope, reply.certificate_pem, crypto::sha256(reply.bundle),
                                  sign_key);
}

Result<EnrolmentRequest> read_request(const json::Reader& from) {
    auto secret = from.text("secret");
    if (!secret) return std::move(secret).error();
    if (!is_enrolment_secret(*secret)) return detail::bad_member("secret");
    auto keys = detail::read_device_keys(from);
    if (!keys) return std::move(keys).error();
    auto clinic = detail::read_name(from, "clinic");
    if (!clinic) return std::move(clinic).error();
    auto area = detail::read_name(from, "area");
    if (!area) return std::move(area).error();
    EnrolmentRequest request{*std::move(secret), keys->csr_pem,    keys->sign_key, keys->seal_key,
                             *std::move(clinic), *std::move(area), keys->card_key};
    const auto proven = detail::check_proofs(from, *keys, proven_part(request));
    if (!proven) return proven.error();
    return request;
}

Result<EnrolmentReply> read_reply(const json::Reader& from) {
    auto member = detail::read_member(from);
    if (!member) return std::move(member).error();
    return EnrolmentReply{member->device, std::move(member->clinic_code), member->scope,
                          std::move(member->certificate_pem), std::move(member->bundle)};
}

}  // namespace

std::string encode_enrolment_request(const EnrolmentRequest& request, const crypto::SigningKey& key,
                                     const crypto::Es256Key* card_key) {
    EGRET_ENSURE((card_key != nullptr) == request.card_key.has_value());
    const auto proven = proven_part(request);
    json::Object body;
    body.append("secret", request.secret);
    body.append("csr", request.csr_pem);
    body.append("sign_key", to_hex(request.sign_key));
    body.append("seal_key", to_hex(request.seal_key));
    body.append("clinic", request.clinic);
    body.append("area", request.area);
    detail::append_proofs(body, proven, request.card_key, {key, card_key});
    return json::dump(std::move(body));
}

Result<EnrolmentRequest> decode_enrolment_request(std::string_view body) {
    const auto value = json::parse(body);
    if (!value) return value.error();
    const auto from = json::Reader::open(*value);
    if (!from) return from.error();
    const auto known = from->only({"secret", "csr", "sign_key", "seal_key", "clinic", "area",
                                   "proof", "card_key", "card_proof"});
    if (!known) return known.error();
    return read_request(*from);
}

std::string encode_enrolment_reply(const EnrolmentReply& reply, const crypto::VerifyKey& sign_key,
                                   const crypto::SigningKey& receipt_key) {
    json::Object body;
    body.append("device", reply.device.to_string());
    body.append("clinic_code", reply.clinic_code);
    body.append("scope", reply.scope);
    body.append("certificate", reply.certificate_pem);
    body.append("bundle", to_hex(reply.bundle));
    body.append("sig", to_hex(crypto::sign(receipt_key, receipted_part(reply, sign_key))));
    return json::dump(std::move(body));
}

Result<Enrolled> decode_enrolment_reply(std::string_view body, const EnrolmentTrust& trust) {
    const auto value = json::parse(body);
    if (!value) return value.error();
    const auto from = json::Reader::open(*value);
    if (!from) return from.error();
    auto reply = read_reply(*from);
    if (!reply) return std::move(reply).error();
    auto bundle = open_bundle(reply->bundle, trust.root, trust.bundle_number_min);
    if (!bundle) return std::move(bundle).error();
    const auto signature = detail::read_hex<64>(*from, "sig");
    if (!signature) return signature.error();
    if (!crypto::verify(bundle->receipt_key, receipted_part(*reply, trust.sign_key), *signature))
        return Error{ErrorCode::unauthorized, "sig", msg("protocol.bad_signature")};
    return Enrolled{*std::move(reply), *std::move(bundle)};
}

}  // namespace egret::sync
