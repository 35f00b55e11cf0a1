#pragma once

#include "registry/icu/time_zone.h"
#include "registry/vault/mount.h"
#include "sync/central/centre_keys.h"
#include "sync/central/sqlite_store.h"
#include "sync/server/centre_server.h"
#include "tests/simulation/sync/model.h"
#include "tests/simulation/sync/queue.h"
#include "tests/simulation/sync/trace.h"
#include "tests/support/sim_disk.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace egret::sync_world {

/// Where all machines of a world are.
struct Surroundings {
    EventQueue& queue;
    Trace& trace;
    Findings& findings;
    Model& model;
    std::span<const coverage::Indicator> indicators;
    sqlite::Synchronous synchronous = sqlite::Synchronous::full;
};

/// Encrypts every centre's file.
inline constexpr Fixed<32> centre_key{3, 1, 4, 1, 5};

/// The centre: its encrypted file on a simulated disk, and its real endpoints. Its power may be cut
/// at any operation of the disk; it comes back after a while. It may be restored from a backup.
class SimCentre {
public:
    static constexpr auto path = "/centre/centre.db";

    /// `keys` outlives it. `image` is its disk as it is founded.
    SimCentre(const Surroundings& world, const central::CentreKeys& keys,
              const tests::CrashDisk::Files& image, std::uint64_t seed);

    /// The answer to a request that came whole; nothing, if there is no power, or no longer.
    std::optional<http::Response> handle(const http::Request& request, const DeviceId& sender);

    void fail_at(std::uint64_t n, tests::DiskFault fault);

    void jump_clock(Milliseconds off) {
        clock_.jump(off);
        was_clock_wrong_ = true;
    }

    void jump_clock_right() { clock_.jump(Milliseconds(0)); }

    /// Keeps a backup of its file elsewhere; one that is tried is restored there, checked and held
    /// to the centre's own logs.
    void back_up(bool is_tried);
    /// Loses its disk, and goes on with the newest backup. False, if there is none.
    bool put_back();
    void sweep();
    void revoke(const DeviceId& device);
    void give_area(const DeviceId& device, std::string_view area);
    /// A code for another machine of that clinic.
    std::optional<std::string> invite(const std::string& clinic);
    /// It knows that device, and lets it in.
    bool lets_in(const DeviceId& device);

    /// From now on the disk does what it is asked, and the power is on.
    void mend();

    /// How far it has a device's log. Only while it is up.
    sync::ChainHead head(const DeviceId& device) {
        const tests::CrashDisk::Watch watch(disk_);
        return store_->head(device);
    }

    /// Those that it has of anybody, in whatever log.
    std::set<EventUid> uids();
    /// The highest number up to which it ever told that device that its facts are safe.
    std::uint64_t safe_told(const DeviceId& device) const;

    bool was_put_back() const noexcept { return was_put_back_; }

    bool was_clock_wrong() const noexcept { return was_clock_wrong_; }

    bool is_up() const noexcept { return store_ != nullptr; }

    tests::SimDisk& disk() noexcept { return disk_; }

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
            options.vfs_name = mount_.vfs_name();
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

    struct Kept {
        Bytes file;
        std::int64_t number = 0;
    };

    /// Something that is done at the centre itself. Like handle(), if the disk stops it.
    template <class Work>
    void do_there(const char* name, const Work& work);
    void try_backup(const Kept& kept);

    Surroundings world_;
    const central::CentreKeys& keys_;
    tests::SimDisk disk_;
    SkewedClock clock_;
    SeededRandom random_;
    SeededRandom seal_chance_;
    vault::Mount mount_;
    icu::TimeZone zone_ = *icu::TimeZone::parse("Asia/Shanghai");
    http::Translate translate_ = [](const Message& message, std::string_view) {
        return message.id;
    };
    http::Log log_ = [](std::string_view) {};
    std::unique_ptr<central::SqliteStore> store_;
    std::unique_ptr<server::CentreServer> server_;
    std::map<DeviceId, sync::ChainHead> promised_;  // How far it told each device that it has all.
    std::map<DeviceId, std::uint64_t> safe_told_;
    std::optional<Kept> kept_;  // The newest.
    bool was_put_back_ = false;
    bool was_clock_wrong_ = false;
    std::uint64_t cuts_ = 0;
    std::uint64_t requests_ = 0;
};

}  // namespace egret::sync_world
