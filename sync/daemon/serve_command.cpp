#include "sync/daemon/serve_command.h"

#include "cli/console/catalog.h"
#include "cli/console/terminal.h"
#include "registry/crypto/random_bytes.h"
#include "registry/files/file_lock.h"
#include "sync/daemon/centre_access.h"
#include "sync/daemon/centre_clock.h"
#include "sync/daemon/daily_sweep.h"
#include "sync/server/centre_server.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <mutex>
#include <ostream>
#include <string_view>

namespace egret::daemon {
namespace {

constexpr std::string_view default_listen = "0.0.0.0:8443";

/// The signals that end the server. Blocked from here on, in this thread and those that it makes,
/// so that they come only to who waits for them.
class StopSignals {
public:
    StopSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &set_, &before_);
    }

    ~StopSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    void wait() {
        int signal = 0;
        sigwait(&set_, &signal);
    }

private:
    sigset_t set_{};
    sigset_t before_{};
};

/// Reads "0.0.0.0:8443" or "[::1]:8443".
Result<http::ServerOptions> parse_listen(std::string_view text) {
    const Error bad{ErrorCode::invalid_input, "--listen", msg("central.bad_listen")};
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return bad;
    auto address = text.substr(0, colon);
    const auto port = text.substr(colon + 1);
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    http::ServerOptions options;
    options.address = address;
    const auto end = port.data() + port.size();
    const auto [at, failure] = std::from_chars(port.data(), end, options.port);
    if (port.empty() || at != end || failure != std::errc{}) return bad;
    return options;
}

std::string url_of(const http::ServerOptions& options, std::uint16_t port) {
    const bool is_ipv6 = options.address.find(':') != std::string::npos;
    return "https://" + (is_ipv6 ? "[" + options.address + "]" : options.address) + ":" +
           std::to_string(port);
}

/// Those of the centre, and this machine itself.
std::vector<std::string> certified_hosts(central::Centre& centre) {
    auto hosts = centre.hosts();
    for (const auto* own : {"localhost", "127.0.0.1", "::1"}) {
        if (std::find(hosts.begin(), hosts.end(), own) == hosts.end()) hosts.emplace_back(own);
    }
    return hosts;
}

}  // namespace

Result<console::ExitStatus> serve(const console::Parsed& parsed,
                                  const console::Terminal& terminal) {
    const auto options = parse_listen(parsed.find("listen").value_or(std::string(default_listen)));
    if (!options) return options.error();
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    if (auto sound = centre->check_keys(); !sound) return std::move(sound).error();
    // Two would each answer half of the clinics, and note each other's port.
    const auto only_one = FileLock::take(centre->file("serve.lock"));
    if (!only_one) return Error{ErrorCode::conflict, "", msg("central.served_already")};

    StopSignals signals;
    http::ignore_sigpipe();
    const SystemClock clock;
    crypto::SystemRandom random;
    const http::Translate translate = [](const Message& message, std::string_view language) {
        return console::text(message, language == "zh" ? Language::zh : Language::en);
    };
    std::mutex log_mutex;
    const http::Log log = [&](std::string_view line) {
        const std::lock_guard lock(log_mutex);
        terminal.err << utc_text(clock.now()) << ' ' << console::printable(line) << std::endl;
    };
    server::CentreServer server(
        {centre->store(), centre->keys(), centre->zone(), clock, random, translate, log});
    server.log_requests(!terminal.quiet);
    const auto port = server.start(*options, certified_hosts(*centre));
    if (!port) return port.error();
    centre->note_port(*port);
    const auto statuses = centre->store().statuses();
    if (const auto doubt = doubt_centre_clock(statuses, clock.now(), centre->zone()))
        terminal.err << console::text(*doubt, terminal.language) << std::endl;
    const auto url = url_of(*options, *port);
    if (!terminal.json && !terminal.quiet) {
        terminal.err << console::text(msg("central.serving", {{"url", url}}), terminal.language)
                     << std::endl;
    }
    // For scripts, after what is for people: never translated.
    terminal.out << "listening on " << url << std::endl;
    {
        const DailySweep sweep(centre->store().feeds(), clock, log);
        signals.wait();
    }
    server.stop();
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
