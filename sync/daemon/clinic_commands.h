#pragma once

#include "cli/console/program.h"
#include "sync/central/store.h"

#include <string>
#include <string_view>

namespace egret::daemon {

/// A new clinic, with the code for its first machine.
Result<console::ExitStatus> add_clinic(const console::Parsed& parsed,
                                       const console::Terminal& terminal);
/// The machine of the clinic, still let in or not as it was noted, whose id begins so. Of one that
/// isn't as it was noted the clinic may be what is wrong.
/// Errors: not_found, if there is none, or more than one.
Result<DeviceId> find_machine(central::CentralStore& store, const std::string& clinic,
                              std::string_view beginning);
/// Another code for a clinic.
Result<console::ExitStatus> invite_clinic(const console::Parsed& parsed,
                                          const console::Terminal& terminal);
Result<console::ExitStatus> list_clinics(const console::Parsed& parsed,
                                         const console::Terminal& terminal);
/// Gives one of a clinic's machines the women of an area to follow, or takes them from it.
Result<console::ExitStatus> scope_clinic(const console::Parsed& parsed,
                                         const console::Terminal& terminal);
/// Shuts all machines of a clinic out.
Result<console::ExitStatus> revoke_clinic(const console::Parsed& parsed,
                                          const console::Terminal& terminal);

}  // namespace egret::daemon
