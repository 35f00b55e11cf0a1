#include "registry/domain/authority.h"

#include "registry/domain/history.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret {
namespace {

using tests::day;
using tests::fact;
using tests::logged;
using tests::said_at;
using tests::uid;
using tests::woman;

UserId user(std::uint8_t n) {
    UserId id;
    id.bytes[15] = n;
    return id;
}

LoggedEvent by(std::uint8_t author, LoggedEvent event, std::optional<MakerRole> role = {}) {
    event.event.author = user(author);
    event.event.fact.at.role = role;
    return event;
}

HpvTest positive() { return HpvTest{HpvResult::positive, {HpvType::hpv16}, {}}; }

Correct corrected(std::uint8_t target, Fact to) { return Correct{uid(target), {std::move(to)}}; }

bool is_there(const History& history, std::uint8_t n) {
    return std::any_of(history.facts.begin(), history.facts.end(),
                       [&](const LiveFact& live) { return live.uid == uid(n); });
}

History fold_one(std::vector<LoggedEvent> events) { return fold({woman(1)}, std::move(events)); }

TEST_SUITE("registry/domain/authority") {
    TEST_CASE("a positive result stands whatever another clinic says of it") {
        const auto found = said_at("C1", logged(1, fact("2026-02-01", positive())));
        const auto voided = said_at("C2", logged(2, fact("2026-02-02", VoidFact{uid(1)})));
        const auto changed = said_at(
            "C2",
            logged(3,
                   fact("2026-02-03",
                        corrected(1, fact("2026-02-01", HpvTest{HpvResult::negative, {}, {}})))));
        const auto history = fold_one({found, voided, changed});
        REQUIRE(history.facts.size() == 1);
        CHECK(std::get<HpvTest>(history.facts[0].fact.detail) == positive());
        CHECK_FALSE(history.facts[0].is_corrected);
        CHECK(history.amended.empty());
        REQUIRE(history.unheeded.size() == 2);
        CHECK(history.unheeded[0].uid == uid(2));
        CHECK(history.unheeded[0].about == uid(1));
        CHECK(history.unheeded[0].type == "void");
        CHECK(history.unheeded[0].why == WhyUnheeded::other_clinic);
        CHECK(history.unheeded[1].uid == uid(3));

        // Whoever said so in vain takes it back, and nothing is left to look at.
        const auto taken_back = said_at("C2", logged(4, fact("2026-02-04", VoidFact{uid(2)})));
        CHECK(fold_one({found, voided, taken_back}).unheeded.empty());
        CHECK(fold_one({found, voided, taken_back}).facts.size() == 1);
    }

    TEST_CASE("the clinic itself and the centre take back and correct") {
        const auto found = said_at("C1", logged(1, fact("2026-02-01", positive())));
        for (const char* clinic : {"C1", "CENTRE"}) {
            CAPTURE(clinic);
            const auto voided = said_at(clinic, logged(2, fact("2026-02-02", VoidFact{uid(1)})));
            CHECK(fold_one({found, voided}).facts.empty());
            CHECK(fold_one({found, voided}).unheeded.empty());
            const auto changed = said_at(
                clinic, logged(2, fact("2026-02-03",
                                       corrected(1, fact("2026-02-01",
                                                         HpvTest{HpvResult::negative, {}, {}})))));
            CHECK(fold_one({found, changed}).facts.at(0).is_corrected);
        }
        // What the centre took back, the clinic doesn't bring back.
        const auto by_centre = said_at("CENTRE", logged(2, fact("2026-02-02", VoidFact{uid(1)})));
        const auto brought_back = said_at("C1", logged(3, fact("2026-02-03", VoidFact{uid(2)})));
        CHECK(fold_one({found, by_centre, brought_back}).facts.empty());
    }

    TEST_CASE("a nurse voids what she said herself, a lead what anybody there said") {
        const auto found = by(1, logged(1, fact("2026-02-01", positive())), MakerRole::nurse);
        const auto voided = [&](std::uint8_t author, std::optional<MakerRole> role) {
            return fold_one(
                {found, by(author, logged(2, fact("2026-02-02", VoidFact{uid(1)})), role)});
        };
        CHECK(voided(1, MakerRole::nurse).facts.empty());
        CHECK(voided(2, MakerRole::lead).facts.empty());
        CHECK(voided(2, std::nullopt).facts.empty());
        // An officer's word counts in the centre's log alone.
        for (const auto role : {MakerRole::nurse, MakerRole::officer}) {
            const auto history = voided(2, role);
            REQUIRE(history.facts.size() == 1);
            REQUIRE(history.unheeded.size() == 1);
            CHECK(history.unheeded[0].why == WhyUnheeded::not_lead);
        }
        const auto changed =
            by(2, logged(2, fact("2026-02-02", corrected(1, fact("2026-02-01", HpvTest{})))),
               MakerRole::nurse);
        CHECK(fold_one({found, changed}).facts.at(0).is_corrected);
    }

    TEST_CASE("as what it was said stands beside a fact, and not in it") {
        auto visit = by(3, logged(1, fact("2026-02-01", Visit{})), MakerRole::nurse);
        const auto history = fold_one({visit});
        CHECK(history.facts.at(0).role == MakerRole::nurse);
        CHECK_FALSE(history.facts.at(0).fact.at.role);
        const auto gone = fold_one({visit, logged(2, fact("2026-02-02", VoidFact{uid(1)}))});
        CHECK_FALSE(gone.amended.at(0).versions.at(0).fact.at.role);
    }

    TEST_CASE("a stranger sends nobody away; those who care for her do, and who takes her in") {
        const auto registered = said_at("C1", logged(1, fact("2026-01-10", Register{})));
        const auto sent = [](std::uint8_t n, const char* clinic, const char* date, const char* to) {
            return said_at(clinic, logged(n, fact(date, Transfer{to, ""})));
        };
        const auto facility = [&](std::vector<LoggedEvent> events) {
            events.push_back(registered);
            return fold_one(std::move(events)).residences.back().facility;
        };
        const auto stranger = fold_one({registered, sent(2, "C3", "2026-02-01", "C2")});
        CHECK(stranger.residences.back().facility == "C1");
        CHECK_FALSE(is_there(stranger, 2));
        REQUIRE(stranger.unheeded.size() == 1);
        CHECK(stranger.unheeded[0].why == WhyUnheeded::not_in_care);

        CHECK(facility({sent(2, "C1", "2026-02-01", "C2")}) == "C2");
        CHECK(facility({sent(2, "C2", "2026-02-01", "C2")}) == "C2");
        CHECK(facility({sent(2, "CENTRE", "2026-02-01", "C2")}) == "C2");
        const auto away = sent(2, "C1", "2026-02-01", "C2");
        CHECK(facility({away, sent(3, "C2", "2026-03-01", "C3")}) == "C3");
        // Who sent her there in error may send her elsewhere.
        CHECK(facility({away, sent(3, "C1", "2026-03-01", "C4")}) == "C4");
        CHECK(facility({away, sent(3, "C3", "2026-03-01", "C4")}) == "C2");
        // On the days before, C2 had nothing to say.
        CHECK(facility({away, sent(3, "C2", "2026-01-20", "C5")}) == "C2");
    }

    TEST_CASE("women are joined by a clinic that registered one, or to which one was sent") {
        const std::vector<LoggedEvent> events = {
            said_at("C1", logged(1, fact("2026-01-10", Register{}), woman(1))),
            said_at("C2", logged(2, fact("2026-01-10", Register{}), woman(2))),
            said_at("C2", logged(3, fact("2026-02-10", Transfer{"C3", ""}), woman(2))),
            said_at("C4", logged(4, fact("2026-02-10", positive()), woman(2))),
            said_at("C5", logged(5, fact("2026-01-10", Register{}), woman(3))),
        };
        for (const char* clinic : {"C1", "C2", "C3", "CENTRE"}) {
            CAPTURE(clinic);
            CHECK(may_join(clinic, woman(1), woman(2), events));
        }
        CHECK_FALSE(may_join("C4", woman(1), woman(2), events));
        CHECK_FALSE(may_join("C5", woman(1), woman(2), events));
        // Of whom nobody registered, whoever meets her speaks.
        CHECK(may_join("C4", woman(7), woman(8), events));
    }

    TEST_CASE("the centre alone has her erased, and nothing takes that back") {
        Erase order;
        std::vector<LoggedEvent> events = {
            said_at("C1", logged(1, fact("2026-01-10", Register{}))),
            said_at("C1", logged(2, fact("2026-02-01", positive()))),
            said_at("C1", logged(3, fact("2026-03-01", order))),
        };
        const auto kept = fold_one(events);
        CHECK(kept.facts.size() == 2);
        CHECK(kept.erased.empty());
        REQUIRE(kept.unheeded.size() == 1);
        CHECK(kept.unheeded[0].why == WhyUnheeded::centre_only);

        events.push_back(said_at("CENTRE", logged(4, fact("2026-03-02", order))));
        events.push_back(said_at("CENTRE", logged(5, fact("2026-03-03", VoidFact{uid(4)}))));
        events.push_back(said_at("C2", logged(6, fact("2026-04-01", positive()))));
        const auto erased = fold_one(events);
        CHECK(erased.facts.empty());
        CHECK(erased.amended.empty());
        CHECK(erased.said.empty());
        CHECK(erased.who == Demographics{});
        CHECK_FALSE(erased.registered_on);
        CHECK(erased.erased == std::vector{woman(1)});
        // Of another, with whom she was linked, all stays.
        auto both = events;
        both.push_back(said_at("C1", logged(7, fact("2026-01-11", Register{}), woman(2))));
        CHECK(fold({woman(1), woman(2)}, both).facts.size() == 1);

        Erase done;
        done.confirms = uid(4);
        const auto confirmed =
            fold_one({events[0], said_at("C1", logged(7, fact("2026-03-05", done)))});
        CHECK(confirmed.facts.size() == 1);
        CHECK(confirmed.unheeded.empty());
    }
}

}  // namespace
}  // namespace egret
