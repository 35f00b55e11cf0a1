#include "sync/daemon/figure_commands.h"

#include "cli/console/coverage_output.h"
#include "cli/console/figure_check.h"
#include "cli/console/indicator_output.h"
#include "sync/daemon/centre_access.h"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace egret::daemon {

Result<console::ExitStatus> coverage(const console::Parsed& parsed,
                                     const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    const auto today = centre->zone().local_day(SystemClock().now());
    const auto question = console::coverage_question(parsed, today);
    if (!question) return question.error();
    const auto reply = centre->store().answer_coverage(*question);
    if (const auto levels = console::check_levels(reply); !levels) return levels.error();
    console::print_coverage(reply, parsed, today, centre->zone(), terminal);
    return console::ExitStatus::done;
}

Result<console::ExitStatus> list_indicators(const console::Parsed&,
                                            const console::Terminal& terminal) {
    console::print_indicators(terminal);
    return console::ExitStatus::done;
}

Result<console::ExitStatus> show_indicator(const console::Parsed& parsed,
                                           const console::Terminal& terminal) {
    const auto shown = console::print_indicator(parsed.value("INDICATOR"), terminal);
    if (!shown) return shown.error();
    return console::ExitStatus::done;
}

Result<console::ExitStatus> check_report(const console::Parsed& parsed,
                                         const console::Terminal& terminal) {
    const auto& path = parsed.value("FILE");
    std::ifstream file;
    std::error_code failure;
    // A folder can be opened like a file, and only its first byte can't be read.
    if (!std::filesystem::is_directory(path, failure)) file.open(path, std::ios::binary);
    if (!file.is_open())
        return Error{ErrorCode::not_found, "FILE", msg("file.unreadable", {{"path", path}})};
    return console::check_figures(file, terminal);
}

}  // namespace egret::daemon
