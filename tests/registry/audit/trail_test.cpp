#include "registry/audit/trail.h"

#include "registry/crypto/hash.h"
#include "tests/support/facts.h"
#include "tests/support/registry_file.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <set>

namespace egret::audit {
namespace {

using Faults = std::vector<Fault>;

/// An audit of nine entries.
struct TrailFixture {
    TrailFixture() {
        for (int i = 0; i < 9; ++i) add();
    }

    /// Each another one.
    Entry entry() {
        Entry made;
        made.at = instant_from_unix_ms(++made_);
        made.role = "nurse";
        made.purpose = "care";
        made.action = "viewed";
        made.shown = "record";
        made.women_count = 1;
        made.women = {tests::woman(3)};
        return made;
    }

    void add() {
        sqlite::WriteTransaction tx(*db);
        trail.append(entry(), start, tx);
        tx.commit();
    }

    /// Past the triggers: as somebody would who has the file open.
    void tamper(const std::string& sql) { tests::change_unguarded(*db, sql); }

    Faults faults(const std::optional<keys::AuditHead>& kept = std::nullopt) {
        return trail.verify(start, kept).faults;
    }

    /// Writes the chain anew from that entry on, as somebody would who knows how it is made.
    void forge_from(std::uint64_t first) {
        std::vector<std::pair<std::uint64_t, Bytes>> entries;
        Hash previous = start;
        {
            sqlite::Statement select(*db, "SELECT number, entry, hash FROM audit ORDER BY number");
            auto row = select.start();
            while (row.next()) {
                const auto number = static_cast<std::uint64_t>(row.int64(0));
                if (number >= first) {
                    entries.emplace_back(number, row.blob(1));
                } else {
                    const auto hash = row.blob(2);
                    std::copy(hash.begin(), hash.end(), previous.begin());
                }
            }
        }
        std::string sql;
        for (const auto& [number, bytes] : entries) {
            crypto::Sha256 hash;
            previous =
                hash.update(bytes_of("egret-audit-1")).update(previous).update(bytes).finish();
            sql += "UPDATE audit SET hash = x'" + to_hex(previous) +
                   "' WHERE number = " + std::to_string(number) + ";";
        }
        sql += "UPDATE audit_head SET hash = x'" + to_hex(previous) + "'";
        tamper(sql);
    }

    std::unique_ptr<sqlite::Database> db = tests::registry_in_memory();
    Trail trail{*db};
    Hash start = Trail::start_of("a registry");
    std::int64_t made_ = 0;
};

TEST_SUITE("registry/audit/trail") {
    TEST_CASE_FIXTURE(TrailFixture, "what was added is whole, numbered, and read from its end") {
        CHECK(trail.verify(start, trail.head(start)).is_whole());
        CHECK(trail.verify(start, {}).entries == 9);
        std::vector<std::uint64_t> numbers;
        trail.read_back([&](const Entry& one) {
            numbers.push_back(one.number);
            return numbers.size() < 3;
        });
        CHECK(numbers == std::vector<std::uint64_t>{9, 8, 7});
        CHECK(trail.head(start).entries == 9);
    }

    TEST_CASE("an audit that has no entry yet is whole, and nothing that was kept fits it") {
        const auto db = tests::registry_in_memory();
        Trail trail(*db);
        const auto start = Trail::start_of("a registry");
        CHECK(trail.head(start) == keys::AuditHead{0, start});
        CHECK(trail.verify(start, trail.head(start)).is_whole());
        CHECK(trail.verify(start, keys::AuditHead{2, {}}).faults ==
              Faults{{FaultKind::missing, 1, 2}});
        CHECK(trail.verify(start, keys::AuditHead{0, Trail::start_of("another")}).faults ==
              Faults{{FaultKind::rewritten, 0}});
    }

    TEST_CASE_FIXTURE(TrailFixture, "an entry that is taken back leaves no trace") {
        {
            sqlite::WriteTransaction tx(*db);
            trail.append(entry(), start, tx);
        }
        CHECK(trail.head(start).entries == 9);
        CHECK(faults().empty());
    }

    TEST_CASE_FIXTURE(TrailFixture, "by mistake nothing is changed or deleted") {
        for (const auto* sql : {"UPDATE audit SET entry = x'00' WHERE number = 3",
                                "DELETE FROM audit WHERE number = 9", "DELETE FROM audit_head"}) {
            CAPTURE(sql);
            CHECK(tests::trouble_of([&] { db->execute(sql); }) == sqlite::Trouble::constraint);
        }
        CHECK(faults().empty());
    }

    TEST_CASE_FIXTURE(TrailFixture, "every bit of every byte of an entry, and of its hash") {
        const auto bytes = [&] {
            sqlite::Statement select(*db, "SELECT entry, hash FROM audit WHERE number = 4");
            auto row = select.start();
            auto both = row.single().blob(0);
            append(both, row.blob_view(1));
            return both;
        }();
        REQUIRE(bytes.size() > 60);
        db->execute("DROP TRIGGER audit_is_not_changed");
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            for (int bit = 0; bit < 8; ++bit) {
                auto changed = bytes;
                changed[i] =
                    static_cast<std::uint8_t>(changed[i] ^ (1U << static_cast<unsigned>(bit)));
                const auto cut = changed.size() - 32;
                const auto put = [&](const Bytes& all) {
                    const auto sql = "UPDATE audit SET entry = x'" +
                                     to_hex(ByteView(all).first(cut)) + "', hash = x'" +
                                     to_hex(ByteView(all).subspan(cut)) + "' WHERE number = 4";
                    db->execute(sql.c_str());
                };
                put(changed);
                const auto found = faults();
                CAPTURE(i);
                REQUIRE_FALSE(found.empty());
                CHECK(found.front() == Fault{FaultKind::broken, 4});
                // A changed hash is what the next entry is bound to, too.
                CHECK(found.size() == (i < cut ? 1 : 2));
                put(bytes);
            }
        }
        CHECK(faults().empty());
    }

    TEST_CASE_FIXTURE(TrailFixture, "whatever is taken away, swapped, put in or renumbered") {
        const std::pair<const char*, Fault> changes[] = {
            {"DELETE FROM audit WHERE number = 1", {FaultKind::missing, 1}},
            {"DELETE FROM audit WHERE number = 5", {FaultKind::missing, 5}},
            {"DELETE FROM audit WHERE number IN (5, 6)", {FaultKind::missing, 5, 2}},
            {"DELETE FROM audit WHERE number > 6", {FaultKind::missing, 7, 3}},
            {"DELETE FROM audit", {FaultKind::missing, 1, 9}},
            {"UPDATE audit SET number = -number WHERE number IN (4, 6);"
             "UPDATE audit SET number = 10 + number WHERE number < 0",
             {FaultKind::broken, 4}},
            {"UPDATE audit SET number = 100 WHERE number = 9", {FaultKind::missing, 9, 91}},
            {"UPDATE audit SET number = -1 WHERE number = 9", {FaultKind::broken, 0}},
            {"DELETE FROM audit WHERE number = 5;"
             "UPDATE audit SET number = number - 1 WHERE number > 5",
             {FaultKind::broken, 5}},
            {"INSERT INTO audit SELECT 10, entry, hash FROM audit WHERE number = 9",
             {FaultKind::broken, 10}},
            {"INSERT INTO audit VALUES (10, x'00', zeroblob(32))", {FaultKind::broken, 10}},
            {"DELETE FROM audit_head", {FaultKind::broken, 1}},
            {"UPDATE audit_head SET entries = 12", {FaultKind::missing, 10, 3}},
            {"UPDATE audit_head SET entries = 7", {FaultKind::rewritten, 7}},
            {"UPDATE audit_head SET hash = zeroblob(32)", {FaultKind::rewritten, 9}},
        };
        for (const auto& change : changes) {
            CAPTURE(change.first);
            db->execute("BEGIN");
            tamper(change.first);
            const auto found = faults();
            REQUIRE_FALSE(found.empty());
            CHECK(found.front() == change.second);
            db->execute("ROLLBACK");
            CHECK(faults().empty());
        }
    }

    TEST_CASE_FIXTURE(TrailFixture, "an entry that is chained, but not by the program") {
        const auto head = trail.head(start);
        auto more = entry();
        more.number = 10;
        const auto bytes = encode(more);
        crypto::Sha256 hash;
        const auto chained =
            hash.update(bytes_of("egret-audit-1")).update(head.hash).update(bytes).finish();
        tamper("INSERT INTO audit VALUES (10, x'" + to_hex(bytes) + "', x'" + to_hex(chained) +
               "')");
        CHECK(faults() == Faults{{FaultKind::broken, 10}});
    }

    TEST_CASE_FIXTURE(TrailFixture, "a tail cut off with all that tells of it in the file") {
        const auto kept = trail.head(start);
        sqlite::Statement select(*db, "SELECT hex(hash) FROM audit WHERE number = 6");
        const auto hash = [&] {
            auto row = select.start();
            return row.single().text(0);
        }();
        tamper("DELETE FROM audit WHERE number > 6; UPDATE audit_head SET entries = 6, hash = x'" +
               hash + "'");
        CHECK(faults().empty());
        CHECK(faults(kept) == Faults{{FaultKind::missing, 7, 3}});
        // Growing beyond it doesn't hide it.
        for (int i = 0; i < 5; ++i) add();
        CHECK(faults().empty());
        CHECK(faults(kept) == Faults{{FaultKind::rewritten, 9}});
    }

    TEST_CASE_FIXTURE(TrailFixture, "a chain that was written anew is missed by what was kept") {
        const auto kept = trail.head(start);
        add();
        auto other = entry();
        other.number = 4;
        other.women = {tests::woman(9)};
        tamper("UPDATE audit SET entry = x'" + to_hex(encode(other)) + "' WHERE number = 4");
        forge_from(4);
        CHECK(faults().empty());
        CHECK(faults(kept) == Faults{{FaultKind::rewritten, 9}});
    }

    TEST_CASE_FIXTURE(TrailFixture, "another registry's audit") {
        const auto other = Trail::start_of("another registry");
        CHECK(trail.verify(other, {}).faults == Faults{{FaultKind::broken, 1}});
    }

    TEST_CASE("going on after damage mends nothing and hides nothing") {
        const std::pair<const char*, std::uint64_t> changes[] = {
            {"DELETE FROM audit WHERE number > 6", 7},
            {"INSERT INTO audit VALUES (10, x'00', zeroblob(32))", 10},
            {"DELETE FROM audit_head", 10},
        };
        for (const auto& change : changes) {
            CAPTURE(change.first);
            TrailFixture at;
            at.tamper(change.first);
            at.add();
            at.add();
            const auto found = at.faults();
            REQUIRE_FALSE(found.empty());
            CHECK(found.front().entry == change.second);
        }
    }

    TEST_CASE_FIXTURE(TrailFixture, "no more faults are named than anybody reads") {
        for (int i = 0; i < 300; ++i) add();
        tamper("UPDATE audit SET entry = x'00'");
        CHECK(faults().size() == faults_max);
    }
}

}  // namespace
}  // namespace egret::audit
