#pragma once

#include "registry/base/clock.h"
#include "registry/base/progress.h"
#include "registry/base/random.h"
#include "registry/crypto/random_bytes.h"
#include "registry/icu/time_zone.h"
#include "registry/keys/data_key.h"
#include "registry/keys/machine_key_file.h"
#include "registry/vault/mount.h"
#include "sync/central/centre_founding.h"
#include "sync/central/centre_keys.h"
#include "sync/central/sqlite_store.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace egret::central {

/// A centre's data folder: centre.keys, and what its key opens: centre.db and keys/.
class Centre {
public:
    Centre(Centre&&) = default;
    Centre& operator=(Centre&&) = delete;

    /// What opens a centre, still closed.
    /// Errors: not_found, if there is no centre; unavailable, if the folder is out of reach;
    /// unsupported, if the centre lies there in the clear, as builds of before made it; those of
    /// keys::MachineKeyFile::load.
    static Result<keys::MachineKeyFile> find_key_file(const std::string& folder);

    /// Errors: those of CentreKeys::load and SqliteStore::open. `options` names no vfs.
    static Result<Centre> open(const std::string& folder, keys::DataKey key, Progress& progress,
                               StoreOptions options = {});

    /// What open() does once to a centre that came out of a backup, before it gives any code.
    /// Errors: those of SqliteStore::open and SqliteStore::go_on_restored.
    static Result<Done> go_on_restored(const std::string& folder, const keys::DataKey& key,
                                       Progress& progress);

    /// All that is wrong in the folder: what SqliteStore::check finds in the file; key files that
    /// can't be right ("key_file_tls.key"); and settings that can't, or contradict the keys
    /// ("setting_hosts"). Works where open() refuses the keys. Slow; makes a copy in the folder,
    /// as encrypted as the file itself. Errors: those of SqliteStore::open.
    static Result<std::vector<Fault>> check(const std::string& folder, const keys::DataKey& key,
                                            Instant now, Random& random, Progress& progress);

    /// Before clinics are served or invited: with a key that can't be right, what they send could
    /// not be opened, and they would trust no answer.
    /// Errors: unsupported, naming the files that can't be right, or the centre's, if nothing is
    /// noted there of the code key. root.key and recovery.key are needed for
    /// neither.
    Result<Done> check_keys();

    SqliteStore& store() noexcept { return *store_; }

    const CentreKeys& keys() const noexcept { return *keys_; }

    CentreKeys& keys() noexcept { return *keys_; }

    /// The least that the number of the next key bundle may be: clinics may have one of a higher
    /// number than this centre, since it was restored.
    std::uint64_t bundle_number_min();

    /// Opens all of it.
    const keys::DataKey& key() const noexcept { return key_; }

    const icu::TimeZone& zone() const noexcept { return zone_; }

    std::string name();
    std::vector<std::string> hosts();

    /// "https://centre.example.cn:8443", for clinics; with the port that was served last.
    std::string url();
    void note_port(std::uint16_t port);

    const std::string& folder() const noexcept { return folder_; }

    /// A path in the folder.
    std::string file(std::string_view name) const;

private:
    /// The system's chance, and the encrypted files that draw from it.
    struct Vault {
        explicit Vault(const keys::DataKey& key) : mount(key.view(), chance) {}

        crypto::SystemRandom chance;
        vault::Mount mount;
    };

    Centre(std::string folder, keys::DataKey key, icu::TimeZone zone)
        : folder_(std::move(folder)), key_(std::move(key)), zone_(std::move(zone)) {}

    std::string folder_;
    keys::DataKey key_;
    std::unique_ptr<Vault> vault_;  // Outlives the store.
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<CentreKeys> keys_;
    icu::TimeZone zone_;
};

}  // namespace egret::central
