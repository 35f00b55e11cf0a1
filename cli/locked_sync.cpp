#include "cli/locked_sync.h"

#include "cli/console/catalog.h"
#include "cli/nightly_status.h"
#include "cli/unlock.h"
#include "registry/icu/time_zone.h"
#include "registry/json/dump.h"
#include "registry/keys/key_file.h"

#include <filesystem>
#include <ostream>
#include <utility>

namespace egret::cli {
namespace {

using console::text;

bool is_set(const Command& command, std::string_view variable) {
    const auto value = command.terminal.environment(variable);
    return value && !value->empty();
}

Result<crypto::Secret> find_link_key(const Command& command, const std::string& dir) {
    const auto file = keys::KeyFile::load(dir);
    if (!file) return file.error();
    const auto& binding = file->device();
    // A passphrase is typed by somebody who is asked for it, and nobody is here.
    if (binding.kind == keys::DeviceKind::passphrase && !is_set(command, "EGRET_PASSPHRASE_FILE"))
        return Error{ErrorCode::locked, "", msg("link.keys_locked")};
    const auto device = load_device(command, dir, binding);
    if (!device) return device.error();
    return link_key_of(*device);
}

std::string utc_text_of(Instant at) {
    const auto utc = icu::TimeZone::parse("Etc/UTC");
    return utc ? utc->local_time_text(at) : utc_text(at);
}

}  // namespace

bool is_to_stay_locked(const Command& command, const std::string& dir) {
    if (command.machine.kept != nullptr || is_set(command, "EGRET_PIN_FILE")) return false;
    std::error_code unknown;
    return std::filesystem::exists(std::filesystem::path(dir) / keys::KeyFile::file_name, unknown);
}

Result<OutboxKeys> load_outbox_keys(const Command& command, const std::string& dir) {
    auto key = find_link_key(command, dir);
    if (!key) return std::move(key).error();
    auto keys = client::LinkKeys::load(dir, key->view());
    if (!keys) return std::move(keys).error();
    if (!*keys || !(*keys)->membership())
        return Error{ErrorCode::not_found, "", msg("link.not_enrolled")};
    return OutboxKeys{*std::move(key), std::move(**keys)};
}

client::OutboxSync::Parts outbox_parts(const Command& command, const OutboxKeys& keys) {
    const auto utc = icu::TimeZone::parse("Etc/UTC");
    const auto& machine = command.machine;
    const auto built = utc ? utc->start_of_day(machine.earliest_today) : instant_from_unix_ms(0);
    return {keys.link, machine.clock,        machine.random,
            built,     files::system_disk(), keys.link_key.view()};
}

Result<client::ClinicLink::Outcome> sync_outbox(const Command& command, const std::string& dir,
                                                Progress& progress) {
    const auto keys = load_outbox_keys(command, dir);
    if (!keys) return keys.error();
    client::OutboxSync sync(outbox_parts(command, *keys), dir);
    return sync.sync(command.parsed.find("server").value_or(""), progress);
}

Outcome say_outbox_status(const Command& command, const std::string& dir) {
    const auto keys = load_outbox_keys(command, dir);
    if (!keys) return keys.error();
    const auto& membership = *keys->link.membership();
    const auto status = client::OutboxSync(outbox_parts(command, *keys), dir).status();
    const auto last = status.server_time ? utc_text(*status.server_time) : std::string();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{
                   {"enrolled", true},
                   {"clinic", membership.clinic_code},
                   {"recorded", json::Value()},
                   {"acked", status.acked_seq ? json::Value(*status.acked_seq) : json::Value()},
                   {"left", status.left},
                   {"url", membership.url},
                   {"last", last.empty() ? json::Value() : json::Value(last)},
                   {"locked", true},
                   {"nightly", nightly_json(look_at_nights(command, dir, status.left))}})
            << '\n';
        return console::ExitStatus::done;
    }
    out << text(msg("sync.locked_status", {{"left", std::to_string(status.left)}}),
                command.language())
        << '\n';
    if (status.server_time) {
        out << text(msg("sync.locked_last", {{"last", utc_text_of(*status.server_time)}}),
                    command.language())
            << '\n';
    }
    const auto nights = look_at_nights(command, dir, status.left);
    out << nightly_line(nights, command.language()) << '\n';
    return console::ExitStatus::done;
}

Result<std::uint64_t> count_outbox(const Command& command, const std::string& dir) {
    const auto keys = load_outbox_keys(command, dir);
    if (!keys) return keys.error();
    return client::OutboxSync(outbox_parts(command, *keys), dir).status().left;
}

}  // namespace egret::cli
