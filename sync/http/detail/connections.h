#pragma once

#include "sync/http/watchdog.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace egret::http {

/// The connections that a server has open: how many come from which address, which are waiting for
/// a request and which are answering one. Thread-safe. Outlives its connections.
class Connections {
public:
    using Duration = Watchdog::Duration;

    Connections(int per_address_max, Duration first_deadline)
        : per_address_max_(per_address_max), first_deadline_(first_deadline) {}

    class Connection;

    /// False if a connection more from `address` would be too many.
    bool has_room_for(const std::string& address);

    /// Empty if it must be closed at once: too many from that address, no descriptor left, or the
    /// server is stopping.
    std::optional<Connection> open(int socket, const std::string& address);

    /// From now on none is opened; those that wait for a request are cut.
    void close_idle();
    /// False if some are still open when the time is over.
    bool wait_until_none(Duration patience);
    void cut_all();

    bool stopping() const;
    std::size_t refused_count() const;

    std::size_t cut_count() const { return dog_.cut_count(); }

private:
    struct Entry {
        std::string address;
        Watchdog::Watch watch;
        bool answering = false;
    };

    using Entries = std::list<Entry>;

    bool is_full(const std::string& address) const;  // With the mutex held.

    const int per_address_max_;
    const Duration first_deadline_;
    mutable std::mutex mutex_;
    std::condition_variable closed_;
    std::map<std::string, int> per_address_;
    std::size_t refused_count_ = 0;
    bool stopping_ = false;
    Watchdog dog_;
    Entries entries_;  // After the watchdog: each holds a watch.
};

/// One open connection; not one any more when this is gone.
class Connections::Connection {
public:
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&&) = delete;
    ~Connection();

    /// A request has begun, and must be over by then.
    void begin_answer(Duration deadline);
    /// It takes longer than was thought: counts anew from now.
    void extend(Duration deadline);
    /// The request is over, and the next must have begun by then.
    void end_answer(Duration deadline);

private:
    friend class Connections;

    Connection(Connections& all, Entries::iterator entry) noexcept : all_(&all), entry_(entry) {}

    Connections* all_;
    Entries::iterator entry_;
};

}  // namespace egret::http
