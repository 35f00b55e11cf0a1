#pragma once

#include "registry/base/result.h"
#include "sync/core/batch.h"
#include "sync/core/chain.h"
#include "sync/core/protocol.h"

#include <cstdint>
#include <optional>
#include <vector>

/// The way out of a fork: the centre has other facts under numbers that this device gave, too,
/// because the device was restored from a backup, or copied (docs/adr/0026).
namespace egret::sync {

/// What makes a device's log go on from the centre's. The facts after `ancestor` that only the
/// device has follow the tail, under new numbers and their old names.
struct RepairPlan {
    std::uint64_t ancestor = 0;  // The newest event that both have.
    std::vector<LogEntry> tail;  // What the centre has after it.

    /// The centre has nothing that the device hasn't.
    bool is_empty() const noexcept { return tail.empty(); }

    friend bool operator==(const RepairPlan&, const RepairPlan&) = default;
};

/// `entries` are the centre's from number `from` on, a chain whose first follows the device's own
/// event from - 1.
RepairPlan plan_repair(const ChainView& log, std::uint64_t from, std::vector<LogEntry> entries);

enum class RepairStep : std::uint8_t {
    ask_head,  // GET the head, then on_head or on_failure.
    fetch,     // GET /v1/sync/mylog?from=from(), then on_piece or on_failure.
    adopt,     // plan() is whole: carry it out in one transaction, and tell SyncClient.
    wait,      // Not now, nothing was changed: error() says why. Begin anew later.
};

/// Finds out what the plan is, asking the centre piece by piece. No I/O, no clock.
///
/// Nothing of it is believed before it fits: the pieces must be one chain from an event of the
/// device's own to the head that the centre signed.
class LogRepair {
public:
    /// `log` outlives it; `acked_seq` is how far the centre had it, as the device remembers.
    LogRepair(const LogView& log, std::uint64_t acked_seq) : log_(log), acked_seq_(acked_seq) {}

    RepairStep start();

    /// The centre's signed answer, for this device.
    RepairStep on_head(const Standing& standing);
    /// What open_own_log gave.
    RepairStep on_piece(const Batch& piece);
    /// The line, or an answer that wasn't the one asked for.
    RepairStep on_failure(Error error);

    /// From which number on the next piece is to come.
    std::uint64_t from() const noexcept { return from_; }

    const RepairPlan& plan() const noexcept { return plan_; }

    const std::optional<Error>& error() const noexcept { return error_; }

private:
    RepairStep go_back();
    RepairStep take_events(const Batch& piece);
    RepairStep contradicted();

    const LogView& log_;
    std::uint64_t acked_seq_;
    Standing head_;
    std::uint64_t first_ = 0;     // Of entries_.
    std::uint64_t from_ = 0;      // Asked for next.
    std::uint64_t distance_ = 0;  // How far the next step goes back.
    Hash last_hash_{};            // Of the newest of entries_.
    std::vector<LogEntry> entries_;
    RepairPlan plan_;
    std::optional<Error> error_;
};

}  // namespace egret::sync
