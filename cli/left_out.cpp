#include "cli/left_out.h"

#include "cli/console/catalog.h"
#include "registry/json/dump.h"

#include <ostream>

namespace egret::cli {

void say_left_out(const Command& command, std::size_t shown, const Message& how_to_see_more) {
    const auto sentence = console::text(how_to_see_more, command.language());
    if (!command.terminal.json) {
        command.terminal.out << '\n' << sentence << '\n';
        return;
    }
    const json::Object more{{"shown", shown}, {"text", sentence}};
    command.terminal.err << json::dump(json::Object{{"more", more}}) << '\n';
}

}  // namespace egret::cli
