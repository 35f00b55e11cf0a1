#pragma once

#include "cli/console/prompt.h"
#include "cli/context.h"
#include "registry/keys/key_file.h"
#include "registry/service/unlocked.h"

#include <cstdint>
#include <string>

namespace egret::cli {

/// At the terminal where this command may ask.
console::Prompt prompt_of(const Command& command);

/// The secret of this machine, as the key file wants it: from where it was put (or now is, by
/// EGRET_DEVICE_KEY), from the chip, or by the passphrase of EGRET_PASSPHRASE_FILE or the prompt.
/// Errors: those of keys::DeviceSecret::load and console::Prompt::secret.
Result<keys::DeviceSecret> load_device(const Command& command, const std::string& dir,
                                       const keys::DeviceBinding& binding);

/// The same for the key file in `dir`.
/// Errors: those of keys::KeyFile::load, too.
Result<keys::DeviceSecret> load_bound_device(const Command& command, const std::string& dir);

/// Who unlocks: the user named by --as or EGRET_USER, else the only one, else whom she names at the
/// prompt.
/// Errors: not_found, if nobody is called so; locked, if there are several and nobody to ask.
Result<keys::User> choose_user(const Command& command, const keys::KeyFile& file);

/// A registry that is there, and locked.
struct LockedRegistry {
    std::string dir;
    keys::KeyFile file;
};

/// The registry that this command is about.
/// Errors: those of registry_dir, service::require_registry and keys::KeyFile::load.
Result<LockedRegistry> find_registry(const Command& command);

/// Who has just proved that the registry is hers to open, and with what.
struct ProvenUser {
    keys::User user;
    keys::DeviceSecret device;
    console::TypedSecret pin;
    keys::DataKey key;
    std::uint32_t wrong_pins = 0;  // Before the right one, which forgot them: for the audit.
};

/// Asks who she is, for this machine's passphrase, if it has one, and for her PIN, of
/// EGRET_PIN_FILE or the prompt: whoever keeps the registry unlocked.
/// Errors: those of choose_user, load_device, console::Prompt::secret and
/// keys::KeyFile::unlock_with_pin.
Result<ProvenUser> prove_user(const Command& command, LockedRegistry& registry);

/// This machine's key for the keys of its way to the centre; empty, if it has no secret.
crypto::Secret link_key_of(const keys::DeviceSecret& device);

/// Unlocks the registry in `dir`: with the keys that are kept, if this is a command of theirs, else
/// by a user's PIN. Errors: those of find_registry and prove_user.
Result<service::Unlocked> unlock(const Command& command, const std::string& dir);

}  // namespace egret::cli
