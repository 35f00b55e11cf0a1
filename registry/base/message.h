#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace egret {

/// A sentence for a person, as the name of its entry in schemas/messages/messages.json and what
/// fills its gaps. The text itself, in her language, is made at the edge (cli/console).
///
/// An argument is a limit, a path, a field's or a code list's name: never a value from a record.
struct Message {
    using Argument = std::pair<std::string, std::string>;

    std::string id;                     // "date.future"
    std::vector<Argument> arguments{};  // {"limit", "200"} fills "{limit}"

    friend bool operator==(const Message&, const Message&) = default;
};

/// `msg("date.future")`. The tidy test finds every id by this spelling and holds it to the catalog.
inline Message msg(std::string_view id, std::vector<Message::Argument> arguments = {}) {
    return {std::string(id), std::move(arguments)};
}

}  // namespace egret
