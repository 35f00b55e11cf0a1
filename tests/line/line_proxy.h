#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

/// A line between a clinic and its centre, as bad as a test wants it: a proxy for TCP on a free
/// port of this machine.
namespace egret::tests {

/// What the line does to one connection.
struct LineShape {
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

    std::int64_t bits_per_second = 0;        // Of each way; 0: as fast as it goes.
    std::chrono::milliseconds round_trip{};  // Half of it each way; a connection costs one, too.
    std::size_t up_max = never;              // Cut when so many bytes have gone to the centre …
    std::size_t down_max = never;  // … or so many have come from it. All of them arrive.
};

struct LineCounts {
    std::size_t connections = 0;
    std::size_t bytes_up = 0;
    std::size_t bytes_down = 0;
    std::size_t turns = 0;  // Round trips: of each connection one, and one for each time that
                            // bytes come after bytes went.
};

class LineProxy {
public:
    /// `shape_of` says for the n-th connection, from 0, what is done to it.
    LineProxy(std::uint16_t centre_port, std::function<LineShape(std::size_t)> shape_of);
    ~LineProxy();  // Cuts all that is open.
    LineProxy(const LineProxy&) = delete;
    LineProxy& operator=(const LineProxy&) = delete;

    std::uint16_t port() const { return port_; }

    LineCounts counts() const;

private:
    class Connection;

    void accept();
    /// Empty if nobody listens there.
    std::optional<Poco::Net::StreamSocket> to_centre() const;

    const std::uint16_t centre_port_;
    const std::function<LineShape(std::size_t)> shape_of_;
    Poco::Net::ServerSocket socket_;
    const std::uint16_t port_;
    mutable std::mutex mutex_;
    std::list<std::unique_ptr<Connection>> connections_;
    std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace egret::tests
