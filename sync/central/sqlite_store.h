#pragma once

#include "registry/store/event_log.h"
#include "registry/store/projector.h"
#include "registry/store/settings.h"
#include "sync/central/backup_table.h"
#include "sync/central/clinic_table.h"
#include "sync/central/device_table.h"
#include "sync/central/feed_reader.h"
#include "sync/central/feed_store.h"
#include "sync/central/feed_writer.h"
#include "sync/central/fork_table.h"
#include "sync/central/ingest_queue.h"
#include "sync/central/store.h"

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace egret::central {

/// How a centre's file is opened.
struct StoreOptions {
    sqlite::Synchronous synchronous = sqlite::Synchronous::full;
    store::StaleProjections stale = store::StaleProjections::rebuild;
    // Through which the file is read and written; empty: the system's, in the clear.
    std::string vfs_name{};
    // Where that lies, if not among the system's files: then rights are its matter.
    std::string base_vfs{};
    // The file of one process alone can do without a -shm.
    bool is_exclusive = false;  // Nobody else opens it meanwhile.
    // What is counted.
    std::span<const coverage::Indicator> indicators = coverage::known_indicators();
};

/// The centre's store in one SQLite file, beside which other processes may read and write it.
class SqliteStore final : public CentralStore, public FeedStore {
public:
    /// `db` is a centre's open file. What create() and open() make.
    SqliteStore(std::unique_ptr<sqlite::Database> db,
                std::span<const coverage::Indicator> indicators);

    /// Makes the file, which must not be there.
    /// Errors: those of store::open_file.
    static Result<std::unique_ptr<SqliteStore>> create(const std::string& path,
                                                       const StoreOptions& options = {});
    /// What follows from the logs is made anew first, if it was made by another program,
    /// unless it shall be left.
    /// Errors: those of store::open_file, and of store::require_whole_logs for what is made anew.
    static Result<std::unique_ptr<SqliteStore>> open(const std::string& path, Progress& progress,
                                                     const StoreOptions& options = {});

    std::optional<std::string> find_setting(std::string_view name) override;
    void save_setting(std::string_view name, std::string_view value) override;
    /// The names of those that are not as they were saved; find_setting doesn't find them.
    std::vector<std::string> damaged_settings();

    Result<Clinic> add_clinic(const NewClinic& clinic, Instant now) override;
    Result<Clinic> find_clinic(std::string_view code) override;
    std::vector<Clinic> clinics() override;
    Result<Done> save_code(const StoredCode& code, Instant now) override;
    Result<Clinic> check_code(std::string_view locator, const Hash& secret_hash,
                              Instant now) override;
    std::optional<DeviceId> find_user_of_code(std::string_view locator,
                                              const Hash& secret_hash) override;
    Result<Done> enrol(std::string_view locator, const Device& device) override;

    std::optional<Device> find_device(const DeviceId& id) override;
    std::vector<DeviceStatus> statuses() override;
    std::size_t revoke_clinic(std::string_view code, Instant now) override;
    bool revoke_device(const DeviceId& id, Instant now) override;
    std::vector<crypto::Es256PublicKey> card_keys() override;
    void note_seen(const DeviceId& id, Instant now) override;

    sync::ChainHead head(const DeviceId& id) override;
    Result<sync::Batch> own_log(const DeviceId& id, std::uint64_t from) override;
    sync::ReplyNews news(const DeviceId& id, Instant now) override;
    std::uint64_t safe_seq(const DeviceId& id) override;
    Result<Ingested> ingest(Upload upload) override;

    FeedStore& feeds() override { return *this; }

    Result<FeedReply> feed_page(const DeviceId& device, const sync::FeedCursor& asked,
                                Instant now) override;
    Result<FeedReply> snapshot_page(const DeviceId& device, std::uint64_t scope, ByteView asked,
                                    Instant now) override;
    std::vector<FeedStanding> feed_standings() override;
    Result<AreaScope> give_area(const DeviceId& device, std::string_view area) override;
    bool take_area(const DeviceId& device, std::string_view area) override;
    std::vector<AreaScope> areas_of(const DeviceId& device) override;
    Swept sweep_feeds(Instant now) override;

    store::CoverageReply answer_coverage(const store::CoverageQuestion& question) override;
    store::StockReply answer_stock(const store::StockQuestion& question) override;
    Result<Done> rebuild(Progress& progress) override;
    std::vector<Fault> check(const std::string& copy_path, Date today, Progress& progress) override;
    std::vector<Fault> verify(const std::string& copy_path, Date today,
                              Progress& progress) override;

    // ---- backups (sync/central/backup.h) ----

    /// Lets `copy` write one of what is here now, and notes it with how far each log goes in it.
    /// `copy` gives the sum at its end, and adds nothing to the store.
    using Copy = std::function<Result<Hash>(sqlite::Database&)>;
    Result<Backup> back_up(const Copy& copy, Instant now);
    /// One that was written, but whose note was lost.
    Backup note_backup(const Hash& sum, const std::vector<store::Head>& heads, Instant at);
    void note_verified(std::int64_t number, Instant at, const std::string& kept);
    /// The newest first.
    std::vector<Backup> backups();
    std::vector<store::Head> heads();
    std::optional<Hash> hash_at(const DeviceId& id, std::uint64_t seq);
    /// Before what came out of a backup is used: others may have been given since what it would
    /// give next. So many clinic codes are skipped, and no code that is open lets anybody in.
    void go_on_restored(std::uint64_t codes);

    /// Stores several uploads as ingest() would one after the other, in one transaction; each of
    /// them is done after it.
    void ingest_group(IngestQueue::Group group);

    /// For tests: called between the facts and their commit.
    void before_commit(std::function<void()> hook) { before_commit_ = std::move(hook); }

private:
    bool take_in_together(IngestQueue::Group group);
    void take_in_alone(WaitingUpload& one);
    Result<Ingested> take_in(const WaitingUpload& one, sqlite::WriteTransaction& tx);
    void append(const WaitingUpload& one, std::size_t from, sqlite::WriteTransaction& tx);
    sync::ReplyNews read_news(const DeviceId& id, Instant now);
    void note_cursors(const Upload& upload, sqlite::WriteTransaction& tx);
    void begin_feeds();
    bool is_reader(const DeviceId& device, std::uint64_t scope);

    store::CheckOptions check_options(const std::string& copy_path, Date today) const;

    IngestQueue ingest_queue_;
    std::mutex mutex_;
    std::unique_ptr<sqlite::Database> db_;  // First: all the others use it.
    std::span<const coverage::Indicator> indicators_;
    store::EventLog log_;
    FeedWriter feed_writer_;
    store::Projector projector_;
    ClinicTable clinics_;
    DeviceTable devices_;
    ForkTable forks_;
    ScopeTable scopes_;
    FeedTable feed_;
    FeedReader feed_reader_;
    BackupTable backups_;
    store::Settings settings_;
    std::function<void()> before_commit_ = [] {};
};

}  // namespace egret::central
