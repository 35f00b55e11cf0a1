#include "sync/daemon/init_command.h"

#include "cli/console/catalog.h"
#include "cli/console/report.h"
#include "registry/json/dump.h"
#include "sync/daemon/centre_access.h"
#include "sync/daemon/centre_sheet.h"
#include "sync/daemon/centre_warnings.h"

#include <array>
#include <filesystem>
#include <optional>
#include <ostream>
#include <unistd.h>

namespace egret::daemon {
namespace {

using console::text;

std::string machine_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
}

central::NewCentre wanted_centre(const console::Parsed& parsed) {
    central::NewCentre centre;
    centre.name = parsed.value("name");
    centre.hosts = parsed.list("host");
    if (centre.hosts.empty()) centre.hosts = {machine_name()};
    if (const auto zone = parsed.find("time-zone")) centre.time_zone = *zone;
    return centre;
}

struct Founded {
    std::string url;
    std::string root_folder;
    console::DeviceKeeping keeping;
    std::optional<std::string> sheet;
};

Result<Founded> found(const console::Parsed& parsed, const console::Terminal& terminal,
                      const std::string& folder) {
    auto making = central::CentreInMaking::start(folder);
    if (!making) return std::move(making).error();
    CentreMachine machine(terminal);
    auto device = machine.make(parsed, folder, making->path());
    if (!device) return std::move(device).error();
    Founded founded;
    founded.sheet = parsed.find("recovery-sheet");
    founded.root_folder = parsed.find("root-dir").value_or("");
    founded.keeping = console::keeping_of(device->secret.binding(), folder);
    const auto code = keys::RecoveryCode::make(machine.random());
    const SystemClock clock;
    auto key = making->fill(wanted_centre(parsed),
                            {device->secret, founded.sheet ? &code : nullptr, founded.root_folder},
                            clock.now(), machine.random());
    if (!key) return std::move(key).error();
    console::OutsideFile sheet;
    if (founded.sheet) {
        auto written = write_centre_sheet(*founded.sheet, folder, code, terminal.language);
        if (!written) return std::move(written).error();
        sheet = console::OutsideFile(*founded.sheet);
    }
    if (auto finished = making->finish(); !finished) return std::move(finished).error();
    sheet.keep();
    device->file.keep();
    NoProgress nobody;
    auto made = central::Centre::open(folder, *std::move(key), nobody);
    if (!made) return std::move(made).error();
    founded.url = made->url();
    if (founded.root_folder.empty()) founded.root_folder = made->file("keys");
    return founded;
}

json::Value path_json(const std::optional<std::string>& path) {
    return path ? json::Value(*path) : json::Value();
}

}  // namespace

Result<console::ExitStatus> init(const console::Parsed& parsed, const console::Terminal& terminal) {
    const auto folder = data_folder(parsed, terminal);
    if (!folder) return folder.error();
    const auto founded = found(parsed, terminal, *folder);
    if (!founded) return console::refuse_typed(founded.error(), terminal);
    const std::filesystem::path root_folder(founded->root_folder);
    const auto root_key = (root_folder / "root.key").string();
    const auto recovery_key = (root_folder / "recovery.key").string();
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"dir", *folder},
                                                {"name", parsed.value("name")},
                                                {"url", founded->url},
                                                {"root_key", root_key},
                                                {"recovery_key", recovery_key},
                                                {"recovery_sheet", path_json(founded->sheet)}})
                     << '\n';
        return console::ExitStatus::done;
    }
    const bool is_away = parsed.has("root-dir");
    const auto language = terminal.language;
    terminal.out
        << text(msg(is_away ? "central.done.init_apart" : "central.done.init",
                    {{"dir", *folder}, {"root_key", root_key}, {"recovery_key", recovery_key}}),
                language)
        << '\n'
        << keeping_sentence(founded->keeping, language) << '\n'
        << (founded->sheet ? text(msg("central.sheet_made", {{"file", *founded->sheet}}), language)
                           : text("central.no_sheet", language))
        << '\n';
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
