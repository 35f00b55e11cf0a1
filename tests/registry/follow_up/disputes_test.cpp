#include "registry/follow_up/loops.h"
#include "tests/support/cared_for.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using follow_up::LoopState;
using tests::CaredFor;
using tests::day;
using tests::given_up;

constexpr auto cervix = ScreenedSite::cervix;

DemographicsChange born(const char* date) {
    DemographicsChange change;
    change.who.birth_date = *PartialDate::parse(date);
    return change;
}

TEST_SUITE("registry/follow_up/disputes") {
    TEST_CASE("a birth date that two clinics say otherwise waits for who asks her") {
        CaredFor her("1980-05-01");
        CHECK(her.loops_for("review", "2025-03-04").empty());
        const auto before = her.recall(cervix, "2025-03-10").state;
        her.add("2025-03-03", born("1980-06-01"), {"C2"});
        const auto open = her.loop("review", "2025-03-04");
        CHECK(open.state == LoopState::open);
        CHECK(open.kind == follow_up::LoopKind::review);
        CHECK(open.why.rule == "follow_up/disputed-birth-date");
        CHECK(open.owner == "C1");
        CHECK(open.opened_on == day("2025-03-03"));
        CHECK(open.due_to > open.due);
        // Nobody is kept from her test by it, and saying that it is done does nothing.
        CHECK(her.recall(cervix, "2025-03-10").state == before);
        her.add("2025-03-05", given_up(open.id, ClosingReason::completed));
        CHECK(her.loop("review", "2025-03-06").state == LoopState::open);

        std::vector<EventUid> seen;
        for (const auto& said : her.history().said) {
            if (said.field == WhoField::birth_date && said.stands) seen.push_back(said.uid);
        }
        CHECK(seen.size() == 2);
        const auto edit = her.add("2025-03-09", born("1980-05-01"), {"C1", 1, "", seen});
        const auto done = her.loop("review", "2025-03-10");
        CHECK(done.id == open.id);
        CHECK(done.state == LoopState::done);
        CHECK(done.closed_by == edit);
        CHECK(done.closed_on == day("2025-03-09"));
        CHECK(her.recall(cervix, "2025-03-10").state == before);
        // On a day before, it was open.
        CHECK(her.history().disputed.empty());
    }

    TEST_CASE("each member of hers that is disputed is a review of its own, a phone is none") {
        CaredFor her;
        auto change = born("1981");
        change.who.sex = Sex::unknown;
        change.who.phones = {"13900000001"};
        her.add("2025-03-03", change, {"C2"});
        DemographicsChange phone;
        phone.who.phones = {"13900000002"};
        her.add("2025-03-03", phone);
        const auto reviews = her.loops_for("review", "2025-03-04");
        REQUIRE(reviews.size() == 2);
        CHECK(reviews[0].id != reviews[1].id);
    }
}

}  // namespace
}  // namespace egret
