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

    KeysFixture() { REQUIRE(create(folder)); }

    Result<Done> create(const std::string& place) {
        return CentreKeys::create({place, place, tests::test_data_key()}, "项目", tests::test_start,
                                  random);
    }

    Result<CentreKeys> load() const { return CentreKeys::load(folder, tests::test_data_key()); }

    std::vector<std::string> check() const {
        return CentreKeys::check(folder, tests::test_data_key());
    }
};

}  // namespace

TEST_SUITE("sync/central/centre_keys") {
    TEST_CASE_FIXTURE(KeysFixture, "keys that were made are read back, and fit together") {
        const auto keys = load();
        REQUIRE(keys);
        const auto bundle = sync::open_bundle(keys->bundle(), keys->root());
        REQUIRE(bundle);
        CHECK(bundle->programme == "项目");
        CHECK(bundle->seal_key == keys->ring().seal_keys.front().key->public_key());
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
        const auto before = *load();
        CHECK_THROWS_AS((void)create(folder), std::system_error);
        CHECK(load()->root() == before.root());
    }

    TEST_CASE_FIXTURE(KeysFixture, "what belongs into a safe may be elsewhere, all else not") {
        fs::remove(folder + "/root.key");
        fs::remove(folder + "/recovery.key");
        CHECK(CentreKeys::load_recovery(folder).error().code == ErrorCode::not_found);
        CHECK(load());
        for (const auto* name :
             {"root.pub", "ring.key", "ca.key", "ca.pem", "tls.key", "code.key"}) {
            const auto path = folder + "/" + name;
            fs::rename(path, path + ".away");
            const auto missing = load();
            REQUIRE_FALSE(missing);
            CHECK(missing.error().code == ErrorCode::not_found);
            fs::rename(path + ".away", path);
        }
    }

    TEST_CASE_FIXTURE(KeysFixture, "a file that holds no key is refused") {
        for (const auto* name : {"root.pub", "ring.key", "code.key"}) {
            const auto path = folder + "/" + name;
            fs::rename(path, path + ".away");
            std::ofstream(path) << "00";
            const auto wrong = load();
            REQUIRE_FALSE(wrong);
            CHECK(wrong.error().code == ErrorCode::unsupported);
            fs::remove(path);
            fs::rename(path + ".away", path);
        }
    }

    TEST_CASE_FIXTURE(KeysFixture, "a key file in which one bit is another is named, it alone") {
        using Names = std::vector<std::string>;
        CHECK(check() == Names{});
        for (const std::string name :
             {"root.key", "root.pub", "recovery.key", "ring.key", "ca.key", "ca.pem", "tls.key"}) {
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
                CHECK(check() == Names{name});
            }
            tests::write_file(path, sound);
        }
        fs::remove(folder + "/root.key");
        fs::remove(folder + "/recovery.key");
        CHECK(check() == Names{});
        tests::write_file(folder + "/code.key", "00\n");
        CHECK(check() == Names{"code.key"});
        tests::write_file(folder + "/root.pub", std::string(64, '0'));
        CHECK(check() == Names{"ring.key", "root.pub", "code.key"});
    }

    TEST_CASE_FIXTURE(KeysFixture, "keys of another centre are named, and so are missing ones") {
        const auto other = dir.file("other");
        REQUIRE(create(other));
        for (const auto* name : {"root.pub", "ring.key", "ca.key", "ca.pem", "tls.key"}) {
            const auto path = folder + "/" + name;
            fs::rename(path, path + ".away");
            const std::vector<std::string> named{name};
            CHECK(check() == named);
            fs::copy(other + "/" + name, path);
            CHECK(check() == named);
            fs::remove(path);
            fs::rename(path + ".away", path);
        }
    }

    TEST_CASE_FIXTURE(KeysFixture, "a sealed key opens under its own name and data key alone") {
        const keys::DataKey other(random.bytes<32>());
        CHECK(CentreKeys::load(folder, other).error().code == ErrorCode::unsupported);
        CHECK(CentreKeys::check(folder, other) ==
              std::vector<std::string>{"ring.key", "code.key", "ca.key", "tls.key"});
        fs::rename(folder + "/ring.key", folder + "/away");
        fs::copy(folder + "/code.key", folder + "/ring.key");
        CHECK(check() == std::vector<std::string>{"ring.key"});
        // A key in the clear, as builds of before had it, is none.
        fs::remove(folder + "/ring.key");
        fs::copy(folder + "/root.key", folder + "/ring.key");
        CHECK(load().error().code == ErrorCode::unsupported);
    }

    TEST_CASE_FIXTURE(KeysFixture, "a file that is longer than any key, or no file, is refused") {
        std::ofstream(folder + "/ca.pem") << std::string(100'000, 'a');
        CHECK(load().error().code == ErrorCode::unsupported);
        fs::remove(folder + "/ca.pem");
        fs::create_directory(folder + "/ca.pem");
        CHECK(load().error().code == ErrorCode::not_found);
    }
}

}  // namespace egret::central
