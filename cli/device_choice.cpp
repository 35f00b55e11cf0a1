#include "cli/device_choice.h"

#include "cli/console/prompt.h"

#include <filesystem>
#include <sys/stat.h>
#include <system_error>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

using keys::DeviceKind;
using keys::DeviceSecret;

Result<MadeDevice> with(Result<DeviceSecret> secret, OutsideFile file = {}) {
    if (!secret) return std::move(secret).error();
    return MadeDevice{*std::move(secret), std::move(file)};
}

/// What was sealed must come back: a chip that doesn't would lock everybody out.
Result<DeviceSecret> make_in_chip(const Command& command) {
    if (command.machine.chip == nullptr)
        return Error{ErrorCode::unavailable, "", msg("keys.chip_refuses")};
    auto made = DeviceSecret::make_sealed(*command.machine.chip, command.machine.random);
    if (!made) return made;
    keys::DeviceAccess access;
    access.chip = command.machine.chip;
    if (const auto again = DeviceSecret::load(made->binding(), access); !again)
        return again.error();
    return made;
}

Result<DeviceSecret> make_of_passphrase(const Command& command) {
    const console::Prompt prompt(command.terminal, command.machine.asked_at);
    const auto typed = prompt.new_secret(
        msg("unlock.new_passphrase"), msg("unlock.new_passphrase_again"), "EGRET_PASSPHRASE_FILE");
    if (!typed) return typed.error();
    return DeviceSecret::make_passphrase(typed->view(), command.machine.random,
                                         command.machine.pin_cost);
}

/// Where the registry isn't made only now, nobody else takes the file away with it.
Result<MadeDevice> make_in_folder(const Command& command, const std::string& name,
                                  const std::string& dir, const std::string& making) {
    auto made = DeviceSecret::make_file(making, name, command.machine.random);
    if (!made || making != dir) return with(std::move(made));
    return with(std::move(made), OutsideFile((fs::path(dir) / name).string()));
}

Result<MadeDevice> make_key_file(const Command& command, const std::string& asked,
                                 const std::string& dir, const std::string& making) {
    auto& random = command.machine.random;
    const auto path = fs::absolute(asked).lexically_normal();
    if (path.parent_path() == fs::absolute(dir).lexically_normal())
        return make_in_folder(command, path.filename().string(), dir, making);
    std::error_code failure;
    if (!path.has_filename() || !fs::is_directory(path.parent_path(), failure)) {
        return Error{ErrorCode::unavailable, "device-secret",
                     msg("file.not_made", {{"path", path.string()}})};
    }
    auto made = DeviceSecret::make_file(making, path.string(), random);
    return made ? with(std::move(made), OutsideFile(path.string())) : with(std::move(made));
}

}  // namespace

OutsideFile::~OutsideFile() {
    if (path_.empty()) return;
    std::error_code ignored;
    fs::remove(path_, ignored);
}

Result<MadeDevice> make_device(const Command& command, const std::string& dir,
                               const std::string& making) {
    const auto asked = command.parsed.find("device-secret");
    if (asked == "tpm") return with(make_in_chip(command));
    if (asked == "none") return with(DeviceSecret::none());
    if (asked == "passphrase") return with(make_of_passphrase(command));
    if (asked) return make_key_file(command, *asked, dir, making);
    if (auto sealed = make_in_chip(command)) return with(std::move(sealed));
    return make_in_folder(command, own_key_file, dir, making);
}

DeviceKeeping keeping_of(const keys::DeviceBinding& binding, const std::string& dir) {
    switch (binding.kind) {
        case DeviceKind::none: return DeviceKeeping::none;
        case DeviceKind::passphrase: return DeviceKeeping::passphrase;
        case DeviceKind::chip: return DeviceKeeping::chip;
        case DeviceKind::key_file: break;
    }
    const fs::path path(binding.path);
    std::error_code unknown;  // A folder has many names: with a slash behind it, by a link.
    if (path.is_relative() || fs::equivalent(path.parent_path(), dir, unknown))
        return DeviceKeeping::in_folder;
    struct stat file {};
    struct stat folder {};
    const bool are_known = ::stat(path.c_str(), &file) == 0 && ::stat(dir.c_str(), &folder) == 0;
    return are_known && file.st_dev == folder.st_dev ? DeviceKeeping::same_disk
                                                     : DeviceKeeping::elsewhere;
}

std::string_view keeping_message(DeviceKeeping keeping) {
    switch (keeping) {
        case DeviceKeeping::chip: return "device.chip";
        case DeviceKeeping::passphrase: return "device.passphrase";
        case DeviceKeeping::elsewhere: return "device.elsewhere";
        case DeviceKeeping::same_disk: return "device.same_disk";
        case DeviceKeeping::in_folder: return "device.in_folder";
        case DeviceKeeping::none: return "device.none";
    }
    return "device.none";
}

bool is_weak(DeviceKeeping keeping) {
    return keeping == DeviceKeeping::same_disk || keeping == DeviceKeeping::in_folder ||
           keeping == DeviceKeeping::none;
}

}  // namespace egret::cli
