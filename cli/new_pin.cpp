#include "cli/new_pin.h"

#include "cli/console/prompt.h"
#include "registry/keys/pin.h"

namespace egret::cli {

Result<console::TypedSecret> ask_new_pin(const Command& command, const std::string& name,
                                         std::string_view variable) {
    const console::Prompt prompt(command.terminal, command.machine.asked_at);
    auto typed = prompt.new_secret(msg("unlock.new_pin", {{"name", name}}),
                                   msg("unlock.new_pin_again"), variable);
    if (!typed) return typed;
    if (auto good = keys::check_new_pin(typed->view()); !good) return std::move(good).error();
    return typed;
}

}  // namespace egret::cli
