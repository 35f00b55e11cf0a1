#include "sync/core/enrolment.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/hash.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "sync/core/detail/device_keys.h"
#include "sync/core/detail/hex_member.h"
#include "sync/core/enrolment_code.h"

#include <utility>

namespace egret::sync {
namespace {

Bytes proven_part(const EnrolmentRequest& request) {
    Bytes out = copy_of(bytes_of("cr-enrol-v1"));
    cbor::Writer to(out);
    to.array(request.card_key ? 7 : 6);
    to.text(request.secret);
    to.text(request.csr_pem);
    to.bytes(request.sign_key);
    to.bytes(request.seal_key);
    to.text(request.clinic);
    to.text(request.area);
    if (request.card_key) to.bytes(request.card_key->to_bytes());
    return out;
}

Bytes receipted_part(const EnrolmentReply& reply, const crypto::VerifyKey& sign_key) {
    Bytes out = copy_of(bytes_of("cr-joined-v1"));
    cbor::Writer to(out);
    to.array(6);
    to.bytes(reply.device.bytes);
    to.text(reply.clinic_code);
    to.uint(reply.scope);
    to.text(reply.certificate_pem);
    to.bytes(crypto::sha256(reply.bundle));
    to.bytes(sign_key);
    return out;
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
    const auto device = from.text("device");
    if (!device) return device.error();
    const auto id = DeviceId::parse(*device);
    if (!id || id->is_nil()) return detail::bad_member("device");
    auto clinic_code = detail::read_name(from, "clinic_code");
    if (!clinic_code) return std::move(clinic_code).error();
    const auto scope = from.integer("scope", 1);
    if (!scope) return scope.error();
    auto certificate = detail::read_certificate(from);
    if (!certificate) return std::move(certificate).error();
    auto bundle = detail::read_bundle_bytes(from);
    if (!bundle) return std::move(bundle).error();
    return EnrolmentReply{*id, *std::move(clinic_code), static_cast<std::uint64_t>(*scope),
                          *std::move(certificate), *std::move(bundle)};
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
