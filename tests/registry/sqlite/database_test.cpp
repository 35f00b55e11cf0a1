#include "registry/sqlite/database.h"

#include "registry/base/random.h"
#include "registry/sqlite/transaction.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace egret::sqlite {
namespace {

using tests::file_options;
using tests::memory_options;
using tests::number;
using tests::read_file;
using tests::trouble_of;
using tests::write_file;

/// Fills several hundred pages with rows and an index on them.
void fill(Database& db) {
    db.execute(R"sql(
        CREATE TABLE fact (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
        CREATE INDEX fact_by_body ON fact (body);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO fact SELECT i, hex(randomblob(200)) FROM n;
    )sql");
}

bool holds(const std::string& path) { return std::filesystem::exists(path); }

TEST_SUITE("registry/sqlite/database") {
    TEST_CASE("a new file has its shape from the first byte on") {
        const tests::TempDir dir;
        const auto path = dir.file("a.db");
        {
            Database db(file_options(path));
            CHECK(db.page_size() == 4096);
            CHECK(db.reserved_bytes() == 32);
            const auto before = read_file(path);
            REQUIRE(before.size() >= 4096);
            CHECK(before[20] == 32);
            CHECK(tests::number(db, "PRAGMA page_size") == 4096);
            fill(db);
        }
        const auto bytes = read_file(path);
        REQUIRE(bytes.size() > 4096);
        CHECK(bytes[16] == 0x10);
        CHECK(bytes[17] == 0);
        CHECK(bytes[20] == 32);
        // The reserve is free in every page, not only promised in the header.
        for (std::size_t end = 4096; end <= bytes.size(); end += 4096)
            CHECK(bytes.substr(end - 32, 32) == std::string(32, '\0'));
        CHECK(Database(file_options(path)).reserved_bytes() == 32);
    }

    TEST_CASE("a database in memory has the same shape") {
        Database db(memory_options());
        CHECK(db.page_size() == 4096);
        CHECK(db.reserved_bytes() == 32);
        CHECK(db.is_in_memory());
        db.execute("CREATE TABLE t (a INTEGER) STRICT");
        CHECK(db.file_bytes() == 2 * 4096);
    }

    TEST_CASE("every opening sets what protects the data") {
        const tests::TempDir dir;
        Database db(file_options(dir.file("a.db")));
        CHECK(number(db, "PRAGMA synchronous") == 2);
        CHECK(number(db, "PRAGMA foreign_keys") == 1);
        CHECK(number(db, "PRAGMA trusted_schema") == 0);
        CHECK(number(db, "PRAGMA cell_size_check") == 1);
        CHECK(number(db, "PRAGMA temp_store") == 2);
        Statement mode(db, "PRAGMA journal_mode");
        CHECK(mode.start().single().text(0) == "wal");
        CHECK(trouble_of([&] { Statement(db, "SELECT \"a mistyped column\""); }) == Trouble::other);
        db.execute("PRAGMA journal_mode = OFF");  // Defensive: has no effect.
        CHECK(mode.start().single().text(0) == "wal");
    }

    TEST_CASE("simulated worlds may choose speed") {
        const tests::TempDir dir;
        auto options = file_options(dir.file("a.db"));
        options.synchronous = Synchronous::off;
        options.cache_kib = 1234;
        Database db(options);
        CHECK(number(db, "PRAGMA synchronous") == 0);
        CHECK(number(db, "PRAGMA cache_size") == -1234);
    }

    TEST_CASE("an exclusive file is ours alone and leaves no -shm") {
        const tests::TempDir dir;
        const auto path = dir.file("a.db");
        {
            Database db(file_options(path));
            fill(db);
            CHECK(holds(path + "-wal"));
            CHECK_FALSE(holds(path + "-shm"));
            CHECK(trouble_of([&] { Database second(file_options(path)); }) == Trouble::busy);
            auto shared = file_options(path);
            shared.exclusive = false;
            CHECK(trouble_of([&] { Database second(shared); }) == Trouble::busy);
        }
        // From an existing file on: the lock is there before the first write of ours.
        Database db(file_options(path));
        CHECK(trouble_of([&] { Database second(file_options(path)); }) == Trouble::busy);
        CHECK_FALSE(holds(path + "-shm"));
    }

    TEST_CASE("a missing or emptied file is never made anew by chance") {
        const tests::TempDir dir;
        auto options = file_options(dir.file("a.db"));
        options.create = false;
        CHECK(trouble_of([&] { Database db(options); }) == Trouble::io);
        CHECK_FALSE(holds(options.path));

        write_file(options.path, "");
        CHECK(trouble_of([&] { Database db(options); }) == Trouble::not_a_database);
        options.read_only = true;
        CHECK(trouble_of([&] { Database db(options); }) == Trouble::not_a_database);
        CHECK(read_file(options.path).empty());
        CHECK(trouble_of([&] { Database db(file_options("")); }) == Trouble::other);
    }

    TEST_CASE("another kind of file is refused and stays as it is") {
        const tests::TempDir dir;
        const auto path = dir.file("letter.txt");
        for (const auto& content :
             {std::string("Dear colleague,\n"), std::string(10000, 'x'), std::string(4096, '\0')}) {
            write_file(path, content);
            CHECK(trouble_of([&] { Database db(file_options(path)); }) == Trouble::not_a_database);
            CHECK(read_file(path) == content);
        }
    }

    TEST_CASE("a truncated file is damaged and stays as it is") {
        const tests::TempDir dir;
        const auto path = dir.file("a.db");
        {
            Database db(file_options(path));
            fill(db);
        }
        const auto half = read_file(path).substr(0, 4096 * 50);
        write_file(path, half);
        CHECK(trouble_of([&] { Database db(file_options(path)); }) == Trouble::damaged);
        CHECK(read_file(path) == half);
    }

    TEST_CASE("garbled pages are reported, wherever they are") {
        const tests::TempDir dir;
        const auto path = dir.file("a.db");
        {
            Database db(file_options(path));
            fill(db);
            CHECK(db.integrity_check().empty());
        }
        const auto good = read_file(path);
        SeededRandom random(7);
        for (int round = 0; round < 20; ++round) {
            auto bad = good;
            const auto page = 1 + random.below(good.size() / 4096 - 1);
            for (std::size_t i = 0; i < 4096; ++i)
                bad[page * 4096 + i] = static_cast<char>(random.below(256));
            write_file(path, bad);
            Database db(file_options(path));
            CHECK_FALSE(db.integrity_check().empty());
        }
        auto bad = good;
        for (std::size_t i = 100; i < 200; ++i) bad[i] = static_cast<char>(random.below(256));
        write_file(path, bad);
        CHECK(trouble_of([&] { Database db(file_options(path)); }) == Trouble::damaged);
    }

    TEST_CASE("a full disk is told as such, and the transaction leaves nothing") {
        const tests::TempDir dir;
        Database db(file_options(dir.file("a.db")));
        db.execute("CREATE TABLE t (a BLOB NOT NULL) STRICT");
        db.execute("PRAGMA max_page_count = 20");
        const auto write = [&] {
            WriteTransaction transaction(db);
            db.execute("INSERT INTO t VALUES (zeroblob(1000))");
            db.execute("INSERT INTO t VALUES (zeroblob(1000000))");
            transaction.commit();
        };
        CHECK(trouble_of(write) == Trouble::full);
        CHECK_FALSE(db.in_transaction());
        CHECK(number(db, "SELECT count(*) FROM t") == 0);
        db.execute("INSERT INTO t VALUES (zeroblob(1000))");
        CHECK(db.integrity_check().empty());
    }

    TEST_CASE("a file that may not grow any more is a full disk, too") {
        for (const auto journal : {Journal::wal, Journal::rollback}) {
            const tests::TempDir dir;
            auto options = file_options(dir.file("a.db"));
            options.journal = journal;
            Database db(options);
            db.execute("CREATE TABLE t (a BLOB NOT NULL) STRICT");
            const auto write = [&] {
                const tests::FileSizeLimit limit(100'000);
                WriteTransaction transaction(db);
                db.execute("INSERT INTO t VALUES (zeroblob(1000000))");
                transaction.commit();
            };
            CHECK(trouble_of(write) == Trouble::full);
            CHECK(number(db, "SELECT count(*) FROM t") == 0);
            db.execute("INSERT INTO t VALUES (zeroblob(1000000))");
            CHECK(db.integrity_check().empty());
        }
    }

    TEST_CASE("many who want a file for themselves get it in turn, and none gives up") {
        const tests::TempDir dir;
        auto options = file_options(dir.file("a.db"));
        { Database(options).execute("CREATE TABLE t (a INTEGER) STRICT"); }
        options.busy_timeout_ms = 20'000;
        constexpr int processes = 12;
        constexpr int times = 5;
        std::vector<pid_t> children;
        for (int i = 0; i < processes; ++i) {
            const auto child = ::fork();
            if (child == 0) {
                const auto work = [&] {
                    for (int n = 0; n < times; ++n)
                        Database(options).execute("INSERT INTO t VALUES (1)");
                };
                ::_exit(trouble_of(work) ? 1 : 0);
            }
            children.push_back(child);
        }
        for (const auto child : children) {
            int status = -1;
            REQUIRE(::waitpid(child, &status, 0) == child);
            CHECK(status == 0);
        }
        Database db(options);
        CHECK(number(db, "SELECT count(*) FROM t") == processes * times);
    }

    TEST_CASE("read-only writes nothing") {
        const tests::TempDir dir;
        auto options = file_options(dir.file("a.db"));
        { Database(options).execute("CREATE TABLE t (a INTEGER) STRICT"); }
        options.read_only = true;
        Database db(options);
        CHECK(number(db, "SELECT count(*) FROM t") == 0);
        CHECK(trouble_of([&] { db.execute("INSERT INTO t VALUES (1)"); }) == Trouble::read_only);
    }

    TEST_CASE("a strict table takes no other type") {
        Database db(memory_options());
        db.execute("CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL) STRICT");
        CHECK(trouble_of([&] { db.execute("INSERT INTO t VALUES ('x', 'y')"); }) ==
              Trouble::constraint);
        CHECK(trouble_of([&] { db.execute("INSERT INTO t VALUES (1, x'00')"); }) ==
              Trouble::constraint);
        CHECK(trouble_of([&] { db.execute("INSERT INTO t VALUES (1, NULL)"); }) ==
              Trouble::constraint);
        CHECK(number(db, "SELECT count(*) FROM t") == 0);
    }

    TEST_CASE("counts and ids of the last write are told") {
        Database db(memory_options());
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT");
        db.execute("INSERT INTO t VALUES (5), (7), (9)");
        CHECK(db.changes() == 3);
        CHECK(db.last_rowid() == 9);
        CHECK(db.user_version() == 0);
        db.set_user_version(12);
        CHECK(db.user_version() == 12);
    }

    TEST_CASE("references to nothing are refused, and found where they were let in") {
        Database db(memory_options());
        db.execute(R"sql(
            CREATE TABLE woman (id INTEGER PRIMARY KEY) STRICT;
            CREATE TABLE visit (woman INTEGER REFERENCES woman) STRICT;
        )sql");
        CHECK(trouble_of([&] { db.execute("INSERT INTO visit VALUES (1)"); }) ==
              Trouble::constraint);
        CHECK(db.foreign_key_check().empty());
        db.execute("PRAGMA foreign_keys = OFF");
        db.execute("INSERT INTO visit VALUES (1), (2)");
        const auto problems = db.foreign_key_check();
        REQUIRE(problems.size() == 1);
        CHECK(problems[0] == "2 rows of visit without their row of woman");
    }

    TEST_CASE("a checkpoint leaves an empty log") {
        const tests::TempDir dir;
        const auto path = dir.file("a.db");
        Database db(file_options(path));
        fill(db);
        CHECK(std::filesystem::file_size(path + "-wal") > 0);
        const auto both =
            std::filesystem::file_size(path) + std::filesystem::file_size(path + "-wal");
        CHECK(db.file_bytes() == static_cast<std::int64_t>(both));
        db.checkpoint_truncate();
        CHECK(std::filesystem::file_size(path + "-wal") == 0);
        CHECK(db.file_bytes() == static_cast<std::int64_t>(std::filesystem::file_size(path)));
    }

    TEST_CASE("an error holds the SQL and SQLite's code") {
        Database db(memory_options());
        try {
            db.execute("SELECT nonsense");
            FAIL("wrong SQL must not pass");
        } catch (const SqliteError& error) {
            CHECK(error.sql() == "SELECT nonsense");
            CHECK(error.extended_code() == 1);
            CHECK(std::string(error.what()) ==
                  "SQLite: no such column: nonsense (1) in: SELECT nonsense");
        }
        CHECK(to_string(Trouble::not_a_database) == "not_a_database");
    }
}

}  // namespace
}  // namespace egret::sqlite
