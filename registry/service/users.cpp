#include "registry/service/users.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/domain/plain_text.h"
#include "registry/keys/pin.h"
#include "registry/service/detail/clinic_settings.h"
#include "registry/store/user_table.h"

#include <algorithm>
#include <utility>

namespace egret::service {
namespace {

Error no_user() { return {ErrorCode::not_found, "user", msg("keys.no_user")}; }

Result<Done> check_lead(const Caller& caller) {
    if (caller.role == Role::lead) return Done{};
    return Error{ErrorCode::forbidden, "", msg("caller.lead_only")};
}

Result<Done> check_user_name(const std::string& name) {
    if (trim(name) != name || name.empty() || name.size() > limits::name_bytes_max) {
        return Error{ErrorCode::invalid_input, "name",
                     msg("keys.name_bad", {{"limit", std::to_string(limits::name_bytes_max)}})};
    }
    if (auto plain = check_plain_text(name, Lines::one); !plain)
        return std::move(plain).error().within("name");
    return Done{};
}

Access about(audit::Action action, const UserId& user) {
    Access access{action};
    access.users = {user};
    return access;
}

}  // namespace

Result<Role> parse_role(std::string_view text) {
    const auto role = find_code<Role>(text);
    if (role && *role != Role::machine) return *role;
    return Error{ErrorCode::invalid_input, "role", msg("users.no_role")};
}

Result<std::vector<ClinicUser>> Users::list() {
    const auto file = keys::KeyFile::load(dir_);
    if (!file) return file.error();
    const auto with_slots = file->users();
    std::vector<ClinicUser> users;
    for (auto& row : clinic_.users().all()) {
        const auto role = find_code<Role>(row.role);
        if (!role) continue;  // She left.
        const auto slot = std::find_if(with_slots.begin(), with_slots.end(),
                                       [&](const keys::User& user) { return user.id == row.id; });
        const bool has_pin = slot != with_slots.end() && slot->has_pin;
        users.push_back({row.id, std::move(row.name), *role, has_pin});
    }
    std::sort(users.begin(), users.end(),
              [](const ClinicUser& a, const ClinicUser& b) { return a.name < b.name; });
    return users;
}

Result<ClinicUser> Users::find(std::string_view name) {
    auto users = list();
    if (!users) return std::move(users).error();
    const auto wanted = trim(name);
    for (auto& user : *users) {
        if (user.name == wanted) return std::move(user);
    }
    return no_user();
}

Result<ClinicUser> Users::add(const Caller& caller, const std::string& name, Role role,
                              const keys::KeyFile::NewPin& pin) {
    if (auto lead = check_lead(caller); !lead) return std::move(lead).error();
    if (auto good = check_user_name(name); !good) return std::move(good).error();
    if (const auto known = find(name); known)
        return Error{ErrorCode::conflict, "name", msg("keys.user_there")};
    if (const auto gone = find_left_over(name); gone) {
        if (auto removed = remove(caller, name); !removed) return removed;
    }
    const auto id = make_random_id<UserTag>(clinic_.random());
    auto file = keys::KeyFile::load(dir_);
    if (!file) return std::move(file).error();
    // The row first: a slot without one would open the registry to nobody.
    save(caller, audit::Action::user_added, {id, name}, egret::to_string(role));
    auto added = file->add_user(clinic_.key(), id, name, pin, clinic_.random());
    if (added) return ClinicUser{id, name, role, true};
    sqlite::WriteTransaction tx(clinic_.database());
    clinic_.users().remove(id, tx);
    clinic_.note(caller.with(Purpose::maintenance), about(audit::Action::user_removed, id), tx);
    tx.commit();
    return std::move(added).error();
}

Result<ClinicUser> Users::set_role(const Caller& caller, std::string_view name, Role role) {
    if (auto lead = check_lead(caller); !lead) return std::move(lead).error();
    auto user = find(name);
    if (!user) return user;
    if (role != Role::lead) {
        if (auto left = check_lead_left_without(user->id); !left) return std::move(left).error();
    }
    save(caller, audit::Action::user_changed, *user, egret::to_string(role));
    user->role = role;
    return user;
}

Result<ClinicUser> Users::reset(const Caller& caller, std::string_view name,
                                const keys::KeyFile::NewPin& pin) {
    if (auto lead = check_lead(caller); !lead) return std::move(lead).error();
    auto user = find(name);
    if (!user) return user;
    // Before she has it: a PIN that nobody noted would open everything.
    clinic_.note(caller.with(Purpose::maintenance), about(audit::Action::user_changed, user->id));
    return give_pin(*std::move(user), pin);
}

Result<Done> Users::change_own(const Caller& caller, const keys::KeyFile::NewPin& pin) {
    // One that can't be taken leaves no entry.
    if (auto good = keys::check_new_pin(pin.pin); !good) return good;
    auto file = keys::KeyFile::load(dir_);
    if (!file) return std::move(file).error();
    clinic_.note(caller.with(Purpose::maintenance), about(audit::Action::pin_changed, caller.user));
    return file->set_pin(clinic_.key(), caller.user, pin, clinic_.random());
}

Result<ClinicUser> Users::remove(const Caller& caller, std::string_view name) {
    if (auto lead = check_lead(caller); !lead) return std::move(lead).error();
    auto user = find(name);
    if (!user) user = find_left_over(name);
    if (!user) return user;
    if (auto left = check_lead_left_without(user->id); !left) return std::move(left).error();
    auto file = keys::KeyFile::load(dir_);
    if (!file) return std::move(file).error();
    clinic_.note_wrong_pins(user->id, file->tries_of(user->id).failed);
    const auto gone = file->remove_user(clinic_.key(), user->id);
    const bool was_gone =
        !gone && gone.error().code == ErrorCode::not_found && gone.error().field == "user";
    if (!gone && !was_gone) return gone.error();
    save(caller, audit::Action::user_removed, *user, gone_role);
    user->has_pin = false;
    return user;
}

Result<ClinicUser> Users::recover(ClinicUser lead, const keys::KeyFile::NewPin& pin) {
    const bool is_new = lead.id.is_nil();
    if (is_new) {
        if (auto good = check_user_name(lead.name); !good) return std::move(good).error();
        lead.id = make_random_id<UserTag>(clinic_.random());
    }
    lead.role = Role::lead;
    save({lead.id, Role::lead}, audit::Action::recovered, lead, egret::to_string(Role::lead));
    return give_pin(std::move(lead), pin);
}

Result<ClinicUser> Users::give_pin(ClinicUser user, const keys::KeyFile::NewPin& pin) {
    auto file = keys::KeyFile::load(dir_);
    if (!file) return std::move(file).error();
    if (auto good = keys::check_new_pin(pin.pin); !good) return std::move(good).error();
    clinic_.note_wrong_pins(user.id, file->tries_of(user.id).failed);
    auto& random = clinic_.random();
    auto done = file->set_pin(clinic_.key(), user.id, pin, random);
    // Her slot may have gone, or not have come, in a power cut that kept her row.
    if (!done && done.error().code == ErrorCode::not_found && done.error().field == "user") {
        // An older registry.keys may hold her as she was before she left.
        if (const auto before = find_left_over(user.name)) {
            if (auto gone = file->remove_user(clinic_.key(), before->id); !gone)
                return std::move(gone).error();
        }
        done = file->add_user(clinic_.key(), user.id, user.name, pin, random);
    }
    if (!done) return std::move(done).error();
    user.has_pin = true;
    return user;
}

Result<std::vector<keys::User>> Users::left_over() {
    const auto file = keys::KeyFile::load(dir_);
    if (!file) return file.error();
    auto slots = file->users();
    const auto rows = clinic_.users().all();
    std::erase_if(slots, [&](const keys::User& slot) {
        return std::any_of(rows.begin(), rows.end(), [&](const store::UserRow& row) {
            return row.id == slot.id && row.role != gone_role;
        });
    });
    return slots;
}

Result<ClinicUser> Users::find_left_over(std::string_view name) {
    const auto slots = left_over();
    if (!slots) return slots.error();
    for (const auto& slot : *slots) {
        if (slot.name == trim(name)) return ClinicUser{slot.id, slot.name};
    }
    return no_user();
}

Result<Done> Users::remove_left_over() {
    const auto slots = left_over();
    if (!slots) return slots.error();
    auto file = keys::KeyFile::load(dir_);
    if (!file) return std::move(file).error();
    for (const auto& slot : *slots) {
        if (auto removed = file->remove_user(clinic_.key(), slot.id); !removed) return removed;
    }
    return Done{};
}

Result<Done> Users::note_wrong_pins() {
    const auto file = keys::KeyFile::load(dir_);
    if (!file) return file.error();
    for (const auto& user : file->users())
        clinic_.note_wrong_pins(user.id, file->tries_of(user.id).failed);
    return Done{};
}

Result<Done> Users::check_lead_left_without(const UserId& user) {
    const auto users = list();
    if (!users) return users.error();
    const bool is_left = std::any_of(users->begin(), users->end(), [&](const ClinicUser& other) {
        return other.id != user && other.role == Role::lead && other.has_pin;
    });
    if (is_left) return Done{};
    return Error{ErrorCode::conflict, "user", msg("users.last_lead")};
}

void Users::save(const Caller& by, audit::Action action, const ClinicUser& user,
                 std::string_view role) {
    sqlite::WriteTransaction tx(clinic_.database());
    clinic_.users().save({user.id, user.name, std::string(role)}, tx);
    clinic_.note(by.with(Purpose::maintenance), about(action, user.id), tx);
    tx.commit();
}

}  // namespace egret::service
