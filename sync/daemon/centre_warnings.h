#pragma once

#include "cli/console/device_choice.h"
#include "cli/console/fault_report.h"
#include "cli/console/swap_check.h"
#include "registry/keys/machine_key_file.h"

#include <string>
#include <string_view>
#include <vector>

namespace egret::daemon {

/// The id of the sentence that says what a machine's secret that is kept so is worth at a centre,
/// and what to do.
std::string_view keeping_message(console::DeviceKeeping keeping);
/// That sentence, to be said alone.
std::string keeping_sentence(console::DeviceKeeping keeping, Language language);

/// What is as it should be, and yet lets others read or loses all: where the machine's secret is,
/// no recovery sheet, the root's key and the recovery key in the folder, rights of the folder and
/// its keys, swap.
std::vector<console::CheckWarning> find_weaknesses(const console::Terminal& terminal,
                                                   const keys::MachineKeyFile& file,
                                                   const std::string& folder,
                                                   const console::SwapPlaces& swap = {});

}  // namespace egret::daemon
