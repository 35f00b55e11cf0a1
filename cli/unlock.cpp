#include "cli/unlock.h"

#include "cli/device_choice.h"
#include "cli/kept_keys.h"
#include "registry/base/text.h"
#include "registry/service/founding.h"
#include "sync/client/link_keys.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

namespace egret::cli {
namespace {

std::string names_of(const std::vector<keys::User>& users, Language language) {
    std::string names;
    for (const auto& user : users) {
        if (!names.empty()) names += language == Language::zh ? "、" : ", ";
        names += user.name;
    }
    return names;
}

std::optional<std::string> named_user(const Command& command) {
    if (auto name = command.parsed.find("as")) return name;
    auto name = command.terminal.environment("EGRET_USER");
    if (name && name->empty()) return std::nullopt;
    return name;
}

/// A folder without a registry is no matter of its keys.
Result<LockedRegistry> registry_in(const std::string& dir) {
    if (auto found = service::require_registry(dir); !found) return std::move(found).error();
    auto file = keys::KeyFile::load(dir);
    if (!file) return std::move(file).error();
    return LockedRegistry{dir, *std::move(file)};
}

/// The keys that an agent keeps, if they are this registry's, and nobody else is named.
std::optional<service::Unlocked> find_kept(const Command& command, const std::string& dir) {
    const auto* kept = command.machine.kept;
    std::error_code unknown;
    if (kept == nullptr || !std::filesystem::equivalent(kept->dir, dir, unknown))
        return std::nullopt;
    if (const auto named = named_user(command)) {
        const auto file = keys::KeyFile::load(dir);
        if (!file) return std::nullopt;
        for (const auto& user : file->users()) {
            if (user.name == trim(*named) && user.id != kept->unlocked.user) return std::nullopt;
        }
    }
    return kept->unlocked.again();
}

}  // namespace

console::Prompt prompt_of(const Command& command) {
    return console::Prompt(command.terminal, command.machine.asked_at);
}

Result<keys::DeviceSecret> load_device(const Command& command, const std::string& dir,
                                       const keys::DeviceBinding& binding) {
    return console::load_device(asker_of(command), dir, binding);
}

Result<keys::DeviceSecret> load_bound_device(const Command& command, const std::string& dir) {
    const auto file = keys::KeyFile::load(dir);
    if (!file) return file.error();
    return load_device(command, dir, file->device());
}

Result<keys::User> choose_user(const Command& command, const keys::KeyFile& file) {
    const auto users = file.users();
    auto name = named_user(command);
    if (!name && users.size() == 1) return users.front();
    if (!name) {
        const auto prompt = prompt_of(command);
        const auto names = names_of(users, command.language());
        if (!prompt.is_possible())
            return Error{ErrorCode::locked, "", msg("unlock.which_user", {{"names", names}})};
        auto typed = prompt.line(msg("unlock.ask_user", {{"names", names}}));
        if (!typed) return typed.error();
        name = *std::move(typed);
    }
    const auto wanted = trim(*name);
    const auto found = std::find_if(users.begin(), users.end(),
                                    [&](const keys::User& user) { return user.name == wanted; });
    if (found != users.end()) return *found;
    return Error{ErrorCode::not_found, "user", msg("keys.no_user")};
}

Result<LockedRegistry> find_registry(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return dir.error();
    return registry_in(*dir);
}

Result<ProvenUser> prove_user(const Command& command, LockedRegistry& registry) {
    auto user = choose_user(command, registry.file);
    if (!user) return std::move(user).error();
    auto device = load_device(command, registry.dir, registry.file.device());
    if (!device) return std::move(device).error();
    auto pin =
        prompt_of(command).secret(msg("unlock.ask_pin", {{"name", user->name}}), "EGRET_PIN_FILE");
    if (!pin) return std::move(pin).error();
    const auto wrong_pins = registry.file.tries_of(user->id).failed;
    auto key =
        registry.file.unlock_with_pin(user->id, pin->view(), *device, command.machine.clock.now());
    if (!key) return std::move(key).error();
    return ProvenUser{*std::move(user), *std::move(device), *std::move(pin), *std::move(key),
                      wrong_pins};
}

crypto::Secret link_key_of(const keys::DeviceSecret& device) {
    if (device.view().empty()) return {};
    return device.key_for(client::LinkKeys::key_use);
}

Result<service::Unlocked> unlock(const Command& command, const std::string& dir) {
    if (auto kept = find_kept(command, dir)) return *std::move(kept);
    auto registry = registry_in(dir);
    if (!registry) return std::move(registry).error();
    auto proven = prove_user(command, *registry);
    if (!proven) return std::move(proven).error();
    return service::Unlocked{std::move(proven->key), proven->user.id, link_key_of(proven->device),
                             proven->wrong_pins};
}

}  // namespace egret::cli
