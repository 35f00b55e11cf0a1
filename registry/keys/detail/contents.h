#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"
#include "registry/keys/audit_head.h"
#include "registry/keys/detail/wrapping.h"
#include "registry/keys/device_secret.h"
#include "registry/keys/recovery_code.h"
#include "registry/keys/registry_id.h"
#include "registry/keys/tries.h"
#include "registry/vault/key_ring.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// What stands in registry.keys and in centre.keys, and how. docs/vault.md has the format.
namespace egret::keys::detail {

struct UserSlot {
    UserId id;
    std::string name;
    std::optional<Wrapping> wrapping;  // None, while a PIN must be given to her first.
};

struct RecoverySlot {
    Fixed<16> id{};  // Zeros, while a server has no sheet yet.
    Wrapping wrapping;

    bool is_there() const noexcept { return id != Fixed<16>{}; }
};

struct MachineSlot {
    Fixed<16> id{};
    MachineWrapping wrapping;
};

struct ProgrammeSlot {
    Fixed<16> id{};
    PublicWrapping wrapping;
};

/// What only the holder of the data key may change.
struct Body {
    RegistryId registry;
    vault::KeyCheck key_check{};
    DeviceBinding device;
    std::vector<UserSlot> users;
    RecoverySlot recovery;
    std::optional<ProgrammeSlot> programme;
    std::optional<AuditHead> audit_head;
    std::optional<FormerKey> former;
    std::optional<MachineSlot> machine;  // Of a server: then there are no users.
};

/// The users with wrong PINs since the last right one.
using TriesByUser = std::map<UserId, Tries>;

struct Contents {
    Body body;
    Bytes body_bytes;  // As they were written, which is what the seal is over.
    Hash seal{};       // HMAC of them, under a key that follows from the data key.
    TriesByUser tries;
};

Bytes encode_body(const Body& body);
Hash seal_of(ByteView body_bytes, const DataKey& key);

/// Another recovery code, in place of the one before.
void put_recovery(Contents& contents, const DataKey& key, const RecoveryCode& code, Random& random);
/// After a change of the body.
void seal_anew(Contents& contents, const DataKey& key);

/// `body`, `body_bytes` and `seal` agree already.
Bytes encode(const Contents& contents);
/// Errors: unsupported, if it is damaged, or written by a newer release.
Result<Contents> decode(ByteView file);

}  // namespace egret::keys::detail
