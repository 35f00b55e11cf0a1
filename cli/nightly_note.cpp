#include "cli/nightly_note.h"

#include "cli/nightly_units.h"
#include "registry/base/date.h"
#include "registry/base/text.h"
#include "registry/files/disk.h"
#include "registry/icu/time_zone.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "registry/json/reader.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace egret::cli {
namespace {

constexpr std::size_t note_bytes_max = 16'384;
constexpr std::int64_t note_version = 1;
constexpr int nights_max = 400;  // Counted no further.

std::string path_of(const std::string& dir) {
    return (std::filesystem::path(dir) / nightly_file_name).string();
}

json::Value time_value(const std::optional<Instant>& at) {
    return at ? json::Value(utc_text(*at)) : json::Value();
}

/// What utc_text() wrote.
std::optional<Instant> read_time(const std::string& text) {
    constexpr std::size_t day_length = 10;
    if (text.size() < day_length) return std::nullopt;
    const auto day = Date::parse(std::string_view(text).substr(0, day_length));
    if (!day) return std::nullopt;
    const auto number = [&](std::size_t at) {
        const auto digits = std::string_view(text).substr(std::min(at, text.size()), 2);
        return is_digits(digits) && digits.size() == 2 ? (digits[0] - '0') * 10 + digits[1] - '0'
                                                       : 0;
    };
    const Instant at = std::chrono::sys_days{std::chrono::days{day->days()}} +
                       std::chrono::hours{number(11)} + std::chrono::minutes{number(14)} +
                       std::chrono::seconds{number(17)};
    return utc_text(at) == text ? std::optional(at) : std::nullopt;
}

/// Reads members; is_broken once one wasn't as it is written.
class NoteReader {
public:
    explicit NoteReader(const json::Object& object) : from_(object) {}

    std::optional<std::string> text(std::string_view name) {
        auto value = from_.optional_text(name);
        is_broken_ = is_broken_ || !value;
        return value ? *std::move(value) : std::nullopt;
    }

    std::optional<Instant> time(std::string_view name) {
        const auto written = text(name);
        if (!written) return std::nullopt;
        const auto at = read_time(*written);
        is_broken_ = is_broken_ || !at;
        return at;
    }

    std::int64_t number(std::string_view name) {
        const auto value = from_.optional_integer(name, 0);
        is_broken_ = is_broken_ || !value;
        return value ? value->value_or(0) : 0;
    }

    std::vector<Message::Argument> arguments() {
        std::vector<Message::Argument> all;
        const auto object = from_.any("arguments");
        if (!object || !(*object)->is_object()) {
            is_broken_ = is_broken_ || !object || !(*object)->is_null();
            return all;
        }
        for (const auto& [name, value] : (*object)->as_object()) {
            if (value.is_text()) all.emplace_back(name, value.as_text());
        }
        return all;
    }

    void refuse_unless(bool holds) { is_broken_ = is_broken_ || !holds; }

    bool is_broken() const noexcept { return is_broken_; }

private:
    json::Reader from_;
    bool is_broken_ = false;
};

std::optional<NightlyNote> read_note(const json::Object& object) {
    NoteReader from(object);
    NightlyNote note;
    from.refuse_unless(from.number("version") == note_version);
    if (const auto at = from.text("at")) {
        const auto minute = parse_nightly_time(*at);
        const auto zone = from.text("zone");
        const auto since = from.time("installed");
        from.refuse_unless(minute && zone && icu::TimeZone::parse(*zone) && since);
        if (from.is_broken()) return std::nullopt;
        note.plan = NightlyPlan{*minute, *zone, *since};
    }
    if (const auto started = from.time("started")) {
        note.run = NightlyRun{*started, from.time("ended")};
        note.run->outcome = {from.text("outcome").value_or(""), from.arguments()};
        note.run->exit = static_cast<int>(from.number("exit"));
        note.run->left = static_cast<std::uint64_t>(from.number("left"));
    }
    note.handed_over = from.time("handed_over");
    if (from.is_broken()) return std::nullopt;
    return note;
}

icu::TimeZone zone_of(const NightlyNote& note) {
    auto zone = icu::TimeZone::parse(note.plan ? note.plan->zone : "Etc/UTC");
    return zone ? *std::move(zone) : *icu::TimeZone::parse("Etc/UTC");
}

/// When that day's run begins at the earliest.
Instant begin_of(const NightlyNote& note, const icu::TimeZone& zone, Date day) {
    const auto minute = note.plan ? note.plan->minute : nightly_minute_usual;
    return zone.start_of_day(day) + std::chrono::minutes{minute};
}

}  // namespace

KeptNote load_nightly_note(const std::string& dir) {
    const auto path = path_of(dir);
    auto& disk = files::system_disk();
    try {
        const auto content = disk.read(path, note_bytes_max);
        if (!content) return {disk.is_there(path) ? NoteFound::damaged : NoteFound::none};
        const auto value = json::parse(text_of(*content));
        if (!value || !value->is_object()) return {NoteFound::damaged};
        auto note = read_note(value->as_object());
        if (!note) return {NoteFound::damaged};
        return {NoteFound::whole, *std::move(note)};
    } catch (const std::system_error&) {
        return {NoteFound::damaged};
    }
}

void save_nightly_note(const std::string& dir, const NightlyNote& note) {
    json::Object object{{"version", note_version}};
    const auto& plan = note.plan;
    object.set("at", plan ? json::Value(nightly_time_text(plan->minute)) : json::Value());
    object.set("zone", plan ? json::Value(plan->zone) : json::Value());
    object.set("installed", plan ? json::Value(utc_text(plan->since)) : json::Value());
    const auto& run = note.run;
    object.set("started", run ? json::Value(utc_text(run->started)) : json::Value());
    object.set("ended", run ? time_value(run->ended) : json::Value());
    const bool has_ended = run && run->ended;
    object.set("outcome", has_ended ? json::Value(run->outcome.id) : json::Value());
    json::Object arguments;
    if (has_ended) {
        for (const auto& [name, value] : run->outcome.arguments) arguments.set(name, value);
    }
    object.set("arguments", has_ended ? json::Value(std::move(arguments)) : json::Value());
    object.set("exit", has_ended ? json::Value(run->exit) : json::Value());
    object.set("left", has_ended ? json::Value(run->left) : json::Value());
    object.set("handed_over", time_value(note.handed_over));
    const auto text = json::dump(object) + "\n";
    files::system_disk().replace(path_of(dir), bytes_of(text));
}

void remove_nightly_note(const std::string& dir) { files::system_disk().remove(path_of(dir)); }

std::optional<Instant> counted_from(const NightlyNote& note, Instant now) {
    std::optional<Instant> from;
    const auto consider = [&](Instant at) {
        if (at <= now && (!from || at > *from)) from = at;
    };
    if (note.plan) consider(note.plan->since);
    if (note.handed_over) consider(*note.handed_over);
    // Started by something else, and never with success.
    if (!from && note.run && !note.plan && !note.handed_over) consider(note.run->started);
    return from;
}

int bad_nights(const NightlyNote& note, Instant now) {
    const auto from = counted_from(note, now);
    if (!from) return 0;
    const auto zone = zone_of(note);
    int bad = 0;
    for (auto day = zone.local_day(*from); bad < nights_max; day = day.plus_days(1)) {
        const auto begin = begin_of(note, zone, day);
        if (begin + nightly_patience > now) break;
        if (begin > *from) ++bad;
    }
    return bad;
}

bool settle_clock(NightlyNote& note, Instant now) {
    bool was_ahead = false;
    const auto settle = [&](Instant& at) {
        was_ahead = was_ahead || at > now;
        at = std::min(at, now);
    };
    if (note.plan) settle(note.plan->since);
    if (note.handed_over) settle(*note.handed_over);
    return was_ahead;
}

std::optional<Instant> next_night(const NightlyNote& note, Instant now) {
    if (!note.plan) return std::nullopt;
    const auto zone = zone_of(note);
    const auto since = std::min(note.plan->since, now);
    for (auto day = zone.local_day(now).plus_days(-1);; day = day.plus_days(1)) {
        const auto begin = begin_of(note, zone, day);
        const bool has_begun = note.run && note.run->started >= begin && note.run->started <= now;
        if (begin + nightly_spread > now && begin >= since && !has_begun) return begin;
    }
}

std::string local_text_of(const NightlyNote& note, Instant at) {
    return zone_of(note).local_time_text(at) + (note.plan ? "" : " UTC");
}

}  // namespace egret::cli
