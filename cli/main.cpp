#include "cli/by_agent.h"
#include "cli/egret_commands.h"
#include "cli/handlers.h"
#include "registry/crypto/random_bytes.h"
#include "registry/keys/tpm2_tools.h"

#include <csignal>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    if (const auto status = egret::cli::run_by_agent(words)) return *status;
    // A full quota is an error of the write, not the end of the program.
    std::signal(SIGXFSZ, SIG_IGN);
    const egret::SystemClock clock;
    egret::crypto::SystemRandom random;
    const auto build_day = egret::Date::parse(EGRET_BUILD_DAY);
    egret::keys::Tpm2Tools chip;
    egret::cli::Machine machine{clock, random, *build_day, std::cin, isatty(STDIN_FILENO) == 1};
    machine.chip = &chip;
    return egret::console::run_main(egret::egret_commands(), egret::cli::make_handlers(machine),
                                    argc, argv);
}
