#include "sync/daemon/status_command.h"

#include "cli/console/catalog.h"
#include "cli/console/table.h"
#include "registry/json/dump.h"
#include "sync/central/feed_store.h"
#include "sync/daemon/backup_commands.h"
#include "sync/daemon/centre_access.h"
#include "sync/daemon/centre_clock.h"
#include "sync/daemon/key_advice.h"

#include <algorithm>
#include <ostream>

namespace egret::daemon {
namespace {

using FeedStandings = std::vector<central::FeedStanding>;

json::Value moment_json(const std::optional<Instant>& at) {
    return at ? json::Value(utc_text(*at)) : json::Value();
}

json::Value feeds_json(const FeedStandings& feeds, const DeviceId& device) {
    json::Array all;
    for (const auto& standing : feeds) {
        if (standing.device != device) continue;
        all.emplace_back(json::Object{{"scope", standing.scope},
                                      {"items", standing.head_pos},
                                      {"behind", standing.behind()},
                                      {"asked", moment_json(standing.asked)}});
    }
    return all;
}

/// How many items of its feeds a machine hasn't said that it has; "-" if it never asked for any.
std::string feed_behind_text(const FeedStandings& feeds, const DeviceId& device) {
    std::uint64_t behind = 0;
    bool has_asked = false;
    for (const auto& standing : feeds) {
        if (standing.device != device) continue;
        behind += standing.behind();
        has_asked = has_asked || standing.asked;
    }
    return has_asked ? std::to_string(behind) : "-";
}

json::Value status_json(const central::DeviceStatus& status, const FeedStandings& feeds,
                        Instant now) {
    return json::Object{{"device", status.device.id.to_string()},
                        {"enrolled", utc_text(status.device.enrolled)},
                        {"revoked", moment_json(status.device.revoked)},
                        {"damaged", status.device.is_damaged},
                        {"forked", moment_json(status.forked)},
                        {"cloned", central::tell_of_copies(status.forks, now)},
                        {"last_batch", moment_json(status.last_batch)},
                        {"seen", moment_json(status.seen)},
                        {"facts", status.head.seq},
                        {"behind", status.behind()},
                        {"feeds", feeds_json(feeds, status.device.id)},
                        {"clock_offset_ms", status.clock_offset_ms},
                        {"clock_suspect", status.clock_suspect},
                        {"newer", status.newer},
                        {"quarantined", status.refused},
                        {"bundle", status.bundle_number},
                        {"app_version", status.app_version}};
}

/// The newest backup, and the newest that was tried.
json::Value backup_json(const std::vector<central::Backup>& backups) {
    if (backups.empty()) return {};
    const auto tried = std::find_if(backups.begin(), backups.end(),
                                    [](const auto& backup) { return backup.verified.has_value(); });
    json::Value verified;
    if (tried != backups.end()) {
        verified = json::Object{{"number", tried->number},
                                {"written", utc_text(tried->at)},
                                {"tried", utc_text(*tried->verified)},
                                {"kept", tried->kept}};
    }
    return json::Object{{"number", backups.front().number},
                        {"written", utc_text(backups.front().at)},
                        {"verified", std::move(verified)}};
}

/// The key bundle, and what is to be done about the keys, in words of the program's own.
json::Value keys_json(central::Centre& centre, Instant now) {
    json::Array warnings;
    for (const auto& warning : advise_keys(centre, now, Language::en))
        warnings.emplace_back(warning.kind);
    const auto& keys = centre.keys();
    return json::Object{{"number", keys.bundle_number()},
                        {"lasts_until", utc_text(central::end_of_keys(keys.ring()))},
                        {"warnings", std::move(warnings)}};
}

/// Enough of it for people to tell machines by.
std::string short_id(const DeviceId& id) { return id.to_string().substr(0, 8); }

/// Of the worst that is to be said, one word.
std::string_view state_of(const central::DeviceStatus& status, Instant now) {
    if (status.device.is_damaged) return "central.state.damaged";
    if (status.device.revoked) return "central.state.revoked";
    if (central::tell_of_copies(status.forks, now)) return "central.state.cloned";
    if (status.is_forked()) return "central.state.forked";
    if (!status.seen) return "central.state.silent";
    if (status.clock_suspect) return "central.state.clock";
    if (status.behind() > 0) return "central.state.behind";
    if (status.refused > 0) return "central.state.quarantine";
    return "central.state.good";
}

/// All of which anything is noted. One whose own row was lost is known by its machines.
std::vector<central::Clinic> clinics_of(central::Centre& centre,
                                        const std::vector<central::DeviceStatus>& statuses) {
    auto clinics = centre.store().clinics();
    for (const auto& status : statuses) {
        const auto& code = status.device.clinic;
        const bool is_there =
            std::any_of(clinics.begin(), clinics.end(),
                        [&](const central::Clinic& clinic) { return clinic.code == code; });
        if (is_there) continue;
        central::Clinic lost;
        lost.code = code;
        lost.is_damaged = true;
        clinics.push_back(lost);
    }
    return clinics;
}

console::Table status_table(central::Centre& centre,
                            const std::vector<central::DeviceStatus>& statuses, Language language,
                            Instant now) {
    const auto feeds = centre.store().feeds().feed_standings();
    console::Table table({{"clinic", "central.column.clinic"},
                          {"name", "central.column.name"},
                          {"machine", "central.column.machine"},
                          {"last_batch", "central.column.last_batch"},
                          {"facts", "central.column.facts", console::Align::right},
                          {"behind", "central.column.behind", console::Align::right},
                          {"feed", "central.column.feed", console::Align::right},
                          {"state", "central.column.state"}});
    for (const auto& clinic : clinics_of(centre, statuses)) {
        bool has_machine = false;
        for (const auto& status : statuses) {
            if (status.device.clinic != clinic.code) continue;
            has_machine = true;
            table.add_row(
                {clinic.code, clinic.name, short_id(status.device.id),
                 status.last_batch ? centre.zone().local_time_text(*status.last_batch) : "-",
                 std::to_string(status.head.seq), std::to_string(status.behind()),
                 feed_behind_text(feeds, status.device.id),
                 console::text(state_of(status, now), language)});
        }
        if (!has_machine) {
            table.add_row({clinic.code, clinic.name, "-", "-", "0", "0", "-",
                           console::text("central.state.not_joined", language)});
        }
    }
    return table;
}

Message quarantined(const central::DeviceStatus& status, std::vector<Message::Argument> parts) {
    parts.push_back({"count", std::to_string(status.refused)});
    return msg("central.quarantined", std::move(parts));
}

std::string joined_codes(const std::vector<std::string>& clinics) {
    std::string codes;
    for (const auto& clinic : clinics) codes.append(codes.empty() ? "" : ", ").append(clinic);
    return codes;
}

json::Array erasures_json(const std::vector<central::OpenErasure>& erasures) {
    json::Array all;
    for (const auto& erasure : erasures) {
        json::Array clinics;
        for (const auto& clinic : erasure.clinics) clinics.emplace_back(clinic);
        all.emplace_back(
            json::Object{{"id", erasure.woman.to_string()}, {"clinics", std::move(clinics)}});
    }
    return all;
}

/// What to do about each thing that the table names in a word.
void print_advice(central::Centre& centre, const std::vector<central::DeviceStatus>& statuses,
                  const console::Terminal& terminal, Instant now) {
    const auto print = [&](const Message& message) {
        terminal.out << '\n' << console::text(message, terminal.language) << '\n';
    };
    const auto doubt = doubt_centre_clock(statuses, now, centre.zone());
    if (doubt) print(*doubt);
    const auto backups = centre.store().backups();
    if (const auto advice = advise_backup(backups, SystemClock().now(), centre.zone()))
        print(*advice);
    for (const auto& erasure : centre.store().open_erasures()) {
        print(msg("central.erasure_open", {{"woman", erasure.woman.to_string()},
                                           {"clinics", joined_codes(erasure.clinics)}}));
    }
    for (const auto& warning : advise_keys(centre, now, terminal.language)) print(warning.sentence);
    for (const auto& clinic : clinics_of(centre, statuses)) {
        if (clinic.is_damaged) print(msg("central.clinic_damaged", {{"clinic", clinic.code}}));
    }
    for (const auto& status : statuses) {
        const auto& device = status.device;
        const std::vector<Message::Argument> parts{{"machine", short_id(device.id)},
                                                   {"clinic", device.clinic}};
        if (device.is_damaged)
            print(msg("central.machine_damaged", parts));
        else if (device.revoked)
            continue;
        else if (central::tell_of_copies(status.forks, now))
            print(msg("central.cloned", parts));
        else if (status.is_forked())
            print(msg("central.forked", parts));
        else if (status.clock_suspect && !doubt)
            print(msg("central.clock_off", parts));
        if (!device.is_damaged && status.refused > 0) print(quarantined(status, parts));
    }
}

}  // namespace

Result<console::ExitStatus> status(const console::Parsed& parsed,
                                   const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    const auto statuses = centre->store().statuses();
    const auto now = SystemClock().now();
    if (!terminal.json) {
        terminal.out
            << status_table(*centre, statuses, terminal.language, now).to_text(terminal.language);
        print_advice(*centre, statuses, terminal, now);
        return console::ExitStatus::done;
    }
    const auto feeds = centre->store().feeds().feed_standings();
    json::Array clinics;
    for (const auto& clinic : clinics_of(*centre, statuses)) {
        json::Array devices;
        for (const auto& one : statuses) {
            if (one.device.clinic == clinic.code) devices.push_back(status_json(one, feeds, now));
        }
        clinics.emplace_back(json::Object{{"clinic", clinic.code},
                                          {"name", clinic.name},
                                          {"area", clinic.area},
                                          {"damaged", clinic.is_damaged},
                                          {"devices", std::move(devices)}});
    }
    terminal.out << json::dump(
                        json::Object{{"name", centre->name()},
                                     {"url", centre->url()},
                                     {"backup", backup_json(centre->store().backups())},
                                     {"erasures", erasures_json(centre->store().open_erasures())},
                                     {"keys", keys_json(*centre, now)},
                                     {"clinics", std::move(clinics)}})
                 << '\n';
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
