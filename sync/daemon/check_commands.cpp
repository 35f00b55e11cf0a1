#include "sync/daemon/check_commands.h"

#include "cli/console/catalog.h"
#include "cli/console/fault_report.h"
#include "cli/console/progress_bar.h"
#include "registry/base/text.h"
#include "registry/crypto/random_bytes.h"
#include "registry/json/dump.h"
#include "sync/daemon/backup_commands.h"
#include "sync/daemon/centre_access.h"
#include "sync/daemon/centre_warnings.h"
#include "sync/daemon/key_advice.h"

#include <ostream>

namespace egret::daemon {
namespace {

std::vector<console::CheckWarning> key_warnings(UnlockedCentre&& unlocked, Instant now,
                                                Language language) {
    NoProgress nobody;
    central::StoreOptions options;
    options.stale = store::StaleProjections::leave;
    auto centre = central::Centre::open(unlocked.folder, std::move(unlocked.key), nobody, options);
    return centre ? advise_keys(*centre, now, language) : std::vector<console::CheckWarning>();
}

}  // namespace

Result<console::ExitStatus> check(const console::Parsed& parsed,
                                  const console::Terminal& terminal) {
    auto unlocked = unlock_centre(parsed, terminal);
    if (!unlocked) return std::move(unlocked).error();
    const SystemClock clock;
    crypto::SystemRandom random;
    console::ProgressBar bar(terminal, console::text("verify.progress", terminal.language));
    const auto faults =
        central::Centre::check(unlocked->folder, unlocked->key, clock.now(), random, bar);
    if (!faults) return faults.error();
    auto warnings = find_weaknesses(terminal, unlocked->file, unlocked->folder);
    // What is damaged is to be mended first.
    if (faults->empty()) {
        auto more = key_warnings(*std::move(unlocked), clock.now(), terminal.language);
        warnings.insert(warnings.end(), more.begin(), more.end());
    }
    return console::report_check(*faults, warnings, terminal);
}

Result<console::ExitStatus> verify(const console::Parsed& parsed,
                                   const console::Terminal& terminal) {
    if (parsed.has("backup")) return drill(parsed, terminal);
    // What is out of date is a finding here, not something to mend on the way.
    auto centre = open_centre(parsed, terminal, store::StaleProjections::leave);
    if (!centre) return std::move(centre).error();
    const auto today = centre->zone().local_day(SystemClock().now());
    crypto::SystemRandom random;
    const auto copy = centre->file("check-" + to_hex(random.bytes<8>()) + ".db");
    console::ProgressBar bar(terminal, console::text("verify.progress", terminal.language));
    const auto faults = centre->store().verify(copy, today, bar);
    const auto status = console::report_faults(faults, terminal);
    const auto erased = centre->store().count_erased();
    if (faults.empty() && erased > 0 && !terminal.json)
        terminal.out << console::text(
                            msg("central.erased_kept", {{"count", std::to_string(erased)}}),
                            terminal.language)
                     << '\n';
    return status;
}

Result<console::ExitStatus> rebuild(const console::Parsed& parsed,
                                    const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal, store::StaleProjections::leave);
    if (!centre) return std::move(centre).error();
    {
        console::ProgressBar bar(terminal,
                                 console::text("central.progress.rebuild", terminal.language));
        if (auto done = centre->store().rebuild(bar); !done) return std::move(done).error();
    }
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"ok", true}}) << '\n';
    } else {
        terminal.out << console::text("central.done.rebuilt", terminal.language) << '\n';
    }
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
