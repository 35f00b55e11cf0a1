#include "registry/store/rechain.h"

#include "tests/support/fed_registry.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace egret::store {
namespace {

using tests::day;
using tests::device;
using tests::dose;
using tests::fact;
using tests::registration;
using tests::woman;

using Encoded = std::vector<codec::EncodedEvent>;

/// A registry that was restored, or copied, while another copy of it went on.
struct RechainFixture : tests::FedRegistry {
    /// Facts of woman `n`, one a minute.
    Encoded make(std::size_t count, std::uint8_t n) {
        Encoded made;
        for (std::size_t i = 0; i < count; ++i) {
            auto said = i == 0 ? registration("王小丽", "2012-01-01", "350203")
                               : dose(i % 2 ? "2026-02-01" : "2026-02-20");
            made.push_back(speaker.encode(speaker.event(std::move(said), woman(n), ++minute)));
        }
        return made;
    }

    Result<std::uint64_t> rechain(std::uint64_t ancestor, const Encoded& tail) {
        sqlite::WriteTransaction tx(*db);
        const auto ingest = log.begin_ingest({Instant{}, today, {}}, tx);
        auto done = Rechain(log, *db).carry_out({own, ancestor, tail}, ingest, tx);
        if (!done) return done;
        NoProgress quiet;
        projector.rebuild(quiet, tx);
        tx.commit();
        return done;
    }

    /// The headers of the own log, in its order, after it was seen to be one chain.
    std::vector<Bytes> headers() {
        std::vector<Bytes> all;
        auto hash = codec::chain_start;
        for (const auto& line : log.entries(own, 1, 1000, SIZE_MAX)) {
            CHECK(line.seq == all.size() + 1);
            hash = codec::hash_event(hash, line.event.header);
            CHECK(line.hash == hash);
            all.push_back(line.event.header);
        }
        const auto head = log.find_head(own);
        CHECK(head->seq == all.size());
        CHECK(head->hash == hash);
        return all;
    }

    std::int64_t minute = 0;
};

std::vector<Bytes> headers_of(const std::vector<const Encoded*>& parts) {
    std::vector<Bytes> all;
    for (const auto* part : parts) {
        for (const auto& event : *part) all.push_back(event.header);
    }
    return all;
}

TEST_SUITE("registry/store/rechain") {
    TEST_CASE("behind every ancestor comes the tail, and then what only this log has") {
        for (std::size_t shared = 0; shared <= 3; ++shared) {
            for (std::size_t orphans = 0; orphans <= 3; ++orphans) {
                for (std::size_t added = 0; added <= 3; ++added) {
                    CAPTURE(shared);
                    CAPTURE(orphans);
                    CAPTURE(added);
                    RechainFixture copy;
                    const auto before = copy.make(shared, 1);
                    const auto mine = copy.make(orphans, 2);
                    const auto tail = copy.make(added, 3);
                    if (shared > 0) copy.say_encoded(before);
                    if (orphans > 0) copy.say_encoded(mine);
                    CHECK(*copy.rechain(shared, tail) == orphans);
                    CHECK(copy.headers() == headers_of({&before, &tail, &mine}));
                    CHECK(copy.fact_count(woman(1)) == shared);
                    CHECK(copy.fact_count(woman(2)) == orphans);
                    CHECK(copy.fact_count(woman(3)) == added);
                    copy.check_whole();
                    // And it goes on from there.
                    copy.say(dose("2026-02-28"), woman(1));
                    copy.check_whole();
                }
            }
        }
    }

    TEST_CASE_FIXTURE(RechainFixture, "a line that both have stays the line it is") {
        const auto before = make(2, 1);
        const auto mine = make(4, 2);
        const auto theirs = make(2, 3);
        say_encoded(before);
        say_encoded(mine);
        const auto position = log.find_entry(codec::decode_header(mine[1].header)->uid)->position;
        // The tail has two of this copy's facts among its own: it was restored after a repair.
        const Encoded tail{theirs[0], mine[1], theirs[1], mine[3]};
        CHECK(*rechain(2, tail) == 2);
        const Encoded rest{mine[0], mine[2]};
        CHECK(headers() == headers_of({&before, &tail, &rest}));
        CHECK(log.find_entry(codec::decode_header(mine[1].header)->uid)->position == position);
        CHECK(log.event_count() == 8);
        CHECK(fact_count(woman(2)) == 4);
        check_whole();
    }

    TEST_CASE_FIXTURE(RechainFixture, "the same repair again changes nothing more") {
        const auto mine = make(3, 2);
        const auto tail = make(2, 3);
        say_encoded(mine);
        REQUIRE(rechain(0, tail));
        const auto once = headers();
        auto again = tail;
        CHECK(*rechain(0, again) == 3);
        CHECK(headers() == once);
        CHECK(log.event_count() == 5);
        check_whole();
    }

    TEST_CASE_FIXTURE(RechainFixture, "what was known on a day is what was here by then") {
        const auto before = make(2, 1);
        const auto mine = make(2, 2);
        say_encoded(before);
        say_encoded(mine);
        const auto then = today;
        today = today.plus_days(1);
        REQUIRE(rechain(2, make(3, 3)));
        for (const auto& one : coverage::known_indicators()) {
            CHECK(sum(one, then) == recount(one, then));
            CHECK(sum(one) == recount(one));
        }
        // Numbers don't tell what came first any more: the log is known up to the first gap.
        CHECK(log.find_head(own)->kind == DeviceKind::rechained);
        const auto known = log.heads_known_on(then);
        REQUIRE(known.size() == 1);
        CHECK(known[0].seq == 2);
        CHECK(known[0].hash == log.hash_at(own, 2));
        CHECK(log.heads_known_on(today) == log.heads());
        say(dose("2026-02-28"), woman(1));
        today = today.plus_days(1);
        CHECK(log.heads_known_on(today.plus_days(-1))[0].seq == 8);
        CHECK(log.heads_known_on(then.plus_days(-1))[0].seq == 0);
    }

    TEST_CASE_FIXTURE(RechainFixture, "judgements stand for the centre's numbers, not for rows") {
        const auto mine = make(2, 2);
        const auto tail = make(2, 3);
        say_encoded(mine);
        // The centre's 1 and 2 are the tail's, though the page came before the repair.
        receive({ReceivedJudgement{own, 1, 2, {-60'000, Hlc{UINT64_MAX}}, {}, {}}});
        REQUIRE(rechain(0, tail));
        const auto effective = [&](const codec::EncodedEvent& event) {
            const auto header = codec::decode_header(event.header);
            return log.find(header->uid)->order.effective.ms() - header->hlc.ms();
        };
        CHECK(effective(tail[0]) == -60'000);
        CHECK(effective(tail[1]) == -60'000);
        CHECK(effective(mine[0]) == 0);
        CHECK(effective(mine[1]) == 0);
        check_whole();
    }

    TEST_CASE_FIXTURE(RechainFixture, "a tail of which the centre erased something is taken over") {
        auto tail = make(2, 3);
        tail[1].is_erased = true;
        tail[1].payload.clear();
        tail[1].salt = {};
        say_encoded(make(1, 2));
        REQUIRE(rechain(0, tail));
        CHECK(fact_count(woman(3)) == 1);
        CHECK(log.entries(own, 2, 1, 1)[0].has_payload == false);
        check_whole();
    }

    TEST_CASE_FIXTURE(RechainFixture, "what doesn't fit changes nothing") {
        say_encoded(make(2, 1));
        const auto before = dump_logs();
        const auto past = rechain(3, make(1, 3));
        REQUIRE_FALSE(past);
        CHECK(past.error().code == ErrorCode::conflict);
        sqlite::WriteTransaction tx(*db);
        Ingest ingest;
        ingest.id = 9;
        const auto nobody = Rechain(log, *db).carry_out({device(9), 0, {}}, ingest, tx);
        REQUIRE_FALSE(nobody);
        CHECK(nobody.error().code == ErrorCode::not_found);
        CHECK(dump_logs() == before);
    }

    TEST_CASE_FIXTURE(RechainFixture, "outside of a repair no line is given another number") {
        say_encoded(make(2, 1));
        REQUIRE(rechain(1, make(1, 3)));
        CHECK_THROWS_AS(db->execute("UPDATE event SET seq = 9 WHERE seq = 1"), sqlite::SqliteError);
    }
}

}  // namespace
}  // namespace egret::store
