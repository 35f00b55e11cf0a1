#include "registry/sqlite/backup.h"

#include "registry/sqlite/transaction.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret::sqlite {
namespace {

using tests::file_options;
using tests::read_file;
using tests::trouble_of;

void fill(Database& db) {
    db.execute(R"sql(
        CREATE TABLE t (a TEXT NOT NULL) STRICT;
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        INSERT INTO t SELECT hex(randomblob(200)) FROM n;
    )sql");
}

std::size_t files_in(const std::string& folder) {
    const std::filesystem::directory_iterator all(folder);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST_SUITE("registry/sqlite/backup") {
    TEST_CASE("a copy holds what was committed, in one file of the same shape") {
        const tests::TempDir dir;
        const tests::TempDir away;
        Database db(file_options(dir.file("a.db")));
        fill(db);
        db.set_user_version(3);

        REQUIRE(backup_to(db, away.file("copy.db")));
        CHECK(files_in(away.path()) == 1);
        CHECK(read_file(away.file("copy.db"))[20] == 32);

        db.execute("DELETE FROM t");
        auto options = file_options(away.file("copy.db"));
        options.create = false;
        Database copy(options);
        CHECK(copy.user_version() == 3);
        CHECK(copy.reserved_bytes() == 32);
        CHECK(tests::number(copy, "SELECT count(*) FROM t") == 500);
        CHECK(copy.integrity_check().empty());
    }

    TEST_CASE("a database in memory can be copied to a file") {
        const tests::TempDir dir;
        Database db(tests::memory_options());
        fill(db);
        REQUIRE(backup_to(db, dir.file("copy.db"), ""));
        Database copy(file_options(dir.file("copy.db")));
        CHECK(tests::number(copy, "SELECT count(*) FROM t") == 500);
    }

    TEST_CASE("a file that is there already stays as it is") {
        const tests::TempDir dir;
        Database db(tests::memory_options());
        fill(db);
        tests::write_file(dir.file("copy.db"), "mine");
        const auto copied = backup_to(db, dir.file("copy.db"));
        REQUIRE_FALSE(copied);
        CHECK(copied.error().code == ErrorCode::conflict);
        CHECK(copied.error().message.id == "store.copy_exists");
        CHECK(read_file(dir.file("copy.db")) == "mine");
    }

    TEST_CASE("a damaged source gives no copy and is left as it is") {
        const tests::TempDir dir;
        const auto path = dir.file("a.db");
        {
            Database db(file_options(path));
            fill(db);
        }
        auto bytes = read_file(path);
        for (std::size_t i = 0; i < 4096; ++i) bytes[20 * 4096 + i] = static_cast<char>(i * 7);
        tests::write_file(path, bytes);
        {
            Database db(file_options(path));
            CHECK(trouble_of([&] { (void)backup_to(db, dir.file("copy.db")); }) ==
                  Trouble::damaged);
        }
        CHECK(files_in(dir.path()) == 1);
        CHECK(read_file(path) == bytes);
    }

    TEST_CASE("where nothing can be written there is no copy and no rest of one") {
        const tests::TempDir dir;
        Database db(tests::memory_options());
        fill(db);
        CHECK(trouble_of([&] { (void)backup_to(db, dir.file("missing/copy.db")); }) == Trouble::io);
        CHECK(trouble_of([&] { (void)backup_to(db, dir.file("copy.db"), "no such vfs"); }) ==
              Trouble::other);
        WriteTransaction transaction(db);
        db.execute("DELETE FROM t");
        CHECK(trouble_of([&] { (void)backup_to(db, dir.file("copy.db")); }) == Trouble::busy);
        CHECK(files_in(dir.path()) == 0);
    }
}

}  // namespace
}  // namespace egret::sqlite
