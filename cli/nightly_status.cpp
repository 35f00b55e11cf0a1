#include "cli/nightly_status.h"

#include "cli/console/catalog.h"
#include "cli/locked_sync.h"
#include "registry/icu/time_zone.h"

#include <algorithm>
#include <ostream>
#include <system_error>
#include <vector>

namespace egret::cli {
namespace {

using console::text;
using service::ClockState;

constexpr int bad_nights_said_from = 2;
// A clock is put right by so much every now and then, and nobody need look at it.
constexpr std::chrono::hours clock_slack{1};

Message last_night(const Nights& nights, Language language) {
    if (nights.kept.found == NoteFound::damaged) return msg("nightly.damaged");
    const auto& note = nights.kept.note;
    if (!note.run) return msg("nightly.never");
    const auto when = local_text_of(note, note.run->started);
    if (note.run->started > nights.now + clock_slack)
        return msg("nightly.from_ahead", {{"when", when}});
    if (!note.run->ended) return msg("nightly.not_ended", {{"when", when}});
    if (note.run->exit == 0) return msg("nightly.good", {{"when", when}});
    const auto reason = console::printable(text(note.run->outcome, language));
    return msg("nightly.failed", {{"when", when}, {"reason", reason}});
}

Message next_one(const Nights& nights) {
    switch (nights.timer) {
        case TimerState::of_other: return msg("nightly.of_other");
        case TimerState::not_running: return msg("nightly.not_running");
        case TimerState::none: {
            const auto& note = nights.kept.note;
            const bool runs_by_other =
                note.run && !note.plan && bad_nights(note, nights.now) < bad_nights_said_from;
            return msg(runs_by_other ? "nightly.by_other" : "nightly.not_set_up");
        }
        case TimerState::running: break;
    }
    const auto& note = nights.kept.note;
    const auto begin = next_night(note, nights.now);
    if (!begin) return msg("nightly.not_noted");
    constexpr std::size_t date_length = 11;  // With the blank behind it.
    return msg("nightly.next",
               {{"from", local_text_of(note, *begin)},
                {"to", local_text_of(note, *begin + nightly_spread).substr(date_length)}});
}

/// Nobody's command fails for what is noted again with the next one.
void try_to_save(const std::string& dir, const NightlyNote& note) {
    try {
        save_nightly_note(dir, note);
    } catch (const std::system_error&) {
        return;
    }
}

bool is_about_nights(const Command& command) {
    const auto name = command.parsed.command();
    return name.starts_with("sync") || name.starts_with("nightly") || name == "enrol";
}

}  // namespace

Instant nightly_now(const Command& command) {
    const auto utc = icu::TimeZone::parse("Etc/UTC");
    const auto& machine = command.machine;
    const auto built = utc ? utc->start_of_day(machine.earliest_today) : instant_from_unix_ms(0);
    return std::max(machine.clock.now(), built);
}

Nights look_at_nights(const Command& command, const std::string& dir,
                      std::optional<std::uint64_t> left) {
    Nights nights;
    nights.kept = load_nightly_note(dir);
    nights.now = nightly_now(command);
    if (const auto timer = NightlyTimer::find(command)) nights.timer = timer->state_of(dir);
    nights.left = left;
    if (left) return nights;
    const auto waiting = count_outbox(command, dir);
    if (waiting)
        nights.left = *waiting;
    else if (waiting.error().message.id == "link.not_enrolled")
        nights.is_enrolled = false;
    else if (const auto& run = nights.kept.note.run; run && run->ended)
        nights.left = run->left;
    return nights;
}

std::string nightly_line(const Nights& nights, Language language) {
    std::vector<Message> said = {last_night(nights, language)};
    if (!nights.is_enrolled) {
        said.push_back(msg("link.not_enrolled"));
    } else {
        if (nights.left == 0)
            said.push_back(msg("nightly.none_left"));
        else if (nights.left)
            said.push_back(msg("nightly.left", {{"left", std::to_string(*nights.left)}}));
        said.push_back(next_one(nights));
    }
    std::string line;
    for (const auto& sentence : said) {
        if (!line.empty() && language != Language::zh) line += ' ';
        line += text(sentence, language);
    }
    return line;
}

json::Object nightly_json(const Nights& nights) {
    const auto& note = nights.kept.note;
    const auto time = [](const std::optional<Instant>& at) {
        return at ? json::Value(utc_text(*at)) : json::Value();
    };
    const auto& plan = note.plan;
    const auto& run = note.run;
    const bool has_ended = run && run->ended;
    json::Object object{{"set_up", nights.timer == TimerState::running}};
    object.set("at", plan ? json::Value(nightly_time_text(plan->minute)) : json::Value());
    object.set("zone", plan ? json::Value(plan->zone) : json::Value());
    object.set("started", run ? time(run->started) : json::Value());
    object.set("ended", run ? time(run->ended) : json::Value());
    object.set("outcome", has_ended ? json::Value(run->outcome.id) : json::Value());
    object.set("exit", has_ended ? json::Value(run->exit) : json::Value());
    object.set("left", nights.left ? json::Value(*nights.left) : json::Value());
    object.set("handed_over", time(note.handed_over));
    const bool waits = nights.timer == TimerState::running;
    object.set("next", waits ? time(next_night(note, nights.now)) : json::Value());
    object.set("bad_nights", bad_nights(note, nights.now));
    return object;
}

void warn_of_nights(const Command& command, const std::string& dir, service::Clinic& clinic) {
    const bool is_by_pin =
        command.machine.kept == nullptr || command.parsed.path().back()->name == "unlock";
    if (!is_by_pin || is_about_nights(command)) return;
    const auto clock = clinic.day().clock;
    if (clock == ClockState::behind || clock == ClockState::ahead) return;
    auto kept = load_nightly_note(dir);
    if (kept.found != NoteFound::whole) return;
    const auto now = nightly_now(command);
    if (settle_clock(kept.note, now)) try_to_save(dir, kept.note);
    const auto from = counted_from(kept.note, now);
    const auto nights = bad_nights(kept.note, now);
    if (!from || nights < bad_nights_said_from) return;
    const auto since = clinic.time_zone().local_time_text(*from);
    command.terminal.err << text("cli.warning", command.language())
                         << text(msg("nightly.missed", {{"since", since}}), command.language())
                         << '\n';
}

void note_handed_over(const Command& command, const std::string& dir) {
    auto kept = load_nightly_note(dir);
    if (kept.found != NoteFound::whole) return;
    kept.note.handed_over = nightly_now(command);
    try_to_save(dir, kept.note);
}

}  // namespace egret::cli
