#include "cli/agent/socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <system_error>

namespace egret::agent {
namespace {

constexpr int backlog = 16;
constexpr time_t send_seconds = 10;  // Towards an agent that doesn't read.

[[noreturn]] void fail(const char* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

/// `name` in an open folder, as short as an address must be.
sockaddr_un address_in(const Descriptor& folder, std::string_view name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = "/proc/self/fd/" + std::to_string(folder.number()) + "/" + std::string(name);
    std::copy_n(path.begin(), std::min(path.size(), sizeof address.sun_path - 1), address.sun_path);
    return address;
}

Descriptor open_folder(const std::string& path) {
    return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

Descriptor make_socket(int how = 0) {
    return Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | how, 0));
}

const sockaddr* plain(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

/// False, if the other end is gone, or takes nothing for too long.
bool send_all(const Descriptor& line, ByteView bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(line.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

std::string place_of(const std::string& folder, const char* name) {
    return (std::filesystem::path(folder) / name).string();
}

Descriptor listen_in(const std::string& folder) {
    const auto place = open_folder(folder);
    if (!place) fail("open a folder");
    auto listening = make_socket(SOCK_NONBLOCK);
    if (!listening) fail("make a socket");
    const auto draft = std::string(socket_name) + ".new";
    ::unlinkat(place.number(), draft.c_str(), 0);
    const auto address = address_in(place, draft);
    // Nobody else may connect, not even for a moment.
    const auto before = ::umask(0177);
    const int bound = ::bind(listening.number(), plain(address), sizeof address);
    ::umask(before);
    if (bound != 0) fail("make a socket in a folder");
    if (::listen(listening.number(), backlog) != 0) fail("listen at a socket");
    if (::renameat(place.number(), draft.c_str(), place.number(), socket_name) != 0)
        fail("rename a socket");
    return listening;
}

Call call_in(const std::string& folder) {
    const auto place = open_folder(folder);
    if (!place || ::faccessat(place.number(), socket_name, F_OK, 0) != 0) return {};
    Call call{make_socket()};
    if (!call.line) return {};
    const auto address = address_in(place, socket_name);
    if (::connect(call.line.number(), plain(address), sizeof address) != 0) {
        const bool is_deserted = errno == ECONNREFUSED;
        return {Descriptor(), is_deserted};
    }
    if (!is_same_user(call.line)) return {};
    const timeval patience{send_seconds, 0};
    ::setsockopt(call.line.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return call;
}

bool is_same_user(const Descriptor& line) {
    ucred other{};
    socklen_t length = sizeof other;
    return ::getsockopt(line.number(), SOL_SOCKET, SO_PEERCRED, &other, &length) == 0 &&
           length == sizeof other && other.uid == ::geteuid();
}

void send_request(const Descriptor& line, const Request& request, const ClientFiles& files) {
    std::array<int, 5> numbers{};
    std::size_t count = 0;
    for (const auto& file : files.standard) numbers[count++] = file.number();
    numbers[count++] = files.folder.number();
    if (files.terminal) numbers[count++] = files.terminal.number();

    const auto bytes = encode(request);
    iovec piece{const_cast<std::uint8_t*>(bytes.data()), request_front_bytes};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof numbers)> control{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    auto* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(count * sizeof(int));
    std::memcpy(CMSG_DATA(head), numbers.data(), count * sizeof(int));

    ssize_t sent = -1;
    do {
        sent = ::sendmsg(line.number(), &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent > 0) send_all(line, ByteView(bytes).subspan(static_cast<std::size_t>(sent)));
}

bool send_frame(const Descriptor& line, const Frame& frame) {
    return send_all(line, encode(frame));
}

std::optional<Frame> receive_frame(const Descriptor& line) {
    Fixed<frame_bytes> bytes{};
    std::size_t length = 0;
    while (length < bytes.size()) {
        const auto got = ::recv(line.number(), bytes.data() + length, bytes.size() - length, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::nullopt;
        length += static_cast<std::size_t>(got);
    }
    return decode_frame(bytes);
}

}  // namespace egret::agent
