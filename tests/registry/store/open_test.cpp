#include "registry/store/open.h"

#include "embedded/clinic_schema.h"
#include "registry/crypto/random_bytes.h"
#include "registry/vault/mount.h"
#include "tests/support/rights.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret::store {
namespace {

struct OpenFixture {
    tests::TempDir dir;
    FileOptions options;

    OpenFixture() {
        options.path = dir.file("registry.db");
        options.busy_timeout_ms = 0;
    }

    auto open() { return open_file(options, embedded::clinic_schema()); }

    void make() {
        options.create = true;
        REQUIRE(open());
        options.create = false;
    }

    /// Opening fails with these, and the file stays as it was.
    void check_refused(ErrorCode code, std::string_view message) {
        const auto before = tests::read_file(options.path);
        const auto refused = open();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == code);
        CHECK(refused.error().message.id == message);
        CHECK(tests::read_file(options.path) == before);
    }
};

/// Who else than its owner may do something with any of a folder's files.
bool is_open_to_others(const std::string& folder) {
    namespace fs = std::filesystem;
    for (const auto& file : fs::directory_iterator(folder)) {
        if ((file.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) !=
            fs::perms::none)
            return true;
    }
    return false;
}

TEST_SUITE("registry/store/open") {
    TEST_CASE_FIXTURE(OpenFixture, "a registry opens encrypted, and only with its key") {
        crypto::SystemRandom random;
        const vault::Mount mount(Hash{1}, random);
        options.vfs_name = mount.vfs_name();
        make();
        REQUIRE(open());
        CHECK_FALSE(is_open_to_others(dir.path()));
        const vault::Mount other(Hash{2}, random);
        options.vfs_name = other.vfs_name();
        check_refused(ErrorCode::unsupported, "store.wrong_file");
        options.vfs_name.clear();
        check_refused(ErrorCode::unsupported, "store.wrong_file");
    }

    TEST_CASE_FIXTURE(OpenFixture, "a registry and what lies beside it are its owner's alone") {
        options.create = true;
        for (const bool exclusive : {true, false}) {
            options.path = dir.file(exclusive ? "registry.db" : "centre.db");
            options.exclusive = exclusive;
            const auto made = open();
            REQUIRE(made);
            (*made)->execute("CREATE TABLE more (n INTEGER) STRICT");
            CHECK(std::filesystem::exists(options.path + "-wal"));
            CHECK(std::filesystem::exists(options.path + "-shm") == !exclusive);
            CHECK_FALSE(is_open_to_others(dir.path()));
        }
    }

    TEST_CASE_FIXTURE(OpenFixture, "a registry that others may read is closed to them") {
        make();
        namespace fs = std::filesystem;
        fs::permissions(options.path, fs::perms::group_read | fs::perms::others_read,
                        fs::perm_options::add);
        CHECK(is_open_to_others(dir.path()));
        CHECK(open());
        CHECK_FALSE(is_open_to_others(dir.path()));
    }

    TEST_CASE_FIXTURE(OpenFixture, "a new registry is made in the one shape, and opens again") {
        make();
        const auto again = open();
        REQUIRE(again);
        auto& db = **again;
        CHECK(db.page_size() == 4096);
        CHECK(db.reserved_bytes() == 32);
        CHECK(tests::number(db, "PRAGMA temp_store") == 2);
        CHECK(tests::number(db, "PRAGMA synchronous") == 2);
        CHECK(tests::number(db, "PRAGMA foreign_keys") == 1);
        sqlite::Statement locking(db, "PRAGMA locking_mode");
        CHECK(locking.start().single().text(0) == "exclusive");
        CHECK_FALSE(std::filesystem::exists(options.path + "-shm"));
        CHECK(tests::number(db,
                            "SELECT count(*) FROM pragma_table_list WHERE type = 'table' "
                            "AND schema = 'main' AND NOT strict "
                            "AND name NOT LIKE 'sqlite%'") == 0);
    }

    TEST_CASE_FIXTURE(OpenFixture, "a file that isn't there is not made by the way") {
        const auto missing = open();
        REQUIRE_FALSE(missing);
        CHECK(missing.error().code == ErrorCode::not_found);
        CHECK(missing.error().message == msg("store.no_file", {{"path", options.path}}));
        CHECK_FALSE(std::filesystem::exists(options.path));
    }

    TEST_CASE_FIXTURE(OpenFixture, "a file that is out of reach is not said to be missing") {
        // As a folder that this user may not read, also for a user who may read all.
        const auto folder = dir.file("round");
        std::filesystem::create_symlink(folder, folder);
        options.path = folder + "/registry.db";
        const auto refused = open();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::unavailable);
        CHECK(refused.error().message == msg("store.no_access", {{"path", options.path}}));
    }

    TEST_CASE_FIXTURE(OpenFixture, "what may not be read, or not be written, is told apart") {
        namespace fs = std::filesystem;
        const auto refused_as = [&](std::string_view message) {
            const auto refused = open();
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::unavailable);
            CHECK(refused.error().message == msg(message, {{"path", options.path}}));
        };
        const tests::PlainUser user(dir.path());
        make();
        fs::permissions(options.path, fs::perms::none);
        refused_as("store.not_readable");
        fs::permissions(options.path, fs::perms::owner_read | fs::perms::owner_write);
        fs::permissions(dir.path(), fs::perms::owner_read | fs::perms::owner_exec);
        refused_as("store.read_only");
        options.path = dir.file("new.db");
        options.create = true;
        refused_as("store.read_only");
        fs::permissions(dir.path(), fs::perms::owner_all);
        CHECK(open());
    }

    TEST_CASE_FIXTURE(OpenFixture, "a disk that is write-protected is said to be so") {
        tests::ProtectedDisk disk;
        if (!disk.is_there()) {
            MESSAGE("not tried: this user may not make a disk");
            return;
        }
        options.path = disk.path() + "/registry.db";
        make();
        disk.protect();
        const auto before = tests::read_file(options.path);
        for (const bool create : {false, true}) {
            if (create) options.path = disk.path() + "/new.db";
            options.create = create;
            for (const bool exclusive : {true, false}) {
                CAPTURE(create);
                CAPTURE(exclusive);
                options.exclusive = exclusive;
                const auto refused = open();
                REQUIRE_FALSE(refused);
                CHECK(refused.error().code == ErrorCode::unavailable);
                CHECK(refused.error().message ==
                      msg("store.protected_disk", {{"path", options.path}}));
            }
        }
        CHECK(tests::read_file(disk.path() + "/registry.db") == before);
    }

    TEST_CASE_FIXTURE(OpenFixture, "making never replaces what is there") {
        make();
        options.create = true;
        check_refused(ErrorCode::conflict, "store.file_exists");
    }

    TEST_CASE_FIXTURE(OpenFixture, "making stops at the log of a file that is gone") {
        tests::write_file(options.path + "-wal", "what is left");
        options.create = true;
        const auto refused = open();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::conflict);
        CHECK(tests::read_file(options.path + "-wal") == "what is left");
    }

    TEST_CASE_FIXTURE(OpenFixture, "what is no database is said to be none") {
        tests::write_file(options.path, std::string(8192, 'x'));
        check_refused(ErrorCode::unsupported, "store.wrong_file");
        // A centre has no key beside it, and its copies are of the whole folder.
        options.kind = FileKind::centre;
        check_refused(ErrorCode::unsupported, "store.wrong_centre_file");
    }

    TEST_CASE_FIXTURE(OpenFixture, "an emptied registry is not taken for a new one") {
        tests::write_file(options.path, "");
        check_refused(ErrorCode::unsupported, "store.wrong_file");
    }

    TEST_CASE_FIXTURE(OpenFixture, "another program's database is not ours") {
        {
            sqlite::Database db(tests::file_options(options.path));
            db.execute("CREATE TABLE bookmark (url TEXT) STRICT");
        }
        check_refused(ErrorCode::unsupported, "store.foreign_file");
    }

    TEST_CASE_FIXTURE(OpenFixture, "a clinic's file is not a centre's, nor the other way round") {
        make();
        options.kind = FileKind::centre;
        check_refused(ErrorCode::unsupported, "store.clinic_file");

        options.path = dir.file("centre.db");
        make();
        options.kind = FileKind::clinic;
        check_refused(ErrorCode::unsupported, "store.centre_file");
    }

    TEST_CASE_FIXTURE(OpenFixture, "a newer program's file is left to it") {
        make();
        {
            sqlite::Database db(tests::file_options(options.path));
            db.execute("CREATE TABLE later (n INTEGER) STRICT");
            db.set_user_version(99);
        }
        check_refused(ErrorCode::unsupported, "store.newer_file");
    }

    TEST_CASE_FIXTURE(OpenFixture, "a file that somebody holds is busy") {
        make();
        const auto held = open();
        REQUIRE(held);
        const auto refused = open();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::unavailable);
        CHECK(refused.error().message.id == "store.busy");
    }

    TEST_CASE_FIXTURE(OpenFixture, "a number in the header that the schema belies is damage") {
        make();
        const auto whole = tests::read_file(options.path);
        // The version of the schema, here higher, lower and none, and the kind of the file.
        for (const auto& change : {std::pair{63, 99}, {63, 1}, {63, 0}, {68, 0}}) {
            CAPTURE(change.first);
            CAPTURE(change.second);
            const auto [at, value] = change;
            auto bytes = whole;
            bytes[static_cast<std::size_t>(at)] = static_cast<char>(value);
            tests::write_file(options.path, bytes);
            check_refused(ErrorCode::unsupported, "store.damaged");
        }
    }

    TEST_CASE_FIXTURE(OpenFixture, "a table that is called otherwise is damage") {
        make();
        auto bytes = tests::read_file(options.path);
        const auto at = bytes.find("CREATE TABLE profile");
        REQUIRE(at != std::string::npos);
        bytes[at + 14] = 's';
        tests::write_file(options.path, bytes);
        check_refused(ErrorCode::unsupported, "store.damaged");
    }

    TEST_CASE_FIXTURE(OpenFixture, "a trigger that says something else is damage") {
        make();
        auto bytes = tests::read_file(options.path);
        const auto at = bytes.find("an event is never changed");
        REQUIRE(at != std::string::npos);
        bytes[at] = 'A';
        tests::write_file(options.path, bytes);
        check_refused(ErrorCode::unsupported, "store.damaged");
    }

    TEST_CASE_FIXTURE(OpenFixture, "what somebody else added to a registry is left alone") {
        make();
        {
            sqlite::Database db(tests::file_options(options.path));
            db.execute("CREATE VIEW names AS SELECT name FROM profile; ANALYZE");
        }
        CHECK(open());
    }

    TEST_CASE_FIXTURE(OpenFixture, "damage in the schema is named") {
        make();
        auto bytes = tests::read_file(options.path);
        for (std::size_t i = 100; i < 4064; ++i) bytes[i] = static_cast<char>(i * 7);
        tests::write_file(options.path, bytes);
        check_refused(ErrorCode::unsupported, "store.damaged");
        options.kind = FileKind::centre;
        check_refused(ErrorCode::unsupported, "store.damaged_centre");
    }
}

}  // namespace
}  // namespace egret::store
