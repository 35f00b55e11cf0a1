#include "cli/console/program.h"

#include "cli/console/catalog.h"
#include "cli/console/help.h"
#include "cli/console/options.h"
#include "cli/console/process_guard.h"
#include "registry/base/ensure.h"

#include <ostream>

namespace egret::console {
namespace {

ExitStatus run_command(const CommandSpec& program, const Handlers& handlers,
                       const std::vector<std::string>& words, Terminal& terminal) {
    const auto parsed = parse(program, words, terminal.language);
    if (!parsed) {
        print(parsed.error(), terminal);
        return ExitStatus::usage;
    }
    if (parsed->has("help")) {
        terminal.out << help_text(parsed->path(), terminal.language, parsed->first_word());
        return ExitStatus::done;
    }
    if (parsed->has("version")) {
        terminal.out << program.name << " " EGRET_VERSION "\n";
        return ExitStatus::done;
    }
    terminal.is_changing = parsed->path().back()->changes;
    terminal.is_checking = parsed->command() == "check";
    const auto handler = handlers.find(parsed->command());
    EGRET_ENSURE(handler != handlers.end());
    const auto status = handler->second(*parsed, terminal);
    if (status) return *status;
    print(status.error(), terminal);
    return status_of(status.error());
}

}  // namespace

ExitStatus run(const CommandSpec& program, const Handlers& handlers,
               const std::vector<std::string>& words, Terminal terminal) {
    const auto manner = manner_of(words);
    terminal.language = choose_language(manner.language, terminal.environment);
    terminal.json = manner.json;
    terminal.quiet = manner.quiet;
    const auto status =
        run_guarded(terminal, [&] { return run_command(program, handlers, words, terminal); });
    terminal.out.flush();
    const bool is_done = status == ExitStatus::done || status == ExitStatus::partly;
    if (terminal.out || !is_done) return status;
    if (terminal.is_changing) {
        print({ErrorCode::unavailable, "", msg("report.output_done")}, terminal);
        return ExitStatus::partly;
    }
    // An answer that nobody got is not done.
    print({ErrorCode::unavailable, "", msg("report.output")}, terminal);
    return ExitStatus::refused;
}

int run_main(const CommandSpec& program, const Handlers& handlers, int argc,
             const char* const* argv) {
    keep_memory_private();
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    return static_cast<int>(
        run(program, handlers, words, process_terminal(std::string(program.name))));
}

}  // namespace egret::console
