#include "registry/store/erased_deltas.h"
#include "tests/support/sqlite_file.h"
#include "tests/sync/central/erase_fixture.h"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace egret::central {
namespace {

using tests::EraseFixture;
using tests::fact;

constexpr auto why = "she asked for it";

}  // namespace

TEST_SUITE("sync/central/erase") {
    TEST_CASE_FIXTURE(EraseFixture, "nothing of her is in any file, and figures of before stay") {
        (void)patient("Somebody Else");
        const auto woman = patient();
        CHECK_FALSE(files_with(canary).empty());
        CHECK(files_with(canary_number).empty());
        CHECK(follows(at_first));
        const auto day = today();
        clock.advance(std::chrono::hours{48});
        const auto before = figures();
        REQUIRE(figures(day) == before);
        REQUIRE(before == figures(std::nullopt, true));

        const auto erased = desk.erase("Chen", woman, false, why);
        REQUIRE(erased);
        CHECK(erased->women == std::vector{woman});
        CHECK(files_with(canary).empty());
        CHECK(files_with(canary_number).empty());
        CHECK(count("SELECT count(*) FROM erased_delta") > 0);
        for (int made_anew = 0; made_anew < 2; ++made_anew) {
            CAPTURE(made_anew);
            CHECK(figures(day) == before);
            CHECK(figures() != before);
            CHECK(figures() == figures(std::nullopt, true));
            CHECK(figures(day, true) == figures());
            CHECK(ask(coverage::known_indicators().front(), day).erased == 1);
            CHECK(ask(coverage::known_indicators().front(), std::nullopt).erased == 0);
            CHECK(check().empty());
            rebuild();
        }
        CHECK(count("SELECT count(*) FROM profile WHERE name = 'Somebody Else'") == 1);
        CHECK(count("SELECT count(*) FROM profile") == 1);
        reopen();
        CHECK(check().empty());
        CHECK(files_with(canary).empty());
    }

    TEST_CASE_FIXTURE(EraseFixture, "who was told of her is told that she is erased") {
        const auto woman = patient();
        (void)say(second, woman, Visit{});
        CHECK(follows(at_second));
        CHECK(follows(at_first));
        // Both stay in her scopes for good, and so does who only said something of her.
        const auto erased = desk.erase("Chen", woman, false, why);
        REQUIRE(erased);
        CHECK(follows(at_first));
        CHECK(follows(at_second));
        for (auto* follower : {&at_first, &at_second}) {
            REQUIRE(follower->facts.contains({centre, 1}));
            CHECK(follower->facts.at({centre, 1}).content);
        }
        const auto open = store->open_erasures();
        REQUIRE(open.size() == 1);
        CHECK(open[0].woman == woman);
        CHECK(open[0].clinics == std::vector{first_clinic, second_clinic});
        // One machine says that it is done.
        first.device.record(fact("2026-03-05", Erase{erased->done.events[0]}), woman);
        upload(first);
        REQUIRE(store->open_erasures().size() == 1);
        CHECK(store->open_erasures()[0].clinics == std::vector{second_clinic});
        // A machine that begins anew hears of it, years later, too.
        clock.advance(std::chrono::hours{24 * 800});
        (void)store->sweep_feeds(clock.now());
        auto anew = follower(first);
        CHECK(follows(anew));
        REQUIRE(anew.facts.contains({centre, 1}));
        for (const auto& [place, told] : anew.facts)
            CHECK(told.content.has_value() == (place.first != second.device.id));
    }

    TEST_CASE_FIXTURE(EraseFixture, "what is said of her afterwards is never readable here") {
        const auto woman = patient("Somebody");
        REQUIRE(desk.erase("Chen", woman, false, why));
        const auto late = say(second, woman, named(canary));
        CHECK(count("SELECT count(*) FROM payload p JOIN event e USING (position) "
                    "WHERE e.type <> 100") == 0);
        CHECK(count("SELECT count(*) FROM quarantine WHERE reason = 'erased'") == 1);
        CHECK(files_with(canary).empty());
        CHECK(follows(at_second));
        CHECK(at_second.refused.at(late) == "erased");
        // Who didn't know of it yet is told.
        CHECK(at_second.facts.contains({centre, 1}));
        CHECK(check().empty());
        rebuild();
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(EraseFixture, "all her ids go, if that is asked for; else none") {
        const auto one = patient();
        const auto other = patient();
        REQUIRE(desk.link("Chen", one, other, "the same number"));
        const auto refused = desk.erase("Chen", other, false, why);
        CHECK(refusal(refused) == "desk.erase_joined");
        CHECK_FALSE(files_with(canary).empty());
        const auto day = today();
        clock.advance(std::chrono::hours{48});
        const auto before = figures();
        const auto erased = desk.erase("Chen", other, true, why);
        REQUIRE(erased);
        CHECK(erased->women.size() == 2);
        CHECK(files_with(canary).empty());
        CHECK(figures(day) == before);
        CHECK(check().empty());
        CHECK(refusal(desk.erase("Chen", one, true, why)) == "desk.erased_already");
    }

    TEST_CASE_FIXTURE(EraseFixture, "who was linked with her by mistake stays whole") {
        const auto woman = patient();
        const auto other = patient("Somebody Else");
        REQUIRE(desk.link("Chen", woman, other, "the same number"));
        clock.advance(std::chrono::hours{48});
        const auto linked = today();
        const auto figures_linked = figures();
        clock.advance(std::chrono::hours{48});
        REQUIRE(desk.unlink("Chen", woman, other, "another birth date"));
        clock.advance(std::chrono::hours{48});
        const auto day = today();
        const auto before = figures();
        clock.advance(std::chrono::hours{48});
        REQUIRE(desk.erase("Chen", woman, false, why));
        for (int made_anew = 0; made_anew < 2; ++made_anew) {
            CHECK(figures(day) == before);
            CHECK(figures(linked) == figures_linked);
            CHECK(check().empty());
            rebuild();
        }
        CHECK(count("SELECT count(*) FROM profile WHERE name = 'Somebody Else'") == 1);
        CHECK(files_with(canary).empty());
    }

    TEST_CASE_FIXTURE(EraseFixture, "of any lives, erased in any order, the sums are right") {
        for (int world = 0; world < 4; ++world) {
            CAPTURE(world);
            std::vector<WomanId> women;
            for (int n = 0; n < 6; ++n) women.push_back(live());
            (void)desk.link("Chen", women[0], women[1], "the same number");
            clock.advance(std::chrono::hours{30});
            std::vector<std::pair<Date, std::vector<coverage::Answer>>> known;
            for (const auto n : {0U, 2U, 4U}) {
                known.emplace_back(today(), figures());
                clock.advance(std::chrono::hours{30});
                const auto erased = desk.erase("Chen", women[n], true, why);
                CHECK((erased || refusal(erased) == "desk.no_woman"));
            }
            for (int made_anew = 0; made_anew < 2; ++made_anew) {
                CAPTURE(made_anew);
                for (const auto& [day, answers] : known) CHECK(figures(day) == answers);
                CHECK(figures() == figures(std::nullopt, true));
                CHECK(check().empty());
                rebuild();
            }
        }
    }

    TEST_CASE_FIXTURE(EraseFixture, "what is kept of her sums is held to itself") {
        REQUIRE(desk.erase("Chen", patient(), false, why));
        REQUIRE(check().empty());
        const auto faults_after = [&](const char* sql) {
            std::set<std::string> kinds;
            sqlite::OpenOptions options;
            options.path = db_path();
            sqlite::Database db(options);
            sqlite::WriteTransaction tx(db);
            tests::change_unguarded(db, sql);
            if (store::has_damaged_erased_deltas(db)) kinds.insert("erased_delta");
            if (has_damaged_erasures(db)) kinds.insert("erased_woman");
            return kinds;
        };
        CHECK(faults_after("UPDATE erased_delta SET amount = amount + 1 WHERE id = 1") ==
              std::set<std::string>{"erased_delta"});
        CHECK(faults_after("DELETE FROM erased_delta WHERE id = 1") ==
              std::set<std::string>{"erased_delta"});
        CHECK(faults_after("DELETE FROM erased_woman") == std::set<std::string>{"erased_woman"});
        CHECK(faults_after("UPDATE erased_woman SET ingest = 1") ==
              std::set<std::string>{"erased_woman"});
    }

    TEST_CASE_FIXTURE(EraseFixture, "who may not, or names nobody, erases nothing") {
        const auto woman = patient();
        CHECK(refusal(desk.erase("Nobody", woman, false, why)) == "central.no_officer");
        CHECK(refusal(desk.erase("Chen", woman, false, " ")) == "desk.needs_reason");
        CHECK(refusal(desk.erase("Chen", new_woman(), false, why)) == "desk.no_woman");
        CHECK_FALSE(files_with(canary).empty());
        CHECK(count("SELECT count(*) FROM erased_woman") == 0);
    }

    TEST_CASE_FIXTURE(EraseFixture, "an act that fails leaves her as she was") {
        const auto woman = patient();
        const auto before = figures();
        store->before_commit([] { throw std::runtime_error("the power went"); });
        CHECK_THROWS((void)desk.erase("Chen", woman, false, why));
        store->before_commit([] {});
        CHECK(figures() == before);
        CHECK(check().empty());
        CHECK(count("SELECT count(*) FROM erased_woman") == 0);
        REQUIRE(desk.erase("Chen", woman, false, why));
        CHECK(files_with(canary).empty());
    }
}

}  // namespace egret::central
