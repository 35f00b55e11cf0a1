#include "sync/core/feed_cursor.h"

#include "registry/base/random.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret::sync {
namespace {

Hash hash_of(std::uint64_t pos) {
    SeededRandom random(pos + 1);
    return random.bytes<32>();
}

FeedCursor at(std::uint64_t pos) { return {17, pos, pos == 0 ? feed_start : hash_of(pos)}; }

}  // namespace

TEST_SUITE("sync/core/feed_cursor") {
    TEST_CASE("after a restore a device goes back about as far as the centre did") {
        double worst = 0;
        for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
            SeededRandom random(seed);
            CursorTrail trail(17);
            std::uint64_t pos = 0;
            const auto step = 1 + random.below(2000);
            const auto steps = 1 + random.below(400);
            for (std::uint64_t i = 0; i < steps; ++i) {
                pos += 1 + random.below(step);
                trail.advance(at(pos));
                REQUIRE(trail.kept().size() <= limits::cursor_trail_max);
            }
            CHECK(trail.newest() == at(pos));
            // The centre is back at `restored`, and knows what it had up to there.
            const auto restored = random.below(pos + 1);
            int asks = 0;
            auto cursor = trail.newest();
            while (cursor.pos > restored && ++asks < 100) cursor = trail.on_rewound();
            CHECK(cursor.pos <= restored);
            CHECK(asks <= static_cast<int>(limits::cursor_trail_max));
            const auto lost = static_cast<double>(pos - restored + step);
            worst = std::max(worst, static_cast<double>(pos - cursor.pos) / lost);
        }
        MESSAGE("at worst " << worst << " times as far back as the centre");
        CHECK(worst < 3);
    }

    TEST_CASE("a trail that runs for years still goes back by small steps") {
        CursorTrail trail(17);
        for (std::uint64_t pos = 300; pos <= 6'000'000; pos += 300) trail.advance(at(pos));
        CHECK(trail.kept().size() == limits::cursor_trail_max);
        for (std::uint64_t lost = 1; lost < 6'000'000; lost = lost * 3 / 2 + 1) {
            auto copy = trail;
            const auto restored = 6'000'000 - lost;
            auto cursor = copy.newest();
            while (cursor.pos > restored) cursor = copy.on_rewound();
            CHECK(6'000'000 - cursor.pos <= 3 * (lost + 300));
        }
    }

    TEST_CASE("in the end there is the start, again and again") {
        CursorTrail trail(17);
        CHECK(trail.newest() == at(0));
        CHECK(trail.on_rewound() == at(0));
        trail.advance(at(5));
        trail.advance(at(9));
        CHECK(trail.on_rewound() == at(5));
        CHECK(trail.on_rewound() == at(0));
        CHECK(trail.kept().empty());
        trail.advance(at(0));
        CHECK(trail.newest() == at(0));
    }

    TEST_CASE("one that goes back forgets what was after it") {
        CursorTrail trail(17);
        for (const std::uint64_t pos : {3U, 6U, 9U, 12U}) trail.advance(at(pos));
        auto other = at(6);
        other.hash[0] ^= 1;
        trail.advance(other);
        CHECK(trail.kept() == std::vector<FeedCursor>{at(3), other});
    }

    TEST_CASE("what was kept is taken up again, in whatever order, without what can't be") {
        CursorTrail trail(17);
        for (std::uint64_t pos = 10; pos <= 4000; pos += 10) trail.advance(at(pos));
        auto kept = trail.kept();
        std::reverse(kept.begin(), kept.end());
        CHECK(CursorTrail(17, kept).kept() == trail.kept());
        kept.push_back({18, 5000, hash_of(1)});
        kept.push_back({17, 4000, hash_of(2)});
        kept.push_back(at(0));
        CHECK(CursorTrail(17, kept).kept() == trail.kept());
    }

    TEST_CASE("the centre answers by the hash, not by the number") {
        const auto known = [](std::uint64_t head, std::uint64_t first, std::optional<Hash> hash) {
            return FeedKnown{head, first, hash};
        };
        CHECK(decide_feed(at(0), known(0, 1, {})) == FeedAnswer::page);
        CHECK(decide_feed(at(0), known(50, 1, {})) == FeedAnswer::page);
        CHECK(decide_feed(at(50), known(50, 1, hash_of(50))) == FeedAnswer::page);
        CHECK(decide_feed(at(50), known(50, 51, hash_of(50))) == FeedAnswer::page);
        CHECK(decide_feed(at(50), known(80, 1, hash_of(51))) == FeedAnswer::rewound);
        CHECK(decide_feed(at(50), known(80, 1, {})) == FeedAnswer::rewound);
        CHECK(decide_feed(at(50), known(49, 1, {})) == FeedAnswer::rewound);
        CHECK(decide_feed(at(50), known(49, 50, {})) == FeedAnswer::rewound);
        CHECK(decide_feed(at(0), known(50, 2, {})) == FeedAnswer::compacted);
        CHECK(decide_feed(at(50), known(80, 52, {})) == FeedAnswer::compacted);
        CHECK(decide_feed({17, 0, hash_of(3)}, known(50, 1, {})) == FeedAnswer::rewound);
        CHECK(is_rewound(at(50), known(50, 1, hash_of(51))));
        CHECK_FALSE(is_rewound(at(50), known(50, 1, hash_of(50))));
    }

    TEST_CASE("marks and cursors are read in their one form") {
        std::vector<FeedCursor> cursors = {{3, 9, hash_of(9)}, {17, 0, feed_start}};
        std::vector<CursorMark> marks;
        for (const auto& cursor : cursors) marks.push_back(mark_of(cursor));
        CHECK(std::equal(marks[0].hash.begin(), marks[0].hash.end(), cursors[0].hash.begin()));
        Bytes out;
        cbor::Writer to(out);
        write_marks(to, marks);
        write_cursors(to, cursors);
        cbor::Reader from(out);
        CHECK(read_marks(from) == marks);
        CHECK(read_cursors(from) == cursors);
        CHECK(from.ok());
        CHECK(from.at_end());

        const auto refused = [](std::vector<CursorMark> wrong) {
            Bytes bytes;
            cbor::Writer writer(bytes);
            write_marks(writer, wrong);
            cbor::Reader reader(bytes);
            read_marks(reader);
            return !reader.ok();
        };
        CHECK(refused({marks[1], marks[0]}));
        CHECK(refused({marks[0], marks[0]}));
        CHECK(refused({{1ULL << 63, 1, {}}}));
        CHECK(refused({{1, 1ULL << 63, {}}}));
    }
}

}  // namespace egret::sync
