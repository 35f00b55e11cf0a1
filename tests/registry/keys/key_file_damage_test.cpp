// What was changed in a key file is noticed: by its sum before anything is tried with it, or, if
// somebody put the sum right, by the seal that only the data key makes.

#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/files/private_file.h"
#include "registry/keys/key_file.h"
#include "tests/registry/keys/key_fixture.h"
#include "tests/support/rights.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace egret::keys {
namespace {

using tests::cheap;
using tests::KeyFixture;
using tests::refusal;
using tests::user_id;

constexpr std::size_t file_bytes_max = 64 * 1024;
constexpr std::size_t sum_bytes = 32;
constexpr std::size_t sum_item_bytes = sum_bytes + 3;

void put(const std::string& path, ByteView content) {
    std::ofstream(path, std::ios::binary) << text_of(content);
}

/// With the sum that belongs to it, as somebody makes it who wants a change to pass.
Bytes with_right_sum(Bytes content) {
    const auto sum = crypto::sha256(ByteView(content).first(content.size() - sum_item_bytes));
    std::copy(sum.begin(), sum.end(), content.end() - sum_bytes);
    return content;
}

/// All slots, and a wrong PIN counted.
class FullFixture : public KeyFixture {
public:
    FullFixture() : programme(crypto::SealKeyPair::generate(random)) {
        REQUIRE(file().add_user(key(), user_id(2), "陈玉兰", new_pin("482915"), random));
        REQUIRE(file().set_programme(key(), programme.public_key(), random));
        REQUIRE(file().set_audit_head(key(), {300, {}}));
        content = *read_small_file(path(), file_bytes_max);
    }

    crypto::SealKeyPair programme;
    Bytes content;
};

TEST_SUITE("registry/keys/damage") {
    TEST_CASE("every changed byte is noticed before anything is tried") {
        const FullFixture made;
        for (std::size_t at = 0; at < made.content.size(); ++at) {
            auto changed = made.content;
            changed[at] = static_cast<std::uint8_t>(changed[at] ^ (at % 2 == 0 ? 0x01 : 0x80));
            put(made.path(), changed);
            const auto file = KeyFile::load(made.dir.path());
            CAPTURE(at);
            REQUIRE_FALSE(file);
            CHECK(file.error().code == ErrorCode::unsupported);
        }
    }

    TEST_CASE("a file that was cut, or went on, is damaged; an empty one and a huge one, too") {
        const FullFixture made;
        for (std::size_t length = 0; length < made.content.size(); ++length) {
            put(made.path(), ByteView(made.content).first(length));
            CHECK(refusal(KeyFile::load(made.dir.path())) == "keys.damaged");
        }
        for (const std::size_t more : {1U, 100U, 1'000'000U}) {
            auto longer = made.content;
            longer.resize(longer.size() + more);
            put(made.path(), longer);
            CHECK(refusal(KeyFile::load(made.dir.path())) == "keys.damaged");
        }
    }

    TEST_CASE("with its sum put right, a changed byte still opens nothing, by any way") {
        FullFixture made;
        auto file = made.load();
        std::map<std::string, int> said;
        for (std::size_t at = 0; at + sum_item_bytes < made.content.size(); ++at) {
            auto changed = made.content;
            changed[at] ^= 0x01;
            put(made.path(), with_right_sum(std::move(changed)));
            CAPTURE(at);
            const auto by_code = file.unlock_with_recovery(made.code);
            REQUIRE_FALSE(by_code);
            ++said[by_code.error().message.id];
            const auto by_programme = file.unlock_as_programme(made.programme);
            REQUIRE_FALSE(by_programme);
            ++said[by_programme.error().message.id];
            if (at % 4 != 0) continue;  // These write, which takes its time.
            const auto by_pin = made.unlock(file, "482915");
            REQUIRE_FALSE(by_pin);
            ++said[by_pin.error().message.id];
            CHECK_FALSE(file.set_recovery(made.key(), made.code, made.random));
        }
        CHECK(said["keys.changed"] > 1000);
        put(made.path(), made.content);
        CHECK(made.is_key(made.unlock(file, "482915")));
    }

    TEST_CASE("what was changed gets no seal by the next change") {
        FullFixture made;
        auto changed = made.content;
        // Of the name of a user.
        const auto name = bytes_of("陈玉兰");
        const auto at = std::search(changed.begin(), changed.end(), name.begin(), name.end());
        REQUIRE(at != changed.end());
        *(at + 2) ^= 0x01;
        changed = with_right_sum(std::move(changed));
        put(made.path(), changed);
        auto file = made.load();
        CHECK(refusal(file.set_pin(made.key(), user_id(2), made.new_pin("593026"), made.random)) ==
              "keys.changed");
        CHECK(*read_small_file(made.path(), file_bytes_max) == changed);
        CHECK(refusal(file.unlock_with_recovery(made.code)) == "keys.changed");
    }

    TEST_CASE("a user's slot opens under no other user's name") {
        FullFixture made;
        auto changed = made.content;
        const auto after = [&](std::string_view name) {
            const auto bytes = bytes_of(name);
            const auto at = std::search(changed.begin(), changed.end(), bytes.begin(), bytes.end());
            REQUIRE(at != changed.end());
            return at + static_cast<std::ptrdiff_t>(bytes.size());
        };
        constexpr std::ptrdiff_t wrapping_bytes = 17 + 3 + 13 + 50;
        const auto first = after("林秀英");
        std::swap_ranges(first, first + wrapping_bytes, after("陈玉兰"));
        put(made.path(), with_right_sum(std::move(changed)));
        auto file = made.load();
        CHECK(refusal(made.unlock(file, "482915", 0, 1)) == "keys.pin_wrong");
        CHECK(refusal(made.unlock(file, "482915", 0, 2)) == "keys.pin_wrong");
        CHECK(refusal(file.unlock_with_recovery(made.code)) == "keys.changed");
    }

    TEST_CASE("the key file of another registry opens nothing here") {
        FullFixture made;
        auto file = made.load();
        const tests::TempDir there;
        const auto device = DeviceSecret::none();
        REQUIRE(KeyFile::create(
            there.path(),
            {{{8}}, user_id(1), "Lin", {bytes_of("482915"), device, cheap}, made.code},
            made.random));
        std::filesystem::copy_file(there.file(KeyFile::file_name), made.path(),
                                   std::filesystem::copy_options::overwrite_existing);
        CHECK(refusal(made.unlock(file, "482915")) == "keys.changed");
        CHECK(refusal(file.unlock_with_recovery(made.code)) == "keys.changed");
        // Asked from the beginning, it is just that: the keys of another.
        CHECK(made.load().registry() != made.registry);
    }

    TEST_CASE("a file of a newer release is said to be one") {
        const FullFixture made;
        auto newer = made.content;
        REQUIRE(newer[1] == 0);
        REQUIRE(newer[2] == 1);
        newer[2] = 2;
        put(made.path(), newer);
        CHECK(refusal(KeyFile::load(made.dir.path())) == "keys.newer");
    }

    TEST_CASE("a file that is gone, a folder in its place, one that may not be read") {
        const FullFixture made;
        std::filesystem::remove(made.path());
        CHECK(refusal(KeyFile::load(made.dir.path())) == "keys.absent");
        CHECK(KeyFile::load(made.dir.path()).error().code == ErrorCode::not_found);
        std::filesystem::create_directory(made.path());
        CHECK(refusal(KeyFile::load(made.dir.path())) == "keys.blocked");
        std::filesystem::remove(made.path());
        put(made.path(), made.content);
        std::filesystem::permissions(made.path(), std::filesystem::perms::none);
        const tests::PlainUser user(made.dir.path());
        const auto file = KeyFile::load(made.dir.path());
        CHECK(refusal(file) == "keys.blocked");
        CHECK(file.error().code == ErrorCode::unavailable);
    }
}

}  // namespace
}  // namespace egret::keys
