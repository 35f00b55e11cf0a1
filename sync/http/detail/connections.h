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

    /// `grace`: how long a connection may take for a request while others wait for its place.
    Connections(int per_address_max, Duration first_deadline, Duration grace)
        : per_address_max_(per_address_max), first_deadline_(first_deadline), grace_(grace) {}

    class Connection;

    /// False if a connection more from `address` would be too many, and none of them is so slow
    /// that it was cut for it.
    bool has_room_for(const std::string& address);

    /// Cuts up to so many connections that have had their grace and brought no whole request: the
    /// slowest first.
    void relieve(std::size_t count);

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

    std::size_t relieved_count() const;

    std::size_t cut_count() const { return dog_.cut_count(); }

private:
    using Moment = std::chrono::steady_clock::time_point;

    struct Entry {
        std::string address;
        Watchdog::Watch watch;
        Moment waiting_since{};          // For a request, …
        std::uint64_t bytes_before = 0;  // … and what had come before it.
        bool is_idle = true;             // Between requests.
        bool answering = false;          // A whole request is here.
        bool holds_place = true;         // Of its address. Not any more when it was cut for others.
    };

    using Entries = std::list<Entry>;

    // All of these with the mutex held.
    bool is_full(const std::string& address) const;
    bool relieve_one(const std::string* address);  // Null: of any address.
    void leave_place(Entry& entry);

    const int per_address_max_;
    const Duration first_deadline_;
    const Duration grace_;
    mutable std::mutex mutex_;
    std::condition_variable closed_;
    std::map<std::string, int> per_address_;
    std::size_t refused_count_ = 0;
    std::size_t relieved_count_ = 0;
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

    /// The head of a request is here; all of it, and the answer, must be over by then.
    void begin_request(Duration deadline);
    /// The request is here as a whole: from now on the time is ours, not the client's.
    void begin_answer();
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
