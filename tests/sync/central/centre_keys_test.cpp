#include "sync/central/centre_keys.h"

#include "sync/core/key_bundle.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace egret::central {
namespace {

namespace fs = std::filesystem;

struct KeysFixture {
    tests::TempDir dir;
    SeededRandom random{3};
    std::string folder = dir.file("keys");

    KeysFixture() { REQUIRE(CentreKeys::create(folder, "项目", tests::test_start, random)); }
};

}  // namespace

TEST_SUITE("sync/central/centre_keys") {
    TEST_CASE_FIXTURE(KeysFixture, "keys that were made are read back, and fit together") {
        const auto keys = CentreKeys::load(folder);
        REQUIRE(keys);
        const auto bundle = sync::open_bundle(keys->bundle(), keys->root());
        REQUIRE(bundle);
        CHECK(bundle->programme == "项目");
        CHECK(bundle->seal_key == keys->hpke().public_key());
        CHECK(bundle->receipt_key == keys->receipt().public_key());
        CHECK(bundle->recovery_key == CentreKeys::load_recovery(folder)->public_key());
        CHECK(bundle->ca_certificate_pem == keys->authority().certificate_pem);
        const auto served = keys->issue_server_certificate({"localhost"}, tests::test_start);
        REQUIRE(served);
        CHECK(crypto::read_certificate(*served)->key_hash == bundle->tls_pins.at(0));
        CHECK_FALSE(keys->issue_server_certificate({"*"}, tests::test_start));
    }

    TEST_CASE_FIXTURE(KeysFixture, "nobody else may read them") {
        CHECK(fs::status(folder).permissions() == fs::perms::owner_all);
        for (const auto& file : fs::directory_iterator(folder)) {
            CHECK(file.status().permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        }
    }

    TEST_CASE_FIXTURE(KeysFixture, "keys that are there are never replaced") {
        const auto before = *CentreKeys::load(folder);
        CHECK_THROWS_AS((void)CentreKeys::create(folder, "B", tests::test_start, random),
                        std::system_error);
        CHECK(CentreKeys::load(folder)->root() == before.root());
    }

    TEST_CASE_FIXTURE(KeysFixture, "what belongs into a safe may be elsewhere, all else not") {
        fs::remove(folder + "/root.key");
        fs::remove(folder + "/recovery.key");
        CHECK(CentreKeys::load_recovery(folder).error().code == ErrorCode::not_found);
        CHECK(CentreKeys::load(folder));
        for (const auto* name : {"root.pub", "hpke.key", "receipt.key", "ca.key", "ca.pem",
                                 "tls.key", "code.key", "bundle"}) {
            const auto path = folder + "/" + name;
            fs::rename(path, path + ".away");
            const auto missing = CentreKeys::load(folder);
            REQUIRE_FALSE(missing);
            CHECK(missing.error().code == ErrorCode::not_found);
            fs::rename(path + ".away", path);
        }
    }

    TEST_CASE_FIXTURE(KeysFixture, "a file that holds no key is refused") {
        for (const auto* name : {"root.pub", "hpke.key", "receipt.key", "code.key", "bundle"}) {
            const auto path = folder + "/" + name;
            fs::rename(path, path + ".away");
            std::ofstream(path) << "00";
            const auto wrong = CentreKeys::load(folder);
            REQUIRE_FALSE(wrong);
            CHECK(wrong.error().code == ErrorCode::unsupported);
            fs::remove(path);
            fs::rename(path + ".away", path);
        }
    }

    TEST_CASE_FIXTURE(KeysFixture, "a key file in which one bit is another is named, it alone") {
        using Names = std::vector<std::string>;
        CHECK(CentreKeys::check(folder) == Names{});
        for (const std::string name : {"root.key", "root.pub", "recovery.key", "hpke.key",
                                       "receipt.key", "ca.key", "ca.pem", "tls.key", "bundle"}) {
            const auto path = folder + "/" + name;
            const auto sound = tests::read_file(path);
            // The frame of a PEM text is 28 letters and more.
            const std::size_t frame = sound.front() == '-' ? 40 : 1;
            for (std::size_t at = frame - 1; at + frame < sound.size(); at += 11) {
                if (sound[at] == '\n') continue;
                auto damaged = sound;
                damaged[at] = static_cast<char>(damaged[at] ^ 1);
                tests::write_file(path, damaged);
                CAPTURE(name);
                CAPTURE(at);
                CHECK(CentreKeys::check(folder) == Names{name});
            }
            tests::write_file(path, sound);
        }
        fs::remove(folder + "/root.key");
        fs::remove(folder + "/recovery.key");
        CHECK(CentreKeys::check(folder) == Names{});
        tests::write_file(folder + "/code.key", "00\n");
        CHECK(CentreKeys::check(folder) == Names{"code.key"});
        tests::write_file(folder + "/root.pub", std::string(64, '0'));
        CHECK(CentreKeys::check(folder) == Names{"bundle", "root.pub", "code.key"});
    }

    TEST_CASE_FIXTURE(KeysFixture, "keys of another centre are named, and so are missing ones") {
        const auto other = dir.file("other");
        REQUIRE(CentreKeys::create(other, "项目", tests::test_start, random));
        for (const auto* name :
             {"root.pub", "hpke.key", "receipt.key", "ca.key", "ca.pem", "tls.key", "bundle"}) {
            const auto path = folder + "/" + name;
            fs::rename(path, path + ".away");
            const std::vector<std::string> named{name};
            CHECK(CentreKeys::check(folder) == named);
            fs::copy(other + "/" + name, path);
            CHECK(CentreKeys::check(folder) == named);
            fs::remove(path);
            fs::rename(path + ".away", path);
        }
    }

    TEST_CASE_FIXTURE(KeysFixture, "a file that is longer than any key, or no file, is refused") {
        std::ofstream(folder + "/ca.pem") << std::string(100'000, 'a');
        CHECK(CentreKeys::load(folder).error().code == ErrorCode::unsupported);
        fs::remove(folder + "/ca.pem");
        fs::create_directory(folder + "/ca.pem");
        CHECK(CentreKeys::load(folder).error().code == ErrorCode::not_found);
    }
}

}  // namespace egret::central
