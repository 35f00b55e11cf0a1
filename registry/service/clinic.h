#pragma once

#include "registry/audit/trail.h"
#include "registry/base/clock.h"
#include "registry/base/progress.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/files/disk.h"
#include "registry/icu/time_zone.h"
#include "registry/keys/registry_id.h"
#include "registry/rules/programme.h"
#include "registry/service/access.h"
#include "registry/service/caller.h"
#include "registry/service/clinic_day.h"
#include "registry/service/unlocked.h"
#include "registry/store/components.h"
#include "registry/store/event_log.h"
#include "registry/store/feed_place.h"
#include "registry/store/lot_index.h"
#include "registry/store/projector.h"
#include "registry/store/received.h"
#include "registry/store/search.h"
#include "registry/store/settings.h"
#include "registry/store/stock_books.h"
#include "registry/store/store_check.h"
#include "registry/store/user_table.h"
#include "registry/store/women.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace egret::service {

/// What a clinic's registry needs of the world.
struct World {
    const Clock& clock;
    Random& random;
    // No day before it can be today: the day of the program's build, or nothing for worlds that are
    // simulated, where the clock is right by definition.
    Date earliest_today = Date::from_days(0);
    sqlite::Synchronous synchronous = sqlite::Synchronous::full;
    int busy_timeout_ms = 5000;  // So long another process may have the registry.
    // Where it lies, if not on this machine's disk: the VFS beneath the encrypting one, and the
    // small files beside the registry. Keys and copies of it are files of this machine always.
    std::string base_vfs{};
    files::Disk* disk = nullptr;
    Random* seal_chance = nullptr;  // For the seals of pages. Null: the system's.
    // What is counted. Empty: all that are known.
    std::span<const coverage::Indicator> indicators{};
};

struct NewClinic {
    std::string name;
    std::string area;       // Code of the area in which it lies.
    std::string user_name;  // Who makes it.
    std::string time_zone = "Asia/Shanghai";
    keys::RegistryId registry{};  // As its key file has it; nobody's: drawn.
};

/// A fact that is to be recorded. Its uid is made if there is none.
struct Draft {
    WomanId subject;
    Fact fact;
    std::optional<EventUid> uid{};
    std::vector<EventUid> supersedes{};
};

/// What recording them is, for the audit.
Access access_of(const std::vector<Draft>& drafts, const Besides& besides);

/// Something that is done with an open registry before it closes.
class LastWork {
public:
    virtual ~LastWork() = default;
    virtual void run() = 0;
};

/// One clinic's registry, open: the encrypted file and its key, its log, what follows from it, and
/// the clinic's day.
/// Belongs to one thread. Throws sqlite::SqliteError when the disk or the file fails.
class Clinic {
    struct Private {};  // Only create() and open() make one.

public:
    struct Vault;  // The key, and the VFS that uses it.

    Clinic(Private, std::unique_ptr<Vault> vault, std::unique_ptr<sqlite::Database> db,
           icu::TimeZone zone, const World& world);
    ~Clinic();

    /// Whether a registry can be made of that.
    /// Errors: invalid_input, for the area, a name or the time zone.
    static Result<Done> check_new(const NewClinic& clinic);
    /// Makes a registry in `dir`, which is made too if it isn't there: whole, or not at all.
    /// Its file is encrypted under the key; who unlocked it is its first user.
    /// Errors: those of check_new; conflict, if there is one already.
    static Result<std::unique_ptr<Clinic>> create(const std::string& dir, const NewClinic& clinic,
                                                  Unlocked unlocked, const World& world);
    /// Errors: not_found, if there is none; those of store::open_file; those of
    /// store::require_whole_logs, if something is to be made anew. Throws std::system_error, if
    /// memory for the key can't be locked.
    static Result<std::unique_ptr<Clinic>> open(
        const std::string& dir, Unlocked unlocked, const World& world,
        store::StaleProjections stale = store::StaleProjections::rebuild);

    /// For registry.keys, and nothing else.
    const keys::DataKey& key() const noexcept;

    /// All that is wrong: what store::check_store finds; and if that is nothing, settings that
    /// contradict the log or themselves ("setting_device_id", "setting_clinic_code",
    /// "setting_clinic_area", "setting_clock", …), and what is wrong with the audit
    /// ("audit_broken", "audit_missing", "audit_rewritten", with the entry). Slow; works on a copy
    /// in the registry's folder.
    /// `kept_audit`: as verify_audit.
    std::vector<store::StoreFault> check(
        Progress& progress, const std::optional<keys::AuditHead>& kept_audit = std::nullopt);

    /// The clinic's local day, and what the machine's clock is worth. Never before the last
    /// recorded or confirmed day, the centre's last signed day or the program's build.
    ClinicDay day();

    Date today() { return day().today; }

    bool is_clock_suspect() { return day().clock != ClockState::agrees; }

    /// The day on which something is recorded now.
    /// Errors: conflict, if the clock has jumped ahead and nobody confirmed the day.
    Result<Date> recording_day();

    /// Whether somebody was asked for the day, or gave it with the command.
    enum class DaySaid : std::uint8_t { confirmed, by_option };

    /// Somebody says which day it is. It stands in place of the days on which things were recorded
    /// before, so it may be an earlier one; from then on today() follows the machine's clock, less
    /// what it is off by. Does nothing if it was known.
    /// Errors: invalid_input, for a day before the program's build or the centre's last signed day.
    Result<Done> confirm_today(Date day, DaySaid said = DaySaid::confirmed);

    /// As long as this registry is open, today is that day; nothing of it is kept.
    /// Errors: as confirm_today.
    Result<Done> assume_today(Date day);

    Instant now() const { return world_.clock.now(); }

    /// Who unlocked it, in her role: one who isn't a user here only reads.
    Caller caller();

    /// What a user is called here; the id as text for those who aren't known by name.
    std::string user_name(const UserId& user);

    /// The user who is called so here, or has that id.
    /// Errors: not_found, naming those who are known.
    Result<UserId> find_user(std::string_view name_or_id);

    /// Appends the drafts to this device's log, lets them take effect, and notes that in the audit.
    /// One ingest, one entry. They are marked if the clock is suspect.
    /// Errors: too_large; those of recording_day. The drafts must have been checked.
    Result<std::vector<EventUid>> append(const Caller& caller, std::vector<Draft> drafts,
                                         sqlite::WriteTransaction& tx, const Besides& besides = {});

    /// Adds an entry to the audit, in a transaction of its own that is on the disk when this
    /// returns. Who shows a woman's data calls it first: where it throws, nothing is shown.
    void note(const Caller& caller, const Access& access);
    /// So many wrong PINs of hers since the last right one, before registry.keys forgets them.
    void note_wrong_pins(const UserId& user, std::uint32_t count);
    /// The same as part of what is noted.
    void note(const Caller& caller, const Access& access, sqlite::WriteTransaction& tx);

    /// How far the audit is: to be kept outside of the registry's file when that is closed.
    keys::AuditHead audit_head();

    /// `kept`: what audit_head() was, where it was kept. Reads the whole audit.
    audit::Verdict verify_audit(const std::optional<keys::AuditHead>& kept);

    audit::Trail& audit() noexcept { return audit_; }

    /// The centre accepted this registry: the device's id there, its clinic's code and number. What
    /// was recorded before belongs to the clinic under its new code.
    struct Adoption {
        DeviceId device;
        std::string code;
        std::uint64_t scope = 0;
        std::string centre_url;
    };

    /// Noted in the audit. Errors: those of store::require_whole_logs; then nothing was changed.
    Result<Done> adopt(const Adoption& adoption, Progress& progress);

    /// Takes in what a page of the feed says, and saves `received.place` with it: all or nothing.
    /// What comes again changes nothing. The clinic's clock moves on to the latest time that was
    /// seen, but not past the centre's. Not noted in the audit: nobody is shown anything.
    ///
    /// Where what was here is taken back (a drop, an erasure, another code of a clinic), all that
    /// follows from the facts is made anew, which is slow.
    /// Errors: those of store::require_whole_logs, then; nothing was changed.
    Result<store::ReceiveOutcome> receive(const store::Received& received);

    /// How far it is in that scope's feed.
    store::FeedPlace feed_place(std::uint64_t scope);
    /// In all scopes of which anything was ever taken in.
    std::vector<store::FeedPlace> feed_places();

    /// Takes the centre's copy of this machine's own log for its own, from the event after
    /// `ancestor` on, which both have. What only this registry has after it is chained behind
    /// `tail`, under new numbers and its old names; what is in both keeps its place. Nothing is
    /// lost. All that follows is made anew: slow.
    ///
    /// Whoever remembers what was sent and what waits to be sent has to forget it in the same turn:
    /// events after `ancestor` have other numbers and hashes then.
    /// Errors: conflict, if this log ends before `ancestor`; those of store::require_whole_logs.
    /// Then nothing was changed.
    Result<Done> adopt_own_log(std::uint64_t ancestor, const std::vector<codec::EncodedEvent>& tail,
                               Progress& progress);

    /// The last day that the centre signed as its own; empty if it has signed none.
    std::optional<Date> server_day();

    /// What the centre signed as its time: today() is never before that day again.
    void note_server_time(Instant at, sqlite::WriteTransaction& tx);

    /// The centre just said its time. If this machine's clock shows the same day, that is the day,
    /// whatever was recorded before while the clock was wrong.
    void heed_centre(Instant said);

    /// Whether the centre takes anything from this machine, by its last word.
    void note_standing(bool is_accepted);

    /// Where the small files beside the registry lie.
    files::Disk& disk() noexcept;

    /// This machine's key for the keys of its way to the centre; empty, if there is none.
    ByteView link_key() const noexcept;

    /// What is to be done last, before it closes. What that throws is dropped: it is nothing that
    /// the next opening can't do.
    void at_end(std::unique_ptr<LastWork> work) { at_end_ = std::move(work); }

    /// The centre gave it its code.
    bool has_joined() const;

    /// The centre has shut this machine out, which hasn't joined anew since.
    bool is_shut_out();

    /// Sixteen random bytes in hexadecimal, made with the registry.
    std::string registry_id();

    sqlite::Database& database() noexcept { return *db_; }

    store::EventLog& log() noexcept { return log_; }

    /// Everything that holds of the woman who has that id; nothing if nothing was ever said of it.
    std::optional<History> load_history(const WomanId& id);
    /// Why load_history gives nothing: nobody knows her, or she asked to be erased.
    Error no_woman(const WomanId& id, const char* field);
    /// Everybody's, each once, in no promised order.
    void for_each_history(const std::function<void(const History&)>& take);
    /// All her ids, the canonical one first; empty if nothing was ever said of this one.
    std::vector<WomanId> members_of(const WomanId& id);
    /// The same without reading what was said of her; that id alone, if nothing was.
    std::vector<WomanId> linked_ids(const WomanId& id);

    store::Projector& projector() noexcept { return projector_; }

    /// The programme in force where the clinic lies; null if there is none.
    const rules::Programme* programme_on(Date day) const;

    store::Women& women() noexcept { return women_; }

    store::LotIndex& lots() noexcept { return lots_; }

    store::StockBooks& stock_books() noexcept { return stock_books_; }

    store::Search& search() noexcept { return search_; }

    store::Settings& settings() noexcept { return settings_; }

    /// Who has what role is Users' to change.
    store::UserTable& users() noexcept { return users_; }

    Random& random() noexcept { return world_.random; }

    /// Its code is the centre's, or until enrolment the registry's own.
    const store::ClinicIdentity& identity() const noexcept { return identity_; }

    const DeviceId& device() const noexcept { return identity_.device; }

    const icu::TimeZone& time_zone() const noexcept { return time_zone_; }

private:
    Result<Done> confirm_erasures(const std::vector<store::Erasure>& erased,
                                  const store::Arrival& arrival, sqlite::WriteTransaction& tx);
    DayEvidence day_evidence();
    Caller caller_of(const UserId& id);
    Result<Done> check_said_day(Date day);
    void begin(const NewClinic& clinic);

    std::vector<store::StoreFault> check_settings();
    void check_audit(const std::optional<keys::AuditHead>& kept,
                     std::vector<store::StoreFault>& faults);
    Hash audit_start();
    bool has_damaged_settings();
    std::vector<std::string> missing_settings();

    World world_;
    std::unique_ptr<Vault> vault_;  // Outlives the database.
    std::unique_ptr<sqlite::Database> db_;
    store::EventLog log_;
    store::Settings settings_;
    store::UserTable users_;
    audit::Trail audit_;
    store::Projector projector_;
    store::Components components_;
    store::Women women_;
    store::LotIndex lots_;
    store::StockBooks stock_books_;
    store::Search search_;
    store::FeedPlaces feed_places_;
    icu::TimeZone time_zone_;
    store::ClinicIdentity identity_;
    std::uint64_t scope_ = 0;
    std::optional<Date> assumed_today_;
    bool is_day_by_option_ = false;
    std::unique_ptr<LastWork> at_end_;
};

/// The registry's file in its folder.
std::string registry_path(const std::string& dir);

}  // namespace egret::service
