#pragma once

#include "registry/service/clinic.h"
#include "sync/client/clinic_link.h"
#include "sync/client/link_keys.h"
#include "sync/client/outbox_keeper.h"
#include "sync/client/sync_session.h"
#include "tests/simulation/sync/facts.h"
#include "tests/simulation/sync/founded.h"
#include "tests/simulation/sync/line.h"

#include <cstdint>
#include <map>
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
    SimClinic(const Surroundings& world, SimCentre& centre, const LineRates& rates,
              const FoundedClinic& founded, std::uint64_t seed);

    void record(std::size_t count, std::uint64_t seed);
    void sync();
    void nightly();
    void close();
    void fail_at(std::uint64_t n, tests::DiskFault fault);

    void jump_clock(Milliseconds off) { clock_.jump(off); }

    void back_up();
    void put_back();

    /// It is older than what the centre has of it, or may be: until the two are one log again.
    bool is_put_back() const noexcept { return is_put_back_; }

    /// From now on nothing fails, and the power is on.
    void mend();

    bool is_busy() const noexcept { return is_working_ || session_ != nullptr; }

    void open_again();

    /// What it holds, against what was ever committed here and what the centre has.
    void look();
    /// The same once all is over, and more of it: nothing is left to do, and all is whole.
    void look_at_end();

    /// All that is in its log.
    const std::vector<KnownFact>& known() const noexcept { return known_; }

    const DeviceId& device() const noexcept { return founded_.device; }

    Hash known_hash(std::uint64_t seq) const {
        return seq == 0 ? codec::chain_start : hashes_.at(static_cast<std::size_t>(seq - 1));
    }

    std::uint64_t cuts() const noexcept { return cuts_; }

    std::uint64_t losses() const noexcept { return line_.losses(); }

private:
    template <class Work>
    void run(const char* name, const Work& work);
    template <class Work>
    void work_on(const char* name, const Work& work);
    void begin(Result<std::unique_ptr<client::SyncSession>> session, const char* name);
    void ask(std::optional<http::Request> request);
    void end();
    bool open();
    void shut();
    void lose_power();
    void learn();
    void learn_all();
    void add_known(KnownFact fact);
    void settle_day();
    void take(const client::SyncOutcome& outcome);
    std::uint64_t acked();
    void say(const std::string& line);
    void find(const std::string& what);
    service::World surroundings();
    service::Unlocked unlocked() const;

    Surroundings world_;
    SimCentre& centre_;
    const FoundedClinic& founded_;
    tests::SimDisk disk_;
    SkewedClock clock_;
    SeededRandom random_;
    SeededRandom seal_chance_;
    SeededRandom fate_;  // When the power comes back.
    SimLine line_;
    std::unique_ptr<service::Clinic> registry_;
    std::unique_ptr<client::OutboxKeeper> keeper_;
    std::optional<client::LinkKeys> keys_;          // Of a sync while it is locked.
    std::unique_ptr<client::SyncSession> session_;  // While it waits for the centre.
    const char* session_name_ = "";
    std::uint64_t asked_ = 0;  // Requests: who waited for an earlier one waits no more.
    std::vector<KnownFact> known_;
    std::vector<Hash> hashes_;            // Of the log, at each of them.
    std::map<EventUid, KnownFact> ever_;  // That were ever in it.
    // Of a backup: the disk, and the log that is on it.
    std::optional<tests::CrashDisk::Files> backup_;
    std::vector<KnownFact> backup_known_;
    std::vector<Hash> backup_hashes_;
    std::set<EventUid> owed_;  // The centre has them, and the backup that was put back hasn't.
    bool is_put_back_ = false;
    std::vector<KnownFact> in_flight_;  // Committed or not: nobody heard.
    bool has_power_ = true;
    bool is_working_ = false;
    std::uint64_t cuts_ = 0;
};

}  // namespace egret::sync_world
