#include "sync/central/ingest.h"

#include "registry/codec/facility_subject.h"
#include "tests/support/stock_facts.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>

namespace egret::central {
namespace {

using sync::UploadCode;
using tests::TestCentre;
using tests::TestDevice;

Fact registered(std::string_view area) {
    Register who;
    who.who.sex = Sex::female;
    who.who.birth_date = *PartialDate::parse("2010-05-06");
    who.who.area = area;
    return tests::fact("2026-01-02", who);
}

struct IngestFixture : TestCentre {
    std::string clinic = add_clinic();
    TestDevice device = enrol(clinic);

    DeviceStatus status() { return store->statuses().front(); }

    std::int64_t events() { return count("SELECT count(*) FROM event"); }

    /// Everything that a batch may change, as one number for each.
    std::vector<std::int64_t> state() {
        return {events(),
                count("SELECT count(*) FROM payload"),
                count("SELECT count(*) FROM ingest"),
                count("SELECT count(*) FROM upload"),
                count("SELECT count(*) FROM delta"),
                count("SELECT count(*) FROM profile"),
                count("SELECT head_seq FROM device")};
    }

    std::string message_of(const Result<sync::UploadReply>& reply) {
        REQUIRE_FALSE(reply);
        return reply.error().message.id;
    }
};

}  // namespace

TEST_SUITE("sync/central/ingest") {
    TEST_CASE_FIXTURE(IngestFixture, "a batch is stored, and the answer says up to where") {
        device.record(30);
        const auto reply = send(device.envelope(1, 30));
        REQUIRE(reply);
        CHECK(reply->code == UploadCode::applied);
        CHECK(reply->standing.device == device.id);
        CHECK(reply->standing.head_seq == 30);
        CHECK(reply->standing.head_hash == device.log.head().hash);
        CHECK(reply->standing.safe_seq == 0);
        CHECK(reply->standing.server_time_ms == unix_ms(clock.now()));
        CHECK(events() == 30);
        CHECK(store->head(device.id) == device.log.head());
    }

    TEST_CASE_FIXTURE(IngestFixture, "the same batch again changes nothing and says the same") {
        device.record(20);
        const auto envelope = device.envelope(1, 20);
        const auto first = send(envelope);
        REQUIRE(first);
        const auto before = state();
        clock.advance(std::chrono::hours{30});
        auto again = send(envelope);
        REQUIRE(again);
        CHECK(state() == before);
        again->standing.server_time_ms = first->standing.server_time_ms;
        CHECK(*again == *first);
    }

    TEST_CASE_FIXTURE(IngestFixture,
                      "women of one name, birth and number stay two, whichever clinic sends them") {
        Register who;
        who.who.names = {{NameUse::official, "王小丽", {}}};
        who.who.sex = Sex::female;
        who.who.birth_date = *PartialDate::parse("1985-03-04");
        who.who.identifiers = {{IdentifierKind::resident_id, "350203198503040028", {}}};
        who.who.area = "350203";
        auto other = enrol(add_clinic());
        device.record(tests::fact("2026-01-02", who), tests::woman(1));
        device.record(tests::fact("2026-01-02", who), tests::woman(2));
        other.record(tests::fact("2026-01-02", who), tests::woman(3));
        REQUIRE(send(device.envelope(1, 2)));
        REQUIRE(send(other.envelope(1, 1)));
        CHECK(count("SELECT count(DISTINCT canonical_ix) FROM woman") == 3);
        CHECK(count("SELECT count(*) FROM link_pair") == 0);
        device.record(tests::fact("2026-01-03", Link{tests::woman(2), "same number"}),
                      tests::woman(1));
        REQUIRE(send(device.envelope(3, 1)));
        CHECK(count("SELECT count(DISTINCT canonical_ix) FROM woman") == 2);
    }

    TEST_CASE_FIXTURE(IngestFixture, "of a batch that overlaps, only what is new is added") {
        device.record(20);
        REQUIRE(send(device.envelope(1, 12)));
        const auto reply = send(device.envelope(5, 16));
        REQUIRE(reply);
        CHECK(reply->code == UploadCode::applied);
        CHECK(events() == 20);
        CHECK(count("SELECT first_seq FROM upload ORDER BY ingest DESC LIMIT 1") == 13);
    }

    TEST_CASE_FIXTURE(IngestFixture, "a batch after a gap is told where to go on, and not stored") {
        device.record(20);
        REQUIRE(send(device.envelope(1, 5)));
        const auto before = state();
        const auto reply = send(device.envelope(11, 5));
        REQUIRE(reply);
        CHECK(reply->code == UploadCode::gap);
        CHECK(reply->standing.head_seq == 5);
        CHECK(reply->standing.head_hash == device.log.all[4].hash);
        CHECK(state() == before);
    }

    TEST_CASE_FIXTURE(IngestFixture, "a centre restored from a copy asks for what it lost") {
        device.record(10);
        REQUIRE(send(device.envelope(1, 10)));
        ingester.reset();
        store.reset();
        std::filesystem::copy_file(db_path(), folder.file("copy.db"));
        reopen();
        device.record(10);
        REQUIRE(send(device.envelope(11, 10)));

        ingester.reset();
        store.reset();
        std::filesystem::copy_file(folder.file("copy.db"), db_path(),
                                   std::filesystem::copy_options::overwrite_existing);
        reopen();
        device.record(5);
        const auto gap = send(device.envelope(21, 5));
        REQUIRE(gap);
        CHECK(gap->code == UploadCode::gap);
        CHECK(gap->standing.head_seq == 10);
        const auto reply = send(device.envelope(11, 15));
        REQUIRE(reply);
        CHECK(reply->code == UploadCode::applied);
        CHECK(events() == 25);
    }

    TEST_CASE_FIXTURE(IngestFixture, "a copied machine that uses numbers again is a fork") {
        device.record(5);
        const auto copy = device.log;
        device.record(5);
        REQUIRE(send(device.envelope(1, 10)));
        const auto before = state();
        device.log = copy;
        device.record(7);
        const auto reply = send(device.envelope(6, 7));
        REQUIRE(reply);
        CHECK(reply->code == UploadCode::fork);
        CHECK(reply->standing.head_seq == 10);
        CHECK(state() == before);
    }

    TEST_CASE_FIXTURE(IngestFixture, "a fork stays known from when it was seen first") {
        device.record(5);
        const auto copy = device.log;
        device.record(5);
        REQUIRE(send(device.envelope(1, 10)));
        CHECK_FALSE(status().forked);
        const auto first_copy = device.log;
        device.log = copy;
        device.record(7);
        const auto seen = clock.now();
        REQUIRE(send(device.envelope(6, 7)));
        CHECK(status().forked == seen);
        clock.advance(std::chrono::hours{1});
        REQUIRE(send(device.envelope(6, 7)));
        device.log = first_copy;
        device.record(1);
        REQUIRE(send(device.envelope(11, 1)));  // The other copy goes on.
        reopen();
        CHECK(status().forked == seen);
        CHECK(status().head.seq == 11);
    }

    TEST_CASE_FIXTURE(IngestFixture, "a batch that contradicts itself is not stored") {
        device.record(5);
        auto batch = device.batch(1, 5);
        batch.last_hash[0] ^= 1;
        const auto reply = send(device.envelope(batch));
        REQUIRE(reply);
        CHECK(reply->code == UploadCode::bad_chain);
        CHECK(events() == 0);
    }

    TEST_CASE_FIXTURE(IngestFixture, "one flipped byte anywhere is refused and changes nothing") {
        device.record(3);
        const auto envelope = device.envelope(1, 3);
        const auto before = state();
        for (std::size_t i = 0; i < envelope.size(); ++i) {
            auto flipped = envelope;
            flipped[i] ^= 0x20;
            CHECK_FALSE(send(flipped));
        }
        CHECK(state() == before);
        CHECK(send(envelope));
    }

    TEST_CASE_FIXTURE(IngestFixture, "a batch that was cut anywhere is refused") {
        device.record(3);
        const auto envelope = device.envelope(1, 3);
        for (std::size_t size = 0; size < envelope.size(); ++size)
            CHECK_FALSE(send(ByteView(envelope).first(size)));
        CHECK(events() == 0);
    }

    TEST_CASE_FIXTURE(IngestFixture, "only devices that were let in and not shut out are heard") {
        device.record(2);
        TestDevice stranger(random, clock, keys->seal_key());
        stranger.record(1);
        const auto refused = send(stranger.envelope(1, 1));
        CHECK(message_of(refused) == "central.unknown_device");
        CHECK(refused.error().code == ErrorCode::unauthorized);

        REQUIRE(send(device.envelope(1, 1)));
        CHECK(store->revoke_clinic(clinic, clock.now()) == 1);
        CHECK(store->revoke_clinic(clinic, clock.now()) == 0);
        const auto revoked = send(device.envelope(2, 1));
        CHECK(message_of(revoked) == "central.revoked_device");
        CHECK(revoked.error().code == ErrorCode::forbidden);
        CHECK(events() == 1);
    }

    TEST_CASE_FIXTURE(IngestFixture,
                      "a device that is revoked while its batch is read is refused") {
        device.record(1);
        Upload upload;
        upload.batch = device.batch(1, 1);
        upload.batch.events = device.log.all;
        upload.device = device.id;
        upload.received = clock.now();
        upload.verdicts.resize(1);
        REQUIRE(store->revoke_device(device.id, clock.now()));
        CHECK_FALSE(store->revoke_device(device.id, clock.now()));
        const auto refused = store->ingest(upload);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::forbidden);
        CHECK(events() == 0);
    }

    TEST_CASE_FIXTURE(IngestFixture, "nobody brings another machine's batch as their own") {
        device.record(1);
        const auto other = enrol(clinic);
        const auto reply = ingester->ingest(device.envelope(1, 1), {other.id});
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == ErrorCode::forbidden);
        CHECK(ingester->ingest(device.envelope(1, 1), {device.id}));
    }

    TEST_CASE_FIXTURE(IngestFixture,
                      "what a clinic decides of its lots reaches women at the centre as there") {
        const auto girl = make_time_ordered_id<WomanTag>(1, random);
        const auto facility = codec::facility_subject(clinic);
        const auto counting = [&] {
            return count(
                "SELECT coalesce(sum(amount), 0) FROM delta JOIN indicator_key k"
                "    ON k.ix = indicator_ix WHERE k.id = 'hpv1-by-15' AND part = 1");
        };
        auto below_15 = registered("350203");
        std::get<Register>(below_15.detail).who.birth_date = *PartialDate::parse("2012-05-06");
        device.record(below_15, girl);
        device.record(tests::fact("2026-02-01", Dose{"cvx:118", {}, "A1"}), girl);
        const auto held = device.record(
            tests::fact("2026-02-03", tests::excursion({"A1"}, "2026-02-01")), facility);
        REQUIRE(send(device.envelope(1, 3)));
        CHECK(count("SELECT count(*) FROM profile") == 1);
        CHECK(counting() == 1);
        device.record(tests::fact("2026-02-04", tests::decided(held, LotDecision::substandard)),
                      facility);
        REQUIRE(send(device.envelope(4, 1)));
        CHECK(counting() == 0);
        device.record(tests::fact("", VoidFact{held}), facility);
        REQUIRE(send(device.envelope(5, 1)));
        CHECK(counting() == 1);
        // Stock of a woman, and a woman who is a facility.
        device.record(tests::fact("2026-02-05", tests::recalled({"A1"})), girl);
        device.record(registered("350203"), facility);
        REQUIRE(send(device.envelope(6, 2)));
        CHECK(count("SELECT count(*) FROM quarantine WHERE reason = 'invalid'") == 2);
        CHECK(count("SELECT count(*) FROM profile") == 1);
        CHECK(counting() == 1);
    }

    TEST_CASE_FIXTURE(IngestFixture,
                      "a failure before the commit leaves nothing, and a retry all") {
        device.record(8);
        const auto envelope = device.envelope(1, 8);
        const auto before = state();
        store->before_commit([] { throw std::runtime_error("the machine died"); });
        CHECK_THROWS_AS((void)send(envelope), std::runtime_error);
        CHECK(state() == before);
        reopen();
        CHECK(state() == before);
        REQUIRE(send(envelope));
        CHECK(events() == 8);
    }

    TEST_CASE_FIXTURE(IngestFixture, "a fact of a kind that is not known yet is kept and counted") {
        device.record(tests::fact("2026-03-01", NewerFact{900, 1, Bytes{0xa0}}), tests::woman(1));
        device.record(registered("350203"), tests::woman(1));
        REQUIRE(send(device.envelope(1, 2)));
        CHECK(events() == 2);
        CHECK(status().newer == 1);
        CHECK(status().refused == 0);
        CHECK(count("SELECT count(*) FROM quarantine") == 0);
        CHECK(count("SELECT count(*) FROM profile") == 1);
    }

    TEST_CASE_FIXTURE(IngestFixture,
                      "what no fact may say is kept without effect, and stops none") {
        auto impossible = registered("350203");
        std::get<Register>(impossible.detail)
            .who.identifiers.push_back({IdentifierKind::resident_id, "350203198503041235", {}});
        device.record(impossible, tests::woman(1));
        device.record(registered("350206"), tests::woman(2));
        const auto reply = send(device.envelope(1, 2));
        REQUIRE(reply);
        CHECK(reply->code == UploadCode::applied);
        CHECK(status().refused == 1);
        CHECK(count("SELECT count(*) FROM quarantine WHERE reason = 'invalid'") == 1);
        CHECK(count("SELECT count(*) FROM profile") == 1);
        CHECK(count("SELECT count(DISTINCT woman_ix) FROM contribution") == 1);
    }

    TEST_CASE_FIXTURE(IngestFixture, "a payload that can't be read is kept without effect") {
        auto torn = device.facts.next();
        torn.payload.back() ^= 0xff;
        torn.payload.push_back(0x00);
        const auto header = codec::decode_header(torn.header);
        torn.header = codec::with_commitment(codec::without_commitment(torn.header),
                                             codec::commitment_of(torn.salt, torn.payload));
        device.log.record(torn);
        device.record(2);
        REQUIRE(send(device.envelope(1, 3)));
        CHECK(header);
        CHECK(events() == 3);
        CHECK(count("SELECT count(*) FROM quarantine WHERE reason = 'bad_payload'") == 1);
    }

    TEST_CASE_FIXTURE(IngestFixture,
                      "an event that was erased at its device keeps the chain whole") {
        device.record(3);
        device.log.erase(2);
        const auto reply = send(device.envelope(1, 3));
        REQUIRE(reply);
        CHECK(reply->code == UploadCode::applied);
        CHECK(store->head(device.id) == device.log.head());
        NoProgress quiet;
        const auto today = zone.local_day(clock.now());
        CHECK(store->check(folder.file("copy.db"), today, quiet).empty());
        CHECK(store->rebuild(quiet));
        CHECK(count("SELECT count(*) FROM quarantine WHERE reason = 'erased'") == 1);
        CHECK(store->check(folder.file("copy.db"), today, quiet).empty());
    }

    TEST_CASE_FIXTURE(IngestFixture, "figures change when a synced fact says so, and only then") {
        device.record(registered("350203"), tests::woman(1));
        const auto envelope = device.envelope(1, 1);
        REQUIRE(send(envelope));
        const auto deltas = count("SELECT count(*) FROM delta");
        CHECK(deltas > 0);
        REQUIRE(send(envelope));
        CHECK(count("SELECT count(*) FROM delta") == deltas);

        device.record(tests::fact("2026-02-03", Visit{}), tests::woman(1));
        REQUIRE(send(device.envelope(2, 1)));
        CHECK(count("SELECT count(*) FROM delta") == deltas);

        device.record(tests::fact("2026-02-03", DoseNotGiven{NotGivenReason::allergy, "cvx:165"}),
                      tests::woman(1));
        device.record(tests::fact("2026-02-03", AdverseEvent{}), tests::woman(1));
        REQUIRE(send(device.envelope(3, 2)));
        CHECK(count("SELECT count(*) FROM delta") == deltas);
        CHECK(count("SELECT count(*) FROM quarantine") == 0);

        device.record(tests::fact("2022-02-03", Dose{"cvx:165", {}, ""}), tests::woman(1));
        REQUIRE(send(device.envelope(5, 1)));
        CHECK(count("SELECT count(*) FROM delta") > deltas);
    }

    TEST_CASE_FIXTURE(IngestFixture, "a clock that is off by years orders nobody else's facts") {
        constexpr std::chrono::hours years{24 * 365 * 20};
        device.record(tests::fact("2026-03-01", Visit{}), tests::woman(1));
        auto batch = device.batch(1, 1);
        batch.clock_ms = unix_ms(clock.now() + years);
        clock.advance(std::chrono::minutes{1});
        REQUIRE(send(device.envelope(batch)));
        // Its clock claims now; the centre knows that "now" was twenty years ago by that clock.
        const auto moved = unix_ms(clock.now() - years);
        CHECK(last_effective_ms() == moved);
        CHECK(status().clock_suspect);
        CHECK(status().clock_offset_ms == -unix_ms(Instant{years}) + 60'000);
        CHECK(count("SELECT clock_suspect FROM upload") == 1);

        auto slow = enrol(clinic);
        slow.record(tests::fact("2026-03-01", Visit{}), tests::woman(1));
        batch = slow.batch(1, 1);
        batch.clock_ms = 0;
        REQUIRE(send(slow.envelope(batch)));
        CHECK(last_effective_ms() == unix_ms(clock.now()));
    }

    TEST_CASE_FIXTURE(IngestFixture,
                      "a clock's reading that can't be is taken for the end of time") {
        const auto now = clock.now();
        CHECK(clock_offset_ms(INT64_MIN, now) == unix_ms(now));
        CHECK(clock_offset_ms(INT64_MAX, now) == unix_ms(now) - (1LL << 48) + 1);
    }

    TEST_CASE_FIXTURE(IngestFixture, "the status says who is behind, and when they last came") {
        device.record(10);
        REQUIRE(send(device.envelope(1, 4)));
        CHECK(status().behind() == 6);
        CHECK(status().last_batch == clock.now());
        CHECK(status().app_version == "0.1.0");
        CHECK_FALSE(status().clock_suspect);
        const auto came = clock.now();
        clock.advance(std::chrono::hours{1});
        store->note_seen(device.id, clock.now());
        CHECK(status().last_batch == came);
        CHECK(status().seen == clock.now());
    }

    TEST_CASE_FIXTURE(IngestFixture, "a fact is known from the centre's own day on") {
        clock.set(std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + std::chrono::hours{17});
        device.record(1);
        REQUIRE(send(device.envelope(1, 1)));
        CHECK(count("SELECT known_day FROM ingest") ==
              Date::from_ymd(2026, 3, 5).days());  // In Shanghai it is the next morning.
        clock.set(std::chrono::sys_days{std::chrono::year{2026} / 3 / 3});
        device.record(1);
        REQUIRE(send(device.envelope(2, 2)));  // The centre's day is never taken back.
        CHECK(count("SELECT min(known_day) FROM ingest") == Date::from_ymd(2026, 3, 5).days());
    }
}

}  // namespace egret::central
