#include "cli/steps.h"

#include "cli/console/catalog.h"
#include "registry/json/dump.h"

#include <ostream>

namespace egret::cli {
namespace {

void say(const Command& command, const Standing& standing) {
    auto& err = command.terminal.err;
    const auto sentence = console::text(*standing.note, command.language());
    if (command.terminal.json) {
        const json::Object note{{"kind", standing.kind}, {"text", sentence}};
        err << json::dump(json::Object{{"note", note}}) << '\n';
    } else {
        err << sentence << '\n';
    }
}

}  // namespace

console::ExitStatus take_steps(const Command& command, const std::function<Outcome()>& steps,
                               const std::function<Standing()>& standing) {
    const auto status = console::run_guarded(command.terminal, [&] {
        const auto done = steps();
        if (done) return *done;
        console::print(done.error(), command.terminal);
        return console::status_of(done.error());
    });
    if (status == console::ExitStatus::done) return status;
    const auto left = standing();
    if (left.note) say(command, left);
    return left.is_changed ? console::ExitStatus::partly : status;
}

}  // namespace egret::cli
