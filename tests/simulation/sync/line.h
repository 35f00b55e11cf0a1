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

/// A clinic's line to the centre, as bad as its rates. While somebody waits for an answer, the rest
/// of the world goes on.
class SimLine {
public:
    SimLine(const Surroundings& world, SimCentre& centre, const LineRates& rates,
            std::uint64_t seed)
        : world_(world), centre_(centre), rates_(rates), random_(seed) {}

    /// For client::ClinicLink and client::OutboxSync. Outlived by the line.
    client::Connect way(const DeviceId& sender);

    std::uint64_t losses() const noexcept { return losses_; }

private:
    class Connection;
    struct Exchange;

    Result<http::Response> send(const http::Request& request, const DeviceId& sender);
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
