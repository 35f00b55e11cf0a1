#include "cli/sync_commands.h"

#include "cli/console/catalog.h"
#include "cli/console/progress_bar.h"
#include "cli/handlers.h"
#include "cli/locked_sync.h"
#include "cli/nightly_status.h"
#include "cli/programme_slot.h"
#include "cli/stick_sync.h"
#include "registry/json/dump.h"
#include "sync/client/clinic_link.h"
#include "sync/core/enrolment_code.h"
#include "sync/http/server.h"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <thread>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

// Between two tries of --until-done: doubled each time, so that a centre that comes back after an
// outage is not overrun.
constexpr std::chrono::seconds first_pause{1};
constexpr std::chrono::seconds longest_pause{60};

Outcome enrol(const Command& command) {
    if (const auto code = sync::parse_enrolment_code(command.parsed.value("CODE")); !code)
        return usage_error(command, {code.error().code, "CODE", code.error().message});
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    if (auto lead = require_lead(**clinic); !lead) return std::move(lead).error();
    http::ignore_sigpipe();
    client::ClinicLink link(**clinic, *dir);
    console::ProgressBar bar(command.terminal, text("enrol.progress", command.language()));
    const auto joined = link.enrol(command.parsed.value("URL"), command.parsed.value("CODE"), bar);
    if (!joined) {
        const auto& why = joined.error();
        const bool is_no_url = why.code == ErrorCode::invalid_input && why.field == "url";
        return is_no_url ? usage_error(command, why) : Outcome(why);
    }
    if (auto kept = keep_programme_slot(command, **clinic, *dir, link); !kept)
        return std::move(kept).error();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"clinic", joined->clinic_code},
                                       {"device", joined->device.to_string()},
                                       {"url", joined->url}})
            << '\n';
        return ExitStatus::done;
    }
    out << text(msg("enrol.done", {{"clinic", joined->clinic_code}, {"url", joined->url}}),
                command.language())
        << '\n'
        << text("enrol.sheet", command.language()) << '\n';
    return ExitStatus::done;
}

ExitStatus status_of_run(const client::ClinicLink::Outcome& outcome) {
    if (outcome.must_stop) return ExitStatus::refused;
    if (outcome.report.left > 0) return ExitStatus::partly;
    return outcome.report.error || outcome.must_rejoin ? ExitStatus::refused : ExitStatus::done;
}

/// Whether the registry is opened for it, or its outbox alone is handed over.
enum class Manner { opened, locked };

/// Nothing, if the error that is said beside it says all.
std::optional<Message> message_of(const client::ClinicLink::Outcome& outcome, Manner manner) {
    const bool is_locked = manner == Manner::locked;
    const auto& report = outcome.report;
    const auto acked = std::to_string(report.acked);
    const auto left = std::to_string(report.left);
    if (outcome.must_stop) {
        if (report.left == 0) return std::nullopt;
        return msg("sync.stopped", {{"acked", acked}, {"left", left}});
    }
    if (report.left > 0) return msg("sync.some_left", {{"acked", acked}, {"left", left}});
    if (report.error && !outcome.has_all) return msg("sync.not_reached");
    if (report.acked > 0)
        return msg(is_locked ? "sync.locked_all_there" : "sync.all_there", {{"acked", acked}});
    return is_locked ? msg("sync.locked_nothing_new") : msg("sync.nothing_new");
}

void say_run(const Command& command, const client::ClinicLink::Outcome& outcome, Manner manner) {
    const auto& report = outcome.report;
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        json::Object object{{"sent", report.sent},
                            {"acked", report.acked},
                            {"received", outcome.received},
                            {"left", report.left}};
        if (manner == Manner::locked) {
            object.set("locked", true);
            object.set("fetched", outcome.fetched);
        }
        const auto& repairs = outcome.repairs;
        if (repairs.count > 0) {
            object.set("repaired", json::Object{{"taken_over", repairs.taken_over},
                                                {"own", repairs.renumbered}});
        }
        if (repairs.set_aside > 0) object.set("set_aside", repairs.set_aside);
        if (outcome.must_rejoin) object.set("must_rejoin", true);
        out << json::dump(object) << '\n';
        return;
    }
    if (const auto said = message_of(outcome, manner))
        out << text(*said, command.language()) << '\n';
    if (outcome.received > 0) {
        out << text(msg("sync.received", {{"count", std::to_string(outcome.received)}}),
                    command.language())
            << '\n';
    }
    if (outcome.fetched > 0) out << text("sync.locked_fetched", command.language()) << '\n';
}

SyncEnd end_of(const client::ClinicLink::Outcome& outcome, Manner manner) {
    const auto& report = outcome.report;
    if (report.error) return {report.error->message, report.left};
    if (outcome.must_rejoin) return {msg("sync.cloned"), report.left};
    return {message_of(outcome, manner).value_or(Message()), report.left};
}

/// What a person should know beside, whatever else came of it.
void say_repairs(const Command& command, const client::ClinicLink::Outcome& outcome) {
    const auto& repairs = outcome.repairs;
    const auto say = [&](const Message& message) {
        command.terminal.err << text(message, command.language()) << '\n';
    };
    if (repairs.count > 0) {
        say(msg("sync.repaired", {{"count", std::to_string(repairs.taken_over)},
                                  {"own", std::to_string(repairs.renumbered)}}));
    }
    if (repairs.set_aside > 0)
        say(msg("outbox.set_aside", {{"count", std::to_string(repairs.set_aside)}}));
    if (outcome.must_rejoin) say(msg("sync.cloned"));
}

void add_up(client::ClinicLink::Outcome& total, const client::ClinicLink::Outcome& run) {
    total.report.sent += run.report.sent;
    total.report.acked += run.report.acked;
    total.report.left = run.report.left;
    total.report.error = run.report.error;
    total.must_stop = run.must_stop;
    total.has_all = run.has_all;
    total.received += run.received;
    total.fetched += run.fetched;
    total.repairs.count += run.repairs.count;
    total.repairs.taken_over += run.repairs.taken_over;
    total.repairs.renumbered += run.repairs.renumbered;
    total.repairs.set_aside += run.repairs.set_aside;
    total.must_rejoin = total.must_rejoin || run.must_rejoin;
}

/// Somebody who looks at it must not take waiting for working.
void say_trying_on(const Command& command, const Error& error) {
    if (command.terminal.json || command.terminal.quiet) return;
    console::print(error, command.terminal);
    command.terminal.err << text(msg("sync.trying_on"), command.language()) << '\n';
}

/// One run after another, as somebody asked for.
class Syncing {
public:
    Syncing(const Command& command, std::string dir, Manner manner)
        : command_(command), dir_(std::move(dir)), manner_(manner) {}

    Manner manner() const noexcept { return manner_; }

    Result<client::ClinicLink::Outcome> run() {
        const auto label = text("sync.progress", command_.language());
        if (manner_ == Manner::locked) {
            console::ProgressBar bar(command_.terminal, label);
            return sync_outbox(command_, dir_, bar);
        }
        if (!clinic_) {
            auto opened = open_clinic(command_);
            if (!opened) return std::move(opened).error();
            clinic_ = *std::move(opened);
        }
        client::ClinicLink link(*clinic_, dir_);
        // Where a power cut came between joining and this, it is made up for.
        if (auto kept = keep_programme_slot(command_, *clinic_, dir_, link); !kept)
            return std::move(kept).error();
        console::ProgressBar bar(command_.terminal, label);
        return link.sync(command_.parsed.find("server").value_or(""), bar);
    }

    /// Until the next run. Others get at the registry meanwhile, if it can be opened again without
    /// asking for a PIN.
    void pause(std::chrono::seconds time) {
        if (command_.machine.kept != nullptr) clinic_.reset();
        std::this_thread::sleep_for(time);
    }

private:
    const Command& command_;
    std::string dir_;
    Manner manner_;
    std::unique_ptr<service::Clinic> clinic_;
};

Outcome sync_by(const Command& command, Syncing& syncing, bool until_done, SyncEnd& end) {
    http::ignore_sigpipe();
    client::ClinicLink::Outcome total;
    auto pause = first_pause;
    bool has_told = false;
    for (;;) {
        auto outcome = syncing.run();
        if (!outcome) {
            end.said = outcome.error().message;
            return std::move(outcome).error();
        }
        add_up(total, *outcome);
        const auto status = status_of_run(total);
        const auto& error = total.report.error;
        const bool is_over = total.must_stop || (total.report.left == 0 && !error);
        if (is_over || !until_done) {
            say_run(command, total, syncing.manner());
            say_repairs(command, total);
            if (error) console::print(*error, command.terminal);
            end = end_of(total, syncing.manner());
            return status;
        }
        if (error && !has_told) say_trying_on(command, *error);
        has_told = has_told || error;
        syncing.pause(pause);
        pause = std::min(pause * 2, longest_pause);
    }
}

Outcome sync_now(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    if (is_by_stick(command)) return sync_by_stick(command, *dir);
    const auto manner = is_to_stay_locked(command, *dir) ? Manner::locked : Manner::opened;
    Syncing syncing(command, *dir, manner);
    SyncEnd end;
    auto status = sync_by(command, syncing, command.parsed.has("until-done"), end);
    if (status && *status == ExitStatus::done) note_handed_over(command, *dir);
    return status;
}

Outcome sync_status(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    if (is_to_stay_locked(command, *dir)) return say_outbox_status(command, *dir);
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto status = client::ClinicLink(**clinic, *dir).status();
    if (!status) return status.error();
    const auto left = status->head_seq - std::min(status->acked_seq, status->head_seq);
    const auto last = status->server_time
                          ? (*clinic)->time_zone().local_time_text(*status->server_time)
                          : std::string();
    const bool is_shut_out = (*clinic)->is_shut_out();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        json::Object object{{"enrolled", status->is_enrolled},
                            {"clinic", (*clinic)->identity().code},
                            {"recorded", status->head_seq},
                            {"acked", status->acked_seq},
                            {"left", left}};
        if (status->is_enrolled) object.set("url", status->url);
        object.set("last", last.empty() ? json::Value() : json::Value(last));
        object.set("shut_out", is_shut_out);
        object.set("nightly", nightly_json(look_at_nights(command, *dir, left)));
        out << json::dump(object) << '\n';
        return ExitStatus::done;
    }
    const auto left_text = std::to_string(left);
    const auto said = [&] {
        if (!status->is_enrolled) return msg("sync.status_not_enrolled", {{"left", left_text}});
        if (last.empty())
            return left == 0 ? msg("sync.status_empty")
                             : msg("sync.status_never", {{"left", left_text}});
        return left == 0 ? msg("sync.status_all_there", {{"last", last}})
                         : msg("sync.status", {{"left", left_text}, {"last", last}});
    };
    out << text(said(), command.language()) << '\n';
    if (is_shut_out) out << text("sync.re_enrol", command.language()) << '\n';
    if (status->is_enrolled) {
        const auto nights = look_at_nights(command, *dir, left);
        out << nightly_line(nights, command.language()) << '\n';
    }
    return ExitStatus::done;
}

}  // namespace

Outcome sync_locked(const Command& command, const std::string& dir, SyncEnd& end) {
    Syncing syncing(command, dir, Manner::locked);
    return sync_by(command, syncing, false, end);
}

void add_sync_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "enrol", enrol);
    add_action(handlers, machine, "sync", sync_now);
    add_action(handlers, machine, "sync status", sync_status);
}

}  // namespace egret::cli
