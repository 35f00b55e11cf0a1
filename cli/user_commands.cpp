#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/prompt.h"
#include "cli/console/table.h"
#include "cli/handlers.h"
#include "cli/new_pin.h"
#include "cli/unlock.h"
#include "registry/json/dump.h"
#include "registry/service/rekey.h"
#include "registry/service/users.h"

#include <ostream>

namespace egret::cli {
namespace {

using console::code_label;
using console::ExitStatus;
using console::text;
using service::ClinicUser;

/// A registry that is open, with what a change of its users needs.
struct Opened {
    std::string dir;
    std::unique_ptr<service::Clinic> clinic;

    service::Users users() const { return {*clinic, dir}; }
};

Result<Opened> open_users(const Command& command) {
    auto dir = registry_dir(command);
    if (!dir) return std::move(dir).error();
    auto clinic = open_clinic(command);
    if (!clinic) return std::move(clinic).error();
    return Opened{*std::move(dir), *std::move(clinic)};
}

json::Object user_json(const ClinicUser& user) {
    return json::Object{{"id", user.id.to_string()},
                        {"name", user.name},
                        {"role", egret::to_string(user.role)},
                        {"has_pin", user.has_pin}};
}

ExitStatus say(const Command& command, const ClinicUser& user, const Message& sentence) {
    auto& out = command.terminal.out;
    if (command.terminal.json)
        out << json::dump(user_json(user)) << '\n';
    else
        out << text(sentence, command.language()) << '\n';
    return ExitStatus::done;
}

Outcome add_user(const Command& command) {
    const auto role = service::parse_role(command.parsed.value("role"));
    if (!role) return usage_error(command, role.error());
    auto opened = open_users(command);
    if (!opened) return std::move(opened).error();
    // Before anybody thinks of a PIN that nobody will get.
    if (auto lead = require_lead(*opened->clinic); !lead) return std::move(lead).error();
    const auto& name = command.parsed.value("NAME");
    const auto pin = ask_new_pin(command, name, "EGRET_NEW_PIN_FILE");
    if (!pin) return pin.error();
    const auto device = load_bound_device(command, opened->dir);
    if (!device) return device.error();
    const auto added = opened->users().add(opened->clinic->caller(), name, *role,
                                           {pin->view(), *device, command.machine.pin_cost});
    if (!added) return added.error();
    return say(command, *added,
               msg("user.added",
                   {{"name", added->name},
                    {"role", code_label("role", egret::to_string(*role), command.language())}}));
}

Outcome list_users(const Command& command) {
    auto opened = open_users(command);
    if (!opened) return std::move(opened).error();
    const auto users = opened->users().list();
    if (!users) return users.error();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        json::Array items;
        for (const auto& user : *users) items.emplace_back(user_json(user));
        out << json::dump(std::move(items)) << '\n';
        return ExitStatus::done;
    }
    const auto language = command.language();
    console::Table table(
        {{"name", "user.column.name"}, {"role", "user.column.role"}, {"pin", "user.column.pin"}});
    for (const auto& user : *users) {
        table.add_row({user.name, code_label("role", egret::to_string(user.role), language),
                       text(user.has_pin ? "user.pin_set" : "user.pin_unset", language)});
    }
    out << table.to_text(language);
    return ExitStatus::done;
}

Outcome change_role(const Command& command) {
    const auto role = service::parse_role(command.parsed.value("ROLE"));
    if (!role) return usage_error(command, role.error());
    auto opened = open_users(command);
    if (!opened) return std::move(opened).error();
    const auto changed =
        opened->users().set_role(opened->clinic->caller(), command.parsed.value("NAME"), *role);
    if (!changed) return changed.error();
    return say(command, *changed,
               msg("user.role_set",
                   {{"name", changed->name},
                    {"role", code_label("role", egret::to_string(*role), command.language())}}));
}

Outcome reset_user(const Command& command) {
    auto opened = open_users(command);
    if (!opened) return std::move(opened).error();
    if (auto lead = require_lead(*opened->clinic); !lead) return std::move(lead).error();
    const auto user = opened->users().find(command.parsed.value("NAME"));
    if (!user) return user.error();
    const auto pin = ask_new_pin(command, user->name, "EGRET_NEW_PIN_FILE");
    if (!pin) return pin.error();
    const auto device = load_bound_device(command, opened->dir);
    if (!device) return device.error();
    const auto done = opened->users().reset(opened->clinic->caller(), user->name,
                                            {pin->view(), *device, command.machine.pin_cost});
    if (!done) return done.error();
    return say(command, *done, msg("user.reset", {{"name", done->name}}));
}

/// Noted before it holds, as every change of who opens the registry.
Result<Done> keep_new_pin(const Command& command, const std::string& dir,
                          service::Unlocked unlocked, const keys::KeyFile::NewPin& pin) {
    auto clinic = service::open_registry(dir, std::move(unlocked), command.world(),
                                         store::StaleProjections::leave);
    if (!clinic) return std::move(clinic).error();
    return service::Users(**clinic, dir).change_own((*clinic)->caller(), pin);
}

/// The old PIN is asked for, whoever keeps the registry unlocked.
Outcome change_own_pin(const Command& command) {
    auto registry = find_registry(command);
    if (!registry) return std::move(registry).error();
    auto proven = prove_user(command, *registry);
    if (!proven) return std::move(proven).error();
    const auto& user = proven->user;
    const auto pin = ask_new_pin(command, user.name, "EGRET_NEW_PIN_FILE");
    if (!pin) return pin.error();
    const auto changed = keep_new_pin(command, registry->dir,
                                      {std::move(proven->key), user.id, {}, proven->wrong_pins},
                                      {pin->view(), proven->device, command.machine.pin_cost});
    if (!changed) return changed.error();
    auto& out = command.terminal.out;
    if (command.terminal.json)
        out << json::dump(json::Object{{"name", user.name}}) << '\n';
    else
        out << text("user.pin_changed", command.language()) << '\n';
    return ExitStatus::done;
}

Outcome remove_user(const Command& command) {
    auto opened = open_users(command);
    if (!opened) return std::move(opened).error();
    const auto removed =
        opened->users().remove(opened->clinic->caller(), command.parsed.value("NAME"));
    if (!removed) return removed.error();
    return say(command, *removed, msg("user.removed", {{"name", removed->name}}));
}

}  // namespace

void add_user_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "user add", add_user);
    add_action(handlers, machine, "user list", list_users);
    add_action(handlers, machine, "user role", change_role);
    add_action(handlers, machine, "user reset", reset_user);
    add_action(handlers, machine, "user pin", change_own_pin);
    add_action(handlers, machine, "user remove", remove_user);
}

}  // namespace egret::cli
