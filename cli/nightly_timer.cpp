#include "cli/nightly_timer.h"

#include "registry/base/text.h"
#include "registry/files/disk.h"
#include "registry/keys/run_program.h"

#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t unit_bytes_max = 65'536;
constexpr std::size_t output_bytes_max = 65'536;

std::string value_of(const Command& command, std::string_view name) {
    return command.terminal.environment(name).value_or("");
}

std::optional<std::string> read_unit(const std::string& path) {
    try {
        const auto content = files::system_disk().read(path, unit_bytes_max);
        if (!content) return std::nullopt;
        return std::string(text_of(*content));
    } catch (const std::system_error&) {
        return std::nullopt;
    }
}

bool is_there(const std::string& path) {
    std::error_code unknown;
    return fs::symlink_status(path, unknown).type() != fs::file_type::not_found;
}

}  // namespace

Result<NightlyTimer> NightlyTimer::find(const Command& command) {
    auto folder = value_of(command, "XDG_CONFIG_HOME");
    if (!folder.starts_with('/')) {
        const auto home = value_of(command, "HOME");
        if (!home.starts_with('/'))
            return Error{ErrorCode::unavailable, "", msg("nightly.no_home")};
        folder = home + "/.config";
    }
    const auto path = value_of(command, "PATH");
    std::vector<std::string> search;
    for (const auto part : split(path, ':')) {
        if (part.starts_with('/')) search.emplace_back(part);
    }
    // Not said to who came by su or sudo.
    std::string runtime;
    if (value_of(command, "XDG_RUNTIME_DIR").empty()) {
        const auto usual = "/run/user/" + std::to_string(::getuid());
        if (is_there(usual)) runtime = usual;
    }
    return NightlyTimer(folder + "/systemd/user", std::move(search), std::move(runtime));
}

std::string NightlyTimer::find_program(const std::string& name) const {
    for (const auto& folder : search_) {
        auto path = folder + "/" + name;
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

bool NightlyTimer::run(const std::string& program, std::vector<std::string> words) const {
    auto path = find_program(program);
    if (path.empty()) return false;
    words.insert(words.begin(), std::move(path));
    if (!runtime_.empty())
        words.insert(words.begin(), {"/usr/bin/env", "XDG_RUNTIME_DIR=" + runtime_});
    return keys::run_program(words, {{}, output_bytes_max}).has_value();
}

bool NightlyTimer::systemctl(std::vector<std::string> words) const {
    words.insert(words.begin(), "--user");
    return run("systemctl", std::move(words));
}

std::optional<std::string> NightlyTimer::owner() const {
    if (!is_there(service_path()) && !is_there(timer_path())) return std::nullopt;
    const auto service = read_unit(service_path());
    return service ? registry_of_service(*service).value_or("") : "";
}

TimerState NightlyTimer::state_of(const std::string& dir) const {
    const auto whose = owner();
    if (!whose) return TimerState::none;
    std::error_code unknown;
    if (whose->empty() || !fs::equivalent(*whose, dir, unknown)) return TimerState::of_other;
    const bool is_waiting =
        is_there(timer_path()) && systemctl({"--quiet", "is-active", nightly_timer_name});
    return is_waiting ? TimerState::running : TimerState::not_running;
}

bool NightlyTimer::has_manager() const { return systemctl({"show-environment"}); }

Result<bool> NightlyTimer::install(const NightlyJob& job) const {
    const auto service = nightly_service_text(job);
    const auto timer = nightly_timer_text(job);
    const bool is_same = read_unit(service_path()) == service && read_unit(timer_path()) == timer;
    if (is_same && systemctl({"--quiet", "is-enabled", nightly_timer_name}) &&
        systemctl({"--quiet", "is-active", nightly_timer_name}))
        return false;
    auto& disk = files::system_disk();
    disk.make_folder(folder_);
    disk.replace(service_path(), bytes_of(service));
    disk.replace(timer_path(), bytes_of(timer));
    const bool is_done = systemctl({"daemon-reload"}) &&
                         systemctl({"--quiet", "enable", nightly_timer_name}) &&
                         systemctl({"restart", nightly_timer_name});
    if (!is_done)
        return Error{ErrorCode::unavailable, "", msg("nightly.refused", {{"path", timer_path()}})};
    return true;
}

void NightlyTimer::remove() const {
    systemctl({"--quiet", "disable", "--now", nightly_timer_name});
    systemctl({"stop", nightly_service_name});
    auto& disk = files::system_disk();
    disk.remove(timer_path());
    disk.remove(service_path());
    // If systemd didn't listen.
    disk.remove(folder_ + "/timers.target.wants/" + nightly_timer_name);
    systemctl({"daemon-reload"});
}

bool NightlyTimer::linger() const {
    return run("loginctl", {"--no-ask-password", "enable-linger"});
}

}  // namespace egret::cli
