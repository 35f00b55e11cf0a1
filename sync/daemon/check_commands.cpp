#include "sync/daemon/check_commands.h"

#include "cli/console/catalog.h"
#include "cli/console/progress_bar.h"
#include "registry/base/text.h"
#include "registry/crypto/random_bytes.h"
#include "registry/json/dump.h"
#include "sync/daemon/centre_access.h"

#include <ostream>

namespace egret::daemon {
namespace {

/// Exit status: refused, if something is wrong.
console::ExitStatus report(const std::vector<central::Fault>& faults,
                           const console::Terminal& terminal) {
    if (terminal.json) {
        json::Array list;
        for (const auto& fault : faults) {
            list.emplace_back(
                json::Object{{"device", fault.device.is_nil() ? "" : fault.device.to_string()},
                             {"seq", fault.seq},
                             {"kind", fault.kind}});
        }
        terminal.out << json::dump(
                            json::Object{{"ok", faults.empty()}, {"faults", std::move(list)}})
                     << '\n';
    } else if (faults.empty()) {
        terminal.out << console::text("central.done.sound", terminal.language) << '\n';
    } else {
        for (const auto& fault : faults) {
            if (!fault.device.is_nil())
                terminal.out << fault.device.to_string() << " " << fault.seq << " ";
            terminal.out << fault.kind << '\n';
        }
        terminal.out << console::text(
                            msg("central.faults", {{"count", std::to_string(faults.size())}}),
                            terminal.language)
                     << '\n';
    }
    return faults.empty() ? console::ExitStatus::done : console::ExitStatus::refused;
}

}  // namespace

Result<console::ExitStatus> check(const console::Parsed& parsed,
                                  const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    return report(centre->store().check(), terminal);
}

Result<console::ExitStatus> verify(const console::Parsed& parsed,
                                   const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    const auto today = centre->zone().local_day(SystemClock().now());
    crypto::SystemRandom random;
    const auto copy = centre->file("verify-" + to_hex(random.bytes<8>()) + ".db");
    console::ProgressBar bar(terminal, console::text("central.progress.verify", terminal.language));
    return report(centre->store().verify(copy, today, bar), terminal);
}

Result<console::ExitStatus> rebuild(const console::Parsed& parsed,
                                    const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    {
        console::ProgressBar bar(terminal,
                                 console::text("central.progress.rebuild", terminal.language));
        centre->store().rebuild(bar);
    }
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"ok", true}}) << '\n';
    } else {
        terminal.out << console::text("central.done.rebuilt", terminal.language) << '\n';
    }
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
