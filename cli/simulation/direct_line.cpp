#include "cli/simulation/direct_line.h"

#include "registry/crypto/x509.h"
#include "sync/http/problem.h"

#include <string>
#include <utility>

namespace egret::simulation {
namespace {

constexpr int not_found_status = 404;

}  // namespace

Result<std::unique_ptr<client::Transport>> DirectLine::connect(
    const http::Routes& routes, const Clock& clock, const client::HttpsClientOptions& options) {
    http::Peer peer;
    peer.address = "127.0.0.1";
    if (options.identity) {
        auto facts = crypto::read_certificate(options.identity->certificate_pem);
        if (!facts) return std::move(facts).error();
        peer.certificate = http::ClientCertificate{facts->common_name, facts->key_hash,
                                                   facts->validity.holds_at(clock.now())};
    }
    return std::unique_ptr<client::Transport>(
        std::make_unique<DirectLine>(routes, std::move(peer)));
}

Result<http::Response> DirectLine::send(const http::Request& request) {
    const auto found = routes_.find(request.method, request.path);
    if (!found.handler) return http::Response::json("{}", not_found_status);
    auto asked = request;
    asked.peer = peer_;
    auto response = found.handler->handle(asked);
    if (!response) return http::Response::json("{}", http::status_of(response.error().code));
    return response;
}

}  // namespace egret::simulation
