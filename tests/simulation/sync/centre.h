#pragma once

#include "registry/icu/time_zone.h"
#include "sync/central/centre_keys.h"
#include "sync/central/sqlite_store.h"
#include "sync/server/centre_server.h"
#include "tests/simulation/sync/queue.h"
#include "tests/simulation/sync/trace.h"
#include "tests/support/sim_disk.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace egret::sync_world {

/// Where all machines of a world are.
struct Surroundings {
    EventQueue& queue;
    Trace& trace;
    Findings& findings;
    std::span<const coverage::Indicator> indicators;
    sqlite::Synchronous synchronous = sqlite::Synchronous::full;
};

/// The centre: its file on a simulated disk, and its real endpoints. Its power may be cut at any
/// operation of the disk; it comes back after a while.
class SimCentre {
public:
    static constexpr auto path = "/centre/centre.db";

    /// `keys` outlives it. `image` is its disk as it is founded.
    SimCentre(const Surroundings& world, const central::CentreKeys& keys,
              const tests::CrashDisk::Files& image, std::uint64_t seed);

    /// The answer to a request that came whole; nothing, if there is no power, or no longer.
    std::optional<http::Response> handle(const http::Request& request, const DeviceId& sender);

    void fail_at(std::uint64_t n, tests::DiskFault fault);
    /// From now on the disk does what it is asked, and the power is on.
    void mend();

    /// How far it has a device's log. Only while it is up.
    sync::ChainHead head(const DeviceId& device) {
        const tests::CrashDisk::Watch watch(disk_);
        return store_->head(device);
    }

    bool is_up() const noexcept { return store_ != nullptr; }

    central::SqliteStore& store() noexcept { return *store_; }

    /// Its disk, with the store shut.
    tests::CrashDisk::Files image() {
        shut();
        return disk_.files();
    }

    /// Its file, with the store shut meanwhile.
    template <class Look>
    void look_into_file(const Look& look) {
        shut();
        {
            sqlite::OpenOptions options;
            options.path = path;
            options.vfs_name = disk_.vfs_name();
            options.exclusive = true;
            sqlite::Database db(options);
            look(db);
        }
        start();
    }

    std::uint64_t cuts() const noexcept { return cuts_; }

    std::uint64_t requests() const noexcept { return requests_; }

private:
    void start();
    void shut();
    void lose_power();
    void check_promises();
    void say(const std::string& line);

    Surroundings world_;
    const central::CentreKeys& keys_;
    tests::SimDisk disk_;
    SeededRandom random_;
    icu::TimeZone zone_ = *icu::TimeZone::parse("Asia/Shanghai");
    http::Translate translate_ = [](const Message& message, std::string_view) {
        return message.id;
    };
    http::Log log_ = [](std::string_view) {};
    std::unique_ptr<central::SqliteStore> store_;
    std::unique_ptr<server::CentreServer> server_;
    std::map<DeviceId, sync::ChainHead> promised_;  // How far it told each device that it has all.
    std::uint64_t cuts_ = 0;
    std::uint64_t requests_ = 0;
};

}  // namespace egret::sync_world
