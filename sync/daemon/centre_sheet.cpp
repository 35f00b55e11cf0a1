#include "sync/daemon/centre_sheet.h"

#include "cli/console/catalog.h"
#include "cli/console/prompt.h"
#include "registry/json/dump.h"
#include "sync/daemon/centre_access.h"
#include "sync/daemon/centre_warnings.h"
#include "sync/daemon/new_private_file.h"

#include <filesystem>
#include <ostream>
#include <sstream>
#include <system_error>

namespace egret::daemon {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;
using console::text;

fs::path whole_path(const std::string& path) { return fs::absolute(path).lexically_normal(); }

std::string sheet_text(const std::string& folder, const keys::RecoveryCode& code,
                       Language language) {
    std::ostringstream out;
    out << text("central.own_sheet.title", language) << "\n\n"
        << text("central.own_sheet.folder", language) << whole_path(folder).string() << "\n\n"
        << text("sheet.recovery", language) << "\n\n"
        << code.lines() << '\n'
        << text("central.own_sheet.use", language) << '\n';
    return out.str();
}

/// What is on the disk by now.
bool opens_with(const std::string& folder, const keys::RecoveryCode& code) {
    const auto file = keys::MachineKeyFile::load(folder);
    return file && file->unlock_with_recovery(code);
}

/// A new sheet in its file. The old one opens the centre until the new one is on the disk; one that
/// opens nothing must not stay where somebody may print it.
Result<Done> renew_sheet(UnlockedCentre& centre, const std::string& path, Random& random,
                         Language language) {
    const auto code = keys::RecoveryCode::make(random);
    if (auto written = write_centre_sheet(path, centre.folder, code, language); !written)
        return written;
    console::OutsideFile sheet(path);
    try {
        auto set = centre.file.set_recovery(centre.key, code, random);
        if (set) sheet.keep();
        return set;
    } catch (const std::system_error&) {
        // The file may have been replaced, and only its folder not have come to the disk.
        if (!opens_with(centre.folder, code)) throw;
        sheet.keep();
        return Error{ErrorCode::unavailable, "", msg("central.sheet_unsure")};
    }
}

Result<UnlockedCentre> open_with_sheet(const console::Parsed& parsed,
                                       const console::Terminal& terminal) {
    auto folder = data_folder(parsed, terminal);
    if (!folder) return std::move(folder).error();
    auto file = central::Centre::find_key_file(*folder);
    if (!file) return std::move(file).error();
    const auto typed =
        console::Prompt(terminal).shown_secret(msg("recover.ask_code"), "EGRET_RECOVERY_FILE");
    if (!typed) return typed.error();
    const auto code = keys::RecoveryCode::parse(text_of(typed->view()));
    if (!code) return code.error();
    auto key = file->unlock_with_recovery(*code);
    if (!key) return std::move(key).error();
    return UnlockedCentre{*std::move(folder), *std::move(file), *std::move(key)};
}

/// Once the machine's secret is another one, its file stays, whatever goes wrong then.
Result<Done> bind_device(UnlockedCentre& centre, console::MadeDevice& device, Random& random) {
    try {
        auto bound = centre.file.set_device(centre.key, device.secret, random);
        if (bound) device.file.keep();
        return bound;
    } catch (const std::system_error&) {
        const auto now = keys::MachineKeyFile::load(centre.folder);
        if (now && now->unlock(device.secret)) device.file.keep();
        throw;
    }
}

}  // namespace

Result<Done> write_centre_sheet(const std::string& path, const std::string& folder,
                                const keys::RecoveryCode& code, Language language) {
    // With a name behind it a folder is one, whether it ends with a slash or not.
    if (whole_path(path).parent_path() == whole_path(folder + "/sheet").parent_path())
        return Error{ErrorCode::invalid_input, "FILE", msg("central.sheet_in_folder")};
    return write_new_file(path, sheet_text(folder, code, language));
}

Result<ExitStatus> make_centre_sheet(const console::Parsed& parsed,
                                     const console::Terminal& terminal) {
    auto centre = unlock_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    crypto::SystemRandom random;
    const auto& path = parsed.value("FILE");
    if (auto made = renew_sheet(*centre, path, random, terminal.language); !made)
        return std::move(made).error();
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"file", path}}) << '\n';
    } else {
        terminal.out << text(msg("central.done.sheet", {{"file", path}}), terminal.language)
                     << '\n';
    }
    return ExitStatus::done;
}

Result<ExitStatus> recover_centre(const console::Parsed& parsed,
                                  const console::Terminal& terminal) {
    auto centre = open_with_sheet(parsed, terminal);
    if (!centre) return std::move(centre).error();
    CentreMachine machine(terminal);
    auto device = machine.make(parsed, centre->folder, centre->folder);
    if (!device) return std::move(device).error();
    if (auto bound = bind_device(*centre, *device, machine.random()); !bound)
        return std::move(bound).error();
    const auto sheet = parsed.find("recovery-sheet");
    if (sheet) {
        auto renewed = renew_sheet(*centre, *sheet, machine.random(), terminal.language);
        if (!renewed) return std::move(renewed).error();
    }
    const auto keeping = console::keeping_of(device->secret.binding(), centre->folder);
    if (terminal.json) {
        terminal.out << json::dump(
                            json::Object{{"dir", centre->folder}, {"new_sheet", sheet.has_value()}})
                     << '\n';
        return ExitStatus::done;
    }
    terminal.out << text("central.done.new_secret", terminal.language) << '\n'
                 << keeping_sentence(keeping, terminal.language) << '\n'
                 << text(sheet ? "central.new_sheet_holds" : "central.old_sheet_holds",
                         terminal.language)
                 << '\n';
    return ExitStatus::done;
}

}  // namespace egret::daemon
