#include "registry/store/state_digest.h"

#include "tests/support/fed_registry.h"
#include "tests/support/random_world.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace egret::store {
namespace {

using tests::device;
using tests::FedRegistry;
using tests::ProjectedRegistry;
using tests::woman;

constexpr std::uint8_t women = 10;

/// A centre that heard three machines, each by a clock of its own.
struct Heard {
    explicit Heard(std::uint64_t seed) : world(centre, seed, women, true) {
        for (int step = 0; step < 90; ++step) {
            // Each batch is judged by itself; now and then a clock is off by days.
            centre.clock.offset_ms = static_cast<std::int64_t>(world.random().below(5)) - 2;
            if (world.random().chance(0.2)) centre.clock.offset_ms *= 86'400'000;
            world.say_one();
        }
    }

    ProjectedRegistry centre;
    tests::RandomWorld world;
};

/// The own log as the clinic recorded it, before anybody judged its clock.
void record_own(FedRegistry& clinic, ProjectedRegistry& centre) {
    std::vector<codec::EncodedEvent> mine;
    for (auto& line : centre.log.entries(clinic.own, 1, 100'000, SIZE_MAX))
        mine.push_back(std::move(line.event));
    clinic.say_encoded(mine);
}

/// All items, cut into pages; some pages come twice, and some items.
void receive_in_pieces(FedRegistry& clinic, std::vector<ReceivedItem> items, SeededRandom& random,
                       bool in_order) {
    if (!in_order) {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1], items[random.below(i)]);
    }
    for (std::size_t from = 0; from < items.size();) {
        const auto count = std::min<std::size_t>(1 + random.below(20), items.size() - from);
        std::vector<ReceivedItem> page(items.begin() + static_cast<std::ptrdiff_t>(from),
                                       items.begin() + static_cast<std::ptrdiff_t>(from + count));
        page.push_back(page[random.below(page.size())]);
        clinic.receive(page);
        if (random.chance(0.2)) clinic.receive(page);
        from += count;
    }
}

TEST_SUITE("registry/store/state_digest") {
    TEST_CASE("any order, any pieces, any repetition: one state; and each woman as at the centre") {
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            CAPTURE(seed);
            Heard heard(seed);
            const auto items = tests::feed_of(heard.centre, device(1));
            SeededRandom random(seed + 100);
            std::optional<Hash> first;
            for (int way = 0; way < 4; ++way) {
                CAPTURE(way);
                FedRegistry clinic;
                // What is known already when this machine's own facts are recorded differs, too.
                if (way != 2) record_own(clinic, heard.centre);
                if (way == 0)
                    clinic.receive(items);
                else
                    receive_in_pieces(clinic, items, random, way == 1);
                if (way == 2) record_own(clinic, heard.centre);
                const auto digest = clinic.digest();
                if (!first) first = digest;
                CHECK(digest == *first);
                clinic.check_whole();
                CHECK(clinic.digest() == *first);
                for (std::uint8_t n = 1; n <= women; ++n) {
                    CAPTURE(n);
                    CHECK(clinic.digest(woman(n)) ==
                          digest_woman(heard.centre.log, *heard.centre.db, woman(n)));
                }
            }
        }
    }

    TEST_CASE("every change of what holds is another state") {
        FedRegistry registry;
        std::vector<Hash> states{registry.digest()};
        const auto changes = [&] {
            states.push_back(registry.digest());
            CHECK(std::ranges::count(states, states.back()) == 1);
        };
        registry.say(tests::registration("王小丽", "2012-01-01", "350203"), woman(1));
        changes();
        const auto given = registry.say(tests::dose("2026-02-01"), woman(1));
        changes();
        registry.say(tests::registration("王小丽", "2012-01-01", "350203"), woman(2));
        changes();
        registry.say(tests::fact("2026-02-02", Link{woman(2), ""}), woman(1));
        changes();
        registry.receive({ReceivedRuling{given.uid, false, "invalid"}});
        changes();
        registry.say(tests::dose("2026-02-01"), woman(1));
        changes();
    }

    TEST_CASE("of nobody there is no digest") {
        FedRegistry registry;
        CHECK_FALSE(registry.digest(woman(1)));
        CHECK(registry.digest() == FedRegistry().digest());
    }
}

}  // namespace
}  // namespace egret::store
