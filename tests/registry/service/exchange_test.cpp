#include "registry/service/exchange.h"

#include "registry/service/registrar.h"
#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <sstream>

namespace egret {
namespace {

using service::Exchange;

constexpr const char* two_people =
    R"({"id":"a1","names":[{"use":"official","text":"王小丽"}],"birth_date":"1985-03-04",)"
    R"("sex":"female","area":[{"code":"350203"}],"flags":[{"code":"hiv","from":"2020-01-01"}],)"
    R"("events":[{"type":"register","date":"2024-01-01"},)"
    R"({"type":"dose","date":"2025-01-01","product":"cvx:165"}],"shoe":38})"
    "\n\n"
    R"({"id":"a2","birth_date":"1990","sex":"female","events":[]})"
    "\n";

struct ExchangeFixture : tests::ClinicFixture {
    service::Imported import(const std::string& text) {
        std::istringstream in(text);
        NoProgress quiet;
        auto imported = Exchange(*clinic).import_persons(nurse, in, quiet);
        REQUIRE(imported);
        return *std::move(imported);
    }

    std::string export_all() {
        std::ostringstream out;
        NoProgress quiet;
        REQUIRE(Exchange(*clinic).export_persons(nurse, {}, out, quiet));
        return out.str();
    }
};

TEST_SUITE("registry/service/exchange") {
    TEST_CASE_FIXTURE(ExchangeFixture,
                      "a file that is none of persons is refused in one sentence") {
        std::string listing;
        for (int n = 0; n < 100; ++n) listing += "name,birth_date\n";
        const std::string files[] = {
            listing,
            std::string("\0\0\0\0", 4),
            std::string(3 << 20, '\0'),
            "PK\x03\x04\xff\xfe\n{}\n",
            "\xcd\xf5\xd0\xa1\xc0\xf6\n",  // 王小丽 in GBK.
        };
        for (const auto& file : files) {
            std::istringstream in(file);
            NoProgress quiet;
            const auto imported = Exchange(*clinic).import_persons(nurse, in, quiet);
            REQUIRE_FALSE(imported);
            CHECK(imported.error().message.id == "import.not_persons");
            CHECK(clinic->log().event_count() == 0);
        }
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "after the first person a line is refused, not the file") {
        const auto imported =
            import(two_people + std::string("\0\n", 2) + std::string((1 << 20) + 1, ' ') + "x\n" +
                   R"({"id":"a3","birth_date":"1990","sex":"female"})");
        CHECK(imported.persons == 3);
        REQUIRE(imported.refused.size() == 2);
        CHECK(imported.refused[0].line == 4);
        CHECK(imported.refused[1].line == 5);
    }

    TEST_CASE_FIXTURE(ExchangeFixture,
                      "a line of more bytes than may be is refused, and no other") {
        const auto imported =
            import("{\"id\":\"" + std::string(1 << 20, 'x') + "\"}\n" + two_people);
        CHECK(imported.persons == 2);
        REQUIRE(imported.refused.size() == 1);
        CHECK(imported.refused.front().error.message.id == "person.too_long");
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "a byte order mark before the first person is passed over") {
        CHECK(import("\xEF\xBB\xBF" + std::string(two_people)).persons == 2);
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "who is registered without a name is pointed out, once") {
        CHECK(import(two_people).nameless == std::vector<std::uint64_t>{3});
        CHECK(import(two_people).nameless.empty());
        CHECK(clinic->women().count() == 2);
        // Her name is known here; that a line of new events leaves it out is no matter.
        CHECK(import(R"({"id":"a1","birth_date":"1985-03-04","sex":"female",)"
                     R"("events":[{"type":"visit","date":"2025-02-01"}]})"
                     "\n")
                  .nameless.empty());
        CHECK(import(R"({"id":"a3","sex":"female","events":[]})"
                     "\n")
                  .nameless.empty());  // Refused, for what is missing.
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "a dose without a date is pointed out, once") {
        const std::string who = R"("birth_date":"2012-05-01","sex":"female","events":[)";
        const auto file =
            R"({"id":"p1",)" + who + R"({"type":"dose","product":"egret:cecolin"}]})" + "\n" +
            R"({"id":"p2",)" + who +
            R"({"type":"dose","product":"egret:cecolin","date":"2026-01-05"}]})" + "\n" +
            R"({"id":"p3",)" + who +
            R"({"type":"dose","product":"egret:cecolin","date":"2026"}]})" + "\n" +
            R"({"id":"p4",)" + who +
            R"({"type":"dose","product":"egret:cecolin","status":"not_done"}]})" + "\n";
        CHECK(import(file).undated_doses == std::vector<std::uint64_t>{1});
        CHECK(import(file).undated_doses.empty());
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "whom a file holds twice, or is here already, stays two") {
        const std::string who =
            R"("names":[{"use":"official","text":"王小丽"}],"birth_date":"1985-03-04",)"
            R"("sex":"female","identifiers":[{"kind":"resident_id",)"
            R"("value":"350203198503040028"}],"events":[{"type":"hpv_test","date":"2025-02-01",)"
            R"("result":"positive","types":["16"]}]})"
            "\n";
        auto here = somebody();
        here.identifiers = {{IdentifierKind::resident_id, "350203198503040028", {}}};
        const auto first = add(here);
        CHECK(import("{\"id\":\"a1\"," + who + "{\"id\":\"a2\"," + who).persons == 2);
        CHECK(clinic->women().count() == 3);
        CHECK(clinic->members_of(first) == std::vector<WomanId>{first});
        CHECK(clinic->search().find("350203198503040028", 10).rows.size() == 3);
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "reading a file twice adds nothing the second time") {
        const auto first = import(two_people);
        CHECK(first.persons == 2);
        CHECK(first.facts == 4);
        CHECK(first.refused.empty());
        const auto second = import(two_people);
        CHECK(second.persons == 0);
        CHECK(second.facts == 0);
        CHECK(second.known == 4);
        CHECK(second.refused.empty());
        CHECK(second.differing.empty());
        CHECK(clinic->women().count() == 2);
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "another person under a known id is refused, not lost") {
        const std::string first =
            R"({"id":"c1","names":[{"use":"official","text":"王小丽"}],"birth_date":"1985-03-04",)"
            R"("sex":"female"})"
            "\n";
        const auto imported =
            import(first + R"({"id":"c1","names":[{"use":"official","text":"李梅"}],)"
                           R"("birth_date":"1990-05-06","sex":"female",)"
                           R"("events":[{"type":"visit","date":"2026-01-01"}]})");
        CHECK(imported.persons == 1);
        CHECK(imported.facts == 1);
        REQUIRE(imported.refused.size() == 1);
        CHECK(imported.refused[0].line == 2);
        CHECK(imported.refused[0].error.code == ErrorCode::conflict);
        CHECK(imported.refused[0].error.field == "birth_date");
        CHECK(clinic->women().count() == 1);
        CHECK(import(first + first).known == 2);
    }

    TEST_CASE_FIXTURE(ExchangeFixture,
                      "what is said otherwise of a known woman is pointed out, her events taken") {
        import(two_people);
        const auto imported = import(R"({"id":"a1","names":[{"use":"official","text":"王小莉"}],)"
                                     R"("birth_date":"1985-03-04","sex":"female",)"
                                     R"("events":[{"type":"visit","date":"2026-01-01"}]})");
        CHECK(imported.facts == 1);
        CHECK(imported.refused.empty());
        CHECK(imported.differing == std::vector<std::uint64_t>{1});
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "an old file is no other person after she was edited") {
        import(two_people);
        const auto woman = clinic->women().list(std::nullopt, 2).front().id;
        Demographics said;
        said.birth_date = *PartialDate::parse("1986-03-04");
        REQUIRE(service::Registrar(*clinic).edit(nurse, woman, said));
        const auto again = import(two_people);
        CHECK(again.refused.empty());
        CHECK(again.differing.empty());
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "a new event of a known person is added to her") {
        import(two_people);
        const auto more = import(R"({"id":"a1","birth_date":"1985-03-04","sex":"female",)"
                                 R"("events":[{"type":"visit","date":"2026-01-01"}]})");
        CHECK(more.facts == 1);
        CHECK(clinic->women().count() == 2);
    }

    TEST_CASE_FIXTURE(ExchangeFixture,
                      "a person is taken whole or not at all, the others all the same") {
        const auto imported =
            import(R"({"id":"b1","birth_date":"1985-03-04","sex":"female","events":[)"
                   R"({"type":"visit","date":"2026-01-01"},{"type":"visit","date":"2030-01-01"}]})"
                   "\nnonsense\n"
                   R"({"id":"b2","sex":"female","events":[]})"
                   "\n"
                   R"({"id":"b3","birth_date":"1990","sex":"female"})");
        CHECK(imported.persons == 1);
        REQUIRE(imported.refused.size() == 3);
        CHECK(imported.refused[0].line == 1);
        CHECK(imported.refused[1].line == 2);
        CHECK(imported.refused[2].error.field == "birth_date");
        CHECK(clinic->women().count() == 1);
    }

    TEST_CASE_FIXTURE(ExchangeFixture,
                      "what is written out can be read elsewhere and says the same") {
        import(two_people);
        const auto written = export_all();
        CHECK(written.find("\"shoe\":38") != std::string::npos);
        ExchangeFixture elsewhere;
        const auto imported = elsewhere.import(written);
        CHECK(imported.refused.empty());
        CHECK(elsewhere.export_all() == written);
    }

    TEST_CASE_FIXTURE(ExchangeFixture, "nobody is written out if one of those named is unknown") {
        import(two_people);
        std::ostringstream out;
        NoProgress quiet;
        const auto written = Exchange(*clinic).export_persons(nurse, {tests::woman(9)}, out, quiet);
        REQUIRE_FALSE(written);
        CHECK(out.str().empty());
    }
}

}  // namespace
}  // namespace egret
