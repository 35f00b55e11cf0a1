#include "sync/daemon/clinic_commands.h"

#include "cli/console/catalog.h"
#include "cli/console/report.h"
#include "cli/console/table.h"
#include "registry/crypto/random_bytes.h"
#include "registry/json/dump.h"
#include "sync/central/enrolment_service.h"
#include "sync/daemon/centre_access.h"

#include <functional>
#include <ostream>

namespace egret::daemon {
namespace {

using Invite = std::function<Result<central::Invitation>(central::EnrolmentService&)>;

Result<console::ExitStatus> show_invitation(const console::Parsed& parsed,
                                            const console::Terminal& terminal,
                                            const Invite& invite) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    if (auto sound = centre->check_keys(); !sound) return std::move(sound).error();
    const SystemClock clock;
    crypto::SystemRandom random;
    central::EnrolmentService service(centre->store(), centre->keys(), clock, random);
    const auto invited = invite(service);
    if (!invited) return console::refuse_typed(invited.error(), terminal);
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"clinic", invited->clinic.code},
                                                {"code", invited->code},
                                                {"url", centre->url()},
                                                {"expires", utc_text(invited->expires)}})
                     << '\n';
        return console::ExitStatus::done;
    }
    terminal.out << console::text(
                        msg("central.done.invited",
                            {{"clinic", invited->clinic.code},
                             {"expires", centre->zone().local_time_text(invited->expires)}}),
                        terminal.language)
                 << "\n\n    egret enrol " << centre->url() << " " << invited->code << "\n";
    return console::ExitStatus::done;
}

struct Machines {
    std::size_t let_in = 0;
    std::size_t shut_out = 0;
};

Machines machines_of(const central::Clinic& clinic,
                     const std::vector<central::DeviceStatus>& statuses) {
    Machines machines;
    for (const auto& status : statuses) {
        if (status.device.clinic != clinic.code) continue;
        ++(status.device.revoked ? machines.shut_out : machines.let_in);
    }
    return machines;
}

}  // namespace

Result<DeviceId> find_machine(central::CentralStore& store, const std::string& clinic,
                              std::string_view beginning) {
    std::vector<DeviceId> found;
    for (const auto& status : store.statuses()) {
        const auto& device = status.device;
        const bool is_meant = device.is_damaged || (device.clinic == clinic && !device.revoked);
        if (is_meant && device.id.to_string().starts_with(beginning)) found.push_back(device.id);
    }
    if (found.size() != 1 || beginning.empty())
        return Error{ErrorCode::not_found, "machine", msg("central.no_machine")};
    return found.front();
}

Result<console::ExitStatus> add_clinic(const console::Parsed& parsed,
                                       const console::Terminal& terminal) {
    return show_invitation(parsed, terminal, [&](central::EnrolmentService& service) {
        return service.add_clinic({parsed.value("NAME"), parsed.value("area")});
    });
}

Result<console::ExitStatus> invite_clinic(const console::Parsed& parsed,
                                          const console::Terminal& terminal) {
    return show_invitation(parsed, terminal, [&](central::EnrolmentService& service) {
        return service.invite(parsed.value("CODE"));
    });
}

Result<console::ExitStatus> list_clinics(const console::Parsed& parsed,
                                         const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    const auto statuses = centre->store().statuses();
    json::Array list;
    console::Table table({{"clinic", "central.column.clinic"},
                          {"name", "central.column.name"},
                          {"area", "central.column.area"},
                          {"machines", "central.column.machines", console::Align::right}});
    for (const auto& clinic : centre->store().clinics()) {
        const auto machines = machines_of(clinic, statuses);
        list.emplace_back(json::Object{{"clinic", clinic.code},
                                       {"name", clinic.name},
                                       {"area", clinic.area},
                                       {"added", utc_text(clinic.added)},
                                       {"machines", machines.let_in},
                                       {"revoked", machines.shut_out}});
        table.add_row({clinic.code, clinic.name, clinic.area, std::to_string(machines.let_in)});
    }
    if (terminal.json) {
        terminal.out << json::dump(std::move(list)) << '\n';
    } else {
        terminal.out << table.to_text(terminal.language);
    }
    return console::ExitStatus::done;
}

Result<console::ExitStatus> revoke_clinic(const console::Parsed& parsed,
                                          const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    const auto& code = parsed.value("CODE");
    // A machine can be shut out whatever is noted of its clinic; a clinic must be the right one.
    if (!parsed.has("machine")) {
        const auto clinic = centre->store().find_clinic(code);
        if (!clinic) return clinic.error();
    }
    const SystemClock clock;
    std::size_t count = 1;
    if (const auto id = parsed.find("machine")) {
        const auto machine = find_machine(centre->store(), code, *id);
        if (!machine) return machine.error();
        centre->store().revoke_device(*machine, clock.now());
    } else {
        count = centre->store().revoke_clinic(code, clock.now());
    }
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"clinic", code}, {"revoked", count}}) << '\n';
    } else {
        terminal.out << console::text(msg("central.done.revoked",
                                          {{"clinic", code}, {"count", std::to_string(count)}}),
                                      terminal.language)
                     << '\n';
        if (count > 0) {
            terminal.out << console::text(msg("central.done.revoked_cards",
                                              {{"count", std::to_string(count)}}),
                                          terminal.language)
                         << '\n';
        }
    }
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
