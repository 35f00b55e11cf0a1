#include "sync/central/key_ring.h"

#include "sync/central/key_promotion.h"
#include "tests/support/sim_disk.h"
#include "tests/support/sqlite_file.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

namespace egret::central {
namespace {

using tests::DiskFault;
using tests::SimDisk;

struct RingFileFixture : tests::TestCentre {
    KeyRing next() {
        return *promote(keys->ring(), *keys->load_root(folder.file("keys")),
                        tests::test_start + std::chrono::days{365}, 1, random);
    }

    RingFile file() const { return RingFile(folder.file("keys"), tests::test_data_key()); }

    std::string path() const { return folder.file("keys/ring.key"); }

    static bool are_same(const KeyRing& one, const KeyRing& other) {
        if (one.seal_keys.size() != other.seal_keys.size()) return false;
        for (std::size_t i = 0; i < one.seal_keys.size(); ++i) {
            const auto& left = one.seal_keys[i];
            const auto& right = other.seal_keys[i];
            if (left.key->public_key() != right.key->public_key() || left.epoch != right.epoch ||
                left.from_ms != right.from_ms || left.left_with != right.left_with)
                return false;
        }
        return one.bundle == other.bundle && one.bundle3 == other.bundle3 &&
               one.receipt->public_key() == other.receipt->public_key();
    }
};

}  // namespace

TEST_SUITE("sync/central/key_ring") {
    TEST_CASE_FIXTURE(RingFileFixture, "what is written is read, and nothing of it in the clear") {
        const auto ring = next();
        file().save(ring, random);
        const auto read = file().load();
        REQUIRE(read);
        CHECK(are_same(*read, ring));
        const auto content = tests::read_file(path());
        const auto is_in_clear = [&](ByteView secret) {
            return content.find(text_of(secret)) != std::string::npos ||
                   content.find(to_hex(secret)) != std::string::npos;
        };
        CHECK_FALSE(is_in_clear(ring.receipt->seed()));
        for (const auto& slot : ring.seal_keys) CHECK_FALSE(is_in_clear(slot.key->private_key()));
    }

    TEST_CASE_FIXTURE(RingFileFixture, "with any bit flipped, or cut anywhere, it is refused") {
        const auto sound = tests::read_file(path());
        for (std::size_t at = 0; at < sound.size(); ++at) {
            auto damaged = sound;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
            tests::write_file(path(), damaged);
            const auto refused = file().load();
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::unsupported);
            // What is said of it names the file, and nothing in it.
            CHECK(refused.error().message.id == "central.bad_key_file");
            CHECK(refused.error().message.arguments.size() == 1);
        }
        for (std::size_t length = 0; length < sound.size(); length += 37) {
            tests::write_file(path(), sound.substr(0, length));
            CHECK_FALSE(file().load());
        }
        tests::write_file(path(), sound);
        CHECK(file().load());
        CHECK_FALSE(RingFile(folder.file("keys"), keys::DataKey(random.bytes<32>())).load());
        CHECK(RingFile(folder.file("away"), tests::test_data_key()).load().error().code ==
              ErrorCode::not_found);
    }

    TEST_CASE_FIXTURE(RingFileFixture, "each flipped byte of a bundle of the ring is refused") {
        const auto ring = next();
        for (const auto& bundle : {ring.bundle, ring.bundle3}) {
            for (std::size_t at = 0; at < bundle.size(); ++at) {
                auto damaged = bundle;
                damaged[at] ^= static_cast<std::uint8_t>(1 << (at % 8));
                CHECK_FALSE(sync::open_bundle(damaged, keys->root()));
            }
        }
    }

    TEST_CASE_FIXTURE(RingFileFixture,
                      "the power is cut at every operation of a promotion: the old ring is there "
                      "or the new one, whole") {
        const auto before = keys->ring();
        const auto after = next();
        std::uint64_t cuts = 0;
        std::uint64_t kept = 0;
        for (bool is_whole = false; !is_whole; ++cuts) {
            CAPTURE(cuts);
            SimDisk disk(cuts + 1);
            const RingFile ring("/centre/keys", tests::test_data_key(), disk);
            ring.save(before, random);
            disk.fail_at(cuts + 1, DiskFault::power_cut);
            try {
                ring.save(after, random);
                is_whole = true;
            } catch (const std::system_error&) {
                disk.crash();
            }
            const auto read = ring.load();
            REQUIRE(read);
            const bool is_old = are_same(*read, before);
            CHECK((is_old || are_same(*read, after)));
            CHECK(open_ring(*read, keys->root()));
            CHECK_FALSE((is_whole && is_old));
            if (is_old) ++kept;
        }
        CHECK(cuts > 3);
        CHECK(kept > 0);
    }

    TEST_CASE_FIXTURE(RingFileFixture, "who has the keys open sees the ring that another wrote") {
        const auto& signer = keys->receipt();
        const auto first = signer.public_key();
        auto others = *CentreKeys::load(folder.file("keys"), tests::test_data_key());
        const auto ring = next();
        others.replace_ring(ring, random);
        CHECK(keys->bundle_number() == 2);
        CHECK(keys->bundle3() == ring.bundle3);
        CHECK(keys->receipt().public_key() == ring.receipt->public_key());
        CHECK(signer.public_key() == first);
        CHECK(others.bundle_number() == 2);
        // A key that was destroyed opens nothing here, either.
        const auto gone = ring.seal_keys.front().key->public_key();
        CHECK(keys->seal_key_for(sync::key_id_of(gone))->public_key() == gone);
        auto fewer = ring;
        fewer.seal_keys.erase(fewer.seal_keys.begin());
        others.replace_ring(fewer, random);
        CHECK(keys->seal_key_for(sync::key_id_of(gone))->public_key() != gone);
    }

    TEST_CASE_FIXTURE(RingFileFixture,
                      "a damaged ring, a lost and an older one leave what is known") {
        const auto older = tests::read_file(path());
        file().save(next(), random);
        CHECK(keys->bundle_number() == 2);
        tests::write_file(path(), "damaged");
        CHECK(keys->bundle_number() == 2);
        tests::write_file(path(), older);
        CHECK(keys->bundle_number() == 2);
        std::filesystem::remove(path());
        CHECK(keys->bundle_number() == 2);
    }

    TEST_CASE_FIXTURE(RingFileFixture,
                      "many ask while the ring is replaced, and each is answered") {
        std::vector<std::thread> asking;
        for (int i = 0; i < 4; ++i) {
            asking.emplace_back([&] {
                for (int round = 0; round < 200; ++round) {
                    const auto& bundle = keys->bundle3();
                    (void)sync::open_bundle(bundle, keys->root());
                    (void)keys->receipt().public_key();
                }
            });
        }
        const auto ring = next();
        file().save(ring, random);
        for (auto& one : asking) one.join();
        CHECK(keys->bundle3() == ring.bundle3);
    }
}

}  // namespace egret::central
