#pragma once

#include "registry/base/clock.h"
#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/base/progress.h"
#include "registry/base/result.h"
#include "registry/crypto/es256.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "registry/store/coverage_answer.h"
#include "registry/store/event_log.h"
#include "registry/store/stock_answer.h"
#include "registry/store/store_check.h"
#include "sync/core/batch.h"
#include "sync/core/protocol.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the centre knows, behind one interface, so that another database can take SQLite's place.
namespace egret::central {

struct Clinic {
    std::string code;         // "C001": its facility code, in facts and figures.
    std::uint64_t scope = 0;  // Stands for it in the headers of facts.
    std::string name;
    std::string area;  // An area's code.
    Instant added;
    bool is_damaged = false;  // Not as it was noted: to be shown, and for nothing else.

    friend bool operator==(const Clinic&, const Clinic&) = default;
};

struct NewClinic {
    std::string name;
    std::string area;
};

/// A one-time code as it is kept: found by its locator, proved by the hash of the whole secret.
struct StoredCode {
    std::string locator;
    Hash secret_hash{};
    std::string clinic;
    Instant expires;
};

/// With what a device shows who it is.
struct DeviceKeys {
    crypto::VerifyKey sign{};
    crypto::SealPublicKey seal{};
    Hash tls_key_hash{};  // Of its certificate's key.
    std::uint32_t epoch = 1;
    /// With which it signs vaccination cards; none for a machine that doesn't.
    std::optional<crypto::Es256PublicKey> card{};

    friend bool operator==(const DeviceKeys&, const DeviceKeys&) = default;
};

/// One machine of a clinic, let in by a code.
struct Device {
    DeviceId id;
    std::string clinic;
    DeviceKeys keys;
    Instant enrolled;
    std::optional<Instant> revoked{};
    bool is_damaged = false;  // Not as it was noted: to be shown, and for nothing else.
    /// Those that it asked for when it renewed, until it uses them.
    std::optional<DeviceKeys> next{};

    friend bool operator==(const Device&, const Device&) = default;
};

/// A device sent other facts under numbers that were here already: it was restored from a backup,
/// or copied. However often it says the same, that is one.
struct Fork {
    std::uint64_t head_seq = 0;  // How far the centre had its log then.
    Instant at;

    friend bool operator==(const Fork&, const Fork&) = default;
};

/// How a device stands: what is here of its log, and what it told of itself.
struct DeviceStatus {
    Device device;
    sync::ChainHead head;
    std::optional<Instant> last_batch{};  // When it last added something.
    std::optional<Instant> seen{};        // When it was last heard of at all.
    std::uint64_t top_seq = 0;            // How far its own log went then.
    std::string app_version;
    std::int64_t clock_offset_ms = 0;  // The centre's clock less its own.
    bool clock_suspect = false;
    std::optional<Instant> forked{};  // When it first used numbers again for other facts.
    /// Those of which no machine that joined its clinic later can have been the cure; by time.
    std::vector<Fork> forks{};
    std::uint64_t newer = 0;          // Facts of a kind that this program doesn't know.
    std::uint64_t refused = 0;        // Facts in quarantine on which nobody ruled.
    std::uint64_t bundle_number = 0;  // Of the key bundle that it has; 0, if it never said it.

    /// Facts that are still to come.
    std::uint64_t behind() const noexcept { return top_seq > head.seq ? top_seq - head.seq : 0; }

    /// It has sent nothing that fits since its last fork: the repair is still to come.
    bool is_forked() const noexcept { return !forks.empty() && forks.back().head_seq == head.seq; }
};

/// Whether these tell of a disk that was copied, and not of a backup that was put back once: then
/// one of the copies must join anew. Two forks in thirty days do.
bool tell_of_copies(const std::vector<Fork>& forks, Instant now);

/// Why the centre sets facts aside that the store would take.
inline constexpr std::string_view refused_erased = store::erased_content;
inline constexpr std::string_view refused_invalid = store::invalid_content;

/// What the centre makes of one fact before it stores it.
struct Verdict {
    std::string_view refused_because{};  // A word of the program's own; "" if the fact holds.
    bool is_newer = false;               // Of a kind or version that this program doesn't know.

    friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// An opened batch, judged fact by fact, with when it came.
struct Upload {
    sync::Batch batch;
    DeviceId device;
    BatchId batch_id;
    Instant received;
    Date known_day;                    // The centre's day.
    std::int64_t clock_offset_ms = 0;  // The centre's clock less the device's.
    std::vector<Verdict> verdicts;     // One for each event of the batch.
};

struct Ingested {
    sync::UploadCode code = sync::UploadCode::applied;
    sync::ChainHead head;        // After it.
    std::uint64_t safe_seq = 0;  // Up to here the log is in a verified backup elsewhere, too.
    std::size_t added = 0;
    sync::ReplyNews news{};  // As news() tells them then.
};

using Fault = store::StoreFault;

class FeedStore;
class SpoolStore;

/// May be used from several threads; they work one after the other. All that a call changes is
/// durable when it returns, or not there at all. A broken store throws.
class CentralStore {
public:
    virtual ~CentralStore() = default;

    // ---- settings ----

    virtual std::optional<std::string> find_setting(std::string_view name) = 0;
    virtual void save_setting(std::string_view name, std::string_view value) = 0;

    // ---- clinics and codes ----

    /// Gives it the next code and scope.
    /// Errors: conflict, if a clinic is lost or not as it was noted: its code is given to no other.
    virtual Result<Clinic> add_clinic(const NewClinic& clinic, Instant now) = 0;
    /// Errors: not_found; conflict, if the clinic is lost or not as it was noted.
    virtual Result<Clinic> find_clinic(std::string_view code) = 0;
    /// By code, also those that are not as they were noted.
    virtual std::vector<Clinic> clinics() = 0;

    /// Takes the place of one with the same locator that is used or has run out. Codes that are not
    /// as they were noted are forgotten: they let nobody in.
    /// Errors: conflict, if another code has that locator now.
    virtual Result<Done> save_code(const StoredCode& code, Instant now) = 0;
    /// The clinic that the code is for. A wrong secret takes one of its tries.
    /// Errors: unauthorized, if there is no such code, or it is used, has run out or has no tries
    /// left; or if it or its clinic is not as it was noted, which is not for a stranger to know.
    virtual Result<Clinic> check_code(std::string_view locator, const Hash& secret_hash,
                                      Instant now) = 0;
    /// The device that used up this code, if the secret is right.
    virtual std::optional<DeviceId> find_user_of_code(std::string_view locator,
                                                      const Hash& secret_hash) = 0;
    /// Uses the code up and lets the device in.
    /// Errors: unauthorized, if the code was used up meanwhile.
    virtual Result<Done> enrol(std::string_view locator, const Device& device) = 0;

    // ---- devices ----

    /// Nothing, if it isn't known or is not as it was noted: it could be anybody's, or shut out.
    virtual std::optional<Device> find_device(const DeviceId& id) = 0;
    /// By clinic, then in the order of their enrolment.
    virtual std::vector<DeviceStatus> statuses() = 0;
    /// How many were let in before and are no longer; those that are not as they were noted count,
    /// and are noted anew as shut out. Codes of the clinic that are still open let nobody in.
    virtual std::size_t revoke_clinic(std::string_view code, Instant now) = 0;
    /// The same for one. False if it is not known, or was revoked before and is so noted.
    virtual bool revoke_device(const DeviceId& id, Instant now) = 0;
    /// Those that cards may be checked against, in the order in which their devices were let in. Of
    /// a device that was revoked the key is gone at once, and with it all that it signed: whoever
    /// stole the machine could sign cards under any day.
    virtual std::vector<crypto::Es256PublicKey> card_keys() = 0;
    virtual void note_seen(const DeviceId& id, Instant now) = 0;
    /// What the device said of the key bundle that it has.
    virtual void note_bundle(const DeviceId& id, std::uint64_t number) = 0;
    /// From now on the device may speak with `next`, too. They take the place of those that it
    /// asked for before, and never used.
    /// Errors: forbidden, if it is not known or was revoked meanwhile; conflict, if their epoch
    /// isn't the one that follows.
    virtual Result<Done> offer_keys(const DeviceId& id, const DeviceKeys& next) = 0;
    /// The device spoke with the keys of that epoch, which it had been offered: from now on with
    /// them alone. Nothing, if it has them already.
    virtual void adopt_keys(const DeviceId& id, std::uint32_t epoch) = 0;
    /// Lets a device in again that a restored centre has lost, or knows by older keys; and its
    /// clinic, if that is lost, too, under its code and scope and without a name.
    /// Errors: forbidden, if it was revoked; conflict, if it has newer keys, or its code or scope
    /// is another clinic's.
    virtual Result<Done> readmit(const Device& device, std::uint64_t scope) = 0;

    // ---- logs ----

    virtual sync::ChainHead head(const DeviceId& id) = 0;
    /// What the centre has of the device's log from event `from` on, at least 1: as much of it as
    /// one answer takes. Errors: not_found, if its log ends before.
    virtual Result<sync::Batch> own_log(const DeviceId& id, std::uint64_t from) = 0;
    /// What each answer tells the device beside. The number of the key bundle, who answers knows.
    virtual sync::ReplyNews news(const DeviceId& id, Instant now) = 0;
    /// Up to here the device's log is in a backup that was tried, too; 0, if in none.
    virtual std::uint64_t safe_seq(const DeviceId& id) = 0;
    /// Stores what is new of a batch, with all that follows from it, in one transaction. The same
    /// upload again changes nothing and has the same outcome. Uploads that come at the same time
    /// may share a transaction: each has the outcome that it has alone.
    /// Errors: forbidden, if the device is not known or was revoked meanwhile.
    virtual Result<Ingested> ingest(Upload upload) = 0;

    /// What clinics are told of these (feed_store.h).
    virtual FeedStore& feeds() = 0;
    /// What was brought before the piece that it follows (spool_store.h).
    virtual SpoolStore& spool() = 0;

    // ---- figures and checks ----

    /// Of one state of the store, whoever writes meanwhile.
    virtual store::CoverageReply answer_coverage(const store::CoverageQuestion& question) = 0;
    /// The same of vaccine stock; where a facility lies, its clinic's row says.
    virtual store::StockReply answer_stock(const store::StockQuestion& question) = 0;
    /// Drops what follows from the logs and makes it anew.
    /// Errors: conflict, if a log is damaged; then nothing was changed.
    virtual Result<Done> rebuild(Progress& progress) = 0;
    /// All that is wrong: with the store's files, with what verify() looks at, and with what is
    /// known of batches and devices. Slow; works on a copy at `copy_path`.
    virtual std::vector<Fault> check(const std::string& copy_path, Date today,
                                     Progress& progress) = 0;
    /// Holds all that is stored to the logs, and these to themselves. Slow; works on a copy at
    /// `copy_path`.
    virtual std::vector<Fault> verify(const std::string& copy_path, Date today,
                                      Progress& progress) = 0;
};

}  // namespace egret::central
