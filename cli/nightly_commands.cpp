#include "cli/console/catalog.h"
#include "cli/handlers.h"
#include "cli/locked_sync.h"
#include "cli/nightly_note.h"
#include "cli/nightly_status.h"
#include "cli/nightly_timer.h"
#include "cli/sync_commands.h"
#include "cli/unlock.h"
#include "registry/base/random.h"
#include "registry/json/dump.h"
#include "registry/service/founding.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <system_error>
#include <utility>
#include <vector>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;
using console::text;

/// The run finds its keys as this command does.
constexpr std::string_view needed_variables[] = {"EGRET_DEVICE_KEY", "EGRET_PASSPHRASE_FILE"};

Error cannot_name() { return {ErrorCode::unsupported, "", msg("nightly.cannot_name")}; }

Result<std::string> this_program() {
    std::error_code failed;
    auto path = fs::read_symlink("/proc/self/exe", failed).string();
    // One that was replaced meanwhile is no file any more.
    if (failed || !fs::exists(path, failed))
        return Error{ErrorCode::unavailable, "", msg("nightly.no_program")};
    return path;
}

/// What is to be done every night. The registry is opened for its time zone alone.
Result<NightlyJob> job_of(const Command& command, const std::string& dir, int minute) {
    NightlyJob job;
    job.minute = minute;
    job.language = command.language();
    auto program = this_program();
    if (!program) return std::move(program).error();
    job.program = *std::move(program);
    {
        const auto clinic = open_clinic(command);
        if (!clinic) return clinic.error();
        job.zone = (*clinic)->time_zone().name();
    }
    job.dir = fs::canonical(dir).string();
    bool can_all_be_named = can_be_run(job.program) && can_be_named(job.dir);
    for (const auto variable : needed_variables) {
        const auto path = command.terminal.environment(variable);
        if (!path || path->empty()) continue;
        job.environment.emplace_back(variable, fs::absolute(*path).string());
        can_all_be_named = can_all_be_named && can_be_named(*path);
    }
    if (!can_all_be_named) return cannot_name();
    return job;
}

/// Minutes, drawn anew each time: who has no timer of systemd's is spread over the night, too.
int draw_delay(Random& random) {
    constexpr int minutes = std::chrono::minutes(nightly_spread).count();
    const auto drawn = random.bytes<2>();
    return (drawn[0] * 256 + drawn[1]) % minutes;
}

/// What to put where, for who does it by hand.
void print_job(const Command& command, const NightlyTimer& timer, const NightlyJob& job) {
    const auto cron = nightly_cron_line(job, draw_delay(command.machine.random));
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        const auto unit = [](const std::string& path, const std::string& content) {
            return json::Object{{"path", path}, {"text", content}};
        };
        out << json::dump(
                   json::Object{{"installed", false},
                                {"at", nightly_time_text(job.minute)},
                                {"zone", job.zone},
                                {"service", unit(timer.service_path(), nightly_service_text(job))},
                                {"timer", unit(timer.timer_path(), nightly_timer_text(job))},
                                {"cron", cron}})
            << '\n';
        return;
    }
    const auto say = [&](const Message& message) {
        out << text(message, command.language()) << '\n';
    };
    say(msg("nightly.print_service", {{"path", timer.service_path()}}));
    out << '\n' << nightly_service_text(job) << '\n';
    say(msg("nightly.print_timer", {{"path", timer.timer_path()}}));
    out << '\n' << nightly_timer_text(job) << '\n';
    say(msg("nightly.print_enable"));
    out << "\nsystemctl --user daemon-reload\nsystemctl --user enable --now " << nightly_timer_name
        << "\nloginctl enable-linger\n\n";
    say(msg("nightly.print_cron"));
    out << '\n' << cron << '\n';
}

void note_plan(const std::string& dir, const NightlyJob& job, Instant now) {
    auto note = load_nightly_note(dir).note;
    NightlyPlan plan{job.minute, job.zone, now};
    if (note.plan && note.plan->minute == plan.minute && note.plan->zone == plan.zone)
        plan.since = std::min(note.plan->since, now);
    if (note.plan != plan) {
        note.plan = plan;
        save_nightly_note(dir, note);
    }
}

void say_installed(const Command& command, const NightlyTimer& timer, const NightlyJob& job,
                   bool is_new, bool lingers) {
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"installed", true},
                                       {"changed", is_new},
                                       {"at", nightly_time_text(job.minute)},
                                       {"zone", job.zone},
                                       {"service", timer.service_path()},
                                       {"timer", timer.timer_path()},
                                       {"lingers", lingers}})
            << '\n';
    } else {
        const std::vector<Message::Argument> when = {{"at", nightly_time_text(job.minute)},
                                                     {"zone", job.zone}};
        out << text(is_new ? msg("nightly.installed", when) : msg("nightly.as_before", when),
                    command.language())
            << '\n';
    }
    if (lingers) return;
    command.terminal.err << text("cli.warning", command.language())
                         << text("nightly.no_linger", command.language()) << '\n';
}

/// Errors: conflict, if the timer that is there is another's. Where there is no registry any more,
/// it is nobody's.
Result<Done> require_free(const NightlyTimer& timer, const std::string& dir) {
    if (timer.state_of(dir) != TimerState::of_other) return Done{};
    const auto owner = timer.owner().value_or("");
    if (!owner.empty() && !service::require_registry(owner)) return Done{};
    const auto path = owner.empty() ? timer.service_path() : owner;
    return Error{ErrorCode::conflict, "", msg("nightly.taken", {{"path", path}})};
}

Outcome install(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    int minute = nightly_minute_usual;
    if (const auto at = command.parsed.find("at")) {
        const auto said = parse_nightly_time(*at);
        if (!said)
            return usage_error(command, {ErrorCode::invalid_input, "--at", msg("nightly.at_form")});
        minute = *said;
    }
    const auto timer = NightlyTimer::find(command);
    if (!timer) return timer.error();
    const auto job = job_of(command, *dir, minute);
    if (!job) return job.error();
    if (command.parsed.has("print")) {
        print_job(command, *timer, *job);
        return ExitStatus::done;
    }
    // What can't run tonight is said now.
    if (const auto left = count_outbox(command, *dir); !left) return left.error();
    if (!timer->has_manager()) {
        print_job(command, *timer, *job);
        return Error{ErrorCode::unavailable, "", msg("nightly.no_systemd")};
    }
    if (auto free = require_free(*timer, *dir); !free) return std::move(free).error();
    const auto is_new = timer->install(*job);
    if (!is_new) return is_new.error();
    note_plan(*dir, *job, nightly_now(command));
    say_installed(command, *timer, *job, *is_new, timer->linger());
    return ExitStatus::done;
}

Outcome remove(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    const auto timer = NightlyTimer::find(command);
    if (!timer) return timer.error();
    if (auto free = require_free(*timer, *dir); !free) return std::move(free).error();
    const bool was_there = timer->owner().has_value();
    if (was_there) timer->remove();
    remove_nightly_note(*dir);
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"removed", was_there}}) << '\n';
        return ExitStatus::done;
    }
    out << text(was_there ? "nightly.removed" : "nightly.was_not_there", command.language())
        << '\n';
    return ExitStatus::done;
}

/// Notes how the night goes. That it can't be noted is no reason not to hand over.
class Night {
public:
    Night(const Command& command, std::string dir) : command_(command), dir_(std::move(dir)) {
        note_ = load_nightly_note(dir_).note;
        const auto now = nightly_now(command_);
        settle_clock(note_, now);
        note_.run = NightlyRun{now};
        save();
    }

    void end(const SyncEnd& end, ExitStatus status) {
        auto& run = *note_.run;
        // What `install` or `sync` noted meanwhile stays.
        if (const auto kept = load_nightly_note(dir_); kept.found == NoteFound::whole) {
            note_.plan = kept.note.plan;
            note_.handed_over = kept.note.handed_over;
        }
        run.ended = nightly_now(command_);
        run.outcome = end.said.id.empty() ? msg("nightly.broke_off") : end.said;
        run.exit = static_cast<int>(status);
        run.left = end.left;
        if (status == ExitStatus::done) note_.handed_over = run.ended;
        save();
    }

private:
    void save() {
        try {
            save_nightly_note(dir_, note_);
        } catch (const std::system_error& broken) {
            command_.terminal.err << text("cli.warning", command_.language())
                                  << text(msg("nightly.not_saved",
                                              {{"reason", broken.code().message()}}),
                                          command_.language())
                                  << '\n';
        }
    }

    const Command& command_;
    std::string dir_;
    NightlyNote note_;
};

Outcome run_night(const Command& command) {
    const auto registry = find_registry(command);
    if (!registry) return registry.error();
    Night night(command, registry->dir);
    SyncEnd end;
    const auto status = console::run_guarded(command.terminal, [&] {
        const auto done = sync_locked(command, registry->dir, end);
        if (done) return *done;
        console::print(done.error(), command.terminal);
        return console::status_of(done.error());
    });
    night.end(end, status);
    return status;
}

Outcome say_status(const Command& command) {
    const auto registry = find_registry(command);
    if (!registry) return registry.error();
    const auto nights = look_at_nights(command, registry->dir);
    auto& out = command.terminal.out;
    if (command.terminal.json)
        out << json::dump(nightly_json(nights)) << '\n';
    else
        out << nightly_line(nights, command.language()) << '\n';
    return ExitStatus::done;
}

}  // namespace

void add_nightly_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "nightly install", install);
    add_action(handlers, machine, "nightly remove", remove);
    add_action(handlers, machine, "nightly run", run_night);
    add_action(handlers, machine, "nightly status", say_status);
}

}  // namespace egret::cli
