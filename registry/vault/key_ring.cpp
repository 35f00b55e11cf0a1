#include "registry/vault/key_ring.h"

#include "registry/crypto/hash.h"
#include "registry/crypto/kdf.h"

#include <algorithm>
#include <string>

namespace egret::vault {
namespace {

constexpr std::size_t id_chance_bytes = 12;
constexpr std::size_t id_check_bytes = FileId{}.size() - id_chance_bytes;

ByteView chance_of(const FileId& id) { return ByteView(id).first(id_chance_bytes); }

crypto::Secret id_check(ByteView key, ByteView chance) {
    return crypto::hkdf_sha256(key, chance, bytes_of("egret-vault-1 file id"), id_check_bytes);
}

}  // namespace

FileId KeyRing::new_file_id() const {
    FileId id{};
    const auto chance = std::span(id).first(id_chance_bytes);
    random_.fill(chance);
    const auto check = id_check(key_.view(), chance);
    std::copy(check.view().begin(), check.view().end(), id.begin() + id_chance_bytes);
    return id;
}

bool KeyRing::owns(const FileId& id) const {
    const auto check = id_check(key_.view(), chance_of(id));
    return crypto::equal_constant_time(check, ByteView(id).subspan(id_chance_bytes));
}

crypto::Secret KeyRing::key_for(const FileId& id, std::string_view use, std::size_t length) const {
    const auto info = "egret-vault-1 " + std::string(use);
    return crypto::hkdf_sha256(key_.view(), id, bytes_of(info), length);
}

KeyCheck check_of(ByteView key) {
    const auto value =
        crypto::hkdf_sha256(key, {}, bytes_of("egret-vault-1 key check"), KeyCheck{}.size());
    KeyCheck check{};
    std::copy(value.view().begin(), value.view().end(), check.begin());
    return check;
}

}  // namespace egret::vault
