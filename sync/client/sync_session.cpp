#include "sync/client/sync_session.h"

#include "sync/client/detail/bundle_fetch.h"
#include "sync/client/detail/calls.h"
#include "sync/client/detail/feeds.h"
#include "sync/client/detail/http_status.h"
#include "sync/client/detail/renewal.h"
#include "sync/client/detail/talk.h"
#include "sync/client/held_link.h"
#include "sync/core/protocol.h"

#include <utility>

namespace egret::client {
namespace {

// Of one sync: who is new by TLS may be new by his signature, too.
constexpr int rescues_max = 2;

bool is_distrust(const Result<http::Response>& answer) {
    return !answer && answer.error().message.id == "net.untrusted_server";
}

}  // namespace

SyncSession::SyncSession(Parts parts, Line line)
    : parts_(std::move(parts)), uploads_(parts_.make_uploads()), line_(std::move(line)) {}

SyncSession::~SyncSession() = default;

std::optional<http::Request> SyncSession::start(Instant now) {
    return hand_out(uploads_->start(now), now);
}

std::optional<http::Request> SyncSession::next(const Result<http::Response>& answer, Instant now) {
    if (rescue_) return asked_for_bundle(answer, now);
    if (readmission_) return asked_to_be_readmitted(answer, now);
    if (is_forgotten(answer)) return ask_to_be_readmitted(answer, now);
    const bool is_strange = is_distrust(answer) || is_by_unknown_key(answer);
    if (is_strange && rescues_ < rescues_max) return ask_for_bundle(answer, now);
    return go_on(answer, now);
}

std::optional<http::Request> SyncSession::go_on(const Result<http::Response>& answer, Instant now) {
    line_error_ = answer ? std::nullopt : std::optional(answer.error());
    return hand_out(talk().next(answer, now), now);
}

HttpsClientOptions SyncSession::way() const {
    return is_any_asked_ ? parts_.link->way_to_anyone(line_.url, line_.now)
                         : parts_.link->way(line_.url, line_.now, line_.known);
}

std::uint64_t SyncSession::way_number() const noexcept {
    return 2 * (parts_.link->ways() + static_cast<std::uint64_t>(rescues_)) +
           (is_any_asked_ ? 1 : 0);
}

SyncOutcome SyncSession::outcome() const {
    SyncOutcome outcome;
    outcome.report = uploads_->report();
    outcome.report.sent += before_.sent;
    outcome.report.acked += before_.acked;
    outcome.must_stop = uploads_->must_stop() || must_stop_;
    if (!outcome.report.error) outcome.report.error = error_;
    outcome.has_all = uploads_->has_all();
    outcome.received = received_ + (feed_ ? feed_->received() : 0);
    outcome.fetched = fetched_ + (feed_ ? feed_->fetched() : 0);
    outcome.repairs = uploads_->repairs();
    outcome.must_rejoin = uploads_->news() && uploads_->news()->must_rejoin;
    // More exact than that there is no line.
    if (!outcome.must_stop && line_error_) outcome.report.error = line_error_;
    return outcome;
}

detail::Talk& SyncSession::talk() {
    if (phase_ == Phase::bundle) return *bundle_;
    if (phase_ == Phase::renewal) return *renewal_;
    if (phase_ == Phase::feed) return *feed_;
    return *uploads_;
}

/// Keeps what is asked, or goes on with the next part.
std::optional<http::Request> SyncSession::hand_out(std::optional<http::Request> request,
                                                   Instant now) {
    while (!request && phase_ != Phase::over) request = begin_next(now);
    waiting_ = request;
    return request;
}

std::optional<http::Request> SyncSession::begin_next(Instant now) {
    switch (phase_) {
        case Phase::upload:
            if (!uploads_->may_go_on()) break;
            scopes_ = uploads_->news()->feed;
            if (!wants_bundle()) return renew_next(now);
            phase_ = Phase::bundle;
            bundle_ = std::make_unique<detail::BundleFetch>(*parts_.link);
            return bundle_->start(now);
        case Phase::bundle:
            if (const auto& error = bundle_->error())
                note(*error, error->code == ErrorCode::unsupported);
            // Who doesn't reach the centre any more needn't try to at each scope.
            if (line_error_) break;
            return renew_next(now);
        case Phase::renewal:
            if (line_error_) break;
            return follow_next(now);
        case Phase::feed:
            end_feed();
            if (line_error_) break;
            return follow_next(now);
        case Phase::over: break;
    }
    phase_ = Phase::over;
    return std::nullopt;
}

/// Once the centre has all: nothing waits that only the old keys have signed. The time is the
/// centre's, for a wrong clock would ask each time.
std::optional<http::Request> SyncSession::renew_next(Instant now) {
    const auto time = uploads_->centre_time();
    if (!time || !uploads_->has_all() || !parts_.link->is_renewal_due(*time))
        return follow_next(now);
    phase_ = Phase::renewal;
    renewal_ = std::make_unique<detail::Renewal>(*parts_.link, *parts_.random, false);
    if (auto request = renewal_->start(now)) return request;
    return follow_next(now);
}

std::optional<http::Request> SyncSession::follow_next(Instant now) {
    if (parts_.link->is_program_too_old())
        note({ErrorCode::unsupported, "", msg("sync.program_too_old")}, true);
    if (scopes_.empty() || parts_.link->is_program_too_old()) {
        phase_ = Phase::over;
        return std::nullopt;
    }
    phase_ = Phase::feed;
    feed_ = parts_.feeds->follow(scopes_.front());
    scopes_.erase(scopes_.begin());
    return feed_->start(now);
}

void SyncSession::end_feed() {
    received_ += feed_->received();
    fetched_ += feed_->fetched();
    if (const auto& refusal = feed_->refusal())
        note(refusal->error, refusal->step == sync::SyncStep::stop);
    feed_.reset();
}

/// Of several the first is told.
void SyncSession::note(const Error& error, bool must_stop) {
    if (!error_) error_ = error;
    must_stop_ = must_stop_ || must_stop;
}

bool SyncSession::wants_bundle() const {
    const auto& news = uploads_->news();
    if (!news) return false;
    const auto& held = parts_.link->bundle();
    return news->bundle_number > held.number || (held.version < 3 && news->bundle_number > 0);
}

/// What the centre says of the log is signed by one of the receipt keys of its bundle.
bool SyncSession::is_by_unknown_key(const Result<http::Response>& answer) const {
    if (phase_ != Phase::upload || !answer || !waiting_) return false;
    const bool is_upload = waiting_->path == detail::upload_path;
    if (!is_upload && waiting_->path != detail::head_path) return false;
    const sync::ReplyTrust trust{parts_.link->membership().device, parts_.link->bundle()};
    const auto body = text_of(answer->body);
    const auto is_unknown = [](const auto& reply) {
        return !reply && reply.error().code == ErrorCode::unauthorized;
    };
    return is_upload ? is_unknown(sync::decode_upload_reply(body, trust))
                     : is_unknown(sync::decode_head_reply(body, trust));
}

std::optional<http::Request> SyncSession::ask_for_bundle(const Result<http::Response>& why,
                                                         Instant now) {
    distrust_.emplace(why);
    is_any_asked_ = is_distrust(why);
    ++rescues_;
    rescue_ = std::make_unique<detail::BundleFetch>(*parts_.link);
    return rescue_->start(now);
}

std::optional<http::Request> SyncSession::asked_for_bundle(const Result<http::Response>& answer,
                                                           Instant now) {
    if (auto request = rescue_->next(answer, now)) return request;
    const bool is_newer = rescue_->is_newer();
    rescue_.reset();
    is_any_asked_ = false;
    const auto why = *std::exchange(distrust_, std::nullopt);
    if (!is_newer) return go_on(why, now);
    // What was not told to a stranger is told to whom the programme's root vouches for.
    if (phase_ != Phase::upload) return waiting_;
    return upload_anew(now);
}

std::optional<http::Request> SyncSession::upload_anew(Instant now) {
    const auto report = uploads_->report();
    before_.sent += report.sent;
    before_.acked += report.acked;
    uploads_.reset();
    uploads_ = parts_.make_uploads();
    return hand_out(uploads_->start(now), now);
}

bool SyncSession::is_forgotten(const Result<http::Response>& answer) const {
    return phase_ == Phase::upload && answer && answer->status == http_unauthorized &&
           parts_.may_be_readmitted && !was_readmission_tried_ &&
           !parts_.link->membership().joined.empty();
}

std::optional<http::Request> SyncSession::ask_to_be_readmitted(const Result<http::Response>& why,
                                                               Instant now) {
    was_readmission_tried_ = true;
    readmission_ = std::make_unique<detail::Renewal>(*parts_.link, *parts_.random, true);
    if (auto request = readmission_->start(now)) {
        distrust_.emplace(why);
        return request;
    }
    readmission_.reset();
    return go_on(why, now);
}

std::optional<http::Request> SyncSession::asked_to_be_readmitted(
    const Result<http::Response>& answer, Instant now) {
    (void)readmission_->next(answer, now);
    const bool is_in = readmission_->is_done();
    readmission_.reset();
    const auto why = *std::exchange(distrust_, std::nullopt);
    return is_in ? upload_anew(now) : go_on(why, now);
}

Result<SyncOutcome> carry_out(SyncSession& session, const Connect& connect,
                              const std::function<Instant()>& now, Progress& progress) {
    auto way = session.way_number();
    auto line = connect(session.way());
    if (!line) return std::move(line).error();
    auto request = session.start(now());
    while (request) {
        const auto report = session.outcome().report;
        progress.at(report.acked, report.acked + report.left);
        if (way != session.way_number()) {
            way = session.way_number();
            line = connect(session.way());
            if (!line) return std::move(line).error();
        }
        request = session.next((*line)->send(*request), now());
    }
    const auto outcome = session.outcome();
    progress.at(outcome.report.acked, outcome.report.acked + outcome.report.left);
    return outcome;
}

}  // namespace egret::client
