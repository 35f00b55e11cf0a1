#include "registry/store/migrator.h"

#include "registry/sqlite/backup.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <span>

namespace egret {
namespace {

using sqlite::Database;
using sqlite::Trouble;
using tests::file_options;
using tests::number;
using tests::trouble_of;

constexpr std::array<EmbeddedFile, 4> steps{{
    {"store/0001_log.sql", R"sql(
        CREATE TABLE woman (id INTEGER PRIMARY KEY, name TEXT) STRICT;
        CREATE TABLE visit (woman INTEGER NOT NULL REFERENCES woman ON DELETE CASCADE) STRICT;
    )sql"},
    {"store/0002_rows.sql", R"sql(
        INSERT INTO woman VALUES (1, 'a'), (2, 'b');
        INSERT INTO visit VALUES (1), (2), (2);
    )sql"},
    // A table is rebuilt while rows refer to it: they must survive.
    {"store/0003_rebuild.sql", R"sql(
        CREATE TABLE woman_new (id INTEGER PRIMARY KEY, name TEXT, note TEXT) STRICT;
        INSERT INTO woman_new SELECT id, name, NULL FROM woman;
        DROP TABLE woman;
        ALTER TABLE woman_new RENAME TO woman;
    )sql"},
    {"store/0004_index.sql", "CREATE INDEX woman_by_name ON woman (name);"},
}};

std::span<const EmbeddedFile> first(std::size_t count) { return std::span(steps).first(count); }

bool holds(const std::string& path) { return std::filesystem::exists(path); }

TEST_SUITE("registry/store/migrator") {
    TEST_CASE("a new file gets all migrations and needs no copy") {
        const tests::TempDir dir;
        Database db(file_options(dir.file("a.db")));
        const auto done = migrate(db, steps);
        REQUIRE(done);
        CHECK(done->from == 0);
        CHECK(done->to == 4);
        CHECK(done->backup_path.empty());
        CHECK_FALSE(holds(dir.file("a.db.before-4")));
        CHECK(db.user_version() == 4);
        CHECK(number(db, "SELECT count(*) FROM visit") == 3);
        CHECK(number(db, "PRAGMA foreign_keys") == 1);
    }

    TEST_CASE("an older file gets what it lacks, after a copy of it was made") {
        const tests::TempDir dir;
        Database db(file_options(dir.file("a.db")));
        REQUIRE(migrate(db, first(2)));
        const auto done = migrate(db, steps);
        REQUIRE(done);
        CHECK(done->from == 2);
        CHECK(done->to == 4);
        CHECK(done->backup_path == dir.file("a.db.before-4"));
        CHECK(number(db, "SELECT count(*) FROM visit") == 3);
        CHECK(number(db, "SELECT count(*) FROM pragma_table_info('woman')") == 3);

        Database copy(file_options(done->backup_path));
        CHECK(copy.user_version() == 2);
        CHECK(copy.integrity_check().empty());
        CHECK(number(copy, "SELECT count(*) FROM visit") == 3);
        CHECK(number(copy, "SELECT count(*) FROM pragma_table_info('woman')") == 2);
    }

    TEST_CASE("a file that is up to date is left alone") {
        const tests::TempDir dir;
        Database db(file_options(dir.file("a.db")));
        REQUIRE(migrate(db, steps));
        const auto done = migrate(db, steps);
        REQUIRE(done);
        CHECK(done->from == 4);
        CHECK(done->backup_path.empty());
        CHECK_FALSE(holds(dir.file("a.db.before-4")));
    }

    TEST_CASE("a copy from before is never written over") {
        const tests::TempDir dir;
        Database db(file_options(dir.file("a.db")));
        REQUIRE(migrate(db, first(3)));
        tests::write_file(dir.file("a.db.before-4"), "older");
        tests::write_file(dir.file("a.db.before-4.2"), "old");
        const auto done = migrate(db, steps);
        REQUIRE(done);
        CHECK(done->backup_path == dir.file("a.db.before-4.3"));
        CHECK(tests::read_file(dir.file("a.db.before-4")) == "older");
        CHECK(tests::read_file(dir.file("a.db.before-4.2")) == "old");
    }

    TEST_CASE("no copy is made where none is wanted or none can be") {
        const tests::TempDir dir;
        Database db(file_options(dir.file("a.db")));
        REQUIRE(migrate(db, first(1)));
        const auto done = migrate(db, steps, {.backup_before = false});
        REQUIRE(done);
        CHECK(done->backup_path.empty());
        CHECK_FALSE(holds(dir.file("a.db.before-4")));

        Database memory(tests::memory_options());
        REQUIRE(migrate(memory, first(2)));
        const auto in_memory = migrate(memory, steps);
        REQUIRE(in_memory);
        CHECK(in_memory->backup_path.empty());
        CHECK(memory.user_version() == 4);
    }

    TEST_CASE("a migration that fails leaves the version before it, whole") {
        const tests::TempDir dir;
        Database db(file_options(dir.file("a.db")));
        REQUIRE(migrate(db, first(1)));
        const std::array<EmbeddedFile, 3> wrong{{
            steps[0],
            steps[1],
            {"store/0003_wrong.sql",
             "CREATE TABLE half (a INTEGER) STRICT; INSERT INTO nowhere "
             "VALUES (1);"},
        }};
        CHECK(trouble_of([&] { (void)migrate(db, wrong); }) == Trouble::other);
        CHECK(db.user_version() == 2);
        CHECK_FALSE(db.in_transaction());
        CHECK(number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0);
        CHECK(number(db, "SELECT count(*) FROM visit") == 3);
        CHECK(number(db, "PRAGMA foreign_keys") == 1);
        // The next program, with the fault mended, goes on from there.
        const auto done = migrate(db, steps);
        REQUIRE(done);
        CHECK(done->from == 2);
    }

    TEST_CASE("migrations that leave a reference to nothing are taken back") {
        Database db(tests::memory_options());
        REQUIRE(migrate(db, first(2)));
        const std::array<EmbeddedFile, 3> wrong{{
            steps[0],
            steps[1],
            {"store/0003_wrong.sql", "DELETE FROM woman WHERE id = 2;"},
        }};
        CHECK(trouble_of([&] { (void)migrate(db, wrong); }) == Trouble::constraint);
        CHECK(db.user_version() == 2);
        CHECK(number(db, "SELECT count(*) FROM woman") == 2);
    }

    TEST_CASE("a newer file is refused and left as it is") {
        const tests::TempDir dir;
        Database db(file_options(dir.file("a.db")));
        REQUIRE(migrate(db, steps));
        const auto done = migrate(db, first(3));
        REQUIRE_FALSE(done);
        CHECK(done.error().code == ErrorCode::unsupported);
        CHECK(done.error().message == msg("store.newer_file", {{"found", "4"}, {"known", "3"}}));
        CHECK(db.user_version() == 4);
        CHECK_FALSE(holds(dir.file("a.db.before-3")));
    }

    TEST_CASE("another program's file is refused and left as it is") {
        Database db(tests::memory_options());
        db.execute("CREATE TABLE bookmark (url TEXT) STRICT");
        const auto done = migrate(db, steps);
        REQUIRE_FALSE(done);
        CHECK(done.error().code == ErrorCode::unsupported);
        CHECK(done.error().message.id == "store.foreign_file");
        CHECK(number(db, "SELECT count(*) FROM sqlite_schema") == 1);
    }

    TEST_CASE("a damaged file is not upgraded") {
        const tests::TempDir dir;
        const auto path = dir.file("a.db");
        {
            Database db(file_options(path));
            REQUIRE(migrate(db, first(1)));
            db.execute(R"sql(
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                INSERT INTO woman SELECT i, hex(randomblob(200)) FROM n;
            )sql");
        }
        auto bytes = tests::read_file(path);
        for (std::size_t i = 0; i < 4096; ++i) bytes[20 * 4096 + i] = static_cast<char>(i * 7);
        tests::write_file(path, bytes);
        {
            Database db(file_options(path));
            CHECK(trouble_of([&] { (void)migrate(db, steps); }) == Trouble::damaged);
            CHECK(db.user_version() == 1);
        }
        CHECK(tests::read_file(path) == bytes);
        CHECK_FALSE(holds(path + ".before-4"));
    }
}

}  // namespace
}  // namespace egret
