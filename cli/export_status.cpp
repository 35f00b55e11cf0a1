#include "cli/export_status.h"

#include "cli/console/catalog.h"
#include "cli/console/progress_bar.h"
#include "registry/store/log_check.h"

namespace egret::cli {

std::size_t count_log_faults(const Command& command, service::Clinic& clinic) {
    console::ProgressBar bar(command.terminal,
                             console::text("verify.progress", command.language()));
    return store::check_logs(clinic.database(), bar).size();
}

console::ExitStatus status_of_export(const Command& command, service::Clinic& clinic) {
    const auto faults = count_log_faults(command, clinic);
    if (faults == 0) return console::ExitStatus::done;
    console::print(
        {ErrorCode::conflict, "", msg("export.damaged", {{"count", std::to_string(faults)}})},
        command.terminal);
    return console::ExitStatus::partly;
}

}  // namespace egret::cli
