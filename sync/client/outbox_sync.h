#pragma once

#include "registry/base/clock.h"
#include "registry/base/progress.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "sync/client/clinic_link.h"
#include "sync/client/https_client.h"
#include "sync/client/link_keys.h"
#include "sync/client/outbox_folder.h"
#include "sync/core/sync_client.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace egret::client {

/// What can be told of the way to the centre while the registry is locked.
struct OutboxStatus {
    std::uint64_t left = 0;  // Facts in the outbox that the centre hasn't acknowledged yet.
    // Of its last answer, if that isn't applied yet.
    std::optional<std::uint64_t> acked_seq;
    std::optional<Instant> server_time;
};

/// Hands over the outbox of a registry that is locked: with the machine's own keys, and without
/// anybody's PIN; and fetches what the centre's feeds have, which is kept unopened
/// (inbox_folder.h). What the centre answers is kept until the registry is opened; nothing that was
/// recorded is removed here.
class OutboxSync {
public:
    struct Parts {
        const LinkKeys& keys;  // With a membership.
        const Clock& clock;
        Random& random;
        Instant not_before;  // No clock that shows less is right: the day of the program's build.
        files::Disk& disk = files::system_disk();
        ByteView link_key{};  // LinkKeys::load's, to keep a newer key bundle.
    };

    /// `dir` is the registry's folder. What `parts` refers to outlives this.
    OutboxSync(const Parts& parts, const std::string& dir, Connect connect = connect_https)
        : parts_(parts), dir_(dir), folder_(dir, parts.disk), connect_(std::move(connect)) {}

    /// As ClinicLink::sync, of what is in the outbox; facts that aren't there are not counted.
    /// Errors: unavailable, if another program does so now; those of open_bundle.
    Result<ClinicLink::Outcome> sync(const std::string& url, Progress& progress);

    /// The same for whoever carries it out himself. What `parts` refers to outlives the session.
    Result<std::unique_ptr<SyncSession>> session(const std::string& url);

    OutboxStatus status() const;

private:
    std::optional<sync::Standing> kept_standing(const sync::KeyBundle& bundle) const;

    Parts parts_;
    std::string dir_;
    OutboxFolder folder_;
    Connect connect_;
};

}  // namespace egret::client
