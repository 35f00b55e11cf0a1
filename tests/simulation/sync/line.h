#pragma once

#include "registry/base/random.h"
#include "sync/client/https_client.h"
#include "sync/client/transport.h"
#include "tests/simulation/sync/centre.h"
#include "tests/simulation/sync/plan.h"

#include <functional>
#include <memory>
#include <optional>

namespace egret::sync_world {

/// A clinic's line to the centre, as bad as its rates. While a request is under way, the rest of
/// the world goes on.
class SimLine {
public:
    SimLine(const Surroundings& world, SimCentre& centre, const LineRates& rates,
            std::uint64_t seed)
        : world_(world), centre_(centre), rates_(rates), random_(seed) {}

    using Done = std::function<void(const Result<http::Response>&)>;

    /// Sends a request of who shows himself so; `done` is told later what came of it, once.
    void ask(http::Request request, const client::HttpsClientOptions& shown, const DeviceId& sender,
             Done done);

    /// Lines whose user waits for each answer. Outlived by the line.
    client::Connect way(const DeviceId& sender);

    std::uint64_t losses() const noexcept { return losses_; }

private:
    class Connection;
    struct Exchange;

    void deliver(const http::Request& request, const DeviceId& sender,
                 const std::shared_ptr<Exchange>& exchange);
    Milliseconds transit(std::size_t bytes) const;
    Milliseconds delay();
    Error failed(const char* id);

    Surroundings world_;
    SimCentre& centre_;
    const LineRates& rates_;
    SeededRandom random_;
    std::uint64_t losses_ = 0;
};

}  // namespace egret::sync_world
