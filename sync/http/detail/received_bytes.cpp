#include "sync/http/detail/received_bytes.h"

// The kernel's own header: the library's has another, older tcp_info, so the two don't go together.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace egret::http {

std::uint64_t received_bytes(int socket) noexcept {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
    return info.tcpi_bytes_received;
}

}  // namespace egret::http
