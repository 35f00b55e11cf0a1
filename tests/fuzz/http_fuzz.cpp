// What a stranger sends to the centre's port: heads, queries, bodies. No handler sees less than
// was declared, and whatever is answered is HTTP.

#include "registry/base/clock.h"
#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "sync/http/message.h"
#include "sync/http/route.h"
#include "sync/http/server.h"

#include <arpa/inet.h>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace {

namespace http = egret::http;

struct Echo final : http::Handler {
    egret::Result<http::Response> handle(const http::Request& request) override {
        const auto declared = request.header("content-length");
        std::size_t length = 0;
        std::from_chars(declared.data(), declared.data() + declared.size(), length);
        EGRET_ENSURE(request.body.size() == length);
        return http::Response::bytes(request.body, "application/octet-stream");
    }
};

/// One server for all inputs, on this machine's own address.
class Site {
public:
    Site() {
        http::ignore_sigpipe();
        routes_.add("GET", "/v1/echo", echo_);
        routes_.add("POST", "/v1/echo", echo_);
        const auto port = server_.start();
        EGRET_ENSURE(port);
        port_ = *port;
    }

    /// All that comes back of `bytes`.
    std::string send(egret::ByteView bytes) const {
        const int line = ::socket(AF_INET, SOCK_STREAM, 0);
        EGRET_ENSURE(line >= 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port_);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EGRET_ENSURE(::connect(line, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
        (void)::send(line, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        (void)::shutdown(line, SHUT_WR);
        std::string answer;
        char piece[4096];
        for (;;) {
            const auto count = ::recv(line, piece, sizeof piece, 0);
            if (count <= 0) break;
            answer.append(piece, static_cast<std::size_t>(count));
        }
        ::close(line);
        return answer;
    }

private:
    Echo echo_;
    http::Routes routes_;
    egret::SystemClock clock_;
    http::Translate translate_ = [](const egret::Message& message, std::string_view) {
        return message.id;
    };
    http::Log log_ = [](std::string_view) {};
    http::Server server_{routes_, {}, {clock_, translate_, log_}};
    std::uint16_t port_ = 0;
};

void read_query(std::string_view text) {
    const auto query = http::parse_query(text);
    if (!query) return;
    std::string written;
    for (const auto& [name, value] : *query)
        written += (written.empty() ? "" : "&") + http::percent_encode(name) + "=" +
                   http::percent_encode(value);
    const auto again = http::parse_query(written);
    EGRET_ENSURE(again && *again == *query);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Site site;
    const egret::ByteView bytes(data, size);
    read_query(egret::text_of(bytes));
    const auto answer = site.send(bytes);
    EGRET_ENSURE(answer.empty() || answer.starts_with("HTTP/1."));
    return 0;
}
