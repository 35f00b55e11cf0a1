#include "sync/core/log_repair.h"

#include "registry/base/text.h"
#include "sync/core/sync_client.h"
#include "tests/support/memory_centre.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace egret::sync {
namespace {

const Instant world_start = instant_from_unix_ms(1'767'225'600'000);

/// What a registry does with a plan: the tail in its place, the orphans behind it, chained anew.
void carry_out(const RepairPlan& plan, tests::MemoryLog& log) {
    std::set<Bytes> taken;
    for (const auto& entry : plan.tail) taken.insert(entry.header);
    std::vector<LogEntry> orphans(log.all.begin() + static_cast<std::ptrdiff_t>(plan.ancestor),
                                  log.all.end());
    log.all.resize(static_cast<std::size_t>(plan.ancestor));
    log.all.insert(log.all.end(), plan.tail.begin(), plan.tail.end());
    for (auto& orphan : orphans) {
        if (taken.contains(orphan.header)) continue;
        orphan.hash = codec::hash_event(log.head().hash, orphan.header);
        log.all.push_back(std::move(orphan));
    }
}

/// The centre's answer to GET /v1/sync/mylog, of at most `count` events.
Batch piece_of(const tests::MemoryLog& centre, std::uint64_t from, std::size_t count) {
    return tests::batch_of(centre, from, count);
}

struct RepairFixture {
    SeededRandom random{81};
    tests::FactMaker facts{random};
    tests::MemoryLog own;
    tests::MemoryLog centre;
    int fetches = 0;

    void record(tests::MemoryLog& log, int count) {
        while (count-- > 0) log.record(facts.next());
    }

    Standing standing() const { return {{}, centre.head().seq, centre.head().hash, 0, 0}; }

    RepairStep run(LogRepair& repair, std::size_t piece_max = 5) {
        CHECK(repair.start() == RepairStep::ask_head);
        auto step = repair.on_head(standing());
        while (step == RepairStep::fetch) {
            ++fetches;
            REQUIRE(repair.from() >= 1);
            REQUIRE(repair.from() <= centre.head().seq);
            step = repair.on_piece(piece_of(centre, repair.from(), piece_max));
        }
        return step;
    }
};

}  // namespace

TEST_SUITE("sync/core/log_repair") {
    TEST_CASE_FIXTURE(RepairFixture, "a restored device takes back what only the centre had") {
        record(centre, 20);
        own.all.assign(centre.all.begin(), centre.all.begin() + 12);
        SUBCASE("and has recorded nothing since") {}
        SUBCASE("and appends what it has recorded since") { record(own, 3); }
        SUBCASE("more of it than the centre has") { record(own, 30); }
        const auto before = own.all;
        LogRepair repair(own, 10);
        REQUIRE(run(repair) == RepairStep::adopt);
        CHECK(repair.plan().ancestor == 12);
        CHECK(repair.plan().tail.size() == 8);
        CHECK(fetches == 2);  // From 11 on, in fives.
        CHECK(own.all == before);
        carry_out(repair.plan(), own);
        CHECK(own.all.size() == before.size() + 8);
        CHECK(is_ours(own, standing()));
        CHECK(tests::has_each_once(own));
    }

    TEST_CASE_FIXTURE(RepairFixture, "whatever the two have in common, the plan is the same") {
        for (std::size_t shared = 0; shared <= 200; shared += 7) {
            for (const std::uint64_t acked : {0U, 50U, 150U, 230U}) {
                CAPTURE(shared);
                CAPTURE(acked);
                own = centre = {};
                record(centre, 210);
                own.all.assign(centre.all.begin(),
                               centre.all.begin() + static_cast<std::ptrdiff_t>(shared));
                record(own, 20);
                LogRepair repair(own, std::min<std::uint64_t>(acked, own.head().seq));
                REQUIRE(run(repair, 40) == RepairStep::adopt);
                CHECK(repair.plan().ancestor == shared);
                CHECK(repair.plan().tail.size() == 210 - shared);
                CHECK(repair.plan().tail.back() == centre.all.back());
            }
        }
    }

    TEST_CASE_FIXTURE(RepairFixture, "nothing to repair gives an empty plan") {
        record(own, 9);
        centre.all.assign(own.all.begin(), own.all.begin() + 4);
        LogRepair repair(own, 9);
        CHECK(run(repair) == RepairStep::adopt);
        CHECK(repair.plan().is_empty());
        CHECK(repair.plan().ancestor == 4);
        centre.all.clear();
        CHECK(run(repair) == RepairStep::adopt);
        CHECK(repair.plan() == RepairPlan{});
    }

    TEST_CASE_FIXTURE(RepairFixture, "an event that both have under other numbers comes once") {
        record(centre, 6);
        own.all.assign(centre.all.begin(), centre.all.begin() + 4);
        record(own, 1);
        // The copy has taken this one over already, and uploaded it.
        auto moved = own.all.back();
        moved.hash = codec::hash_event(centre.head().hash, moved.header);
        centre.all.push_back(moved);
        LogRepair repair(own, 4);
        REQUIRE(run(repair) == RepairStep::adopt);
        carry_out(repair.plan(), own);
        CHECK(own.all == centre.all);
    }

    TEST_CASE_FIXTURE(RepairFixture,
                      "pieces that don't fit change nothing, and are asked for later") {
        record(centre, 12);
        own.all.assign(centre.all.begin(), centre.all.begin() + 8);
        record(own, 2);
        const auto refuse = [&](const Standing& head, std::vector<Batch> pieces) {
            LogRepair repair(own, 8);
            repair.start();
            auto step = repair.on_head(head);
            for (const auto& piece : pieces) {
                REQUIRE(step == RepairStep::fetch);
                step = repair.on_piece(piece);
            }
            CHECK(step == RepairStep::wait);
            CHECK(repair.error()->message.id == "own_log.contradicts");
            CHECK(repair.plan() == RepairPlan{});
        };
        auto head = standing();
        head.head_hash[0] ^= 1;
        refuse(head, {piece_of(centre, 9, 9)});
        refuse({{}, 0, head.head_hash, 0, 0}, {});
        refuse(standing(), {piece_of(centre, 8, 9)});  // Not what was asked for.
        auto second = piece_of(centre, 11, 2);
        second.prev_hash[0] ^= 1;
        refuse(standing(), {piece_of(centre, 9, 2), second});
        // Not even its first event follows an own one: then there is no way back.
        tests::MemoryLog stranger;
        record(stranger, 12);
        auto first = piece_of(stranger, 1, 12);
        first.prev_hash[0] = 1;
        LogRepair repair(own, 0);
        repair.start();
        CHECK(repair.on_head(standing()) == RepairStep::fetch);
        CHECK(repair.on_piece(first) == RepairStep::wait);
        CHECK(repair.on_failure({ErrorCode::unavailable, "", msg("sync.no_line")}) ==
              RepairStep::wait);
        CHECK(repair.error()->message.id == "sync.no_line");
    }

    TEST_CASE_FIXTURE(RepairFixture, "the centre may have taken in more meanwhile") {
        record(centre, 10);
        own.all.assign(centre.all.begin(), centre.all.begin() + 6);
        record(own, 2);
        LogRepair repair(own, 6);
        repair.start();
        auto step = repair.on_head(standing());
        record(centre, 3);
        step = repair.on_piece(piece_of(centre, repair.from(), 100));
        REQUIRE(step == RepairStep::adopt);
        CHECK(repair.plan().tail.size() == 7);
        carry_out(repair.plan(), own);
        CHECK(is_ours(own, standing()));
    }
}

namespace {

/// Dear to make and the same for all worlds.
struct RepairCast {
    SeededRandom random{82};
    tests::MemoryDevice device{random};
    tests::MemoryCentre centre{random};
    std::vector<codec::EncodedEvent> facts;

    RepairCast() {
        centre.enrol(device);
        tests::FactMaker maker{random};
        for (int i = 0; i < 400; ++i) facts.push_back(maker.next());
    }
};

/// A device that is restored and copied, and a centre that is restored, on a bad line.
class RepairWorld {
public:
    RepairWorld(RepairCast& cast, std::uint64_t seed) : cast_(cast), random_(seed) {
        stored() = {};
        centre_backup_ = stored();
        copies_.resize(1);
        loss_ = random_.unit() * 0.4;
    }

    void live() {
        const auto acts = 6 + random_.below(12);
        for (std::uint64_t i = 0; i < acts; ++i) act();
        for (const auto& copy : copies_) {
            for (const auto& entry : copy.log.all) wanted_.insert(entry.header);
        }
    }

    /// True once all copies and the centre have the same log.
    bool settle() {
        loss_ = 0;
        for (int round = 0; round < 12; ++round) {
            bool is_done = true;
            for (auto& copy : copies_) is_done = sync(copy) == SyncStep::done && is_done;
            if (is_done && is_equal()) return true;
        }
        return false;
    }

    /// Everything that a living copy had is at the centre, each once, in a chain.
    bool is_whole() {
        std::set<Bytes> headers;
        auto hash = codec::chain_start;
        for (const auto& entry : stored().all) {
            hash = codec::hash_event(hash, entry.header);
            if (entry.hash != hash || !headers.insert(entry.header).second) return false;
        }
        return std::includes(headers.begin(), headers.end(), wanted_.begin(), wanted_.end());
    }

    int repairs() const noexcept { return repairs_; }

private:
    struct Copy {
        tests::MemoryLog log;
        SyncState state;
    };

    tests::MemoryLog& stored() { return cast_.centre.logs[cast_.device.id]; }

    void act() {
        auto& copy = copies_[random_.below(copies_.size())];
        switch (random_.below(8)) {
            case 0: backup_ = copy; break;
            case 1: copy = backup_; break;
            case 2:
                if (copies_.size() < 3) copies_.push_back(Copy(copy));
                break;
            case 3: centre_backup_ = stored(); break;
            case 4:
                if (random_.chance(0.3)) stored() = centre_backup_;
                break;
            case 5: sync(copy); break;
            default:
                record(copy);
                if (random_.chance(0.6)) sync(copy);
        }
    }

    void record(Copy& copy) {
        for (auto count = random_.below(5); count > 0; --count)
            copy.log.record(cast_.facts.at(recorded_++));
    }

    bool is_equal() {
        return std::all_of(copies_.begin(), copies_.end(), [&](const Copy& copy) {
            return copy.log.all == stored().all && copy.state.acked_seq == stored().head().seq;
        });
    }

    SyncStep sync(Copy& copy) {
        SyncClient client({copy.log, cast_.device.key, random_},
                          cast_.centre.identity(cast_.device), copy.state, {false, true});
        auto step = client.start(world_start);
        for (int turns = 0; turns < 60; ++turns) {
            copy.state = client.state();
            if (random_.chance(loss_ * 0.2)) return SyncStep::wait;  // The power went.
            switch (step) {
                case SyncStep::send:
                case SyncStep::ask_head: step = exchange(client, step); break;
                case SyncStep::repair: step = repair(client, copy); break;
                default: return step;
            }
        }
        return SyncStep::wait;
    }

    SyncStep exchange(SyncClient& client, SyncStep step) {
        if (random_.chance(loss_)) return client.on_failure(SyncFailure::unreachable);
        const auto answer = step == SyncStep::ask_head
                                ? cast_.centre.head_of(cast_.device.id)
                                : cast_.centre.receive(client.state().outbox->envelope);
        if (random_.chance(loss_)) return client.on_failure(SyncFailure::broken);
        return client.on_reply(answer.status, answer.body, world_start);
    }

    SyncStep repair(SyncClient& client, Copy& copy) {
        const Error no_line{ErrorCode::unavailable, "", msg("sync.no_line")};
        LogRepair repair(copy.log, client.state().acked_seq);
        repair.start();
        auto step = repair.on_head(cast_.centre.standing(cast_.device.id));
        while (step == RepairStep::fetch) {
            if (random_.chance(loss_) || repair.from() > stored().head().seq)
                step = repair.on_failure(no_line);
            else
                step = repair.on_piece(piece_of(stored(), repair.from(), 1 + random_.below(9)));
            if (random_.chance(loss_ * 0.2)) stored() = centre_backup_;
        }
        if (step == RepairStep::wait) return client.give_up(*repair.error());
        ++repairs_;
        carry_out(repair.plan(), copy.log);
        return client.on_repaired();
    }

    RepairCast& cast_;
    SeededRandom random_;
    std::vector<Copy> copies_;
    Copy backup_;
    tests::MemoryLog centre_backup_;
    std::set<Bytes> wanted_;
    std::size_t recorded_ = 0;
    double loss_ = 0;
    int repairs_ = 0;
};

}  // namespace

TEST_SUITE("sync/core/log_repair") {
    TEST_CASE("copies and restored ones go on together, and nothing of any is lost") {
        RepairCast cast;
        int repairs = 0;
        int worlds_with = 0;
        for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
            CAPTURE(seed);
            RepairWorld world(cast, seed);
            world.live();
            CHECK(world.settle());
            CHECK(world.is_whole());
            repairs += world.repairs();
            worlds_with += world.repairs() > 0 ? 1 : 0;
        }
        MESSAGE(repairs << " repairs in " << worlds_with << " of 3000 worlds");
        CHECK(worlds_with > 1000);
    }
}

}  // namespace egret::sync
