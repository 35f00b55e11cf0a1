#pragma once

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "sync/core/chain.h"
#include "sync/core/protocol.h"
#include "sync/core/upload_piece.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace egret::sync {

/// What a device remembers of its uploads, in the same file as its log. A new enrolment starts with
/// a fresh one.
struct SyncState {
    /// The centre has the log up to here. May go down: that is how a centre that was restored from
    /// a backup gets its data back.
    std::uint64_t acked_seq = 0;
    /// Payloads up to here may be dropped from this device, and none after.
    std::uint64_t safe_seq = 0;
    std::int64_t server_time_ms = 0;  // The latest that the centre said: a lower bound of now.
    std::size_t batch_bytes = 0;      // What the line carries at once; 0: not known yet.
    bool is_lost = false;  // What was remembered is gone: the centre is asked before it is sent to.
    std::optional<Outbox> outbox;

    friend bool operator==(const SyncState&, const SyncState&) = default;
};

/// What the caller is to do next.
enum class SyncStep : std::uint8_t {
    send,          // POST state().outbox->envelope, then on_reply or on_failure.
    ask_head,      // GET the head, then the same.
    fetch_bundle,  // GET the key bundle, then on_bundle or on_failure.
    repair,        // Run LogRepair and carry its plan out, then on_repaired or give_up.
    done,          // The centre has all, and said so in this run.
    wait,          // Not now: start() again later, a little later each time, with chance in it.
    stop,          // A person must do something first: report().error says what. Nothing is lost.
};

/// What the caller is able to do. Without it the machine stops where it would ask for it.
struct SyncSkills {
    bool can_fetch_bundle = false;
    bool can_repair = false;
};

/// An answer that says nothing of the log.
struct Refusal {
    Error error;
    SyncStep step = SyncStep::wait;  // Or stop.
};

/// What an HTTP status means that is neither the answer asked for, nor one to this very batch.
std::optional<Refusal> refusal_of(int status);

/// Whether what the centre has is the beginning of this log. If it isn't, the log's numbers were
/// used twice.
bool is_ours(const LogView& log, const Standing& standing);

/// The centre has that, and it is ours.
void adopt_standing(SyncState& state, const Standing& standing);

/// Whether the payload of the device's own fact `seq` may be dropped here: only what is in a
/// verified backup of the centre, never what the centre has alone.
bool may_prune(const SyncState& state, std::uint64_t seq);

/// How a request came to nothing.
enum class SyncFailure : std::uint8_t {
    unreachable,  // Nothing was sent: no line, no connection, no handshake.
    broken,       // The line broke, or the time was up, while the request was under way.
};

struct SyncReport {
    std::uint64_t sent = 0;   // Facts that the centre took or, for a lost answer, may have taken.
    std::uint64_t acked = 0;  // Facts that the centre acknowledged.
    std::uint64_t left = 0;   // Facts that it has yet to acknowledge.
    std::optional<Error> error;
};

/// The uploading half of one device, as a machine that is told what happened and says what to do.
/// No I/O, no clock; it changes nothing but its state.
///
/// After each call, and before the step is carried out, the caller saves state(): the outbox must
/// be on the disk before it is on the line.
///
/// An acknowledgement counts only if the hash that comes with it is our own at that number. If it
/// isn't, this device's numbers were used twice (a restored backup, a copied disk), and nothing is
/// taken for safe that is not: the log is repaired, or uploading stops.
class SyncClient {
public:
    /// What `means` refers to outlives the client.
    SyncClient(const UploadMeans& means, SyncIdentity identity, SyncState state,
               SyncSkills skills = {});

    SyncStep start(Instant now);
    /// The answer to the request that the last step asked for.
    SyncStep on_reply(int status, std::string_view body, Instant now);
    SyncStep on_failure(SyncFailure failure);
    /// The bundle that was fetched, verified and kept, and what follows from it.
    SyncStep on_bundle(SyncIdentity identity, Instant now);
    /// The log goes on from the centre's.
    SyncStep on_repaired();
    /// A step that was asked for came to nothing. Waits, if `error` is unavailable or no_space.
    SyncStep give_up(Error error);

    const SyncState& state() const noexcept { return state_; }

    /// True once the centre has answered in this run.
    bool is_confirmed() const noexcept { return is_confirmed_; }

    /// What the centre said beside, last in this run.
    const std::optional<ReplyNews>& news() const noexcept { return news_; }

    /// Of all since construction.
    SyncReport report() const;

private:
    SyncStep next(Instant now);
    SyncStep send_outbox(Instant now);
    bool is_outbox_current(const ChainHead& head) const;
    /// False, with the error set, if the log is damaged at the first event to be sent.
    bool fill_outbox(Instant now);

    SyncStep on_upload_reply(std::string_view body, Instant now);
    SyncStep on_head_reply(std::string_view body, Instant now);
    bool is_ours(const Standing& standing) const;
    SyncStep take_standing(const Standing& standing, Instant now);
    SyncStep on_too_large(Instant now, std::string_view message);
    SyncStep on_refused(int status, Instant now);
    SyncStep on_stale_key();
    SyncStep on_fork();

    void count_sent();
    void grow(Instant now);
    ReplyTrust trust() const;
    SyncStep wait_with(Error error);
    SyncStep stop_with(Error error);

    UploadMeans means_;
    SyncIdentity identity_;
    SyncState state_;
    SyncSkills skills_;

    SyncStep step_ = SyncStep::wait;
    Instant sent_at_{};
    std::size_t facts_max_ = 0;  // Fewer than ever, after the centre found fault with more.
    bool is_confirmed_ = false;  // The centre said in this run what it has.
    int setbacks_ = 0;           // Answers since start() that brought nothing forward.
    int repairs_ = 0;            // Of start().
    int bundles_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t sent_to_ = 0;  // Counted up to this number: what goes twice is counted once.
    std::uint64_t acked_ = 0;
    std::optional<ReplyNews> news_;
    std::optional<Error> error_;
};

}  // namespace egret::sync
