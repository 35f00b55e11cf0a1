#include "registry/crypto/random_bytes.h"
#include "registry/sqlite/backup.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/vault/mount.h"
#include "tests/registry/vault/women_file.h"
#include "tests/support/crash_disk.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace egret::vault {
namespace {

using sqlite::Database;
using sqlite::Journal;
using sqlite::Trouble;
using tests::fill;
using tests::names_of;
using tests::number;
using tests::Place;
using tests::read_file;
using tests::trouble_of;
using tests::vault_options;

/// A file as any program makes it: nothing reserved.
void make_foreign_file(const std::string& path) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    const auto sql = "CREATE TABLE woman (name TEXT); INSERT INTO woman VALUES ('" +
                     std::string(tests::canary_name) + "')";
    CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

/// In another process: adds 1 so many times. Gives its exit status 0 if all went well.
pid_t start_counting(const sqlite::OpenOptions& options, int times) {
    const auto child = ::fork();
    if (child != 0) return child;
    try {
        Database db(options);
        for (int i = 0; i < times; ++i) {
            sqlite::WriteTransaction transaction(db);
            db.execute("UPDATE counter SET n = n + 1");
            transaction.commit();
        }
    } catch (const sqlite::SqliteError&) {
        ::_exit(1);
    }
    ::_exit(0);
}

bool ends_well(pid_t child) {
    int status = -1;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_SUITE("registry/vault") {
    TEST_CASE("what is written is read again, by whoever has the key") {
        const Place place;
        std::string names;
        {
            Database db(place.options());
            CHECK(db.page_size() == 4096);
            CHECK(db.reserved_bytes() == 32);
            fill(db);
            names = names_of(db);
        }
        auto options = place.options();
        options.create = false;
        Database db(options);
        CHECK(names_of(db) == names);
        CHECK(db.integrity_check().empty());
    }

    TEST_CASE("nothing in any file tells what is in it, while it is open and afterwards") {
        for (const auto journal : {Journal::wal, Journal::rollback}) {
            for (const bool is_exclusive : {true, false}) {
                const Place place;
                auto options = place.options();
                options.journal = journal;
                options.exclusive = is_exclusive;
                options.cache_kib = 64;
                {
                    Database db(options);
                    fill(db, 300);
                    CHECK_FALSE(place.is_told());
                    {
                        const sqlite::WriteTransaction transaction(db);
                        db.execute("UPDATE woman SET name = name || 'x'");
                        // Amid a transaction that doesn't fit into the cache.
                        const bool has_journal =
                            std::filesystem::exists(place.path("clinic.egret-journal"));
                        CHECK(has_journal == (journal == Journal::rollback));
                        CHECK_FALSE(place.is_told());
                    }
                    db.execute("DELETE FROM woman WHERE id % 2 = 0");
                    CHECK_FALSE(place.is_told());
                    const bool has_shared = std::filesystem::exists(place.path("clinic.egret-shm"));
                    CHECK(has_shared == (journal == Journal::wal && !is_exclusive));
                }
                CHECK_FALSE(place.is_told());
            }
        }
        // In a plain file it would be seen.
        const Place place;
        Database db(tests::file_options(place.path()));
        fill(db, 10);
        CHECK(place.is_told());
    }

    TEST_CASE("another key, or none, opens nothing and changes nothing") {
        const Place place;
        {
            Database db(place.options());
            fill(db, 100);
        }
        const auto before = read_file(place.path());
        crypto::SystemRandom random;
        const Mount other(tests::test_key(2), random);
        CHECK(trouble_of([&] { Database db(vault_options(place.path(), other.vfs_name())); }) ==
              Trouble::not_a_database);
        CHECK(trouble_of([&] { Database db(tests::file_options(place.path())); }) ==
              Trouble::not_a_database);
        CHECK(read_file(place.path()) == before);
    }

    TEST_CASE("another key leaves a write-ahead log as it is") {
        const Place place;
        Database db(place.options());
        fill(db, 100);
        // As after a power cut: the log holds all, the file little.
        std::filesystem::copy(place.path(), place.path("cut"));
        std::filesystem::copy(place.path("clinic.egret-wal"), place.path("cut-wal"));
        const auto log = read_file(place.path("cut-wal"));
        REQUIRE(log.size() > 40'000);
        crypto::SystemRandom random;
        const Mount other(tests::test_key(2), random);
        CHECK(trouble_of([&] {
                  Database cut(vault_options(place.path("cut"), other.vfs_name()));
              }) == Trouble::not_a_database);
        CHECK(read_file(place.path("cut-wal")) == log);
        Database cut(place.options("cut"));
        CHECK(names_of(cut) == names_of(db));
    }

    TEST_CASE("a plain file is not taken for an encrypted one, alone or attached") {
        const Place place;
        make_foreign_file(place.path("plain"));
        const auto before = read_file(place.path("plain"));
        CHECK(trouble_of([&] { Database db(place.options("plain")); }) == Trouble::not_a_database);
        Database db(place.options());
        const auto attach = "ATTACH '" + place.path("plain") + "' AS plain";
        CHECK(trouble_of([&] {
                  db.execute(attach.c_str());
                  db.execute("SELECT * FROM plain.woman");
              }) == Trouble::not_a_database);
        CHECK(read_file(place.path("plain")) == before);
    }

    TEST_CASE("a new file and what lies beside it are their owner's alone") {
        const Place place;
        Database db(place.options());
        fill(db, 10);
        for (const auto* suffix : {"", "-wal"}) {
            const auto rights = std::filesystem::status(place.path() + suffix).permissions();
            CHECK(rights ==
                  (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        }
    }

    TEST_CASE("each file has its own keys") {
        const Place place;
        {
            Database first(place.options("a"));
            Database second(place.options("b"));
        }
        const auto one = read_file(place.path("a"));
        const auto other = read_file(place.path("b"));
        CHECK(one.substr(0, 16) != other.substr(0, 16));
        CHECK(one.substr(24, 4000) != other.substr(24, 4000));
    }

    TEST_CASE("full-text search works") {
        const Place place;
        auto options = place.options();
        options.cache_kib = 64;
        Database db(options);
        fill(db);
        db.execute(
            "CREATE VIRTUAL TABLE found USING fts5(name);"
            "INSERT INTO found SELECT name FROM woman;"
            "INSERT INTO found(found) VALUES ('optimize')");
        CHECK(number(db, "SELECT count(*) FROM found WHERE found MATCH 'kanarienvogel'") == 1500);
        CHECK(db.integrity_check().empty());
        CHECK_FALSE(place.is_told());
    }

    TEST_CASE("VACUUM makes a file smaller, and VACUUM INTO another with its own keys") {
        const Place place;
        Database db(place.options());
        fill(db);
        db.execute("DELETE FROM woman WHERE id > 100");
        const auto names = names_of(db);
        const auto before = db.file_bytes();
        db.execute("VACUUM");
        db.checkpoint_truncate();
        CHECK(db.file_bytes() < before / 2);
        CHECK(names_of(db) == names);
        db.execute(("VACUUM INTO '" + place.path("copy") + "'").c_str());
        CHECK_FALSE(place.is_told());
        Database copy(place.options("copy"));
        CHECK(names_of(copy) == names);
        CHECK(copy.integrity_check().empty());
        CHECK(read_file(place.path("copy")).substr(0, 16) != read_file(place.path()).substr(0, 16));
    }

    TEST_CASE("what would need a temporary file fails, and leaves all as it was") {
        const Place place;
        auto options = place.options();
        options.in_memory_temp = false;
        options.cache_kib = 64;
        Database db(options);
        fill(db, 4000);
        const auto names = names_of(db);
        CHECK(trouble_of([&] { db.execute("VACUUM"); }) == Trouble::io);
        db.execute("PRAGMA cache_size = 10");
        CHECK(trouble_of([&] {
                  db.execute(
                      "CREATE TEMP TABLE t AS SELECT a.name || b.name AS name FROM woman a,"
                      " woman b LIMIT 100000");
              }) == Trouble::io);
        CHECK(names_of(db) == names);
        CHECK(db.integrity_check().empty());
        // In memory, as a registry does it, each works.
        db.execute("PRAGMA temp_store = MEMORY; VACUUM");
        CHECK(number(db, "SELECT count(*) FROM (SELECT name FROM woman ORDER BY name || id)") ==
              4000);
        CHECK(names_of(db) == names);
    }

    TEST_CASE("pages of another size are refused, and the file stays as it was") {
        const Place place;
        auto options = place.options();
        options.journal = Journal::rollback;
        Database db(options);
        fill(db, 100);
        const auto names = names_of(db);
        CHECK(trouble_of([&] { db.execute("PRAGMA page_size = 8192; VACUUM"); }) == Trouble::io);
        CHECK(names_of(db) == names);
        CHECK(db.integrity_check().empty());
    }

    TEST_CASE("a copy of an encrypted file is one, with its own keys") {
        const Place place;
        Database db(place.options());
        fill(db);
        REQUIRE(sqlite::backup_to(db, place.path("copy")));
        CHECK_FALSE(place.is_told());
        Database copy(place.options("copy"));
        CHECK(names_of(copy) == names_of(db));
        CHECK(read_file(place.path("copy")).substr(0, 16) != read_file(place.path()).substr(0, 16));
    }

    TEST_CASE("a file with nothing reserved can't be copied in, and nothing of it is written") {
        const Place place;
        tests::CrashDisk disk(1);
        crypto::SystemRandom random;
        const Mount mount(tests::test_key(), random, disk.vfs_name());
        bool is_told = false;
        disk.on_write = [&](ByteView bytes) { is_told = is_told || tests::tells(bytes); };
        make_foreign_file(place.path("plain"));
        Database plain(tests::file_options(place.path("plain")));
        REQUIRE(plain.reserved_bytes() == 0);
        CHECK(trouble_of([&] {
                  static_cast<void>(sqlite::backup_to(plain, "/copy", mount.vfs_name()));
              }) == Trouble::io);
        CHECK_FALSE(is_told);
        CHECK(disk.files().empty());

        // Of our own plain files each page has room for a seal.
        Database ours(tests::file_options(place.path("ours")));
        fill(ours, 100);
        REQUIRE(sqlite::backup_to(ours, "/copy", mount.vfs_name()));
        CHECK_FALSE(is_told);
        Database copy(vault_options("/copy", mount.vfs_name()));
        CHECK(names_of(copy) == names_of(ours));
    }

    TEST_CASE("two processes share a file, and none of 600 increments is lost") {
        for (const auto journal : {Journal::wal, Journal::rollback}) {
            const Place place;
            auto options = place.options();
            options.exclusive = false;
            options.journal = journal;
            options.busy_timeout_ms = 60'000;
            options.synchronous = sqlite::Synchronous::off;  // No power is cut here.
            {
                Database db(options);
                db.execute(
                    "CREATE TABLE counter (n INTEGER NOT NULL) STRICT;"
                    "INSERT INTO counter VALUES (0)");
            }
            const auto first = start_counting(options, 300);
            const auto second = start_counting(options, 300);
            CHECK(ends_well(first));
            CHECK(ends_well(second));
            Database db(options);
            CHECK(number(db, "SELECT n FROM counter") == 600);
            CHECK(db.integrity_check().empty());
        }
    }

    TEST_CASE("what a statement or a savepoint undoes comes back, in every journal mode") {
        for (const std::string mode : {"WAL", "DELETE", "TRUNCATE", "PERSIST", "MEMORY"}) {
            const Place place;
            auto options = place.options();
            options.journal = Journal::rollback;
            options.cache_kib = 64;
            Database db(options);
            db.execute(("PRAGMA journal_mode = " + mode).c_str());
            fill(db, 600);
            const auto names = names_of(db);
            CAPTURE(mode);
            {
                sqlite::WriteTransaction transaction(db);
                db.execute("UPDATE woman SET name = 'a' || name WHERE id > 300");
                const auto halfway = names_of(db);
                {
                    const sqlite::Savepoint savepoint(transaction);
                    db.execute(
                        "DELETE FROM woman WHERE id % 3 = 0;"
                        "UPDATE woman SET name = name || name");
                }
                CHECK(names_of(db) == halfway);
                // Fails at its last row.
                CHECK(trouble_of([&] {
                          db.execute(
                              "UPDATE woman SET id = CASE id WHEN 600 THEN 1 ELSE id END,"
                              " name = name || '!'");
                      }) == Trouble::constraint);
                CHECK(names_of(db) == halfway);
            }
            CHECK(names_of(db) == names);
            db.execute("UPDATE woman SET name = name || '.'");
            CHECK(db.integrity_check().empty());
            CHECK_FALSE(place.is_told());
        }
    }

    TEST_CASE("memory of the file is never asked for") {
        const Place place;
        Database db(place.options());
        db.execute("PRAGMA mmap_size = 268435456");
        fill(db, 100);
        CHECK(number(db, "SELECT count(*) FROM woman") == 100);
        CHECK(db.integrity_check().empty());
    }

    TEST_CASE("a VFS that isn't there can't be built upon") {
        crypto::SystemRandom random;
        CHECK_THROWS_AS(Mount(tests::test_key(), random, "no such VFS"), sqlite::SqliteError);
    }

    TEST_CASE("when it ends, SQLite forgets it") {
        std::string name;
        {
            const Place place;
            name = place.mount.vfs_name();
            CHECK(sqlite3_vfs_find(name.c_str()) != nullptr);
        }
        CHECK(sqlite3_vfs_find(name.c_str()) == nullptr);
    }
}

}  // namespace
}  // namespace egret::vault
