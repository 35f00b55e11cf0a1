#include "sync/core/detail/device_keys.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "sync/core/detail/hex_member.h"
#include "sync/core/key_bundle.h"

#include <utility>

namespace egret::sync::detail {
namespace {

/// Nothing, if there is none.
Result<std::optional<crypto::Es256PublicKey>> read_card_key(const json::Reader& from) {
    if (!from.any("card_key")) return std::optional<crypto::Es256PublicKey>();
    const auto bytes = read_hex<64>(from, "card_key");
    if (!bytes) return bytes.error();
    const auto key = crypto::Es256PublicKey::from_bytes(*bytes);
    if (!crypto::is_usable(key)) return bad_member("card_key");
    return std::optional(key);
}

Result<std::string> read_pem(const json::Reader& from, std::string_view name,
                             std::string_view kind) {
    auto text = from.text(name);
    if (text && !is_pem_like(*text, kind)) return bad_member(name);
    return text;
}

Result<Bytes> read_bundle_bytes(const json::Reader& from) {
    const auto hex = from.text("bundle");
    if (!hex) return hex.error();
    auto bytes = from_hex(*hex);
    if (!bytes) return bad_member("bundle");
    return *std::move(bytes);
}

}  // namespace

Error bad_member(std::string_view name) {
    return {ErrorCode::invalid_input, std::string(name), msg("protocol.malformed")};
}

Result<DeviceKeys> read_device_keys(const json::Reader& from) {
    auto csr = read_pem(from, "csr", "CERTIFICATE REQUEST");
    if (!csr) return std::move(csr).error();
    const auto sign_key = read_hex<32>(from, "sign_key");
    if (!sign_key) return sign_key.error();
    const auto seal_key = read_hex<32>(from, "seal_key");
    if (!seal_key) return seal_key.error();
    if (!crypto::is_usable(*seal_key)) return bad_member("seal_key");
    const auto card_key = read_card_key(from);
    if (!card_key) return card_key.error();
    return DeviceKeys{*std::move(csr), *sign_key, *seal_key, *card_key};
}

Result<Done> check_proofs(const json::Reader& from, const DeviceKeys& keys, ByteView proven) {
    const auto proof = read_hex<64>(from, "proof");
    if (!proof) return proof.error();
    if (!crypto::verify(keys.sign_key, proven, *proof))
        return Error{ErrorCode::unauthorized, "proof", msg("enrolment.bad_proof")};
    if (!keys.card_key) return Done{};
    const auto card_proof = read_hex<64>(from, "card_proof");
    if (!card_proof) return card_proof.error();
    if (!crypto::verify(*keys.card_key, proven, *card_proof))
        return Error{ErrorCode::unauthorized, "card_proof", msg("enrolment.bad_proof")};
    return Done{};
}

void append_proofs(json::Object& to, ByteView proven,
                   const std::optional<crypto::Es256PublicKey>& card_key,
                   const DeviceProvers& provers) {
    to.append("proof", to_hex(crypto::sign(provers.key, proven)));
    if (!card_key) return;
    to.append("card_key", to_hex(card_key->to_bytes()));
    to.append("card_proof", to_hex(crypto::sign(*provers.card_key, proven)));
}

Result<std::string> read_name(const json::Reader& from, std::string_view name) {
    auto text = from.text(name);
    if (text && text->size() > limits::name_bytes_max) return bad_member(name);
    return text;
}

Result<MemberOf> read_member(const json::Reader& from) {
    const auto device = from.text("device");
    if (!device) return device.error();
    const auto id = DeviceId::parse(*device);
    if (!id || id->is_nil()) return bad_member("device");
    auto clinic_code = read_name(from, "clinic_code");
    if (!clinic_code) return std::move(clinic_code).error();
    const auto scope = from.integer("scope", 1);
    if (!scope) return scope.error();
    auto certificate = read_pem(from, "certificate", "CERTIFICATE");
    if (!certificate) return std::move(certificate).error();
    auto bundle = read_bundle_bytes(from);
    if (!bundle) return std::move(bundle).error();
    return MemberOf{*id, *std::move(clinic_code), static_cast<std::uint64_t>(*scope),
                    *std::move(certificate), *std::move(bundle)};
}

}  // namespace egret::sync::detail
