#include "sync/central/key_promotion.h"

#include "sync/core/protocol.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace egret::central {
namespace {

using std::chrono::days;

struct RingFixture : tests::TestCentre {
    crypto::SigningKey root() const { return *keys->load_root(folder.file("keys")); }

    std::optional<KeyRing> promoted(const KeyRing& ring, Instant at, std::uint64_t least = 1) {
        return promote(ring, root(), at, least, random);
    }

    sync::KeyBundle said(const KeyRing& ring) const {
        const auto bundle = open_ring(ring, keys->root());
        REQUIRE(bundle);
        return *bundle;
    }

    static DeviceStatus holder(std::uint64_t bundle_number) {
        DeviceStatus status;
        status.bundle_number = bundle_number;
        return status;
    }

    KeyRing first = keys->ring();
};

}  // namespace

TEST_SUITE("sync/central/key_promotion") {
    TEST_CASE_FIXTURE(RingFixture, "a new centre has keys for a year and a quarter") {
        const auto bundle = said(first);
        CHECK(bundle.number == 1);
        CHECK(bundle.seal_epoch == 1);
        REQUIRE(bundle.next_seal_keys.size() == seal_keys_ahead);
        for (std::size_t i = 0; i < seal_keys_ahead; ++i) {
            const auto& next = bundle.next_seal_keys[i];
            CHECK(next.epoch == i + 2);
            CHECK(instant_from_unix_ms(next.from_ms) ==
                  tests::test_start + (static_cast<int>(i) + 1) * seal_key_valid);
        }
        CHECK(bundle.seal_key_at(tests::test_start + days{89}).epoch == 1);
        CHECK(bundle.seal_key_at(tests::test_start + days{90}).epoch == 2);
        CHECK(end_of_keys(first) == tests::test_start + days{450});
    }

    TEST_CASE_FIXTURE(RingFixture, "after a year the next bundle goes on where the last one ends") {
        const auto year = tests::test_start + days{365};
        const auto next = promoted(first, year);
        REQUIRE(next);
        const auto before = said(first);
        const auto bundle = said(*next);
        CHECK(bundle.number == 2);
        CHECK(bundle.not_before_ms == unix_ms(year));
        CHECK(bundle.seal_key == before.next_seal_keys.back().key);
        CHECK(bundle.seal_epoch == 5);
        CHECK(bundle.next_seal_keys.size() == 4);
        CHECK(end_of_keys(*next) == tests::test_start + 9 * seal_key_valid);
        CHECK(bundle.receipt_key != before.receipt_key);
        CHECK(bundle.former_receipt_keys == std::vector{before.receipt_key});
        CHECK(bundle.centre_device == before.centre_device);
        CHECK(bundle.tls_pins == before.tls_pins);
        // Who knows version 2 alone seals to the key of the day, all the year.
        const auto old = sync::open_bundle(next->bundle, keys->root());
        REQUIRE(old);
        CHECK(old->version == 2);
        CHECK(old->seal_key == bundle.seal_key);
        CHECK(old->receipt_key == bundle.receipt_key);
        // All that clinics have ever sealed to is still there.
        CHECK(next->seal_keys.size() == 9);
        for (std::size_t i = 0; i < 9; ++i) CHECK(next->seal_keys[i].left_with == (i < 4 ? 2 : 0));
    }

    TEST_CASE_FIXTURE(RingFixture, "twice on the same day changes nothing the second time") {
        CHECK_FALSE(promoted(first, tests::test_start));
        CHECK_FALSE(promoted(first, tests::test_start + days{89}));
        const auto day = tests::test_start + days{200};
        const auto next = promoted(first, day);
        REQUIRE(next);
        CHECK_FALSE(promoted(*next, day));
        CHECK_FALSE(promoted(*next, day + days{69}));
        CHECK(promoted(*next, day + days{70}));
    }

    TEST_CASE_FIXTURE(RingFixture, "of three years the last receipt keys are known, and no more") {
        auto ring = first;
        std::vector<crypto::VerifyKey> signers{said(ring).receipt_key};
        for (int year = 1; year <= 3; ++year) {
            ring = *promoted(ring, tests::test_start + days{365 * year});
            signers.insert(signers.begin(), said(ring).receipt_key);
        }
        CHECK(said(ring).number == 4);
        CHECK(said(ring).receipt_keys() ==
              std::vector(signers.begin(), signers.begin() + limits::receipt_keys_max));
    }

    TEST_CASE_FIXTURE(RingFixture, "who comes years late gets a new key at once") {
        const auto late = tests::test_start + days{365 * 3};
        const auto next = promoted(first, late);
        REQUIRE(next);
        const auto bundle = said(*next);
        CHECK(bundle.seal_epoch == 6);
        CHECK(bundle.seal_key_at(late).epoch == 6);
        CHECK(bundle.next_seal_keys.size() == 4);
        CHECK(end_of_keys(*next) == late + 5 * seal_key_valid);
    }

    TEST_CASE_FIXTURE(RingFixture,
                      "a restored centre signs past all numbers that it may have used") {
        const auto next = promoted(first, tests::test_start + days{1}, 101);
        REQUIRE(next);
        CHECK(said(*next).number == 101);
        CHECK_FALSE(promoted(*next, tests::test_start + days{1}, 101));
        // Clinics that have a newer one than the centre's take none that is older.
        const auto older = sync::open_bundle(first.bundle3, keys->root(), 101);
        REQUIRE_FALSE(older);
        CHECK(older.error().code == ErrorCode::conflict);
    }

    TEST_CASE_FIXTURE(RingFixture,
                      "a key goes once nobody can need it, and no live machine has it") {
        const auto year = tests::test_start + days{365};
        const auto ring = *promoted(first, year);
        std::vector<std::uint32_t> gone;
        // Of keys that the newest bundle doesn't name, 180 days after the next one began.
        CHECK(keys_past(first, year).empty());
        CHECK(keys_past(ring, tests::test_start + days{269}).empty());
        CHECK(keys_past(ring, tests::test_start + days{270}).size() == 1);
        CHECK(keys_past(ring, year).size() == 2);
        CHECK(keys_past(ring, year + days{3650}).size() == 4);

        const std::vector<DeviceStatus> live{holder(2), holder(1)};
        CHECK(destroy_old_keys(ring, live, year, gone).seal_keys.size() == 9);
        CHECK(gone.empty());
        CHECK(holders_of(ring.seal_keys.front(), live).size() == 1);

        std::vector<DeviceStatus> mixed{holder(2), holder(101), holder(1), holder(1)};
        mixed[2].device.revoked = year;
        mixed[3].device.revoked = year;
        mixed[3].device.is_damaged = true;
        CHECK(holders_of(ring.seal_keys.front(), mixed).size() == 1);
        mixed.pop_back();
        const auto left = destroy_old_keys(ring, mixed, year, gone);
        CHECK(gone == std::vector<std::uint32_t>{1, 2});
        CHECK(left.seal_keys.size() == 7);
        CHECK(open_ring(left, keys->root()));
        CHECK(left.bundle3 == ring.bundle3);
    }

    TEST_CASE_FIXTURE(RingFixture, "a ring that doesn't belong together is none") {
        const auto next = *promoted(first, tests::test_start + days{365});
        auto mixed = next;
        mixed.bundle = first.bundle;
        CHECK_FALSE(open_ring(mixed, keys->root()));
        mixed = next;
        mixed.receipt = first.receipt;
        CHECK_FALSE(open_ring(mixed, keys->root()));
        mixed = next;
        mixed.seal_keys.pop_back();
        CHECK_FALSE(open_ring(mixed, keys->root()));
        CHECK_FALSE(open_ring(next, crypto::SigningKey::generate(random).public_key()));
    }

    TEST_CASE_FIXTURE(RingFixture, "the root is that of this programme, or none") {
        CHECK(keys->load_root(folder.file("nowhere")).error().code == ErrorCode::not_found);
        const auto other = folder.file("other");
        REQUIRE(CentreKeys::create({other, other, tests::test_data_key()}, "Other",
                                   tests::test_start, random));
        const auto refused = keys->load_root(other);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.id == "central.other_root");
    }
}

}  // namespace egret::central
