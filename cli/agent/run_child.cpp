#include "cli/agent/run_child.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace egret::agent {
namespace {

/// Signals do what they do to a command that was typed.
void take_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT})
        std::signal(signal, SIG_DFL);
    std::signal(SIGXFSZ, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

void put_in_place(const Request& request, ClientFiles& files) {
    for (int number = 0; number < 3; ++number)
        ::dup2(files.standard[static_cast<std::size_t>(number)].number(), number);
    for (auto& file : files.standard) file.close();
    if (::fchdir(files.folder.number()) != 0) ::_exit(1);
    files.folder.close();
    ::umask(static_cast<mode_t>(request.umask));
    take_environment(request.environment);
}

/// In the new process. `held` is its end of the pipe that tells the agent how far it is.
[[noreturn]] void do_command(const Request& request, ClientFiles& files, const RunCommand& run,
                             int held) {
    put_in_place(request, files);
    const auto released = [held] {
        // It only hands over its answer now, and may outlive the agent.
        ::prctl(PR_SET_PDEATHSIG, 0);
        constexpr char released_mark = 'r';
        if (::write(held, &released_mark, 1) != 1) return;
    };
    try {
        ::_exit(run(request, {files.terminal.number(), released}));
    } catch (...) {
        ::_exit(1);
    }
}

}  // namespace

Child start_child(const Request& request, ClientFiles& files, const RunCommand& run,
                  const std::function<void()>& let_go) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    Child child{-1, Descriptor(ends[0])};
    const Descriptor held(ends[1]);
    const auto agent = ::getpid();
    child.id = ::fork();
    if (child.id == 0) {
        ::setpgid(0, 0);
        // An agent that is gone answers nobody.
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != agent) ::_exit(1);
        child.alive.close();
        take_signals();
        let_go();
        do_command(request, files, run, held.number());
    }
    if (child.id > 0) ::setpgid(child.id, child.id);
    return child;
}

void guard_memory() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

void go_to_background(int kept) {
    ::setsid();
    const int nothing = ::open("/dev/null", O_RDWR);
    for (int number = 0; number < 3; ++number) ::dup2(nothing, number);
    const auto first = static_cast<unsigned>(std::max(kept, 3));
    if (first > 3) ::close_range(3, first - 1, 0);
    ::close_range(first + (kept >= 3 ? 1U : 0U), ~0U, 0);
    if (::chdir("/") != 0) ::_exit(1);
}

}  // namespace egret::agent
