#include "sync/central/sqlite_store.h"

#include "embedded/centre_schema.h"
#include "registry/store/log_check.h"
#include "registry/store/open.h"
#include "sync/central/verify.h"

#include <utility>

namespace egret::central {
namespace {

// Writers wait for each other: a batch of the largest size takes less than this.
constexpr int busy_timeout_ms = 30'000;
constexpr int cache_kib = 64 * 1024;
// 64 MiB: the same pages are changed by many batches, and go into the file once.
constexpr int checkpoint_pages = 16'384;

constexpr auto last_sealed_sql = R"sql(
    SELECT e.woman_ix FROM event e JOIN payload p USING (position)
     WHERE e.woman_ix IS NOT NULL AND e.type <> ?1 ORDER BY e.woman_ix DESC LIMIT 1
)sql";

store::FileOptions centre_file(const std::string& path, const StoreOptions& wanted) {
    store::FileOptions options;
    options.path = path;
    options.kind = store::FileKind::centre;
    options.vfs_name = wanted.vfs_name;
    options.base_vfs = wanted.base_vfs;
    options.exclusive = wanted.is_exclusive;
    options.synchronous = wanted.synchronous;
    options.cache_kib = cache_kib;
    options.checkpoint_pages = checkpoint_pages;
    options.busy_timeout_ms = busy_timeout_ms;
    return options;
}

/// Null, if there shall be none.
Result<std::unique_ptr<WomanKeys>> open_keys(const StoreOptions& wanted, bool create) {
    if (wanted.keys_path.empty()) return std::unique_ptr<WomanKeys>();
    auto file = centre_file(wanted.keys_path, wanted);
    file.create = create;
    file.cache_kib = 0;
    file.checkpoint_pages = 0;
    auto keys = WomanKeys::open(file);
    if (!keys && keys.error().code == ErrorCode::not_found)
        return Error{ErrorCode::not_found, "",
                     msg("central.woman_keys_lost", {{"path", wanted.keys_path}})};
    return keys;
}

/// A key is drawn before its woman gets a row: else the file of the keys is from an older day.
Result<Done> check_covered(sqlite::Database& db, WomanKeys* keys, const std::string& path) {
    if (keys == nullptr) return Done{};
    sqlite::Statement last(db, last_sealed_sql);
    auto run = last.start();
    run.bind_all(Erase::type);
    if (!run.next() || run.int64(0) <= keys->last_drawn()) return Done{};
    return Error{ErrorCode::unsupported, "", msg("central.woman_keys_older", {{"path", path}})};
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::create(const std::string& path,
                                                         const StoreOptions& options) {
    auto file = centre_file(path, options);
    file.create = true;
    auto db = store::open_file(file, embedded::centre_schema());
    if (!db) return std::move(db).error();
    auto keys = open_keys(options, true);
    if (!keys) return std::move(keys).error();
    auto made = std::make_unique<SqliteStore>(*std::move(db), *std::move(keys), options.indicators);
    made->begin_feeds();
    return made;
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path, Progress& progress,
                                                       const StoreOptions& options) {
    auto db = store::open_file(centre_file(path, options), embedded::centre_schema());
    if (!db) return std::move(db).error();
    auto keys = open_keys(options, false);
    if (!keys) return std::move(keys).error();
    if (auto covered = check_covered(**db, keys->get(), options.keys_path); !covered)
        return std::move(covered).error();
    auto opened =
        std::make_unique<SqliteStore>(*std::move(db), *std::move(keys), options.indicators);
    if (options.stale == store::StaleProjections::rebuild && opened->projector_.needs_rebuild()) {
        if (auto rebuilt = opened->rebuild(progress); !rebuilt) return std::move(rebuilt).error();
    }
    if (options.stale == store::StaleProjections::rebuild) {
        opened->begin_feeds();
        if (opened->woman_keys_) opened->finish_erasures();
    }
    return opened;
}

SqliteStore::SqliteStore(std::unique_ptr<sqlite::Database> db, std::unique_ptr<WomanKeys> keys,
                         std::span<const coverage::Indicator> indicators)
    : db_(std::move(db)),
      woman_keys_(std::move(keys)),
      indicators_(indicators),
      log_(*db_, woman_keys_.get()),
      feed_writer_(log_, *db_),
      projector_(log_, *db_, {indicators, false, &feed_writer_.watcher()}),
      clinics_(*db_),
      devices_(*db_),
      forks_(*db_),
      scopes_(*db_),
      feed_(*db_),
      feed_reader_(*db_, woman_keys_.get()),
      backups_(*db_),
      users_(*db_),
      desk_(*db_),
      components_(log_, *db_),
      statements_(*db_),
      erased_(log_.women(), *db_),
      set_aside_(log_, components_, statements_, *db_),
      spool_(*db_),
      settings_(*db_) {}

std::optional<std::string> SqliteStore::find_setting(std::string_view name) {
    const std::lock_guard lock(mutex_);
    return settings_.find(name);
}

std::vector<std::string> SqliteStore::damaged_settings() {
    const std::lock_guard lock(mutex_);
    return settings_.damaged();
}

void SqliteStore::save_setting(std::string_view name, std::string_view value) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    settings_.save(name, value, tx);
    tx.commit();
}

Result<Clinic> SqliteStore::add_clinic(const NewClinic& clinic, Instant now) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    auto added = clinics_.add(clinic, now, tx);
    if (added) tx.commit();
    return added;
}

Result<Clinic> SqliteStore::find_clinic(std::string_view code) {
    const std::lock_guard lock(mutex_);
    return clinics_.find(code);
}

std::vector<Clinic> SqliteStore::clinics() {
    const std::lock_guard lock(mutex_);
    return clinics_.all();
}

Result<Done> SqliteStore::save_code(const StoredCode& code, Instant now) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    auto saved = clinics_.save_code(code, now, tx);
    if (saved) tx.commit();
    return saved;
}

Result<Clinic> SqliteStore::check_code(std::string_view locator, const Hash& secret_hash,
                                       Instant now) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    auto clinic = clinics_.check_code(locator, secret_hash, now, tx);
    tx.commit();
    return clinic;
}

std::optional<DeviceId> SqliteStore::find_user_of_code(std::string_view locator,
                                                       const Hash& secret_hash) {
    const std::lock_guard lock(mutex_);
    return clinics_.find_user_of_code(locator, secret_hash);
}

Result<Done> SqliteStore::enrol(std::string_view locator, const Device& device) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    if (!clinics_.use_code(locator, device.id, tx))
        return Error{ErrorCode::unauthorized, "code", msg("enrol.code_used")};
    log_.add_device(device.id, device.clinic, tx);
    devices_.add(device, tx);
    tx.commit();
    return Done{};
}

std::optional<Device> SqliteStore::find_device(const DeviceId& id) {
    const std::lock_guard lock(mutex_);
    auto device = devices_.find(id);
    if (device && device->is_damaged) return std::nullopt;
    return device;
}

std::vector<DeviceStatus> SqliteStore::statuses() {
    const std::lock_guard lock(mutex_);
    auto statuses = devices_.statuses();
    for (auto& status : statuses) status.forks = forks_.of(status.device.id);
    return statuses;
}

std::size_t SqliteStore::revoke_clinic(std::string_view code, Instant now) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    clinics_.close_codes(code, now, tx);
    const auto count = devices_.revoke_clinic(code, now, tx);
    tx.commit();
    return count;
}

bool SqliteStore::revoke_device(const DeviceId& id, Instant now) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    const bool revoked = devices_.revoke(id, now, tx);
    tx.commit();
    return revoked;
}

std::vector<crypto::Es256PublicKey> SqliteStore::card_keys() {
    const std::lock_guard lock(mutex_);
    return devices_.card_keys();
}

void SqliteStore::note_seen(const DeviceId& id, Instant now) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    devices_.note_seen(id, now, tx);
    tx.commit();
}

store::CoverageReply SqliteStore::answer_coverage(const store::CoverageQuestion& question) {
    const std::lock_guard lock(mutex_);
    const sqlite::ReadTransaction one_state(*db_);
    return store::answer_coverage(log_, *db_, question);
}

store::StockReply SqliteStore::answer_stock(const store::StockQuestion& question) {
    const std::lock_guard lock(mutex_);
    const sqlite::ReadTransaction one_state(*db_);
    std::vector<store::PlacedFacility> placed;
    for (const auto& clinic : clinics_.all()) placed.push_back({clinic.code, clinic.area});
    return store::answer_stock(log_, *db_, placed, question);
}

Result<Done> SqliteStore::rebuild(Progress& progress) {
    const std::lock_guard lock(mutex_);
    auto whole = store::require_whole_logs(*db_, progress, woman_keys_.get());
    if (whole && (has_odd_uploads(*db_) || has_damaged_acts(*db_)))
        whole = Error{ErrorCode::conflict, "", msg("store.log_damaged", {{"count", "1"}})};
    if (whole) projector_.rebuild(progress);
    return whole;
}

store::CheckOptions SqliteStore::check_options(const std::string& copy_path, Date today) const {
    return {copy_path,   today,
            false,       {std::string(refused_erased), std::string(refused_invalid)},
            indicators_, woman_keys_.get()};
}

std::vector<Fault> SqliteStore::check(const std::string& copy_path, Date today,
                                      Progress& progress) {
    const std::lock_guard lock(mutex_);
    auto faults = check_centre(*db_, check_options(copy_path, today), progress);
    if (woman_keys_ && !woman_keys_->database().integrity_check().empty())
        faults.push_back({{}, 0, "woman_keys"});
    return faults;
}

std::vector<Fault> SqliteStore::verify(const std::string& copy_path, Date today,
                                       Progress& progress) {
    const std::lock_guard lock(mutex_);
    auto faults = store::check_contents(*db_, check_options(copy_path, today), progress);
    if (has_damaged_feeds(*db_)) faults.push_back({{}, 0, "feed"});
    if (has_damaged_acts(*db_)) faults.push_back({{}, 0, "desk_act"});
    if (has_damaged_centre_users(*db_)) faults.push_back({{}, 0, "centre_user"});
    return faults;
}

}  // namespace egret::central
