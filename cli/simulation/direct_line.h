#pragma once

#include "registry/base/clock.h"
#include "sync/client/https_client.h"
#include "sync/client/transport.h"
#include "sync/http/route.h"

#include <memory>
#include <optional>

namespace egret::simulation {

/// A centre's endpoints in this process, as a clinic reaches them: the certificate that it would
/// show is taken for shown.
class DirectLine final : public client::Transport {
public:
    /// `routes` and `clock` outlive the line.
    /// Errors: those of crypto::read_certificate.
    static Result<std::unique_ptr<client::Transport>> connect(
        const http::Routes& routes, const Clock& clock, const client::HttpsClientOptions& options);

    DirectLine(const http::Routes& routes, http::Peer peer)
        : routes_(routes), peer_(std::move(peer)) {}

    Result<http::Response> send(const http::Request& request) override;

private:
    const http::Routes& routes_;
    http::Peer peer_;
};

}  // namespace egret::simulation
