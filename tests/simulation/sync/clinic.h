#pragma once

#include "registry/service/clinic.h"
#include "sync/client/clinic_link.h"
#include "sync/client/link_keys.h"
#include "sync/client/outbox_keeper.h"
#include "tests/simulation/sync/facts.h"
#include "tests/simulation/sync/founded.h"
#include "tests/simulation/sync/line.h"
#include "tests/simulation/sync/talk.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace egret::sync_world {

/// A clinic's machine: everything that it has lies on one simulated disk. Its programs are those
/// that a nurse or a timer starts; a sync is one that goes on whenever the centre has answered. Its
/// power may be cut at any operation of the disk, also while it waits for the centre.
class SimClinic {
public:
    struct Made {
        const FoundedClinic& founded;
        const std::vector<std::string>& clinics;  // All codes.
        std::string name;                         // In the trace.
        bool is_old = false;                      // Has a program of before.
    };

    SimClinic(const Surroundings& world, SimCentre& centre, const LineRates& rates, Made made,
              std::uint64_t seed);

    void record(std::size_t count, std::uint64_t seed);
    void sync();
    void nightly();
    void close();
    void fail_at(std::uint64_t n, tests::DiskFault fault);

    void jump_clock(Milliseconds off) {
        clock_.jump(off);
        has_right_clock_ = false;
    }

    void back_up();
    void put_back(bool is_registry_only);
    /// A second machine with a copy of its disk. Null, if nobody can copy it now.
    std::unique_ptr<SimClinic> copy(std::string name, std::uint64_t seed);
    void destroy();
    void join_anew(bool is_needed);

    void update() { is_old_ = false; }

    /// It is no more.
    bool is_gone() const noexcept { return is_gone_; }

    /// It is older than what the centre has of it, or may be: until the two are one log again.
    bool is_put_back() const noexcept { return is_put_back_; }

    /// The centre has these left, of all that it had.
    void heed_restored_centre(const std::set<EventUid>& left);

    /// From now on nothing fails, and the power is on.
    void mend();

    bool is_busy() const noexcept { return is_working_ || talk_ != nullptr; }

    void open_again();

    /// What it holds, against what was ever committed here and what the centre has.
    void look();
    /// The same once all is over, and more of it: nothing is left to do, and all is whole.
    void look_at_end();

    /// All that is in its log.
    const std::vector<EventUid>& known() const noexcept { return known_; }

    const DeviceId& device() const noexcept { return device_; }

    const std::string& code() const noexcept { return made_.founded.code; }

    /// Asks no feed.
    bool is_old() const noexcept { return is_old_; }

    /// It is open at the end.
    service::Clinic& registry() noexcept { return *registry_; }

    /// Its clock was never wrong.
    bool has_right_clock() const noexcept { return has_right_clock_; }

    bool is_open() const noexcept { return registry_ != nullptr; }

    tests::SimDisk& disk() noexcept { return disk_; }

    Hash known_hash(std::uint64_t seq) const {
        return seq == 0 ? codec::chain_start : hashes_.at(static_cast<std::size_t>(seq - 1));
    }

    std::uint64_t cuts() const noexcept { return cuts_; }

    std::uint64_t losses() const noexcept { return line_.losses(); }

    std::uint64_t received() const noexcept { return received_; }

private:
    void run(const char* name, const std::function<void()>& work);
    void work_on(const char* name, const std::function<void()>& work);
    void begin(Result<std::unique_ptr<Talk>> talk, const char* name);
    void ask(std::optional<http::Request> request);
    void end();
    bool open();
    void shut();
    void lose_power();
    void learn();
    void learn_all();
    void learn_device();
    void add_known(const EventUid& uid);
    void settle_day();
    void take(const client::SyncOutcome& outcome);
    bool may_stop(const std::string& why);
    std::uint64_t acked();
    void look_for_payloads();
    void say(const std::string& line);
    void find(const std::string& what);
    service::World surroundings();
    service::Unlocked unlocked() const;

    /// Its log may have other facts, and other numbers, than it had.
    bool may_be_rewritten() const noexcept { return is_put_back_ || is_shared_; }

    struct Backup {
        tests::CrashDisk::Files disk;
        std::vector<EventUid> known;
        std::vector<Hash> hashes;
    };

    Surroundings world_;
    SimCentre& centre_;
    const LineRates& rates_;
    Made made_;
    DeviceId device_;
    tests::SimDisk disk_;
    SkewedClock clock_;
    SeededRandom random_;
    SeededRandom seal_chance_;
    SeededRandom fate_;  // When the power comes back.
    SimLine line_;
    std::unique_ptr<service::Clinic> registry_;
    std::unique_ptr<client::OutboxKeeper> keeper_;
    std::optional<client::LinkKeys> keys_;  // Of a sync while it is locked.
    std::unique_ptr<Talk> talk_;            // While it waits for the centre.
    const char* talk_name_ = "";
    std::uint64_t asked_ = 0;  // Requests: who waited for an earlier one waits no more.
    std::vector<EventUid> known_;
    std::vector<Hash> hashes_;  // Of the log, at each of them.
    std::optional<Backup> backup_;
    std::set<EventUid> owed_;      // The centre has them, and the backup that was put back hasn't.
    std::vector<Said> in_flight_;  // Committed or not: nobody heard.
    bool is_put_back_ = false;
    bool is_shared_ = false;  // Another machine has the same name.
    bool is_old_ = false;
    bool is_gone_ = false;
    bool must_join_ = false;
    bool has_right_clock_ = true;
    bool has_power_ = true;
    bool is_working_ = false;
    std::uint64_t cuts_ = 0;
    std::uint64_t received_ = 0;
};

}  // namespace egret::sync_world
