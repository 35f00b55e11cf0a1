#include "sync/daemon/centre_warnings.h"

#include <filesystem>
#include <system_error>

namespace egret::daemon {
namespace {

namespace fs = std::filesystem;

using console::DeviceKeeping;

std::vector<std::string> private_paths(const std::string& folder) {
    std::vector<std::string> paths{folder, folder + "/" + keys::MachineKeyFile::file_name,
                                   folder + "/" + console::own_key_file, folder + "/keys"};
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder + "/keys", failure))
        paths.push_back(entry.path().string());
    return paths;
}

/// Those of the two keys for the safe that lie where the centre's folder is.
std::string keys_for_the_safe(const std::string& folder, Language language) {
    std::string names;
    for (const auto* name : {"root.key", "recovery.key"}) {
        const auto path = folder + "/keys/" + name;
        std::error_code failure;
        if (!fs::exists(fs::symlink_status(path, failure))) continue;
        if (!names.empty()) names += language == Language::zh ? "、" : ", ";
        names += path;
    }
    return names;
}

}  // namespace

std::string_view keeping_message(DeviceKeeping keeping) {
    switch (keeping) {
        case DeviceKeeping::chip: return "central.device.chip";
        case DeviceKeeping::passphrase: return "central.device.passphrase";
        case DeviceKeeping::elsewhere: return "central.device.elsewhere";
        case DeviceKeeping::same_disk: return "central.device.same_disk";
        case DeviceKeeping::in_folder:
        case DeviceKeeping::none: break;
    }
    return "central.device.in_folder";
}

std::string keeping_sentence(DeviceKeeping keeping, Language language) {
    return console::keeping_sentence(keeping, keeping_message(keeping), language);
}

std::vector<console::CheckWarning> find_weaknesses(const console::Terminal& terminal,
                                                   const keys::MachineKeyFile& file,
                                                   const std::string& folder,
                                                   const console::SwapPlaces& swap) {
    std::vector<console::CheckWarning> warnings;
    const auto keeping = console::keeping_now(terminal, file.device(), folder);
    if (console::has_copy_in_folder(terminal, file.device(), folder))
        warnings.push_back({"device_secret", msg("central.device.copy_in_folder")});
    if (console::is_weak(keeping))
        warnings.push_back({"device_secret", {std::string(keeping_message(keeping)), {}}});
    if (!file.has_recovery()) warnings.push_back({"no_sheet", msg("central.no_sheet")});
    const auto language = terminal.language;
    if (const auto paths = keys_for_the_safe(folder, language); !paths.empty())
        warnings.push_back({"root_key_here", msg("central.root_here", {{"paths", paths}})});
    if (const auto paths = console::open_to_others(private_paths(folder), language); !paths.empty())
        warnings.push_back({"open_to_others", msg("central.open_to_others", {{"paths", paths}})});
    if (console::has_readable_swap(swap)) warnings.push_back({"swap", msg("check.swap")});
    return warnings;
}

}  // namespace egret::daemon
