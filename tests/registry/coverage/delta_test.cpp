#include "registry/coverage/delta.h"

#include "registry/base/random.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret::coverage {
namespace {

Delta delta(Part part, const char* area, int day, int amount) {
    return {part, {area, "C1", 2010 * 13 + 3}, Date::from_days(day), amount};
}

Contribution some_contribution(SeededRandom& random) {
    Contribution made(random.below(12));
    for (auto& one : made) {
        one.part = random.chance(0.5) ? Part::denominator : Part::numerator;
        one.key.area = random.chance(0.2) ? "" : random.chance(0.5) ? "350203" : "350205001";
        one.key.facility = random.chance(0.5) ? "C1" : "C2";
        one.key.birth_month = random.chance(0.3) ? 0 : 2011 * 13;
        one.day = Date::from_days(static_cast<int>(random.below(50'000)) - 25'000);
        one.amount = random.chance(0.5) ? 1 : -1;
    }
    return normalise(std::move(made));
}

Contribution sum_of(const Contribution& a, const Contribution& b) {
    auto both = a;
    both.insert(both.end(), b.begin(), b.end());
    return normalise(std::move(both));
}

TEST_SUITE("registry/coverage/delta") {
    TEST_CASE("a birth month keeps what is known") {
        CHECK(birth_month_of(*PartialDate::parse("2010-12-31")) == 2010 * 13 + 12);
        CHECK(birth_month_of(*PartialDate::parse("2010-01")) == 2010 * 13 + 1);
        CHECK(birth_month_of(*PartialDate::parse("2010")) == 2010 * 13);
        CHECK(birth_month_of(*PartialDate::parse("2010-12-31")) / 13 == 2010);
    }

    TEST_CASE("equal places are summed, and what cancels out is gone") {
        const auto sums = normalise({
            delta(Part::numerator, "350203", 7, 1),
            delta(Part::denominator, "350205", 5, 1),
            delta(Part::denominator, "350203", 5, 1),
            delta(Part::denominator, "350203", 5, 1),
            delta(Part::denominator, "350205", 5, -1),
            delta(Part::numerator, "350203", 7, -1),
        });
        CHECK(sums == Contribution{delta(Part::denominator, "350203", 5, 2)});
        CHECK(normalise({}).empty());
    }

    TEST_CASE("the order in which deltas come doesn't matter") {
        SeededRandom random(5);
        for (int round = 0; round < 300; ++round) {
            auto parts = sum_of(some_contribution(random), {});
            const auto expected = parts;
            for (std::size_t i = parts.size(); i > 1; --i)
                std::swap(parts[i - 1], parts[random.below(i)]);
            REQUIRE(normalise(parts) == expected);
        }
    }

    TEST_CASE("appending the difference turns before into now") {
        SeededRandom random(6);
        for (int round = 0; round < 500; ++round) {
            const auto before = some_contribution(random);
            const auto now = some_contribution(random);
            REQUIRE(sum_of(before, difference(now, before)) == now);
            REQUIRE(difference(now, now).empty());
            REQUIRE(difference(now, {}) == now);
        }
    }

    TEST_CASE("a contribution comes back from its bytes, which are always the same") {
        SeededRandom random(7);
        for (int round = 0; round < 500; ++round) {
            const auto contribution = some_contribution(random);
            const auto bytes = encode_contribution(contribution);
            const auto back = decode_contribution(bytes);
            REQUIRE(back);
            REQUIRE(*back == contribution);
            REQUIRE(encode_contribution(*back) == bytes);
        }
        CHECK(encode_contribution({}).empty());
        CHECK(decode_contribution({})->empty());
    }

    TEST_CASE("one woman takes a few dozen bytes") {
        const auto bytes = encode_contribution({
            delta(Part::denominator, "350203", 20'000, 1),
            delta(Part::denominator, "350203", 30'000, -1),
            delta(Part::numerator, "350203", 20'500, 1),
            delta(Part::numerator, "350203", 22'325, -1),
        });
        CHECK(bytes.size() <= 48);
    }

    TEST_CASE("cut or lengthened bytes are refused, and nothing is read that has two forms") {
        SeededRandom random(8);
        Contribution contribution;
        while (contribution.size() < 5) contribution = some_contribution(random);
        const auto bytes = encode_contribution(contribution);
        for (std::size_t size = 1; size < bytes.size(); ++size) {
            const auto cut = decode_contribution(ByteView(bytes).first(size));
            REQUIRE_FALSE(cut);
            CHECK(cut.error().code == ErrorCode::invalid_input);
        }
        auto longer = bytes;
        longer.push_back(0);
        CHECK_FALSE(decode_contribution(longer));
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            for (unsigned bit = 0; bit < 8; ++bit) {
                auto flipped = bytes;
                flipped[i] = static_cast<std::uint8_t>(flipped[i] ^ (1U << bit));
                const auto read = decode_contribution(flipped);
                // What can be read is another contribution, written in the one way.
                if (read) REQUIRE(encode_contribution(*read) == flipped);
            }
        }
        CHECK_FALSE(decode_contribution(Bytes{2, 0, 0}));
        CHECK_FALSE(decode_contribution(Bytes{1, 0, 0}));  // Nothing is written as no bytes.
        CHECK_FALSE(decode_contribution(Bytes(30, 0xff)));
    }
}

}  // namespace
}  // namespace egret::coverage
