#include "registry/service/clinic.h"

#include "registry/sqlite/backup.h"
#include "tests/support/clinic_fixture.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret {
namespace {

namespace fs = std::filesystem;

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST_SUITE("registry/service/clinic") {
    TEST_CASE_FIXTURE(tests::ClinicFixture,
                      "a registry that finds no room leaves nothing, and can be made again") {
        const auto home = dir.file("other");
        const service::NewClinic wanted = {"思明", "350203", "林护士"};
        for (const std::size_t room : {0U, 4096U, 16384U, 65536U}) {
            bool was_made = true;
            try {
                const tests::FileSizeLimit full(room);
                was_made = bool(service::Clinic::create(home, wanted, unlocked(), world()));
            } catch (const sqlite::SqliteError&) {
                was_made = false;
            }
            CAPTURE(room);
            CHECK_FALSE(was_made);
            CHECK(files_in(home) == 0);
        }
        CHECK(service::Clinic::create(home, wanted, unlocked(), world()));
        CHECK(service::Clinic::open(home, unlocked(), world()));
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture, "a user is found by name or id") {
        CHECK(*clinic->find_user("林护士") == nurse.user);
        CHECK(*clinic->find_user(nurse.user.to_string()) == nurse.user);
        const auto nobody = clinic->find_user("陈护士");
        REQUIRE_FALSE(nobody);
        CHECK(nobody.error().code == ErrorCode::not_found);
        CHECK(nobody.error().message == msg("clinic.unknown_user", {{"known", "林护士"}}));
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture, "after an update nothing is made of a damaged log") {
        const auto woman = add();
        tests::change_unguarded(clinic->database(),
                                "UPDATE payload SET payload = x'a0'; "
                                "UPDATE projection SET code_version = code_version - 1");
        clinic.reset();
        const auto refused = service::Clinic::open(dir.file("clinic"), unlocked(), world());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::conflict);
        CHECK(refused.error().message == msg("store.log_damaged", {{"count", "1"}}));
        const auto opened = service::Clinic::open(dir.file("clinic"), unlocked(), world(),
                                                  store::StaleProjections::leave);
        REQUIRE(opened);
        CHECK((*opened)->women().find(woman)->name == "王小丽");
        CHECK((*opened)->projector().needs_rebuild());
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture, "a registry that is there stays as it is") {
        const auto again = service::Clinic::create(
            dir.file("clinic"), {"other", "350203", "林护士"}, unlocked(), world());
        REQUIRE_FALSE(again);
        CHECK(again.error().code == ErrorCode::conflict);
        CHECK(files_in(dir.file("clinic")) <= 2);
        fs::create_directories(dir.file("half"));
        REQUIRE(sqlite::backup_to(clinic->database(), dir.file("half/registry.db-wal")));
        CHECK_FALSE(service::Clinic::create(dir.file("half"), {"other", "350203", "林护士"},
                                            unlocked(), world()));
        CHECK(files_in(dir.file("half")) == 1);
    }
}

}  // namespace
}  // namespace egret
