#pragma once

#include "registry/store/components.h"
#include "registry/store/event_log.h"
#include "registry/store/projector.h"
#include "registry/store/settings.h"
#include "registry/store/statements.h"
#include "sync/central/backup_table.h"
#include "sync/central/centre_user_table.h"
#include "sync/central/clinic_table.h"
#include "sync/central/desk_act.h"
#include "sync/central/desk_table.h"
#include "sync/central/device_table.h"
#include "sync/central/erased_women.h"
#include "sync/central/feed_reader.h"
#include "sync/central/feed_store.h"
#include "sync/central/feed_writer.h"
#include "sync/central/fork_table.h"
#include "sync/central/ingest_queue.h"
#include "sync/central/set_aside.h"
#include "sync/central/spool_table.h"
#include "sync/central/store.h"
#include "sync/central/woman_keys.h"

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
    // The file of the keys under which each woman's facts are stored (woman_keys.h), through the
    // same vfs; empty: they stand in the store as they came.
    std::string keys_path{};
};

/// The centre's store in one SQLite file, beside which other processes may read and write it.
class SqliteStore final : public CentralStore, public FeedStore, public SpoolStore {
public:
    /// `db` is a centre's open file, `keys` its women's, or null. What create() and open() make.
    SqliteStore(std::unique_ptr<sqlite::Database> db, std::unique_ptr<WomanKeys> keys,
                std::span<const coverage::Indicator> indicators);

    /// Makes the file, which must not be there, and that of the women's keys.
    /// Errors: those of store::open_file.
    static Result<std::unique_ptr<SqliteStore>> create(const std::string& path,
                                                       const StoreOptions& options = {});
    /// What follows from the logs is made anew first, if it was made by another program,
    /// unless it shall be left.
    /// Errors: those of store::open_file, and of store::require_whole_logs for what is made anew;
    /// unsupported, if the women's keys are older than the file.
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
    void note_bundle(const DeviceId& id, std::uint64_t number) override;
    Result<Done> offer_keys(const DeviceId& id, const DeviceKeys& next) override;
    void adopt_keys(const DeviceId& id, std::uint32_t epoch) override;
    Result<Done> readmit(const Device& device, std::uint64_t scope) override;

    sync::ChainHead head(const DeviceId& id) override;
    Result<sync::Batch> own_log(const DeviceId& id, std::uint64_t from) override;
    sync::ReplyNews news(const DeviceId& id, Instant now) override;
    std::uint64_t safe_seq(const DeviceId& id) override;
    Result<Ingested> ingest(Upload upload) override;

    FeedStore& feeds() override { return *this; }

    SpoolStore& spool() override { return *this; }

    Result<FeedReply> feed_page(const DeviceId& device, const sync::FeedCursor& asked,
                                Instant now) override;
    Result<FeedReply> later_page(const DeviceId& device, const sync::FeedCursor& asked) override;
    Result<FeedReply> snapshot_page(const DeviceId& device, std::uint64_t scope, ByteView asked,
                                    Instant now) override;
    std::vector<FeedStanding> feed_standings() override;
    Result<AreaScope> give_area(const DeviceId& device, std::string_view area) override;
    bool take_area(const DeviceId& device, std::string_view area) override;
    std::vector<AreaScope> areas_of(const DeviceId& device) override;
    Swept sweep_feeds(Instant now) override;

    bool spool_upload(const SpooledUpload& upload, Instant now) override;
    std::vector<Spooled> spooled(const DeviceId& device) override;
    std::vector<Spooled> all_spooled() override;
    std::optional<Bytes> spooled_envelope(std::int64_t id) override;
    void let_go(std::int64_t id) override;

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
    /// Writes a backup of the women's keys, if there are any.
    Result<Done> back_up_keys(const std::function<Result<Hash>(sqlite::Database&)>& copy);
    /// Before what came out of a backup is used: others may have been given since what it would
    /// give next. So many clinic codes are skipped, and no code that is open lets anybody in. Whose
    /// key was destroyed since is taken out, and keys that women got since are other women's now.
    /// Errors: those of rebuild().
    Result<Done> go_on_restored(std::uint64_t codes, Progress& progress);

    // ---- the desk (sync/central/desk.h) ----

    /// Gives her the next number. Errors: conflict, if somebody has that name.
    Result<CentreUser> add_user(const CentreUser& user);
    /// False, if nobody has that name.
    bool remove_user(std::string_view name, Instant at);
    /// By number, also those who are gone, and who are not as they were noted.
    std::vector<CentreUser> users();
    /// Facts without effect, and those on which an officer ruled, by when they came.
    std::vector<SetAside> set_aside();
    /// Carries out what is decided: facts of the centre's log and a ruling, with all that follows
    /// from them, in one transaction and one ingest.
    /// Errors: forbidden, if no officer has that name; conflict, if it would change nothing; those
    /// of `decide`, and of codec::encode_event. Then nothing was changed.
    Result<DeskDone> act(const DeskHand& hand, const DeskDecision& decide);

    // ---- who is erased (sync/central/desk.h) ----

    /// Takes off the disk what an act that erased somebody has freed, and her keys. act() and
    /// open() do that, too; a power cut may come before. Throws SqliteError: busy, if somebody
    /// reads an older state of the store for too long.
    void finish_erasures();
    std::vector<OpenErasure> open_erasures();
    /// Ids that were erased.
    std::size_t count_erased();

    /// Stores several uploads as ingest() would one after the other, in one transaction; each of
    /// them is done after it.
    void ingest_group(IngestQueue::Group group);

    /// For tests: called between the facts and their commit.
    void before_commit(std::function<void()> hook) { before_commit_ = std::move(hook); }

private:
    bool take_in_together(IngestQueue::Group group);
    void take_in_alone(WaitingUpload& one);
    Result<Ingested> take_in(WaitingUpload& one, sqlite::WriteTransaction& tx);
    void append(WaitingUpload& one, std::size_t from, sqlite::WriteTransaction& tx);
    sync::ReplyNews read_news(const DeviceId& id, Instant now);
    void note_cursors(const Upload& upload, sqlite::WriteTransaction& tx);
    void begin_feeds();
    bool is_reader(const DeviceId& device, std::uint64_t scope);
    bool shred_keyless(sqlite::WriteTransaction& tx);
    static std::vector<WomanId> erased_by(const DeskAct& act);
    std::vector<std::int64_t> shred(const std::vector<WomanId>& erased, const store::Ingest& ingest,
                                    sqlite::WriteTransaction& tx);
    void take_out_erased(WaitingUpload& one, std::size_t from);

    store::CheckOptions check_options(const std::string& copy_path, Date today) const;

    IngestQueue ingest_queue_;
    std::mutex mutex_;
    std::unique_ptr<sqlite::Database> db_;  // First: all the others use it.
    std::unique_ptr<WomanKeys> woman_keys_;
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
    CentreUserTable users_;
    DeskTable desk_;
    store::Components components_;
    store::Statements statements_;
    ErasedWomen erased_;
    SetAsideFinder set_aside_;
    SpoolTable spool_;
    store::Settings settings_;
    std::function<void()> before_commit_ = [] {};
};

}  // namespace egret::central
