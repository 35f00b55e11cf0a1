#pragma once

#include "registry/keys/key_file.h"
#include "registry/service/clinic.h"

#include <string>
#include <vector>

namespace egret::service {

/// Somebody who works with a registry.
struct ClinicUser {
    UserId id;
    std::string name;
    Role role = Role::read_only;
    bool has_pin = false;  // Else she can't open it, until the lead gives her one.
};

/// Who works with a registry: a row in its vault says in what role, a slot of registry.keys holds
/// the PIN. Only a lead changes anything, but for one's own PIN. There is always a lead who has
/// one.
///
/// A change is in both, or after a power cut in one of them: then she has no PIN, and giving her
/// one or removing her anew ends it.
///
/// All functions have the errors of keys::KeyFile; those that change something: forbidden, if the
/// caller isn't a lead.
class Users {
public:
    /// `dir` is the registry's folder. The clinic outlives this.
    Users(Clinic& clinic, std::string dir) : clinic_(clinic), dir_(std::move(dir)) {}

    /// By name. Those who left are not among them.
    Result<std::vector<ClinicUser>> list();
    /// Errors: not_found, if nobody is called so.
    Result<ClinicUser> find(std::string_view name);

    /// Errors: conflict, if there is a user of that name; invalid_input, for the name, or a PIN
    /// that none may have; too_large, beyond limits::registry_users_max.
    Result<ClinicUser> add(const Caller& caller, const std::string& name, Role role,
                           const keys::KeyFile::NewPin& pin);
    /// Errors: not_found; conflict, if no lead with a PIN would be left.
    Result<ClinicUser> set_role(const Caller& caller, std::string_view name, Role role);
    /// A new PIN for somebody. Errors: not_found; invalid_input, for one that none may have.
    Result<ClinicUser> reset(const Caller& caller, std::string_view name,
                             const keys::KeyFile::NewPin& pin);
    /// The caller's own, which she proved by the one before.
    /// Errors: invalid_input, for one that none may have.
    Result<Done> change_own(const Caller& caller, const keys::KeyFile::NewPin& pin);
    /// She can't open the registry any more; what she recorded stays hers. Also somebody who left
    /// before, and whom an older registry.keys knows still.
    /// Errors: not_found; conflict, if no lead with a PIN would be left.
    Result<ClinicUser> remove(const Caller& caller, std::string_view name);

    /// By whoever unlocked it with the recovery sheet: she is a lead from now on, with that PIN.
    /// One without an id is a new user. Errors: invalid_input, for the name of a new one, or a PIN
    /// that none may have.
    Result<ClinicUser> recover(ClinicUser lead, const keys::KeyFile::NewPin& pin);

    /// Takes all out of registry.keys who aren't users any more: they came back with an older one.
    Result<Done> remove_left_over();

    /// Everybody's wrong PINs, before something makes registry.keys forget them all.
    Result<Done> note_wrong_pins();

private:
    Result<std::vector<keys::User>> left_over();
    Result<ClinicUser> find_left_over(std::string_view name);
    Result<ClinicUser> give_pin(ClinicUser user, const keys::KeyFile::NewPin& pin);
    Result<Done> check_lead_left_without(const UserId& user);
    /// Her row, and in the same transaction who made it so.
    void save(const Caller& by, audit::Action action, const ClinicUser& user,
              std::string_view role);

    Clinic& clinic_;
    std::string dir_;
};

/// Errors: invalid_input, if nobody may have that role at a clinic.
Result<Role> parse_role(std::string_view text);

}  // namespace egret::service
