#include "sync/daemon/recover_clinic_command.h"

#include "cli/console/catalog.h"
#include "registry/crypto/random_bytes.h"
#include "registry/json/dump.h"
#include "registry/keys/key_file.h"
#include "sync/central/centre_keys.h"
#include "sync/daemon/new_private_file.h"

#include <filesystem>
#include <ostream>
#include <sstream>
#include <system_error>

namespace egret::daemon {
namespace {

namespace fs = std::filesystem;

using console::text;

std::string folder_of(const fs::path& path) {
    const auto folder = path.parent_path().string();
    return folder.empty() ? "." : folder;
}

std::string sheet_text(const keys::KeyFile& file, const keys::RecoveryCode& code,
                       Language language) {
    std::ostringstream out;
    out << text("central.sheet.title", language) << "\n\n";
    for (const auto& user : file.users())
        out << text("central.sheet.user", language) << user.name << '\n';
    out << '\n'
        << text("sheet.recovery", language) << "\n\n"
        << code.lines() << '\n'
        << text("central.sheet.use", language) << '\n';
    return out.str();
}

}  // namespace

Result<console::ExitStatus> recover_clinic(const console::Parsed& parsed,
                                           const console::Terminal& terminal) {
    const fs::path path(parsed.value("FILE"));
    if (path.filename() != keys::KeyFile::file_name) {
        return Error{ErrorCode::invalid_input, "FILE",
                     msg("central.other_name", {{"name", keys::KeyFile::file_name}})};
    }
    const auto programme = central::CentreKeys::load_recovery(parsed.value("root-dir"));
    if (!programme) return programme.error();
    auto file = keys::KeyFile::load(folder_of(path));
    if (!file) return std::move(file).error();
    const auto key = file->unlock_as_programme(*programme);
    if (!key) return key.error();
    crypto::SystemRandom random;
    const auto code = keys::RecoveryCode::make(random);
    const auto& sheet = parsed.value("recovery-sheet");
    // The old code holds until the new one is on the disk.
    if (auto written = write_new_file(sheet, sheet_text(*file, code, terminal.language)); !written)
        return std::move(written).error();
    if (auto set = file->set_recovery(*key, code, random); !set) {
        std::error_code ignored;
        fs::remove(sheet, ignored);
        return std::move(set).error();
    }
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"keys", path.string()}, {"sheet", sheet}}) << '\n';
    } else {
        terminal.out << text(msg("central.done.recovered",
                                 {{"keys", path.string()}, {"sheet", sheet}}),
                             terminal.language)
                     << '\n';
    }
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
