#pragma once

#include "cli/console/report.h"
#include "cli/console/terminal.h"
#include "registry/store/store_check.h"

#include <string>
#include <string_view>
#include <vector>

namespace egret::console {

/// Says what a check found, and what to do about it: a table, or with --json
/// {"ok", "faults": [{"device", "seq", "kind"}]}. Refused, if there is a fault.
ExitStatus report_faults(const std::vector<store::StoreFault>& faults, const Terminal& terminal);

/// Something that is as it should be, and yet should be changed.
struct CheckWarning {
    std::string kind;  // "swap"
    Message sentence;
};

/// The same, and what to beware of: after it on standard error, or as "warnings":
/// [{"kind", "text"}]. They refuse nothing.
ExitStatus report_check(const std::vector<store::StoreFault>& faults,
                        const std::vector<CheckWarning>& warnings, const Terminal& terminal);

}  // namespace egret::console
