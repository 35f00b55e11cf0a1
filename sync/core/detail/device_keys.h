#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"
#include "registry/crypto/es256.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "registry/json/reader.h"
#include "registry/json/value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What a machine asks to be known by, as it stands in a request to join and to renew.
namespace egret::sync::detail {

struct DeviceKeys {
    std::string csr_pem;
    crypto::VerifyKey sign_key{};
    crypto::SealPublicKey seal_key{};
    std::optional<crypto::Es256PublicKey> card_key{};
};

/// "csr", "sign_key", "seal_key" and, if there is one, "card_key".
/// Errors: those of json::Reader; invalid_input, for what can't be one.
Result<DeviceKeys> read_device_keys(const json::Reader& from);

/// "proof" by the sign_key and, with a card_key, "card_proof" by that, over `proven`.
/// Errors: those of json::Reader; unauthorized.
Result<Done> check_proofs(const json::Reader& from, const DeviceKeys& keys, ByteView proven);

/// The private halves.
struct DeviceProvers {
    const crypto::SigningKey& key;
    const crypto::Es256Key* card_key = nullptr;
};

/// Both proofs, and the card_key itself, if there is one.
void append_proofs(json::Object& to, ByteView proven,
                   const std::optional<crypto::Es256PublicKey>& card_key,
                   const DeviceProvers& provers);

/// Errors: those of json::Reader; invalid_input, also past limits::name_bytes_max.
Result<std::string> read_name(const json::Reader& from, std::string_view name);

/// As what a device is known, in the answers that let it in.
struct MemberOf {
    DeviceId device;
    std::string clinic_code;
    std::uint64_t scope = 0;
    std::string certificate_pem;
    Bytes bundle;  // Signed.
};

/// Errors: those of json::Reader; invalid_input, for a member that can't be one.
Result<MemberOf> read_member(const json::Reader& from);

Error bad_member(std::string_view name);

}  // namespace egret::sync::detail
