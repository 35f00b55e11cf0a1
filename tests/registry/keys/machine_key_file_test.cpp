#include "registry/keys/machine_key_file.h"

#include "registry/files/private_file.h"
#include "registry/keys/key_file.h"
#include "registry/vault/mount.h"
#include "tests/registry/keys/key_fixture.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace egret::keys {
namespace {

namespace fs = std::filesystem;

struct MachineFixture {
    tests::TempDir dir;
    SeededRandom random{8};
    DeviceSecret device = *DeviceSecret::make_file(dir.path(), "device.key", random);
    RecoveryCode code = RecoveryCode::make(random);
    MachineKeyFile::Created made = *MachineKeyFile::create(dir.path(), device, &code, random);

    MachineKeyFile load() { return *MachineKeyFile::load(dir.path()); }

    std::string path() const { return dir.file(MachineKeyFile::file_name); }

    bool is_key(const Result<DataKey>& found) const {
        return found && std::ranges::equal(found->view(), made.key.view());
    }

    DeviceSecret other_device() {
        return *DeviceSecret::make_file(dir.path(), "other.key", random);
    }
};

std::string refusal(const Result<DataKey>& found) { return found ? "" : found.error().message.id; }

}  // namespace

TEST_SUITE("registry/keys/machine_key_file") {
    TEST_CASE_FIXTURE(MachineFixture, "the machine's secret opens it, and so does the sheet") {
        const auto file = load();
        CHECK(file.id() == made.file.id());
        CHECK(file.device().kind == DeviceKind::key_file);
        CHECK(file.has_recovery());
        CHECK(file.is_under(made.key));
        const auto again = *DeviceSecret::load(file.device(), {dir.path(), "", {}, nullptr});
        CHECK(is_key(file.unlock(again)));
        CHECK(is_key(file.unlock_with_recovery(code)));
        CHECK(fs::status(path()).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    }

    TEST_CASE_FIXTURE(MachineFixture, "nothing else opens it") {
        const auto file = load();
        CHECK(refusal(file.unlock(other_device())) == "centre_keys.device_other");
        CHECK(refusal(file.unlock(DeviceSecret::none())) == "centre_keys.device_other");
        CHECK(refusal(file.unlock_with_recovery(RecoveryCode::make(random))) ==
              "centre_keys.code_other");
        // Neither the key nor the machine's secret stands in it.
        const auto content = tests::read_file(path());
        for (const auto secret : {made.key.view(), device.view(), code.secret()})
            CHECK(content.find(text_of(secret)) == std::string::npos);
    }

    TEST_CASE_FIXTURE(MachineFixture, "a new secret of the machine ends the one before") {
        const auto next = other_device();
        auto file = load();
        REQUIRE(file.set_device(made.key, next, random));
        for (const auto& now : {load(), std::move(file)}) {
            CHECK(now.device().path == "other.key");
            CHECK(refusal(now.unlock(device)) == "centre_keys.device_other");
            CHECK(is_key(now.unlock(next)));
            CHECK(is_key(now.unlock_with_recovery(code)));
        }
    }

    TEST_CASE_FIXTURE(MachineFixture, "a new sheet ends the one before") {
        const auto next = RecoveryCode::make(random);
        REQUIRE(load().set_recovery(made.key, next, random));
        CHECK(refusal(load().unlock_with_recovery(code)) == "centre_keys.code_other");
        CHECK(is_key(load().unlock_with_recovery(next)));
        CHECK(is_key(load().unlock(device)));
    }

    TEST_CASE_FIXTURE(MachineFixture, "there may be no sheet at first, and one later") {
        const auto place = dir.file("second");
        fs::create_directory(place);
        auto second = MachineKeyFile::create(place, device, nullptr, random);
        REQUIRE(second);
        CHECK_FALSE(MachineKeyFile::load(place)->has_recovery());
        CHECK(refusal(second->file.unlock_with_recovery(code)) == "centre_keys.code_other");
        REQUIRE(second->file.set_recovery(second->key, code, random));
        CHECK(MachineKeyFile::load(place)->unlock_with_recovery(code));
        // Of another centre.
        CHECK(load().set_recovery(second->key, code, random).error().code == ErrorCode::conflict);
        CHECK(is_key(load().unlock_with_recovery(code)));
    }

    TEST_CASE_FIXTURE(MachineFixture, "one that is there is never replaced") {
        const auto again = MachineKeyFile::create(dir.path(), device, &code, random);
        REQUIRE_FALSE(again);
        CHECK(again.error().code == ErrorCode::conflict);
        CHECK(is_key(load().unlock(device)));
    }

    TEST_CASE_FIXTURE(MachineFixture, "each wrong bit is told before anything is tried") {
        const auto sound = tests::read_file(path());
        for (std::size_t at = 0; at < sound.size(); ++at) {
            auto damaged = sound;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
            tests::write_file(path(), damaged);
            const auto file = MachineKeyFile::load(dir.path());
            CAPTURE(at);
            REQUIRE_FALSE(file);
            CHECK(file.error().code == ErrorCode::unsupported);
            CHECK(file.error().message.id.starts_with("centre_keys."));
        }
        for (std::size_t size = 0; size < sound.size(); size += 7) {
            tests::write_file(path(), sound.substr(0, size));
            CHECK_FALSE(MachineKeyFile::load(dir.path()));
        }
        fs::remove(path());
        CHECK(MachineKeyFile::load(dir.path()).error().code == ErrorCode::not_found);
        fs::create_directory(path());
        const auto folder = MachineKeyFile::load(dir.path());
        CHECK_FALSE(folder);
    }

    TEST_CASE("a registry's key file is no centre's, and a centre's no registry's") {
        tests::KeyFixture clinic;
        (void)clinic.file();
        fs::copy(clinic.dir.file("registry.keys"), clinic.dir.file("centre.keys"));
        CHECK(MachineKeyFile::load(clinic.dir.path()).error().message.id == "centre_keys.damaged");
        const MachineFixture centre;
        fs::copy(centre.path(), centre.dir.file("registry.keys"));
        CHECK(KeyFile::load(centre.dir.path()).error().message.id == "keys.damaged");
    }
}

}  // namespace egret::keys
