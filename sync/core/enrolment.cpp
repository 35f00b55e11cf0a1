#include "sync/core/enrolment.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/hash.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "sync/core/detail/hex_member.h"
#include "sync/core/enrolment_code.h"

#include <utility>

namespace egret::sync {
namespace {

constexpr std::string_view csr_kind = "CERTIFICATE REQUEST";

Error bad_enrolment(std::string_view name) {
    return {ErrorCode::invalid_input, std::string(name), msg("protocol.malformed")};
}

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

/// Errors: invalid_input, also past limits::name_bytes_max.
Result<std::string> read_name(const json::Reader& from, std::string_view name) {
    auto text = from.text(name);
    if (text && text->size() > limits::name_bytes_max) return bad_enrolment(name);
    return text;
}

/// Nothing, if there is none.
Result<std::optional<crypto::Es256PublicKey>> read_card_key(const json::Reader& from) {
    if (!from.any("card_key")) return std::optional<crypto::Es256PublicKey>();
    const auto bytes = detail::read_hex<64>(from, "card_key");
    if (!bytes) return bytes.error();
    const auto key = crypto::Es256PublicKey::from_bytes(*bytes);
    if (!crypto::is_usable(key)) return bad_enrolment("card_key");
    return std::optional(key);
}

Result<Done> check_proofs(const json::Reader& from, const EnrolmentRequest& request) {
    const auto proof = detail::read_hex<64>(from, "proof");
    if (!proof) return proof.error();
    const auto proven = proven_part(request);
    if (!crypto::verify(request.sign_key, proven, *proof))
        return Error{ErrorCode::unauthorized, "proof", msg("enrolment.bad_proof")};
    if (!request.card_key) return Done{};
    const auto card_proof = detail::read_hex<64>(from, "card_proof");
    if (!card_proof) return card_proof.error();
    if (!crypto::verify(*request.card_key, proven, *card_proof))
        return Error{ErrorCode::unauthorized, "card_proof", msg("enrolment.bad_proof")};
    return Done{};
}

Result<EnrolmentRequest> read_request(const json::Reader& from) {
    auto secret = from.text("secret");
    if (!secret) return std::move(secret).error();
    if (!is_enrolment_secret(*secret)) return bad_enrolment("secret");
    auto csr = from.text("csr");
    if (!csr) return std::move(csr).error();
    if (!is_pem_like(*csr, csr_kind)) return bad_enrolment("csr");
    const auto sign_key = detail::read_hex<32>(from, "sign_key");
    if (!sign_key) return sign_key.error();
    const auto seal_key = detail::read_hex<32>(from, "seal_key");
    if (!seal_key) return seal_key.error();
    if (!crypto::is_usable(*seal_key)) return bad_enrolment("seal_key");
    auto clinic = read_name(from, "clinic");
    if (!clinic) return std::move(clinic).error();
    auto area = read_name(from, "area");
    if (!area) return std::move(area).error();
    const auto card_key = read_card_key(from);
    if (!card_key) return card_key.error();
    return EnrolmentRequest{*std::move(secret), *std::move(csr),  *sign_key, *seal_key,
                            *std::move(clinic), *std::move(area), *card_key};
}

Result<EnrolmentReply> read_reply(const json::Reader& from) {
    const auto device = from.text("device");
    if (!device) return device.error();
    const auto id = DeviceId::parse(*device);
    if (!id || id->is_nil()) return bad_enrolment("device");
    auto clinic_code = read_name(from, "clinic_code");
    if (!clinic_code) return std::move(clinic_code).error();
    const auto scope = from.integer("scope", 1);
    if (!scope) return scope.error();
    auto certificate = from.text("certificate");
    if (!certificate) return std::move(certificate).error();
    if (!is_pem_like(*certificate, "CERTIFICATE")) return bad_enrolment("certificate");
    const auto bundle_hex = from.text("bundle");
    if (!bundle_hex) return bundle_hex.error();
    auto bundle = from_hex(*bundle_hex);
    if (!bundle) return bad_enrolment("bundle");
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
    body.append("proof", to_hex(crypto::sign(key, proven)));
    if (card_key != nullptr) {
        body.append("card_key", to_hex(request.card_key->to_bytes()));
        body.append("card_proof", to_hex(crypto::sign(*card_key, proven)));
    }
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
    auto request = read_request(*from);
    if (!request) return request;
    const auto proven = check_proofs(*from, *request);
    if (!proven) return proven.error();
    return request;
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
