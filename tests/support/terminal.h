#pragma once

#include "cli/console/terminal.h"

#include <map>
#include <sstream>
#include <string>

namespace egret::tests {

/// A terminal whose streams are strings, and an environment of the test's own.
struct FakeTerminal {
    std::ostringstream out;
    std::ostringstream err;
    std::map<std::string, std::string, std::less<>> environment;

    console::Terminal terminal(Language language = Language::en) {
        console::Terminal made{"egret", out, err,
                               [this](std::string_view name) -> std::optional<std::string> {
                                   const auto found = environment.find(name);
                                   if (found == environment.end()) return std::nullopt;
                                   return found->second;
                               }};
        made.language = language;
        return made;
    }
};

}  // namespace egret::tests
