#include "registry/store/foreign_log.h"

#include "tests/support/fed_registry.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

namespace egret::store {
namespace {

using tests::day;
using tests::device;
using tests::dose;
using tests::fact;
using tests::received;
using tests::registration;
using tests::woman;

/// Woman 1 was registered here, and given a dose at another clinic.
struct ToldFixture : tests::FedRegistry {
    ToldFixture() {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        event = speaker.event(dose("2026-02-01"), woman(1), 10);
        encoded = speaker.encode(event);
    }

    ReceivedItem told(std::uint64_t seq = 4, ClockCorrection judged = {}) {
        return received(device(2), seq, encoded, judged);
    }

    std::size_t count(const char* sql) { return static_cast<std::size_t>(tests::number(*db, sql)); }

    Event event;
    codec::EncodedEvent encoded;
};

TEST_SUITE("registry/store/foreign_log") {
    TEST_CASE_FIXTURE(ToldFixture, "a fact that another recorded has its effect, and stays apart") {
        const auto mine = *log.find_head(own);
        const auto outcome = receive({told()});
        CHECK(outcome.new_facts == 1);
        CHECK_FALSE(outcome.was_made_anew);
        const auto hers = history(woman(1));
        REQUIRE(hers.facts.size() == 2);
        CHECK(hers.facts[1].clinic == "C2");
        CHECK(hers.facts[1].order.device == device(2));
        CHECK(hers.facts[1].order.seq == 4);
        // What is sent to the centre is what it was.
        CHECK(*log.find_head(own) == mine);
        CHECK(log.entries(own, 1, 10, SIZE_MAX).size() == 1);
        const auto head = log.find_head(device(2));
        REQUIRE(head);
        CHECK(head->kind == DeviceKind::foreign);
        CHECK(head->seq == 1);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "what comes again leaves no trace") {
        const ClockCorrection judged{-5000, Hlc{UINT64_MAX - 7}};
        receive({told(4, judged), ReceivedRuling{event.uid, false, "invalid"},
                 ReceivedJudgement{own, 1, 1, {70, Hlc{UINT64_MAX}}, {}, {}}});
        const auto logs = dump_logs();
        const auto follows = tests::dump_projections(*db);
        const auto outcome = receive({told(4, judged), ReceivedRuling{event.uid, false, "invalid"},
                                      ReceivedJudgement{own, 1, 1, {70, Hlc{UINT64_MAX}}, {}, {}}});
        CHECK(outcome == ReceiveOutcome{});
        CHECK(dump_logs() == logs);
        CHECK(tests::dump_projections(*db) == follows);
    }

    TEST_CASE_FIXTURE(ToldFixture,
                      "a fact stands where the centre's judgement of its clock puts it") {
        // Two corrections of her area: by their own clocks the other clinic's is the later one.
        const auto mine = say(fact("2026-01-02", DemographicsChange{}), woman(1));
        auto other = speaker.event(dose("2026-02-02"), woman(1), 500);
        const auto theirs = speaker.encode(other);
        const auto at = [&](std::size_t i) { return history(woman(1)).facts[i].order.effective; };
        receive({received(device(2), 1, theirs, {-3'600'000 * 24, Hlc{UINT64_MAX}})});
        CHECK(at(2).ms() == other.hlc.ms() - 3'600'000 * 24);
        // Two judgements in one page: each fact has its own.
        const auto third = speaker.event(dose("2026-02-03"), woman(1), 20);
        receive({told(2, {1000, Hlc{UINT64_MAX}}),
                 received(device(2), 3, speaker.encode(third), {2000, Hlc{UINT64_MAX}})});
        CHECK(at(2).ms() == event.hlc.ms() + 1000);
        CHECK(at(4).ms() == third.hlc.ms() + 2000);
        auto outcome = receive({received(device(2), 1, theirs, {0, Hlc{mine.hlc.value}})});
        CHECK(outcome.rejudged == 1);
        CHECK(outcome.new_facts == 0);
        CHECK(at(3) == mine.hlc);
        // An echo of this machine's own.
        outcome = receive({ReceivedJudgement{own, 1, 2, {-60'000, Hlc{UINT64_MAX}}, {}, {}}});
        CHECK(outcome.rejudged == 2);
        CHECK(at(0).ms() == log.find(history(woman(1)).facts[0].uid)->order.effective.ms());
        CHECK(log.find(mine.uid)->order.effective.ms() == mine.hlc.ms() - 60'000);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "whose name breaks a tie is the centre's to say") {
        receive({ReceivedJudgement{own, 1, 1, {}, device(7), {}}});
        CHECK(history(woman(1)).facts[0].order.device == device(7));
        receive({ReceivedJudgement{own, 1, 1, {}, own, {}}});
        CHECK(history(woman(1)).facts[0].order.device == own);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "a judgement may come before its fact") {
        receive({ReceivedJudgement{own, 2, 3, {-60'000, Hlc{UINT64_MAX}}, {}, {}}});
        const auto later = say(dose("2026-02-03"), woman(1));
        CHECK(log.find(later.uid)->order.effective.ms() == later.hlc.ms() - 60'000);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "what was known on a day stays what it was") {
        receive({told()});
        const auto& indicator = coverage::known_indicators().front();
        const auto sum_before = sum(indicator);
        const auto heads = log.heads();
        const auto first_day = today;
        today = today.plus_days(1);
        receive({ReceivedRuling{event.uid, false, "invalid"}, told(4, {-1, Hlc{UINT64_MAX}})});
        CHECK(fact_count(woman(1)) == 1);
        const std::vector<WomanId> members{woman(1)};
        const auto then = log.events_of(members, log.ingest_known_on(first_day));
        REQUIRE(then.size() == 2);
        CHECK(then[1].order.effective == event.hlc);
        CHECK(log.events_of(members).size() == 1);
        for (const auto& one : coverage::known_indicators()) {
            CHECK(sum(one, first_day) == recount(one, first_day));
            CHECK(sum(one) == recount(one));
        }
        CHECK(sum(indicator, first_day) == sum_before);
        receive(
            {received(device(2), 5, speaker.encode(speaker.event(dose("2026-02-05"), woman(1))))});
        CHECK(log.heads_known_on(first_day) == heads);
        CHECK(log.heads_known_on(today) == log.heads());
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "a refused fact has no effect, accepted it has it again") {
        receive({told()});
        CHECK(receive({ReceivedRuling{event.uid, false, "invalid"}}).ruled == 1);
        CHECK(fact_count(woman(1)) == 1);
        CHECK_FALSE(log.find(event.uid));
        CHECK(log.find_entry(event.uid));
        CHECK(Statements(*db).refused(device(2)) ==
              std::vector{Ruling{event.uid, false, "invalid"}});
        check_whole();
        CHECK(receive({ReceivedRuling{event.uid, true, {}}}).ruled == 1);
        CHECK(fact_count(woman(1)) == 2);
        CHECK(Statements(*db).refused(device(2)).empty());
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "a fact of this clinic may be refused, and before it comes") {
        const auto mine = say(dose("2026-02-02"), woman(1));
        receive(
            {ReceivedRuling{mine.uid, false, "invalid"}, ReceivedRuling{event.uid, false, "x"}});
        CHECK(fact_count(woman(1)) == 1);
        receive({told()});
        CHECK(fact_count(woman(1)) == 1);
        receive({ReceivedRuling{event.uid, true, {}}});
        CHECK(fact_count(woman(1)) == 2);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture,
                      "a link that is refused joins nobody, and the next rebuild agrees") {
        const auto link = speaker.event(fact("2026-02-02", Link{woman(2), ""}), woman(1));
        receive({received(device(2), 1,
                          speaker.encode(
                              speaker.event(registration("王丽", "2012", "350203"), woman(2)))),
                 received(device(2), 2, speaker.encode(link))});
        CHECK(history(woman(1)).members.size() == 2);
        receive({ReceivedRuling{link.uid, false, "invalid"}});
        CHECK(history(woman(1)).members.size() == 1);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture,
                      "what was refused at ingest has its effect once it is accepted") {
        {
            sqlite::WriteTransaction tx(*db);
            const auto ingest = log.begin_ingest({Instant{}, today, {}}, tx);
            const auto appended = tests::append(log, device(3), {encoded}, ingest, tx);
            log.quarantine(appended.front().position, invalid_content, tx);
            projector.apply(ingest, appended, tx);
            tx.commit();
        }
        CHECK(fact_count(woman(1)) == 1);
        sqlite::WriteTransaction tx(*db);
        const auto ingest = log.begin_ingest({Instant{}, today, {}}, tx);
        const auto restated = Statements(*db).rule(ingest, {event.uid, true, {}}, tx);
        CHECK(restated.is_new);
        projector.apply(ingest, {}, restated.facts, tx);
        tx.commit();
        CHECK(fact_count(woman(1)) == 2);
    }

    TEST_CASE_FIXTURE(ToldFixture,
                      "nothing that is refused for its bytes gets an effect by a ruling") {
        auto odd = encoded;
        odd.payload = Bytes{0xff, 0x00};
        receive({received(device(2), 1, odd), ReceivedRuling{event.uid, false, "x"},
                 ReceivedRuling{event.uid, true, {}}});
        CHECK(fact_count(woman(1)) == 1);
    }

    TEST_CASE_FIXTURE(ToldFixture, "a woman is forgotten but for what was recorded here") {
        const auto mine = say(dose("2026-02-10"), woman(1));
        receive({told(), received(device(3), 9,
                                  speaker.encode(speaker.event(
                                      registration("王丽", "2012", "350203"), woman(2))))});
        const auto outcome = receive({ReceivedDrop{woman(1)}});
        CHECK(outcome.forgotten == 1);
        CHECK(outcome.kept == 2);
        CHECK(outcome.was_made_anew);
        CHECK(fact_count(woman(1)) == 2);
        CHECK(fact_count(woman(2)) == 1);
        CHECK(count("SELECT count(*) FROM payload") == 3);
        CHECK(log.find_entry(event.uid)->event.header == encoded.header);
        check_whole();
        // As if it had never been here, on any day.
        for (const auto& one : coverage::known_indicators()) CHECK(sum(one) == recount(one));
        CHECK(receive({ReceivedDrop{woman(1)}}) == ReceiveOutcome{0, 0, 0, 0, 2, 0, false});
        Received safe;
        safe.items = {ReceivedDrop{woman(1)}};
        safe.safe_seq = 1;
        CHECK(receive(safe).forgotten == 1);
        CHECK(fact_count(woman(1)) == 1);
        CHECK(log.find(mine.uid));
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "a woman who comes back has all that was said of her") {
        receive({told()});
        const auto before = digest();
        receive({ReceivedDrop{woman(1)}});
        CHECK(digest() != before);
        CHECK(receive({told()}).new_facts == 1);
        CHECK(digest() == before);
        CHECK(count("SELECT count(*) FROM absent") == 0);
        check_whole();
        // In one page, in the page's order.
        receive({ReceivedDrop{woman(1)}, told()});
        CHECK(digest() == before);
        receive({told(), ReceivedDrop{woman(1)}});
        CHECK(fact_count(woman(1)) == 1);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "what was erased at the centre is gone here, and stays gone") {
        receive({told()});
        auto erased = encoded;
        erased.is_erased = true;
        erased.payload.clear();
        erased.salt = {};
        receive({received(device(2), 4, erased)});
        CHECK(fact_count(woman(1)) == 1);
        CHECK(count("SELECT count(*) FROM payload") == 1);
        receive({told()});
        CHECK(fact_count(woman(1)) == 1);
        check_whole();
        // One that was forgotten before, too.
        const auto other = speaker.encode(speaker.event(dose("2026-02-08"), woman(1)));
        receive({received(device(2), 6, other), ReceivedDrop{woman(1)}});
        auto gone = other;
        gone.is_erased = true;
        receive({received(device(2), 6, gone)});
        receive({received(device(2), 6, other)});
        CHECK(fact_count(woman(1)) == 1);
        check_whole();
        // And one that came without content from the start.
        auto later = speaker.encode(speaker.event(dose("2026-02-09"), woman(1)));
        later.is_erased = true;
        receive({received(device(2), 5, later)});
        CHECK(fact_count(woman(1)) == 1);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "a restored centre may number anew, and nothing is lost by it") {
        receive({told(4)});
        const auto other = speaker.event(dose("2026-02-11"), woman(1), 20);
        // The number is another fact's now.
        CHECK(receive({received(device(2), 4, speaker.encode(other))}).new_facts == 1);
        CHECK(fact_count(woman(1)) == 3);
        CHECK(log.find(other.uid)->order.seq == 4);
        CHECK(log.find(event.uid));
        check_whole();
        // And the first one gets the next.
        CHECK(receive({told(5)}).new_facts == 0);
        CHECK(fact_count(woman(1)) == 3);
        CHECK(log.find(event.uid)->order.seq == 5);
        CHECK(log.find_head(device(2))->seq == 2);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "a fact under the names of two machines counts once") {
        receive({told(4)});
        CHECK(receive({received(device(3), 1, encoded)}).new_facts == 0);
        CHECK(fact_count(woman(1)) == 2);
        CHECK(log.event_count() == 3);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "a log of which the centre has other facts is told apart") {
        const auto mine = log.entries(own, 1, 1, 1).front();
        const ReceivedJudgement same{own, 1, 1, {}, {}, crypto::sha256(mine.event.header)};
        CHECK(receive({same}).own_unknown == 0);
        auto another = same;
        another.header_hash = Hash{1};
        CHECK(receive({another}).own_unknown == 1);
        CHECK(receive({ReceivedJudgement{own, 2, 5, {}, {}, {}}}).own_unknown == 4);
        CHECK(receive({received(own, 1, mine.event)}).own_unknown == 0);
        CHECK(receive({received(own, 1, encoded)}).own_unknown == 1);
        CHECK(log.entries(own, 1, 10, SIZE_MAX).size() == 1);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "a clinic's other code moves its facts") {
        receive({told()});
        CHECK(receive({ReceivedMove{device(2), "C7"}}).was_made_anew);
        CHECK(history(woman(1)).facts[1].clinic == "C7");
        CHECK(log.find_head(device(2))->kind == DeviceKind::foreign);
        check_whole();
    }

    TEST_CASE_FIXTURE(ToldFixture, "the place in the feed is saved with the page, or not at all") {
        Received page;
        page.devices = {{device(2), "C2"}};
        page.items = {told()};
        page.place = {UINT64_MAX, {{1, Hash{1}}, {UINT64_MAX, Hash{9}}}, Bytes{1, 2}};
        {
            sqlite::WriteTransaction tx(*db);
            Reception(log, *db, own).take(page, {Instant{}, today, {}}, tx);
        }
        CHECK(FeedPlaces(*db).all().empty());
        CHECK(log.event_count() == 1);
        receive(page);
        CHECK(FeedPlaces(*db).load(UINT64_MAX) == page.place);
        page.items.clear();
        page.place.snapshot.reset();
        page.place.cursors = {{3, Hash{4}}};
        receive(page);
        CHECK(FeedPlaces(*db).all() == std::vector{page.place});
        CHECK(FeedPlaces(*db).load(7) == FeedPlace{7, {}, {}});
    }

    TEST_CASE_FIXTURE(ToldFixture, "files are kept as they came, damaged ones are nobody's") {
        receive({ReceivedFile{"protocol", "who", "2", Bytes{1, 2}},
                 ReceivedFile{"protocol", "who", "3", Bytes{3}},
                 ReceivedFile{"protocol", "who", "2", Bytes{4}}});
        const std::vector<InstalledFile> all{{"protocol", "who", "2", Bytes{4}},
                                             {"protocol", "who", "3", Bytes{3}}};
        CHECK(InstalledFiles(*db).all("protocol") == all);
        db->execute("UPDATE installed_file SET content = x'05' WHERE version = '3'");
        CHECK(InstalledFiles(*db).all("protocol").size() == 1);
    }

    TEST_CASE_FIXTURE(ToldFixture, "an officer's signature is kept beside her fact") {
        auto signed_fact = received(device(2), 4, encoded);
        signed_fact.officer.emplace();
        signed_fact.officer->fill(7);
        receive({told(4)});
        CHECK(count("SELECT count(*) FROM officer_signature") == 0);
        receive({signed_fact});
        CHECK(count("SELECT count(*) FROM officer_signature WHERE length(signature) = 64") == 1);
    }

    TEST_CASE_FIXTURE(ToldFixture, "damage to what was told is named") {
        receive(
            {told(4),
             received(device(2), 9, speaker.encode(speaker.event(dose("2026-02-12"), woman(1)))),
             ReceivedJudgement{own, 1, 1, {70, Hlc{UINT64_MAX}}, device(7), {}},
             ReceivedRuling{event.uid, false, "x"}});
        receive({told(4, {5, Hlc{UINT64_MAX}})});
        receive({ReceivedDrop{woman(1)}});
        db->execute("DROP TRIGGER event_is_not_changed; DROP TRIGGER event_is_not_deleted");
        using Kind = LogFaultKind;
        struct Damage {
            const char* sql;
            std::vector<LogFault> faults;
        };
        const std::vector<Damage> damages = {
            {"UPDATE event SET header = CAST(header || x'00' AS BLOB) WHERE seq = 4",
             {{device(2), 4, Kind::hash_mismatch}, {device(2), 4, Kind::bad_header}}},
            {"UPDATE event SET hash = zeroblob(32) WHERE seq = 4",
             {{device(2), 4, Kind::hash_mismatch}}},
            {"UPDATE event SET seq = 5 WHERE seq = 4", {{device(2), 5, Kind::hash_mismatch}}},
            {"UPDATE event SET uid = zeroblob(16) WHERE seq = 4",
             {{device(2), 4, Kind::bad_header}}},
            {"DELETE FROM event WHERE seq = 4",
             {{{}, 0, Kind::bad_statement}, {device(2), 0, Kind::head_mismatch}}},
            {"UPDATE device SET head_seq = 3 WHERE kind = 1 AND head_seq = 2",
             {{device(2), 0, Kind::head_mismatch}}},
            {"UPDATE device SET kind = 2 WHERE kind = 0", {{own, 0, Kind::bad_device}}},
            {"UPDATE ruling SET holds = 1", {{{}, 0, Kind::bad_statement}}},
            {"UPDATE ruling SET reason = 'y'", {{{}, 0, Kind::bad_statement}}},
            {"UPDATE ruling SET ingest = ingest + 1", {{{}, 0, Kind::bad_statement}}},
            {"UPDATE judgement SET offset_ms = 71 WHERE device_ix = 1",
             {{own, 1, Kind::bad_statement}}},
            {"UPDATE judgement SET order_device = NULL WHERE device_ix = 1",
             {{own, 1, Kind::bad_statement}}},
            {"UPDATE judgement SET ceiling = 7 WHERE seq = 4",
             {{device(2), 4, Kind::bad_statement}}},
            {"UPDATE judgement SET mark = mark + 1 WHERE seq = 4",
             {{device(2), 4, Kind::bad_statement}}},
            {"UPDATE absent SET reason = 'erased' WHERE position = 2",
             {{device(2), 4, Kind::bad_statement}}},
            {"DELETE FROM absent WHERE position = 2", {{device(2), 4, Kind::unreadable_payload}}},
        };
        NoProgress quiet;
        REQUIRE(check_logs(*db, quiet).empty());
        for (const auto& damage : damages) {
            CAPTURE(damage.sql);
            db->execute("SAVEPOINT whole");
            db->execute(damage.sql);
            CHECK(db->changes() > 0);
            CHECK(check_logs(*db, quiet) == damage.faults);
            db->execute("ROLLBACK TO whole; RELEASE whole");
        }
    }
}

}  // namespace
}  // namespace egret::store
