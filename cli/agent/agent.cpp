#include "cli/agent/agent.h"

#include "cli/agent/socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>

namespace egret::agent {
namespace {

using std::chrono::milliseconds;

// The waiting doesn't count while the machine sleeps; so it is looked again soon after.
constexpr milliseconds look_again{5'000};

milliseconds now() {
    timespec at{};
    ::clock_gettime(CLOCK_BOOTTIME, &at);
    return std::chrono::duration_cast<milliseconds>(std::chrono::seconds{at.tv_sec} +
                                                    std::chrono::nanoseconds{at.tv_nsec});
}

/// Those that end a program are read instead, so that it locks in order.
Descriptor read_signals() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ending, signal);
    sigprocmask(SIG_BLOCK, &ending, nullptr);
    Descriptor signals(::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals) throw std::system_error(errno, std::generic_category(), "read signals");
    return signals;
}

/// The descriptors that came with a message, in the order of ClientFiles.
void take_files(msghdr& message, ClientFiles& files) {
    std::vector<Descriptor> taken;
    for (auto* head = CMSG_FIRSTHDR(&message); head != nullptr;
         head = CMSG_NXTHDR(&message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
        std::vector<int> numbers((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(numbers.data(), CMSG_DATA(head), numbers.size() * sizeof(int));
        for (const int number : numbers) taken.emplace_back(number);
    }
    if (taken.size() < 4) return;
    for (std::size_t i = 0; i < 3; ++i) files.standard[i] = std::move(taken[i]);
    files.folder = std::move(taken[3]);
    if (taken.size() > 4) files.terminal = std::move(taken[4]);
}

/// What happened to a file by now, of what was asked for; its end always.
short events_of(const Descriptor& file, short events) {
    pollfd asked{file.number(), events, 0};
    return ::poll(&asked, 1, 0) > 0 ? asked.revents : short{0};
}

bool is_at_end(const Descriptor& file) { return (events_of(file, 0) & (POLLHUP | POLLERR)) != 0; }

}  // namespace

/// Somebody who connected.
struct Agent::Client {
    Descriptor line;
    Bytes read;
    ClientFiles files;
    Time hears_until{};
    bool wants_lock = false;
    bool is_over = false;  // Gone, or answered to the end.
    Child child;
    bool has_released = false;      // Its command only hands over its answer.
    std::optional<Time> killed_at;  // It was told to end, and is killed then.

    bool is_at_work() const { return child.id > 0; }

    void end(int signal) const {
        if (::kill(-child.id, signal) != 0) ::kill(child.id, signal);
    }
};

Result<std::unique_ptr<Agent>> Agent::begin(Parts parts) {
    auto lock = FileLock::take(place_of(parts.folder, lock_name));
    if (!lock) return Error{ErrorCode::conflict, "", msg("agent.there_is_one")};
    Descriptor listening;
    try {
        listening = listen_in(parts.folder);
    } catch (const std::system_error&) {
        return Error{ErrorCode::unavailable, "", msg("agent.no_socket", {{"path", parts.folder}})};
    }
    return std::make_unique<Agent>(Private{}, std::move(parts), *std::move(lock),
                                   std::move(listening));
}

Agent::Agent(Private, Parts parts, FileLock lock, Descriptor listening)
    : parts_(std::move(parts)),
      lock_(std::move(lock)),
      listening_(std::move(listening)),
      signals_(read_signals()),
      last_asked_(now()) {}

Agent::~Agent() = default;

void Agent::serve() {
    while (!is_locking_ || !clients_.empty()) {
        await_something();
        if (!is_locking_ && now() >= last_asked_ + parts_.idle) begin_locking(Lock::for_commands);
        take_signal();
        if (!is_locking_ && events_of(listening_, POLLIN) != 0) take_client();
        // By number: what is heard may end the vector's last place.
        for (std::size_t i = 0; i < clients_.size(); ++i) attend(*clients_[i]);
        answer_who_locks();
        std::erase_if(clients_, [](const auto& client) { return client->is_over; });
    }
}

Agent::Time Agent::wait_for() const {
    auto wait = look_again;
    const auto at_latest = [&, at = now()](Time moment) {
        wait = std::clamp(moment - at, Time::zero(), wait);
    };
    if (!is_locking_) at_latest(last_asked_ + parts_.idle);
    if (ends_commands_at_) at_latest(*ends_commands_at_);
    for (const auto& client : clients_) {
        if (client->killed_at) at_latest(*client->killed_at);
        if (!client->is_at_work() && !client->wants_lock) at_latest(client->hears_until);
    }
    // Rounded up, or the last part of a millisecond would be waited for in a tight loop.
    return wait + milliseconds{1};
}

void Agent::await_something() const {
    std::vector<pollfd> asked{{signals_.number(), POLLIN, 0}};
    if (listening_) asked.push_back({listening_.number(), POLLIN, 0});
    for (const auto& client : clients_) {
        const bool is_heard = !client->is_at_work() && !client->wants_lock;
        // Of one that is being ended only its end is of interest.
        if (!client->killed_at)
            asked.push_back({client->line.number(), is_heard ? short{POLLIN} : short{0}, 0});
        if (client->is_at_work())
            asked.push_back(
                {client->child.alive.number(), client->has_released ? short{0} : short{POLLIN}, 0});
    }
    ::poll(asked.data(), asked.size(), static_cast<int>(wait_for().count()));
}

void Agent::take_signal() {
    signalfd_siginfo signal{};
    if (::read(signals_.number(), &signal, sizeof signal) == sizeof signal)
        begin_locking(Lock::over_commands);
}

void Agent::take_client() {
    Descriptor line(::accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!line || !is_same_user(line)) return;
    if (clients_.size() >= limits::clients_max) {
        send_frame(line, {Answer::too_many});
        return;
    }
    auto client = std::make_unique<Client>();
    client->line = std::move(line);
    client->hears_until = now() + limits::request_wait;
    clients_.push_back(std::move(client));
}

void Agent::attend(Client& client) {
    if (client.is_at_work()) {
        watch_command(client);
    } else if (client.wants_lock) {
        client.is_over = is_at_end(client.line);
    } else {
        hear(client);
    }
}

void Agent::hear(Client& client) {
    const bool has_front = client.read.size() >= request_front_bytes;
    const auto length =
        has_front ? length_after(ByteView(client.read).first(request_front_bytes)) : std::nullopt;
    const auto wanted = request_front_bytes + length.value_or(0) - client.read.size();
    Bytes more(std::min<std::size_t>(wanted, 64U << 10U));
    iovec piece{more.data(), more.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(8 * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto got = ::recvmsg(client.line.number(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    const bool is_nothing_yet = got < 0 && (errno == EAGAIN || errno == EINTR);
    if (is_nothing_yet) {
        client.is_over = now() >= client.hears_until;
        return;
    }
    if (got > 0) take_files(message, client.files);
    append(client.read, ByteView(more).first(got > 0 ? static_cast<std::size_t>(got) : 0));
    client.is_over = got <= 0;
    if (client.is_over || client.read.size() < request_front_bytes) return;
    const auto known = length_after(ByteView(client.read).first(request_front_bytes));
    client.is_over = !known;
    if (!known || client.read.size() < request_front_bytes + *known) return;
    const auto request = decode(ByteView(client.read).subspan(request_front_bytes));
    client.is_over = !request || !client.files.folder;
    if (!client.is_over) take_request(client, *request);
}

void Agent::take_request(Client& client, const Request& request) {
    if (request.version != parts_.version) {
        send_frame(client.line, {Answer::other_version});
        client.wants_lock = true;
        begin_locking(Lock::over_commands);
    } else if (request.kind == Kind::lock) {
        client.wants_lock = true;
        begin_locking(Lock::over_commands);
    } else if (is_locking_) {
        send_frame(client.line, {Answer::locking});
        client.is_over = true;
    } else {
        begin_command(client, request);
    }
}

void Agent::begin_command(Client& client, const Request& request) {
    last_asked_ = now();
    // Before it begins: a client that never heard of it would do the command once more.
    send_frame(client.line, {Answer::accepted});
    auto child = start_child(request, client.files, parts_.run, [this] {
        // Of the client, too, only the agent holds the line.
        for (auto& other : clients_) other->line.close();
        for (auto& other : clients_) other->child.alive.close();
        lock_.reset();
        listening_.close();
        signals_.close();
    });
    client.files = {};
    if (child.id <= 0) {
        send_frame(client.line, {Answer::too_many});
        client.is_over = true;
        return;
    }
    client.child = std::move(child);
}

void Agent::watch_command(Client& client) {
    const auto events = events_of(client.child.alive, client.has_released ? short{0} : POLLIN);
    if ((events & POLLIN) != 0) {
        char mark = 0;
        client.has_released = ::read(client.child.alive.number(), &mark, 1) == 1;
    }
    if ((events & POLLHUP) != 0 && (events & POLLIN) == 0) {
        int status = 0;
        while (::waitpid(client.child.id, &status, 0) < 0 && errno == EINTR) {
        }
        send_frame(client.line, {Answer::ended, static_cast<std::uint32_t>(status)});
        client.child.id = -1;
        client.is_over = true;
        last_asked_ = now();
        return;
    }
    const bool is_late = ends_commands_at_ && now() >= *ends_commands_at_ && !client.has_released;
    if (client.killed_at) {
        if (now() >= *client.killed_at) {
            client.end(SIGKILL);
            client.killed_at = now() + limits::end_wait;
        }
    } else if (is_late || is_at_end(client.line)) {
        client.end(SIGTERM);
        client.killed_at = now() + limits::end_wait;
    }
}

void Agent::begin_locking(Lock lock) {
    if (lock == Lock::over_commands && !ends_commands_at_)
        ends_commands_at_ = now() + parts_.lock_wait;
    if (is_locking_) return;
    is_locking_ = true;
    listening_.close();
    ::unlink(place_of(parts_.folder, socket_name).c_str());
    parts_.forget();
    // From now on there may be another agent; this one only waits for its commands.
    lock_.reset();
}

bool Agent::is_registry_in_use() const {
    return std::any_of(clients_.begin(), clients_.end(), [](const auto& client) {
        return client->is_at_work() && !client->has_released;
    });
}

void Agent::answer_who_locks() {
    if (!is_locking_ || is_registry_in_use()) return;
    for (auto& client : clients_) {
        if (!client->wants_lock || client->is_over) continue;
        send_frame(client->line, {Answer::locked});
        client->is_over = true;
    }
}

}  // namespace egret::agent
