#include "sync/central/feed_reader.h"

#include "tests/support/sqlite_file.h"
#include "tests/sync/central/feed_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

namespace egret::central {
namespace {

using std::chrono::days;
using tests::FeedFixture;
using tests::Follower;

struct ReaderFixture : FeedFixture {
    std::string first_clinic = add_clinic();
    std::string second_clinic = add_clinic();
    Machine first = join(first_clinic);
    Machine second = join(second_clinic);
    Follower at_first = follower(first);
    WomanId woman = new_woman();

    ReaderFixture() { say(first, woman, registration()); }

    /// The second clinic records that many of her visits.
    void visits(int number) {
        for (int i = 0; i < number; ++i)
            second.device.record(tests::fact("2026-01-05", Visit{}), woman);
        upload(second);
    }

    FeedStore& feeds() { return store->feeds(); }

    sync::FeedAnswer answer_at(std::uint64_t pos, const Hash& hash) {
        const auto reply =
            feeds().feed_page(first.device.id, {scope_of(first_clinic), pos, hash}, clock.now());
        REQUIRE(reply);
        return reply->answer;
    }

    std::vector<Fault> verify() {
        NoProgress nobody;
        return store->verify(folder.file("copy.db"), zone.local_day(clock.now()), nobody);
    }

    void copy_file(const std::string& to) {
        std::filesystem::copy_file(db_path(), to,
                                   std::filesystem::copy_options::overwrite_existing);
    }

    void tamper(const std::string& sql) {
        sqlite::OpenOptions options;
        options.path = db_path();
        options.busy_timeout_ms = 5000;
        sqlite::Database(options).execute(sql.c_str());
    }
};

}  // namespace

TEST_SUITE("sync/central/feed_reader") {
    TEST_CASE_FIXTURE(ReaderFixture,
                      "a long feed comes in pages that follow each other, each item once") {
        for (int i = 0; i < 5; ++i) visits(1000);
        int pages = 0;
        sync::FeedCursor at{scope_of(first_clinic), 0, {}};
        std::uint64_t head = 0;
        do {
            const auto reply = feeds().feed_page(first.device.id, at, clock.now());
            REQUIRE(reply);
            const auto& page = reply->page;
            CHECK(page.first_pos == at.pos + 1);
            CHECK(page.prev_hash == at.hash);
            CHECK_FALSE(page.items.empty());
            CHECK(page.items.size() <= limits::feed_items_max);
            at = page.end();
            head = page.head_pos;
            ++pages;
        } while (at.pos < head);
        CHECK(pages > 3);
        REQUIRE(follows(at_first));
        CHECK(at_first.facts.size() == 5000);
        CHECK(at_first.items == head);
        CHECK(at_first.twice == 0);
    }

    TEST_CASE_FIXTURE(ReaderFixture,
                      "another hash at a position, or a position that isn't there, is REWOUND") {
        visits(2);
        REQUIRE(follows(at_first));
        const auto& cursor = at_first.client().cursor();
        CHECK(answer_at(cursor.pos, cursor.hash) == sync::FeedAnswer::page);
        auto other = cursor.hash;
        other[0] ^= 1;
        CHECK(answer_at(cursor.pos, other) == sync::FeedAnswer::rewound);
        CHECK(answer_at(cursor.pos - 1, cursor.hash) == sync::FeedAnswer::rewound);
        CHECK(answer_at(cursor.pos + 1, cursor.hash) == sync::FeedAnswer::rewound);
        CHECK(answer_at(0, other) == sync::FeedAnswer::rewound);
        CHECK(answer_at(0, Hash{}) == sync::FeedAnswer::page);
    }

    TEST_CASE_FIXTURE(ReaderFixture,
                      "a restored centre sends its clinics back, and they miss nothing") {
        visits(3);
        REQUIRE(follows(at_first));
        store.reset();
        copy_file(folder.file("backup.db"));
        reopen();
        visits(2);
        REQUIRE(follows(at_first));
        const auto kept = at_first.facts;
        store.reset();
        std::filesystem::remove(db_path() + "-wal");
        std::filesystem::remove(db_path() + "-shm");
        std::filesystem::copy_file(folder.file("backup.db"), db_path(),
                                   std::filesystem::copy_options::overwrite_existing);
        reopen();
        clock.set(clock.now() + days{1});
        // The machine hands its facts over again, beside new ones: the numbers of the feed now mean
        // other items.
        second.sent = 3;
        second.device.record(tests::fact("2026-01-06", Visit{}), woman);
        upload(second);
        REQUIRE(follows(at_first));
        CHECK(at_first.rewinds == 1);
        CHECK(at_first.facts.size() == kept.size() + 1);
        CHECK(told(at_first) == held(first));
    }

    TEST_CASE_FIXTURE(ReaderFixture, "nobody reads a scope that isn't its own") {
        visits(1);
        const auto asked = sync::FeedCursor{scope_of(first_clinic), 0, {}};
        CHECK(feeds().feed_page(second.device.id, asked, clock.now()).error().code ==
              ErrorCode::forbidden);
        CHECK(feeds().snapshot_page(second.device.id, asked.scope, {}, clock.now()).error().code ==
              ErrorCode::forbidden);
        const auto stranger = make_random_id<DeviceTag>(random);
        CHECK(feeds().feed_page(stranger, asked, clock.now()).error().code == ErrorCode::forbidden);
    }

    TEST_CASE_FIXTURE(ReaderFixture,
                      "after 400 days items are gone, and a snapshot has what they said") {
        auto late = follower(first);
        visits(10);
        REQUIRE(follows(at_first));
        clock.set(clock.now() + days{300});
        visits(10);
        clock.set(clock.now() + days{100} + std::chrono::hours{1});
        const auto before = count("SELECT count(*) FROM feed");
        const auto swept = feeds().sweep_feeds(clock.now());
        CHECK(swept.compacted > 10);
        CHECK(count("SELECT count(*) FROM feed") ==
              before - static_cast<std::int64_t>(swept.compacted));
        // Who was there until the first that is left goes on; who has nothing begins with a
        // snapshot.
        REQUIRE(follows(at_first));
        CHECK(at_first.snapshots == 0);
        CHECK(at_first.facts.size() == 20);
        visits(1);
        REQUIRE(follows(late));
        CHECK(late.snapshots == 1);
        CHECK(told(late) == held(first));
        CHECK(late.judged.size() == 1);
        CHECK(late.judged == at_first.judged);
        CHECK(verify().empty());
        CHECK(feeds().sweep_feeds(clock.now()).compacted == 0);
    }

    TEST_CASE_FIXTURE(ReaderFixture,
                      "a snapshot of many pages holds all, whatever comes on the way") {
        for (int i = 0; i < 3; ++i) visits(1000);
        auto beside = join(first_clinic);
        auto at_beside = follower(beside);
        sync::FeedClient client({sync::CursorTrail(scope_of(first_clinic)), Bytes()});
        Bytes next;
        std::set<std::pair<DeviceId, std::uint64_t>> facts;
        int pages = 0;
        do {
            const auto reply =
                feeds().snapshot_page(beside.device.id, scope_of(first_clinic), next, clock.now());
            REQUIRE(reply);
            REQUIRE(reply->answer == sync::FeedAnswer::page);
            const auto page = sync::decode_page(sync::encode_page(reply->page));
            REQUIRE(page);
            for (const auto& item : page->items) {
                const auto& fact = std::get<sync::FeedFact>(item);
                CHECK(facts.emplace(page->devices.at(fact.device).id, fact.seq).second);
            }
            next = page->next;
            ++pages;
            visits(1);
        } while (!next.empty());
        CHECK(pages > 3);
        CHECK(facts.size() >= 3001);
        REQUIRE(follows(at_beside));
        CHECK(told(at_beside) == held(beside));
    }

    TEST_CASE_FIXTURE(ReaderFixture, "what no page said is no place in a snapshot") {
        visits(1);
        const auto ask = [&](ByteView next) {
            return feeds().snapshot_page(first.device.id, scope_of(first_clinic), next,
                                         clock.now());
        };
        CHECK(ask(Bytes(55, 0)).error().code == ErrorCode::invalid_input);
        CHECK(ask(Bytes(57, 0)).error().code == ErrorCode::invalid_input);
        CHECK(ask(Bytes(56, 0xff)).error().code == ErrorCode::invalid_input);
        Bytes other(56, 0);
        other[7] = 1;  // Position 1, with a hash that the feed doesn't have there.
        const auto reply = ask(other);
        REQUIRE(reply);
        CHECK(reply->answer == sync::FeedAnswer::compacted);
    }

    TEST_CASE_FIXTURE(ReaderFixture, "each change of a list is found, and a whole one is whole") {
        visits(3);
        say(first, woman, Visit{});
        REQUIRE(feeds().give_area(first.device.id, "350203"));
        REQUIRE(verify().empty());
        const char* changes[] = {
            "UPDATE feed SET position = position - 1 WHERE position IS NOT NULL AND pos = 3",
            "UPDATE feed SET feed_hash = randomblob(32) WHERE pos = 2",
            "DELETE FROM feed WHERE pos = 2",
            "DELETE FROM feed WHERE pos = (SELECT max(pos) FROM feed)",
            "DELETE FROM feed",
            "DELETE FROM scope_head",
            "UPDATE feed SET scope = scope + 70",
            "UPDATE scope_head SET pos = pos - 1",
            "UPDATE scope_head SET feed_hash = randomblob(32)",
            "UPDATE scope_head SET base_pos = base_pos + 1",
            "UPDATE scope_head SET base_hash = randomblob(32)",
            "UPDATE feed SET item = (SELECT item FROM feed WHERE pos = 1 AND item IS NOT NULL) "
            "WHERE item IS NOT NULL AND pos > 1",
            "UPDATE area_scope SET area = '350206'",
            "UPDATE device_scope SET device = randomblob(16)",
            "UPDATE device_scope SET scope = scope + 1"};
        for (const auto* change : changes) {
            CAPTURE(change);
            for (const auto* table : {"feed", "scope_head", "area_scope", "device_scope"})
                tamper(std::string("CREATE TABLE kept_") + table + " AS SELECT * FROM " + table);
            tamper(change);
            const auto faults = verify();
            CHECK(std::find(faults.begin(), faults.end(), Fault{{}, 0, "feed"}) != faults.end());
            for (const std::string table : {"feed", "scope_head", "area_scope", "device_scope"})
                tamper("DELETE FROM " + table + "; INSERT INTO " + table + " SELECT * FROM kept_" +
                       table + "; DROP TABLE kept_" + table);
        }
        CHECK(verify().empty());
    }

    TEST_CASE_FIXTURE(ReaderFixture,
                      "the centre knows who is how far behind, by asking and by uploads") {
        visits(4);
        const auto standing = [&] {
            for (const auto& one : feeds().feed_standings()) {
                if (one.device == first.device.id) return one;
            }
            return FeedStanding{};
        };
        CHECK_FALSE(standing().told_pos);
        CHECK(standing().head_pos == 5);
        CHECK(standing().behind() == 5);
        REQUIRE(follows(at_first));
        // What it took in with its last page it says with its next word.
        auto batch = first.device.batch(1, 1);
        batch.version = 2;
        batch.cursors = {sync::mark_of(at_first.client().cursor())};
        REQUIRE(send(first.device.envelope(batch)));
        CHECK(standing().behind() == 0);
        visits(2);
        CHECK(standing().behind() == 2);
        // A cursor of another feed says nothing.
        batch.cursors = {{scope_of(first_clinic), 7, {}}};
        REQUIRE(send(first.device.envelope(batch)));
        CHECK(standing().behind() == 2);
        batch.cursors = {{scope_of(second_clinic), 0, {}}};
        REQUIRE(send(first.device.envelope(batch)));
        CHECK(feeds().feed_standings().size() == 2);
        CHECK(count("SELECT count(*) FROM feed_told") == 1);
        const auto news = store->news(first.device.id, clock.now());
        REQUIRE(news.feed.size() == 1);
        CHECK(news.feed.at(0).pos == 7);
        CHECK(news.feed.at(0).scope == scope_of(first_clinic));
    }

    TEST_CASE_FIXTURE(ReaderFixture, "who is given an area is told of all who live there") {
        auto resident = registration();
        resident.who.area = "350203004";
        const auto there = new_woman();
        say(second, there, resident);
        say(second, there, Visit{});
        CHECK(feeds().give_area(first.device.id, "nowhere").error().code ==
              ErrorCode::invalid_input);
        const auto area = feeds().give_area(first.device.id, "350203");
        REQUIRE(area);
        CHECK(area->scope > scope_of(second_clinic));
        CHECK(feeds().give_area(first.device.id, "350203")->scope == area->scope);
        CHECK(feeds().areas_of(first.device.id) == std::vector<AreaScope>{*area});
        Follower coordinator(first.device.id, area->scope);
        REQUIRE(follows(coordinator));
        CHECK(coordinator.snapshots == 1);
        CHECK(coordinator.facts.size() == 2);
        say(second, there, Visit{});
        REQUIRE(follows(coordinator));
        CHECK(coordinator.facts.size() == 3);
        CHECK(store->news(first.device.id, clock.now()).feed.size() == 2);
        // Nobody else, and once it is taken nobody at all.
        Follower other(second.device.id, area->scope);
        CHECK(feeds().feed_page(second.device.id, {area->scope, 0, {}}, clock.now()).error().code ==
              ErrorCode::forbidden);
        CHECK(feeds().take_area(first.device.id, "350203"));
        CHECK_FALSE(feeds().take_area(first.device.id, "350203"));
        CHECK(feeds().feed_page(first.device.id, {area->scope, 0, {}}, clock.now()).error().code ==
              ErrorCode::forbidden);
    }

    TEST_CASE_FIXTURE(ReaderFixture, "who reads while others write sees all, and nothing twice") {
        std::atomic<bool> is_done = false;
        std::atomic<bool> all_well = true;
        std::thread reading([&] {
            sync::FeedCursor at{scope_of(first_clinic), 0, {}};
            std::uint64_t seen = 0;
            for (;;) {
                const bool was_done = is_done;
                const auto reply = feeds().feed_page(first.device.id, at, tests::test_start);
                if (!reply || reply->answer != sync::FeedAnswer::page ||
                    reply->page.first_pos != seen + 1 || reply->page.prev_hash != at.hash ||
                    sync::hash_items(reply->page) != reply->page.last_hash) {
                    all_well = false;
                    return;
                }
                seen += reply->page.items.size();
                at = reply->page.end();
                if (was_done && at.pos == reply->page.head_pos) break;
            }
            all_well = all_well && seen == 201;
        });
        for (int i = 0; i < 200; ++i) visits(1);
        is_done = true;
        reading.join();
        CHECK(all_well);
    }

    // Some women, clinics and machines; anybody may record anything of anybody, women move, are
    // joined and parted; the centre is rebuilt, opened again and compacted. In the end each machine
    // holds of those in its clinic's scope exactly what the centre's log has.
    TEST_CASE("in many small worlds each machine ends with all that its scope holds") {
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            CAPTURE(seed);
            FeedFixture world;
            SeededRandom dice(seed);
            const auto draw = [&](std::size_t below) { return dice.bytes<1>()[0] % below; };
            std::vector<FeedFixture::Machine> machines;
            std::vector<std::string> clinics;
            for (int i = 0; i < 3; ++i) {
                clinics.push_back(world.add_clinic());
                machines.push_back(world.join(clinics.back()));
            }
            std::vector<WomanId> women;
            for (int i = 0; i < 5; ++i) women.push_back(world.new_woman());
            std::vector<Follower> followers;
            for (const auto& machine : machines) followers.push_back(world.follower(machine));
            for (int step = 0; step < 60; ++step) {
                world.clock.advance(std::chrono::hours{20});
                const auto who = draw(machines.size());
                auto& machine = machines[who];
                const auto& woman = women[draw(women.size())];
                Link link;
                link.other = women[draw(women.size())];
                Unlink unlink;
                unlink.other = link.other;
                switch (draw(12)) {
                    case 0:
                    case 1: world.say(machine, woman, FeedFixture::registration()); break;
                    case 2:
                        world.say(machine, woman,
                                  FeedFixture::transfer_to(clinics[draw(clinics.size())]),
                                  world.zone.local_day(world.clock.now()).to_string());
                        break;
                    case 3:
                        if (link.other != woman) world.say(machine, woman, link);
                        break;
                    case 4:
                        if (link.other != woman) world.say(machine, woman, unlink);
                        break;
                    case 5:
                        if (machines.size() < 6) {
                            machines.push_back(world.join(clinics[draw(clinics.size())]));
                            followers.push_back(world.follower(machines.back()));
                        }
                        break;
                    case 6: CHECK(world.follows(followers[who])); break;
                    case 7: world.reopen(); break;
                    case 8:
                        world.clock.advance(days{95});
                        world.store->sweep_feeds(world.clock.now());
                        break;
                    default: world.say(machine, woman, Visit{}); break;
                }
            }
            NoProgress nobody;
            CHECK(world.store
                      ->verify(world.folder.file("copy.db"),
                               world.zone.local_day(world.clock.now()), nobody)
                      .empty());
            for (std::size_t i = 0; i < machines.size(); ++i) {
                CAPTURE(i);
                REQUIRE(world.follows(followers[i]));
                const auto told = FeedFixture::told(followers[i]);
                for (const auto& place : world.held(machines[i])) CHECK(told.contains(place));
            }
        }
    }
}

}  // namespace egret::central
