#include "cli/console/catalog.h"
#include "cli/device_choice.h"
#include "cli/handlers.h"
#include "cli/new_pin.h"
#include "cli/new_sheet.h"
#include "cli/unlock.h"
#include "registry/json/dump.h"
#include "registry/service/rekey.h"
#include "registry/service/users.h"
#include "registry/store/open.h"

#include <ostream>

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
            << text(keeping_message(keeping_of(device.made.secret.binding(), dir)), language)
            << '\n';
    }
    if (!has_new_sheet) out << text("recover.old_sheet", language) << '\n';
}

/// Once the machine's secret is another one, she is told so, whatever goes wrong then.
class NewSecret {
public:
    explicit NewSecret(const Command& command) : command_(command) {}

    ~NewSecret() {
        if (is_in_force_ && !is_done_)
            command_.terminal.err << text("recover.half_done", command_.language()) << '\n';
    }

    NewSecret(const NewSecret&) = delete;
    NewSecret& operator=(const NewSecret&) = delete;

    void set_in_force() { is_in_force_ = true; }
    void set_done() { is_done_ = true; }

private:
    const Command& command_;
    bool is_in_force_ = false;
    bool is_done_ = false;
};

Outcome recover(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    if (auto found = store::require_file(service::registry_path(*dir)); !found)
        return std::move(found).error();
    auto file = keys::KeyFile::load(*dir);
    if (!file) return std::move(file).error();
    auto key = unlock_with_sheet(command, *file);
    if (!key) return std::move(key).error();
    auto device = device_for(command, *dir, file->device());
    if (!device) return std::move(device).error();

    if (auto done = service::finish_rekey(*dir, *key, command.world()); !done)
        return std::move(done).error();
    auto clinic = service::Clinic::open(*dir, {*std::move(key), UserId{}}, command.world());
    if (!clinic) return std::move(clinic).error();
    service::Users users(**clinic, *dir);
    const auto all = users.list();
    if (!all) return all.error();
    const auto lead = choose_lead(command, *all);
    if (!lead) return lead.error();
    const auto pin = ask_new_pin(command, lead->name, "EGRET_NEW_PIN_FILE");
    if (!pin) return pin.error();

    // From here on it is done in steps, each of which the sheet can do again.
    NewSecret secret(command);
    if (device->is_new) {
        if (auto noted = users.note_wrong_pins(); !noted) return std::move(noted).error();
        if (auto bound = file->set_device((*clinic)->key(), device->made.secret); !bound)
            return std::move(bound).error();
        device->made.file.keep();
        secret.set_in_force();
    }
    const auto recovered =
        users.recover(*lead, {pin->view(), device->made.secret, command.machine.pin_cost});
    if (!recovered) return recovered.error();
    secret.set_done();
    const auto renewed = renew_sheet(command, *dir, **clinic);
    if (!renewed) return renewed.error();
    say_done(command, recovered->name, *device, *dir, *renewed);
    return ExitStatus::done;
}

}  // namespace

void add_recover_command(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "recover", recover);
}

}  // namespace egret::cli
