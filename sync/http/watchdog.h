#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace egret::http {

/// Cuts connections that take too long, whatever they are doing: a peer that sends one byte every
/// other second passes every timeout of a single read.
///
/// Cutting is ::shutdown() on the socket, which another thread may do while one is in a read or in
/// TLS; that read then sees an end. Thread-safe. Outlives its watches.
class Watchdog {
public:
    using Duration = std::chrono::milliseconds;

    Watchdog();
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    /// Under watch as long as it lives.
    class Watch {
    public:
        Watch(Watch&& other) noexcept;
        Watch& operator=(Watch&&) = delete;
        ~Watch();

        /// Counts anew from now. Has no effect on what is cut already.
        void restart(Duration deadline);
        /// Now, and not counted as late.
        void cut();
        /// How many bytes came on this connection so far, those of TLS among them.
        std::uint64_t bytes_received() const;
        /// Whether it was, for one reason or the other.
        bool is_cut() const;

    private:
        friend class Watchdog;

        Watch(Watchdog& dog, std::uint64_t id) noexcept : dog_(&dog), id_(id) {}

        Watchdog* dog_;
        std::uint64_t id_;
    };

    /// Empty if the process has no file descriptor left: then the connection must be closed. The
    /// socket is duplicated, so it stays open until both its owner and the watch are gone; in
    /// exchange, a number that was closed and given out again is never cut by mistake.
    std::optional<Watch> watch(int socket, Duration deadline);

    /// How many ran past their deadline since the start.
    std::size_t cut_count() const;

private:
    using Moment = std::chrono::steady_clock::time_point;

    struct Watched {
        int socket = -1;
        Moment deadline{};
    };

    void run();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, Watched> watched_;
    std::uint64_t next_id_ = 0;
    std::size_t cut_count_ = 0;
    bool stopping_ = false;
    std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace egret::http
