#pragma once

#include "registry/keys/key_file.h"
#include "registry/service/clinic.h"

#include <functional>
#include <memory>
#include <string>

/// Another data key for a registry: for when somebody who left, or a thief, may have kept an older
/// registry.keys with what opens it. docs/vault.md says in which order, and why no power cut can
/// leave a registry that nobody opens.
namespace egret::service {

/// Who still opens the registry afterwards: the lead who does it, by her PIN, and a new sheet.
struct NewKeyOwner {
    UserId user;
    keys::KeyFile::NewPin pin;
    const keys::RecoveryCode& recovery;  // On its sheet already.
    std::function<void()> in_force;      // Called when that sheet is the one that opens it.
};

/// Encrypts the registry in `dir` anew, under a key by chance, and puts it in place of the old one,
/// which no slot holds any more. Every other user has no PIN until the lead gives her one. Needs as
/// much room again as the registry has. Noted in the audit; `clinic` is closed.
/// Errors: conflict, if another program does the same; those of keys::KeyFile. Throws SqliteError
/// or std::system_error if the disk fails or is full. Where it ends early, the registry opens as
/// before, or by what `owner` says, and finish_rekey() does the rest.
Result<Done> rekey(std::unique_ptr<Clinic> clinic, const std::string& dir,
                   const NewKeyOwner& owner);

/// Before each opening with `key`: does what a power cut left to do of rekey(). Costs the reading
/// of a small file where that is nothing.
/// Errors: conflict, if `key` isn't the registry's any more; those of rekey().
Result<Done> finish_rekey(const std::string& dir, const keys::DataKey& key, const World& world);

/// Opens a registry after that: how everybody should.
/// Errors: those of finish_rekey() and Clinic::open.
Result<std::unique_ptr<Clinic>> open_registry(
    const std::string& dir, Unlocked unlocked, const World& world,
    store::StaleProjections stale = store::StaleProjections::rebuild);

}  // namespace egret::service
