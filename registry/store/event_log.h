#pragma once

#include "registry/base/date.h"
#include "registry/base/hlc.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"
#include "registry/codec/event_codec.h"
#include "registry/domain/history.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/ingest_table.h"
#include "registry/store/payload_seal.h"
#include "registry/store/woman_index.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace egret::store {

/// The place of a fact in the order in which this store got all of them, from 1.
using Position = std::int64_t;

/// What a store has of a device's log.
enum class DeviceKind : std::uint8_t {
    whole = 0,      // All of it, in the order of its numbers.
    foreign = 1,    // Only what a feed brought (foreign_log.h).
    rechained = 2,  // All of it; but after a repair (rechain.h) numbers don't tell what came first.
};

/// The end of one device's log. Of a foreign one: how many of its facts are here, and the hashes of
/// all of them, each added to the others bit by bit (exclusive or), whatever came first.
struct Head {
    DeviceId device;
    std::string clinic;     // Its facility code.
    std::uint64_t seq = 0;  // 0: nothing yet.
    Hash hash = codec::chain_start;
    DeviceKind kind = DeviceKind::whole;

    friend bool operator==(const Head&, const Head&) = default;
};

/// What goes to the end of a device's log.
struct NewEvents {
    DeviceId device;
    std::uint64_t first_seq = 1;
    Hash previous = codec::chain_start;  // Of the event before the first one.
    std::span<const codec::EncodedEvent> events{};
};

struct AppendedEvent {
    Position position = 0;
    std::int64_t woman_ix = 0;  // 0: the header can't be read.
    std::uint16_t type = 0;
};

/// One line of a log, as it came. Salt and payload are empty if they were erased.
struct LogEntry {
    Position position = 0;
    DeviceId device;
    std::uint64_t seq = 0;
    codec::EncodedEvent event;
    Hash hash{};
    bool has_payload = true;
    bool is_erased = false;  // It had one, and she was erased.
};

/// Why a fact of which only the header came has no effect.
inline constexpr const char* erased_content = "erased";
/// And one that the centre refused, since its content breaks the rules of its kind.
inline constexpr const char* invalid_content = "invalid";

/// A fact that is kept but has no effect, and why: "erased", "bad_header", "bad_commitment",
/// "bad_payload", or what a floor above found.
struct Quarantined {
    DeviceId device;
    std::uint64_t seq = 0;
    std::string reason;
};

/// Which machine a log is of, and of which clinic: its facility code.
struct DeviceName {
    DeviceId id;
    std::string clinic;
};

/// SHA-256("cr-dev-v1" ‖ id ‖ kind, as a byte ‖ clinic): kept beside them, so that damage to any is
/// seen.
Hash hash_device(const DeviceName& name, DeviceKind kind);

/// The logs of devices: a clinic's own and what it was told of others', and at the centre
/// everybody's. Facts are stored exactly as they came, whether they can be understood or not, and
/// are never changed. Whoever reads them decoded reads them under all that was said of them since
/// (statements.h), up to the ingest that is asked for.
///
/// Belongs to the thread of its Database, which outlives it. Any member throws
/// sqlite::SqliteError when the file or the disk fails.
class EventLog {
public:
    /// `seal`: what facts say is stored under it. Outlives the log.
    explicit EventLog(sqlite::Database& db, PayloadSeal* seal = nullptr);

    /// Makes a device known. Does nothing if it is known already.
    void add_device(const DeviceId& device, const std::string& clinic,
                    sqlite::WriteTransaction& tx);

    /// One of whose log only some facts will be here.
    void add_foreign_device(const DeviceName& device, sqlite::WriteTransaction& tx);

    /// The same machine under the id and the clinic's code that the centre gave it; its log goes
    /// on. What follows from the facts must be made anew: see Projector::rebuild.
    void rename_device(const DeviceId& device, const DeviceName& name,
                       sqlite::WriteTransaction& tx);

    std::optional<Head> find_head(const DeviceId& device);
    /// Of all devices, by id.
    std::vector<Head> heads();
    /// The same as it was known at the end of that day; devices without a fact by then have seq 0.
    /// Of a rechained log: up to the first number that was not. Reads all that is here of foreign
    /// ones, if some of it came later.
    std::vector<Head> heads_known_on(Date day);
    /// The hash of that event of that device; chain_start for seq 0.
    std::optional<Hash> hash_at(const DeviceId& device, std::uint64_t seq);
    /// What the last event of the device's log says that its clock showed.
    std::optional<Hlc> head_hlc(const DeviceId& device);

    /// Begins what this transaction adds, known from the end of `arrival.known_day` on.
    Ingest begin_ingest(const Arrival& arrival, sqlite::WriteTransaction& tx);
    std::optional<Ingest> last_ingest();
    /// With which the fact came; of two alike the first.
    std::optional<Ingest> find_ingest(const EventUid& uid);
    /// The last ingest that was known by the end of `day`: all up to it were; 0 if none was.
    std::int64_t ingest_known_on(Date day);

    /// Adds events to the end of a device's log. They take effect when Projector::apply is called
    /// with what is returned, in the same transaction.
    /// Errors: not_found, if the device is not known; conflict, if the events don't follow the
    /// head by number and hash. Then nothing was added.
    Result<std::vector<AppendedEvent>> append(const Ingest& ingest, const NewEvents& added,
                                              sqlite::WriteTransaction& tx);

    /// The first event with that uid, whatever device it is of.
    std::optional<LogEntry> find_entry(const EventUid& uid);
    /// The same, decoded; empty too if it has no effect.
    std::optional<LoggedEvent> find(const EventUid& uid);

    /// Lines of one log from `from_seq` on: at most `count_max`, and no more after header and
    /// payload have come to `bytes_max`; at least one, if there is one.
    std::vector<LogEntry> entries(const DeviceId& device, std::uint64_t from_seq,
                                  std::size_t count_max, std::size_t bytes_max);

    /// What was said of any of these ids, by position; only what came up to ingest `until`. Leaves
    /// out what is in quarantine, or was refused by then.
    std::vector<LoggedEvent> events_of(std::span<const WomanId> members,
                                       std::int64_t until = INT64_MAX);
    /// The same for one woman by her number, added to `to`. Positions whose payload can't be read,
    /// and that are not in quarantine yet, are added to `unreadable`.
    /// Those that were refused are added to `refused`, if that isn't null.
    void read_events(std::int64_t woman_ix, std::int64_t until, std::vector<LoggedEvent>& to,
                     std::vector<Position>& unreadable,
                     std::vector<RefusedFact>* refused = nullptr);
    /// One event, decoded; empty if it can't be, or has no effect.
    std::optional<LoggedEvent> find_at(Position position);
    /// What it says, whether it was refused or not; empty if it can't be read.
    std::optional<Event> find_said(Position position);

    /// Of whom a fact of that type was ever said, in the order of their numbers; voided ones too.
    std::vector<WomanId> subjects_of(std::uint16_t type);

    /// Whether the centre said that nothing of her may be kept.
    bool is_erased(const WomanId& woman);

    void quarantine(Position position, const std::string& reason, sqlite::WriteTransaction& tx);
    /// By position.
    std::vector<Quarantined> quarantined();

    /// Of the last event, 0 if there is none.
    Position last_position();
    std::uint64_t event_count();

    WomanIndex& women() noexcept { return women_; }

    /// Null, if facts are stored as they came.
    PayloadSeal* seal() const noexcept { return seal_; }

private:
    friend class ForeignLog;
    friend class Rechain;

    struct Device {
        DeviceId id;
        std::string clinic;
    };

    struct Place {
        std::int64_t device_ix;
        std::uint64_t seq;
        const Ingest& ingest;
    };

    void add_device(const DeviceName& device, DeviceKind kind, sqlite::WriteTransaction& tx);
    std::optional<std::int64_t> find_device(const DeviceId& id);
    const Device& load_device(std::int64_t ix);
    AppendedEvent insert(const Place& place, const codec::EncodedEvent& event, const Hash& hash,
                         sqlite::WriteTransaction& tx);
    LogEntry read_entry(const sqlite::Statement::Run& row);
    std::optional<LoggedEvent> read_decoded(const sqlite::Statement::Run& row);
    void insert_payload(const AppendedEvent& event, const codec::EventHeader* header,
                        const codec::EncodedEvent& encoded);
    void halve_to(std::int64_t until, Head& head);
    void count_up_to(std::int64_t until, Head& head);

    PayloadSeal* seal_;
    sqlite::Statement select_devices_;
    sqlite::Statement insert_device_;
    sqlite::Statement rename_device_;
    sqlite::Statement select_device_;
    sqlite::Statement select_head_;
    sqlite::Statement update_head_;
    sqlite::Statement select_line_;
    sqlite::Statement select_first_unknown_;
    sqlite::Statement select_hashes_;
    sqlite::Statement select_ingest_of_;
    sqlite::Statement insert_event_;
    sqlite::Statement insert_payload_;
    sqlite::Statement insert_quarantine_;
    sqlite::Statement select_quarantine_;
    sqlite::Statement select_by_uid_;
    sqlite::Statement select_decoded_;
    sqlite::Statement select_said_;
    sqlite::Statement select_entries_;
    sqlite::Statement select_events_;
    sqlite::Statement select_subjects_;
    sqlite::Statement select_is_erased_;
    sqlite::Statement select_last_position_;
    sqlite::Statement count_events_;
    IngestTable ingests_;
    WomanIndex women_;
    std::map<std::int64_t, Device> devices_;  // As far as they were needed, by ix.
};

}  // namespace egret::store
