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

Result<std::vector<console::CheckWarning>> find_weaknesses(const Command& command,
                                                           const std::string& dir) {
    const auto file = keys::KeyFile::load(dir);
    if (!file) return file.error();
    std::vector<console::CheckWarning> warnings;
    const auto keeping = console::keeping_now(command.terminal, file->device(), dir);
    if (console::has_copy_in_folder(command.terminal, file->device(), dir))
        warnings.push_back({"device_secret", msg("device.copy_in_folder")});
    if (is_weak(keeping))
        warnings.push_back({"device_secret", {std::string(keeping_message(keeping)), {}}});
    std::vector<std::string> kept{dir};
    for (const auto* name : {keys::KeyFile::file_name, own_key_file, "link.keys"})
        kept.push_back((std::filesystem::path(dir) / name).string());
    if (const auto paths = console::open_to_others(kept, command.language()); !paths.empty())
        warnings.push_back({"open_to_others", msg("check.open_to_others", {{"paths", paths}})});
    if (console::has_readable_swap(command.machine.swap))
        warnings.push_back({"swap", msg("check.swap")});
    return warnings;
}

}  // namespace egret::cli
