#pragma once

#include "cli/console/prompt.h"
#include "cli/context.h"
#include "registry/keys/key_file.h"
#include "registry/service/unlocked.h"

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

/// The data key, by her PIN of EGRET_PIN_FILE or the prompt.
/// Errors: those of keys::KeyFile::unlock_with_pin and console::Prompt::secret.
Result<keys::DataKey> unlock_key(const Command& command, keys::KeyFile& file,
                                 const keys::User& user, const keys::DeviceSecret& device);

/// This machine's key for the keys of its way to the centre; empty, if it has no secret.
crypto::Secret link_key_of(const keys::DeviceSecret& device);

/// Unlocks the registry in `dir`: with the keys that are kept, if this is a command of theirs, else
/// by a user's PIN, of EGRET_PIN_FILE or the prompt. Errors: those of store::require_file,
/// keys::KeyFile::load, load_device, choose_user and unlock_key.
Result<service::Unlocked> unlock(const Command& command, const std::string& dir);

}  // namespace egret::cli
