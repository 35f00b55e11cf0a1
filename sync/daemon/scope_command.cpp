#include "cli/console/catalog.h"
#include "registry/json/dump.h"
#include "sync/central/feed_store.h"
#include "sync/daemon/centre_access.h"
#include "sync/daemon/clinic_commands.h"

#include <ostream>

namespace egret::daemon {
namespace {

void print_areas(const DeviceId& machine, const std::vector<central::AreaScope>& areas,
                 const console::Terminal& terminal) {
    if (terminal.json) {
        json::Array codes;
        for (const auto& area : areas) codes.emplace_back(area.area);
        terminal.out << json::dump(json::Object{{"device", machine.to_string()},
                                                {"areas", std::move(codes)}})
                     << '\n';
        return;
    }
    std::string codes;
    for (const auto& area : areas) codes.append(codes.empty() ? "" : ", ").append(area.area);
    const auto id = machine.to_string().substr(0, 8);
    const auto said = areas.empty()
                          ? msg("central.follows_clinic", {{"machine", id}})
                          : msg("central.follows_areas", {{"machine", id}, {"areas", codes}});
    terminal.out << console::text(said, terminal.language) << '\n';
}

}  // namespace

Result<console::ExitStatus> scope_clinic(const console::Parsed& parsed,
                                         const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    const auto machine =
        find_machine(centre->store(), parsed.value("CODE"), parsed.value("machine"));
    if (!machine) return machine.error();
    auto& feeds = centre->store().feeds();
    const auto area = parsed.find("area");
    if (!area && parsed.has("end"))
        return Error{ErrorCode::invalid_input, "--area", msg("central.area_missing")};
    if (area && parsed.has("end")) {
        if (!feeds.take_area(*machine, *area))
            return Error{ErrorCode::not_found, "--area", msg("central.follows_not")};
    } else if (area) {
        if (auto given = feeds.give_area(*machine, *area); !given) return given.error();
    }
    print_areas(*machine, feeds.areas_of(*machine), terminal);
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
