#include "cli/console/catalog.h"
#include "cli/device_choice.h"
#include "cli/handlers.h"
#include "cli/new_pin.h"
#include "cli/new_sheet.h"
#include "cli/steps.h"
#include "cli/unlock.h"
#include "registry/json/dump.h"
#include "registry/service/rekey.h"
#include "registry/service/users.h"

#include <ostream>
#include <system_error>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;
using service::ClinicUser;
using service::Role;

Result<keys::DataKey> unlock_with_sheet(const Command& command, keys::KeyFile& file) {
    const auto typed =
        prompt_of(command).shown_secret(msg("recover.ask_code"), "EGRET_RECOVERY_FILE");
    if (!typed) return typed.error();
    const auto code = keys::RecoveryCode::parse(text_of(typed->view()));
    if (!code) return code.error();
    return file.unlock_with_recovery(*code);
}

/// The secret of this machine, and whether it is a new one.
struct Device {
    MadeDevice made;
    bool is_new = false;
};

/// The one that PINs are bound to, or a new one: where she asked for one by --device-secret, or
/// agrees that it is lost.
Result<Device> device_for(const Command& command, const std::string& dir,
                          const keys::DeviceBinding& binding) {
    if (!command.parsed.has("device-secret")) {
        auto known = load_device(command, dir, binding);
        if (known) return Device{{*std::move(known), {}}, false};
        const auto prompt = prompt_of(command);
        if (!prompt.is_possible()) return known.error();
        console::print(known.error(), command.terminal);
        const auto is_lost = prompt.yes_or_no(msg("recover.ask_lost"));
        if (!is_lost) return is_lost.error();
        if (!*is_lost) return std::move(known).error();
    }
    auto made = make_device(command, dir, dir);
    if (!made) return std::move(made).error();
    return Device{*std::move(made), true};
}

/// For whom it is recovered: by --user, or the only lead, or whom she names.
Result<ClinicUser> choose_lead(const Command& command, const std::vector<ClinicUser>& users) {
    std::vector<ClinicUser> leads;
    std::string names;
    for (const auto& user : users) {
        if (user.role != Role::lead) continue;
        leads.push_back(user);
        names += (names.empty() ? "" : ", ") + user.name;
    }
    auto name = command.parsed.find("user");
    if (!name && leads.size() == 1) return leads.front();
    if (!name) {
        const auto prompt = prompt_of(command);
        if (!prompt.is_possible()) return Error{ErrorCode::locked, "", msg("recover.which_lead")};
        auto typed = prompt.line(msg("recover.ask_lead", {{"names", names}}));
        if (!typed) return typed.error();
        name = *std::move(typed);
    }
    for (const auto& user : users) {
        if (user.name == *name) return user;
    }
    return ClinicUser{UserId{}, *name, Role::lead, false};
}

/// A new sheet, if she wants one: the old code was typed, and is known now.
Result<bool> renew_sheet(const Command& command, const std::string& dir, service::Clinic& clinic) {
    if (const auto path = command.parsed.find("recovery-sheet")) {
        if (auto made = make_new_sheet(command, dir, clinic, *path); !made)
            return std::move(made).error();
        return true;
    }
    const auto prompt = prompt_of(command);
    if (!prompt.is_possible()) return false;
    const auto wanted = prompt.yes_or_no(msg("recover.ask_sheet"));
    if (!wanted) return wanted.error();
    if (!*wanted) return false;
    if (auto made = show_new_sheet(command, dir, clinic); !made) return std::move(made).error();
    return true;
}

void say_done(const Command& command, const std::string& name, const Device& device,
              const std::string& dir, bool has_new_sheet) {
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"user", name},
                                       {"new_device_secret", device.is_new},
                                       {"new_sheet", has_new_sheet}})
            << '\n';
        return;
    }
    const auto language = command.language();
    out << text(msg("recover.done", {{"name", name}}), language) << '\n';
    if (device.is_new) {
        out << text("recover.others", language) << '\n'
            << keeping_sentence(keeping_of(device.made.secret.binding(), dir), language) << '\n';
    }
    if (!has_new_sheet) out << text("recover.old_sheet", language) << '\n';
}

/// Done in steps, each of which the sheet can do again.
class Recovery {
public:
    Recovery(const Command& command, LockedRegistry& registry, service::Clinic& clinic)
        : command_(command), registry_(registry), clinic_(clinic) {}

    Outcome make(const ClinicUser& lead, ByteView pin, Device& device) {
        service::Users users(clinic_, registry_.dir);
        if (device.is_new) {
            if (auto noted = users.note_wrong_pins(); !noted) return std::move(noted).error();
            if (auto bound = bind(device); !bound) return std::move(bound).error();
        }
        const auto recovered =
            users.recover(lead, {pin, device.made.secret, command_.machine.pin_cost});
        if (!recovered) return recovered.error();
        standing_ = {true, "new_pin", msg("recover.sheet_left", {{"name", recovered->name}})};
        const auto renewed = renew_sheet(command_, registry_.dir, clinic_);
        if (!renewed) return renewed.error();
        say_done(command_, recovered->name, device, registry_.dir, *renewed);
        return ExitStatus::done;
    }

    const Standing& standing() const { return standing_; }

private:
    /// Once the machine's secret is another one, its file stays, whatever goes wrong then.
    Result<Done> bind(Device& device) {
        const auto hold = [&] {
            device.made.file.keep();
            standing_ = {true, "new_device_secret", msg("recover.half_done")};
        };
        const auto& secret = device.made.secret;
        try {
            auto bound = registry_.file.set_device(clinic_.key(), secret);
            if (bound) hold();
            return bound;
        } catch (const std::system_error&) {
            // The file may have been replaced, and only its folder not have come to the disk.
            const auto now = keys::KeyFile::load(registry_.dir);
            if (now && now->device().check == secret.binding().check) hold();
            throw;
        }
    }

    const Command& command_;
    LockedRegistry& registry_;
    service::Clinic& clinic_;
    Standing standing_;
};

Outcome recover(const Command& command) {
    auto registry = find_registry(command);
    if (!registry) return std::move(registry).error();
    const auto& dir = registry->dir;
    auto key = unlock_with_sheet(command, registry->file);
    if (!key) return std::move(key).error();
    auto device = device_for(command, dir, registry->file.device());
    if (!device) return std::move(device).error();
    auto clinic = service::open_registry(dir, {*std::move(key), UserId{}}, command.world());
    if (!clinic) return std::move(clinic).error();
    const auto all = service::Users(**clinic, dir).list();
    if (!all) return all.error();
    const auto lead = choose_lead(command, *all);
    if (!lead) return lead.error();
    const auto pin = ask_new_pin(command, lead->name, "EGRET_NEW_PIN_FILE");
    if (!pin) return pin.error();
    Recovery recovery(command, *registry, **clinic);
    return take_steps(
        command, [&] { return recovery.make(*lead, pin->view(), *device); },
        [&] { return recovery.standing(); });
}

}  // namespace

void add_recover_command(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "recover", recover);
}

}  // namespace egret::cli
