#include "sync/daemon/centre_access.h"

#include "cli/console/catalog.h"
#include "cli/console/progress_bar.h"

#include <utility>

namespace egret::daemon {
namespace {

/// What a clinic is told of its PINs and sheets is of no use here.
Error in_words_of_a_centre(Error error) {
    constexpr std::pair<std::string_view, const char*> words[] = {
        {"keys.device_file_gone", "centre_keys.device_file_gone"},
        {"keys.device_file_other", "centre_keys.device_other"},
        {"keys.passphrase_needed", "centre_keys.passphrase_needed"},
        {"keys.passphrase_wrong", "centre_keys.passphrase_wrong"},
        {"keys.chip_refuses", "centre_keys.chip_refuses"},
    };
    for (const auto& [clinic, centre] : words) {
        if (error.message.id == clinic) error.message.id = centre;
    }
    return error;
}

}  // namespace

Result<std::string> data_folder(const console::Parsed& parsed, const console::Terminal& terminal) {
    auto folder = parsed.find("data");
    if (!folder) folder = terminal.environment("EGRET_DATA");
    if (!folder || folder->empty())
        return Error{ErrorCode::invalid_input, "--data", msg("central.data_missing")};
    return *std::move(folder);
}

Result<console::MadeDevice> CentreMachine::make(const console::Parsed& parsed,
                                                const std::string& dir, const std::string& making) {
    const auto asked = parsed.find("device-secret");
    if (asked == "none")
        return Error{ErrorCode::invalid_input, "--device-secret", msg("central.device_needed")};
    auto made = console::make_device(asker(), asked, dir, making);
    if (!made) return in_words_of_a_centre(std::move(made).error());
    return made;
}

Result<keys::DataKey> CentreMachine::unlock(const keys::MachineKeyFile& file,
                                            const std::string& folder) {
    const auto device = console::load_device(asker(), folder, file.device());
    if (!device) return in_words_of_a_centre(device.error());
    return file.unlock(*device);
}

Result<UnlockedCentre> unlock_centre(const console::Parsed& parsed,
                                     const console::Terminal& terminal) {
    auto folder = data_folder(parsed, terminal);
    if (!folder) return std::move(folder).error();
    auto file = central::Centre::find_key_file(*folder);
    if (!file) return std::move(file).error();
    auto key = CentreMachine(terminal).unlock(*file, *folder);
    if (!key) return std::move(key).error();
    return UnlockedCentre{*std::move(folder), *std::move(file), *std::move(key)};
}

Result<central::Centre> open_centre(const console::Parsed& parsed,
                                    const console::Terminal& terminal,
                                    store::StaleProjections stale) {
    auto unlocked = unlock_centre(parsed, terminal);
    if (!unlocked) return std::move(unlocked).error();
    console::ProgressBar bar(terminal,
                             console::text("central.progress.rebuild", terminal.language));
    central::StoreOptions options;
    options.stale = stale;
    return central::Centre::open(unlocked->folder, std::move(unlocked->key), bar, options);
}

}  // namespace egret::daemon
