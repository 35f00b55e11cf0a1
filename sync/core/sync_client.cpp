#include "sync/core/sync_client.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "sync/core/batch_size.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <utility>

namespace egret::sync {
namespace {

constexpr int setbacks_max = 8;  // Of one start: a centre that is sound needs one or two.
constexpr int same_tries_max = 2;
constexpr int repairs_max = 3;
constexpr int bundles_max = 2;

Error sync_error(ErrorCode code, Message message) { return {code, "", std::move(message)}; }

}  // namespace

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

SyncClient::SyncClient(const UploadMeans& means, SyncIdentity identity, SyncState state,
                       SyncSkills skills)
    : means_(means), identity_(std::move(identity)), state_(std::move(state)), skills_(skills) {
    if (state_.batch_bytes == 0) state_.batch_bytes = limits::batch_bytes_first;
    state_.batch_bytes =
        std::clamp(state_.batch_bytes, limits::batch_bytes_least, limits::batch_bytes_most);
}

SyncStep SyncClient::start(Instant now) {
    error_.reset();
    setbacks_ = repairs_ = bundles_ = 0;
    facts_max_ = limits::batch_facts_max;
    is_confirmed_ = false;
    news_.reset();
    return next(now);
}

SyncStep SyncClient::on_reply(int status, std::string_view body, Instant now) {
    EGRET_ENSURE(step_ == SyncStep::send || step_ == SyncStep::ask_head);
    const bool is_upload = step_ == SyncStep::send;
    switch (status) {
        case 200: return is_upload ? on_upload_reply(body, now) : on_head_reply(body, now);
        case 409: return is_upload ? on_upload_reply(body, now) : on_refused(status, now);
        case 422:
            // Of the centre's, only STALE_KEY comes so; others refuse a request that way.
            return is_upload && decode_upload_reply(body, trust()) ? on_upload_reply(body, now)
                                                                   : on_refused(status, now);
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
        state_.batch_bytes = size_after_failure(state_.batch_bytes);
        // A line that twice could not carry it is offered less. If the centre has it after all, the
        // smaller one is known there, and the answer says so.
        const bool is_large =
            outbox.fact_count() > 1 && outbox.envelope.size() > state_.batch_bytes;
        if (++outbox.tries >= same_tries_max && is_large) state_.outbox.reset();
    }
    return wait_with(sync_error(ErrorCode::unavailable, msg("sync.no_line")));
}

SyncStep SyncClient::on_bundle(SyncIdentity identity, Instant now) {
    EGRET_ENSURE(step_ == SyncStep::fetch_bundle);
    const bool is_other = identity.seal.centre != identity_.seal.centre;
    identity_ = std::move(identity);
    if (!is_other) return stop_with(sync_error(ErrorCode::unsupported, msg("sync.stale_key")));
    // The same facts, sealed to a key that the centre has.
    state_.outbox.reset();
    return next(now);
}

SyncStep SyncClient::on_repaired() {
    EGRET_ENSURE(step_ == SyncStep::repair);
    state_.outbox.reset();
    return step_ = SyncStep::ask_head;
}

SyncStep SyncClient::give_up(Error error) {
    EGRET_ENSURE(step_ == SyncStep::fetch_bundle || step_ == SyncStep::repair);
    const bool is_passing =
        error.code == ErrorCode::unavailable || error.code == ErrorCode::no_space;
    return is_passing ? wait_with(std::move(error)) : stop_with(std::move(error));
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
        if (is_outbox_current(head)) return send_outbox(now);
        state_.outbox.reset();
    }
    if (state_.acked_seq < head.seq) return fill_outbox(now) ? send_outbox(now) : step_;
    // With nothing to send, too: the centre may have been restored, or this disk.
    return step_ = is_confirmed_ ? SyncStep::done : SyncStep::ask_head;
}

SyncStep SyncClient::send_outbox(Instant now) {
    sent_at_ = now;
    return step_ = SyncStep::send;
}

bool SyncClient::is_outbox_current(const ChainHead& head) const {
    const auto& outbox = *state_.outbox;
    return outbox.first_seq == state_.acked_seq + 1 && outbox.last_seq >= outbox.first_seq &&
           outbox.last_seq <= head.seq && hash_at(means_.log, outbox.last_seq) == outbox.last_hash;
}

bool SyncClient::fill_outbox(Instant now) {
    const PieceRange range{state_.acked_seq + 1, facts_max_, state_.batch_bytes};
    state_.outbox = seal_piece(means_, identity_, range, now);
    if (state_.outbox) return true;
    stop_with(sync_error(ErrorCode::invalid_input,
                         msg("sync.log_damaged", {{"seq", std::to_string(range.first_seq)}})));
    return false;
}

SyncStep SyncClient::on_upload_reply(std::string_view body, Instant now) {
    const auto reply = decode_upload_reply(body, trust());
    // Whoever said that, it wasn't the centre: as good as no answer.
    if (!reply) return on_failure(SyncFailure::broken);
    if (reply->news) news_ = reply->news;
    switch (reply->code) {
        case UploadCode::applied:
            if (is_ours(reply->standing)) count_sent();
            return take_standing(reply->standing, now);
        case UploadCode::gap: return take_standing(reply->standing, now);
        case UploadCode::fork: break;
        case UploadCode::bad_chain: return on_too_large(now, "sync.bad_chain");
        case UploadCode::stale_key: return on_stale_key();
        case UploadCode::shut_out:
            return stop_with(sync_error(ErrorCode::forbidden, msg("sync.re_enrol")));
    }
    return on_fork();
}

SyncStep SyncClient::on_head_reply(std::string_view body, Instant now) {
    const auto reply = decode_head_reply(body, trust());
    if (!reply) return on_failure(SyncFailure::broken);
    if (reply->news) news_ = reply->news;
    return take_standing(reply->standing, now);
}

bool SyncClient::is_ours(const Standing& standing) const {
    return sync::is_ours(means_.log, standing);
}

SyncStep SyncClient::take_standing(const Standing& standing, Instant now) {
    if (!is_ours(standing)) {
        // The next one is sealed with all there is by then, so that the centre sees it, too.
        state_.outbox.reset();
        return on_fork();
    }

    is_confirmed_ = true;
    // What the centre had all the time was not acknowledged now.
    const auto before = state_.is_lost ? standing.head_seq : state_.acked_seq;
    adopt_standing(state_, standing);
    if (state_.acked_seq < before) sent_to_ = std::min(sent_to_, state_.acked_seq);
    if (state_.acked_seq > before) {
        acked_ += state_.acked_seq - before;
        if (state_.outbox && state_.outbox->last_seq <= state_.acked_seq) grow(now);
    } else if (step_ == SyncStep::send && ++setbacks_ > setbacks_max) {
        return wait_with(sync_error(ErrorCode::unavailable, msg("sync.no_progress")));
    }
    return next(now);
}

SyncStep SyncClient::on_too_large(Instant now, std::string_view message) {
    const auto facts = state_.outbox->fact_count();
    if (facts == 1) return stop_with(sync_error(ErrorCode::invalid_input, msg(message)));
    facts_max_ = facts / 2;
    state_.outbox.reset();
    return next(now);
}

SyncStep SyncClient::on_stale_key() {
    const auto error = sync_error(ErrorCode::unsupported, msg("sync.stale_key"));
    if (!skills_.can_fetch_bundle || ++bundles_ > bundles_max) return stop_with(error);
    return step_ = SyncStep::fetch_bundle;
}

SyncStep SyncClient::on_fork() {
    // A copy of this device that speaks at the same time forks it again.
    if (!skills_.can_repair || ++repairs_ > repairs_max)
        return stop_with(sync_error(ErrorCode::conflict, msg("sync.fork")));
    return step_ = SyncStep::repair;
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

void SyncClient::grow(Instant now) {
    const auto elapsed = unix_ms(now) - unix_ms(sent_at_);
    state_.batch_bytes = size_after_success(
        state_.batch_bytes, {state_.outbox->envelope.size(), elapsed, state_.outbox->tries});
    facts_max_ = std::min(facts_max_ * 2, limits::batch_facts_max);
}

ReplyTrust SyncClient::trust() const {
    auto keys = identity_.former_receipt_keys;
    keys.insert(keys.begin(), identity_.receipt_key);
    return {identity_.seal.device, std::move(keys)};
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
