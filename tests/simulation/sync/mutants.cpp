#include "tests/simulation/sync/mutants.h"

#include "registry/domain/dedupe_events.h"
#include "registry/domain/history.h"
#include "registry/service/clinic.h"
#include "sync/central/ingest.h"
#include "sync/central/sqlite_store.h"
#include "sync/core/feed_cursor.h"
#include "sync/core/log_repair.h"
#include "sync/core/sync_client.h"
#include "sync/core/sync_server.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

// Each name is that of a symbol, as GCC and Clang write it for 64 bits; "__real_" is the product's.
#define EGRET_REAL(symbol) __asm__("__real_" symbol)
#define EGRET_WRAP(symbol) __asm__("__wrap_" symbol)
#define DECIDE "_ZN5egret4sync13decide_uploadERKNS0_9ChainViewERKNS0_5BatchE"
#define IS_OURS "_ZN5egret4sync7is_oursERKNS0_7LogViewERKNS0_8StandingE"
#define ADOPT "_ZN5egret4sync14adopt_standingERNS0_9SyncStateERKNS0_8StandingE"
#define PLAN "_ZN5egret4sync11plan_repairERKNS0_9ChainViewEmSt6vectorINS0_8LogEntryESaIS5_EE"
#define REWOUND "_ZN5egret4sync10is_rewoundERKNS0_10FeedCursorERKNS0_9FeedKnownE"
#define DEDUPE "_ZN5egret13dedupe_eventsERSt6vectorINS_11LoggedEventESaIS1_EE"
#define HEEDED "_ZN5egret9is_heededERKNS_11LoggedEventES2_"
#define JUDGE "_ZN5egret7central5judgeERKNS_4sync8LogEntryE"
#define RECEIVE "_ZN5egret7service6Clinic7receiveERKNS_5store8ReceivedE"
#define OPEN                                                                     \
    "_ZN5egret7central11SqliteStore4openERKNSt7__cxx1112basic_stringIcSt11char_" \
    "traitsIcESaIcEEERNS_8ProgressERKNS0_12StoreOptionsE"

namespace egret::sync_world {
namespace {

Mutant mutant_now = Mutant::none;

enum Wrap : std::size_t {
    at_decide,
    at_is_ours,
    at_adopt,
    at_plan,
    at_rewound,
    at_dedupe,
    at_heeded,
    at_judge,
    at_receive,
    at_open,
    wraps,
};

std::array<WrapCount, wraps> counts{{{"decide_upload"},
                                     {"is_ours"},
                                     {"adopt_standing"},
                                     {"plan_repair"},
                                     {"is_rewound"},
                                     {"dedupe_events"},
                                     {"is_heeded"},
                                     {"judge"},
                                     {"Clinic::receive"},
                                     {"SqliteStore::open"}}};

/// Whether it is that one, in a wrapped function that was called.
bool is(Mutant mutant) noexcept { return mutant_now == mutant; }

void count(Wrap wrap) noexcept { ++counts[wrap].calls; }

constexpr std::array<NamedMutant, 16> named{{
    {Mutant::dedupe_by_number, "dedupe_by_number", 100},
    {Mutant::no_uid_dedupe, "no_uid_dedupe", 100},
    {Mutant::trust_ack, "trust_ack", 200},
    {Mutant::ack_never_sinks, "ack_never_sinks", 100},
    {Mutant::mark_all_sent, "mark_all_sent", 200},
    {Mutant::no_fork_repair, "no_fork_repair", 100},
    {Mutant::numeric_cursor, "numeric_cursor", 200},
    {Mutant::prune_at_ack, "prune_at_ack", 400},
    {Mutant::cursor_before_items, "cursor_before_items", 400},
    {Mutant::reuse_old_judgement, "reuse_old_judgement", 100},
    {Mutant::refusals_unheard, "refusals_unheard", 200},
    {Mutant::drops_unheard, "drops_unheard", 200},
    {Mutant::foreign_void_heeded, "foreign_void_heeded", 100},
    {Mutant::block_on_bad_fact, "block_on_bad_fact", 100},
    {Mutant::take_bad_fact, "take_bad_fact", 100},
    {Mutant::ack_before_sync, "ack_before_sync", 200},
}};

}  // namespace

std::span<const NamedMutant> all_mutants() noexcept { return named; }

void set_mutant(Mutant mutant) noexcept { mutant_now = mutant; }

std::span<const WrapCount> wrap_counts() noexcept { return counts; }

using sync::UploadDecision;

UploadDecision real_decide(const sync::ChainView& stored, const sync::Batch& batch)
    EGRET_REAL(DECIDE);
bool real_is_ours(const sync::LogView& log, const sync::Standing& standing) EGRET_REAL(IS_OURS);
void real_adopt(sync::SyncState& state, const sync::Standing& standing) EGRET_REAL(ADOPT);
sync::RepairPlan real_plan(const sync::ChainView& log, std::uint64_t from,
                           std::vector<sync::LogEntry> entries) EGRET_REAL(PLAN);
bool real_rewound(const sync::FeedCursor& asked, const sync::FeedKnown& known) EGRET_REAL(REWOUND);
void real_dedupe(std::vector<LoggedEvent>& events) EGRET_REAL(DEDUPE);
bool real_heeded(const LoggedEvent& later, const LoggedEvent& fact) EGRET_REAL(HEEDED);
central::Verdict real_judge(const sync::LogEntry& entry) EGRET_REAL(JUDGE);
// A member's object is its first argument.
Result<store::ReceiveOutcome> real_receive(service::Clinic* clinic, const store::Received& received)
    EGRET_REAL(RECEIVE);
Result<std::unique_ptr<central::SqliteStore>> real_open(const std::string& path, Progress& progress,
                                                        const central::StoreOptions& options)
    EGRET_REAL(OPEN);

UploadDecision wrap_decide(const sync::ChainView& stored, const sync::Batch& batch)
    EGRET_WRAP(DECIDE);
bool wrap_is_ours(const sync::LogView& log, const sync::Standing& standing) EGRET_WRAP(IS_OURS);
void wrap_adopt(sync::SyncState& state, const sync::Standing& standing) EGRET_WRAP(ADOPT);
sync::RepairPlan wrap_plan(const sync::ChainView& log, std::uint64_t from,
                           std::vector<sync::LogEntry> entries) EGRET_WRAP(PLAN);
bool wrap_rewound(const sync::FeedCursor& asked, const sync::FeedKnown& known) EGRET_WRAP(REWOUND);
void wrap_dedupe(std::vector<LoggedEvent>& events) EGRET_WRAP(DEDUPE);
bool wrap_heeded(const LoggedEvent& later, const LoggedEvent& fact) EGRET_WRAP(HEEDED);
central::Verdict wrap_judge(const sync::LogEntry& entry) EGRET_WRAP(JUDGE);
Result<store::ReceiveOutcome> wrap_receive(service::Clinic* clinic, const store::Received& received)
    EGRET_WRAP(RECEIVE);
Result<std::unique_ptr<central::SqliteStore>> wrap_open(const std::string& path, Progress& progress,
                                                        const central::StoreOptions& options)
    EGRET_WRAP(OPEN);

UploadDecision wrap_decide(const sync::ChainView& stored, const sync::Batch& batch) {
    count(at_decide);
    auto decision = real_decide(stored, batch);
    if (is(Mutant::dedupe_by_number) && decision.kind == UploadDecision::Kind::fork)
        decision = {UploadDecision::Kind::already_known};
    return decision;
}

bool wrap_is_ours(const sync::LogView& log, const sync::Standing& standing) {
    count(at_is_ours);
    return real_is_ours(log, standing) ||
           (is(Mutant::trust_ack) && standing.head_seq <= log.head().seq);
}

void wrap_adopt(sync::SyncState& state, const sync::Standing& standing) {
    count(at_adopt);
    const auto before = state.acked_seq;
    const auto sent = state.outbox ? state.outbox->last_seq : 0;
    real_adopt(state, standing);
    if (is(Mutant::ack_never_sinks)) state.acked_seq = std::max(state.acked_seq, before);
    if (is(Mutant::mark_all_sent)) state.acked_seq = std::max(state.acked_seq, sent);
}

sync::RepairPlan wrap_plan(const sync::ChainView& log, std::uint64_t from,
                           std::vector<sync::LogEntry> entries) {
    count(at_plan);
    auto plan = real_plan(log, from, std::move(entries));
    if (is(Mutant::no_fork_repair)) plan.tail.clear();
    return plan;
}

bool wrap_rewound(const sync::FeedCursor& asked, const sync::FeedKnown& known) {
    count(at_rewound);
    const bool is_rewound = real_rewound(asked, known);
    return is(Mutant::numeric_cursor) ? asked.pos > known.head_pos : is_rewound;
}

void wrap_dedupe(std::vector<LoggedEvent>& events) {
    count(at_dedupe);
    if (!is(Mutant::no_uid_dedupe)) return real_dedupe(events);
    std::sort(events.begin(), events.end(),
              [](const auto& a, const auto& b) { return a.order < b.order; });
}

bool wrap_heeded(const LoggedEvent& later, const LoggedEvent& fact) {
    count(at_heeded);
    return real_heeded(later, fact) || is(Mutant::foreign_void_heeded);
}

central::Verdict wrap_judge(const sync::LogEntry& entry) {
    count(at_judge);
    const auto verdict = real_judge(entry);
    const bool is_bad = verdict.refused_because == central::refused_invalid;
    if (is_bad && is(Mutant::block_on_bad_fact)) throw std::runtime_error("a bad fact");
    return is_bad && is(Mutant::take_bad_fact) ? central::Verdict{} : verdict;
}

Result<store::ReceiveOutcome> wrap_receive(service::Clinic* clinic,
                                           const store::Received& received) {
    count(at_receive);
    auto changed = received;
    if (is(Mutant::prune_at_ack)) changed.safe_seq = UINT64_MAX;
    const auto leave_out = [&](auto is_such) { std::erase_if(changed.items, is_such); };
    if (is(Mutant::reuse_old_judgement)) {
        leave_out([](const auto& item) {
            return std::holds_alternative<store::ReceivedJudgement>(item);
        });
    }
    if (is(Mutant::refusals_unheard)) {
        leave_out(
            [](const auto& item) { return std::holds_alternative<store::ReceivedRuling>(item); });
    }
    if (is(Mutant::drops_unheard)) {
        leave_out(
            [](const auto& item) { return std::holds_alternative<store::ReceivedDrop>(item); });
    }
    if (is(Mutant::cursor_before_items)) {
        auto place_only = changed;
        place_only.items.clear();
        if (auto saved = real_receive(clinic, place_only); !saved) return saved;
    }
    return real_receive(clinic, changed);
}

Result<std::unique_ptr<central::SqliteStore>> wrap_open(const std::string& path, Progress& progress,
                                                        const central::StoreOptions& options) {
    count(at_open);
    auto changed = options;
    if (is(Mutant::ack_before_sync)) changed.synchronous = sqlite::Synchronous::off;
    return real_open(path, progress, changed);
}

}  // namespace egret::sync_world
