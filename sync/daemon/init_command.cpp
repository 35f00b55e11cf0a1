#include "sync/daemon/init_command.h"

#include "cli/console/catalog.h"
#include "cli/console/report.h"
#include "registry/crypto/random_bytes.h"
#include "registry/json/dump.h"
#include "sync/daemon/centre_access.h"

#include <array>
#include <ostream>
#include <unistd.h>

namespace egret::daemon {
namespace {

std::string machine_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
}

}  // namespace

Result<console::ExitStatus> init(const console::Parsed& parsed, const console::Terminal& terminal) {
    const auto folder = data_folder(parsed, terminal);
    if (!folder) return folder.error();
    central::NewCentre centre;
    centre.name = parsed.value("name");
    centre.hosts = parsed.list("host");
    if (centre.hosts.empty()) centre.hosts = {machine_name()};
    if (const auto zone = parsed.find("time-zone")) centre.time_zone = *zone;

    const SystemClock clock;
    crypto::SystemRandom random;
    const auto created = central::Centre::create(*folder, centre, clock.now(), random);
    if (!created) return console::refuse_typed(created.error(), terminal);
    auto made = open_centre(parsed, terminal);
    if (!made) return std::move(made).error();
    const auto root_key = made->file("keys/root.key");
    const auto recovery_key = made->file("keys/recovery.key");
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"dir", *folder},
                                                {"name", centre.name},
                                                {"url", made->url()},
                                                {"root_key", root_key},
                                                {"recovery_key", recovery_key}})
                     << '\n';
    } else {
        terminal.out << console::text(msg("central.done.init", {{"dir", *folder},
                                                                {"root_key", root_key},
                                                                {"recovery_key", recovery_key}}),
                                      terminal.language)
                     << '\n';
    }
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
