#include "sync/daemon/backup_commands.h"

#include "cli/console/catalog.h"
#include "cli/console/fault_report.h"
#include "cli/console/progress_bar.h"
#include "registry/base/text.h"
#include "registry/files/access.h"
#include "registry/json/dump.h"
#include "sync/central/backup.h"
#include "sync/daemon/centre_access.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ostream>

namespace egret::daemon {
namespace {

using console::ExitStatus;
using console::text;

// So long the newest backup that was tried may be back before status says so.
constexpr std::chrono::days backup_age_max{30};

Result<Done> check_place_for(const std::string& path) {
    const auto folder = std::filesystem::absolute(path).parent_path();
    std::error_code failure;
    const auto hindrance = find_hindrance(path);
    if (!std::filesystem::is_directory(folder, failure) || hindrance == Hindrance::not_writable ||
        hindrance == Hindrance::protected_disk)
        return Error{ErrorCode::unavailable, "FILE", msg("file.not_made", {{"path", path}})};
    return Done{};
}

/// What is still needed to open what was restored.
std::string_view next_step(const keys::DeviceBinding& binding) {
    switch (binding.kind) {
        case keys::DeviceKind::chip: return "central.restored.chip";
        case keys::DeviceKind::passphrase: return "central.restored.passphrase";
        case keys::DeviceKind::key_file:
        case keys::DeviceKind::none: break;
    }
    return "central.restored.key_file";
}

/// With --keys, or the keys that were written with it.
central::BackupPlace place_of(const std::string& path, const console::Parsed& parsed) {
    return {path, parsed.find("keys").value_or(central::keys_beside(path))};
}

}  // namespace

Result<ExitStatus> backup(const console::Parsed& parsed, const console::Terminal& terminal) {
    const auto& path = parsed.value("FILE");
    if (auto place = check_place_for(path); !place) return std::move(place).error();
    auto centre = open_centre(parsed, terminal, store::StaleProjections::leave);
    if (!centre) return std::move(centre).error();
    crypto::SystemRandom random;
    const auto written = central::write_backup(*centre, path, SystemClock().now(), random);
    if (!written) return Error{written.error()}.within("FILE");
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"file", path},
                                                {"keys", central::keys_beside(path)},
                                                {"number", written->number},
                                                {"sum", to_hex(written->sum)}})
                     << '\n';
    } else {
        terminal.out << text(msg("central.backup_written",
                                 {{"path", path},
                                  {"keys", central::keys_beside(path)},
                                  {"number", std::to_string(written->number)}}),
                             terminal.language)
                     << '\n';
    }
    return ExitStatus::done;
}

Result<ExitStatus> drill(const console::Parsed& parsed, const console::Terminal& terminal) {
    const auto& path = parsed.value("backup");
    auto centre = open_centre(parsed, terminal, store::StaleProjections::leave);
    if (!centre) return std::move(centre).error();
    crypto::SystemRandom random;
    console::ProgressBar bar(terminal, text("verify.progress", terminal.language));
    const auto tried =
        central::try_backup(*centre, place_of(path, parsed), parsed.find("kept").value_or(""),
                            SystemClock().now(), random, bar);
    if (!tried) return tried.error();
    if (!tried->faults.empty()) {
        const auto status = console::report_faults(tried->faults, terminal);
        if (!terminal.json) terminal.err << text("central.backup_bad", terminal.language) << '\n';
        return status;
    }
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"ok", true},
                                                {"faults", json::Array()},
                                                {"number", tried->backup.number},
                                                {"machines", tried->machines},
                                                {"facts", tried->facts}})
                     << '\n';
        return ExitStatus::done;
    }
    terminal.out << text(msg("central.drill_done",
                             {{"number", std::to_string(tried->backup.number)},
                              {"written", centre->zone().local_time_text(tried->backup.at)},
                              {"facts", std::to_string(tried->facts)},
                              {"machines", std::to_string(tried->machines)}}),
                         terminal.language)
                 << '\n';
    return ExitStatus::done;
}

Result<ExitStatus> restore(const console::Parsed& parsed, const console::Terminal& terminal) {
    const auto folder = data_folder(parsed, terminal);
    if (!folder) return folder.error();
    if (auto done = central::restore_backup(place_of(parsed.value("FILE"), parsed), *folder); !done)
        return std::move(done).error();
    const auto file = keys::MachineKeyFile::load(*folder);
    if (!file) return file.error();
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"dir", *folder}}) << '\n';
        return ExitStatus::done;
    }
    const auto language = terminal.language;
    terminal.out << text(msg("central.restored", {{"dir", *folder}}), language) << '\n'
                 << text(next_step(file->device()), language) << '\n'
                 << text(msg("central.restored.then",
                             {{"count", std::to_string(central::codes_skipped)}}),
                         language)
                 << '\n'
                 << text("central.restored.erased", language) << '\n';
    return ExitStatus::done;
}

std::optional<Message> advise_backup(const std::vector<central::Backup>& backups, Instant now,
                                     const icu::TimeZone& zone) {
    if (backups.empty()) return msg("central.backup_never");
    const auto tried = std::find_if(backups.begin(), backups.end(),
                                    [](const auto& backup) { return backup.verified.has_value(); });
    if (tried == backups.end()) return msg("central.backup_untried");
    if (now - tried->at < backup_age_max) return std::nullopt;
    return msg("central.backup_old", {{"written", zone.local_time_text(tried->at)}});
}

}  // namespace egret::daemon
