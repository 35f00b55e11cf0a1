#pragma once

#include "registry/base/clock.h"
#include "registry/base/limits.h"
#include "registry/base/result.h"
#include "sync/http/problem.h"
#include "sync/http/route.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace egret::http {

/// What makes it HTTPS: TLS 1.3 only, everything as PEM text.
struct TlsOptions {
    std::string certificate_pem;  // With its chain, if there is one.
    std::string key_pem;
    std::string client_authority_pem{};  // Whose client certificates are asked for; "" for none.
};

struct ServerOptions {
    std::string address = "127.0.0.1";  // An IPv4 or IPv6 address to listen on.
    std::uint16_t port = 0;             // 0: any free one, which start() then says.
    std::optional<TlsOptions> tls{};    // Without it: plain HTTP, for the machine itself.

    std::size_t body_bytes_max = limits::http_body_bytes_max;
    int header_fields_max = limits::http_header_fields_max;
    int threads_max = limits::http_threads_max;
    int queue_max = limits::http_queue_max;
    int connections_per_address_max = limits::http_connections_per_address_max;
    int timeout_ms = limits::http_timeout_ms;  // For one read; under TLS it counts twice.
    int keep_alive_ms = limits::http_keep_alive_ms;
    int grace_ms = 2000;  // Before a slow connection makes room for others.
    int request_deadline_ms = limits::http_request_deadline_ms;  // For the request as a whole …
    int deadline_ms_per_kib = 1000;  // … and this for each KiB of either body.
    int stop_grace_ms = 5000;        // How long stop() waits for requests under way.
};

/// One line for the operator, about a failure. Never holds a query or a body. Called from several
/// threads at once.
using Log = std::function<void(std::string_view line)>;

/// What the server needs of the world. All must outlive it.
struct ServerEnvironment {
    const Clock& clock;          // For the validity of client certificates.
    const Translate& translate;  // For problem documents.
    const Log& log;
};

struct ServerCounts {
    std::size_t requests = 0;  // Answered, in whatever way.
    std::size_t failed = 0;    // Of these, with a 500.
    std::size_t refused = 0;   // Connections: too many from one address, or altogether.
    std::size_t cut = 0;       // Connections that ran past their deadline.
    std::size_t relieved = 0;  // Connections that were cut to make room for others.
};

/// HTTP/1.1 over TLS or plain, for the handlers of a table of routes.
///
/// A handler gets whole requests only: a body that is cut, chunked or larger than allowed never
/// reaches one, nor do bytes that pretend to be a second request. Everything is bounded: threads,
/// queue, connections of an address, header fields, bodies, and the time of it all.
///
/// When all threads, or all places of an address, are taken and somebody waits, the connection
/// that brings its request slowest is cut (one byte now and then is slower than any line). One
/// that is being answered is never cut for others.
///
/// One thread for each open connection, from a pool of its own. start() and stop() belong to one
/// thread. Writing to a client that is gone must not kill the process: see ignore_sigpipe().
class Server {
public:
    /// `routes` outlives the server and does not change while it runs.
    Server(const Routes& routes, ServerOptions options, ServerEnvironment environment);
    ~Server();  // Stops it.
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens, and says on which port.
    /// Errors: unavailable, if the address can't be listened on (somebody else does already);
    /// invalid_input, if the certificate, key or authority can't be used.
    Result<std::uint16_t> start();

    /// Takes no new request, waits a while for those under way, cuts the rest. May be called twice.
    void stop();

    ServerCounts counts() const;

private:
    class Running;

    const Routes& routes_;
    ServerOptions options_;
    ServerEnvironment environment_;
    std::unique_ptr<Running> running_;
};

/// For the whole process, before the first connection: a write to a peer that is gone then fails
/// instead of ending the program.
void ignore_sigpipe();

}  // namespace egret::http
