#include "cli/console/catalog.h"
#include "cli/console/progress_bar.h"
#include "cli/handlers.h"
#include "cli/simulation/simulate.h"
#include "registry/json/dump.h"

#include <algorithm>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

Outcome simulate_world(const Command& command) {
    const auto& parsed = command.parsed;
    const auto number = [&](std::string_view option) {
        return parsed.find_number(option).value_or(0);
    };
    simulation::SimulationPlan plan;
    plan.world.persons = static_cast<std::uint64_t>(number("women"));
    plan.world.clinics = static_cast<std::size_t>(number("clinics"));
    // Far more than any world lasts, and it fits.
    constexpr std::int64_t years_max = 1000;
    plan.world.years = static_cast<int>(std::min(number("years"), years_max));
    plan.world.seed = static_cast<std::uint64_t>(number("seed"));
    plan.out = parsed.value("out");
    plan.pin_cost = command.machine.pin_cost;
    console::ProgressBar bar(command.terminal, text("simulate.progress", command.language()));
    const auto made = simulation::simulate(plan, bar);
    if (!made) return made.error();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"out", plan.out},
                                       {"persons", made->persons},
                                       {"facts", made->facts},
                                       {"syncs", made->syncs}})
            << '\n';
        return ExitStatus::done;
    }
    out << text(msg("simulate.done", {{"persons", std::to_string(made->persons)},
                                      {"facts", std::to_string(made->facts)},
                                      {"out", plan.out}}),
                command.language())
        << '\n';
    return ExitStatus::done;
}

}  // namespace

void add_world_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "simulate", simulate_world);
}

}  // namespace egret::cli
