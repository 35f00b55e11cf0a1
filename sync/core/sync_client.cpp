#include "sync/core/sync_client.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"

#include <algorithm>
#include <utility>

namespace egret::sync {
namespace {

constexpr int setbacks_max = 8;  // Of one start: a centre that is sound needs one or two.
constexpr int same_tries_max = 2;

Error sync_error(ErrorCode code, Message message) { return {code, "", std::move(message)}; }

}  // namespace

bool is_ours(const LogView& log, const Standing& standing) {
    return hash_at(log, standing.head_seq) == standing.head_hash;
}

void adopt_standing(SyncState& state, const Standing& standing) {
    state.server_time_ms = std::max(state.server_time_ms, standing.server_time_ms);
    state.safe_seq = std::min(standing.safe_seq, standing.head_seq);
    state.acked_seq = standing.head_seq;
    state.is_lost = false;
}

std::optional<Refusal> refusal_of(int status) {
    const auto wait = [](ErrorCode code, std::string_view id) {
        return Refusal{sync_error(code, msg(id)), SyncStep::wait};
    };
    switch (status) {
        case 401:
        case 403:
            return Refusal{sync_error(ErrorCode::forbidden, msg("sync.re_enrol")), SyncStep::stop};
        case 408:
        case 429:
        case 503: return wait(ErrorCode::unavailable, "sync.busy");
        case 507: return wait(ErrorCode::no_space, "sync.centre_full");
        default: break;
    }
    if (status >= 500) return wait(ErrorCode::unavailable, "sync.centre_failed");
    return std::nullopt;
}

SyncClient::SyncClient(const UploadMeans& means, SyncIdentity identity, SyncState state)
    : means_(means), identity_(std::move(identity)), state_(std::move(state)) {
    if (state_.batch_facts == 0) state_.batch_facts = limits::batch_facts_first;
}

SyncStep SyncClient::start(Instant now) {
    error_.reset();
    setbacks_ = 0;
    is_confirmed_ = false;
    return next(now);
}

SyncStep SyncClient::on_reply(int status, std::string_view body, Instant now) {
    EGRET_ENSURE(step_ == SyncStep::send || step_ == SyncStep::ask_head);
    const bool is_upload = step_ == SyncStep::send;
    switch (status) {
        case 200: return is_upload ? on_upload_reply(body, now) : on_head_reply(body, now);
        case 409: return is_upload ? on_upload_reply(body, now) : on_refused(status, now);
        case 413:
            return is_upload ? on_too_large(now, "sync.fact_too_large") : on_refused(status, now);
        default: break;
    }
    if (auto refused = refusal_of(status)) {
        error_ = std::move(refused->error);
        return step_ = refused->step;
    }
    return on_refused(status, now);
}

SyncStep SyncClient::on_failure(SyncFailure failure) {
    if (step_ == SyncStep::send && failure == SyncFailure::broken) {
        auto& outbox = *state_.outbox;
        count_sent();
        state_.batch_facts = std::max<std::size_t>(state_.batch_facts / 2, 1);
        // A line that twice could not carry it is offered less. If the centre has it after all, the
        // smaller one is known there, and the answer says so.
        if (++outbox.tries >= same_tries_max && outbox.fact_count() > state_.batch_facts)
            state_.outbox.reset();
    }
    return wait_with(sync_error(ErrorCode::unavailable, msg("sync.no_line")));
}

SyncReport SyncClient::report() const {
    const auto head_seq = means_.log.head().seq;
    const auto left = head_seq > state_.acked_seq ? head_seq - state_.acked_seq : 0;
    return {sent_, acked_, left, error_};
}

SyncStep SyncClient::next(Instant now) {
    if (state_.is_lost) return step_ = SyncStep::ask_head;
    const auto head = means_.log.head();
    if (state_.outbox) {
        if (is_outbox_current(head)) return send_outbox();
        state_.outbox.reset();
    }
    if (state_.acked_seq < head.seq) return fill_outbox(now) ? send_outbox() : step_;
    // With nothing to send, too: the centre may have been restored, or this disk.
    return step_ = is_confirmed_ ? SyncStep::done : SyncStep::ask_head;
}

SyncStep SyncClient::send_outbox() { return step_ = SyncStep::send; }

bool SyncClient::is_outbox_current(const ChainHead& head) const {
    const auto& outbox = *state_.outbox;
    return outbox.first_seq == state_.acked_seq + 1 && outbox.last_seq >= outbox.first_seq &&
           outbox.last_seq <= head.seq && hash_at(means_.log, outbox.last_seq) == outbox.last_hash;
}

bool SyncClient::fill_outbox(Instant now) {
    PieceRange range{state_.acked_seq + 1, state_.batch_facts};
    state_.outbox = seal_piece(means_, identity_, range, now);
    state_.batch_facts = range.count;
    if (state_.outbox) return true;
    stop_with(sync_error(ErrorCode::invalid_input,
                         msg("sync.log_damaged", {{"seq", std::to_string(range.first_seq)}})));
    return false;
}

SyncStep SyncClient::on_upload_reply(std::string_view body, Instant now) {
    const auto reply = decode_upload_reply(body, {identity_.seal.device, identity_.receipt_key});
    // Whoever said that, it wasn't the centre: as good as no answer.
    if (!reply) return on_failure(SyncFailure::broken);
    switch (reply->code) {
        case UploadCode::applied:
            if (is_ours(reply->standing)) count_sent();
            return take_standing(reply->standing, now);
        case UploadCode::gap: return take_standing(reply->standing, now);
        case UploadCode::fork: break;
        case UploadCode::bad_chain: return on_too_large(now, "sync.bad_chain");
        case UploadCode::stale_key: return on_refused(http_status(reply->code), now);
    }
    return stop_with(sync_error(ErrorCode::conflict, msg("sync.fork")));
}

SyncStep SyncClient::on_head_reply(std::string_view body, Instant now) {
    const auto reply = decode_head_reply(body, {identity_.seal.device, identity_.receipt_key});
    if (!reply) return on_failure(SyncFailure::broken);
    return take_standing(reply->standing, now);
}

bool SyncClient::is_ours(const Standing& standing) const {
    return sync::is_ours(means_.log, standing);
}

SyncStep SyncClient::take_standing(const Standing& standing, Instant now) {
    if (!is_ours(standing)) {
        // The next one is sealed with all there is by then, so that the centre sees it, too.
        state_.outbox.reset();
        return stop_with(sync_error(ErrorCode::conflict, msg("sync.fork")));
    }

    is_confirmed_ = true;
    // What the centre had all the time was not acknowledged now.
    const auto before = state_.is_lost ? standing.head_seq : state_.acked_seq;
    adopt_standing(state_, standing);
    if (state_.acked_seq < before) sent_to_ = std::min(sent_to_, state_.acked_seq);
    if (state_.acked_seq > before) {
        acked_ += state_.acked_seq - before;
        if (state_.outbox && state_.outbox->last_seq <= state_.acked_seq)
            grow(state_.outbox->fact_count());
    } else if (step_ == SyncStep::send && ++setbacks_ > setbacks_max) {
        return wait_with(sync_error(ErrorCode::unavailable, msg("sync.no_progress")));
    }
    return next(now);
}

SyncStep SyncClient::on_too_large(Instant now, std::string_view message) {
    const auto facts = state_.outbox->fact_count();
    if (facts == 1) return stop_with(sync_error(ErrorCode::invalid_input, msg(message)));
    state_.batch_facts = facts / 2;
    state_.outbox.reset();
    return next(now);
}

SyncStep SyncClient::on_refused(int status, Instant now) {
    // Once sealed anew (to the centre's present key, from the log) it may be right.
    const bool may_try = step_ == SyncStep::send && setbacks_ == 0;
    state_.outbox.reset();
    ++setbacks_;
    if (may_try) return next(now);
    return stop_with(sync_error(ErrorCode::unsupported,
                                msg("sync.refused", {{"status", std::to_string(status)}})));
}

void SyncClient::count_sent() {
    const auto& outbox = *state_.outbox;
    if (outbox.last_seq <= sent_to_) return;
    sent_ += outbox.last_seq - std::max(sent_to_, outbox.first_seq - 1);
    sent_to_ = outbox.last_seq;
}

void SyncClient::grow(std::size_t sent_facts) {
    // A batch that was smaller than allowed proves nothing of larger ones.
    if (sent_facts < state_.batch_facts) return;
    state_.batch_facts = std::min(state_.batch_facts * 2, limits::batch_facts_max);
}

SyncStep SyncClient::wait_with(Error error) {
    error_ = std::move(error);
    return step_ = SyncStep::wait;
}

SyncStep SyncClient::stop_with(Error error) {
    error_ = std::move(error);
    return step_ = SyncStep::stop;
}

}  // namespace egret::sync
