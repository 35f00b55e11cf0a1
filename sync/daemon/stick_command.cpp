#include "sync/daemon/stick_command.h"

#include "cli/console/catalog.h"
#include "cli/console/report.h"
#include "cli/console/table.h"
#include "registry/crypto/random_bytes.h"
#include "registry/json/dump.h"
#include "sync/central/stick_visit.h"
#include "sync/daemon/centre_access.h"

#include <algorithm>
#include <ostream>
#include <string_view>

namespace egret::daemon {
namespace {

using central::BroughtMachine;
using sync::UploadCode;

std::string_view word_of(UploadCode code) {
    switch (code) {
        case UploadCode::applied: return "applied";
        case UploadCode::gap: return "GAP";
        case UploadCode::fork: return "FORK";
        case UploadCode::bad_chain: return "BAD_CHAIN";
        case UploadCode::stale_key: return "STALE_KEY";
        case UploadCode::shut_out: break;
    }
    return "SHUT_OUT";
}

/// Of the worst that is to be said, one word.
std::string_view state_of(const BroughtMachine& machine) {
    if (machine.clinic.empty()) return "stick.state.unknown";
    switch (machine.code) {
        case UploadCode::shut_out: return "central.state.revoked";
        case UploadCode::stale_key: return "stick.state.stale_key";
        case UploadCode::fork: return "central.state.forked";
        case UploadCode::bad_chain: return "stick.state.refused";
        case UploadCode::gap:
        case UploadCode::applied: break;
    }
    if (!machine.refused.empty()) return "stick.state.refused";
    if (machine.waiting > 0 || machine.without_room > 0) return "stick.state.waits";
    return machine.added > 0 ? "stick.state.taken" : "stick.state.nothing_new";
}

std::string short_id(const BroughtMachine& machine) {
    return machine.device.to_string().substr(0, 8);
}

bool is_all_well(const BroughtMachine& machine) {
    const bool is_odd = machine.clinic.empty() || machine.waiting > 0 || machine.without_room > 0 ||
                        machine.has_asked_in_vain;
    return !is_odd && machine.refused.empty() && machine.code == UploadCode::applied;
}

/// Which sentence says what to do about what the machine was told.
std::optional<std::string_view> advice_on(UploadCode code) {
    switch (code) {
        case UploadCode::shut_out: return "stick.machine_shut_out";
        case UploadCode::stale_key: return "stick.machine_stale_key";
        case UploadCode::fork: return "stick.machine_forked";
        case UploadCode::bad_chain: return "stick.machine_bad_chain";
        case UploadCode::gap:
        case UploadCode::applied: break;
    }
    return std::nullopt;
}

void print_advice(const BroughtMachine& machine, const console::Terminal& terminal) {
    const auto say = [&](const Message& message) {
        terminal.out << '\n' << console::text(message, terminal.language) << '\n';
    };
    const auto id = short_id(machine);
    if (machine.clinic.empty()) return say(msg("stick.machine_unknown", {{"machine", id}}));
    const std::vector<Message::Argument> who{{"machine", id}, {"clinic", machine.clinic}};
    const auto with = [&](const char* name, std::uint64_t number) {
        auto all = who;
        all.push_back({name, std::to_string(number)});
        return all;
    };
    if (const auto advice = advice_on(machine.code)) {
        say(msg(*advice, who));
    } else {
        for (const auto& reason : machine.refused) {
            auto all = who;
            all.push_back({"reason", console::text(reason, terminal.language)});
            say(msg("stick.machine_refused", std::move(all)));
        }
    }
    if (machine.has_asked_in_vain && machine.code != UploadCode::stale_key)
        say(msg("stick.machine_stale_key", who));
    if (machine.waiting > 0) say(msg("stick.machine_waits", with("from", machine.missing_from)));
    if (machine.without_room > 0)
        say(msg("stick.machine_no_room", with("count", machine.without_room)));
}

void print_visit(central::Centre& centre, const central::StickVisit& visit,
                 const console::Terminal& terminal) {
    console::Table table({{"clinic", "central.column.clinic"},
                          {"name", "central.column.name"},
                          {"machine", "central.column.machine"},
                          {"new", "stick.column.added", console::Align::right},
                          {"waiting", "stick.column.waiting", console::Align::right},
                          {"state", "central.column.state"}});
    const auto clinics = centre.store().clinics();
    for (const auto& machine : visit.machines) {
        const auto found = std::find_if(clinics.begin(), clinics.end(), [&](const auto& clinic) {
            return clinic.code == machine.clinic;
        });
        table.add_row({machine.clinic.empty() ? "-" : machine.clinic,
                       found == clinics.end() ? "-" : found->name, short_id(machine),
                       std::to_string(machine.added), std::to_string(machine.waiting),
                       console::text(state_of(machine), terminal.language)});
    }
    if (!visit.machines.empty()) terminal.out << table.to_text(terminal.language);
    for (const auto& machine : visit.machines) print_advice(machine, terminal);
    if (visit.damaged > 0) {
        terminal.out << '\n'
                     << console::text(
                            msg("stick.files_damaged", {{"count", std::to_string(visit.damaged)}}),
                            terminal.language)
                     << '\n';
    }
}

json::Value visit_json(const central::StickVisit& visit) {
    json::Array machines;
    for (const auto& machine : visit.machines) {
        json::Array refused;
        for (const auto& reason : machine.refused) refused.emplace_back(reason.id);
        machines.emplace_back(json::Object{
            {"device", machine.device.to_string()},
            {"clinic", machine.clinic.empty() ? json::Value() : json::Value(machine.clinic)},
            {"files", machine.uploads},
            {"new", machine.added},
            {"waiting", machine.waiting},
            {"missing_from",
             machine.waiting > 0 ? json::Value(machine.missing_from) : json::Value()},
            {"no_room", machine.without_room},
            {"refused", std::move(refused)},
            {"answer", std::string(word_of(machine.code))},
            {"written", machine.answers}});
    }
    return json::Object{{"machines", std::move(machines)}, {"damaged", visit.damaged}};
}

/// The stick that the option names, and that is there.
Result<std::optional<stick::Stick>> find_stick(const console::Parsed& parsed,
                                               std::string_view option) {
    const auto dir = parsed.find(option);
    if (!dir) return std::optional<stick::Stick>();
    stick::Stick found(*dir);
    if (auto there = found.find(); !there)
        return Error{there.error().code, "--" + std::string(option), there.error().message};
    return std::optional(std::move(found));
}

}  // namespace

Result<console::ExitStatus> sync_stick(const console::Parsed& parsed,
                                       const console::Terminal& terminal) {
    const auto from = find_stick(parsed, "from");
    if (!from) return from.error();
    const auto to = find_stick(parsed, "to");
    if (!to) return to.error();
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    if (auto sound = centre->check_keys(); !sound) return std::move(sound).error();
    const SystemClock clock;
    crypto::SystemRandom random;
    auto& store = centre->store();
    central::Ingester ingester(store, centre->keys(), centre->zone(), clock);
    central::Courier courier({store, ingester, centre->keys(), clock, random});
    const auto visit = central::visit(**from, *to ? &**to : nullptr, courier);
    if (visit.is_empty()) {
        return Error{ErrorCode::not_found, "--from",
                     msg("stick.nothing_from_clinics", {{"path", (*from)->dir()}})};
    }
    if (terminal.json) {
        terminal.out << json::dump(visit_json(visit)) << '\n';
    } else {
        print_visit(*centre, visit, terminal);
        const auto said =
            *to ? msg("stick.answers_written", {{"path", (*to)->dir()}}) : msg("stick.no_answers");
        if (!visit.error) terminal.out << '\n' << console::text(said, terminal.language) << '\n';
    }
    if (visit.error) console::print(*visit.error, terminal);
    const bool is_well = visit.damaged == 0 && !visit.error &&
                         std::all_of(visit.machines.begin(), visit.machines.end(), is_all_well);
    return is_well ? console::ExitStatus::done : console::ExitStatus::partly;
}

}  // namespace egret::daemon
