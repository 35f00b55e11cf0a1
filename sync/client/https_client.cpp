#include "sync/client/https_client.h"

#include "registry/base/text.h"
#include "registry/crypto/tls.h"
#include "sync/http/watchdog.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace egret::client {
namespace {

namespace net = Poco::Net;
using http::Watchdog;
using Steady = std::chrono::steady_clock;

constexpr std::size_t read_bytes = 16 * 1024;
constexpr std::size_t length_digits_max = 12;
constexpr int response_fields_max = 100;
// Servers close an idle connection after some seconds. Ours is given up before, so that a request
// is hardly ever sent into the void.
constexpr std::chrono::milliseconds kept_idle_max{3000};

Error unreachable() { return {ErrorCode::unavailable, "server", msg("net.unreachable")}; }
Error timed_out() { return {ErrorCode::unavailable, "server", msg("net.timeout")}; }
Error broken() { return {ErrorCode::unavailable, "server", msg("net.broken")}; }
Error untrusted() { return {ErrorCode::unavailable, "server", msg("net.untrusted_server")}; }

bool is_broken(const Error& error) { return error.message == msg("net.broken"); }

Poco::Timespan span_of(int ms) {
    return Poco::Timespan(static_cast<Poco::Timespan::TimeDiff>(ms) * Poco::Timespan::MILLISECONDS);
}

/// Where a server is.
struct Location {
    std::string host;
    std::uint16_t port = 443;
    std::string prefix;  // "" or "/egret".
};

Result<Location> parse_location(const std::string& url) {
    const Error bad{ErrorCode::invalid_input, "url", msg("net.bad_url")};
    try {
        const Poco::URI uri(url);
        const bool is_plain =
            uri.getUserInfo().empty() && uri.getRawQuery().empty() && uri.getFragment().empty();
        if (uri.getScheme() != "https" || uri.getHost().empty() || !is_plain) return bad;
        auto prefix = uri.getPath();
        while (prefix.ends_with('/')) prefix.pop_back();
        return Location{uri.getHost(), uri.getPort(), prefix};
    } catch (const Poco::Exception&) {
        return bad;
    }
}

/// Poco's session on a connection of ours. Left alone it would connect anew behind our back, to
/// an address that it doesn't know.
class Session final : public net::HTTPClientSession {
public:
    explicit Session(const net::StreamSocket& socket) : HTTPClientSession(socket) {
        setKeepAlive(true);
        setKeepAliveTimeout(Poco::Timespan(Poco::Timespan::DAYS));
    }

protected:
    void connect(const net::SocketAddress&) override { throw net::ConnectionResetException(); }
};

bool has_no_body(const std::string& method, int status) {
    return method == net::HTTPRequest::HTTP_HEAD || status == 204 || status == 304;
}

}  // namespace

class HttpsClient::Line {
public:
    Line(HttpsClientOptions options, Location location)
        : options_(std::move(options)), location_(std::move(location)) {}

    Result<Done> prepare();
    Result<http::Response> send(const http::Request& request);

    const std::string& server_certificate_pem() const noexcept { return check_.certificate_pem; }

private:
    /// One connection, with the time that it has left.
    struct Connection {
        Connection(Watchdog::Watch under, const net::StreamSocket& socket)
            : watch(std::move(under)), session(socket) {}

        Watchdog::Watch watch;
        Session session;
        Steady::time_point used_at = Steady::now();
    };

    Result<http::Response> send_once(const http::Request& request);
    Result<Done> connect();
    Result<http::Response> exchange(const http::Request& request);
    Result<http::Response> receive(const http::Request& request);
    Result<Bytes> read_body(std::istream& stream, std::string_view length);
    /// What a thrown exception comes down to, and the connection is given up.
    Error give_up(const Poco::Exception& thrown);
    Watchdog::Duration deadline_for(std::size_t bytes) const;

    HttpsClientOptions options_;
    Location location_;
    crypto::ServerCheck check_;
    net::Context::Ptr context_;
    Watchdog dog_;
    std::optional<Connection> connection_;
};

Result<Done> HttpsClient::Line::prepare() {
    net::Context::Params params;
    // What Poco would check it checks by its own clock and only in part: crypto::check_server does.
    params.verificationMode = net::Context::VERIFY_NONE;
    params.loadDefaultCAs = false;
    // Poco takes ownership.
    context_ = net::Context::Ptr(new net::Context(net::Context::TLS_CLIENT_USE, params));
    auto* raw = context_->sslContext();
    crypto::restrict_tls(raw);
    if (options_.identity) {
        auto used = crypto::use_identity(raw, options_.identity->certificate_pem,
                                         options_.identity->key_pem);
        if (!used) return used;
    }
    check_.host = location_.host;
    check_.at = options_.now;
    if (!options_.server_key_hashes.empty()) check_.or_at = options_.other_times;
    check_.accept_any = options_.accept_any_server;
    check_.key_hashes = options_.server_key_hashes;
    return crypto::check_server(raw, options_.authority_pem, check_);
}

Result<http::Response> HttpsClient::Line::send(const http::Request& request) {
    if (connection_ && Steady::now() - connection_->used_at > kept_idle_max) connection_.reset();
    const bool kept = connection_.has_value();
    auto answer = send_once(request);
    if (!answer && kept && is_broken(answer.error())) answer = send_once(request);
    return answer;
}

Result<http::Response> HttpsClient::Line::send_once(const http::Request& request) {
    try {
        if (!connection_) {
            if (auto connected = connect(); !connected) return std::move(connected).error();
        }
        connection_->watch.restart(deadline_for(request.body.size()));
        auto answer = exchange(request);
        if (!answer) connection_.reset();
        return answer;
    } catch (const Poco::Exception& thrown) {
        return give_up(thrown);
    }
}

Result<Done> HttpsClient::Line::connect() {
    net::StreamSocket raw;
    try {
        raw.connect(net::SocketAddress(location_.host, location_.port),
                    span_of(options_.connect_timeout_ms));
    } catch (const Poco::TimeoutException&) {
        return timed_out();
    } catch (const Poco::Exception&) {
        return unreachable();
    }
    // Poco waits twice, once in the read and once more for it to become possible.
    raw.setReceiveTimeout(span_of(options_.timeout_ms / 2));
    raw.setSendTimeout(span_of(options_.timeout_ms / 2));
    raw.setNoDelay(true);
    auto watch = dog_.watch(raw.impl()->sockfd(), deadline_for(0));
    if (!watch) return unreachable();

    check_.refused = false;
    net::IPAddress address;
    const bool is_address = net::IPAddress::tryParse(location_.host, address);
    try {
        // An address is no name to ask for; a name goes along in the clear, as everywhere.
        auto secure = is_address ? net::SecureStreamSocket::attach(raw, context_)
                                 : net::SecureStreamSocket::attach(raw, location_.host, context_);
        // Poco takes a handshake that ran into a timeout for a connection.
        if (secure.completeHandshake() != 1) return broken();
        connection_.emplace(std::move(*watch), secure);
    } catch (const Poco::Exception& thrown) {
        if (watch->is_cut()) return timed_out();
        return give_up(thrown);
    }
    return Done{};
}

Result<http::Response> HttpsClient::Line::exchange(const http::Request& request) {
    net::HTTPRequest out(request.method, location_.prefix + http::target_of(request),
                         net::HTTPMessage::HTTP_1_1);
    out.setHost(location_.host, location_.port);
    out.setKeepAlive(true);
    for (const auto& [name, value] : request.headers) out.set(name, value);
    const bool usually_has_none = request.method == "GET" || request.method == "HEAD";
    if (!request.body.empty() || !usually_has_none)
        out.setContentLength64(static_cast<Poco::Int64>(request.body.size()));

    auto& stream = connection_->session.sendRequest(out);
    stream.write(reinterpret_cast<const char*>(request.body.data()),
                 static_cast<std::streamsize>(request.body.size()));
    stream.flush();
    return receive(request);
}

Result<http::Response> HttpsClient::Line::receive(const http::Request& request) {
    net::HTTPResponse in;
    in.setFieldLimit(response_fields_max);
    auto& stream = connection_->session.receiveResponse(in);
    http::Response answer;
    answer.status = in.getStatus();
    for (const auto& [name, value] : in) answer.headers.emplace_back(to_lower(name), value);
    answer.content_type = answer.header("content-type");
    if (answer.status < 200) return broken();
    if (!has_no_body(request.method, answer.status)) {
        // Of a body without a length nobody can tell whether it was cut.
        if (!in.hasContentLength() || in.has("Transfer-Encoding")) return broken();
        auto body = read_body(stream, in.get("Content-Length"));
        if (!body) return std::move(body).error();
        answer.body = *std::move(body);
    }
    connection_->used_at = Steady::now();
    if (!in.getKeepAlive()) connection_.reset();
    return answer;
}

Result<Bytes> HttpsClient::Line::read_body(std::istream& stream, std::string_view length) {
    if (length.empty() || !is_digits(length)) return broken();
    const bool readable = length.size() <= length_digits_max;
    const auto bytes =
        readable ? std::stoull(std::string(length)) : options_.response_bytes_max + 1;
    if (bytes > options_.response_bytes_max) {
        return Error{ErrorCode::too_large, "server",
                     msg("net.response_too_large",
                         {{"limit", std::to_string(options_.response_bytes_max)}})};
    }
    connection_->watch.restart(deadline_for(bytes));
    Bytes body;
    while (body.size() < bytes) {
        std::array<char, read_bytes> buffer{};
        const auto wanted = std::min<std::size_t>(buffer.size(), bytes - body.size());
        stream.read(buffer.data(), static_cast<std::streamsize>(wanted));
        const auto got = static_cast<std::size_t>(stream.gcount());
        append(body, bytes_of({buffer.data(), got}));
        if (got == wanted) continue;
        // The stream hides what happened behind its end.
        const auto* hidden = connection_->session.networkException();
        return hidden != nullptr ? give_up(*hidden) : give_up(net::ConnectionResetException());
    }
    return body;
}

Error HttpsClient::Line::give_up(const Poco::Exception& thrown) {
    const bool too_late = dynamic_cast<const Poco::TimeoutException*>(&thrown) != nullptr ||
                          (connection_ && connection_->watch.is_cut());
    connection_.reset();
    if (check_.refused) return untrusted();
    return too_late ? timed_out() : broken();
}

Watchdog::Duration HttpsClient::Line::deadline_for(std::size_t bytes) const {
    const auto kib = static_cast<std::int64_t>((bytes + 1023) / 1024);
    return Watchdog::Duration{options_.deadline_ms + kib * options_.deadline_ms_per_kib};
}

Result<HttpsClient> HttpsClient::make(HttpsClientOptions options) {
    auto location = parse_location(options.url);
    if (!location) return std::move(location).error();
    auto line = std::make_unique<Line>(std::move(options), *std::move(location));
    if (auto prepared = line->prepare(); !prepared) return std::move(prepared).error();
    return HttpsClient(std::move(line));
}

HttpsClient::HttpsClient(std::unique_ptr<Line> line) noexcept : line_(std::move(line)) {}
HttpsClient::HttpsClient(HttpsClient&&) noexcept = default;
HttpsClient& HttpsClient::operator=(HttpsClient&&) noexcept = default;
HttpsClient::~HttpsClient() = default;

Result<std::unique_ptr<Transport>> connect_https(HttpsClientOptions options) {
    auto client = HttpsClient::make(std::move(options));
    if (!client) return std::move(client).error();
    return std::unique_ptr<Transport>(std::make_unique<HttpsClient>(*std::move(client)));
}

Result<http::Response> HttpsClient::send(const http::Request& request) {
    return line_->send(request);
}

const std::string& HttpsClient::server_certificate_pem() const noexcept {
    return line_->server_certificate_pem();
}

}  // namespace egret::client
