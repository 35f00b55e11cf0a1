#pragma once

#include "registry/domain/codes.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What is given to the system, so that it starts `egret nightly run` every night.
namespace egret::cli {

struct NightlyJob {
    std::string program;  // Of this very program, and whole.
    std::string dir;      // The registry's folder, and whole.
    Language language = Language::en;
    std::vector<std::pair<std::string, std::string>> environment{};  // What the run needs of it.
    int minute = 0;                                                  // Of the day.
    std::string zone;
};

/// The minute of the day of "22:00" or "9:30".
std::optional<int> parse_nightly_time(std::string_view text);

/// "22:00".
std::string nightly_time_text(int minute);

/// Whether a timer can name that path: text, and no line end or other control character in it.
bool can_be_named(std::string_view path);
/// Whether it can start that program: systemd takes no quotes and no backslash there.
bool can_be_run(std::string_view path);

// systemd's units for a user, as text.
inline constexpr auto nightly_service_name = "egret-nightly.service";
inline constexpr auto nightly_timer_name = "egret-nightly.timer";

std::string nightly_service_text(const NightlyJob& job);
std::string nightly_timer_text(const NightlyJob& job);

/// The folder of the registry that a service is of; nothing, if nightly_service_text() didn't write
/// it.
std::optional<std::string> registry_of_service(std::string_view text);

/// The line of a crontab that does the same once a night, `later` minutes after the job's minute.
std::string nightly_cron_line(const NightlyJob& job, int later);

}  // namespace egret::cli
