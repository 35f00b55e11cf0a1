#include "cli/agent/ask.h"
#include "cli/console/catalog.h"
#include "cli/device_choice.h"
#include "cli/handlers.h"
#include "cli/new_sheet.h"
#include "cli/recovery_sheet.h"
#include "cli/steps.h"
#include "cli/unlock.h"
#include "registry/json/dump.h"
#include "registry/service/rekey.h"

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

/// From the moment on in which there are two sheets.
class Change {
public:
    Change(const Command& command, OutsideFile& sheet) : command_(command), sheet_(sheet) {}

    Outcome make(std::unique_ptr<service::Clinic> clinic, const std::string& dir,
                 const ProvenUser& lead, const keys::RecoveryCode& code) {
        const auto done = service::rekey(
            std::move(clinic), dir,
            {lead.user.id, {lead.pin.view(), lead.device, command_.machine.pin_cost}, code, [&] {
                 sheet_.keep();
                 is_new_ = true;
             }});
        if (!done) return done.error();
        say_rekeyed(command_, dir);
        return ExitStatus::done;
    }

    /// Which of the two sheets holds.
    Standing standing() const {
        if (is_new_) return {true, "new_sheet", msg("rekey.new_sheet")};
        return {false, "old_sheet", msg("rekey.old_sheet")};
    }

private:
    const Command& command_;
    OutsideFile& sheet_;
    bool is_new_ = false;
};

/// Who may not do it locks nobody out: unless a command is at work in the registry, and until it
/// has ended nobody can look who may.
Result<Done> refuse_others(const Command& command, const std::string& dir,
                           service::Unlocked& unlocked) {
    const auto clinic = service::open_registry(dir, unlocked.again(), command.world());
    if (!clinic && clinic.error().message.id == "store.busy") return Done{};
    if (!clinic) return clinic.error();
    unlocked.wrong_pins = 0;  // They are in the audit by now.
    return require_lead(**clinic);
}

/// The PIN is asked for, whoever keeps the registry unlocked: it is what the new key is under.
Outcome rekey(const Command& command) {
    auto registry = find_registry(command);
    if (!registry) return std::move(registry).error();
    const auto& dir = registry->dir;
    if (!command.parsed.has("recovery-sheet") && !prompt_of(command).is_possible())
        return Error{ErrorCode::locked, "", msg("init.sheet_needed")};
    auto proven = prove_user(command, *registry);
    if (!proven) return std::move(proven).error();
    service::Unlocked unlocked{std::move(proven->key), proven->user.id, link_key_of(proven->device),
                               proven->wrong_pins};
    if (auto allowed = refuse_others(command, dir, unlocked); !allowed)
        return std::move(allowed).error();
    // Who keeps it unlocked has the key before, which opens nothing in a moment.
    agent::ask_to_lock(dir, EGRET_VERSION);
    auto clinic = service::open_registry(dir, std::move(unlocked), command.world());
    if (!clinic) return std::move(clinic).error();
    if (auto lead = require_lead(**clinic); !lead) return std::move(lead).error();
    const auto code = keys::RecoveryCode::make(command.machine.random);
    auto sheet = hand_over_sheet(command, {**clinic, dir, code, registry->file.device()});
    if (!sheet) return std::move(sheet).error();
    Change change(command, *sheet);
    return take_steps(
        command, [&] { return change.make(*std::move(clinic), dir, *proven, code); },
        [&] { return change.standing(); });
}

}  // namespace

void add_rekey_command(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "rekey", rekey);
}

}  // namespace egret::cli
