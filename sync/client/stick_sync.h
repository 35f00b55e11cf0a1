#pragma once

#include "registry/base/message.h"
#include "registry/base/progress.h"
#include "registry/base/result.h"
#include "registry/service/clinic.h"
#include "sync/client/outbox_sync.h"
#include "sync/client/sync_session.h"
#include "sync/stick/stick.h"

#include <string>
#include <vector>

namespace egret::client {

/// What came of it.
struct StickOutcome {
    SyncOutcome sync;           // As over a line; sent: facts that are on the stick now.
    bool has_receipt = false;   // The stick had the centre's word on this machine's records.
    std::vector<Message> said;  // What she should know beside, and can do.
};

/// A sync without a line, at a clinic: what was recorded goes to the centre on a stick, and what
/// the centre says comes back on one (sync/core/stick_name.h).
///
/// Nothing is kept, taken in or removed here in another way than over a line: what goes is what
/// the outbox holds, a receipt is kept where the centre's answers are (outbox_folder.h), pages of
/// feeds go into the inbox (inbox_folder.h). Whatever becomes of the stick, nothing is lost here:
/// what was recorded is given up by a receipt of the centre alone.
///
/// Members throw std::system_error or sqlite::SqliteError when this machine's disk fails or is
/// full; what is wrong with the stick is in report.error.
class ClinicStick {
public:
    /// `dir` is the registry's folder. The clinic is open, its outbox settled (OutboxKeeper), and
    /// outlives this.
    ClinicStick(service::Clinic& clinic, std::string dir) : clinic_(clinic), dir_(std::move(dir)) {}

    /// Errors: those of ClinicLink::held.
    Result<StickOutcome> write_to(const stick::Stick& stick, Progress& progress);
    Result<StickOutcome> take_from(const stick::Stick& stick, Progress& progress);

private:
    service::Clinic& clinic_;
    std::string dir_;
};

/// The same of a registry that is locked. What it takes in waits for its opening.
class OutboxStick {
public:
    /// As OutboxSync.
    OutboxStick(const OutboxSync::Parts& parts, const std::string& dir)
        : parts_(parts), dir_(dir) {}

    /// Errors: those of OutboxSync::session.
    Result<StickOutcome> write_to(const stick::Stick& stick);
    Result<StickOutcome> take_from(const stick::Stick& stick);

private:
    OutboxSync::Parts parts_;
    std::string dir_;
};

}  // namespace egret::client
