#include "registry/sqlite/statement.h"

#include "registry/base/ids.h"
#include "registry/sqlite/transaction.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <limits>

namespace egret::sqlite {
namespace {

using tests::trouble_of;

struct TableFixture {
    Database db{tests::memory_options()};

    TableFixture() {
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, body BLOB) STRICT");
    }
};

TEST_SUITE("registry/sqlite/statement") {
    TEST_CASE_FIXTURE(TableFixture, "text with a zero inside, extremes and nothings are kept") {
        Statement insert(db, "INSERT INTO t VALUES (:id, :name, :body)");
        Statement select(db, "SELECT id, name, body FROM t ORDER BY id");
        const Bytes body{0, 1, 0, 255};
        const std::string name("W\xc3\xa1ng\0!", 7);
        const auto lowest = std::numeric_limits<std::int64_t>::min();
        const auto highest = std::numeric_limits<std::int64_t>::max();
        insert.start().bind(":id", lowest).bind(":name", name).bind(":body", body).finish();
        insert.start().bind_all(2U, "", ByteView{}).finish();
        insert.start().bind_all(std::uint64_t{highest}, nullptr, std::nullopt).finish();

        auto row = select.start();
        REQUIRE(row.next());
        CHECK(row.int64(0) == lowest);
        CHECK(row.text(1) == name);
        CHECK(row.text_view(1) == name);
        CHECK(row.blob(2) == body);
        CHECK(row.blob_view(2).size() == 4);
        REQUIRE(row.next());
        CHECK_FALSE(row.is_null(1));
        CHECK(row.text(1).empty());
        CHECK_FALSE(row.is_null(2));
        CHECK(row.blob(2).empty());
        REQUIRE(row.next());
        CHECK(row.find_int64(0) == highest);
        CHECK(row.is_null(1));
        CHECK_FALSE(row.find_text(1));
        CHECK_FALSE(row.find_blob(2));
        CHECK_FALSE(row.next());
        CHECK_FALSE(row.next());  // And does not begin again.
    }

    TEST_CASE_FIXTURE(TableFixture, "ids, optionals and views are bound as what they hold") {
        Statement insert(db, "INSERT INTO t VALUES (?1, ?2, ?3)");
        SeededRandom random(3);
        const auto id = make_random_id<WomanTag>(random);
        insert.start().bind_all(1, std::optional<std::string>("a"), id).finish();
        insert.start().bind_all(2, std::optional<std::string>(), std::optional(id)).finish();
        Bytes large(100'000, 9);
        {
            auto run = insert.start();
            run.bind(1, 3).bind(2, std::string_view("c")).bind_view(3, large).finish();
        }
        Statement select(db, "SELECT name, body FROM t ORDER BY id");
        auto row = select.start();
        REQUIRE(row.next());
        CHECK(row.text(0) == "a");
        CHECK(WomanId::from_bytes(row.blob_view(1)) == id);
        REQUIRE(row.next());
        CHECK(row.is_null(0));
        CHECK(WomanId::from_bytes(row.blob_view(1)) == id);
        REQUIRE(row.next());
        CHECK(row.blob(1) == large);
    }

    TEST_CASE_FIXTURE(TableFixture, "a value may go away before the run") {
        Statement insert(db, "INSERT INTO t VALUES (1, :name, :body)");
        {
            auto run = insert.start();
            run.bind(":name", std::string(100, 'n')).bind(":body", Bytes(100, 7));
            run.finish();
        }
        Statement select(db, "SELECT name, body FROM t");
        auto row = select.start();
        row.single();
        CHECK(row.text(0) == std::string(100, 'n'));
        CHECK(row.blob(1) == Bytes(100, 7));
    }

    TEST_CASE_FIXTURE(TableFixture, "a forgotten or unknown parameter is an error, not NULL") {
        Statement insert(db, "INSERT INTO t VALUES (:id, :name, :body)");
        const auto forgetful = [&] { insert.start().bind(":id", 1).bind(":name", "a").finish(); };
        CHECK(trouble_of(forgetful) == Trouble::other);
        CHECK(trouble_of([&] { insert.start().bind(":nmae", "a"); }) == Trouble::other);
        CHECK(trouble_of([&] { insert.start().bind(4, "a"); }) == Trouble::other);
        CHECK(trouble_of([&] { insert.start().bind(0, "a"); }) == Trouble::other);
        CHECK(trouble_of([&] { insert.start().bind_all(1, "a"); }) == Trouble::other);
        CHECK(trouble_of([&] { insert.start().bind_all(1, "a", nullptr, 2); }) == Trouble::other);
        const auto too_large = std::uint64_t{1} << 63;
        CHECK(trouble_of([&] { insert.start().bind(":id", too_large); }) == Trouble::other);
        CHECK(tests::number(db, "SELECT count(*) FROM t") == 0);

        // What one run bound, the next does not have.
        insert.start().bind_all(1, "a", nullptr).finish();
        CHECK(trouble_of([&] { insert.start().bind(":id", 2).finish(); }) == Trouble::other);
    }

    TEST_CASE_FIXTURE(TableFixture, "a column is read as what it is, or not at all") {
        db.execute("INSERT INTO t VALUES (1, NULL, x'00')");
        Statement select(db, "SELECT id, name, body FROM t");
        auto row = select.start();
        CHECK(trouble_of([&] { row.int64(0); }) == Trouble::other);  // Not on a row yet.
        row.single();
        CHECK(trouble_of([&] { row.text(0); }) == Trouble::damaged);
        CHECK(trouble_of([&] { row.int64(1); }) == Trouble::damaged);
        CHECK(trouble_of([&] { row.text(2); }) == Trouble::damaged);
        CHECK(trouble_of([&] { row.blob(0); }) == Trouble::damaged);
        CHECK(trouble_of([&] { row.int64(3); }) == Trouble::other);
        CHECK(trouble_of([&] { row.int64(-1); }) == Trouble::other);
        CHECK(row.int64(0) == 1);
        row.finish();
        CHECK(trouble_of([&] { row.int64(0); }) == Trouble::other);
    }

    TEST_CASE_FIXTURE(TableFixture, "single needs a row") {
        Statement select(db, "SELECT id FROM t");
        CHECK(trouble_of([&] { select.start().single(); }) == Trouble::damaged);
        db.execute("INSERT INTO t (id) VALUES (4)");
        CHECK(select.start().single().int64(0) == 4);
    }

    TEST_CASE_FIXTURE(TableFixture, "wrong SQL fails when it is compiled") {
        for (const char* wrong :
             {"SELEC 1", "SELECT x FROM t", "", "  ", "-- nothing", "SELECT 1; SELECT 2"}) {
            CHECK(trouble_of([&] { Statement(db, wrong); }) == Trouble::other);
        }
        for (const char* right : {"SELECT 1", "SELECT 1;\n  ", "SELECT 1; -- end\n"})
            CHECK(trouble_of([&] { Statement(db, right); }) == std::nullopt);
        std::string many = "SELECT ?";
        for (int i = 1; i < Statement::parameters_max; ++i) many += ", ?";
        CHECK(trouble_of([&] { Statement(db, many); }) == std::nullopt);
        CHECK(trouble_of([&] { Statement(db, many + ", ?"); }) == Trouble::other);
    }

    TEST_CASE_FIXTURE(TableFixture, "a statement runs once at a time") {
        db.execute("INSERT INTO t (id) VALUES (1), (2)");
        Statement select(db, "SELECT id FROM t");
        {
            auto row = select.start();
            REQUIRE(row.next());
            CHECK(trouble_of([&] { auto again = select.start(); }) == Trouble::other);
            REQUIRE(row.next());
            CHECK(row.int64(0) == 2);
        }
        CHECK(select.start().single().int64(0) == 1);
    }

    TEST_CASE("a run left midway holds no lock") {
        const tests::TempDir dir;
        auto options = tests::file_options(dir.file("a.db"));
        options.exclusive = false;
        Database db(options);
        db.execute("CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1), (2), (3)");
        Database other(options);
        Statement select(db, "SELECT a FROM t");
        {
            auto row = select.start();
            REQUIRE(row.next());
            other.execute("INSERT INTO t VALUES (4)");
            // The reader holds its state, so the log can't be emptied.
            CHECK(trouble_of([&] { other.checkpoint_truncate(); }) == Trouble::busy);
        }
        CHECK(trouble_of([&] { other.checkpoint_truncate(); }) == std::nullopt);
        CHECK(tests::number(db, "SELECT count(*) FROM t") == 4);
    }

    TEST_CASE_FIXTURE(TableFixture, "a failed run leaves the statement usable") {
        Statement insert(db, "INSERT INTO t (id) VALUES (:id)");
        insert.start().bind(":id", 1).finish();
        CHECK(trouble_of([&] { insert.start().bind(":id", 1).finish(); }) == Trouble::constraint);
        insert.start().bind(":id", 2).finish();
        CHECK(tests::number(db, "SELECT count(*) FROM t") == 2);
    }

    TEST_CASE_FIXTURE(TableFixture, "an error never quotes a bound value") {
        db.execute("CREATE VIRTUAL TABLE words USING fts5 (word)");
        Statement find(db, "SELECT rowid FROM words WHERE words MATCH :query");
        Statement insert(db, "INSERT INTO t (id, name) VALUES (:id, :name)");
        insert.start().bind_all(1, "secretname").finish();
        const auto what = [](auto action) -> std::string {
            try {
                action();
            } catch (const SqliteError& error) {
                return error.what();
            }
            return "";
        };
        for (const char* query : {"secretname:x", "\"secretname", "secretname ^ ( secretname"}) {
            const auto text = what([&] { find.start().bind(":query", query).finish(); });
            CHECK_FALSE(text.empty());
            CHECK(text.find("secretname") == std::string::npos);
        }
        const auto text = what([&] { insert.start().bind_all(1, "secretname").finish(); });
        CHECK(text.find("UNIQUE constraint failed: t.id") != std::string::npos);
        CHECK(text.find("secretname") == std::string::npos);
    }
}

}  // namespace
}  // namespace egret::sqlite
