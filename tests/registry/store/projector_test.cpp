#include "registry/store/projector.h"

#include "tests/support/projected_registry.h"
#include "tests/support/random_world.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <map>

namespace egret::store {
namespace {

using coverage::Contribution;
using coverage::Indicator;
using tests::day;
using tests::dose;
using tests::fact;
using tests::ProjectedRegistry;
using tests::registration;
using tests::woman;

const Indicator& hpv1() {
    for (const auto& indicator : coverage::known_indicators()) {
        if (indicator.id == "hpv1-by-15") return indicator;
    }
    FAIL("the indicator is gone");
    return coverage::known_indicators().front();
}

/// How many belong, or count, on that day, in all.
int count_on(const Contribution& deltas, coverage::Part part, std::string_view on) {
    int count = 0;
    for (const auto& delta : deltas) {
        if (delta.part == part && delta.day <= day(on)) count += delta.amount;
    }
    return count;
}

int belonging(ProjectedRegistry& registry) {
    return count_on(registry.sum(hpv1()), coverage::Part::denominator, "2026-03-01");
}

int counting(ProjectedRegistry& registry) {
    return count_on(registry.sum(hpv1()), coverage::Part::numerator, "2026-03-01");
}

void check_against_facts(ProjectedRegistry& registry) {
    for (const auto& indicator : coverage::known_indicators())
        CHECK(registry.sum(indicator) == registry.recount(indicator));
}

TEST_SUITE("registry/store/projector") {
    TEST_CASE_FIXTURE(ProjectedRegistry, "a fact counts in the transaction that stores it") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        CHECK(belonging(*this) == 1);
        CHECK(counting(*this) == 0);
        say(dose("2026-02-01"), woman(1));
        CHECK(counting(*this) == 1);
        check_against_facts(*this);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry, "what did not reach its commit left no trace") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        const auto before = tests::dump_projections(*db);
        {
            sqlite::WriteTransaction tx(*db);
            take_in(
                {speaker.encode(speaker.event(dose("2026-02-01"), woman(1))),
                 speaker.encode(speaker.event(registration("单丽", "2011", "350205"), woman(2)))},
                tests::device(2), tx);
            CHECK(counting(*this) == 1);
        }
        CHECK(tests::dump_projections(*db) == before);
        CHECK(log.event_count() == 1);
        CHECK_FALSE(projector.needs_rebuild());
        // And the numbers that were rolled back with it go to others without harm.
        say(registration("陈静", "2011", "350206"), woman(3), tests::device(2));
        check_against_facts(*this);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry, "the same fact from two places counts once") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        const auto event = say(dose("2026-02-01"), woman(1), tests::device(1));
        const auto deltas = tests::number(*db, "SELECT count(*) FROM delta");
        say_events({event}, tests::device(2));
        CHECK(counting(*this) == 1);
        CHECK(tests::number(*db, "SELECT count(*) FROM delta") == deltas);
        CHECK(log.event_count() == 3);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry,
                      "a void takes a fact's effect away, its own void gives it back") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        const auto given = say(dose("2026-02-01"), woman(1));
        const auto voided = say(fact("", VoidFact{given.uid}), woman(1));
        CHECK(counting(*this) == 0);
        say(fact("", VoidFact{voided.uid}), woman(1));
        CHECK(counting(*this) == 1);
        check_against_facts(*this);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry, "a void that takes the registration leaves her findable") {
        const auto registered = say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        say(dose("2026-02-01"), woman(1));
        const auto voided = say(fact("", VoidFact{registered.uid}), woman(1));
        CHECK(belonging(*this) == 0);
        auto found = Search(*db).find("王小丽", 10).rows;
        REQUIRE(found.size() == 1);
        CHECK(found[0].id == woman(1));
        CHECK_FALSE(found[0].registered_on);
        check_against_facts(*this);
        say(fact("", VoidFact{voided.uid}), woman(1));
        CHECK(belonging(*this) == 1);
        check_against_facts(*this);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry, "a link makes one woman of two, an unlink two of one") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        say(registration("王小丽", "2012-01-01", "350205"), woman(2));
        say(dose("2026-02-01"), woman(1));
        say(dose("2026-02-02"), woman(2));
        const auto apart = sum(hpv1());
        const auto profiles = tests::dump_table(*db, "profile");
        CHECK(belonging(*this) == 2);
        CHECK(counting(*this) == 2);

        say(fact("2026-02-03", Link{woman(1), "same number"}), woman(2));
        CHECK(belonging(*this) == 1);
        CHECK(counting(*this) == 1);
        CHECK(tests::number(*db, "SELECT count(*) FROM profile") == 1);
        CHECK(tests::number(*db, "SELECT count(DISTINCT canonical_ix) FROM woman") == 1);
        check_against_facts(*this);

        say(fact("2026-02-04", Unlink{woman(2)}), woman(1));
        CHECK(sum(hpv1()) == apart);
        CHECK(tests::number(*db, "SELECT count(*) FROM profile") == 2);
        CHECK(tests::number(*db, "SELECT count(DISTINCT canonical_ix) FROM woman") == 2);
        check_against_facts(*this);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry,
                      "a link that was voided joins nobody, wherever it was voided") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        say(registration("王小丽", "2012-01-01", "350205"), woman(2));
        const auto apart = sum(hpv1());
        const auto link = say(fact("2026-02-03", Link{woman(2), "same name"}), woman(1));
        WomanId subject;
        SUBCASE("under the link's own subject") { subject = woman(1); }
        SUBCASE("under the other woman") { subject = woman(2); }
        say(fact("", VoidFact{link.uid}), subject);
        CHECK(sum(hpv1()) == apart);
        check_against_facts(*this);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry,
                      "a woman's fact that was voided while she was linked stays voided") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        say(registration("王小丽", "2012-01-01", "350205"), woman(2));
        const auto given = say(dose("2026-02-02"), woman(2));
        say(fact("2026-02-03", Link{woman(2), "same number"}), woman(1));
        say(fact("", VoidFact{given.uid}), woman(1));  // By her canonical id.
        CHECK(counting(*this) == 0);
        say(fact("2026-02-04", Unlink{woman(2)}), woman(1));
        CHECK(belonging(*this) == 2);
        CHECK(counting(*this) == 0);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry, "a chain of links is one woman, by her smallest id") {
        for (std::uint8_t n = 1; n <= 4; ++n)
            say(registration("王小丽", "2012-01-01", "350203"), woman(n));
        say(fact("2026-02-03", Link{woman(4), ""}), woman(3));
        say(fact("2026-02-03", Link{woman(1), ""}), woman(2));
        CHECK(belonging(*this) == 2);
        say(fact("2026-02-03", Link{woman(2), ""}), woman(4));
        CHECK(belonging(*this) == 1);
        Women women(*db);
        CHECK(women.find(woman(4))->id == woman(1));
        say(fact("2026-02-04", Unlink{woman(2)}), woman(4));
        CHECK(women.find(woman(4))->id == woman(3));
        check_against_facts(*this);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry,
                      "a fact that can't be read is kept aside and counts nowhere") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        auto event = speaker.event(dose("2026-02-01"), woman(1), 9);
        auto encoded = speaker.encode(event);
        const auto header = *codec::decode_header(encoded.header);
        encoded.payload = {0xff};
        encoded.header =
            codec::with_commitment(codec::without_commitment(encoded.header),
                                   codec::commitment_of(encoded.salt, encoded.payload));
        say_encoded({encoded, speaker.encode(speaker.event(dose("2026-02-02"), woman(1), 10))});
        CHECK(counting(*this) == 1);
        REQUIRE(log.quarantined().size() == 1);
        CHECK(log.quarantined()[0].reason == "bad_payload");
        CHECK(log.entries(tests::device(1), 2, 1, 100)[0].event == encoded);
        CHECK(header.uid == event.uid);
        check_against_facts(*this);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry,
                      "a fact from a newer version is kept and disturbs nothing") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        say(fact("", NewerFact{900, 7, {0xa0}}), woman(1));
        CHECK(belonging(*this) == 1);
        CHECK(log.quarantined().empty());
        CHECK(Women(*db).find(woman(1))->fact_count == 2);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry, "nobody changes or deletes a delta") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        for (const char* sql : {"UPDATE delta SET amount = 7", "DELETE FROM delta"}) {
            CAPTURE(sql);
            CHECK(tests::trouble_of([&] { db->execute(sql); }) == sqlite::Trouble::constraint);
        }
    }

    TEST_CASE_FIXTURE(ProjectedRegistry, "damage in a contribution stops, and changes nothing") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        db->execute("UPDATE contribution SET content = x'00'");
        CHECK(tests::trouble_of([&] { say(dose("2026-02-01"), woman(1)); }) ==
              sqlite::Trouble::damaged);
        CHECK(log.event_count() == 1);
        NoProgress quiet;
        projector.rebuild(quiet);
        say(dose("2026-02-01"), woman(1));
        check_against_facts(*this);
    }

    TEST_CASE(
        "deltas add up to what the facts say, after every kind of change, on every past day") {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            CAPTURE(seed);
            ProjectedRegistry registry;
            tests::RandomWorld world(registry, seed, 12, true);
            std::map<Date, std::vector<Contribution>> as_known;
            for (int step = 0; step < 120; ++step) {
                world.say_one();
                if (step % 20 != 19) continue;
                check_against_facts(registry);
                for (const auto& indicator : coverage::known_indicators())
                    as_known[registry.today].push_back(registry.sum(indicator));
                registry.today = registry.today.plus_days(1);
            }
            for (const auto& [known_on, sums] : as_known) {
                for (std::size_t i = 0; i < sums.size(); ++i) {
                    const auto& indicator = coverage::known_indicators()[i];
                    CHECK(registry.sum(indicator, known_on) == sums[i]);
                    CHECK(registry.recount(indicator, known_on) == sums[i]);
                }
            }
        }
    }

    TEST_CASE("a rebuild makes what was there, byte for byte") {
        for (std::uint64_t seed = 11; seed <= 12; ++seed) {
            CAPTURE(seed);
            ProjectedRegistry registry;
            tests::RandomWorld world(registry, seed, 12, true);
            for (int step = 0; step < 120; ++step) world.say_one();
            const auto before = tests::dump_projections(*registry.db);
            CHECK_FALSE(registry.projector.needs_rebuild());
            NoProgress quiet;
            registry.projector.rebuild(quiet);
            CHECK(tests::dump_projections(*registry.db) == before);
            // And goes on as if nothing had been.
            for (int step = 0; step < 20; ++step) world.say_one();
            check_against_facts(registry);
        }
    }

    TEST_CASE("one batch and fact by fact end in the same state") {
        ProjectedRegistry one_by_one;
        ProjectedRegistry at_once;
        std::vector<Event> events;
        events.push_back(one_by_one.say(registration("王小丽", "2012", "350203"), woman(1)));
        events.push_back(one_by_one.say(registration("王丽", "2012", "350203"), woman(2)));
        events.push_back(one_by_one.say(dose("2026-02-01"), woman(2)));
        events.push_back(one_by_one.say(fact("2026-02-02", Link{woman(2), ""}), woman(1)));
        at_once.say_events(events);
        CHECK(at_once.sum(hpv1()) == one_by_one.sum(hpv1()));
        for (const char* table : {"woman", "profile", "contribution", "search_term"})
            CHECK(tests::dump_table(*at_once.db, table) ==
                  tests::dump_table(*one_by_one.db, table));
        CHECK(at_once.projector.current_position() == 4);
    }

    TEST_CASE_FIXTURE(ProjectedRegistry,
                      "other indicators, another program or a longer log need a rebuild") {
        say(registration("王小丽", "2012-01-01", "350203"), woman(1));
        CHECK_FALSE(projector.needs_rebuild());
        SUBCASE("indicators") {
            std::vector<Indicator> fewer{hpv1()};
            Projector other(log, *db, {fewer, true});
            CHECK(other.needs_rebuild());
            NoProgress quiet;
            other.rebuild(quiet);
            CHECK_FALSE(other.needs_rebuild());
            CHECK(belonging(*this) == 1);
            CHECK(projector.needs_rebuild());
        }
        SUBCASE("protocol") {
            // As a program wrote it that carried an older version of the schedule.
            db->execute(
                "UPDATE projection SET indicators = "
                "replace(indicators, 'cn-nip-hpv-2025@2025', 'cn-nip-hpv-2025@2024')");
            CHECK(projector.needs_rebuild());
            NoProgress quiet;
            projector.rebuild(quiet);
            CHECK_FALSE(projector.needs_rebuild());
        }
        SUBCASE("program") {
            db->execute("UPDATE projection SET code_version = 0");
            CHECK(projector.needs_rebuild());
        }
        SUBCASE("log") {
            sqlite::WriteTransaction tx(*db);
            const auto ingest = log.begin_ingest({Instant{}, today}, tx);
            tests::append(log, tests::device(1),
                          {speaker.encode(speaker.event(dose("2026-02-01"), woman(1)))}, ingest,
                          tx);
            tx.commit();
            CHECK(projector.needs_rebuild());
            NoProgress quiet;
            projector.rebuild(quiet);
            CHECK(counting(*this) == 1);
        }
    }

    TEST_CASE("a new registry needs no rebuild") {
        ProjectedRegistry registry;
        CHECK_FALSE(registry.projector.needs_rebuild());
        CHECK(registry.projector.current_position() == 0);
    }
}

}  // namespace
}  // namespace egret::store
