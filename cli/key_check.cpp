#include "cli/key_check.h"

#include "cli/device_choice.h"
#include "registry/service/users.h"

#include <algorithm>
#include <filesystem>

namespace egret::cli {

Result<std::vector<store::StoreFault>> check_keys(service::Clinic& clinic, const std::string& dir) {
    const auto file = keys::KeyFile::load(dir);
    if (!file) return file.error();
    const auto users = service::Users(clinic, dir).list();
    if (!users) return users.error();
    std::vector<store::StoreFault> faults;
    if (to_hex(file->registry().bytes) != clinic.registry_id())
        faults.push_back({{}, 0, "keys_other"});
    const bool has_lead =
        std::any_of(users->begin(), users->end(), [](const service::ClinicUser& user) {
            return user.role == service::Role::lead && user.has_pin;
        });
    if (!has_lead) faults.push_back({{}, 0, "keys_no_lead"});
    if (clinic.has_joined() && !file->programme()) faults.push_back({{}, 0, "keys_no_programme"});
    for (const auto& slot : file->users()) {
        const bool is_known =
            std::any_of(users->begin(), users->end(), [&](const service::ClinicUser& user) {
                return user.id == slot.id && user.name == slot.name;
            });
        if (is_known) continue;
        faults.push_back({{}, 0, "keys_unknown_user"});
        break;
    }
    return faults;
}

namespace {

/// Where the machine's secret is now: a file that was moved is named by EGRET_DEVICE_KEY.
DeviceKeeping keeping_now(const Command& command, keys::DeviceBinding binding,
                          const std::string& dir) {
    const auto named = command.terminal.environment("EGRET_DEVICE_KEY");
    if (binding.kind == keys::DeviceKind::key_file && named && !named->empty())
        binding.path = std::filesystem::absolute(*named).lexically_normal().string();
    return keeping_of(binding, dir);
}

/// A key file lies in the folder, and another was named in its stead.
bool has_copy_in_folder(const Command& command, const keys::DeviceBinding& binding,
                        const std::string& dir) {
    namespace fs = std::filesystem;
    const auto named = command.terminal.environment("EGRET_DEVICE_KEY");
    if (binding.kind != keys::DeviceKind::key_file || !named || named->empty()) return false;
    const auto own = fs::path(dir) / fs::path(binding.path).filename();
    std::error_code unknown;
    return fs::exists(own, unknown) && fs::exists(*named, unknown) &&
           !fs::equivalent(own, *named, unknown);
}

/// Which of the registry's keys, or its folder, others than its owner may do something with.
std::string open_to_others(const std::string& dir, Language language) {
    namespace fs = std::filesystem;
    constexpr auto others = fs::perms::group_all | fs::perms::others_all;
    std::string names;
    for (const auto* name : {"", keys::KeyFile::file_name, own_key_file, "link.keys"}) {
        const auto path = *name == '\0' ? fs::path(dir) : fs::path(dir) / name;
        std::error_code failure;
        const auto status = fs::status(path, failure);
        if (failure || !fs::exists(status) || (status.permissions() & others) == fs::perms::none)
            continue;
        names.append(names.empty()              ? ""
                     : language == Language::zh ? "、"
                                                : ", ")
            .append(path.string());
    }
    return names;
}

}  // namespace

Result<std::vector<console::CheckWarning>> find_weaknesses(const Command& command,
                                                           const std::string& dir) {
    const auto file = keys::KeyFile::load(dir);
    if (!file) return file.error();
    std::vector<console::CheckWarning> warnings;
    const auto keeping = keeping_now(command, file->device(), dir);
    if (has_copy_in_folder(command, file->device(), dir))
        warnings.push_back({"device_secret", msg("device.copy_in_folder")});
    if (is_weak(keeping))
        warnings.push_back({"device_secret", {std::string(keeping_message(keeping)), {}}});
    if (const auto paths = open_to_others(dir, command.language()); !paths.empty())
        warnings.push_back({"open_to_others", msg("check.open_to_others", {{"paths", paths}})});
    if (has_readable_swap(command.machine.swap)) warnings.push_back({"swap", msg("check.swap")});
    return warnings;
}

}  // namespace egret::cli
