#include "registry/service/registrar.h"

#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret {
namespace {

using service::Registrar;

TEST_SUITE("registry/service/registrar") {
    TEST_CASE_FIXTURE(tests::ClinicFixture, "she is found by name, pinyin and number once added") {
        auto who = somebody();
        who.identifiers = {{IdentifierKind::resident_id, "350203198503040028", {}}};
        who.phones = {"13900000017"};
        const auto woman = add(who);
        for (const char* typed : {"王小丽", "小丽", "wangxiaoli", "wxl", "3502031985", "0017"}) {
            CAPTURE(typed);
            const auto found = clinic->search().find(typed, 10).rows;
            REQUIRE(found.size() == 1);
            CHECK(found[0].id == woman);
        }
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture, "whoever may be there already is pointed out") {
        auto who = somebody();
        who.identifiers = {{IdentifierKind::passport, "E12345678", {}}};
        const auto first = add(who);
        auto twin = Registrar(*clinic).add(nurse, somebody("李梅", "1990-01-01"));
        CHECK(twin->warnings.empty());
        auto same_number = somebody("赵红", "1970-01-01");
        same_number.identifiers = who.identifiers;
        const auto second = Registrar(*clinic).add(nurse, same_number);
        REQUIRE(second);
        REQUIRE(second->warnings.size() == 1);
        CHECK(second->warnings[0].code == "identity_in_use");
        CHECK(second->warnings[0].women == std::vector<WomanId>{first});
        const auto third = Registrar(*clinic).add(nurse, somebody("王小丽", "1985"));
        REQUIRE(third);
        REQUIRE(third->warnings.size() == 1);
        CHECK(third->warnings[0].code == "possible_duplicate");
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture,
                      "two records of one name, birth and number stay two until a person links "
                      "them") {
        auto who = somebody();
        who.identifiers = {{IdentifierKind::resident_id, "350203198503040028", {}}};
        who.phones = {"13900000017"};
        const auto one = add(who);
        const auto other = add(who);
        const auto are_two = [&] {
            return clinic->members_of(one) == std::vector<WomanId>{one} &&
                   clinic->members_of(other) == std::vector<WomanId>{other};
        };
        CHECK(are_two());
        // Whatever is recorded of them, be it the same, and whatever they are called.
        for (const auto& woman : {one, other}) {
            service::Recorder recorder(*clinic);
            const HpvTest positive{HpvResult::positive, {HpvType::hpv16}, {}};
            REQUIRE(recorder.record(nurse, woman, tests::fact("2026-03-05", positive)));
            Demographics said;
            said.phones = {"13900000018"};
            REQUIRE(Registrar(*clinic).edit(nurse, woman, said));
        }
        CHECK(are_two());
        reopen();
        CHECK(are_two());
        CHECK(clinic->women().count() == 2);
        REQUIRE(Registrar(*clinic).link(nurse, one, other, "same number"));
        CHECK(clinic->members_of(one).size() == 2);
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture, "a number that says otherwise is warned of") {
        auto who = somebody("王小丽", "1985-03-05");
        who.identifiers = {{IdentifierKind::resident_id, "350203198503040028", {}}};
        const auto added = Registrar(*clinic).add(nurse, who);
        REQUIRE(added);
        REQUIRE(added->warnings.size() == 1);
        CHECK(added->warnings[0].code == "identity_mismatch");
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture, "who can't be is not added") {
        const auto refused = [&](Demographics who) {
            const auto added = Registrar(*clinic).add(nurse, std::move(who));
            return added ? std::string("added") : added.error().field;
        };
        auto who = somebody();
        who.birth_date.reset();
        CHECK(refused(who) == "birth_date");
        who = somebody();
        who.sex.reset();
        CHECK(refused(who) == "sex");
        CHECK(refused(somebody("王小丽", "2026-05-02")) == "birth_date");
        who = somebody();
        who.identifiers = {{IdentifierKind::resident_id, "350203198503040029", {}}};
        CHECK(refused(who) == "identifiers[0].value");
        CHECK(clinic->women().count() == 0);
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture,
                      "linked records are one woman, until they are unlinked") {
        const auto one = add();
        const auto other = add(somebody("王小莉", "1985-03-04"));
        Registrar registrar(*clinic);
        REQUIRE(registrar.link(nurse, one, other, "same number"));
        CHECK(clinic->women().count() == 1);
        CHECK(clinic->load_history(other)->facts.size() == 3);
        CHECK(registrar.link(nurse, other, one, "").error().code == ErrorCode::conflict);
        CHECK(registrar.link(nurse, one, one, "").error().code == ErrorCode::invalid_input);
        CHECK(registrar.link(nurse, one, tests::woman(9), "").error().field == "OTHER");
        REQUIRE(registrar.unlink(nurse, one, other, "twins"));
        CHECK(clinic->women().count() == 2);
        CHECK(registrar.unlink(nurse, one, other, "").error().code == ErrorCode::conflict);
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture,
                      "linking records tells of doses that lose their place by it") {
        const auto lost = [&](const std::vector<const char*>& mine,
                              const std::vector<const char*>& hers) -> std::string {
            std::vector<WomanId> records;
            for (const auto& days : {mine, hers}) {
                records.push_back(add(somebody("王小丽", "1995-05-05")));
                for (const auto* day : days) {
                    const auto said = tests::fact(day, Dose{"egret:cecolin", {}, ""});
                    REQUIRE(service::Recorder(*clinic).record(nurse, records.back(), said));
                }
            }
            const auto linked =
                Registrar(*clinic).link(nurse, records.front(), records.back(), "same");
            REQUIRE(linked);
            for (const auto& warning : linked->warnings) {
                if (warning.code == "dose_loses_place") return warning.text.arguments[1].second;
            }
            return "";
        };
        CHECK(lost({"2026-01-05"}, {"2026-01-25"}) == "2026-01-25");
        CHECK(lost({"2026-01-05"}, {"2026-02-10"}) == "");
        CHECK(lost({"2026-01-05"}, {"2026-01-05"}) == "");  // One, written down twice.
        CHECK(lost({"2026-01-05", "2026-02-10"}, {"2026-02-10"}) == "");
        CHECK(lost({}, {"2026-02-10"}) == "");
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture, "what changes of who she is, changes alone") {
        const auto woman = add();
        Demographics said;
        said.phones = {"13900000000"};
        REQUIRE(Registrar(*clinic).edit(nurse, woman, said));
        const auto history = clinic->load_history(woman);
        CHECK(history->who.phones == said.phones);
        CHECK(history->who.area == "350203");
        CHECK_FALSE(Registrar(*clinic).edit(nurse, woman, {}));
    }

    TEST_CASE_FIXTURE(tests::ClinicFixture, "a registry is never made over another") {
        clinic.reset();
        const auto again = service::Clinic::create(dir.file("clinic"), {"another", "350203", "x"},
                                                   unlocked(), world());
        REQUIRE_FALSE(again);
        CHECK(again.error().code == ErrorCode::conflict);
        reopen();
        CHECK(clinic->identity().name == "思明区妇幼保健院");
        CHECK_FALSE(service::Clinic::open(dir.file("nothing"), unlocked(), world()));
        CHECK_FALSE(std::filesystem::exists(dir.file("nothing")));
    }
}

}  // namespace
}  // namespace egret
