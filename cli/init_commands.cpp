#include "cli/console/catalog.h"
#include "cli/handlers.h"
#include "cli/new_file.h"
#include "registry/json/dump.h"

#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

/// What is to be put into a safe. It says plainly what it can't do yet.
void write_sheet(std::ostream& out, service::Clinic& clinic, const std::string& dir,
                 Language language) {
    const auto line = [&](std::string_view label, const std::string& value) {
        out << text(label, language) << value << '\n';
    };
    out << text("sheet.title", language) << "\n\n";
    line("sheet.clinic", clinic.identity().name);
    line("sheet.area", clinic.identity().area);
    line("sheet.code", clinic.identity().code);
    line("sheet.device", clinic.device().to_string());
    if (const auto url = clinic.settings().find_centre_url()) line("sheet.centre", *url);
    line("sheet.file", service::registry_path(dir));
    out << '\n' << text("sheet.not_encrypted", language) << '\n';
    out << text("sheet.backup", language) << '\n';
}

Outcome init_registry(const Command& command) {
    const auto& parsed = command.parsed;
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    if (const auto pin = check_pin_file(command); !pin) return pin.error();

    // Before the registry: a sheet that can't be written would be missed too late.
    std::unique_ptr<NewFile> sheet;
    if (const auto path = parsed.find("recovery-sheet")) {
        auto made = NewFile::create(*path);
        if (!made) return std::move(made).error();
        sheet = *std::move(made);
    }
    service::NewClinic wanted;
    wanted.name = parsed.value("clinic");
    wanted.area = parsed.value("area");
    wanted.user_name = parsed.find("user").value_or("");
    if (const auto zone = parsed.find("time-zone")) wanted.time_zone = *zone;
    const auto clinic = service::Clinic::create(*dir, wanted, command.world());
    if (!clinic) return console::refuse_typed(clinic.error(), command.terminal);
    if (const auto today = parsed.find_day("today")) {
        if (auto confirmed = (*clinic)->confirm_today(*today, service::Clinic::DaySaid::by_option);
            !confirmed)
            return std::move(confirmed).error();
    }
    if (sheet) {
        write_sheet(sheet->stream(), **clinic, *dir, command.language());
        if (const auto kept = sheet->commit(); !kept) return kept.error();
    }

    auto& out = command.terminal.out;
    const auto& code = (*clinic)->identity().code;
    const auto device = (*clinic)->device().to_string();
    if (command.terminal.json) {
        out << json::dump(json::Object{{"dir", *dir}, {"clinic", code}, {"device", device}})
            << '\n';
        return ExitStatus::done;
    }
    out << text(msg("init.done", {{"dir", *dir}, {"clinic", code}, {"device", device}}),
                command.language())
        << '\n';
    return ExitStatus::done;
}

Outcome write_sheet_anew(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto path = command.parsed.value("FILE");
    const auto sheet = NewFile::create(path);
    if (!sheet) return sheet.error();
    write_sheet((*sheet)->stream(), **clinic, *dir, command.language());
    if (const auto kept = (*sheet)->commit(); !kept) return kept.error();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"file", path}}) << '\n';
        return ExitStatus::done;
    }
    out << text(msg("sheet.done", {{"file", path}}), command.language()) << '\n';
    return ExitStatus::done;
}

}  // namespace

void add_init_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "init", init_registry);
    add_action(handlers, machine, "recovery-sheet", write_sheet_anew);
}

}  // namespace egret::cli
