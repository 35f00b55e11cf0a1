#include "registry/store/store_check.h"

#include "registry/codec/facility_subject.h"
#include "registry/crypto/random_bytes.h"
#include "registry/sqlite/backup.h"
#include "registry/vault/mount.h"
#include "tests/support/projected_registry.h"
#include "tests/support/stock_facts.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

namespace egret::store {
namespace {

using tests::woman;

struct Column {
    std::string table;
    std::string name;
    std::string type;
};

/// A whole registry's file in which every table has a row, and copies of it with one thing changed.
struct StoreCheckFixture {
    tests::TempDir dir;

    StoreCheckFixture() {
        tests::ProjectedRegistry registry;
        for (std::uint8_t n = 1; n <= 3; ++n)
            registry.say(tests::registration("王小丽", "2012-05-06", "350203"), woman(n));
        registry.say(tests::dose("2026-02-03"), woman(1));
        registry.say(tests::fact("2026-02-04", Link{woman(2), ""}), woman(1));
        registry.say(tests::fact("2026-02-04",
                                 tests::excursion({"A1"}, "2026-02-01", LotDecision::substandard)),
                     codec::facility_subject("C1"));
        // Kept as it came, and of no effect.
        const auto odd = registry.speaker.event(tests::fact("2026-02-05", Visit{}), woman(3));
        auto encoded = registry.speaker.encode(odd);
        encoded.payload = {0x80};
        const auto commitment = codec::commitment_of(encoded.salt, encoded.payload);
        std::copy(commitment.begin(), commitment.end(), encoded.header.end() - 32);
        registry.say_encoded({encoded});
        REQUIRE(sqlite::backup_to(*registry.db, whole()));
    }

    std::string whole() const { return dir.file("whole.db"); }

    std::vector<StoreFault> check_after(const std::string& sql) {
        const auto path = dir.file("changed.db");
        std::filesystem::copy_file(whole(), path,
                                   std::filesystem::copy_options::overwrite_existing);
        sqlite::OpenOptions options;
        options.path = path;
        options.journal = sqlite::Journal::rollback;
        options.synchronous = sqlite::Synchronous::off;
        sqlite::Database db(options);
        db.execute("PRAGMA foreign_keys = OFF");
        if (!sql.empty()) db.execute(sql.c_str());
        NoProgress quiet;
        const CheckOptions checked{dir.file("copy.db"), tests::day("2026-03-01"), true};
        auto faults = check_store(db, checked, quiet);
        CHECK_FALSE(std::filesystem::exists(checked.copy_path));
        return faults;
    }

    static bool names(const std::vector<StoreFault>& faults, std::string_view kind) {
        return std::any_of(faults.begin(), faults.end(),
                           [&](const StoreFault& fault) { return fault.kind == kind; });
    }

    std::vector<Column> columns_of(const std::vector<std::string>& tables) {
        sqlite::OpenOptions options;
        options.path = whole();
        options.read_only = true;
        sqlite::Database db(options);
        sqlite::Statement select(db, "SELECT name, type FROM pragma_table_info(?1)");
        std::vector<Column> columns;
        for (const auto& table : tables) {
            auto run = select.start();
            run.bind_all(table);
            while (run.next()) columns.push_back({table, run.text(0), run.text(1)});
        }
        return columns;
    }
};

/// Another value of that type, that no other row has.
std::string other_value(const Column& column) {
    if (column.type == "INTEGER") return "coalesce(" + column.name + ", 0) + 1000";
    if (column.type == "BLOB") return "x'00'";
    return "coalesce(" + column.name + ", '') || 'x'";
}

TEST_SUITE("registry/store/store_check") {
    TEST_CASE_FIXTURE(StoreCheckFixture, "an encrypted registry is checked on an encrypted copy") {
        crypto::SystemRandom random;
        const vault::Mount mount(Hash{1}, random);
        sqlite::OpenOptions options;
        options.path = whole();
        options.journal = sqlite::Journal::rollback;
        sqlite::Database plain(options);
        options.path = dir.file("sealed.db");
        options.vfs_name = mount.vfs_name();
        REQUIRE(sqlite::backup_to(plain, options.path, options.vfs_name));
        sqlite::Database db(options);
        NoProgress quiet;
        const CheckOptions checked{dir.file("copy.db"), tests::day("2026-03-01"), true};
        CHECK(check_store(db, checked, quiet).empty());
        CHECK_FALSE(std::filesystem::exists(checked.copy_path));
    }

    TEST_CASE_FIXTURE(StoreCheckFixture, "a whole registry has no fault") {
        CHECK(check_after("").empty());
    }

    TEST_CASE_FIXTURE(StoreCheckFixture,
                      "any change of a row that follows from the logs is found") {
        const std::vector<std::string> tables = {"profile",      "contribution",  "delta",
                                                 "link_pair",    "quarantine",    "spoilt_lot",
                                                 "lot_dose",     "indicator_key", "area_key",
                                                 "facility_key", "search_term",   "search_source"};
        for (const auto& column : columns_of(tables)) {
            const auto sql = "DROP TRIGGER delta_is_not_changed; UPDATE " + column.table + " SET " +
                             column.name + " = " + other_value(column) + " WHERE " + column.name +
                             " IS (SELECT max(" + column.name + ") FROM " + column.table + ")";
            CAPTURE(sql);
            const auto faults = check_after(sql);
            // A fact that was set aside tells itself whether that was right.
            const bool is_told = column.table == "quarantine" && names(faults, "quarantine");
            CHECK((is_told || names(faults, "projection_" + column.table)));
        }
    }

    TEST_CASE_FIXTURE(StoreCheckFixture, "a row that is missing or too many is found") {
        for (const char* table :
             {"profile", "contribution", "link_pair", "quarantine", "area_key", "spoilt_lot",
              "lot_dose", "facility_key", "search_term", "search_source"}) {
            const auto sql = "DELETE FROM " + std::string(table);
            CAPTURE(sql);
            CHECK(names(check_after(sql), "projection_" + std::string(table)));
        }
        CHECK(names(check_after("UPDATE woman SET canonical_ix = 3 WHERE ix = 2"),
                    "projection_woman"));
        CHECK(names(check_after("INSERT INTO rebuilding VALUES (1)"), "projection_rebuilding"));
        CHECK(names(check_after("INSERT INTO payload SELECT max(position) + 1, x'00', x'00' "
                                "FROM event"),
                    "projection_payload"));
        CHECK(names(check_after("INSERT INTO quarantine VALUES (99999, 'erased')"),
                    "projection_quarantine"));
        for (const char* reason : {"bad_payload", "bad_header", "bad_commitment", "invalid"}) {
            const auto sql = "INSERT INTO quarantine VALUES (1, '" + std::string(reason) + "')";
            CHECK_FALSE(check_after(sql).empty());
        }
    }

    TEST_CASE_FIXTURE(StoreCheckFixture, "whatever the state of the projections says is found") {
        for (const char* change : {"position = position - 1", "indicators = indicators || 'x'",
                                   "code_version = code_version + 1"}) {
            const auto faults = check_after("UPDATE projection SET " + std::string(change));
            CHECK(faults == std::vector<StoreFault>{{{}, 0, "stale_projections"}});
            CHECK(is_mended_by_rebuild(faults.at(0)));
        }
        CHECK(names(check_after("DELETE FROM projection"), "stale_projections"));
    }

    TEST_CASE_FIXTURE(StoreCheckFixture,
                      "a sum without its place is found, and nothing is thrown") {
        const auto faults = check_after("DELETE FROM area_key");
        CHECK(names(faults, "projection_area_key"));
        CHECK(names(faults, "coverage_hpv1-by-15"));
    }

    TEST_CASE_FIXTURE(StoreCheckFixture, "where a log is damaged its line is named, and no more") {
        const auto faults = check_after(
            "DROP TRIGGER payload_is_not_changed;"
            "UPDATE payload SET payload = x'a0' WHERE position = 2; DELETE FROM profile");
        REQUIRE(faults.size() == 1);
        CHECK(faults[0] == StoreFault{tests::device(1), 2, "bad_commitment"});
        CHECK_FALSE(is_mended_by_rebuild(faults[0]));
    }
}

}  // namespace
}  // namespace egret::store
