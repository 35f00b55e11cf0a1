#include "cli/by_agent.h"

#include "cli/agent/agent.h"
#include "cli/agent/ask.h"
#include "cli/agent/streams.h"
#include "cli/console/catalog.h"
#include "cli/console/options.h"
#include "cli/console/report.h"
#include "cli/context.h"
#include "cli/egret_commands.h"
#include "cli/handlers.h"
#include "registry/crypto/random_bytes.h"
#include "registry/keys/tpm2_tools.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <istream>
#include <ostream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace egret::cli {
namespace {

using console::ExitStatus;
using std::chrono::milliseconds;

constexpr std::string_view program = "egret";
// Others may be at work for longer than a person waits without knowing what for.
constexpr milliseconds registry_wait{60'000};

std::uint32_t own_umask() {
    const auto mask = ::umask(077);
    ::umask(mask);
    return mask;
}

/// The folder of the registry that the command is about; nothing, if it is about none, or this
/// process has to say what is wrong with it.
std::optional<std::string> folder_of(const std::vector<std::string>& words) {
    const auto parsed = console::parse(egret_commands(), words);
    if (!parsed || parsed->has("help") || parsed->has("version")) return std::nullopt;
    if (parsed->path().back()->stays) return std::nullopt;
    if (auto dir = parsed->find("dir")) return dir;
    const char* home = std::getenv("EGRET_HOME");
    if (home == nullptr || *home == '\0') return std::nullopt;
    return home;
}

console::Terminal speaking(const std::vector<std::string>& words) {
    auto terminal = console::process_terminal(std::string(program));
    const auto manner = console::manner_of(words);
    terminal.language = console::choose_language(manner.language, terminal.environment);
    terminal.json = manner.json;
    terminal.quiet = manner.quiet;
    return terminal;
}

int refuse(const console::Terminal& terminal, ErrorCode code, std::string_view id) {
    const Error error{code, "", msg(id)};
    console::print(error, terminal);
    return static_cast<int>(console::status_of(error));
}

/// Whether it ended by a fault of ours, and not by what somebody did to it or to its output.
bool is_broken(int wait_status) {
    if (!WIFSIGNALED(wait_status)) return false;
    switch (WTERMSIG(wait_status)) {
        case SIGPIPE:
        case SIGTERM:
        case SIGINT:
        case SIGHUP:
        case SIGKILL: return false;
        default: return true;
    }
}

/// Where nobody looks, and nothing can be asked.
std::string asked_at(int terminal) {
    return terminal < 0 ? std::string() : "/dev/fd/" + std::to_string(terminal);
}

[[noreturn]] void end_for_silence(const console::Terminal& terminal, milliseconds idle) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(idle).count();
    console::print(
        {ErrorCode::locked, "", msg("prompt.nobody", {{"minutes", std::to_string(minutes)}})},
        terminal);
    ::_exit(static_cast<int>(ExitStatus::locked));
}

/// In the new process: keeps its own copy of the keys, in memory that is locked for it.
[[noreturn]] void serve_in_background(const KeptKeys& keys, Date build_day, milliseconds idle,
                                      agent::Descriptor& told) {
    const auto tell = [&](Started how) {
        const auto mark = static_cast<char>('0' + static_cast<int>(how));
        const bool is_told = ::write(told.number(), &mark, 1) == 1;
        told.close();
        if (!is_told || how != Started::yes) ::_exit(1);
    };
    try {
        auto kept = std::make_unique<KeptKeys>(keys.again());
        agent::Agent::Parts parts;
        parts.folder = kept->dir;
        parts.version = EGRET_VERSION;
        parts.idle = idle;
        parts.run = [&](const agent::Request& request, const agent::CommandPlace& place) {
            return run_for_client(request, place, {kept, build_day, idle});
        };
        parts.forget = [&] { kept.reset(); };
        const auto begun = agent::Agent::begin(std::move(parts));
        if (!begun) {
            tell(begun.error().code == ErrorCode::conflict ? Started::there_is_one
                                                           : Started::no_socket);
        }
        tell(Started::yes);
        (*begun)->serve();
        ::_exit(0);
    } catch (...) {
        // Without a word on the pipe: it could not be started.
        ::_exit(1);
    }
}

}  // namespace

std::optional<int> run_by_agent(const std::vector<std::string>& words) {
    const auto folder = folder_of(words);
    if (!folder) return std::nullopt;
    agent::Request request;
    request.version = EGRET_VERSION;
    request.umask = own_umask();
    request.words = words;
    request.environment = agent::sent_environment();
    const auto ending = agent::ask_to_run(*folder, request, agent::own_files());
    const auto terminal = speaking(words);
    switch (ending.asked) {
        case agent::Asked::nobody: return std::nullopt;
        case agent::Asked::deserted:
            refuse(terminal, ErrorCode::locked, "agent.deserted");
            return std::nullopt;
        case agent::Asked::gone: return refuse(terminal, ErrorCode::unavailable, "agent.gone");
        case agent::Asked::other_version:
            return refuse(terminal, ErrorCode::locked, "agent.other_version");
        case agent::Asked::too_many:
            return refuse(terminal, ErrorCode::unavailable, "agent.too_many");
        case agent::Asked::locking: return refuse(terminal, ErrorCode::locked, "agent.locking");
        case agent::Asked::done: break;
    }
    if (is_broken(ending.wait_status))
        return refuse(terminal, ErrorCode::unavailable, "agent.broke");
    return agent::end_like(ending.wait_status);
}

int run_for_client(const agent::Request& request, const agent::CommandPlace& place,
                   const AgentWork& work) {
    agent::PatientOutput out_buffer(STDOUT_FILENO, agent::limits::unread_bytes_max);
    agent::PatientOutput err_buffer(STDERR_FILENO, agent::limits::unread_bytes_max);
    std::ostream out(&out_buffer);
    std::ostream err(&err_buffer);
    err << std::unitbuf;
    const auto own = console::process_terminal(std::string(program));
    console::Terminal terminal{own.program, out, err, own.environment};
    terminal.is_watched = own.is_watched;
    terminal.columns = own.columns;
    terminal.patience = work.idle;

    const bool is_interactive = ::isatty(STDIN_FILENO) == 1;
    const auto spoken = speaking(request.words);
    agent::PatientInput in_buffer(STDIN_FILENO,
                                  is_interactive ? std::optional(work.idle) : std::nullopt,
                                  [&] { end_for_silence(spoken, work.idle); });
    std::istream in(&in_buffer);

    const SystemClock clock;
    crypto::SystemRandom random;
    keys::Tpm2Tools chip;
    Machine machine{clock, random, work.build_day, in, is_interactive};
    machine.asked_at = asked_at(place.terminal);
    machine.chip = &chip;
    machine.kept = work.keys.get();
    machine.registry_wait = registry_wait;
    const auto status =
        console::run(egret_commands(), make_handlers(machine), request.words, terminal);
    work.keys.reset();
    place.released();
    const bool is_told = out_buffer.finish();
    err_buffer.finish();
    if (!is_told && status == ExitStatus::done)
        return refuse(spoken, ErrorCode::unavailable, "report.output");
    return static_cast<int>(status);
}

Started start_agent(const KeptKeys& keys, Date build_day, milliseconds idle) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Started::failed;
    const agent::Descriptor answer(ends[0]);
    agent::Descriptor told(ends[1]);
    const auto child = ::fork();
    if (child < 0) return Started::failed;
    if (child == 0) {
        agent::go_to_background(told.number());
        agent::guard_memory();
        serve_in_background(keys, build_day, idle, told);
    }
    told.close();
    char said = 0;
    ssize_t got = -1;
    do {
        got = ::read(answer.number(), &said, 1);
    } while (got < 0 && errno == EINTR);
    if (got != 1) return Started::failed;
    return static_cast<Started>(said - '0');
}

}  // namespace egret::cli
