#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/ensure.h"
#include "registry/crypto/random_bytes.h"
#include "registry/keys/key_file.h"
#include "registry/sqlite/database.h"
#include "registry/vault/mount.h"

#include <string>
#include <string_view>

namespace egret::tests {

/// The key of the registry in `dir`, by the PIN of its first user; its machine's secret is a file.
inline keys::DataKey key_of(const std::string& dir, std::string_view pin, Instant now) {
    auto file = keys::KeyFile::load(dir);
    EGRET_ENSURE(bool(file));
    const auto device = keys::DeviceSecret::load(file->device(), {dir, "", {}, nullptr});
    EGRET_ENSURE(bool(device));
    auto key = file->unlock_with_pin(file->users().front().id, bytes_of(pin), *device, now);
    EGRET_ENSURE(bool(key));
    return *std::move(key);
}

/// An encrypted file, open past the program: what a disk, a mistake or an enemy with the key does
/// to it.
struct VaultDatabase {
    VaultDatabase(const std::string& path, ByteView key)
        : mount(key, random), db(options_of(path, mount.vfs_name())) {}

    static sqlite::OpenOptions options_of(const std::string& path, const std::string& vfs_name) {
        sqlite::OpenOptions options;
        options.path = path;
        options.vfs_name = vfs_name;
        return options;
    }

    crypto::SystemRandom random;
    vault::Mount mount;
    sqlite::Database db;
};

}  // namespace egret::tests
