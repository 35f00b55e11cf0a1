#include "sync/central/feed_writer.h"

#include "registry/codec/facility_subject.h"
#include "tests/support/stock_facts.h"
#include "tests/sync/central/feed_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace egret::central {
namespace {

using std::chrono::days;
using tests::FactPlace;
using tests::FeedFixture;
using tests::Follower;

struct WriterFixture : FeedFixture {
    std::string first_clinic = add_clinic();
    std::string second_clinic = add_clinic();
    Machine first = join(first_clinic);
    Machine second = join(second_clinic);
    Follower at_first = follower(first);
    Follower at_second = follower(second);

    /// Registered at the first clinic, with one visit there.
    WomanId patient() {
        const auto woman = new_woman();
        say(first, woman, registration());
        say(first, woman, Visit{});
        return woman;
    }

    void later(days time) {
        clock.set(clock.now() + time);
        store->sweep_feeds(clock.now());
    }
};

}  // namespace

TEST_SUITE("sync/central/feed_writer") {
    TEST_CASE_FIXTURE(WriterFixture,
                      "what another clinic records of a woman comes to where she lives") {
        const auto woman = patient();
        const auto uid = say(second, woman, Visit{});
        REQUIRE(follows(at_first));
        REQUIRE(at_first.facts.size() == 1);
        const auto& told = at_first.facts.at({second.device.id, 1});
        const auto& sent = second.device.log.all.at(0);
        CHECK(told.header == sent.header);
        CHECK(told.content == sent.content);
        CHECK(codec::decode_header(told.header)->uid == uid);
        // Nobody is told of her who has nothing to do with her.
        REQUIRE(follows(at_second));
        CHECK(at_second.facts.empty());
    }

    TEST_CASE_FIXTURE(
        WriterFixture,
        "a clinic with one machine gets one echo a batch, with the clock's judgement") {
        const auto woman = new_woman();
        first.device.record(tests::fact("2026-01-05", registration()), woman);
        for (int i = 0; i < 9; ++i) first.device.record(tests::fact("2026-01-05", Visit{}), woman);
        clock.set(clock.now() + std::chrono::minutes{7});
        upload(first);
        REQUIRE(follows(at_first));
        CHECK(at_first.items == 1);
        CHECK(at_first.judged.size() == 10);
        const auto& echo = at_first.judged.at({first.device.id, 10});
        CHECK(echo.offset_ms == count("SELECT offset_ms FROM ingest"));
        CHECK(echo.ceiling.value ==
              static_cast<std::uint64_t>(count("SELECT ceiling FROM ingest")));
        CHECK(at_first.order_devices.at({first.device.id, 1}) == first.device.id);
    }

    TEST_CASE_FIXTURE(WriterFixture,
                      "a second machine begins with a snapshot, then both tell each other") {
        const auto woman = patient();
        auto beside = join(first_clinic);
        auto at_beside = follower(beside);
        REQUIRE(follows(at_beside));
        CHECK(at_beside.snapshots == 1);
        CHECK(told(at_beside) == held(beside));
        CHECK(at_beside.facts.size() == 2);
        say(first, woman, Visit{});
        say(beside, woman, Visit{});
        REQUIRE(follows(at_beside));
        REQUIRE(follows(at_first));
        CHECK(at_beside.snapshots == 1);
        CHECK(at_first.snapshots == 0);
        CHECK(at_beside.facts.size() == 3);
        CHECK(has(at_first, beside, 1));
        CHECK(at_beside.judged.contains({beside.device.id, 1}));
    }

    TEST_CASE_FIXTURE(WriterFixture,
                      "who was shut out keeps no clinic from being told by echoes alone") {
        auto beside = join(first_clinic);
        store->revoke_device(beside.device.id, clock.now());
        patient();
        REQUIRE(follows(at_first));
        CHECK(at_first.items == 2);
        CHECK(count("SELECT count(*) FROM feed WHERE is_alone = 1") == 2);
    }

    TEST_CASE_FIXTURE(
        WriterFixture,
        "a woman who moves brings all that is known of her, and is dropped where she left") {
        const auto woman = patient();
        REQUIRE(follows(at_first));
        say(first, woman, transfer_to(second_clinic), "2026-03-01");
        REQUIRE(follows(at_second));
        CHECK(at_second.facts.size() == 3);
        CHECK(told(at_second) == held(second));
        // For ninety days the clinic before is told, too.
        later(days{89});
        say(second, woman, Visit{});
        REQUIRE(follows(at_first));
        CHECK(has(at_first, second, 1));
        CHECK(at_first.dropped.empty());
        later(days{1});
        say(second, woman, Visit{});
        REQUIRE(follows(at_first));
        CHECK(at_first.dropped == std::vector<WomanId>{woman});
        CHECK_FALSE(has(at_first, second, 2));
        // And once only.
        later(days{100});
        REQUIRE(follows(at_first));
        CHECK(at_first.dropped.size() == 1);
    }

    TEST_CASE_FIXTURE(WriterFixture, "who comes back in time is never dropped") {
        const auto woman = patient();
        say(first, woman, transfer_to(second_clinic), "2026-03-01");
        later(days{60});
        say(second, woman, transfer_to(first_clinic), "2026-04-20");
        later(days{60});
        REQUIRE(follows(at_first));
        CHECK(at_first.dropped.empty());
        later(days{31});
        REQUIRE(follows(at_second));
        CHECK(at_second.dropped == std::vector<WomanId>{woman});
    }

    TEST_CASE_FIXTURE(WriterFixture,
                      "who is referred is told of until half a year after the answer") {
        const auto woman = patient();
        Referral referral;
        referral.action = "colposcopy";
        referral.to_facility = second_clinic;
        const auto asked = say(first, woman, referral, "2026-03-01");
        REQUIRE(follows(at_second));
        CHECK(at_second.facts.size() == 3);
        later(days{400});
        REQUIRE(follows(at_second));
        CHECK(at_second.dropped.empty());
        ReferralFeedback answer;
        answer.referral = asked;
        answer.from_facility = second_clinic;
        answer.received_on = zone.local_day(clock.now());
        say(second, woman, answer, "2027-04-01");
        later(days{179});
        say(first, woman, Visit{}, "2027-04-02");
        REQUIRE(follows(at_second));
        CHECK(has(at_second, first, 4));
        CHECK(at_second.dropped.empty());
        later(days{2});
        REQUIRE(follows(at_second));
        CHECK(at_second.dropped == std::vector<WomanId>{woman});
        REQUIRE(follows(at_first));
        CHECK(has(at_first, second, 1));
    }

    TEST_CASE_FIXTURE(WriterFixture,
                      "a link brings all of a woman, and an unlink lets go of what isn't hers") {
        const auto here = patient();
        const auto there = new_woman();
        say(second, there, registration("Li Na"), "2026-01-02");
        say(second, there, Visit{});
        Link link;
        link.other = there;
        say(first, here, link);
        // Her newest registration is the first clinic's; both are told of both.
        REQUIRE(follows(at_first));
        CHECK(has(at_first, second, 1));
        CHECK(has(at_first, second, 2));
        REQUIRE(follows(at_second));
        CHECK(at_second.facts.size() == 3);
        CHECK(told(at_first) == held(first));
        CHECK(told(at_second) == held(second));
        Unlink unlink;
        unlink.other = there;
        say(first, here, unlink);
        later(days{91});
        REQUIRE(follows(at_first));
        REQUIRE(follows(at_second));
        CHECK(at_first.dropped == std::vector<WomanId>{there});
        CHECK(at_second.dropped == std::vector<WomanId>{here});
    }

    TEST_CASE_FIXTURE(WriterFixture, "a link by who has no say in it moves nobody") {
        const auto one = patient();
        const auto other = patient();
        Link link;
        link.other = other;
        say(second, one, link);
        REQUIRE(follows(at_second));
        CHECK(at_second.facts.empty());
    }

    TEST_CASE_FIXTURE(WriterFixture,
                      "of a woman whom nobody registered those are told who recorded something") {
        const auto woman = new_woman();
        say(first, woman, Visit{});
        say(second, woman, Visit{});
        REQUIRE(follows(at_first));
        REQUIRE(follows(at_second));
        CHECK(has(at_first, second, 1));
        CHECK(has(at_second, first, 1));
    }

    TEST_CASE_FIXTURE(WriterFixture,
                      "a refused fact is told its maker's clinic, and nobody as a fact") {
        const auto woman = patient();
        // Stock of a woman: such a one is in quarantine.
        const auto uid = say(second, woman, tests::recalled({"L1"}));
        REQUIRE(count("SELECT count(*) FROM quarantine") == 1);
        REQUIRE(follows(at_first));
        REQUIRE(follows(at_second));
        CHECK(at_first.facts.empty());
        CHECK(at_first.refused.empty());
        CHECK(at_second.refused == std::map<EventUid, std::string>{{uid, "invalid"}});
    }

    TEST_CASE_FIXTURE(WriterFixture,
                      "a fact under two numbers is judged everywhere as the first of them") {
        const auto woman = patient();
        // Another machine with the same registry: it joined anew.
        auto anew = join(second_clinic);
        const auto uid = say(second, woman, Visit{});
        clock.set(clock.now() + days{2});
        anew.device.log = second.device.log;
        anew.device.log.all.resize(1);
        auto batch = anew.device.batch(1, 1);
        batch.clock_ms -= 3'600'000;  // So that what it says takes effect an hour later.
        REQUIRE(send(anew.device.envelope(batch)));
        REQUIRE(count("SELECT count(*) FROM event e JOIN event t USING (uid) WHERE e.position < "
                      "t.position") == 1);
        auto at_anew = follower(anew);
        REQUIRE(follows(at_first));
        REQUIRE(follows(at_second));
        REQUIRE(follows(at_anew));
        const FactPlace before{second.device.id, 1};
        const FactPlace again{anew.device.id, 1};
        for (const auto* side : {&at_first, &at_second, &at_anew}) {
            CHECK(side->judged.at(before) == side->judged.at(again));
            CHECK(side->order_devices.at(again) == second.device.id);
        }
        CHECK(uid == codec::decode_header(at_first.facts.at(before).header)->uid);
    }

    TEST_CASE_FIXTURE(WriterFixture, "what spoils doses goes where they count, other stock stays") {
        const auto woman = patient();
        say(second, woman, Dose{"cvx:118", {}, "L1"}, "2026-02-01");
        const auto facility = codec::facility_subject(second_clinic);
        Stock receipt;
        receipt.action = StockAction::receipt;
        receipt.product = "cvx:118";
        receipt.lot = "L1";
        receipt.quantity = 10;
        say(second, facility, receipt, "2026-01-20");
        const auto held =
            say(second, facility, tests::excursion({"L1"}, "2026-01-24"), "2026-02-25");
        say(second, facility, tests::decided(held, LotDecision::substandard), "2026-02-26");
        REQUIRE(count("SELECT count(*) FROM quarantine") == 0);
        REQUIRE(follows(at_first));
        CHECK(has(at_first, second, 1));
        CHECK_FALSE(has(at_first, second, 2));
        CHECK(has(at_first, second, 3));
        CHECK(has(at_first, second, 4));
        // So it is in a snapshot.
        auto beside = join(first_clinic);
        auto at_beside = follower(beside);
        REQUIRE(follows(at_beside));
        CHECK_FALSE(has(at_beside, second, 2));
        CHECK(has(at_beside, second, 3));
        CHECK(has(at_beside, second, 4));
    }

    TEST_CASE_FIXTURE(WriterFixture, "a rebuild and a restart leave what was told as it is") {
        const auto woman = patient();
        say(second, woman, Visit{});
        say(first, woman, transfer_to(second_clinic), "2026-03-01");
        const auto sum = "SELECT count(*) * 1000 + sum(pos) FROM feed";
        const auto before = count(sum);
        const auto head = store->feeds().feed_standings();
        NoProgress nobody;
        REQUIRE(store->rebuild(nobody));
        reopen();
        CHECK(count(sum) == before);
        const auto after = store->feeds().feed_standings();
        REQUIRE(after.size() == head.size());
        for (std::size_t i = 0; i < head.size(); ++i) CHECK(after[i].head_pos == head[i].head_pos);
        say(second, woman, Visit{});
        REQUIRE(follows(at_first));
        REQUIRE(follows(at_second));
        CHECK(told(at_second) == held(second));
    }

    TEST_CASE_FIXTURE(WriterFixture, "a batch that fails tells nobody anything") {
        const auto woman = patient();
        store->before_commit([] { throw std::runtime_error("the power went"); });
        second.device.record(tests::fact("2026-01-06", Visit{}), woman);
        CHECK_THROWS(send(second.device.envelope(1, 1)));
        store->before_commit([] {});
        REQUIRE(follows(at_first));
        CHECK(at_first.facts.empty());
        upload(second);
        REQUIRE(follows(at_first));
        CHECK(at_first.facts.size() == 1);
        CHECK(at_first.twice == 0);
    }

    TEST_CASE_FIXTURE(WriterFixture,
                      "a centre of an older program enters those who are there, and readers begin "
                      "with a snapshot") {
        const auto woman = patient();
        say(second, woman, Visit{});
        store.reset();
        {
            sqlite::OpenOptions options;
            options.path = db_path();
            sqlite::Database db(options);
            db.execute(
                "DELETE FROM feed; DELETE FROM scope_head; DELETE FROM scope_member; "
                "DELETE FROM setting WHERE name = 'feeds'");
        }
        reopen();
        REQUIRE(follows(at_first));
        CHECK(at_first.snapshots == 1);
        CHECK(at_first.facts.size() == 1);
        CHECK(at_first.judged.size() == 2);
        say(second, woman, Visit{});
        REQUIRE(follows(at_first));
        CHECK(at_first.facts.size() == 2);
        CHECK(at_first.snapshots == 1);
    }
}

}  // namespace egret::central
