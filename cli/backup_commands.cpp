#include "cli/console/catalog.h"
#include "cli/device_choice.h"
#include "cli/export_status.h"
#include "cli/handlers.h"
#include "registry/files/access.h"
#include "registry/json/dump.h"
#include "registry/keys/key_file.h"
#include "registry/service/backup.h"

#include <filesystem>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

Outcome backup(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    const auto& path = command.parsed.value("FILE");
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code failure;
    if (!folder.empty() && !std::filesystem::is_directory(folder, failure))
        return Error{ErrorCode::unavailable, "FILE", msg("file.not_made", {{"path", path}})};
    const auto hindrance = find_hindrance(path);
    if (hindrance == Hindrance::not_writable || hindrance == Hindrance::protected_disk)
        return Error{ErrorCode::unavailable, "FILE", msg("file.not_made", {{"path", path}})};
    // Before it, so that the copy tells of itself.
    (*clinic)->note((*clinic)->caller().with(service::Purpose::maintenance),
                    {audit::Action::backed_up});
    if (auto done = service::write_backup(**clinic, *dir, path); !done)
        return std::move(done).error().within("FILE");
    const auto faults = count_log_faults(command, **clinic);
    if (command.terminal.json) {
        command.terminal.out << json::dump(json::Object{{"file", path}, {"faults", faults}})
                             << '\n';
    } else if (faults == 0) {
        command.terminal.out << text(msg("backup.done", {{"path", path}}), command.language())
                             << '\n';
    }
    if (faults == 0) return ExitStatus::done;
    console::print({ErrorCode::conflict, "",
                    msg("backup.damaged", {{"path", path}, {"count", std::to_string(faults)}})},
                   command.terminal);
    return ExitStatus::partly;
}

/// What is still needed to open what was restored.
std::string_view next_step(const keys::DeviceBinding& binding, const std::string& dir) {
    if (binding.kind == keys::DeviceKind::chip) return "restore.chip";
    if (binding.kind != keys::DeviceKind::key_file) return "restore.pins";
    std::error_code failure;
    const auto path = std::filesystem::path(dir) / binding.path;
    return std::filesystem::exists(path, failure) ? "restore.pins" : "restore.key_file";
}

Outcome restore(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    const auto& path = command.parsed.value("FILE");
    if (auto done = service::restore_backup(path, *dir, command.machine.random); !done)
        return std::move(done).error();
    const auto file = keys::KeyFile::load(*dir);
    if (!file) return file.error();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"dir", *dir}}) << '\n';
        return ExitStatus::done;
    }
    const auto language = command.language();
    out << text(msg("restore.done", {{"dir", *dir}}), language) << '\n'
        << text(next_step(file->device(), *dir), language) << '\n'
        << text("restore.centre", language) << '\n';
    return ExitStatus::done;
}

}  // namespace

void add_backup_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "backup", backup);
    add_action(handlers, machine, "restore", restore);
}

}  // namespace egret::cli
