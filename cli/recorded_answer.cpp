#include "cli/recorded_answer.h"

#include "cli/console/catalog.h"
#include "cli/console/prompt.h"
#include "cli/describe.h"
#include "cli/field_words.h"
#include "cli/short_words.h"
#include "registry/domain/entry_check.h"
#include "registry/domain/facility_id.h"
#include "registry/json/dump.h"

#include <algorithm>
#include <ostream>
#include <string_view>

namespace egret::cli {
namespace {

/// The first name of a path: "left" of "left.birads".
std::string_view root_of(std::string_view path) { return path.substr(0, path.find_first_of(".[")); }

/// The error's field is one that was typed.
bool is_typed(const Command& command, const Error& error) {
    const auto root = root_of(error.field);
    const bool is_option = root == "date" || root == "because";  // Of `record`.
    if (is_option && command.parsed.command() == "record" && command.parsed.has(root)) return true;
    const auto& words = command.parsed.fields();
    return std::any_of(words.begin(), words.end(), [&](const console::FieldWord& word) {
        const auto is_short_for = [&](const ShortWord& known) {
            return known.word == word.field && known.list == root;
        };
        return root_of(word.field) == root ||
               std::any_of(short_words.begin(), short_words.end(), is_short_for);
    });
}

}  // namespace

void print_recorded(const Command& command, const service::Recorded& recorded,
                    const Message& sentence, const json::Object& more) {
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        json::Object answer{{"event", recorded.event.to_string()}};
        if (!is_facility(recorded.woman)) answer.set("woman", recorded.woman.to_string());
        answer.set("warnings", to_json(recorded.warnings, command.language()));
        for (const auto& member : more) answer.append(member.name, member.value);
        out << json::dump(answer) << '\n';
        return;
    }
    out << console::text(sentence, command.language()) << '\n';
    print_warnings(recorded.warnings, command.terminal);
}

Result<std::string> ask_why(const Command& command, const std::vector<service::Warning>& warnings) {
    print_warnings(warnings, command.terminal);
    return console::Prompt(command.terminal, command.machine.asked_at)
        .reason(msg("record.why_anyway"));
}

std::string describe_all(service::Clinic& clinic, const History& history, Language language) {
    const auto& identity = clinic.identity();
    return describe_woman(history, language) + "\n" +
           timeline(history, {identity.code, identity.name}, language);
}

Result<Done> check_typed(Fact& fact) {
    if (auto checked = check_entry(fact); !checked) return checked;
    return service::check_vaccine(fact);
}

Outcome refused_words(const Command& command, const Error& error, PutInto start) {
    if (start == PutInto::nothing || is_word_error(error) || is_typed(command, error))
        return usage_error(command, error);
    return error;
}

}  // namespace egret::cli
