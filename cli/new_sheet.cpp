#include "cli/new_sheet.h"

#include "cli/device_choice.h"
#include "cli/recovery_sheet.h"
#include "registry/keys/key_file.h"

#include <filesystem>
#include <system_error>

namespace egret::cli {
namespace {

std::filesystem::path whole_path(const std::string& path) {
    return std::filesystem::absolute(path).lexically_normal();
}

bool opens_with(const std::string& dir, const keys::RecoveryCode& code) {
    auto file = keys::KeyFile::load(dir);
    return file && file->unlock_with_recovery(code);
}

}  // namespace

Result<std::unique_ptr<NewFile>> sheet_draft(const std::string& path, const std::string& dir) {
    // With a name behind it a folder is one, whether it ends with a slash or not.
    if (whole_path(path).parent_path() == whole_path(dir + "/sheet").parent_path())
        return Error{ErrorCode::invalid_input, "FILE", msg("init.sheet_in_folder")};
    return NewFile::create(path);
}

Result<Done> make_new_sheet(const Command& command, const std::string& dir, service::Clinic& clinic,
                            const std::string& path) {
    const auto sheet = sheet_draft(path, dir);
    if (!sheet) return sheet.error();
    auto file = keys::KeyFile::load(dir);
    if (!file) return std::move(file).error();
    const auto code = keys::RecoveryCode::make(command.machine.random);
    write_sheet((*sheet)->stream(), {clinic, dir, code, file->device()}, command.language());
    if (auto kept = (*sheet)->commit(); !kept) return kept;
    // The old one opens the registry until the new one is on the disk; a sheet that opens nothing
    // must not stay where somebody may print it.
    OutsideFile written(path);
    clinic.note(clinic.caller().with(service::Purpose::maintenance), {audit::Action::sheet_made});
    try {
        auto set = file->set_recovery(clinic.key(), code, command.machine.random);
        if (set) written.keep();
        return set;
    } catch (const std::system_error&) {
        // The file may have been replaced, and only its folder not have come to the disk.
        if (!opens_with(dir, code)) throw;
        written.keep();
        return Error{ErrorCode::unavailable, "", msg("sheet.unsure")};
    }
}

Result<Done> show_new_sheet(const Command& command, const std::string& dir,
                            service::Clinic& clinic) {
    auto file = keys::KeyFile::load(dir);
    if (!file) return std::move(file).error();
    const auto code = keys::RecoveryCode::make(command.machine.random);
    if (auto shown = show_sheet(command, {clinic, dir, code, file->device()}); !shown) return shown;
    clinic.note(clinic.caller().with(service::Purpose::maintenance), {audit::Action::sheet_made});
    return file->set_recovery(clinic.key(), code, command.machine.random);
}

}  // namespace egret::cli
