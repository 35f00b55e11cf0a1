#pragma once

#include "registry/crypto/x509.h"
#include "sync/http/server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

/// A real server on a free port of this machine, and what a test needs around it.
namespace egret::tests {

constexpr Instant day_in(int year_number) {
    return std::chrono::sys_days{std::chrono::year{year_number} / 6 / 1};
}

/// Does what the test says, and keeps what it was given.
class RecordingHandler final : public http::Handler {
public:
    using Answer = std::function<Result<http::Response>(const http::Request&)>;

    explicit RecordingHandler(Answer answer) : answer_(std::move(answer)) {}

    Result<http::Response> handle(const http::Request& request) override {
        {
            const std::lock_guard lock(mutex_);
            seen_.push_back(request);
        }
        return answer_(request);
    }

    std::vector<http::Request> seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }

private:
    Answer answer_;
    mutable std::mutex mutex_;
    std::vector<http::Request> seen_;
};

inline Result<http::Response> echo(const http::Request& request) {
    return http::Response::bytes(request.body, "application/octet-stream");
}

/// A server with POST /echo and GET /secret; more routes may be added before start().
class TestSite {
public:
    TestSite() {
        http::ignore_sigpipe();
        routes.add("POST", "/echo", echo_handler).add("GET", "/secret", secret_handler);
    }

    std::uint16_t start(http::ServerOptions options = {}) {
        server.emplace(routes, std::move(options), http::ServerEnvironment{clock, translate, log});
        const auto port = server->start();
        REQUIRE(port);
        return *port;
    }

    std::vector<std::string> logged() const {
        const std::lock_guard lock(log_mutex_);
        return log_lines_;
    }

    RecordingHandler echo_handler{echo};
    RecordingHandler secret_handler{
        [](const http::Request&) { return http::Response::json("{\"secret\":1}"); }};
    http::Routes routes;
    ManualClock clock{day_in(2027)};
    http::Translate translate = [](const Message& message, std::string_view language) {
        return std::string(language) + ":" + message.id;
    };
    http::Log log = [this](std::string_view line) {
        const std::lock_guard lock(log_mutex_);
        log_lines_.emplace_back(line);
    };

private:
    mutable std::mutex log_mutex_;
    std::vector<std::string> log_lines_;

public:
    std::optional<http::Server> server;  // Last: it uses all of the above.
};

/// A programme with its authority, valid from 2026 to 2056, and what it issues.
class TestProgramme {
public:
    const std::string& authority_pem() const { return authority_.certificate_pem; }

    http::TlsOptions server_tls(const std::vector<std::string>& hosts,
                                crypto::Validity validity = {day_in(2026), day_in(2028)}) const {
        const auto key = crypto::make_tls_key();
        return {*crypto::issue_server_certificate(authority_, *crypto::make_signing_request(key),
                                                  hosts, validity),
                key, authority_.certificate_pem};
    }

    struct Identity {
        std::string certificate_pem;
        std::string key_pem;
    };

    Identity device(std::string_view name,
                    crypto::Validity validity = {day_in(2026), day_in(2028)}) const {
        const auto key = crypto::make_tls_key();
        return {*crypto::issue_client_certificate(authority_, *crypto::make_signing_request(key),
                                                  name, validity),
                key};
    }

private:
    static crypto::Authority make() {
        const auto key = crypto::make_tls_key();
        return {*crypto::make_authority(key, "Programme", {day_in(2026), day_in(2056)}), key};
    }

    crypto::Authority authority_ = make();
};

}  // namespace egret::tests
