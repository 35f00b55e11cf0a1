#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/limits.h"
#include "registry/base/result.h"
#include "sync/client/transport.h"
#include "sync/http/message.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace egret::client {

/// The certificate that a device shows, and its key, as PEM.
struct ClientIdentity {
    std::string certificate_pem;
    std::string key_pem;
};

struct HttpsClientOptions {
    std::string url;  // "https://centre.example.cn:8443", perhaps with a path that comes first.

    std::string authority_pem{};            // Whose server certificates are trusted: nobody else's.
    std::vector<Hash> server_key_hashes{};  // If not empty, the server's key must be one of them.
    bool accept_any_server = false;  // For enrolment: the caller checks the certificate, before
                                     // anything secret is sent.
    std::optional<ClientIdentity> identity{};
    Instant now;  // For the server certificate's validity; the machine's clock may be years off.
    // What else is known of the time. The first at which the certificate is valid takes the place
    // of `now`, if that isn't one: only beside server_key_hashes.
    std::vector<Instant> other_times{};

    int connect_timeout_ms = 10'000;
    int timeout_ms = 20'000;         // For one read or write.
    int deadline_ms = 60'000;        // For a request as a whole, with its connection and answer …
    int deadline_ms_per_kib = 1000;  // … and this for each KiB of either body.
    std::size_t response_bytes_max = limits::http_response_bytes_max;
};

/// Asks one server over HTTPS (TLS 1.3), on one connection that is kept while it can be.
///
/// A request may reach the server twice: if a kept connection turns out to be dead, it is sent
/// again on a new one. Every endpoint of ours can take that.
///
/// Not thread-safe. The process must have called http::ignore_sigpipe().
class HttpsClient final : public Transport {
public:
    /// Does not connect yet.
    /// Errors: invalid_input, if the URL is not an https one, or an authority, certificate or key
    /// can't be used.
    static Result<HttpsClient> make(HttpsClientOptions options);

    HttpsClient(HttpsClient&&) noexcept;
    HttpsClient& operator=(HttpsClient&&) noexcept;
    ~HttpsClient() override;

    /// The server's whole answer, whatever its status. `request.peer` is of no account.
    /// Errors: unavailable, to be tried again later: net.unreachable, net.timeout, net.broken (the
    /// connection or the answer was cut, or is no HTTP), net.untrusted_server; too_large, if the
    /// answer is larger than allowed.
    Result<http::Response> send(const http::Request& request) override;

    /// The certificate of the server that was spoken to last, trusted or not; "" before that.
    const std::string& server_certificate_pem() const noexcept;

private:
    class Line;

    explicit HttpsClient(std::unique_ptr<Line> line) noexcept;

    std::unique_ptr<Line> line_;
};

/// Makes the transport that the options ask for.
using Connect = std::function<Result<std::unique_ptr<Transport>>(HttpsClientOptions)>;

/// An HttpsClient. Errors: those of HttpsClient::make.
Result<std::unique_ptr<Transport>> connect_https(HttpsClientOptions options);

}  // namespace egret::client
