#pragma once

#include "cli/console/device_choice.h"
#include "cli/context.h"

#include <string>
#include <string_view>

namespace egret::cli {

using console::DeviceKeeping;
using console::is_weak;
using console::keeping_of;
using console::MadeDevice;
using console::OutsideFile;
using console::own_key_file;

/// What a command may ask for a machine's secret with.
console::DeviceAsker asker_of(const Command& command);

/// Makes the secret of this machine that --device-secret asks for. `dir` is the registry's folder,
/// `making` where its files are put meanwhile.
/// Errors: those of console::make_device.
Result<MadeDevice> make_device(const Command& command, const std::string& dir,
                               const std::string& making);

/// "device.chip" and so on: the id of the sentence that says what it is worth and what to do.
std::string_view keeping_message(DeviceKeeping keeping);
/// That sentence, to be said alone.
std::string keeping_sentence(DeviceKeeping keeping, Language language);

}  // namespace egret::cli
