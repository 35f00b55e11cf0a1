#pragma once

#include "cli/console/device_choice.h"
#include "cli/console/parsed.h"
#include "cli/console/terminal.h"
#include "registry/crypto/random_bytes.h"
#include "registry/keys/machine_key_file.h"
#include "registry/keys/tpm2_tools.h"
#include "sync/central/centre.h"

#include <string>

namespace egret::daemon {

/// The folder that --data names, or EGRET_DATA.
/// Errors: invalid_input, if neither does.
Result<std::string> data_folder(const console::Parsed& parsed, const console::Terminal& terminal);

/// This machine, as far as a centre's keys hang on it.
class CentreMachine {
public:
    explicit CentreMachine(const console::Terminal& terminal) : terminal_(terminal) {}

    /// What asks for its secret.
    console::DeviceAsker asker() { return {terminal_, asked_at_, random_, &chip_}; }

    /// Makes the secret that --device-secret asks for. `dir` is the centre's folder, `making` where
    /// its files are put meanwhile.
    /// Errors: invalid_input, if there shall be none; those of console::make_device.
    Result<console::MadeDevice> make(const console::Parsed& parsed, const std::string& dir,
                                     const std::string& making);
    /// What opens the centre in `folder`, by the secret that `file` names.
    /// Errors: those of console::load_device and keys::MachineKeyFile::unlock, in the words of a
    /// centre.
    Result<keys::DataKey> unlock(const keys::MachineKeyFile& file, const std::string& folder);

    Random& random() noexcept { return random_; }

private:
    const console::Terminal& terminal_;
    std::string asked_at_ = "/dev/tty";
    crypto::SystemRandom random_;
    keys::Tpm2Tools chip_;
};

/// A centre that is there, and what opens it.
struct UnlockedCentre {
    std::string folder;
    keys::MachineKeyFile file;
    keys::DataKey key;
};

/// The centre in that folder, by the secret of this machine.
/// Errors: those of data_folder, Centre::find_key_file and CentreMachine::unlock.
Result<UnlockedCentre> unlock_centre(const console::Parsed& parsed,
                                     const console::Terminal& terminal);

/// The same, open.
/// Errors: those of unlock_centre and Centre::open.
Result<central::Centre> open_centre(
    const console::Parsed& parsed, const console::Terminal& terminal,
    store::StaleProjections stale = store::StaleProjections::rebuild);

}  // namespace egret::daemon
