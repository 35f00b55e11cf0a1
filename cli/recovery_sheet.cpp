#include "cli/recovery_sheet.h"

#include "cli/console/catalog.h"
#include "cli/console/prompt.h"
#include "cli/device_choice.h"

#include <filesystem>
#include <sstream>

namespace egret::cli {
namespace {

using console::text;
using keys::RecoveryCode;

/// Until she typed that group as it is.
Result<Done> ask_back(const console::Prompt& prompt, const RecoveryCode& code, std::size_t group,
                      Language language) {
    const auto question = msg("sheet.type_back", {{"group", std::to_string(group + 1)}});
    for (;;) {
        const auto typed = prompt.line(question);
        if (!typed) return typed.error();
        if (code.is_group(group, *typed)) return Done{};
        if (auto said = prompt.show(text("sheet.typed_wrong", language) + "\n"); !said) return said;
    }
}

}  // namespace

void write_sheet(std::ostream& out, const Sheet& sheet, Language language) {
    const auto line = [&](std::string_view label, const std::string& value) {
        out << text(label, language) << value << '\n';
    };
    out << text("sheet.title", language) << "\n\n";
    line("sheet.clinic", sheet.clinic.identity().name);
    line("sheet.area", sheet.clinic.identity().area);
    line("sheet.code", sheet.clinic.identity().code);
    line("sheet.device", sheet.clinic.device().to_string());
    if (const auto url = sheet.clinic.settings().find_centre_url()) line("sheet.centre", *url);
    line("sheet.file", service::registry_path(std::filesystem::absolute(sheet.dir).string()));
    line("sheet.made", sheet.clinic.today().to_string());
    out << '\n' << text("sheet.recovery", language) << "\n\n";
    out << sheet.code.lines() << '\n' << text("sheet.use", language) << '\n';
    const auto keeping = keeping_of(sheet.device, sheet.dir);
    out << keeping_sentence(keeping, language) << '\n';
    out << text("sheet.backup", language) << '\n';
}

Result<Done> show_sheet(const Command& command, const Sheet& sheet) {
    const console::Prompt prompt(command.terminal, command.machine.asked_at);
    std::ostringstream lines;
    write_sheet(lines, sheet, command.language());
    lines << '\n' << text("sheet.write_down", command.language()) << '\n';
    if (auto shown = prompt.show(lines.str()); !shown) return shown;
    const auto chance = command.machine.random.bytes<2>();
    const auto first = chance[0] % RecoveryCode::group_count;
    // Another one than the first.
    const auto second =
        (first + 1 + chance[1] % (RecoveryCode::group_count - 1)) % RecoveryCode::group_count;
    for (const auto group : {first, second}) {
        if (auto typed = ask_back(prompt, sheet.code, group, command.language()); !typed)
            return typed;
    }
    return Done{};
}

}  // namespace egret::cli
