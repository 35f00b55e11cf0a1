#include "cli/nightly_units.h"

#include "registry/base/text.h"

#include <algorithm>

namespace egret::cli {
namespace {

constexpr int minutes_of_day = 24 * 60;
constexpr std::string_view registry_mark = "# registry: \"";

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// In double quotes, as systemd reads a word: '%' begins what it fills in, backslash and quote are
/// its own.
std::string quoted(std::string_view word, bool is_argument) {
    std::string text = "\"";
    for (const auto c : word) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
        // In arguments it fills in variables, too; in the program's own path it doesn't.
        if (c == '%' || (c == '$' && is_argument)) text += c;
    }
    return text + "\"";
}

/// In single quotes for the shell, with what cron would take for the end of the command.
std::string for_cron(std::string_view word) {
    std::string text = "'";
    for (const auto c : word) {
        if (c == '\'')
            text += "'\\''";
        else if (c == '%')
            text += "\\%";
        else
            text += c;
    }
    return text + "'";
}

}  // namespace

std::optional<int> parse_nightly_time(std::string_view text) {
    std::string time(text);
    constexpr std::string_view wide_colon = "：";
    if (const auto at = time.find(wide_colon); at != std::string::npos)
        time.replace(at, wide_colon.size(), ":");
    const auto parts = split(time, ':');
    if (parts.size() != 2 || !is_digits(parts[0]) || !is_digits(parts[1])) return std::nullopt;
    if (parts[0].empty() || parts[0].size() > 2 || parts[1].size() != 2) return std::nullopt;
    const auto hour = std::stoi(std::string(parts[0]));
    const auto minute = std::stoi(std::string(parts[1]));
    if (hour > 23 || minute > 59) return std::nullopt;
    return hour * 60 + minute;
}

std::string nightly_time_text(int minute) {
    return two_digits(minute / 60) + ":" + two_digits(minute % 60);
}

bool can_be_named(std::string_view path) {
    return is_utf8(path) && std::none_of(path.begin(), path.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

bool can_be_run(std::string_view path) {
    return can_be_named(path) && path.find_first_of("\"'\\") == std::string_view::npos;
}

std::string nightly_service_text(const NightlyJob& job) {
    std::string text =
        "# Made by `egret nightly install`; `egret nightly remove` takes it away.\n" +
        std::string(registry_mark) + job.dir +
        "\"\n"
        "[Unit]\n"
        "Description=Egret hands over to the centre what was recorded\n"
        "StartLimitIntervalSec=12h\n"
        "StartLimitBurst=8\n"
        "\n"
        "[Service]\n"
        "Type=oneshot\n";
    for (const auto& [name, value] : job.environment)
        text += "Environment=" + quoted(name + "=" + value, false) + "\n";
    text += "ExecStart=" + quoted(job.program, false) + " nightly run --dir " +
            quoted(job.dir, true) + " --lang " + std::string(to_string(job.language)) + "\n";
    // With 2 and 4 nothing changes until somebody does something about it.
    return text +
           "Restart=on-failure\n"
           "RestartSec=15min\n"
           "RestartPreventExitStatus=2 4\n"
           "TimeoutStartSec=4h\n"
           "Nice=10\n";
}

std::string nightly_timer_text(const NightlyJob& job) {
    return "# Made by `egret nightly install`; `egret nightly remove` takes it away.\n"
           "[Unit]\n"
           "Description=Egret's nightly run\n"
           "\n"
           "[Timer]\n"
           "OnCalendar=*-*-* " +
           nightly_time_text(job.minute) + ":00 " + job.zone +
           "\n"
           "RandomizedDelaySec=2h\n"
           "Persistent=true\n"
           "\n"
           "[Install]\n"
           "WantedBy=timers.target\n";
}

std::optional<std::string> registry_of_service(std::string_view text) {
    for (const auto line : split(text, '\n')) {
        if (!line.starts_with(registry_mark) || !line.ends_with('"')) continue;
        const auto rest = line.substr(registry_mark.size());
        if (rest.empty()) continue;
        return std::string(rest.substr(0, rest.size() - 1));
    }
    return std::nullopt;
}

std::string nightly_cron_line(const NightlyJob& job, int later) {
    const auto minute = (job.minute + later) % minutes_of_day;
    std::string line = std::to_string(minute % 60) + " " + std::to_string(minute / 60) + " * * *";
    for (const auto& [name, value] : job.environment) line += " " + name + "=" + for_cron(value);
    return line + " " + for_cron(job.program) + " nightly run --dir " + for_cron(job.dir) +
           " --lang " + std::string(to_string(job.language));
}

}  // namespace egret::cli
