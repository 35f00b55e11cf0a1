#include "registry/service/authority_check.h"

#include "registry/service/recorder.h"
#include "registry/service/registrar.h"
#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret {
namespace {

using service::Recorder;
using service::Registrar;
using tests::fact;

struct AuthorityFixture : tests::ClinicFixture {
    AuthorityFixture() {
        colleague = nurse;
        colleague.user.bytes.fill(8);
        lead = colleague;
        lead.role = service::Role::lead;
    }

    EventUid record(const WomanId& woman, const Fact& fact) {
        auto recorded = Recorder(*clinic).record(nurse, woman, fact);
        REQUIRE(recorded);
        return recorded->event;
    }

    Event logged(const EventUid& uid) { return clinic->log().find(uid)->event; }

    service::Caller colleague;
    service::Caller lead;
};

HpvTest test(HpvResult result) { return HpvTest{result, {}, {}}; }

TEST_SUITE("registry/service/authority_check") {
    TEST_CASE_FIXTURE(AuthorityFixture, "what a colleague recorded is voided by the lead alone") {
        const auto woman = add();
        const auto other = add(somebody("李小美", "1986-01-01"));
        const auto event = record(woman, fact("2026-04-30", test(HpvResult::positive)));
        Recorder recorder(*clinic);
        const auto live = recorder.find_live(nurse, event)->live;
        const auto refused = recorder.void_fact(colleague, event, "not hers");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::forbidden);
        CHECK(refused.error().message.id == "caller.lead_voids");
        const auto unmoved = recorder.move(colleague, event, other, live.fact, "not hers");
        REQUIRE_FALSE(unmoved);
        CHECK(unmoved.error().message.id == "caller.lead_voids");
        CHECK(clinic->load_history(woman)->facts.size() == 2);
        // What is only wrong in it, a colleague puts right.
        auto right = live.fact;
        std::get<HpvTest>(right.detail).result = HpvResult::negative;
        REQUIRE(recorder.correct(colleague, event, right, ""));
        REQUIRE(recorder.void_fact(lead, event, "not hers"));
        CHECK(clinic->load_history(woman)->facts.size() == 1);
    }

    TEST_CASE_FIXTURE(AuthorityFixture,
                      "a fact says as what it was recorded, whatever stood there") {
        const auto woman = add();
        auto visit = fact("2026-04-30", Visit{});
        visit.at.role = MakerRole::officer;
        CHECK(logged(record(woman, visit)).fact.at.role == MakerRole::nurse);
        auto by_lead = Recorder(*clinic).record(lead, woman, visit);
        REQUIRE(by_lead);
        CHECK_FALSE(logged(by_lead->event).fact.at.role);
        const auto event = record(woman, fact("2026-04-29", test(HpvResult::positive)));
        auto right = fact("2026-04-29", test(HpvResult::negative));
        right.at.role = MakerRole::officer;
        const auto corrected = Recorder(*clinic).correct(nurse, event, right, "");
        REQUIRE(corrected);
        const auto correction = logged(corrected->event).fact;
        CHECK(correction.at.role == MakerRole::nurse);
        CHECK_FALSE(std::get<Correct>(correction.detail).replacement.front().at.role);
        // And so is not said twice.
        const auto again = Recorder(*clinic).correct(nurse, event, right, "");
        REQUIRE_FALSE(again);
        CHECK(again.error().message.id == "record.says_so");
    }

    TEST_CASE_FIXTURE(AuthorityFixture, "nobody here erases") {
        const auto woman = add();
        const auto refused = Recorder(*clinic).record(lead, woman, fact("", Erase{}));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::invalid_input);
        CHECK(refused.error().message.id == "erase.centre_only");
        CHECK(clinic->load_history(woman)->facts.size() == 1);
    }

    TEST_CASE_FIXTURE(AuthorityFixture, "an edit and a correction name what they replace") {
        const auto woman = add();
        const auto registration = clinic->load_history(woman)->facts.front().uid;
        Registrar registrar(*clinic);
        Demographics born;
        born.birth_date = *PartialDate::parse("1985-03-05");
        const auto edited = registrar.edit(nurse, woman, born);
        REQUIRE(edited);
        CHECK(logged(edited->event).supersedes == std::vector{registration});
        born.phones = {"13900000001"};
        const auto again = registrar.edit(nurse, woman, born);
        REQUIRE(again);
        CHECK(logged(again->event).supersedes == std::vector{edited->event});

        const auto event = record(woman, fact("2026-04-30", test(HpvResult::positive)));
        Recorder recorder(*clinic);
        const auto first =
            recorder.correct(nurse, event, fact("2026-04-30", test(HpvResult::invalid)), "");
        REQUIRE(first);
        const auto second =
            recorder.correct(nurse, event, fact("2026-04-30", test(HpvResult::negative)), "");
        REQUIRE(second);
        CHECK(logged(second->event).supersedes == std::vector{event, first->event});
        CHECK_FALSE(clinic->load_history(woman)->amended.at(0).is_disputed);
    }

    TEST_CASE_FIXTURE(AuthorityFixture, "what another clinic recorded is its own to change") {
        auto theirs = tests::said_at("C2", tests::logged(1, fact("2026-04-30", Visit{})));
        for (const auto& caller : {nurse, lead}) {
            const auto voided = service::check_may_void(*clinic, caller, theirs);
            REQUIRE_FALSE(voided);
            CHECK(voided.error().message.id == "caller.other_clinic");
            CHECK_FALSE(service::check_may_correct(*clinic, caller, theirs));
        }
        theirs.clinic = clinic->identity().code;
        CHECK(service::check_may_void(*clinic, lead, theirs));
        CHECK(service::check_may_correct(*clinic, nurse, theirs));
        // Nobody registered the one, and the other was registered here.
        CHECK(service::check_may_join(*clinic, tests::woman(1), add()));
    }

    TEST_CASE_FIXTURE(AuthorityFixture, "a transfer is refused where she is in another's care") {
        const auto registered =
            tests::said_at("C2", tests::logged(1, fact("2026-01-10", Register{somebody()})));
        const auto history = fold({tests::woman(1)}, {registered});
        const auto to = [&](const std::string& facility) {
            return service::check_may_transfer(*clinic, history,
                                               fact("2026-05-01", Transfer{facility, ""}));
        };
        REQUIRE_FALSE(to("C3"));
        CHECK(to("C3").error().message.id == "transfer.not_in_care");
        CHECK(to(clinic->identity().code));
        CHECK(service::check_may_transfer(*clinic, history, fact("2026-05-01", Visit{})));
        CHECK(Recorder(*clinic).record(nurse, add(), fact("2026-05-01", Transfer{"C3", ""})));
    }
}

}  // namespace
}  // namespace egret
