#include "cli/context.h"

#include "cli/console/prompt.h"

namespace egret::cli {

void add_action(console::Handlers& handlers, const Machine& machine, std::string name,
                Action action) {
    handlers[std::move(name)] = [&machine, action](const console::Parsed& parsed,
                                                   const console::Terminal& terminal) {
        return action({parsed, terminal, machine});
    };
}

Result<std::string> registry_dir(const Command& command) {
    if (auto dir = command.parsed.find("dir")) return *dir;
    const auto home = command.terminal.environment("EGRET_HOME");
    if (home && !home->empty()) return *home;
    return Error{ErrorCode::invalid_input, "--dir", msg("cli.no_dir")};
}

Result<Done> check_pin_file(const Command& command) {
    const auto file = command.terminal.environment("EGRET_PIN_FILE");
    if (!file || file->empty()) return Done{};
    // The file is named, so nobody is asked.
    const auto pin = console::Prompt(command.terminal).pin({});
    if (!pin) return pin.error();
    return Done{};
}

Result<std::unique_ptr<service::Clinic>> open_clinic(const Command& command,
                                                     store::StaleProjections stale) {
    const auto dir = registry_dir(command);
    if (!dir) return dir.error();
    if (const auto pin = check_pin_file(command); !pin) return pin.error();
    return service::Clinic::open(*dir, command.world(), stale);
}

Outcome usage_error(const Command& command, const Error& error) {
    console::print(error, command.terminal);
    return console::ExitStatus::usage;
}

}  // namespace egret::cli
