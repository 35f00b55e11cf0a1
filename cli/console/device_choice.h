#pragma once

#include "cli/console/parsed.h"
#include "cli/console/terminal.h"
#include "registry/base/random.h"
#include "registry/keys/device_secret.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace egret::console {

/// A machine's key file in the folder whose files it opens; guides and messages name it.
inline constexpr const char* own_key_file = "device.key";

/// What is made outside the folder in which a registry or a centre is made, or for one that is
/// there: taken away again, unless it is kept.
class OutsideFile {
public:
    OutsideFile() = default;
    explicit OutsideFile(std::string path) : path_(std::move(path)) {}
    ~OutsideFile();

    OutsideFile(OutsideFile&& other) noexcept : path_(std::exchange(other.path_, "")) {}

    OutsideFile& operator=(OutsideFile&& other) noexcept {
        std::swap(path_, other.path_);
        return *this;
    }

    void keep() noexcept { path_.clear(); }

private:
    std::string path_;
};

struct MadeDevice {
    keys::DeviceSecret secret;
    OutsideFile file;
};

/// Who asks for a machine's secret, and what that is made of. All of it outlives the call.
struct DeviceAsker {
    const Terminal& terminal;
    const std::string& asked_at;  // The terminal to ask at.
    Random& random;
    keys::SealingChip* chip = nullptr;
    crypto::ScryptCost cost = keys::guess_cost;  // Of a guess at a passphrase.
};

/// Makes the secret of this machine that `asked`, the value of --device-secret, asks for: sealed in
/// the TPM, none, a passphrase or a key file; without it in the TPM where one works, else a key
/// file in the folder. `dir` is that folder, `making` where its files are put meanwhile.
/// Errors: those of keys::DeviceSecret and Prompt::new_secret; unavailable, if the file can't be
/// made.
Result<MadeDevice> make_device(const DeviceAsker& asker, const std::optional<std::string>& asked,
                               const std::string& dir, const std::string& making);

/// The secret of this machine, as the key file in `dir` wants it: from where it was put (or now is,
/// by EGRET_DEVICE_KEY), from the chip, or by the passphrase of EGRET_PASSPHRASE_FILE or the
/// prompt. Errors: those of keys::DeviceSecret::load and Prompt::secret.
Result<keys::DeviceSecret> load_device(const DeviceAsker& asker, const std::string& dir,
                                       const keys::DeviceBinding& binding);

/// How a machine's secret is kept, by what it protects from.
enum class DeviceKeeping : std::uint8_t {
    chip,
    passphrase,
    elsewhere,  // A key file on another disk or stick, or not to be seen now.
    same_disk,  // A key file on the registry's own disk.
    in_folder,  // A key file in the registry's folder.
    none,
};

DeviceKeeping keeping_of(const keys::DeviceBinding& binding, const std::string& dir);

/// How it is kept now: a file that was moved is named by EGRET_DEVICE_KEY.
DeviceKeeping keeping_now(const Terminal& terminal, keys::DeviceBinding binding,
                          const std::string& dir);

/// A key file lies in the folder, and another was named in its stead.
bool has_copy_in_folder(const Terminal& terminal, const keys::DeviceBinding& binding,
                        const std::string& dir);

/// Whoever steals the machine has its secret.
bool is_weak(DeviceKeeping keeping);

/// The sentence `id` about a secret that is kept so; where it is weak she is told to beware.
std::string keeping_sentence(DeviceKeeping keeping, std::string_view id, Language language);

/// Which of these paths others than their owner may do something with, for a sentence; "" if none.
std::string open_to_others(const std::vector<std::string>& paths, Language language);

}  // namespace egret::console
