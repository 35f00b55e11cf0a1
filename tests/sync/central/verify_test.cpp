#include "sync/central/verify.h"

#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

namespace egret::central {
namespace {

using tests::TestCentre;
using tests::TestDevice;

struct VerifyFixture : TestCentre {
    TestDevice device = enrol(add_clinic());

    VerifyFixture() {
        for (std::uint8_t n = 1; n <= 6; ++n) {
            Register who;
            who.who.sex = Sex::female;
            who.who.birth_date = *PartialDate::parse("2012-05-06");
            who.who.area = n % 2 == 0 ? "350203" : "350206";
            device.record(tests::fact("2024-01-02", who), tests::woman(n));
            if (n % 3 == 0) {
                device.record(tests::fact("2024-02-03", Dose{"cvx:165", {}, ""}), tests::woman(n));
            }
        }
        device.record(20);
        REQUIRE(send(device.envelope(1, 20)));
        REQUIRE(send(device.envelope(21, 8)));
    }

    std::vector<std::string> kinds() {
        NoProgress nobody;
        const auto today = zone.local_day(clock.now());
        const auto copy = folder.file("copy.db");
        std::vector<std::string> all;
        for (const auto& fault : store->verify(copy, today, nobody)) all.push_back(fault.kind);
        CHECK_FALSE(std::filesystem::exists(copy));
        return all;
    }

    std::vector<Fault> check() {
        NoProgress nobody;
        return store->check(folder.file("copy.db"), zone.local_day(clock.now()), nobody);
    }

    /// As somebody who has the file and knows SQL.
    void tamper(const char* sql) {
        sqlite::OpenOptions options;
        options.path = db_path();
        options.busy_timeout_ms = 5000;
        sqlite::Database db(options);
        db.execute(sql);
    }
};

bool has(const std::vector<std::string>& kinds, std::string_view kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

TEST_SUITE("sync/central/verify") {
    TEST_CASE_FIXTURE(VerifyFixture, "a sound store has no faults, before and after a rebuild") {
        CHECK(kinds().empty());
        CHECK(check().empty());
        NoProgress nobody;
        REQUIRE(store->rebuild(nobody));
        CHECK(kinds().empty());
    }

    TEST_CASE_FIXTURE(VerifyFixture, "a changed payload is named by its device and number") {
        tamper(
            "DROP TRIGGER payload_is_not_changed;"
            "UPDATE payload SET payload = x'a0' WHERE position = 5;");
        NoProgress nobody;
        const auto faults =
            store->verify(folder.file("copy.db"), zone.local_day(clock.now()), nobody);
        REQUIRE(faults.size() == 1);
        CHECK(faults[0] == Fault{device.id, 5, "bad_commitment"});
    }

    TEST_CASE_FIXTURE(VerifyFixture, "a figure that was touched is found in table and sum") {
        tamper(
            "INSERT INTO delta (ingest, indicator_ix, part, area_ix, facility_ix, birth_month, "
            "day, amount) SELECT ingest, indicator_ix, part, area_ix, facility_ix, birth_month, "
            "day, amount FROM delta WHERE amount > 0 ORDER BY day LIMIT 1;");
        const auto found = kinds();
        CHECK(has(found, "projection_delta"));
        const auto is_of_coverage = [](const std::string& kind) {
            return kind.starts_with("coverage_");
        };
        CHECK(std::any_of(found.begin(), found.end(), is_of_coverage));
    }

    TEST_CASE_FIXTURE(VerifyFixture, "a row that was touched is found") {
        tamper("UPDATE profile SET area = '110101' WHERE woman_ix = 1");
        CHECK(kinds() == std::vector<std::string>{"projection_profile"});
    }

    TEST_CASE_FIXTURE(VerifyFixture, "the check finds what verify finds, and more") {
        tamper("UPDATE profile SET area = '110101' WHERE woman_ix = 1");
        CHECK(check() == std::vector<Fault>{{{}, 0, "projection_profile"}});
        NoProgress nobody;
        REQUIRE(store->rebuild(nobody));
        tamper("UPDATE upload SET last_seq = last_seq + 1 WHERE first_seq = 1");
        CHECK(check() == std::vector<Fault>{{{}, 0, "upload"}});
        tamper(
            "UPDATE upload SET last_seq = last_seq - 1 WHERE first_seq = 1;"
            "DROP TRIGGER payload_is_not_changed;"
            "UPDATE payload SET payload = x'a0' WHERE position = 5;");
        CHECK(check() == std::vector<Fault>{{device.id, 5, "bad_commitment"}});
    }

    TEST_CASE_FIXTURE(VerifyFixture, "nothing is made anew from a damaged log") {
        tamper("UPDATE device SET clinic = 'C0!1'");
        const std::vector<Fault> named{{device.id, 0, "bad_device"}};
        CHECK(check() == named);
        NoProgress nobody;
        const auto refused = store->rebuild(nobody);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message == msg("store.log_damaged", {{"count", "1"}}));
        CHECK(check() == named);
        CHECK(count("SELECT count(*) FROM facility_key WHERE code = 'C0!1'") == 0);
        tamper(
            "DROP TRIGGER ingest_is_not_changed; UPDATE device SET clinic = 'C001';"
            "UPDATE ingest SET known_day = known_day + 1");
        CHECK_FALSE(store->rebuild(nobody));
        tamper("UPDATE ingest SET known_day = known_day - 1");
        CHECK(store->rebuild(nobody));
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(VerifyFixture, "a centre that opens makes nothing anew from a damaged log") {
        tamper("UPDATE device SET clinic = 'C0!1'; UPDATE projection SET position = position - 1");
        ingester.reset();
        store.reset();
        NoProgress nobody;
        const auto refused = SqliteStore::open(db_path(), nobody);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::conflict);
        CHECK(refused.error().message == msg("store.log_damaged", {{"count", "1"}}));
        CHECK(count("SELECT count(*) FROM facility_key WHERE code = 'C0!1'") == 0);
        // What is damaged can still be looked at.
        StoreOptions options;
        options.stale = store::StaleProjections::leave;
        store = *SqliteStore::open(db_path(), nobody, options);
        CHECK(has(kinds(), "bad_device"));
        tamper("UPDATE device SET clinic = 'C001'");
        reopen();
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(VerifyFixture,
                      "a clinic of which another thing is noted is found, by its code") {
        add_clinic();
        for (const auto* change : {"name = 'A clinik'", "name = name || ' '", "area = '350206'",
                                   "scope = 9", "added_ms = added_ms + 1", "hash = zeroblob(32)",
                                   "hash = x''", "name = '', area = ''"}) {
            CAPTURE(change);
            tamper("CREATE TABLE kept AS SELECT * FROM clinic WHERE code = 'C001'");
            tamper(("UPDATE clinic SET " + std::string(change) + " WHERE code = 'C001'").c_str());
            CHECK(check() == std::vector<Fault>{{{}, 0, "clinic_C001"}});
            tamper(
                "PRAGMA foreign_keys = OFF; INSERT OR REPLACE INTO clinic SELECT * FROM kept; "
                "DROP TABLE kept");
            CHECK(check().empty());
        }
        tamper("UPDATE clinic SET code = 'C0!2' WHERE code = 'C002'");
        CHECK(check() == std::vector<Fault>{{{}, 0, "clinic_C0!2"}, {{}, 0, "clinic_C002"}});
    }

    TEST_CASE_FIXTURE(VerifyFixture, "keys of a machine that was shut out are damaged no more") {
        tamper("UPDATE enrolled_device SET seal_key = zeroblob(32)");
        CHECK(check() == std::vector<Fault>{{device.id, 0, "enrolled_device"}});
        REQUIRE(store->revoke_device(device.id, clock.now()));
        CHECK(check().empty());
        enrol("C001");
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(VerifyFixture, "what a reference into nothing refers to is named") {
        tamper("PRAGMA foreign_keys = OFF; DELETE FROM clinic;");
        CHECK(check() == std::vector<Fault>{{{}, 0, "clinic_C001"}});
    }

    TEST_CASE_FIXTURE(VerifyFixture, "projections that stay behind the log are found, and made") {
        tamper("UPDATE projection SET position = position - 1");
        CHECK(check() == std::vector<Fault>{{{}, 0, "stale_projections"}});
        reopen();
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(VerifyFixture, "the sum of the deltas is the recount, for each area") {
        store::CoverageQuestion question;
        question.indicator = *coverage::find_indicator("hpv1-by-15");
        question.query = {{coverage::Dimension::area}, {}, {zone.local_day(clock.now())}};
        const auto summed = store->answer_coverage(question);
        question.by_recount = true;
        CHECK(store->answer_coverage(question).answer == summed.answer);
        CHECK(summed.answer.totals.at(0).figure.denominator == 6);
        CHECK(summed.answer.totals.at(0).figure.numerator == 2);
        CHECK(summed.freshness.clinics == 1);
    }
}

}  // namespace egret::central
