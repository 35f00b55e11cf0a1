#pragma once

#include "registry/base/ensure.h"
#include "registry/crypto/random_bytes.h"
#include "registry/keys/machine_key_file.h"
#include "registry/sqlite/database.h"
#include "registry/vault/mount.h"
#include "sync/central/centre.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

/// Centres whose machine's secret is a key file in their folder, and what lies in their files.
namespace egret::tests {

/// For what is no centre's own.
inline const keys::DataKey& test_data_key() {
    static const keys::DataKey key{Fixed<32>{7, 7, 7}};
    return key;
}

/// What central::found_centre does, with the secret in device.key.
inline Result<keys::DataKey> found_centre(const std::string& folder,
                                          const central::NewCentre& centre, Instant now,
                                          Random& random,
                                          const keys::RecoveryCode* recovery = nullptr,
                                          const std::string& root_folder = "") {
    auto making = central::CentreInMaking::start(folder);
    if (!making) return std::move(making).error();
    const auto device = keys::DeviceSecret::make_file(making->path(), "device.key", random);
    if (!device) return device.error();
    auto key = making->fill(centre, {*device, recovery, root_folder}, now, random);
    if (!key) return key;
    if (auto finished = making->finish(); !finished) return std::move(finished).error();
    return key;
}

/// What opens the centre in `folder`, by its device.key.
inline keys::DataKey key_of_centre(const std::string& folder) {
    const auto file = central::Centre::find_key_file(folder);
    EGRET_ENSURE(bool(file));
    const auto device = keys::DeviceSecret::load(file->device(), {folder, "", {}, nullptr});
    EGRET_ENSURE(bool(device));
    auto key = file->unlock(*device);
    EGRET_ENSURE(bool(key));
    return *std::move(key);
}

inline Result<central::Centre> open_centre(const std::string& folder) {
    NoProgress nobody;
    return central::Centre::open(folder, key_of_centre(folder), nobody);
}

/// Root and recovery key, moved out of the centre's folder.
inline void move_root_to(const std::string& safe, const std::string& folder) {
    std::filesystem::create_directory(safe);
    for (const auto* name : {"/root.key", "/recovery.key"})
        std::filesystem::rename(folder + "/keys" + name, safe + name);
}

/// No file below `folder` holds any of these, but for the machine's own key file.
inline void expect_nowhere(const std::vector<std::string>& secrets, const std::string& folder) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file() || entry.path().filename() == "device.key") continue;
        ++files;
        const auto content = read_file(entry.path().string());
        for (const auto& secret : secrets) {
            EGRET_ENSURE(secret.size() >= 6);
            CAPTURE(entry.path().filename().string());
            CHECK(content.find(secret) == std::string::npos);
        }
    }
    CHECK(files >= 9);
}

/// A centre's file, open behind its back.
class CentreFile {
public:
    explicit CentreFile(const std::string& folder)
        : mount_(key_of_centre(folder).view(), chance_), db_(options(folder)) {}

    sqlite::Database& db() noexcept { return db_; }

private:
    sqlite::OpenOptions options(const std::string& folder) const {
        sqlite::OpenOptions chosen;
        chosen.path = folder + "/centre.db";
        chosen.vfs_name = mount_.vfs_name();
        return chosen;
    }

    crypto::SystemRandom chance_;
    vault::Mount mount_;
    sqlite::Database db_;
};

}  // namespace egret::tests
