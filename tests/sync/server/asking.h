#pragma once

#include "registry/crypto/random_bytes.h"
#include "sync/core/request_signature.h"
#include "sync/server/centre_server.h"
#include "tests/sync/central/test_centre.h"

#include <string>
#include <utility>

namespace egret::tests {

/// A centre whose endpoints are asked without a connection.
struct AskedCentre : TestCentre {
    AskedCentre() { serve(); }

    void serve() {
        server = std::make_unique<server::CentreServer>(
            server::CentreServices{*store, *keys, zone, clock, system_random, translate, log});
    }

    void restart() {
        server.reset();
        reopen();
        serve();
    }

    http::Request request(const TestDevice& device, std::string path, http::Query query = {}) {
        http::Request made;
        made.path = std::move(path);
        made.query = std::move(query);
        made.headers["authorization"] = sync::authorize_request(
            {device.id, 1, device.sign}, {unix_ms(clock.now()), random.bytes<16>()},
            {made.method, http::target_of(made), made.body});
        return made;
    }

    Result<http::Response> answer(const http::Request& asked) {
        auto* handler = server->routes().find(asked.method, asked.path).handler;
        REQUIRE(handler != nullptr);
        return handler->handle(asked);
    }

    Result<http::Response> get(const TestDevice& device, std::string path, http::Query query = {}) {
        return answer(request(device, std::move(path), std::move(query)));
    }

    crypto::SystemRandom system_random;
    http::Translate translate = [](const Message& message, std::string_view) { return message.id; };
    http::Log log = [](std::string_view) {};
    std::unique_ptr<server::CentreServer> server;
};

}  // namespace egret::tests
