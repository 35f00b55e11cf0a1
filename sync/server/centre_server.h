#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/icu/time_zone.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"
#include "sync/http/route.h"
#include "sync/http/server.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace egret::server {

/// What the centre's server works on. All must outlive it.
struct CentreServices {
    central::CentralStore& store;
    const central::CentreKeys& keys;
    const icu::TimeZone& zone;
    const Clock& clock;
    Random& random;
    const http::Translate& translate;
    const http::Log& log;
};

/// The centre over HTTPS: every endpoint, wired up. TLS 1.3 with the programme's own certificates;
/// devices show theirs.
class CentreServer {
public:
    explicit CentreServer(const CentreServices& services);
    ~CentreServer();

    CentreServer(const CentreServer&) = delete;
    CentreServer& operator=(const CentreServer&) = delete;

    /// Listens, and says on which port. `hosts`: the names and addresses under which it is reached.
    /// Errors: those of http::Server::start and CentreKeys::issue_server_certificate.
    Result<std::uint16_t> start(http::ServerOptions options, const std::vector<std::string>& hosts);
    /// Whether each request gets a line in the log; at first it doesn't. Failures always do.
    void log_requests(bool is_on) noexcept;
    /// Requests that are under way are answered first, for a while.
    void stop();

    http::ServerCounts counts() const;

    /// The endpoints, to be asked without a connection. Whoever does vouches for each peer.
    const http::Routes& routes() const noexcept;

private:
    struct Endpoints;

    CentreServices services_;
    std::unique_ptr<Endpoints> endpoints_;
    std::unique_ptr<http::Server> server_;
};

}  // namespace egret::server
