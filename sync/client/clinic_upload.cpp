#include "sync/client/detail/clinic_upload.h"

#include "sync/client/detail/calls.h"

#include <algorithm>
#include <utility>

namespace egret::client::detail {
namespace {

using sync::SyncStep;

/// A clock that was set back must not choose a key that the centre has destroyed long ago.
Instant trusted_time(service::Clinic& clinic, const sync::SyncState& state, Instant now) {
    return std::max({now, clinic.time_zone().start_of_day(clinic.today()),
                     instant_from_unix_ms(state.server_time_ms)});
}

std::uint32_t schema_version_of(service::Clinic& clinic) {
    return static_cast<std::uint32_t>(clinic.database().user_version());
}

sync::SyncClient make_client(service::Clinic& clinic, const HeldLink& link,
                             const sync::LogView& log, UploadStore& uploads) {
    auto state = uploads.load(upload_bounds(clinic));
    auto identity =
        link.identity(schema_version_of(clinic), trusted_time(clinic, state, clinic.now()));
    sync::SyncSkills skills;
    skills.can_fetch_bundle = true;
    return {{log, link.keys().sign_key(), clinic.random()},
            std::move(identity),
            std::move(state),
            skills};
}

Caller caller_of(service::Clinic& clinic, const HeldLink& link) {
    return {link.membership().device, link.keys().sign_key(), clinic.now(), clinic.random()};
}

}  // namespace

ClinicUpload::ClinicUpload(service::Clinic& clinic, HeldLink& link)
    : clinic_(clinic),
      link_(link),
      log_(clinic.log(), link.membership().device),
      uploads_(clinic.database()),
      client_(make_client(clinic, link, log_, uploads_)) {}

std::optional<http::Request> ClinicUpload::start(Instant now) {
    return carry_out(client_.start(now), now);
}

std::optional<http::Request> ClinicUpload::next(const Result<http::Response>& answer, Instant now) {
    if (fetch_) {
        if (auto request = fetch_->next(answer, now)) return request;
        return carry_out(come_back(now), now);
    }
    if (!answer) return carry_out(client_.on_failure(failure_of(answer.error())), now);
    return carry_out(client_.on_reply(answer->status, text_of(answer->body), now), now);
}

bool ClinicUpload::may_go_on() const {
    // What stops uploads may be one fact; what others recorded is wanted all the same.
    const auto report = client_.report();
    const bool is_shut_out = report.error && report.error->code == ErrorCode::forbidden;
    return client_.news().has_value() && !is_shut_out && step_ != SyncStep::wait;
}

std::optional<http::Request> ClinicUpload::carry_out(SyncStep step, Instant now) {
    step_ = step;
    remember();
    switch (step) {
        case SyncStep::send:
            return upload_request(client_.state().outbox->envelope, caller_of(clinic_, link_));
        case SyncStep::ask_head: return head_request(caller_of(clinic_, link_));
        case SyncStep::fetch_bundle:
            fetch_ = std::make_unique<BundleFetch>(link_);
            return fetch_->start(now);
        case SyncStep::repair:  // Not asked of who has no such skill.
        case SyncStep::done:
        case SyncStep::wait:
        case SyncStep::stop: break;
    }
    end();
    return std::nullopt;
}

/// The bundle was asked for, and what follows.
SyncStep ClinicUpload::come_back(Instant now) {
    const auto fetch = std::move(fetch_);
    if (fetch->error()) return client_.give_up(*fetch->error());
    return client_.on_bundle(
        link_.identity(schema_version_of(clinic_), trusted_time(clinic_, client_.state(), now)),
        now);
}

void ClinicUpload::remember() {
    const auto& state = client_.state();
    sqlite::WriteTransaction tx(clinic_.database());
    uploads_.save(state, tx);
    if (state.server_time_ms > 0)
        clinic_.note_server_time(instant_from_unix_ms(state.server_time_ms), tx);
    tx.commit();
}

void ClinicUpload::end() {
    if (client_.is_confirmed())
        clinic_.heed_centre(instant_from_unix_ms(client_.state().server_time_ms));
    const auto& error = client_.report().error;
    const bool is_shut_out = error && error->code == ErrorCode::forbidden;
    if (is_shut_out || client_.is_confirmed()) clinic_.note_standing(!is_shut_out);
}

}  // namespace egret::client::detail
