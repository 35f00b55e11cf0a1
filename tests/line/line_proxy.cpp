#include "tests/line/line_proxy.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/SocketImpl.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <sys/socket.h>
#include <vector>

namespace egret::tests {
namespace {

using Steady = std::chrono::steady_clock;
namespace net = Poco::Net;

constexpr std::size_t chunk_bytes = 512;  // Less than a packet: a slow line is slow evenly.

/// Sends all of it, without a signal if the other is gone. False if it couldn't.
bool send_all(int socket, const char* bytes, std::size_t size) {
    while (size > 0) {
        const auto sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

}  // namespace

class LineProxy::Connection {
public:
    Connection(net::StreamSocket clinic, net::StreamSocket centre, const LineShape& shape)
        : shape_(shape),
          clinic_(std::move(clinic)),
          centre_(std::move(centre)),
          threads_{std::thread([this] { read(up_); }), std::thread([this] { write(up_); }),
                   std::thread([this] { read(down_); }), std::thread([this] { write(down_); })} {}

    ~Connection() {
        cut();
        for (auto& thread : threads_) thread.join();
    }

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void add_to(LineCounts& counts) const {
        const std::lock_guard lock(mutex_);
        ++counts.connections;
        counts.bytes_up += up_.passed;
        counts.bytes_down += down_.passed;
        counts.turns += turns_;
    }

private:
    struct Chunk {
        std::vector<char> bytes;
        Steady::time_point arrives;
        bool is_end = false;
    };

    struct Way {
        int from;
        int to;
        std::size_t max;
        bool is_up;
        std::size_t passed = 0;
        Steady::time_point is_free{};
        std::deque<Chunk> under_way{};
    };

    void read(Way& way) {
        // What a connection costs before its first byte.
        if (way.is_up) sleep_until(Steady::now() + shape_.round_trip);
        for (;;) {
            Chunk chunk;
            chunk.bytes.resize(chunk_bytes);
            const auto got = ::recv(way.from, chunk.bytes.data(), chunk.bytes.size(), 0);
            chunk.is_end = got <= 0;
            chunk.bytes.resize(chunk.is_end ? 0 : static_cast<std::size_t>(got));
            const std::lock_guard lock(mutex_);
            if (is_cut_) return;
            way.is_free = std::max(way.is_free, Steady::now()) + time_of(chunk.bytes.size());
            chunk.arrives = way.is_free + shape_.round_trip / 2;
            way.under_way.push_back(chunk);
            changed_.notify_all();
            if (chunk.is_end) return;
        }
    }

    void write(Way& way) {
        for (;;) {
            Chunk chunk;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [&] { return is_cut_ || !way.under_way.empty(); });
                if (is_cut_) return;
                chunk = std::move(way.under_way.front());
                way.under_way.pop_front();
            }
            if (!sleep_until(chunk.arrives)) return;
            if (chunk.is_end) {
                ::shutdown(way.to, SHUT_WR);
                return;
            }
            if (!pass(way, chunk.bytes)) return;
        }
    }

    /// False if the connection is cut with that.
    bool pass(Way& way, const std::vector<char>& bytes) {
        std::size_t size = bytes.size();
        {
            const std::lock_guard lock(mutex_);
            size = std::min(size, way.max - way.passed);
            way.passed += size;
            if (!way.is_up && last_was_up_) ++turns_;
            last_was_up_ = way.is_up;
        }
        const bool is_sent = send_all(way.to, bytes.data(), size);
        if (is_sent && way.passed < way.max) return true;
        cut();
        return false;
    }

    /// False if the connection was cut meanwhile.
    bool sleep_until(Steady::time_point moment) {
        std::unique_lock lock(mutex_);
        return !changed_.wait_until(lock, moment, [this] { return is_cut_; });
    }

    Steady::duration time_of(std::size_t bytes) const {
        if (shape_.bits_per_second == 0) return {};
        return std::chrono::microseconds(static_cast<std::int64_t>(bytes) * 8 * 1'000'000 /
                                         shape_.bits_per_second);
    }

    /// Both ends see an end; what was sent before still arrives.
    void cut() {
        {
            const std::lock_guard lock(mutex_);
            is_cut_ = true;
        }
        changed_.notify_all();
        ::shutdown(up_.from, SHUT_RDWR);
        ::shutdown(up_.to, SHUT_RDWR);
    }

    const LineShape shape_;
    net::StreamSocket clinic_;
    net::StreamSocket centre_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Way up_{clinic_.impl()->sockfd(), centre_.impl()->sockfd(), shape_.up_max, true};
    Way down_{centre_.impl()->sockfd(), clinic_.impl()->sockfd(), shape_.down_max, false};
    std::size_t turns_ = 1;
    bool last_was_up_ = false;
    bool is_cut_ = false;
    std::array<std::thread, 4> threads_;  // Last: they use all of the above.
};

LineProxy::LineProxy(std::uint16_t centre_port, std::function<LineShape(std::size_t)> shape_of)
    : centre_port_(centre_port),
      shape_of_(std::move(shape_of)),
      socket_(net::SocketAddress("127.0.0.1", 0)),
      port_(socket_.address().port()),
      thread_([this] { accept(); }) {}

LineProxy::~LineProxy() {
    ::shutdown(socket_.impl()->sockfd(), SHUT_RDWR);
    thread_.join();
}

LineCounts LineProxy::counts() const {
    const std::lock_guard lock(mutex_);
    LineCounts counts;
    for (const auto& connection : connections_) connection->add_to(counts);
    return counts;
}

void LineProxy::accept() {
    for (std::size_t number = 0;; ++number) {
        try {
            auto clinic = socket_.acceptConnection();
            auto centre = to_centre();
            if (!centre) continue;
            clinic.setNoDelay(true);
            centre->setNoDelay(true);
            auto connection = std::make_unique<Connection>(clinic, *centre, shape_of_(number));
            const std::lock_guard lock(mutex_);
            connections_.push_back(std::move(connection));
        } catch (const Poco::Exception&) {
            return;  // The proxy is going.
        }
    }
}

std::optional<net::StreamSocket> LineProxy::to_centre() const {
    try {
        return net::StreamSocket(net::SocketAddress("127.0.0.1", centre_port_));
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

}  // namespace egret::tests
