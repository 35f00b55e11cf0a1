#include "cli/console/device_choice.h"

#include "cli/console/catalog.h"
#include "cli/console/prompt.h"

#include <filesystem>
#include <sys/stat.h>
#include <system_error>

namespace egret::console {
namespace {

namespace fs = std::filesystem;

using keys::DeviceKind;
using keys::DeviceSecret;

Result<MadeDevice> with(Result<DeviceSecret> secret, OutsideFile file = {}) {
    if (!secret) return std::move(secret).error();
    return MadeDevice{*std::move(secret), std::move(file)};
}

/// What was sealed must come back: a chip that doesn't would lock everybody out.
Result<DeviceSecret> make_in_chip(const DeviceAsker& asker) {
    if (asker.chip == nullptr) return Error{ErrorCode::unavailable, "", msg("keys.chip_refuses")};
    auto made = DeviceSecret::make_sealed(*asker.chip, asker.random);
    if (!made) return made;
    keys::DeviceAccess access;
    access.chip = asker.chip;
    if (const auto again = DeviceSecret::load(made->binding(), access); !again)
        return again.error();
    return made;
}

Result<DeviceSecret> make_of_passphrase(const DeviceAsker& asker) {
    const Prompt prompt(asker.terminal, asker.asked_at);
    const auto typed = prompt.new_secret(
        msg("unlock.new_passphrase"), msg("unlock.new_passphrase_again"), "EGRET_PASSPHRASE_FILE");
    if (!typed) return typed.error();
    return DeviceSecret::make_passphrase(typed->view(), asker.random, asker.cost);
}

/// Where the registry isn't made only now, nobody else takes the file away with it.
Result<MadeDevice> make_in_folder(const DeviceAsker& asker, const std::string& name,
                                  const std::string& dir, const std::string& making) {
    auto made = DeviceSecret::make_file(making, name, asker.random);
    if (!made || making != dir) return with(std::move(made));
    return with(std::move(made), OutsideFile((fs::path(dir) / name).string()));
}

Result<MadeDevice> make_key_file(const DeviceAsker& asker, const std::string& asked,
                                 const std::string& dir, const std::string& making) {
    const auto path = fs::absolute(asked).lexically_normal();
    if (path.parent_path() == fs::absolute(dir).lexically_normal())
        return make_in_folder(asker, path.filename().string(), dir, making);
    std::error_code failure;
    if (!path.has_filename() || !fs::is_directory(path.parent_path(), failure)) {
        return Error{ErrorCode::unavailable, "device-secret",
                     msg("file.not_made", {{"path", path.string()}})};
    }
    auto made = DeviceSecret::make_file(making, path.string(), asker.random);
    return made ? with(std::move(made), OutsideFile(path.string())) : with(std::move(made));
}

std::optional<std::string> named_key_file(const Terminal& terminal) {
    auto named = terminal.environment("EGRET_DEVICE_KEY");
    if (named && named->empty()) return std::nullopt;
    return named;
}

}  // namespace

OutsideFile::~OutsideFile() {
    if (path_.empty()) return;
    std::error_code ignored;
    fs::remove(path_, ignored);
}

Result<MadeDevice> make_device(const DeviceAsker& asker, const std::optional<std::string>& asked,
                               const std::string& dir, const std::string& making) {
    if (asked == "tpm") return with(make_in_chip(asker));
    if (asked == "none") return with(DeviceSecret::none());
    if (asked == "passphrase") return with(make_of_passphrase(asker));
    if (asked) return make_key_file(asker, *asked, dir, making);
    if (auto sealed = make_in_chip(asker)) return with(std::move(sealed));
    return make_in_folder(asker, own_key_file, dir, making);
}

Result<DeviceSecret> load_device(const DeviceAsker& asker, const std::string& dir,
                                 const keys::DeviceBinding& binding) {
    keys::DeviceAccess access;
    access.dir = dir;
    access.chip = asker.chip;
    // From where she is, not from the registry's folder.
    if (const auto path = named_key_file(asker.terminal))
        access.path = fs::absolute(*path).string();
    if (binding.kind != DeviceKind::passphrase) return DeviceSecret::load(binding, access);
    const auto typed = Prompt(asker.terminal, asker.asked_at)
                           .secret(msg("unlock.ask_passphrase"), "EGRET_PASSPHRASE_FILE");
    if (!typed) return typed.error();
    access.passphrase = typed->view();
    return DeviceSecret::load(binding, access);
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

DeviceKeeping keeping_now(const Terminal& terminal, keys::DeviceBinding binding,
                          const std::string& dir) {
    const auto named = named_key_file(terminal);
    if (binding.kind == DeviceKind::key_file && named)
        binding.path = fs::absolute(*named).lexically_normal().string();
    return keeping_of(binding, dir);
}

bool has_copy_in_folder(const Terminal& terminal, const keys::DeviceBinding& binding,
                        const std::string& dir) {
    const auto named = named_key_file(terminal);
    if (binding.kind != DeviceKind::key_file || !named) return false;
    const auto own = fs::path(dir) / fs::path(binding.path).filename();
    std::error_code unknown;
    return fs::exists(own, unknown) && fs::exists(*named, unknown) &&
           !fs::equivalent(own, *named, unknown);
}

bool is_weak(DeviceKeeping keeping) {
    return keeping == DeviceKeeping::same_disk || keeping == DeviceKeeping::in_folder ||
           keeping == DeviceKeeping::none;
}

std::string keeping_sentence(DeviceKeeping keeping, std::string_view id, Language language) {
    const auto sentence = text(id, language);
    return is_weak(keeping) ? text("cli.beware", language) + sentence : sentence;
}

std::string open_to_others(const std::vector<std::string>& paths, Language language) {
    constexpr auto others = fs::perms::group_all | fs::perms::others_all;
    std::string names;
    for (const auto& path : paths) {
        std::error_code failure;
        const auto status = fs::status(path, failure);
        if (failure || !fs::exists(status) || (status.permissions() & others) == fs::perms::none)
            continue;
        names.append(names.empty() ? "" : language == Language::zh ? "、" : ", ").append(path);
    }
    return names;
}

}  // namespace egret::console
