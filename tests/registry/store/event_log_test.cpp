#include "registry/store/event_log.h"

#include "tests/support/registry_file.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret::store {
namespace {

using sqlite::WriteTransaction;
using tests::append;
using tests::day;
using tests::device;
using tests::fact;
using tests::Speaker;
using tests::woman;

const Instant noon = instant_from_unix_ms(1'772'366'400'000);  // 2026-03-01

struct LogFixture {
    std::unique_ptr<sqlite::Database> db = tests::registry_in_memory();
    EventLog log{*db};
    Speaker speaker;

    Event visit(std::uint8_t who, std::int64_t minute = 0) {
        return speaker.event(fact("2026-03-01", Visit{}), woman(who), minute);
    }

    std::vector<codec::EncodedEvent> visits(std::size_t count, std::uint8_t who = 1) {
        std::vector<codec::EncodedEvent> made;
        for (std::size_t i = 0; i < count; ++i) made.push_back(speaker.encode(visit(who)));
        return made;
    }

    /// In a transaction of its own, known on `known`.
    std::vector<AppendedEvent> say(std::uint8_t n, const std::vector<codec::EncodedEvent>& events,
                                   std::string_view known = "2026-03-01") {
        WriteTransaction tx(*db);
        const auto ingest = log.begin_ingest({noon, day(known)}, tx);
        auto appended = append(log, device(n), events, ingest, tx);
        tx.commit();
        return appended;
    }
};

TEST_SUITE("registry/store/event_log") {
    TEST_CASE_FIXTURE(LogFixture, "a fact comes back byte for byte, chained to the one before") {
        const auto said = visits(3);
        const auto appended = say(1, said);
        REQUIRE(appended.size() == 3);
        CHECK(appended[0].position == 1);
        CHECK(appended[2].type == Visit::type);

        const auto entries = log.entries(device(1), 1, 100, 1 << 20);
        REQUIRE(entries.size() == 3);
        Hash hash = codec::chain_start;
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK(entries[i].event == said[i]);
            CHECK(entries[i].seq == i + 1);
            hash = codec::hash_event(hash, said[i].header);
            CHECK(entries[i].hash == hash);
            CHECK(log.hash_at(device(1), i + 1) == hash);
        }
        CHECK(log.find_head(device(1)) == Head{device(1), "C1", 3, hash});
        CHECK(log.hash_at(device(1), 0) == codec::chain_start);
        CHECK_FALSE(log.hash_at(device(1), 4).has_value());
        CHECK_FALSE(log.hash_at(device(9), 0).has_value());
        CHECK(log.event_count() == 3);
        CHECK(log.last_position() == 3);
    }

    TEST_CASE_FIXTURE(LogFixture, "a page of a log is bounded by count and by bytes") {
        say(1, visits(5));
        CHECK(log.entries(device(1), 1, 2, 1 << 20).size() == 2);
        CHECK(log.entries(device(1), 4, 100, 1 << 20).size() == 2);
        CHECK(log.entries(device(1), 1, 100, 1).size() == 1);
        const auto all = log.entries(device(1), 1, 100, 1 << 20);
        const auto two = all[0].event.header.size() + all[0].event.payload.size() + 1;
        CHECK(log.entries(device(1), 1, 100, two).size() == 2);
        CHECK(log.entries(device(1), 6, 100, 1 << 20).empty());
        CHECK(log.entries(device(9), 1, 100, 1 << 20).empty());
    }

    TEST_CASE_FIXTURE(LogFixture, "what does not follow the head is refused and adds nothing") {
        say(1, visits(2));
        const auto more = visits(1);
        const auto head = *log.find_head(device(1));
        WriteTransaction tx(*db);
        const auto ingest = log.begin_ingest({noon, day("2026-03-01")}, tx);
        NewEvents added{device(1), 3, head.hash, more};
        SUBCASE("a number too high") { added.first_seq = 4; }
        SUBCASE("a number again") { added.first_seq = 2; }
        SUBCASE("another past") { added.previous[0] ^= 1; }
        const auto refused = log.append(ingest, added, tx);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::conflict);
        CHECK(log.find_head(device(1)) == head);
        CHECK(log.event_count() == 2);
    }

    TEST_CASE_FIXTURE(LogFixture, "a device that is not known has no log") {
        WriteTransaction tx(*db);
        const auto ingest = log.begin_ingest({noon, day("2026-03-01")}, tx);
        const auto refused = log.append(ingest, {.device = device(7)}, tx);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::not_found);
        CHECK_FALSE(log.find_head(device(7)).has_value());
    }

    TEST_CASE_FIXTURE(LogFixture, "what was not committed was never there, device included") {
        {
            WriteTransaction tx(*db);
            const auto ingest = log.begin_ingest({noon, day("2026-03-01")}, tx);
            append(log, device(1), visits(2), ingest, tx);
            CHECK(log.events_of(std::vector{woman(1)}).size() == 2);
        }
        CHECK_FALSE(log.find_head(device(1)).has_value());
        CHECK(log.event_count() == 0);
        CHECK_FALSE(log.last_ingest().has_value());
        // The number of the device that was rolled back goes to another one.
        say(2, visits(1));
        const auto events = log.events_of(std::vector{woman(1)});
        REQUIRE(events.size() == 1);
        CHECK(events[0].order.device == device(2));
        CHECK(events[0].clinic == "C2");
    }

    TEST_CASE_FIXTURE(LogFixture, "a fact is found by its uid, the first of two alike") {
        const auto once = visit(1);
        say(1, {speaker.encode(once)});
        say(2, {speaker.encode(once)});
        const auto found = log.find(once.uid);
        REQUIRE(found.has_value());
        CHECK(found->event == once);
        CHECK(found->order.device == device(1));
        CHECK(found->clinic == "C1");
        CHECK(log.find_entry(once.uid)->position == 1);
        CHECK_FALSE(log.find(tests::uid(9)).has_value());
        CHECK_FALSE(log.find_entry(tests::uid(9)).has_value());
    }

    TEST_CASE_FIXTURE(LogFixture, "the effective time is the device's, moved, under a ceiling") {
        const auto early = visit(1, 0);
        const auto late = visit(1, 100);
        WriteTransaction tx(*db);
        const ClockCorrection clock{60'000, Hlc{late.hlc.value - 1}};
        const auto ingest = log.begin_ingest({noon, day("2026-03-01"), clock}, tx);
        append(log, device(1), {speaker.encode(early), speaker.encode(late)}, ingest, tx);
        const auto read = log.events_of(std::vector{woman(1)});
        REQUIRE(read.size() == 2);
        CHECK(read[0].order.effective.ms() == early.hlc.ms() + 60'000);
        CHECK(read[1].order.effective == clock.ceiling);
        CHECK(log.head_hlc(device(1)) == late.hlc);
        CHECK_FALSE(log.head_hlc(device(2)).has_value());
    }

    TEST_CASE_FIXTURE(LogFixture,
                      "facts that can't be understood are kept, sent on, and set aside") {
        auto bad_header = speaker.encode(visit(1));
        bad_header.header = {1, 2, 3};
        auto bad_payload = speaker.encode(visit(1));
        bad_payload.payload.push_back(0);
        const auto good = visit(1);
        say(1, {bad_header, bad_payload, speaker.encode(good)});

        const auto entries = log.entries(device(1), 1, 9, 1 << 20);
        REQUIRE(entries.size() == 3);
        CHECK(entries[0].event == bad_header);
        CHECK(entries[1].event == bad_payload);
        const auto aside = log.quarantined();
        REQUIRE(aside.size() == 2);
        CHECK(aside[0].seq == 1);
        CHECK(aside[0].reason == "bad_header");
        CHECK(aside[1].seq == 2);
        CHECK(aside[1].reason == "bad_commitment");
        const auto events = log.events_of(std::vector{woman(1)});
        REQUIRE(events.size() == 1);
        CHECK(events[0].event == good);
    }

    TEST_CASE_FIXTURE(LogFixture, "a fact that a floor above sets aside has no effect") {
        const auto said = visit(1);
        const auto appended = say(1, {speaker.encode(said)});
        WriteTransaction tx(*db);
        log.quarantine(appended[0].position, "authority", tx);
        tx.commit();
        CHECK(log.events_of(std::vector{woman(1)}).empty());
        CHECK_FALSE(log.find(said.uid).has_value());
        CHECK(log.find_entry(said.uid).has_value());
        CHECK(log.quarantined()[0].reason == "authority");
    }

    TEST_CASE_FIXTURE(LogFixture, "the heads of a past day are those of what was known by then") {
        say(1, visits(2), "2026-03-01");
        const auto first = log.heads();
        say(2, visits(3), "2026-03-03");
        say(1, visits(4), "2026-03-03");
        const auto second = log.heads();
        say(1, visits(1), "2026-03-04");

        const auto before = log.heads_known_on(day("2026-02-28"));
        REQUIRE(before.size() == 2);
        CHECK(before[0].seq == 0);
        CHECK(before[0].hash == codec::chain_start);
        CHECK(log.heads_known_on(day("2026-03-02"))[0] == first[0]);
        CHECK(log.heads_known_on(day("2026-03-02"))[1].seq == 0);
        CHECK(log.heads_known_on(day("2026-03-03")) == second);
        CHECK(log.heads_known_on(day("2026-03-09")) == log.heads());
        CHECK(log.ingest_known_on(day("2026-02-28")) == 0);
        CHECK(log.ingest_known_on(day("2026-03-03")) == 3);
    }

    TEST_CASE_FIXTURE(LogFixture,
                      "what was known by a day counts up to the last that came by then") {
        say(1, visits(1), "2026-03-05");
        say(1, visits(1), "2026-03-02");  // The day was wrong, and was put right.
        CHECK(log.last_ingest() == Ingest{{noon, day("2026-03-02")}, 2});
        CHECK(log.ingest_known_on(day("2026-03-01")) == 0);
        CHECK(log.ingest_known_on(day("2026-03-02")) == 2);
        say(1, visits(1), "2026-03-06");
        CHECK(log.ingest_known_on(day("2026-03-05")) == 2);
    }

    TEST_CASE_FIXTURE(LogFixture, "facts can be read as they stood after an ingest") {
        say(1, visits(2));
        say(1, visits(1));
        CHECK(log.events_of(std::vector{woman(1)}, 1).size() == 2);
        CHECK(log.events_of(std::vector{woman(1)}, 2).size() == 3);
        CHECK(log.events_of(std::vector{woman(1), woman(5)}).size() == 3);
    }

    TEST_CASE_FIXTURE(LogFixture, "nobody changes or deletes a line") {
        say(1, visits(1));
        for (const char* sql :
             {"UPDATE event SET seq = 7", "DELETE FROM event", "UPDATE payload SET payload = x''",
              "UPDATE ingest SET known_day = 1", "DELETE FROM ingest"}) {
            CAPTURE(sql);
            CHECK(tests::trouble_of([&] { db->execute(sql); }) == sqlite::Trouble::constraint);
        }
        CHECK(log.event_count() == 1);
    }
}

}  // namespace
}  // namespace egret::store
