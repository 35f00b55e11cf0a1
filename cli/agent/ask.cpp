#include "cli/agent/ask.h"

#include "cli/agent/socket.h"
#include "registry/files/file_lock.h"

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace egret::agent {
namespace {

/// Nobody is behind the socket. It goes, lest each command say so again.
void clear_away(const std::string& folder) {
    try {
        // An agent that just begins has the lock.
        if (const auto lock = FileLock::take(place_of(folder, lock_name)))
            ::unlink(place_of(folder, socket_name).c_str());
    } catch (const std::system_error&) {
        // It stays, and is replaced by the next unlock.
        return;
    }
}

Asked asked_of(Answer answer) {
    switch (answer) {
        case Answer::other_version: return Asked::other_version;
        case Answer::too_many: return Asked::too_many;
        case Answer::locking: return Asked::locking;
        case Answer::accepted:
        case Answer::ended:
        case Answer::locked: break;
    }
    return Asked::gone;
}

}  // namespace

ClientFiles own_files() {
    ClientFiles files;
    for (int number = 0; number < 3; ++number) {
        Descriptor copy(::fcntl(number, F_DUPFD_CLOEXEC, 3));
        // What was closed stays unreadable and unwritable.
        if (!copy) copy = Descriptor(::open("/", O_PATH | O_CLOEXEC));
        files.standard[static_cast<std::size_t>(number)] = std::move(copy);
    }
    files.folder = Descriptor(::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!files.folder) files.folder = Descriptor(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    files.terminal = Descriptor(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
    return files;
}

Ending ask_to_run(const std::string& folder, const Request& request, const ClientFiles& files) {
    const auto call = call_in(folder);
    if (call.is_deserted) {
        clear_away(folder);
        return {Asked::deserted};
    }
    if (!call.line || !files.folder) return {};
    // It may have said why it doesn't hear.
    send_request(call.line, request, files);
    const auto first = receive_frame(call.line);
    // An agent that ends before it says so has not begun with it.
    if (!first) return {};
    if (first->answer != Answer::accepted) return {asked_of(first->answer)};
    const auto last = receive_frame(call.line);
    if (!last) return {Asked::gone};
    if (last->answer != Answer::ended) return {asked_of(last->answer)};
    return {Asked::done, static_cast<int>(last->number)};
}

Asked ask_to_lock(const std::string& folder, const std::string& version) {
    const auto call = call_in(folder);
    if (call.is_deserted) {
        clear_away(folder);
        return Asked::deserted;
    }
    if (!call.line) return Asked::nobody;
    Request request;
    request.kind = Kind::lock;
    request.version = version;
    send_request(call.line, request, own_files());
    const auto said = receive_frame(call.line);
    // Whether it says so or not: once its end of the line is closed, it is no more.
    if (!said || said->answer == Answer::locked) return Asked::done;
    if (said->answer == Answer::other_version) {
        receive_frame(call.line);  // Waits for its end.
        return Asked::done;
    }
    return asked_of(said->answer);
}

int end_like(int wait_status) {
    if (WIFEXITED(wait_status)) return WEXITSTATUS(wait_status);
    const int signal = WTERMSIG(wait_status);
    // The memory that matters was not here.
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return 128 + signal;
}

}  // namespace egret::agent
