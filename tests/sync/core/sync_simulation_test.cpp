// A device and a centre on a line that loses, cuts, doubles, delays and damages, with crashes of
// the one and restored backups of the other. tests/simulation drives the whole programs; this is
// the protocol alone, so that thousands of worlds take seconds.

#include "tests/support/memory_centre.h"

#include <doctest/doctest.h>

#include <vector>

using egret::Bytes;
using egret::sync::SyncClient;
using egret::sync::SyncFailure;
using egret::sync::SyncState;
using egret::sync::SyncStep;
using egret::tests::MemoryCentre;

namespace {

const egret::Instant world_start = egret::instant_from_unix_ms(1'767'225'600'000);

/// Dear to make and the same for all worlds.
struct Cast {
    egret::SeededRandom random{44};
    egret::tests::MemoryDevice device{random};
    MemoryCentre centre{random};
    std::vector<egret::codec::EncodedEvent> facts;

    Cast() {
        centre.enrol(device);
        egret::tests::FactMaker maker{random};
        for (int i = 0; i < 60; ++i) facts.push_back(maker.next());
    }
};

struct Faults {
    double lost, answer_lost, doubled, late, damaged, restored, crashed;

    static Faults draw(egret::SeededRandom& random) {
        return {random.unit() * 0.4, random.unit() * 0.4, random.unit() * 0.3, random.unit() * 0.3,
                random.unit() * 0.2, random.unit() * 0.3, random.unit() * 0.3};
    }

    static Faults none() { return {}; }
};

class World {
public:
    World(Cast& cast, std::uint64_t seed) : cast_(cast), random_(seed) {
        cast_.device.log.all.clear();
        cast_.centre.logs[cast_.device.id] = {};
        backup_ = cast_.centre.logs;
        state_.batch_bytes = 512 + random_.below(1500);
    }

    void live() {
        const auto faults = Faults::draw(random_);
        const auto rounds = 2 + random_.below(2);
        for (std::uint64_t round = 0; round < rounds; ++round) {
            record(random_.below(7));
            if (random_.chance(0.3)) backup_ = cast_.centre.logs;
            if (random_.chance(faults.restored)) cast_.centre.logs = backup_;
            sync(faults);
        }
    }

    /// How many runs it takes until all is there, once nothing fails any more.
    int settle() {
        for (int runs = 1; runs <= 12; ++runs) {
            if (sync(Faults::none()) == SyncStep::done) return runs;
        }
        return 13;
    }

    bool is_in_sync() const {
        return cast_.centre.logs[cast_.device.id].all == cast_.device.log.all &&
               egret::tests::has_each_once(cast_.device.log) &&
               state_.acked_seq == cast_.device.log.head().seq;
    }

    /// The centre has the beginning of the device's log, and nothing else, at any time.
    bool is_sound() const {
        const auto head = cast_.centre.logs[cast_.device.id].head();
        return egret::sync::hash_at(cast_.device.log, head.seq) == head.hash &&
               state_.acked_seq <= cast_.device.log.head().seq;
    }

    bool was_ever_unsound() const { return was_ever_unsound_; }

private:
    void record(std::uint64_t count) {
        while (count-- > 0 && cast_.device.log.all.size() < cast_.facts.size())
            cast_.device.log.record(cast_.facts[cast_.device.log.all.size()]);
    }

    SyncStep sync(const Faults& faults) {
        SyncClient client({cast_.device.log, cast_.device.key, random_},
                          cast_.centre.identity(cast_.device), state_);
        auto step = client.start(world_start);
        for (int exchanges = 0; exchanges < 60; ++exchanges) {
            state_ = client.state();  // Saved before the step is carried out.
            if (step != SyncStep::send && step != SyncStep::ask_head) return step;
            if (random_.chance(faults.crashed * 0.3)) return SyncStep::wait;
            if (random_.chance(0.1)) record(1);
            step = exchange(client, step, faults);
            was_ever_unsound_ = was_ever_unsound_ || !is_sound();
        }
        return step;
    }

    SyncStep exchange(SyncClient& client, SyncStep step, const Faults& faults) {
        if (random_.chance(faults.late)) deliver_late();
        if (random_.chance(faults.lost))
            return client.on_failure(random_.chance(0.5) ? SyncFailure::broken
                                                         : SyncFailure::unreachable);
        MemoryCentre::Answer answer;
        if (step == SyncStep::ask_head) {
            answer = cast_.centre.head_of(cast_.device.id);
        } else {
            auto envelope = client.state().outbox->envelope;
            if (random_.chance(faults.doubled)) late_.push_back(envelope);
            if (random_.chance(faults.damaged)) damage(envelope);
            answer = cast_.centre.receive(envelope);
            if (random_.chance(faults.doubled)) old_answers_.push_back(answer);
        }
        if (random_.chance(faults.restored * 0.2)) cast_.centre.logs = backup_;
        if (random_.chance(faults.answer_lost)) return client.on_failure(SyncFailure::broken);
        if (step == SyncStep::send && !old_answers_.empty() && random_.chance(faults.late))
            answer = old_answers_[random_.below(old_answers_.size())];
        if (!answer.body.empty() && random_.chance(faults.damaged))
            answer.body.resize(random_.below(answer.body.size()));
        return client.on_reply(answer.status, answer.body, world_start);
    }

    /// A copy of something sent long ago, as from a relay or a stick. Its answer goes nowhere.
    void deliver_late() {
        if (late_.empty()) return;
        cast_.centre.receive(late_[random_.below(late_.size())]);
    }

    void damage(Bytes& envelope) {
        const auto at = random_.below(envelope.size());
        if (random_.chance(0.5)) {
            envelope.resize(at);
        } else {
            envelope[at] = static_cast<std::uint8_t>(envelope[at] ^ (1U << random_.below(8)));
        }
    }

    Cast& cast_;
    egret::SeededRandom random_;
    SyncState state_;
    MemoryCentre::Logs backup_;
    std::vector<Bytes> late_;
    std::vector<MemoryCentre::Answer> old_answers_;
    bool was_ever_unsound_ = false;
};

}  // namespace

TEST_SUITE("sync/core/sync_simulation") {
    TEST_CASE("whatever the line and the centre do, each fact arrives once, and none is lost") {
        Cast cast;
        for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
            CAPTURE(seed);
            World world(cast, seed);
            world.live();
            const auto runs = world.settle();
            CHECK(runs <= 12);
            CHECK(world.is_in_sync());
            CHECK_FALSE(world.was_ever_unsound());
        }
    }
}
