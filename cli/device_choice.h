#pragma once

#include "cli/context.h"
#include "registry/keys/device_secret.h"

#include <string>
#include <string_view>
#include <utility>

namespace egret::cli {

/// A machine's key file in the registry's folder; guides and messages name it.
inline constexpr const char* own_key_file = "device.key";

/// What is made for a registry outside the folder in which it is made, or for one that is there:
/// taken away again, unless it is kept.
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

/// Makes the secret of this machine that --device-secret asks for: sealed in the TPM, none, a
/// passphrase or a key file; without the option in the TPM where one works, else a key file in the
/// registry's folder. `dir` is that folder, `making` where its files are put meanwhile.
/// Errors: those of keys::DeviceSecret and console::Prompt::new_secret; unavailable, if the file
/// can't be made.
Result<MadeDevice> make_device(const Command& command, const std::string& dir,
                               const std::string& making);

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

/// "device.chip" and so on: the id of the sentence that says what it is worth and what to do.
std::string_view keeping_message(DeviceKeeping keeping);

/// A stolen PC opens its registry to whoever searches for the PIN.
bool is_weak(DeviceKeeping keeping);

}  // namespace egret::cli
