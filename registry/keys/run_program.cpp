#include "registry/keys/run_program.h"

#include "registry/base/ensure.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace egret::keys {
namespace {

[[noreturn]] void refuse(int error, const char* doing) {
    throw std::system_error(error, std::generic_category(), doing);
}

/// Both ends of a pipe, which no other program inherits.
class Pipe {
public:
    Pipe() {
        if (::pipe2(ends_, O_CLOEXEC) != 0) refuse(errno, "make a pipe");
    }

    ~Pipe() {
        close_end(0);
        close_end(1);
    }

    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int reader() const noexcept { return ends_[0]; }

    int writer() const noexcept { return ends_[1]; }

    void close_reader() { close_end(0); }

    void close_writer() { close_end(1); }

private:
    void close_end(int which) {
        if (ends_[which] >= 0) ::close(ends_[which]);
        ends_[which] = -1;
    }

    int ends_[2] = {-1, -1};
};

/// The process's number; nothing, if there is no such program.
std::optional<pid_t> start_program(const std::vector<std::string>& words, const Pipe& in,
                                   const Pipe& out) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.reader(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.writer(), STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int error =
        ::posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error == 0) return child;
    if (error == ENOMEM || error == EAGAIN) refuse(error, "start a program");
    return std::nullopt;
}

/// How many bytes there were; nothing, if there are more than there is room for, or nothing comes.
std::optional<std::size_t> read_to_end(int from, std::span<std::uint8_t> to, int silence_ms_max) {
    std::size_t length = 0;
    for (;;) {
        pollfd waiting{from, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, silence_ms_max);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0 || length == to.size()) return std::nullopt;
        const auto got = ::read(from, to.data() + length, to.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) return length;
        length += static_cast<std::size_t>(got);
    }
}

bool ended_well(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

std::optional<crypto::Secret> run_program(const std::vector<std::string>& words,
                                          const ProgramRun& run) {
    EGRET_ENSURE(run.input.size() <= program_input_bytes_max);
    Pipe in;
    Pipe out;
    // Before there is a reader that could be gone, so that no signal comes.
    if (::write(in.writer(), run.input.data(), run.input.size()) !=
        static_cast<ssize_t>(run.input.size()))
        refuse(errno, "write to a pipe");
    const auto child = start_program(words, in, out);
    if (!child) return std::nullopt;
    in.close_reader();
    in.close_writer();
    out.close_writer();
    // One byte more, to see the end.
    auto room = crypto::Secret::of_size(run.output_bytes_max + 1);
    const auto length = read_to_end(out.reader(), room.span(), run.silence_ms_max);
    if (!length) ::kill(*child, SIGKILL);
    if (!ended_well(*child) || !length) return std::nullopt;
    return crypto::Secret(room.view().first(*length));
}

}  // namespace egret::keys
