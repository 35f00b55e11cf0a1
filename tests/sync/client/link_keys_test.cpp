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
