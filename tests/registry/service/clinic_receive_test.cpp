// What reaches a clinic from its centre: pages of the feed, and its own log as the centre has it.

#include "registry/codec/event_codec.h"
#include "registry/crypto/hash.h"
#include "registry/store/state_digest.h"
#include "registry/store/statements.h"
#include "tests/support/clinic_fixture.h"
#include "tests/support/disk_clinic.h"
#include "tests/support/registry_file.h"

#include <doctest/doctest.h>

#include <vector>

namespace egret::service {
namespace {

using store::Received;
using store::ReceivedDrop;
using store::ReceivedFact;
using store::ReceivedJudgement;
using store::ReceivedRuling;
using tests::day;
using tests::device;
using tests::fact;

const DeviceId elsewhere = device(200);

/// Facts of another machine's.
struct Neighbour {
    ReceivedFact say(Fact said, const WomanId& subject, std::int64_t minute = 0) {
        auto event = speaker.event(std::move(said), subject, minute);
        return {elsewhere, ++seq, speaker.encode(event), {}, {}};
    }

    Received page(std::vector<store::ReceivedItem> items) {
        Received received;
        received.devices = {{elsewhere, "350203-0002"}};
        received.items = std::move(items);
        received.place = {7, {{++pos, Hash{1}}}, {}};
        return received;
    }

    tests::Speaker speaker;
    std::uint64_t seq = 0;
    std::uint64_t pos = 0;
};

struct ReceiveFixture : tests::ClinicFixture {
    ReceiveFixture() { woman = add(); }

    std::size_t fact_count() {
        const auto history = clinic->load_history(woman);
        return history ? history->facts.size() : 0;
    }

    void check_whole() {
        NoProgress quiet;
        CHECK(clinic->check(quiet).empty());
    }

    WomanId woman;
    Neighbour neighbour;
};

std::vector<codec::EncodedEvent> lines_of(Clinic& clinic, std::uint64_t from = 1) {
    std::vector<codec::EncodedEvent> lines;
    for (auto& line : clinic.log().entries(clinic.device(), from, 1000, SIZE_MAX))
        lines.push_back(std::move(line.event));
    return lines;
}

TEST_SUITE("registry/service/clinic_receive") {
    TEST_CASE_FIXTURE(ReceiveFixture,
                      "what was recorded elsewhere is in her history, and stays so") {
        auto page = neighbour.page({neighbour.say(fact("2026-04-20", Visit{}), woman)});
        const auto head = *clinic->log().find_head(clinic->device());
        const auto received = clinic->receive(page);
        REQUIRE(received);
        CHECK(received->new_facts == 1);
        CHECK(fact_count() == 2);
        CHECK(clinic->feed_place(7) == page.place);
        CHECK(clinic->feed_places().size() == 1);
        CHECK(*clinic->log().find_head(clinic->device()) == head);
        check_whole();
        reopen();
        CHECK(fact_count() == 2);
        CHECK(clinic->receive(page)->new_facts == 0);
        CHECK(fact_count() == 2);
        check_whole();
    }

    TEST_CASE_FIXTURE(ReceiveFixture, "a woman whom only others know is found here") {
        const auto other = tests::woman(9);
        REQUIRE(clinic->receive(neighbour.page(
            {neighbour.say(fact("2026-04-20", Register{somebody("陈静")}), other)})));
        const auto found = clinic->search().find("陈静", 10).rows;
        REQUIRE(found.size() == 1);
        CHECK(found[0].id == other);
        CHECK(found[0].facility == "350203-0002");
    }

    TEST_CASE_FIXTURE(ReceiveFixture,
                      "the clock follows what it is told, not past the centre's time") {
        const auto before = clinic->settings().clock();
        const auto minutes = [&](std::int64_t after) {
            return (unix_ms(clock.now()) - 1'767'225'600'000) / 60'000 + after;
        };
        auto page =
            neighbour.page({neighbour.say(fact("2026-04-20", Visit{}), woman, minutes(60))});
        // No time of the centre's, no trust.
        REQUIRE(clinic->receive(page));
        CHECK(clinic->settings().clock() == before);
        page = neighbour.page({neighbour.say(fact("2026-04-21", Visit{}), woman, minutes(90))});
        page.server_time = clock.now() + std::chrono::minutes{30};
        REQUIRE(clinic->receive(page));
        CHECK(clinic->settings().clock().ms() == unix_ms(page.server_time));
        page = neighbour.page({neighbour.say(fact("2026-04-22", Visit{}), woman, minutes(95))});
        page.server_time = clock.now() + std::chrono::minutes{200};
        REQUIRE(clinic->receive(page));
        CHECK(clinic->settings().clock().ms() == unix_ms(clock.now()) + 95 * 60'000);
        // What is recorded next comes after what was seen.
        const auto recorded = Recorder(*clinic).record(nurse, woman, fact("2026-04-30", Visit{}));
        REQUIRE(recorded);
        CHECK(clinic->log().head_hlc(clinic->device())->ms() == unix_ms(clock.now()) + 95 * 60'000);
        check_whole();
    }

    TEST_CASE_FIXTURE(ReceiveFixture, "a fact of this clinic is judged, refused and accepted") {
        const auto lines = lines_of(*clinic);
        const auto header = codec::decode_header(lines[0].header);
        const ReceivedJudgement judged{clinic->device(), 1, 1, {-3000, Hlc{UINT64_MAX}}, {}, {}};
        CHECK(clinic->receive(neighbour.page({judged}))->rejudged == 1);
        CHECK(clinic->log().find(header->uid)->order.effective.ms() == header->hlc.ms() - 3000);
        CHECK(clinic->receive(neighbour.page({ReceivedRuling{header->uid, false, "invalid"}}))
                  ->ruled == 1);
        CHECK(fact_count() == 0);
        check_whole();
        CHECK(clinic->receive(neighbour.page({ReceivedRuling{header->uid, true, {}}}))->ruled == 1);
        CHECK(fact_count() == 1);
        check_whole();
        // Its own log is sent as it was recorded.
        CHECK(lines_of(*clinic) == lines);
    }

    TEST_CASE_FIXTURE(ReceiveFixture, "who left this clinic's care is forgotten, but for its own") {
        REQUIRE(
            clinic->receive(neighbour.page({neighbour.say(fact("2026-04-20", Visit{}), woman)})));
        const auto received = clinic->receive(neighbour.page({ReceivedDrop{woman}}));
        REQUIRE(received);
        CHECK(received->forgotten == 1);
        CHECK(received->kept == 1);
        CHECK(received->was_made_anew);
        CHECK(fact_count() == 1);
        check_whole();
    }

    TEST_CASE_FIXTURE(ReceiveFixture, "a clinic that is given another code goes on under it") {
        NoProgress quiet;
        REQUIRE(clinic->adopt({clinic->device(), "350203-0001", 3, "https://c.example"}, quiet));
        auto page = neighbour.page({store::ReceivedMove{clinic->device(), "350203-0009"}});
        REQUIRE(clinic->receive(page));
        CHECK(clinic->identity().code == "350203-0009");
        CHECK(clinic->load_history(woman)->facts[0].clinic == "350203-0009");
        reopen();
        CHECK(clinic->identity().code == "350203-0009");
        check_whole();
    }

    TEST_CASE_FIXTURE(ReceiveFixture, "nothing is taken back from a log that is damaged") {
        REQUIRE(
            clinic->receive(neighbour.page({neighbour.say(fact("2026-04-20", Visit{}), woman)})));
        clinic->database().execute("DELETE FROM payload WHERE position = 1");
        const auto before = clinic->feed_place(7);
        const auto refused = clinic->receive(neighbour.page({ReceivedDrop{woman}}));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::conflict);
        CHECK(clinic->feed_place(7) == before);
        CHECK(clinic->log().event_count() == 2);
        CHECK_FALSE(clinic->adopt_own_log(0, lines_of(*clinic), *std::make_unique<NoProgress>()));
    }

    TEST_CASE_FIXTURE(ReceiveFixture, "a clock that jumped dates nothing that is received") {
        build_day = day("2026-04-01");
        reopen();
        clock.set(clock.now() + std::chrono::hours{24 * 365 * 70});
        REQUIRE(clinic->day().clock == ClockState::ahead);
        auto page = neighbour.page({neighbour.say(fact("2026-04-20", Visit{}), woman)});
        page.server_time = instant_from_unix_ms(1'777'700'000'000);
        REQUIRE(clinic->receive(page));
        CHECK(clinic->log().last_ingest()->received == page.server_time);
        CHECK(clinic->log().last_ingest()->known_day == day("2026-05-01"));
    }

    TEST_CASE_FIXTURE(ReceiveFixture, "a restored clinic takes its own log back from the centre") {
        // What the centre has: the log of before, and what was recorded after the backup.
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("2026-04-21", Visit{})));
        const auto centre = lines_of(*clinic);
        NoProgress quiet;
        ReceiveFixture restored;
        // The same machine as of an earlier day: the same id, and a log that is a prefix.
        {
            sqlite::WriteTransaction tx(restored.clinic->database());
            restored.clinic->log().rename_device(
                restored.clinic->device(),
                {restored.clinic->device(), restored.clinic->identity().code}, tx);
            tx.commit();
        }
        const auto orphans = lines_of(*restored.clinic);
        REQUIRE(restored.clinic->adopt_own_log(0, centre, quiet));
        const auto now = lines_of(*restored.clinic);
        REQUIRE(now.size() ==
                centre.size() + orphans.size() - static_cast<std::size_t>(centre[0] == orphans[0]));
        CHECK(std::equal(centre.begin(), centre.end(), now.begin()));
        CHECK(restored.clinic->settings().clock() >=
              *restored.clinic->log().head_hlc(restored.clinic->device()));
        restored.check_whole();
        CHECK(restored.clinic->adopt_own_log(now.size(), {}, quiet));
        CHECK_FALSE(restored.clinic->adopt_own_log(now.size() + 1, centre, quiet));
        restored.add();
        restored.check_whole();
    }
}

/// On a disk whose power may be cut.
struct CutReceive : tests::DiskClinic {
    CutReceive() {
        REQUIRE(create());
        record();
        record();
        const auto own = lines_of(*clinic);
        woman = codec::decode_header(own[0].header)->subject;
        mine = codec::decode_header(own[1].header)->uid;
        // Two pages: one that only adds, and one that takes back.
        pages.push_back(neighbour.page(
            {neighbour.say(fact("2026-04-20", Visit{}), woman),
             ReceivedJudgement{clinic->device(), 1, 4, {-2000, Hlc{UINT64_MAX}}, {}, {}},
             ReceivedRuling{mine, false, "invalid"}}));
        pages.push_back(neighbour.page({ReceivedDrop{woman}, ReceivedRuling{mine, true, {}}}));
        tests::Speaker another(9);
        for (int i = 0; i < 3; ++i)
            tail.push_back(another.encode(another.event(fact("2026-04-20", Visit{}), woman, i)));
    }

    Hash digest() { return store::state_digest(clinic->log(), clinic->database()); }

    /// One state after the other, as far as it comes.
    template <class Step>
    void cut_everywhere(int steps, const Step& step) {
        std::vector<Hash> states{digest()};
        std::vector<Hash> heads{head().hash};
        clinic.reset();
        const auto image = disk.files();
        {
            REQUIRE(open());
            for (int i = 0; i < steps; ++i) {
                step(i);
                states.push_back(digest());
                heads.push_back(head().hash);
            }
            clinic.reset();
        }
        std::uint64_t cuts = 0;
        for (bool is_whole = false; !is_whole; ++cuts) {
            CAPTURE(cuts);
            int committed = 0;
            disk.set_files(image);
            disk.set_seed(cuts);
            disk.fail_at(cuts + 1, tests::DiskFault::power_cut);
            is_whole = is_done([&] {
                const auto opened = open();
                REQUIRE(opened);
                for (int i = 0; i < steps; ++i) {
                    step(i);
                    committed = i + 1;
                }
            });
            clinic.reset();
            disk.crash();
            REQUIRE(open());
            // All of a step, or nothing of it; and none that was done is undone.
            const auto now = digest();
            int at = committed;
            if (now != states[static_cast<std::size_t>(at)] && at < steps) ++at;
            CHECK(now == states[static_cast<std::size_t>(at)]);
            CHECK(head().hash == heads[static_cast<std::size_t>(at)]);
            NoProgress quiet;
            CHECK(clinic->check(quiet).empty());
            // And it goes on from there.
            for (int i = at; i < steps; ++i) step(i);
            CHECK(digest() == states.back());
            clinic.reset();
        }
        CHECK(cuts > 40);
    }

    Neighbour neighbour;
    WomanId woman;
    EventUid mine;
    std::vector<Received> pages;
    std::vector<codec::EncodedEvent> tail;
};

TEST_SUITE("registry/service/clinic_receive") {
    TEST_CASE_FIXTURE(CutReceive, "the power is cut amid a page: it is taken in whole, or not") {
        cut_everywhere(2, [&](int i) {
            const auto& page = pages[static_cast<std::size_t>(i)];
            const auto received = clinic->receive(page);
            REQUIRE(received);
            CHECK(clinic->feed_place(7) == page.place);
        });
    }

    TEST_CASE_FIXTURE(CutReceive, "the power is cut amid a repair: it is done, or not begun") {
        cut_everywhere(1, [&](int) {
            NoProgress quiet;
            const auto adopted = clinic->adopt_own_log(2, tail, quiet);
            REQUIRE(adopted);
        });
    }
}

}  // namespace
}  // namespace egret::service
