#include "cli/agent/ask.h"
#include "cli/console/catalog.h"
#include "cli/device_choice.h"
#include "cli/handlers.h"
#include "cli/new_sheet.h"
#include "cli/recovery_sheet.h"
#include "cli/unlock.h"
#include "registry/json/dump.h"
#include "registry/service/rekey.h"
#include "registry/store/open.h"

#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

/// Hands the new sheet over, before anything depends on it. What is returned takes a written one
/// away again, unless it is kept.
Result<OutsideFile> hand_over_sheet(const Command& command, const Sheet& sheet) {
    const auto path = command.parsed.find("recovery-sheet");
    if (!path) {
        if (auto shown = show_sheet(command, sheet); !shown) return std::move(shown).error();
        return OutsideFile();
    }
    const auto draft = sheet_draft(*path, sheet.dir);
    if (!draft) return draft.error();
    write_sheet((*draft)->stream(), sheet, command.language());
    if (auto kept = (*draft)->commit(); !kept) return std::move(kept).error();
    return OutsideFile(*path);
}

std::vector<std::string> without_pin(const std::string& dir) {
    std::vector<std::string> names;
    const auto file = keys::KeyFile::load(dir);
    if (!file) return names;
    for (const auto& user : file->users()) {
        if (!user.has_pin) names.push_back(user.name);
    }
    return names;
}

void say_rekeyed(const Command& command, const std::string& dir) {
    auto& out = command.terminal.out;
    const auto language = command.language();
    const auto waiting = without_pin(dir);
    if (command.terminal.json) {
        json::Array names;
        for (const auto& name : waiting) names.emplace_back(name);
        out << json::dump(json::Object{{"without_pin", std::move(names)}}) << '\n';
        return;
    }
    out << text(msg("rekey.done"), language) << '\n';
    std::string names;
    for (const auto& name : waiting)
        names.append(names.empty() ? "" : language == Language::zh ? "、" : ", ").append(name);
    if (!names.empty()) out << text(msg("rekey.others", {{"names", names}}), language) << '\n';
    out << text(msg("rekey.copies"), language) << '\n';
}

/// Whoever has two sheets now is told which of them holds, whatever went wrong.
class HoldingSheet {
public:
    HoldingSheet(const Command& command, OutsideFile& written)
        : command_(command), written_(written) {}

    ~HoldingSheet() {
        if (is_done_ || command_.terminal.json) return;
        command_.terminal.err << text(is_new_ ? msg("rekey.new_sheet") : msg("rekey.old_sheet"),
                                      command_.language())
                              << '\n';
    }

    HoldingSheet(const HoldingSheet&) = delete;
    HoldingSheet& operator=(const HoldingSheet&) = delete;

    void set_in_force() {
        written_.keep();
        is_new_ = true;
    }

    void set_done() { is_done_ = true; }

private:
    const Command& command_;
    OutsideFile& written_;
    bool is_new_ = false;
    bool is_done_ = false;
};

/// The PIN is asked for, whoever keeps the registry unlocked: it is what the new key is under.
Outcome rekey(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    if (auto found = store::require_file(service::registry_path(*dir)); !found)
        return std::move(found).error();
    auto file = keys::KeyFile::load(*dir);
    if (!file) return std::move(file).error();
    const auto prompt = prompt_of(command);
    if (!command.parsed.has("recovery-sheet") && !prompt.is_possible())
        return Error{ErrorCode::locked, "", msg("init.sheet_needed")};
    const auto user = choose_user(command, *file);
    if (!user) return user.error();
    const auto device = load_device(command, *dir, file->device());
    if (!device) return device.error();
    const auto pin = prompt.secret(msg("unlock.ask_pin", {{"name", user->name}}), "EGRET_PIN_FILE");
    if (!pin) return pin.error();
    const auto wrong_pins = file->tries_of(user->id).failed;
    auto key = file->unlock_with_pin(user->id, pin->view(), *device, command.machine.clock.now());
    if (!key) return std::move(key).error();
    // Who keeps it unlocked has the key before, which opens nothing in a moment.
    agent::ask_to_lock(*dir, EGRET_VERSION);
    const auto world = command.world();
    if (auto finished = service::finish_rekey(*dir, *key, world); !finished)
        return std::move(finished).error();
    auto clinic = service::Clinic::open(
        *dir, {*std::move(key), user->id, link_key_of(*device), wrong_pins}, world);
    if (!clinic) return std::move(clinic).error();
    if (auto lead = require_lead(**clinic); !lead) return std::move(lead).error();
    const auto code = keys::RecoveryCode::make(command.machine.random);
    auto sheet = hand_over_sheet(command, {**clinic, *dir, code, file->device()});
    if (!sheet) return std::move(sheet).error();
    HoldingSheet holding(command, *sheet);
    const auto done = service::rekey(*std::move(clinic), *dir,
                                     {user->id,
                                      {pin->view(), *device, command.machine.pin_cost},
                                      code,
                                      [&] { holding.set_in_force(); }},
                                     world);
    if (!done) return done.error();
    holding.set_done();
    say_rekeyed(command, *dir);
    return ExitStatus::done;
}

}  // namespace

void add_rekey_command(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "rekey", rekey);
}

}  // namespace egret::cli
