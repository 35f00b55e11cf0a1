#include "sync/client/sync_session.h"

#include "sync/client/detail/bundle_fetch.h"
#include "sync/client/detail/talk.h"
#include "sync/client/held_link.h"

#include <utility>

namespace egret::client {
namespace {

bool is_distrust(const Result<http::Response>& answer) {
    return !answer && answer.error().message.id == "net.untrusted_server";
}

}  // namespace

SyncSession::SyncSession(std::unique_ptr<HeldLink> link, std::unique_ptr<detail::Uploads> uploads,
                         Line line)
    : link_(std::move(link)), uploads_(std::move(uploads)), line_(std::move(line)) {}

SyncSession::~SyncSession() = default;

std::optional<http::Request> SyncSession::start(Instant now) {
    return hand_out(uploads_->start(now), now);
}

std::optional<http::Request> SyncSession::next(const Result<http::Response>& answer, Instant now) {
    if (rescue_) return asked_anyone(answer, now);
    if (is_distrust(answer) && rescues_ == 0) return ask_anyone(answer.error(), now);
    return go_on(answer, now);
}

std::optional<http::Request> SyncSession::go_on(const Result<http::Response>& answer, Instant now) {
    line_error_ = answer ? std::nullopt : std::optional(answer.error());
    return hand_out(talk().next(answer, now), now);
}

HttpsClientOptions SyncSession::way() const {
    return rescue_ ? link_->way_to_anyone(line_.url, line_.now) : link_->way(line_.url, line_.now);
}

std::uint64_t SyncSession::way_number() const noexcept {
    // Each rescue is a way of its own, and so is what comes after it.
    return 2 * (link_->ways() + static_cast<std::uint64_t>(rescues_)) + (rescue_ ? 1 : 0);
}

SyncOutcome SyncSession::outcome() const {
    SyncOutcome outcome;
    outcome.report = uploads_->report();
    outcome.must_stop = uploads_->must_stop() || must_stop_;
    if (!outcome.report.error) outcome.report.error = error_;
    // More exact than that there is no line.
    if (!outcome.must_stop && line_error_) outcome.report.error = line_error_;
    return outcome;
}

detail::Talk& SyncSession::talk() {
    if (phase_ == Phase::bundle) return *bundle_;
    return *uploads_;
}

/// Keeps what is asked, or goes on with the next part.
std::optional<http::Request> SyncSession::hand_out(std::optional<http::Request> request,
                                                   Instant now) {
    while (!request && phase_ != Phase::over) request = begin_next(now);
    if (rescues_ == 0) waiting_ = request;
    return request;
}

std::optional<http::Request> SyncSession::begin_next(Instant now) {
    switch (phase_) {
        case Phase::upload:
            if (!uploads_->may_go_on() || !wants_bundle()) {
                phase_ = Phase::over;
                return std::nullopt;
            }
            phase_ = Phase::bundle;
            bundle_ = std::make_unique<detail::BundleFetch>(*link_);
            return bundle_->start(now);
        case Phase::bundle: {
            error_ = bundle_->error();
            must_stop_ = error_ && error_->code == ErrorCode::unsupported;
            phase_ = Phase::over;
            break;
        }
        case Phase::over: break;
    }
    return std::nullopt;
}

bool SyncSession::wants_bundle() const {
    const auto& news = uploads_->news();
    if (!news) return false;
    const auto& held = link_->bundle();
    return news->bundle_number > held.number || (held.version < 3 && news->bundle_number > 0);
}

std::optional<http::Request> SyncSession::ask_anyone(const Error& why, Instant now) {
    distrust_ = why;
    ++rescues_;
    rescue_ = std::make_unique<detail::BundleFetch>(*link_);
    return rescue_->start(now);
}

std::optional<http::Request> SyncSession::asked_anyone(const Result<http::Response>& answer,
                                                       Instant now) {
    if (auto request = rescue_->next(answer, now)) return request;
    const bool is_newer = rescue_->is_newer();
    rescue_.reset();
    // What was not sent to a stranger goes to whom the programme's root vouches for.
    if (is_newer) return std::move(waiting_);
    return go_on(*std::exchange(distrust_, std::nullopt), now);
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
