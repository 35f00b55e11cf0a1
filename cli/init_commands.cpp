#include "cli/console/catalog.h"
#include "cli/console/prompt.h"
#include "cli/device_choice.h"
#include "cli/handlers.h"
#include "cli/new_file.h"
#include "cli/new_pin.h"
#include "cli/new_sheet.h"
#include "cli/recovery_sheet.h"
#include "registry/json/dump.h"
#include "registry/keys/key_file.h"
#include "registry/service/founding.h"

#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

service::NewClinic wanted_clinic(const Command& command) {
    const auto& parsed = command.parsed;
    service::NewClinic wanted;
    wanted.name = parsed.value("clinic");
    wanted.area = parsed.value("area");
    wanted.user_name = parsed.find("user").value_or(text("init.first_user", command.language()));
    if (const auto zone = parsed.find("time-zone")) wanted.time_zone = *zone;
    return wanted;
}

Result<std::unique_ptr<NewFile>> sheet_file(const Command& command, const std::string& dir) {
    if (const auto path = command.parsed.find("recovery-sheet")) return sheet_draft(*path, dir);
    // Asked before anything is made: nobody must find out at the end that she can't go on.
    if (!console::Prompt(command.terminal, command.machine.asked_at).is_possible())
        return Error{ErrorCode::locked, "", msg("init.sheet_needed")};
    return std::unique_ptr<NewFile>();
}

/// A sheet in its file, for as long as there is a registry for it.
struct WrittenSheet {
    std::unique_ptr<NewFile> draft;
    OutsideFile file;
};

Result<Done> hand_over_sheet(const Command& command, const Sheet& sheet, WrittenSheet& written) {
    if (!written.draft) return show_sheet(command, sheet);
    write_sheet(written.draft->stream(), sheet, command.language());
    if (auto kept = written.draft->commit(); !kept) return kept;
    written.file = OutsideFile(command.parsed.value("recovery-sheet"));
    return Done{};
}

struct Founded {
    std::string code;
    std::string device;
    keys::DeviceBinding binding;
};

Result<Founded> found(const Command& command, const std::string& dir,
                      const service::NewClinic& wanted) {
    auto making = service::RegistryInMaking::start(dir, command.machine.random);
    if (!making) return std::move(making).error();
    WrittenSheet written;
    auto draft = sheet_file(command, dir);
    if (!draft) return std::move(draft).error();
    written.draft = *std::move(draft);
    const auto pin = ask_new_pin(command, wanted.user_name, "EGRET_PIN_FILE");
    if (!pin) return pin.error();
    auto device = make_device(command, dir, making->path());
    if (!device) return std::move(device).error();
    const auto code = keys::RecoveryCode::make(command.machine.random);
    auto clinic = service::found_registry(
        making->path(), wanted, {pin->view(), device->secret, code, command.machine.pin_cost},
        command.world(), command.machine.random);
    if (!clinic) return std::move(clinic).error();
    if (const auto today = command.parsed.find_day("today")) {
        if (auto confirmed = (*clinic)->confirm_today(*today, service::Clinic::DaySaid::by_option);
            !confirmed)
            return std::move(confirmed).error();
    }
    const auto& binding = device->secret.binding();
    if (auto handed = hand_over_sheet(command, {**clinic, dir, code, binding}, written); !handed)
        return std::move(handed).error();
    Founded founded{(*clinic)->identity().code, (*clinic)->device().to_string(), binding};
    clinic->reset();  // Its files are to be moved.
    if (auto finished = making->finish(); !finished) return std::move(finished).error();
    written.file.keep();
    device->file.keep();
    return founded;
}

Outcome init_registry(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    const auto wanted = wanted_clinic(command);
    if (auto good = service::Clinic::check_new(wanted); !good)
        return console::refuse_typed(good.error(), command.terminal);
    const auto founded = found(command, *dir, wanted);
    if (!founded) return founded.error();

    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{
                   {"dir", *dir}, {"clinic", founded->code}, {"device", founded->device}})
            << '\n';
        return ExitStatus::done;
    }
    out << text(msg("init.done",
                    {{"dir", *dir}, {"clinic", founded->code}, {"device", founded->device}}),
                command.language())
        << '\n'
        << keeping_sentence(keeping_of(founded->binding, *dir), command.language()) << '\n';
    return ExitStatus::done;
}

Outcome write_sheet_anew(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    if (auto lead = require_lead(**clinic); !lead) return std::move(lead).error();
    const auto path = command.parsed.value("FILE");
    if (auto made = make_new_sheet(command, *dir, **clinic, path); !made)
        return std::move(made).error();
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
