#include "registry/service/recorder.h"

#include "registry/service/registrar.h"
#include "registry/store/log_check.h"
#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using service::Recorder;
using tests::fact;

std::string first_code(const std::vector<service::Warning>& warnings) {
    return warnings.empty() ? "" : warnings.front().code;
}

struct RecorderFixture : tests::ClinicFixture {
    std::uint64_t head() { return clinic->log().find_head(clinic->device())->seq; }

    std::vector<LiveFact> registrations(const WomanId& woman) {
        auto facts = clinic->load_history(woman)->facts;
        std::erase_if(facts, [](const LiveFact& live) {
            return !std::holds_alternative<Register>(live.fact.detail);
        });
        return facts;
    }

    /// Records nothing, and says at which member it stopped.
    std::string refused_field(const WomanId& woman, const Fact& wrong) {
        const auto before = head();
        const auto recorded = Recorder(*clinic).record(nurse, woman, wrong);
        CHECK(head() == before);
        return recorded ? "recorded" : recorded.error().field;
    }
};

TEST_SUITE("registry/service/recorder") {
    TEST_CASE_FIXTURE(RecorderFixture, "a fact is in the log, and in her history, at once") {
        const auto woman = add();
        auto recorded = Recorder(*clinic).record(nurse, woman, fact("2026-04-30", Visit{}));
        REQUIRE(recorded);
        CHECK(recorded->warnings.empty());
        reopen();
        const auto history = clinic->load_history(woman);
        REQUIRE(history);
        REQUIRE(history->facts.size() == 2);
        CHECK(clinic->log().find(recorded->event)->event.author == nurse.user);
        NoProgress quiet;
        CHECK(store::check_logs(clinic->database(), quiet).empty());
    }

    TEST_CASE_FIXTURE(RecorderFixture, "a fact without a date is of today") {
        const auto woman = add();
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("", Visit{})));
        const auto history = clinic->load_history(woman);
        CHECK(history->facts.back().fact.at.date == PartialDate(tests::day("2026-05-01")));
    }

    TEST_CASE_FIXTURE(RecorderFixture, "what can't be is refused, and leaves nothing") {
        const auto woman = add();
        CHECK(refused_field(woman, fact("2026-05-02", Visit{})) == "date");
        CHECK(refused_field(woman, fact("1985-03-03", Visit{})) == "date");
        CHECK(refused_field(woman, fact("2026-05-01", Dose{"165", {}, ""})) == "product");
        CHECK(refused_field(woman, fact("", Flag{"hiv", *PartialDate::parse("2027"), {}})) ==
              "from");
        CHECK(refused_field(tests::woman(9), fact("2026-05-01", Visit{})) == "woman");
        CHECK(refused_field(woman, fact("2026-05-01", VoidFact{tests::uid(1)})) == "type");
        CHECK(refused_field(woman, fact("2026-05-01", Register{somebody()})) == "type");
        auto reported = fact("2026-04-01", HpvTest{HpvResult::negative, {}, {}});
        reported.at.reported_on = tests::day("2026-05-02");
        CHECK(refused_field(woman, reported) == "reported_on");
    }

    TEST_CASE_FIXTURE(RecorderFixture, "a dose has a product of the catalog") {
        const auto woman = add();
        const auto dose = [](const char* product) {
            return fact("2026-04-01", Dose{product, {}, ""});
        };
        for (const auto* unknown : {"cvx:999", "foo:1", "cvx:16", "CVX:165"})
            CHECK_MESSAGE(refused_field(woman, dose(unknown)) == "product", unknown);
        CHECK(head() == 1);
        Recorder recorder(*clinic);
        for (const auto* known : {"cvx:137", "cvx:165", "icd11:XM9QP0", "egret:cecolin"})
            CHECK_MESSAGE(recorder.record(nurse, woman, dose(known)), known);
        CHECK(refused_field(woman, fact("2026-04-01", DoseNotGiven{NotGivenReason::other,
                                                                   "cvx:999"})) == "product");
        auto not_given = dose("");
        not_given.at.status = EventStatus::not_done;
        CHECK(recorder.record(nurse, woman, not_given));
    }

    TEST_CASE_FIXTURE(RecorderFixture, "who may only read records nothing") {
        const auto woman = add();
        auto reader = nurse;
        reader.role = service::Role::read_only;
        const auto refused = Recorder(*clinic).record(reader, woman, fact("2026-05-01", Visit{}));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::forbidden);
        CHECK(head() == 1);
    }

    TEST_CASE_FIXTURE(RecorderFixture, "what is odd is recorded, with a warning") {
        const auto woman = add();
        Recorder recorder(*clinic);
        REQUIRE(recorder.record(nurse, woman, fact("2026-04-01", Dose{"cvx:165", {}, ""})));
        auto again = recorder.record(nurse, woman, fact("2026-04-01", Dose{"cvx:165", {}, ""}));
        REQUIRE(again);
        CHECK(first_code(again->warnings) == "same_day");
        REQUIRE(recorder.record(nurse, woman, fact("2026-04-10", Death{})));
        auto after = recorder.record(nurse, woman, fact("2026-04-20", Visit{}));
        REQUIRE(after);
        CHECK(first_code(after->warnings) == "after_death");
        CHECK(head() == 5);
    }

    TEST_CASE_FIXTURE(RecorderFixture, "a correction holds from then on, also of a correction") {
        const auto woman = add();
        Recorder recorder(*clinic);
        const auto first =
            recorder.record(nurse, woman, fact("2026-04-01", Via{ViaResult::positive}));
        const auto second = recorder.correct(
            nurse, first->event, fact("2026-04-01", Via{ViaResult::invalid}), "misread");
        REQUIRE(second);
        CHECK(first_code(second->warnings) == "taken_back");
        REQUIRE(recorder.correct(nurse, second->event, fact("2026-04-02", Via{ViaResult::negative}),
                                 "misread again"));
        const auto found = recorder.find_live(nurse, second->event);
        REQUIRE(found);
        CHECK(found->live.uid == first->event);
        CHECK(std::get<Via>(found->live.fact.detail).result == ViaResult::negative);
        const auto same = recorder.correct(nurse, first->event,
                                           fact("2026-04-02", Via{ViaResult::negative}), "again");
        REQUIRE_FALSE(same);
        CHECK(same.error().message.id == "record.says_so");
        const auto other = recorder.correct(nurse, first->event, fact("2026-04-01", Visit{}), "");
        REQUIRE_FALSE(other);
        CHECK(other.error().field == "type");
    }

    TEST_CASE_FIXTURE(RecorderFixture, "a voided fact is voided once, with a reason") {
        const auto woman = add();
        Recorder recorder(*clinic);
        const auto visit = recorder.record(nurse, woman, fact("2026-04-01", Visit{}));
        CHECK_FALSE(recorder.void_fact(nurse, visit->event, ""));
        REQUIRE(recorder.void_fact(nurse, visit->event, "another woman's"));
        const auto again = recorder.void_fact(nurse, visit->event, "again");
        REQUIRE_FALSE(again);
        CHECK(again.error().code == ErrorCode::conflict);
        CHECK_FALSE(recorder.void_fact(nurse, tests::uid(77), "unknown"));
        CHECK_FALSE(recorder.correct(nurse, visit->event, fact("2026-04-02", Visit{}), "late"));
    }

    TEST_CASE_FIXTURE(RecorderFixture, "a registration is not voided while results of hers hold") {
        const auto woman = add();
        Recorder recorder(*clinic);
        const auto registration = clinic->load_history(woman)->facts.front();
        const auto test =
            recorder.record(nurse, woman, fact("2026-04-01", HpvTest{HpvResult::positive, {}, {}}));
        const auto refused = recorder.void_fact(nurse, registration.uid, "typed wrongly");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.id == "void.others_hold");
        auto erased = registration.fact;
        erased.at.status = EventStatus::entered_in_error;
        CHECK_FALSE(recorder.correct(nurse, registration.uid, erased, "typed wrongly"));
        CHECK(clinic->load_history(woman)->registered_on);
        // Of two registrations of one woman one may go.
        const auto twice = add();
        const auto second = clinic->load_history(twice)->facts.front().uid;
        REQUIRE(service::Registrar(*clinic).link(nurse, woman, twice, "same number"));
        REQUIRE(recorder.void_fact(nurse, second, "twice"));
        REQUIRE(recorder.void_fact(nurse, test->event, "another woman's"));
        REQUIRE(recorder.void_fact(nurse, registration.uid, "never here"));
    }

    TEST_CASE_FIXTURE(RecorderFixture, "a clock that went back doesn't move today, and is marked") {
        const auto woman = add();
        clock.set(instant_from_unix_ms(978'307'200'000));  // 2001-01-01
        CHECK(clinic->today() == tests::day("2026-05-01"));
        auto recorded = Recorder(*clinic).record(nurse, woman, fact("", Visit{}));
        REQUIRE(recorded);
        CHECK(first_code(recorded->warnings) == "clock_behind");
        const auto history = clinic->load_history(woman);
        CHECK(history->facts.back().fact.at.clock_suspect == true);
        CHECK(history->facts.back().fact.at.date == PartialDate(tests::day("2026-05-01")));
    }

    TEST_CASE_FIXTURE(RecorderFixture, "after enrolment the log goes on under the centre's names") {
        const auto woman = add();
        const service::Clinic::Adoption adoption{
            {random.bytes<16>()}, "C007", 7, "https://centre:1"};
        NoProgress quiet;
        REQUIRE(clinic->adopt(adoption, quiet));
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("", Visit{})));
        reopen();
        CHECK(clinic->identity().code == "C007");
        CHECK(clinic->device() == adoption.device);
        CHECK(head() == 2);
        CHECK(clinic->women().find(woman)->facility == "C007");
        CHECK(store::check_logs(clinic->database(), quiet).empty());
        CHECK_FALSE(clinic->projector().needs_rebuild());
    }

    TEST_CASE_FIXTURE(RecorderFixture,
                      "joining that is cut leaves all as it was, under the old names") {
        struct Cut : Progress {
            void at(std::uint64_t, std::uint64_t) override { throw std::runtime_error("cut"); }
        };
        const auto woman = add();
        const auto before = clinic->identity().code;
        Cut cut;
        CHECK_THROWS_AS(
            (void)clinic->adopt({{random.bytes<16>()}, "C007", 7, "https://centre:1"}, cut),
            std::runtime_error);
        CHECK(clinic->identity().code == before);
        reopen();
        NoProgress quiet;
        CHECK(clinic->identity().code == before);
        CHECK(clinic->women().find(woman)->facility == before);
        CHECK(clinic->check(quiet).empty());
    }

    TEST_CASE_FIXTURE(RecorderFixture, "nobody is born on a day that has not come") {
        const auto woman = add();
        DemographicsChange change;
        change.who.birth_date = *PartialDate::parse("2030-01-01");
        CHECK(refused_field(woman, fact("2026-04-30", change)) == "birth_date");
        const auto registration = clinic->load_history(woman)->facts.front();
        auto later = registration.fact;
        std::get<Register>(later.detail).who.birth_date = *PartialDate::parse("2030-01-01");
        const auto corrected = Recorder(*clinic).correct(nurse, registration.uid, later, "");
        REQUIRE_FALSE(corrected);
        CHECK(corrected.error().field == "birth_date");
    }

    TEST_CASE_FIXTURE(RecorderFixture, "a birth date behind what is recorded of her is warned of") {
        const auto woman = add();
        Recorder recorder(*clinic);
        REQUIRE(recorder.record(nurse, woman, fact("2024-04-01", Dose{"cvx:165", {}, ""})));
        REQUIRE(recorder.record(nurse, woman,
                                fact("", Flag{"pregnant", *PartialDate::parse("2024-03"), {}})));
        REQUIRE(recorder.record(nurse, woman, fact("2025-04-01", Visit{})));
        const auto warned = [&](const char* born) {
            DemographicsChange change;
            change.who.birth_date = *PartialDate::parse(born);
            auto said = recorder.preview(nurse, woman, fact("2026-05-01", change));
            REQUIRE(said);
            return *said;
        };
        CHECK(warned("2024").empty());  // Each of them may have been after that birth.
        const auto two = warned("2024-06-01");
        REQUIRE(two.size() == 1);
        CHECK(two[0].code == "facts_before_birth");
        CHECK(two[0].text == msg("warning.facts_before_birth", {{"count", "2"}}));

        // The same if her registration is corrected, and it is done all the same.
        const auto registration = registrations(woman).front();
        auto later = registration.fact;
        std::get<Register>(later.detail).who.birth_date = *PartialDate::parse("2024-04-02");
        const auto corrected = recorder.correct(nurse, registration.uid, later, "");
        REQUIRE(corrected);
        CHECK(first_code(corrected->warnings) == "facts_before_birth");
        CHECK(clinic->load_history(woman)->who.birth_date == *PartialDate::parse("2024-04-02"));
    }

    TEST_CASE_FIXTURE(RecorderFixture, "one of two linked registrations is corrected in silence") {
        const auto one = add();
        const auto other = add();
        service::Registrar registrar(*clinic);
        REQUIRE(registrar.link(nurse, one, other, "same card"));
        const auto both = registrations(one);
        REQUIRE(both.size() == 2);
        for (const auto& registration : both) {
            auto said = registration.fact;
            std::get<Register>(said.detail).who.names = {{NameUse::official, "王晓丽", {}}};
            const auto corrected = Recorder(*clinic).correct(nurse, registration.uid, said, "");
            REQUIRE(corrected);
            CHECK(corrected->warnings.empty());
        }
    }

    TEST_CASE_FIXTURE(RecorderFixture, "a wrong birth date doesn't stand in the way of the right") {
        const auto woman = add();
        DemographicsChange wrong;
        wrong.who.birth_date = *PartialDate::parse("2026-04-30");
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("2026-04-30", wrong)));
        DemographicsChange right;
        right.who.birth_date = *PartialDate::parse("1985-03-04");
        CHECK(Recorder(*clinic).record(nurse, woman, fact("2026-04-29", right)));
    }
}

}  // namespace
}  // namespace egret
