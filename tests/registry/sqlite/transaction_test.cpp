#include "registry/sqlite/transaction.h"

#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

namespace egret::sqlite {
namespace {

using tests::number;
using tests::trouble_of;

/// Two connections to one file, as two threads of the centre have them.
struct TwoFixture {
    tests::TempDir dir;
    Database db{options()};
    Database other{options()};

    OpenOptions options() const {
        auto chosen = tests::file_options(dir.file("a.db"));
        chosen.exclusive = false;
        return chosen;
    }

    TwoFixture() { db.execute("CREATE TABLE t (a INTEGER) STRICT"); }

    std::int64_t count() { return number(other, "SELECT count(*) FROM t"); }
};

TEST_SUITE("registry/sqlite/transaction") {
    TEST_CASE_FIXTURE(TwoFixture, "what was not committed leaves nothing") {
        {
            WriteTransaction transaction(db);
            db.execute("INSERT INTO t VALUES (1)");
            db.execute("CREATE TABLE u (a INTEGER) STRICT");
        }
        CHECK(count() == 0);
        CHECK(number(other, "SELECT count(*) FROM sqlite_schema WHERE name = 'u'") == 0);
        {
            WriteTransaction transaction(db);
            db.execute("INSERT INTO t VALUES (1)");
            CHECK(count() == 0);
            transaction.commit();
        }
        CHECK(count() == 1);
    }

    TEST_CASE_FIXTURE(TwoFixture, "an exception takes the transaction back, even mid-run") {
        Statement insert(db, "INSERT INTO t VALUES (:a) RETURNING a");
        const auto write = [&] {
            WriteTransaction transaction(db);
            auto run = insert.start();
            run.bind(":a", 1).single();
            db.execute("INSERT INTO t VALUES ('wrong')");
        };
        CHECK(trouble_of(write) == Trouble::constraint);
        CHECK_FALSE(db.in_transaction());
        CHECK(count() == 0);
    }

    TEST_CASE_FIXTURE(TwoFixture, "there is one writer at a time, known at the beginning") {
        WriteTransaction transaction(db);
        CHECK(trouble_of([&] { WriteTransaction second(other); }) == Trouble::busy);
        CHECK(trouble_of([&] { WriteTransaction nested(db); }) == Trouble::other);
        CHECK(db.in_transaction());
        CHECK(&transaction.database() == &db);
    }

    TEST_CASE_FIXTURE(TwoFixture, "a savepoint is taken back alone") {
        WriteTransaction transaction(db);
        db.execute("INSERT INTO t VALUES (1)");
        {
            Savepoint lost(transaction);
            db.execute("INSERT INTO t VALUES (2)");
            Savepoint inner(transaction);
            db.execute("INSERT INTO t VALUES (3)");
            inner.release();
        }
        {
            Savepoint kept(transaction);
            db.execute("INSERT INTO t VALUES (4)");
            {
                Savepoint lost(transaction);
                db.execute("INSERT INTO t VALUES (5)");
            }
            kept.release();
        }
        transaction.commit();
        CHECK(number(other, "SELECT sum(a) FROM t") == 5);
    }

    TEST_CASE_FIXTURE(TwoFixture, "reads in one transaction see one state") {
        {
            const ReadTransaction reading(other);
            db.execute("INSERT INTO t VALUES (1)");
            CHECK(count() == 0);
            db.execute("INSERT INTO t VALUES (2)");
            CHECK(count() == 0);
        }
        CHECK(count() == 2);
        CHECK_FALSE(other.in_transaction());
    }

    TEST_CASE_FIXTURE(TwoFixture, "a commit that fails changes nothing") {
        db.execute("CREATE TABLE w (id INTEGER PRIMARY KEY) STRICT");
        db.execute("CREATE TABLE v (w INTEGER REFERENCES w DEFERRABLE INITIALLY DEFERRED) STRICT");
        const auto write = [&] {
            WriteTransaction transaction(db);
            db.execute("INSERT INTO t VALUES (1)");
            db.execute("INSERT INTO v VALUES (77)");
            transaction.commit();
        };
        CHECK(trouble_of(write) == Trouble::constraint);
        CHECK_FALSE(db.in_transaction());
        CHECK(count() == 0);
    }
}

}  // namespace
}  // namespace egret::sqlite
