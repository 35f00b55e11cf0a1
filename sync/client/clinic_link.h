#pragma once

#include "registry/base/progress.h"
#include "registry/base/result.h"
#include "registry/service/clinic.h"
#include "sync/client/held_link.h"
#include "sync/client/https_client.h"
#include "sync/client/link_keys.h"
#include "sync/client/sync_session.h"
#include "sync/core/enrolment_code.h"
#include "sync/core/sync_client.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace egret::client {

struct LinkStatus {
    bool is_enrolled = false;
    std::string url;
    std::string clinic_code;
    std::uint64_t head_seq = 0;          // Facts recorded on this machine.
    std::uint64_t acked_seq = 0;         // Of these, at the centre.
    std::optional<Instant> server_time;  // When the centre last answered, by its own clock.
};

/// A clinic's way to its centre: joining it, and handing over what was recorded.
class ClinicLink {
public:
    /// `dir` is the registry's folder. The clinic outlives the link.
    ClinicLink(service::Clinic& clinic, std::string dir, Connect connect = connect_https)
        : clinic_(clinic), dir_(std::move(dir)), connect_(std::move(connect)) {}

    /// Joins the centre at `url` with a code that it gave out. The code is shown to nobody before
    /// the centre has proved to be the one that made it. May be repeated after any failure.
    ///
    /// A clinic whose membership is over joins anew, as a new device, with new keys: the centre
    /// shut it out, or has other facts under its numbers, or its keys are damaged. All of its log
    /// is handed over again under the new name; the centre knows by their uids what it has.
    /// Errors: conflict, if the clinic is in good standing at the centre, its log is damaged, or
    /// the code is of another programme; those of parse_enrolment_code, open_first_bundle,
    /// HttpsClient and of the centre's answer.
    Result<LinkMembership> enrol(const std::string& url, const std::string& code,
                                 Progress& progress);

    /// Hands over all that the centre doesn't have yet, until it has all, the line fails or a
    /// person must act: the report says. `url` replaces the one from enrolment, if not empty.
    /// Errors: not_found, if the clinic is not enrolled; those of open_bundle.
    using Outcome = SyncOutcome;

    Result<Outcome> sync(const std::string& url, Progress& progress);

    /// The same for whoever carries it out himself. What the link refers to outlives the session.
    Result<std::unique_ptr<SyncSession>> session(const std::string& url, Progress& progress);

    /// What it speaks with, for whoever carries it otherwise. A joining that was cut is completed.
    /// The clinic outlives it. Errors: as session().
    Result<std::unique_ptr<HeldLink>> held(Progress& progress);

    /// No certificate is good before it: this machine's clock, or the clinic's day if that is
    /// later.
    Instant trusted_now();

    Result<LinkStatus> status();

    /// The key bundle of the programme that it has joined; nothing, if it hasn't.
    /// Errors: those of LinkKeys::load and sync::open_bundle.
    Result<std::optional<sync::KeyBundle>> bundle();

private:
    Result<Outcome> sync_once(const std::string& url, Progress& progress);
    /// What the centre said, and the last day that is known.
    std::vector<Instant> known_times();
    Result<Done> adopt_if_new(const LinkKeys& keys, Progress& progress);
    void forget_uploads();
    void keep_strangers();
    Result<bool> is_membership_over(const LinkKeys& keys, const std::string& url);
    Result<LinkKeys> keys_to_join_with(std::optional<LinkKeys> known, const std::string& url,
                                       const sync::RootHash& root);
    Result<Done> join(LinkKeys& keys, const std::string& url, const sync::EnrolmentCode& code);

    service::Clinic& clinic_;
    std::string dir_;
    Connect connect_;
};

}  // namespace egret::client
