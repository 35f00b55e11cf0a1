#include "registry/service/founding.h"

#include "registry/keys/key_file.h"
#include "tests/support/clinic_fixture.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

struct FoundingFixture : tests::ClinicFixture {
    std::string home() const { return dir.file("new"); }

    /// Errors and what the disk throws are one to these tests.
    bool make(const std::string& place) {
        try {
            auto making = RegistryInMaking::start(place, random);
            if (!making) return false;
            const auto device = keys::DeviceSecret::make_file(making->path(), "device.key", random);
            if (!device) return false;
            const auto code = keys::RecoveryCode::make(random);
            auto made =
                found_registry(making->path(), {"思明", "350203", "林护士"},
                               {bytes_of("482915"), *device, code, {16, 1, 1}}, world(), random);
            if (!made) return false;
            made->reset();
            return bool(making->finish());
        } catch (const std::system_error&) {
            return false;
        } catch (const sqlite::SqliteError&) {
            return false;
        }
    }

    bool opens(const std::string& place) {
        auto file = keys::KeyFile::load(place);
        if (!file) return false;
        const auto device = keys::DeviceSecret::load(file->device(), {place, "", {}, nullptr});
        if (!device) return false;
        const auto user = file->users().front();
        auto unlocked = file->unlock_with_pin(user.id, bytes_of("482915"), *device, clock.now());
        if (!unlocked) return false;
        auto opened = Clinic::open(place, {*std::move(unlocked), user.id}, world());
        return opened && (*opened)->caller().user == user.id &&
               (*opened)->user_name(user.id) == "林护士" &&
               (*opened)->registry_id() == to_hex(file->registry().bytes);
    }
};

std::size_t count_in(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST_SUITE("registry/service/founding") {
    TEST_CASE_FIXTURE(FoundingFixture,
                      "where there is no room nothing is left, and it can begin anew") {
        for (const bool is_there : {false, true}) {
            const auto place = dir.file(is_there ? "full" : "new");
            if (is_there) {
                fs::create_directory(place);
                tests::write_file(place + "/mine", "mine");
            }
            const auto before = count_in(dir.path());
            for (const std::size_t room : {0U, 20U, 200U, 4096U, 65536U}) {
                CAPTURE(room);
                {
                    const tests::FileSizeLimit full(room);
                    CHECK_FALSE(make(place));
                }
                CHECK(count_in(dir.path()) == before);
                if (is_there) CHECK(count_in(place) == 1);
            }
            CHECK(make(place));
            CHECK(opens(place));
            CHECK_FALSE(make(place));
            CHECK(opens(place));
        }
    }

    TEST_CASE_FIXTURE(FoundingFixture,
                      "an empty folder becomes the registry's, a link to one stays") {
        fs::create_directory(home());
        CHECK(make(home() + "/"));
        CHECK(opens(home()));
        fs::create_directory(dir.file("real"));
        fs::create_directory_symlink(dir.file("real"), dir.file("link"));
        CHECK(make(dir.file("link")));
        CHECK(opens(dir.file("real")));
        CHECK(fs::is_symlink(dir.file("link")));
    }

    TEST_CASE_FIXTURE(FoundingFixture, "a part of a registry is told, and left as it is") {
        fs::create_directory(home());
        for (const auto* name : {"registry.db", "registry.db-wal", "registry.keys"}) {
            CAPTURE(name);
            tests::write_file(home() + "/" + name, "something");
            const auto refused = RegistryInMaking::start(home(), random);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::conflict);
            CHECK(tests::read_file(home() + "/" + name) == "something");
            fs::remove(home() + "/" + name);
        }
        CHECK(make(home()));
    }

    TEST_CASE_FIXTURE(FoundingFixture, "who was faster keeps the place") {
        auto making = RegistryInMaking::start(home(), random);
        REQUIRE(making);
        tests::write_file(making->path() + "/registry.db", "mine");
        fs::create_directory(home());
        tests::write_file(home() + "/theirs", "theirs");
        CHECK(making->finish().error().code == ErrorCode::conflict);
        CHECK(count_in(home()) == 1);
        auto second = RegistryInMaking::start(home(), random);
        REQUIRE(second);
        tests::write_file(second->path() + "/registry.keys", "mine");
        tests::write_file(second->path() + "/registry.db", "mine");
        tests::write_file(home() + "/registry.db", "theirs");
        CHECK(second->finish().error().code == ErrorCode::conflict);
        CHECK(tests::read_file(home() + "/registry.db") == "theirs");
        CHECK(count_in(home()) == 3);  // The draft goes with its maker.
    }
}

}  // namespace
}  // namespace egret::service
