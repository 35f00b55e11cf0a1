#pragma once

#include "registry/base/clock.h"
#include "registry/base/progress.h"
#include "registry/base/random.h"
#include "registry/icu/time_zone.h"
#include "sync/central/centre_keys.h"
#include "sync/central/sqlite_store.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace egret::central {

/// What a centre is made from.
struct NewCentre {
    std::string name;
    std::vector<std::string> hosts;  // Under which clinics reach it; the first one goes into URLs.
    std::string time_zone = "Asia/Shanghai";
};

/// A centre's data folder: centre.db and keys/.
class Centre {
public:
    /// Makes the folder with all that is in it, or nothing.
    /// Errors: conflict, if there is something at `folder` already, but an empty folder;
    /// invalid_input, for the name, a host or the time zone. Throws if the disk fails.
    static Result<Done> create(const std::string& folder, const NewCentre& centre, Instant now,
                               Random& random);

    /// Errors: not_found, if there is no centre; unavailable, if the folder is out of reach; those
    /// of CentreKeys::load, SqliteStore::open.
    static Result<Centre> open(const std::string& folder, Progress& progress,
                               const StoreOptions& options = {});

    /// All that is wrong in the folder: what SqliteStore::check finds in the file; key files that
    /// can't be right ("key_file_tls.key"); and settings that can't, or contradict the keys
    /// ("setting_hosts"). Works where open() refuses the keys. Slow; makes a copy in the folder.
    /// Errors: not_found, if there is no centre; unavailable, if the folder is out of reach; those
    /// of SqliteStore::open.
    static Result<std::vector<Fault>> check(const std::string& folder, Instant now, Random& random,
                                            Progress& progress);

    /// Before clinics are served or invited: with a key that can't be right, what they send could
    /// not be opened, and they would trust no answer.
    /// Errors: unsupported, naming the files that can't be right, or the centre's, if nothing is
    /// noted there of the code key. root.key and recovery.key are needed for
    /// neither.
    Result<Done> check_keys();

    SqliteStore& store() noexcept { return *store_; }

    const CentreKeys& keys() const noexcept { return *keys_; }

    const icu::TimeZone& zone() const noexcept { return zone_; }

    std::string name();
    std::vector<std::string> hosts();

    /// "https://centre.example.cn:8443", for clinics; with the port that was served last.
    std::string url();
    void note_port(std::uint16_t port);

    /// A path in the folder.
    std::string file(std::string_view name) const;

private:
    Centre(std::string folder, std::unique_ptr<SqliteStore> store, std::unique_ptr<CentreKeys> keys,
           icu::TimeZone zone)
        : folder_(std::move(folder)),
          store_(std::move(store)),
          keys_(std::move(keys)),
          zone_(std::move(zone)) {}

    std::string folder_;
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<CentreKeys> keys_;
    icu::TimeZone zone_;
};

}  // namespace egret::central
