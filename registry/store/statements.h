#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret::store {

/// Whether a fact has its effect.
struct Ruling {
    EventUid uid;
    bool holds = false;
    std::string reason{};  // Why not; "" if it has.

    friend bool operator==(const Ruling&, const Ruling&) = default;
};

/// How the clock behind one fact is judged, in the place of its ingest's.
struct ClockJudgement {
    ClockCorrection clock;
    std::optional<DeviceId> order_device{};  // Whose name breaks a tie of time; absent: its own.

    friend bool operator==(const ClockJudgement&, const ClockJudgement&) = default;
};

/// What came of saying something.
struct Restated {
    bool is_new = false;                 // Something else held before.
    std::vector<AppendedEvent> facts{};  // Those here that it changes, for Projector::apply.
};

/// A fact of which something was said after it had come, and the ingest with which it was.
struct RestatedFact {
    std::int64_t ingest = 0;
    AppendedEvent fact;
};

/// What was said of facts after they were stored, each with the ingest from which on it holds, so
/// that what was known on a day stays what it was: rulings by uid, and judgements of clocks by
/// device and number. Both may be of facts that aren't here yet. Of each the last holds.
///
/// A ruling goes before a refusal at ingest ("invalid"), and gives no effect to what can't be read.
/// EventLog reads all facts under them; what is said here takes effect when Projector::apply is
/// called with the facts that are returned, in the same transaction.
///
/// Each row has a mark: the first 8 bytes of SHA-256("cr-ru-v1" ‖ uid ‖ ingest ‖ holds ‖ reason),
/// of SHA-256("cr-ju-v1" ‖ device's ix ‖ seq ‖ ingest ‖ offset ‖ ceiling ‖ order device), with each
/// number as 8 bytes, the highest first. So damage to one is seen (log_check.h); that one is gone
/// is not.
///
/// Belongs to the thread of its Database, which outlives it.
class Statements {
public:
    explicit Statements(sqlite::Database& db);

    Restated rule(const Ingest& ingest, const Ruling& ruling, sqlite::WriteTransaction& tx);
    /// By what is known now; none, if nothing was ever said.
    std::optional<Ruling> find_ruling(const EventUid& uid);
    /// Those by which facts of that device have no effect now, by uid.
    std::vector<Ruling> refused(const DeviceId& device);

    /// Of one number of a device that is known. Nothing changes, if its clock is judged so already.
    Restated judge(const Ingest& ingest, const DeviceId& device, std::uint64_t seq,
                   const ClockJudgement& judgement, sqlite::WriteTransaction& tx);
    /// How the clock behind that number is judged now; nothing, if that isn't known.
    std::optional<ClockJudgement> find_judgement(const DeviceId& device, std::uint64_t seq);

    /// All, in the order of the ingests.
    std::vector<RestatedFact> restated();

private:
    std::optional<std::int64_t> find_device(const DeviceId& device);
    std::optional<ClockJudgement> find_judgement(std::int64_t device_ix, std::uint64_t seq);

    sqlite::Statement select_ruling_;
    sqlite::Statement insert_ruling_;
    sqlite::Statement select_ruled_;
    sqlite::Statement select_refused_;
    sqlite::Statement select_device_;
    sqlite::Statement select_judgement_;
    sqlite::Statement select_arrival_;
    sqlite::Statement insert_judgement_;
    sqlite::Statement select_judged_;
    sqlite::Statement select_restated_;
};

/// Over all that was said of facts up to ingest `until`, and over what is gone of their contents:
/// equal only if nothing more was. Nothing, if nothing was ever said. Reads all of it.
std::optional<Hash> hash_statements(sqlite::Database& db, std::int64_t until);

/// A row among them that isn't what was written. Nil and 0: of no number of a device.
struct OddStatement {
    DeviceId device;
    std::uint64_t seq = 0;
};

std::vector<OddStatement> odd_statements(sqlite::Database& db);

/// Of a row of `absent`: the first 8 bytes of SHA-256("cr-ab-v1" ‖ position ‖ reason ‖ ingest).
std::int64_t mark_absent(Position position, const std::string& reason, std::int64_t ingest);

}  // namespace egret::store
