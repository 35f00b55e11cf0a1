#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"

#include <cstdint>
#include <functional>
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

/// What was said of facts after they were stored, each with the ingest from which on it holds, so
/// that what was known on a day stays what it was: rulings by uid, and judgements of clocks by
/// device and number. Both may be of facts that aren't here yet. Of each the last holds.
///
/// A ruling goes before a refusal at ingest ("invalid"), and gives no effect to what can't be read.
/// EventLog reads all facts under them; what is said here takes effect when Projector::apply is
/// called with the facts that are returned, in the same transaction.
///
/// Belongs to the thread of its Database, which outlives it.
class Statements {
public:
    explicit Statements(sqlite::Database& db);

    /// The facts with that uid that are here; none, if that is what held already.
    std::vector<AppendedEvent> rule(const Ingest& ingest, const Ruling& ruling,
                                    sqlite::WriteTransaction& tx);
    /// By what is known now; none, if nothing was ever said.
    std::optional<Ruling> find_ruling(const EventUid& uid);
    /// Those by which facts of that device have no effect now.
    std::vector<Ruling> refused(const DeviceId& device);

    /// The same for one fact of a device that is known.
    std::vector<AppendedEvent> judge(const Ingest& ingest, const DeviceId& device,
                                     std::uint64_t seq, const ClockJudgement& judgement,
                                     sqlite::WriteTransaction& tx);

    /// In the order of the ingests: the facts of which something was said after they had come, and
    /// the ingest with which it was.
    void replay(const std::function<void(std::int64_t ingest, const AppendedEvent&)>& take);

private:
    sqlite::Statement select_ruling_;
    sqlite::Statement insert_ruling_;
    sqlite::Statement select_ruled_;
    sqlite::Statement select_refused_;
    sqlite::Statement select_device_;
    sqlite::Statement select_judgement_;
    sqlite::Statement insert_judgement_;
    sqlite::Statement select_judged_;
    sqlite::Statement select_replayed_;
};

}  // namespace egret::store
