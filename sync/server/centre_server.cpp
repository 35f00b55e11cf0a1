#include "sync/server/centre_server.h"

#include "sync/central/enrolment_service.h"
#include "sync/central/ingest.h"
#include "sync/server/batches_handler.h"
#include "sync/server/bundle_handler.h"
#include "sync/server/card_keys_handler.h"
#include "sync/server/enrol_handler.h"
#include "sync/server/feed_handler.h"
#include "sync/server/head_handler.h"
#include "sync/server/health_handler.h"
#include "sync/server/indicators_handler.h"
#include "sync/server/logged_handler.h"
#include "sync/server/mylog_handler.h"
#include "sync/server/relay_handler.h"
#include "sync/server/renew_handler.h"

#include <atomic>
#include <deque>
#include <string_view>
#include <utility>

namespace egret::server {

struct CentreServer::Endpoints {
    explicit Endpoints(const CentreServices& with)
        : ingester(with.store, with.keys, with.zone, with.clock),
          enrolment(with.store, with.keys, with.clock, with.random),
          bundle(with.keys),
          enrol(enrolment, with.keys, with.clock),
          batches(ingester, with.store, with.keys),
          head(with.store, with.keys, with.clock),
          mylog(with.store, with.keys, with.clock, with.random),
          feed({with.store, with.store.feeds(), with.keys, with.clock, with.random}),
          snapshot({with.store, with.store.feeds(), with.keys, with.clock, with.random}),
          renew(with.store, with.keys, with.clock),
          relay({with.store, ingester, with.keys, with.clock, with.random}),
          card_keys(with.store),
          health(with.store),
          log(with.log) {
        add("GET", "/v1/bundle", bundle);
        add("POST", "/v1/enroll", enrol);
        add("POST", "/v1/renew", renew);
        add("POST", "/v1/sync/batches", batches);
        add("GET", "/v1/sync/head", head);
        add("GET", "/v1/sync/mylog", mylog);
        add("GET", "/v1/sync/feed", feed);
        add("GET", "/v1/sync/snapshot", snapshot);
        add("POST", "/v1/relay", relay);
        add("GET", "/v1/indicators", indicators);
        add("GET", "/.well-known/jwks.json", card_keys);
        add("GET", "/health", health);
    }

    void add(std::string_view method, std::string_view path, http::Handler& handler) {
        routes.add(method, path, logged.emplace_back(handler, log, is_logging));
    }

    central::Ingester ingester;
    central::EnrolmentService enrolment;
    BundleHandler bundle;
    EnrolHandler enrol;
    BatchesHandler batches;
    HeadHandler head;
    MylogHandler mylog;
    FeedHandler feed;
    SnapshotHandler snapshot;
    RenewHandler renew;
    RelayHandler relay;
    IndicatorsHandler indicators;
    CardKeysHandler card_keys;
    HealthHandler health;
    const http::Log& log;
    std::atomic<bool> is_logging = false;
    std::deque<LoggedHandler> logged;  // Stay where they are.
    http::Routes routes;
};

CentreServer::CentreServer(const CentreServices& services)
    : services_(services), endpoints_(std::make_unique<Endpoints>(services)) {}

CentreServer::~CentreServer() = default;

Result<std::uint16_t> CentreServer::start(http::ServerOptions options,
                                          const std::vector<std::string>& hosts) {
    const auto& keys = services_.keys;
    auto certificate = keys.issue_server_certificate(hosts, services_.clock.now());
    if (!certificate) return std::move(certificate).error();
    options.tls = http::TlsOptions{*std::move(certificate), keys.tls_key_pem(),
                                   keys.authority().certificate_pem};
    server_ = std::make_unique<http::Server>(
        endpoints_->routes, std::move(options),
        http::ServerEnvironment{services_.clock, services_.translate, services_.log});
    return server_->start();
}

void CentreServer::log_requests(bool is_on) noexcept { endpoints_->is_logging = is_on; }

void CentreServer::stop() {
    if (server_) server_->stop();
}

http::ServerCounts CentreServer::counts() const {
    return server_ ? server_->counts() : http::ServerCounts{};
}

const http::Routes& CentreServer::routes() const noexcept { return endpoints_->routes; }

}  // namespace egret::server
