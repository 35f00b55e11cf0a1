#include "sync/client/detail/clinic_upload.h"

#include "sync/client/detail/calls.h"
#include "sync/client/detail/received_page.h"
#include "sync/core/envelope.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <utility>
#include <vector>

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

/// How far it is in its feeds, for the centre to know.
std::vector<sync::CursorMark> marks_of(service::Clinic& clinic) {
    std::vector<sync::CursorMark> marks;
    for (const auto& kept : clinic.feed_places()) {
        const auto cursor = place_of(kept).trail.newest();
        if (marks.size() < limits::feed_scopes_max && cursor.pos > 0)
            marks.push_back(sync::mark_of(cursor));
    }
    return marks;
}

sync::SyncIdentity identity_of(service::Clinic& clinic, const HeldLink& link,
                               const sync::SyncState& state, Instant now) {
    auto identity = link.identity(schema_version_of(clinic), trusted_time(clinic, state, now));
    identity.cursors = marks_of(clinic);
    return identity;
}

bool is_sealed_as(const sync::Outbox& outbox, const sync::UploadSeal& seal) {
    const auto header = sync::parse_envelope(outbox.envelope);
    return header && header->recipient_key_id == sync::key_id_of(seal.centre) &&
           header->sender_epoch == seal.epoch;
}

sync::SyncClient make_client(service::Clinic& clinic, const HeldLink& link,
                             const sync::LogView& log, UploadStore& uploads) {
    auto state = uploads.load(upload_bounds(clinic));
    auto identity = identity_of(clinic, link, state, clinic.now());
    // What waits for a key that another has followed is sealed anew, and so is what was signed by
    // one.
    if (state.outbox && !is_sealed_as(*state.outbox, identity.seal)) state.outbox.reset();
    sync::SyncSkills skills;
    skills.can_fetch_bundle = true;
    skills.can_repair = true;
    return {{log, link.keys().sign_key(), clinic.random()},
            std::move(identity),
            std::move(state),
            skills};
}

}  // namespace

ClinicUpload::ClinicUpload(service::Clinic& clinic, HeldLink& link)
    : clinic_(clinic),
      link_(link),
      log_(clinic.log(), link.membership().device),
      uploads_(clinic.database()),
      client_(make_client(clinic, link, log_, uploads_)) {}

ClinicUpload::Asked ClinicUpload::start(Instant now) {
    handover_ = std::make_unique<Handover>(clinic_, link_, log_);
    if (auto request = handover_->start(now)) return request;
    return after_handover(now);
}

ClinicUpload::Asked ClinicUpload::next(const Result<http::Response>& answer, Instant now) {
    if (handover_) {
        if (auto request = handover_->next(answer, now)) return request;
        return after_handover(now);
    }
    if (fetch_) {
        if (auto request = fetch_->next(answer, now)) return request;
        return carry_out(after_fetch(now), now);
    }
    if (repair_) {
        if (auto request = repair_->next(answer, now)) return request;
        return carry_out(after_repair(), now);
    }
    if (!answer) return carry_out(client_.on_failure(failure_of(answer.error())), now);
    return carry_out(client_.on_reply(answer->status, text_of(answer->body), now), now);
}

sync::SyncReport ClinicUpload::report() const {
    auto report = client_.report();
    if (error_) report.error = error_;
    return report;
}

bool ClinicUpload::may_go_on() const {
    // What stops uploads may be one fact; what others recorded is wanted all the same.
    const auto why = report().error;
    const bool is_shut_out = why && why->code == ErrorCode::forbidden;
    return client_.news().has_value() && !is_shut_out && step_ != SyncStep::wait;
}

ClinicUpload::Asked ClinicUpload::after_handover(Instant now) {
    const auto done = std::move(handover_);
    repairs_.set_aside = done->set_aside();
    if (!done->refusal()) return carry_out(client_.start(now), now);
    // Whatever is sent now could take the place of what waits.
    step_ = done->refusal()->step;
    error_ = done->refusal()->error;
    end();
    return std::nullopt;
}

ClinicUpload::Asked ClinicUpload::carry_out(SyncStep step, Instant now) {
    for (;;) {
        step_ = step;
        remember();
        switch (step) {
            case SyncStep::send:
                return upload_request(client_.state().outbox->envelope, caller_of(clinic_, link_));
            case SyncStep::ask_head:
                return head_request(caller_of(clinic_, link_), link_.bundle().number);
            case SyncStep::fetch_bundle:
                fetch_ = std::make_unique<BundleFetch>(link_);
                return fetch_->start(now);
            case SyncStep::repair: {
                if (auto request = repair(now)) return request;
                step = after_repair();
                continue;
            }
            case SyncStep::done:
            case SyncStep::wait:
            case SyncStep::stop: end(); return std::nullopt;
        }
    }
}

ClinicUpload::Asked ClinicUpload::repair(Instant now) {
    repair_ = std::make_unique<Repair>(clinic_, link_, log_, client_.state().acked_seq);
    // A centre of protocol 1 hands out no logs: there the machine joins anew.
    return client_.news() ? repair_->start(now) : std::nullopt;
}

/// The bundle was asked for, and what follows.
SyncStep ClinicUpload::after_fetch(Instant now) {
    const auto fetch = std::move(fetch_);
    if (fetch->error()) return client_.give_up(*fetch->error());
    return client_.on_bundle(identity_of(clinic_, link_, client_.state(), now), now);
}

SyncStep ClinicUpload::after_repair() {
    const auto done = std::move(repair_);
    if (!client_.news()) return client_.give_up({ErrorCode::conflict, "", msg("sync.fork")});
    if (done->error()) return client_.give_up(*done->error());
    repairs_.count += 1;
    repairs_.taken_over += done->taken_over();
    repairs_.renumbered += done->renumbered();
    return client_.on_repaired();
}

std::optional<Instant> ClinicUpload::centre_time() const {
    if (!client_.is_confirmed()) return std::nullopt;
    return instant_from_unix_ms(client_.state().server_time_ms);
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
    const auto error = report().error;
    const bool is_shut_out = error && error->code == ErrorCode::forbidden;
    if (is_shut_out || client_.is_confirmed()) clinic_.note_standing(!is_shut_out);
}

}  // namespace egret::client::detail
