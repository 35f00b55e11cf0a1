#include "sync/daemon/centre_access.h"

#include "cli/console/catalog.h"
#include "cli/console/progress_bar.h"

namespace egret::daemon {

Result<std::string> data_folder(const console::Parsed& parsed, const console::Terminal& terminal) {
    auto folder = parsed.find("data");
    if (!folder) folder = terminal.environment("EGRET_DATA");
    if (!folder || folder->empty())
        return Error{ErrorCode::invalid_input, "--data", msg("central.data_missing")};
    return *std::move(folder);
}

Result<central::Centre> open_centre(const console::Parsed& parsed,
                                    const console::Terminal& terminal,
                                    store::StaleProjections stale) {
    const auto folder = data_folder(parsed, terminal);
    if (!folder) return folder.error();
    console::ProgressBar bar(terminal,
                             console::text("central.progress.rebuild", terminal.language));
    central::StoreOptions options;
    options.stale = stale;
    return central::Centre::open(*folder, bar, options);
}

}  // namespace egret::daemon
