#include "cli/egret_commands.h"
#include "cli/handlers.h"
#include "registry/crypto/random_bytes.h"
#include "registry/keys/tpm2_tools.h"

#include <csignal>
#include <iostream>
#include <unistd.h>

int main(int argc, char** argv) {
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
