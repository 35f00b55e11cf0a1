#pragma once

#include "cli/console/terminal.h"
#include "registry/base/message.h"

#include <optional>
#include <string>
#include <string_view>

namespace egret::console {

/// What the catalog (schemas/messages, inside the program) says for the message, with its gaps
/// filled. "{count:record|records}" is the first word beside one, else the second. An id that is
/// not in the catalog is its own text; a gap without an argument stays.
std::string text(const Message& message, Language language);

/// The same for a text without gaps: a title, a description.
std::string text(std::string_view id, Language language);

/// Her language: what --lang says (`asked`), else EGRET_LANG, else the locale as the first of
/// LC_ALL, LC_MESSAGES, LANG that is set: zh for any Chinese one, else en.
Language choose_language(const std::optional<std::string>& asked, const Environment& environment);

}  // namespace egret::console
