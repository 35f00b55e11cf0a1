#include "sync/client/link_keys.h"

#include "registry/files/private_file.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret {
namespace {

using client::LinkKeys;

TEST_SUITE("sync/client/link_keys") {
    TEST_CASE("keys come back from their file, without and with a membership") {
        const tests::TempDir dir;
        SeededRandom random(5);
        CHECK_FALSE(*LinkKeys::load(dir.path()));
        auto keys = LinkKeys::make({random.bytes<16>()}, random);
        keys.save(dir.path());
        auto loaded = LinkKeys::load(dir.path());
        REQUIRE(loaded);
        REQUIRE(*loaded);
        CHECK((*loaded)->sign_key().public_key() == keys.sign_key().public_key());
        CHECK((*loaded)->seal_public() == keys.seal_public());
        CHECK((*loaded)->card_key().public_key() == keys.card_key().public_key());
        CHECK_FALSE((*loaded)->membership());
        CHECK((*loaded)->made_for() == keys.made_for());
        CHECK((*loaded)->belong_to(keys.made_for()));
        CHECK_FALSE((*loaded)->belong_to(DeviceId{}));

        keys.join({{random.bytes<16>()}, "C001", 1, "PEM", "https://centre:8443", {}, {1, 2, 3}});
        keys.save(dir.path());
        loaded = LinkKeys::load(dir.path());
        REQUIRE(*loaded);
        REQUIRE((*loaded)->membership());
        CHECK((*loaded)->membership()->clinic_code == "C001");
        CHECK((*loaded)->membership()->device == keys.membership()->device);
        CHECK((*loaded)->belong_to(keys.membership()->device));
        CHECK((*loaded)->membership()->bundle == Bytes{1, 2, 3});
    }

    TEST_CASE("keys in which one bit is another are not taken for keys") {
        const tests::TempDir dir;
        SeededRandom random(5);
        auto keys = LinkKeys::make({random.bytes<16>()}, random);
        keys.join({{random.bytes<16>()}, "C001", 1, "PEM", "https://centre:8443", {}, {1, 2, 3}});
        keys.save(dir.path());
        const auto sound = tests::read_file(dir.file("link.keys"));
        std::size_t changed = 0;
        for (std::size_t at = 0; at < sound.size(); at += 3) {
            auto damaged = sound;
            damaged[at] = static_cast<char>(damaged[at] ^ 1);
            // Between the values nothing is said.
            if (sound[at] == ' ' || sound[at] == '\n') continue;
            tests::write_file(dir.file("link.keys"), damaged);
            CAPTURE(at);
            CHECK_FALSE(LinkKeys::load(dir.path()));
            ++changed;
        }
        CHECK(changed > 200);
    }

    TEST_CASE("a file that is none is said to be so, and stays") {
        const tests::TempDir dir;
        for (const char* text : {"", "{", "[]", "{}", R"({"sign_key":"00","seal_key":"00"})"}) {
            replace_private_file(dir.file("link.keys"), bytes_of(text));
            const auto loaded = LinkKeys::load(dir.path());
            REQUIRE_FALSE(loaded);
            CHECK(loaded.error().code == ErrorCode::unsupported);
            CHECK(text_of(*read_small_file(dir.file("link.keys"), 100)) == text);
        }
    }

    TEST_CASE("with a machine's secret the file is sealed, and opens with that alone") {
        const tests::TempDir dir;
        SeededRandom random(5);
        const auto key = random.bytes<32>();
        auto keys = LinkKeys::make({random.bytes<16>()}, random);
        keys.join({{random.bytes<16>()}, "C001", 1, "PEM", "https://centre:8443", {}, {1, 2, 3}});
        keys.save(dir.path(), key);
        const auto sealed = tests::read_file(dir.file("link.keys"));
        for (const auto& secret : {to_hex(keys.sign_key().seed()), to_hex(keys.seal_private()),
                                   std::string("centre"), std::string("C001")})
            CHECK(sealed.find(secret) == std::string::npos);

        const auto loaded = LinkKeys::load(dir.path(), key);
        REQUIRE(loaded);
        REQUIRE(*loaded);
        CHECK((*loaded)->sign_key().public_key() == keys.sign_key().public_key());
        CHECK((*loaded)->membership()->bundle == Bytes{1, 2, 3});
        CHECK_FALSE((*loaded)->was_in_the_clear());

        CHECK(LinkKeys::load(dir.path()).error().code == ErrorCode::locked);
        const auto other = LinkKeys::load(dir.path(), random.bytes<32>());
        REQUIRE_FALSE(other);
        CHECK(other.error().message.id == "link.keys_of_other_secret");
        for (std::size_t at = 0; at < sealed.size(); at += 7) {
            auto damaged = sealed;
            damaged[at] = static_cast<char>(damaged[at] ^ 1);
            tests::write_file(dir.file("link.keys"), damaged);
            CAPTURE(at);
            CHECK_FALSE(LinkKeys::load(dir.path(), key));
        }
    }

    TEST_CASE("a file from before there was a secret is read with it, too") {
        const tests::TempDir dir;
        SeededRandom random(5);
        const auto key = random.bytes<32>();
        LinkKeys::make({random.bytes<16>()}, random).save(dir.path());
        const auto loaded = LinkKeys::load(dir.path(), key);
        REQUIRE(*loaded);
        CHECK((*loaded)->was_in_the_clear());
        (*loaded)->save(dir.path(), key);
        CHECK_FALSE((*LinkKeys::load(dir.path(), key))->was_in_the_clear());
    }

    TEST_CASE("a folder in the place of the keys is named, with its path") {
        const tests::TempDir dir;
        const auto path = dir.file("link.keys");
        std::filesystem::create_directory(path);
        const auto loaded = LinkKeys::load(dir.path());
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().code == ErrorCode::unavailable);
        CHECK(loaded.error().message == msg("link.keys_blocked", {{"path", path}}));
    }
}

}  // namespace
}  // namespace egret
