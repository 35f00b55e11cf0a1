#include "registry/store/log_check.h"

#include "tests/support/registry_file.h"

#include <doctest/doctest.h>

namespace egret::store {
namespace {

using tests::device;
using tests::fact;
using tests::woman;

constexpr std::uint8_t devices = 2;
constexpr std::uint64_t lines = 3;

/// Two logs of three lines each, whose bytes may be changed as a thief could.
struct CheckedFixture {
    std::unique_ptr<sqlite::Database> db = tests::registry_in_memory();
    EventLog log{*db};
    tests::Speaker speaker;
    NoProgress quiet;

    CheckedFixture() {
        for (std::uint8_t n = 1; n <= devices; ++n) {
            std::vector<codec::EncodedEvent> events;
            for (std::uint64_t i = 0; i < lines; ++i)
                events.push_back(
                    speaker.encode(speaker.event(fact("2026-03-01", Visit{}), woman(n))));
            say(n, events);
        }
        db->execute(
            "DROP TRIGGER event_is_not_changed; DROP TRIGGER payload_is_not_changed; "
            "DROP TRIGGER event_is_not_deleted; DROP TRIGGER ingest_is_not_changed");
    }

    void say(std::uint8_t n, const std::vector<codec::EncodedEvent>& events) {
        sqlite::WriteTransaction tx(*db);
        const auto ingest = log.begin_ingest({Instant{}, Date{}}, tx);
        tests::append(log, device(n), events, ingest, tx);
        tx.commit();
    }

    std::vector<LogFault> check() { return check_logs(*db, quiet); }

    Bytes read(const char* sql, std::int64_t row) {
        sqlite::Statement select(*db, sql);
        auto run = select.start();
        run.bind_all(row);
        return run.single().blob(0);
    }

    void write(const char* sql, std::int64_t row, const Bytes& bytes) {
        sqlite::Statement update(*db, sql);
        update.start().bind_all(row, bytes).finish();
    }

    /// Changes each byte of that column in each line, one at a time: the line must be named, and
    /// no other.
    void flip_each_byte(const char* select, const char* update) {
        for (std::int64_t position = 1; position <= devices * std::int64_t{lines}; ++position) {
            const auto n = static_cast<std::uint8_t>((position - 1) / std::int64_t{lines} + 1);
            const auto seq = static_cast<std::uint64_t>((position - 1) % std::int64_t{lines} + 1);
            const auto whole = read(select, position);
            REQUIRE_FALSE(whole.empty());
            for (std::size_t at = 0; at < whole.size(); ++at) {
                auto changed = whole;
                changed[at] ^= 0x01;
                write(update, position, changed);
                const auto faults = check();
                REQUIRE_FALSE(faults.empty());
                for (const auto& fault : faults) {
                    CHECK(fault.device == device(n));
                    CHECK(fault.seq == seq);
                }
            }
            write(update, position, whole);
        }
        CHECK(check().empty());
    }
};

TEST_SUITE("registry/store/log_check") {
    TEST_CASE_FIXTURE(CheckedFixture, "whole logs have no fault") { CHECK(check().empty()); }

    TEST_CASE_FIXTURE(CheckedFixture, "every changed byte of a header names its line") {
        flip_each_byte("SELECT header FROM event WHERE position = ?1",
                       "UPDATE event SET header = ?2 WHERE position = ?1");
    }

    TEST_CASE_FIXTURE(CheckedFixture, "every changed byte of a hash names its line") {
        flip_each_byte("SELECT hash FROM event WHERE position = ?1",
                       "UPDATE event SET hash = ?2 WHERE position = ?1");
    }

    TEST_CASE_FIXTURE(CheckedFixture, "every changed byte of a payload names its line") {
        flip_each_byte("SELECT payload FROM payload WHERE position = ?1",
                       "UPDATE payload SET payload = ?2 WHERE position = ?1");
    }

    TEST_CASE_FIXTURE(CheckedFixture, "every changed byte of a salt names its line") {
        flip_each_byte("SELECT salt FROM payload WHERE position = ?1",
                       "UPDATE payload SET salt = ?2 WHERE position = ?1");
    }

    TEST_CASE_FIXTURE(CheckedFixture, "every changed byte of a uid names its line") {
        flip_each_byte("SELECT uid FROM event WHERE position = ?1",
                       "UPDATE event SET uid = ?2 WHERE position = ?1");
    }

    TEST_CASE_FIXTURE(CheckedFixture, "every changed bit of an ingest names all of its lines") {
        const std::vector all_lines{LogFault{device(2), 1, LogFaultKind::bad_ingest},
                                    LogFault{device(2), 2, LogFaultKind::bad_ingest},
                                    LogFault{device(2), 3, LogFaultKind::bad_ingest}};
        for (const std::string column :
             {"received_ms", "known_day", "offset_ms", "ceiling", "first_position"}) {
            CAPTURE(column);
            for (int bit = 0; bit < 64; ++bit) {
                const auto mask = "(1 << " + std::to_string(bit) + ")";
                const auto flip = "UPDATE ingest SET " + column + " = (" + column + " | " + mask +
                                  ") & ~(" + column + " & " + mask + ") WHERE id = 2";
                CAPTURE(bit);
                db->execute("SAVEPOINT whole");
                db->execute(flip.c_str());
                CHECK(check() == all_lines);
                db->execute("ROLLBACK TO whole; RELEASE whole");
            }
        }
        CHECK(check().empty());
        CHECK(to_string(LogFaultKind::bad_ingest) == "bad_ingest");
    }

    TEST_CASE_FIXTURE(CheckedFixture, "every changed byte of an ingest's hash names its lines") {
        for (std::int64_t id = 1; id <= devices; ++id) {
            const auto whole = read("SELECT hash FROM ingest WHERE id = ?1", id);
            for (std::size_t at = 0; at < whole.size(); ++at) {
                auto changed = whole;
                changed[at] ^= 0x80;
                write("UPDATE ingest SET hash = ?2 WHERE id = ?1", id, changed);
                const auto faults = check();
                REQUIRE(faults.size() == lines);
                for (const auto& fault : faults)
                    CHECK(fault.device == device(static_cast<std::uint8_t>(id)));
            }
            write("UPDATE ingest SET hash = ?2 WHERE id = ?1", id, whole);
        }
    }

    TEST_CASE_FIXTURE(CheckedFixture, "a line that came with another ingest is named") {
        const std::vector third{LogFault{device(1), 3, LogFaultKind::bad_ingest}};
        for (const char* ingest : {"2", "0", "3", "-1"}) {
            const auto sql =
                "UPDATE event SET ingest = " + std::string(ingest) + " WHERE position = 3";
            db->execute(sql.c_str());
            CHECK(check() == third);
        }
        db->execute("UPDATE event SET ingest = 1 WHERE position = 4");
        CHECK(check() == std::vector{third[0], LogFault{device(2), 1, LogFaultKind::bad_ingest}});
    }

    TEST_CASE_FIXTURE(CheckedFixture, "an ingest that is gone, or not of this store, is named") {
        {
            sqlite::WriteTransaction tx(*db);
            log.begin_ingest({Instant{}, Date{}}, tx);
            tx.commit();
        }
        CHECK(check().empty());
        db->execute("UPDATE ingest SET known_day = 7 WHERE id = 3");
        CHECK(check() == std::vector{LogFault{{}, 0, LogFaultKind::bad_ingest}});
        db->execute(
            "UPDATE ingest SET known_day = 0 WHERE id = 3; UPDATE ingest SET id = 9 "
            "WHERE id = 3");
        CHECK(check() == std::vector{LogFault{{}, 0, LogFaultKind::bad_ingest}});
    }

    TEST_CASE_FIXTURE(CheckedFixture, "a line that is another woman's is named") {
        db->execute("UPDATE event SET woman_ix = 2 WHERE position = 2");
        CHECK(check() == std::vector{LogFault{device(1), 2, LogFaultKind::bad_header}});
    }

    TEST_CASE_FIXTURE(CheckedFixture, "a line that is missing in the middle is a gap") {
        db->execute("DELETE FROM payload WHERE position = 2; DELETE FROM event WHERE position = 2");
        CHECK(check() == std::vector{LogFault{device(1), 3, LogFaultKind::gap}});
    }

    TEST_CASE_FIXTURE(CheckedFixture, "a line that is missing at the end is missed") {
        db->execute("DELETE FROM payload WHERE position = 3; DELETE FROM event WHERE position = 3");
        CHECK(check() == std::vector{LogFault{device(1), 3, LogFaultKind::head_mismatch}});
    }

    TEST_CASE_FIXTURE(CheckedFixture, "a head that was moved is named") {
        db->execute("UPDATE device SET head_seq = 9 WHERE ix = 2");
        CHECK(check() == std::vector{LogFault{device(2), 9, LogFaultKind::head_mismatch}});
        db->execute("UPDATE device SET head_seq = 3, head_hash = zeroblob(32) WHERE ix = 2");
        CHECK(check() == std::vector{LogFault{device(2), 3, LogFaultKind::head_mismatch}});
    }

    TEST_CASE_FIXTURE(CheckedFixture, "a log that is another machine's or clinic's is named") {
        for (const char* change : {"clinic = 'C0!1'", "clinic = ''", "clinic = clinic || ' '",
                                   "name_hash = zeroblob(32)"}) {
            CAPTURE(change);
            db->execute("SAVEPOINT whole");
            db->execute(("UPDATE device SET " + std::string(change) + " WHERE ix = 2").c_str());
            CHECK(check() == std::vector{LogFault{device(2), 0, LogFaultKind::bad_device}});
            CHECK_FALSE(require_whole_logs(*db, quiet));
            db->execute("ROLLBACK TO whole; RELEASE whole");
            CHECK(require_whole_logs(*db, quiet));
        }
        write("UPDATE device SET id = ?2 WHERE ix = ?1", 2, copy_of(device(9).view()));
        CHECK(check() == std::vector{LogFault{device(9), 0, LogFaultKind::bad_device}});
        db->execute("DELETE FROM device WHERE ix = 2");
        CHECK(check() == std::vector{LogFault{{}, 0, LogFaultKind::bad_device}});
        CHECK(to_string(LogFaultKind::bad_device) == "bad_device");
    }

    TEST_CASE_FIXTURE(CheckedFixture, "a renamed log is whole") {
        sqlite::WriteTransaction tx(*db);
        log.rename_device(device(2), {device(9), "C009"}, tx);
        tx.commit();
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(CheckedFixture, "a payload that is gone is named") {
        db->execute("DELETE FROM payload WHERE position = 4");
        CHECK(check() == std::vector{LogFault{device(2), 1, LogFaultKind::unreadable_payload}});
        CHECK(to_string(check()[0].kind) == "unreadable_payload");
    }

    TEST_CASE_FIXTURE(CheckedFixture, "a header that came unreadable is no fault of the log") {
        auto odd = speaker.encode(speaker.event(fact("2026-03-01", Visit{}), woman(1)));
        odd.header = {0x80};
        say(1, {odd});
        CHECK(check().empty());
    }
}

}  // namespace
}  // namespace egret::store
