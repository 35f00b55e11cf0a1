#include "sync/http/server.h"

#include "registry/crypto/tls.h"
#include "sync/http/detail/exchange.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerConnection.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace egret::http {
namespace {

namespace net = Poco::Net;

// Connections that the kernel holds for us until we accept them.
constexpr int backlog = 128;
constexpr int keep_alive_requests_max = 200;
constexpr int thread_idle_ms = 1000;
constexpr std::chrono::milliseconds relief_interval{250};

class PocoHandler final : public net::HTTPRequestHandler {
public:
    PocoHandler(Site& site, Connections::Connection& connection)
        : site_(site), connection_(connection) {}

    void handleRequest(net::HTTPServerRequest& in, net::HTTPServerResponse& out) override {
        Exchange(site_, connection_, in, out).run();
    }

private:
    Site& site_;
    Connections::Connection& connection_;
};

/// One for each connection, so that a handler knows on which one it is.
class PocoHandlerFactory final : public net::HTTPRequestHandlerFactory {
public:
    PocoHandlerFactory(Site& site, std::optional<Connections::Connection> connection)
        : site_(site), connection_(std::move(connection)) {}

    bool is_open() const noexcept { return connection_.has_value(); }

    net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
        return new PocoHandler(site_, *connection_);  // Poco takes ownership.
    }

private:
    Site& site_;
    std::optional<Connections::Connection> connection_;
};

std::string address_of(const net::StreamSocket& socket) {
    try {
        return socket.peerAddress().host().toString();
    } catch (const Poco::Exception&) {
        return "";  // Gone already. Counted with its like.
    }
}

class PocoConnection final : public net::HTTPServerConnection {
public:
    PocoConnection(const net::StreamSocket& socket, net::HTTPServerParams::Ptr params,
                   Poco::SharedPtr<PocoHandlerFactory> handlers)
        : HTTPServerConnection(socket, std::move(params), handlers),
          handlers_(std::move(handlers)) {}

    void run() override {
        if (!handlers_->is_open()) return;
        try {
            HTTPServerConnection::run();
        } catch (const Poco::Exception&) {
            // A client that went away, spoke something else than TLS or didn't like our
            // certificate. It is gone, and anybody can do that: no line in the log for it.
        }
    }

private:
    Poco::SharedPtr<PocoHandlerFactory> handlers_;
};

class PocoConnectionFactory final : public net::TCPServerConnectionFactory {
public:
    PocoConnectionFactory(Site& site, net::HTTPServerParams::Ptr params)
        : site_(site), params_(std::move(params)) {}

    net::TCPServerConnection* createConnection(const net::StreamSocket& socket) override {
        auto connection = site_.connections.open(socket.impl()->sockfd(), address_of(socket));
        Poco::SharedPtr<PocoHandlerFactory> handlers(
            new PocoHandlerFactory(site_, std::move(connection)));  // Poco takes ownership.
        return new PocoConnection(socket, params_, handlers);       // Poco takes ownership.
    }

private:
    Site& site_;
    net::HTTPServerParams::Ptr params_;
};

/// Refuses before a thread is spent. The factory asks again: what waits in the queue isn't counted
/// here yet.
class PocoFilter final : public net::TCPServerConnectionFilter {
public:
    explicit PocoFilter(Site& site) : site_(site) {}

    bool accept(const net::StreamSocket& socket) override {
        return site_.connections.has_room_for(address_of(socket));
    }

private:
    Site& site_;
};

Poco::Timespan timespan(int ms) {
    return Poco::Timespan(static_cast<Poco::Timespan::TimeDiff>(ms) * Poco::Timespan::MILLISECONDS);
}

net::HTTPServerParams::Ptr params_for(const ServerOptions& options) {
    net::HTTPServerParams::Ptr params(new net::HTTPServerParams);  // Poco takes ownership.
    params->setMaxThreads(options.threads_max);
    params->setMaxQueued(options.queue_max);
    // A thread that misses the word to stop sleeps this long.
    params->setThreadIdleTime(timespan(thread_idle_ms));
    params->setTimeout(timespan(options.timeout_ms));
    params->setKeepAlive(true);
    params->setKeepAliveTimeout(timespan(options.keep_alive_ms));
    params->setMaxKeepAliveRequests(keep_alive_requests_max);
    return params;
}

/// Null, for plain HTTP.
Result<net::Context::Ptr> context_for(const std::optional<TlsOptions>& tls) {
    if (!tls) return net::Context::Ptr();
    net::Context::Params params;
    params.verificationMode = tls->client_authority_pem.empty() ? net::Context::VERIFY_NONE
                                                                : net::Context::VERIFY_RELAXED;
    params.loadDefaultCAs = false;
    // Poco takes ownership.
    net::Context::Ptr context(new net::Context(net::Context::TLS_SERVER_USE, params));
    // Poco would compare a client's certificate with the name of the client's host.
    context->enableExtendedCertificateVerification(false);
    auto* raw = context->sslContext();
    crypto::restrict_tls(raw);
    if (auto used = crypto::use_identity(raw, tls->certificate_pem, tls->key_pem); !used)
        return std::move(used).error();
    if (!tls->client_authority_pem.empty()) {
        if (auto asked = crypto::ask_client_certificate(raw, tls->client_authority_pem); !asked)
            return std::move(asked).error();
    }
    return context;
}

net::ServerSocket listen_on(const ServerOptions& options, const net::Context::Ptr& context) {
    net::ServerSocket socket;
    // As a Socket: it is the inside that accepts, and the inside is shared, not cut.
    if (!context.isNull())
        socket = static_cast<const net::Socket&>(net::SecureServerSocket(context));
    // Never shared: with SO_REUSEPORT a second server would silently take half of the requests.
    socket.bind(net::SocketAddress(options.address, options.port), true, false);
    socket.listen(backlog);
    return socket;
}

}  // namespace

class Server::Running {
public:
    /// Throws Poco::Exception if the address can't be listened on.
    Running(const Routes& routes, const ServerOptions& options,
            const ServerEnvironment& environment, const net::Context::Ptr& context)
        : site_{routes, options, environment,
                Connections(options.connections_per_address_max,
                            Watchdog::Duration{options.request_deadline_ms},
                            Watchdog::Duration{options.grace_ms})},
          pool_("http", 2, options.threads_max),
          socket_(listen_on(options, context)) {
        const auto params = params_for(options);
        // Poco takes ownership of what is new here.
        net::TCPServerConnectionFactory::Ptr factory(new PocoConnectionFactory(site_, params));
        server_ = std::make_unique<net::TCPServer>(factory, pool_, socket_, params);
        server_->setConnectionFilter(new PocoFilter(site_));  // Poco takes ownership.
        server_->start();
        relief_ = std::jthread([this](const std::stop_token& stop) { relieve_until(stop); });
    }

    ~Running() { stop(); }

    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    std::uint16_t port() const { return server_->port(); }

    void stop() {
        if (stopped_) return;
        stopped_ = true;
        relief_.request_stop();
        relief_.join();
        site_.connections.close_idle();
        // Wakes the thread that accepts, which would otherwise sleep for a quarter of a second.
        ::shutdown(socket_.impl()->sockfd(), SHUT_RDWR);
        server_->stop();
        socket_.close();
        site_.connections.wait_until_none(Watchdog::Duration{site_.options.stop_grace_ms});
        site_.connections.cut_all();
        pool_.joinAll();
    }

    ServerCounts counts() const {
        const auto queue_full = static_cast<std::size_t>(server_->refusedConnections());
        return {site_.request_count, site_.failed_count,
                site_.connections.refused_count() + queue_full, site_.connections.cut_count(),
                site_.connections.relieved_count()};
    }

private:
    /// Whoever waits in the queue gets the thread of the slowest.
    void relieve_until(const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
            never.wait_for(lock, stop, relief_interval, [] { return false; });
            const int waiting = server_->queuedConnections();
            const bool is_full = server_->currentThreads() >= site_.options.threads_max;
            if (is_full && waiting > 0)
                site_.connections.relieve(static_cast<std::size_t>(waiting));
        }
    }

    Site site_;
    Poco::ThreadPool pool_;
    net::ServerSocket socket_;
    std::unique_ptr<net::TCPServer> server_;  // Its threads use all of the above.
    bool stopped_ = false;
    std::jthread relief_;
};

Server::Server(const Routes& routes, ServerOptions options, ServerEnvironment environment)
    : routes_(routes), options_(std::move(options)), environment_(environment) {}

Server::~Server() = default;

Result<std::uint16_t> Server::start() {
    running_.reset();
    const auto context = context_for(options_.tls);
    if (!context) return context.error();
    try {
        running_ = std::make_unique<Running>(routes_, options_, environment_, *context);
    } catch (const Poco::Exception&) {
        return Error{ErrorCode::unavailable, "listen",
                     msg("http.cannot_listen",
                         {{"address", options_.address}, {"port", std::to_string(options_.port)}})};
    }
    return running_->port();
}

void Server::stop() {
    if (running_) running_->stop();
}

ServerCounts Server::counts() const { return running_ ? running_->counts() : ServerCounts{}; }

void ignore_sigpipe() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace egret::http
