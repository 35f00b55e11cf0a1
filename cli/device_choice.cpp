#include "cli/device_choice.h"

namespace egret::cli {

console::DeviceAsker asker_of(const Command& command) {
    const auto& machine = command.machine;
    return {command.terminal, machine.asked_at, machine.random, machine.chip, machine.pin_cost};
}

Result<MadeDevice> make_device(const Command& command, const std::string& dir,
                               const std::string& making) {
    return console::make_device(asker_of(command), command.parsed.find("device-secret"), dir,
                                making);
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

std::string keeping_sentence(DeviceKeeping keeping, Language language) {
    return console::keeping_sentence(keeping, keeping_message(keeping), language);
}

}  // namespace egret::cli
