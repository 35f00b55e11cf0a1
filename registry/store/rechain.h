#pragma once

#include "registry/base/result.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"

#include <cstdint>
#include <span>
#include <vector>

namespace egret::store {

/// What one device's log is to go on with.
struct RechainPlan {
    DeviceId device;
    std::uint64_t ancestor = 0;  // The last event that stays where it is.
    std::span<const codec::EncodedEvent> tail{};
};

/// Gives a log that went two ways another tail.
///
/// Behind the ancestor comes the tail, and behind that what else the log had, in its order: with
/// new numbers and hashes, and with its header's bytes, its ingest and its content as they were. A
/// line of the tail that the log has already, byte for byte, is that line. Numbers no longer tell
/// what came first then (DeviceKind::rechained), and what follows from the facts must be made anew.
class Rechain {
public:
    Rechain(EventLog& log, sqlite::Database& db);

    /// Returns how many lines are only this log's, behind the tail.
    /// Errors: not_found, if the device is not known; conflict, if its log ends before the
    /// ancestor. Then nothing was changed.
    Result<std::uint64_t> carry_out(const RechainPlan& plan, const Ingest& ingest,
                                    sqlite::WriteTransaction& tx);

private:
    struct Line {
        Position position = 0;
        Bytes header;
        bool is_placed = false;
    };

    std::vector<Line> lines_after(std::int64_t device_ix, std::uint64_t ancestor);
    void place(Line& line, std::uint64_t seq, const Hash& hash);

    EventLog& log_;
    sqlite::Database& db_;
    sqlite::Statement select_lines_;
    sqlite::Statement shift_;
    sqlite::Statement place_;
    sqlite::Statement mark_device_;
};

}  // namespace egret::store
