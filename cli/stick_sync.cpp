#include "cli/stick_sync.h"

#include "cli/console/catalog.h"
#include "cli/console/progress_bar.h"
#include "cli/locked_sync.h"
#include "cli/nightly_status.h"
#include "registry/json/dump.h"
#include "sync/client/clinic_link.h"
#include "sync/client/relay.h"
#include "sync/client/stick_sync.h"
#include "sync/http/server.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

namespace egret::cli {
namespace {

using client::StickOutcome;
using console::ExitStatus;
using console::text;

void say(const Command& command, const Message& message) {
    if (!command.terminal.json) command.terminal.out << text(message, command.language()) << '\n';
}

void note(const Command& command, const Message& message) {
    command.terminal.err << text(message, command.language()) << '\n';
}

std::string in_digits(std::uint64_t number) { return std::to_string(number); }

/// The registry, opened or locked, as a stick meets it.
class AtStick {
public:
    AtStick(const Command& command, std::string dir)
        : command_(command), dir_(std::move(dir)), is_locked_(is_to_stay_locked(command, dir_)) {}

    bool is_locked() const noexcept { return is_locked_; }

    Result<Done> prepare() {
        if (is_locked_) {
            auto keys = load_outbox_keys(command_, dir_);
            if (!keys) return std::move(keys).error();
            keys_ = *std::move(keys);
            return Done{};
        }
        auto opened = open_clinic(command_);
        if (!opened) return std::move(opened).error();
        clinic_ = *std::move(opened);
        return Done{};
    }

    Result<StickOutcome> take_from(const stick::Stick& stick) {
        console::ProgressBar bar(command_.terminal, text("sync.progress", command_.language()));
        if (is_locked_)
            return client::OutboxStick(outbox_parts(command_, *keys_), dir_).take_from(stick);
        return client::ClinicStick(*clinic_, dir_).take_from(stick, bar);
    }

    Result<StickOutcome> write_to(const stick::Stick& stick) {
        console::ProgressBar bar(command_.terminal, text("sync.progress", command_.language()));
        if (is_locked_)
            return client::OutboxStick(outbox_parts(command_, *keys_), dir_).write_to(stick);
        return client::ClinicStick(*clinic_, dir_).write_to(stick, bar);
    }

    Result<client::RelayOutcome> carry(const stick::Stick& stick) {
        console::ProgressBar bar(command_.terminal, text("sync.progress", command_.language()));
        std::unique_ptr<client::HeldLink> link;
        auto now = command_.machine.clock.now();
        if (is_locked_) {
            const auto parts = outbox_parts(command_, *keys_);
            auto held = client::HeldLink::of(parts.keys, {dir_, parts.link_key, parts.disk});
            if (!held) return std::move(held).error();
            link = *std::move(held);
            now = std::max(now, parts.not_before);
        } else {
            client::ClinicLink line(*clinic_, dir_);
            auto held = line.held(bar);
            if (!held) return std::move(held).error();
            link = *std::move(held);
            now = line.trusted_now();
        }
        http::ignore_sigpipe();
        const client::RelayMeans means{*link, command_.machine.random,
                                       [this] { return command_.machine.clock.now(); }, now,
                                       command_.parsed.find("server").value_or("")};
        return client::relay(stick, means, client::connect_https, bar);
    }

private:
    const Command& command_;
    std::string dir_;
    bool is_locked_;
    std::optional<OutboxKeys> keys_;
    std::unique_ptr<service::Clinic> clinic_;
};

void say_taken(const Command& command, const StickOutcome& outcome, const stick::Stick& stick) {
    const auto& report = outcome.sync.report;
    if (outcome.has_receipt && !report.error) {
        const auto acked = in_digits(report.acked);
        if (report.left > 0) {
            say(command,
                msg("stick.some_left",
                    {{"acked", acked}, {"left", in_digits(report.left)}, {"path", stick.dir()}}));
        } else {
            say(command, report.acked > 0 ? msg("stick.all_there", {{"acked", acked}})
                                          : msg("stick.nothing_new"));
        }
    }
    if (outcome.sync.received > 0)
        say(command, msg("sync.received", {{"count", in_digits(outcome.sync.received)}}));
    if (outcome.sync.fetched > 0) say(command, msg("sync.locked_fetched"));
    for (const auto& odd : outcome.said) note(command, odd);
    if (outcome.sync.must_rejoin) note(command, msg("sync.cloned"));
    if (report.error) console::print(*report.error, command.terminal);
}

void say_written(const Command& command, const StickOutcome& outcome, const stick::Stick& stick) {
    const auto& report = outcome.sync.report;
    const auto sent = in_digits(report.sent);
    if (report.error) {
        if (report.sent > 0) {
            say(command, msg("stick.written_partly",
                             {{"sent", sent}, {"left", in_digits(report.left - report.sent)}}));
        }
        console::print(*report.error, command.terminal);
    } else if (report.sent > 0) {
        say(command, msg("stick.written", {{"sent", sent}, {"path", stick.dir()}}));
    } else {
        say(command, msg("stick.written_call", {{"path", stick.dir()}}));
    }
}

/// In numbers, of both.
void print_json(const Command& command, const client::SyncOutcome& total, bool is_locked) {
    if (!command.terminal.json) return;
    json::Object object{{"sent", total.report.sent},
                        {"acked", total.report.acked},
                        {"received", total.received},
                        {"left", total.report.left}};
    if (is_locked) {
        object.set("locked", true);
        object.set("fetched", total.fetched);
    }
    if (total.must_rejoin) object.set("must_rejoin", true);
    command.terminal.out << json::dump(object) << '\n';
}

/// A stick that was nowhere yet is no fault where it is to be written anyhow.
bool is_new_stick(const StickOutcome& taken) {
    const auto& error = taken.sync.report.error;
    return error && error->message.id == "stick.nothing_yet";
}

Outcome exchange(const Command& command, AtStick& at, const std::optional<stick::Stick>& from,
                 const std::optional<stick::Stick>& to, const std::string& dir) {
    client::SyncOutcome total;
    auto status = ExitStatus::done;
    if (from) {
        auto taken = at.take_from(*from);
        if (!taken) return std::move(taken).error();
        if (to && is_new_stick(*taken)) taken->sync.report.error.reset();
        say_taken(command, *taken, *from);
        total = taken->sync;
        if (total.report.left > 0) status = ExitStatus::partly;
        if (total.report.error || total.must_rejoin) status = ExitStatus::refused;
        if (status == ExitStatus::done && taken->has_receipt) note_handed_over(command, dir);
    }
    if (to) {
        const auto written = at.write_to(*to);
        if (!written) return written.error();
        say_written(command, *written, *to);
        const auto& report = written->sync.report;
        total.report.sent = report.sent;
        total.report.left = report.left;
        if (report.error) {
            status = report.sent > 0 ? ExitStatus::partly : ExitStatus::refused;
        } else if (status == ExitStatus::partly) {
            status = ExitStatus::done;  // What is left is on the stick.
        }
    }
    print_json(command, total, at.is_locked());
    return status;
}

Outcome carry_for_others(const Command& command, AtStick& at, const stick::Stick& stick) {
    const auto outcome = at.carry(stick);
    if (!outcome) return outcome.error();
    const bool is_empty = outcome->carried + outcome->refused + outcome->left == 0;
    if (is_empty)
        return Error{ErrorCode::not_found, "",
                     msg("stick.nothing_from_clinics", {{"path", stick.dir()}})};
    if (command.terminal.json) {
        command.terminal.out << json::dump(json::Object{{"sent", outcome->facts},
                                                        {"acked", 0},
                                                        {"received", 0},
                                                        {"left", outcome->left},
                                                        {"carried", outcome->carried},
                                                        {"brought", outcome->brought},
                                                        {"refused", outcome->refused}})
                             << '\n';
    }
    if (outcome->carried > 0) {
        say(command, msg("relay.carried", {{"count", in_digits(outcome->carried)},
                                           {"brought", in_digits(outcome->brought)},
                                           {"path", stick.dir()}}));
    }
    for (const auto& why : outcome->why) note(command, why);
    if (outcome->left > 0) say(command, msg("relay.left", {{"count", in_digits(outcome->left)}}));
    if (outcome->error) console::print(*outcome->error, command.terminal);
    if (outcome->must_stop || outcome->carried == 0) return ExitStatus::refused;
    const bool is_whole = outcome->left == 0 && outcome->refused == 0 && !outcome->error;
    return is_whole ? ExitStatus::done : ExitStatus::partly;
}

/// The stick that the option names, if it is there.
Result<std::optional<stick::Stick>> stick_of(const Command& command, std::string_view option) {
    const auto dir = command.parsed.find(option);
    if (!dir) return std::optional<stick::Stick>();
    stick::Stick found(*dir);
    if (auto there = found.find(); !there) return std::move(there).error();
    return std::optional(std::move(found));
}

}  // namespace

bool is_by_stick(const Command& command) {
    const auto& parsed = command.parsed;
    return parsed.find("to") || parsed.find("from") || parsed.find("relay");
}

Outcome sync_by_stick(const Command& command, const std::string& dir) {
    const auto& parsed = command.parsed;
    const bool is_relay = parsed.find("relay").has_value();
    const bool is_exchange = parsed.find("to") || parsed.find("from");
    if ((is_relay && is_exchange) || parsed.has("until-done"))
        return usage_error(command, {ErrorCode::invalid_input, "", msg("stick.not_together")});
    if (is_exchange && parsed.find("server"))
        return usage_error(command, {ErrorCode::invalid_input, "", msg("stick.no_server")});
    const auto from = stick_of(command, "from");
    if (!from) return from.error();
    const auto to = stick_of(command, "to");
    if (!to) return to.error();
    const auto relayed = stick_of(command, "relay");
    if (!relayed) return relayed.error();
    AtStick at(command, dir);
    if (auto ready = at.prepare(); !ready) return std::move(ready).error();
    return is_relay ? carry_for_others(command, at, **relayed)
                    : exchange(command, at, *from, *to, dir);
}

}  // namespace egret::cli
