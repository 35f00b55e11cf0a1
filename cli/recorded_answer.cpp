#include "cli/recorded_answer.h"

#include "cli/console/catalog.h"
#include "cli/describe.h"
#include "cli/field_words.h"
#include "registry/json/dump.h"

#include <ostream>

namespace egret::cli {

void print_recorded(const Command& command, const service::Recorded& recorded,
                    const Message& sentence, const json::Object& more) {
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        json::Object answer{{"event", recorded.event.to_string()},
                            {"woman", recorded.woman.to_string()},
                            {"warnings", to_json(recorded.warnings, command.language())}};
        for (const auto& member : more) answer.append(member.name, member.value);
        out << json::dump(answer) << '\n';
        return;
    }
    out << console::text(sentence, command.language()) << '\n';
    print_warnings(recorded.warnings, command.terminal);
}

std::string describe_all(service::Clinic& clinic, const History& history, Language language) {
    const auto& identity = clinic.identity();
    return describe_woman(history, language) + "\n" +
           timeline(history, {identity.code, identity.name}, language);
}

Outcome refused_words(const Command& command, const Error& error) {
    if (is_word_error(error)) return usage_error(command, error);
    return error;
}

}  // namespace egret::cli
