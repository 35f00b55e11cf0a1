#include "sync/daemon/egretd_commands.h"
#include "sync/daemon/egretd_handlers.h"
#include "tests/support/egret_run.h"
#include "tests/support/workbook.h"

#include <filesystem>
#include <fstream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::EgretRun;
using tests::Ran;

/// No registry is there: the check needs none.
struct ReportRun : EgretRun {
    Ran check(const std::string& content, std::vector<std::string> more = {}) {
        const auto path = dir.file("figures");
        std::ofstream(path, std::ios::binary) << content;
        std::vector<std::string> words{"report", "check", path};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }

    std::string fault_of(const std::string& content) {
        const auto ran = check(content, {"--json"});
        CHECK(ran.status == ExitStatus::refused);
        CHECK(ran.out.empty());
        const auto error = json::parse(ran.err);
        REQUIRE(error);
        return error->find("error")->find("text")->as_text();
    }
};

std::string text_at(const json::Value& answer, const std::string& list, std::size_t item,
                    const std::string& member) {
    const auto& found = *answer.find(list)->as_array().at(item).find(member);
    return found.is_text() ? found.as_text() : std::to_string(found.as_integer());
}

constexpr auto rates =
    "id,what,numerator,denominator,unit,printed,remark\n"
    "a,coverage,\"1,250\",2000,%,62.5,\n"
    "b,positive,2,3,%,66.66,cut off\n"
    "c,cancers,3,20000,/100k,15.0,\n"
    "d,typing error,120,2000,%,60,\n";

TEST_SUITE("cli/report_commands") {
    TEST_CASE_FIXTURE(ReportRun, "published rates are held to their numbers") {
        auto ran = check(rates);
        CHECK(ran.status == ExitStatus::refused);
        CHECK(ran.err.empty());
        CHECK(ran.out.find("66.67") != std::string::npos);
        CHECK(
            ran.out.ends_with("4 figures were checked: 2 equal, 1 cut off instead of rounded, 1 "
                              "different. Not read: 0.\n"));

        const auto answer = check(rates, {"--json"}).json();
        CHECK(text_at(answer, "rows", 0, "verdict") == "equal");
        CHECK(text_at(answer, "rows", 0, "what") == "coverage");
        CHECK(text_at(answer, "rows", 1, "kind") == "rate");
        CHECK(text_at(answer, "rows", 1, "printed") == "66.66");
        CHECK(text_at(answer, "rows", 1, "expected") == "66.67");
        CHECK(text_at(answer, "rows", 1, "exact") == "66.66666");
        CHECK(text_at(answer, "rows", 1, "difference") == "-0.01");
        CHECK(text_at(answer, "rows", 1, "verdict") == "truncated");
        CHECK(text_at(answer, "rows", 3, "verdict") == "differs");
        CHECK(text_at(answer, "rows", 3, "difference") == "54");
        CHECK(text_at(answer, "rows", 3, "row") == "5");
        CHECK(answer.find("counts")->find("equal")->as_integer() == 2);
        CHECK(answer.find("counts")->find("truncated")->as_integer() == 1);
        CHECK(answer.find("counts")->find("differs")->as_integer() == 1);
    }

    TEST_CASE_FIXTURE(ReportRun, "published totals are held to their parts") {
        const auto answer =
            check("what,parts,printed_total\nx,10+20+5,35\ny,\"1,000 + 2\",1012\n", {"--json"})
                .json();
        CHECK(text_at(answer, "rows", 0, "verdict") == "equal");
        CHECK(text_at(answer, "rows", 1, "kind") == "sum");
        CHECK(text_at(answer, "rows", 1, "expected") == "1002");
        CHECK(text_at(answer, "rows", 1, "difference") == "10");
    }

    TEST_CASE_FIXTURE(ReportRun, "when all hold, it is said in either language, and done") {
        // Rates and sums in one table, heads in Chinese, full-width signs, a line that is a title.
        const std::string table =
            "表一,,,,,,\n项目,分子,分母,单位,公布值,分项,公布合计\n一,1,8,％,12.5%,,\n二,,,,,3＋4,"
            "7\n"
            "小结,,,,,,\n三,1,４０,/10万,\"2,500\",1+1,2\n";
        auto ran = check(table, {"--lang", "zh"});
        CHECK(ran.status == ExitStatus::done);
        CHECK(ran.out.ends_with(
            "共核对 4 项：相符 4 项，未进位 0 项，不符 0 项。未能读取：0 处。\n"));
        CHECK(check(table).out.find("Not read: 0.") != std::string::npos);
    }

    TEST_CASE_FIXTURE(ReportRun, "a row that can't be read is named, and the others are checked") {
        const std::string table =
            "项目,分子,分母,单位,公布值,分项,公布合计\n一,x,0,%,1.0,,\n二,1,2,percent,50,,\n三,1.5,"
            "2,%,"
            "75,,\n四,1,0,%,1,,\n五,1,2,%,50,7,7\n六,1,2,,50.0000000,1++2,\n";
        auto ran = check(table, {"--lang", "zh"});
        CHECK(ran.status == ExitStatus::refused);
        CHECK(ran.err.find("第 2 行 B 列（分子）：这不是数字") != std::string::npos);
        CHECK(ran.out.find("共核对 1 项：相符 1 项") != std::string::npos);

        const auto answer = check(table, {"--json"}).json();
        std::string places;
        for (const auto& one : answer.find("unread")->as_array()) {
            places += std::to_string(one.find("row")->as_integer()) +
                      one.find("column")->as_text() + " " + one.find("name")->as_text() + ";";
        }
        CHECK(places ==
              "2B numerator;3D unit;4B numerator;5C denominator;6F parts;7D unit;7E printed;"
              "7F parts;7G printed_total;");
        CHECK(answer.find("counts")->find("unread")->as_integer() == 9);
        CHECK(answer.find("rows")->as_array().size() == 1);
    }

    TEST_CASE_FIXTURE(ReportRun, "a workbook is read as well, and its numbers as they are kept") {
        const auto cell = [](const std::string& at, const std::string& text) {
            return "<c r=\"" + at + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
        };
        const auto book =
            tests::workbook("<row r=\"1\">" + cell("A1", "What") + cell("B1", "Numerator") +
                            cell("C1", "Denominator") + cell("D1", "Unit") + cell("E1", "Printed") +
                            "</row><row r=\"2\">" + cell("A2", "a") +
                            "<c r=\"B2\"><v>2</v></c><c "
                            "r=\"C2\"><v>3</v></c>" +
                            cell("D2", "%") + "<c r=\"E2\"><v>66.7</v></c></row>");
        const auto ran = check(book, {"--json"});
        CHECK(ran.status == ExitStatus::done);
        CHECK(text_at(ran.json(), "rows", 0, "expected") == "66.7");
    }

    TEST_CASE_FIXTURE(ReportRun, "a file without figures is refused, and it says what is needed") {
        CHECK(fault_of("a,b\n1,2\n").find("numerator, denominator, unit and printed") !=
              std::string::npos);
        CHECK(fault_of("what,numerator,denominator,printed\n1,2,3,4\n").find("head row") !=
              std::string::npos);
        CHECK(
            fault_of("what,parts,printed_total\n,,\nonly a title,,\n").find("below the head row") !=
            std::string::npos);
        CHECK(fault_of("parts,printed_total,parts\n1+2,3,\n").find("parts is there twice") !=
              std::string::npos);
        CHECK(fault_of(std::string("\x00\xFF\x00", 3)).find("neither a workbook") !=
              std::string::npos);
        std::string long_table = "parts,printed_total\n";
        for (int i = 0; i < 20'001; ++i) long_table += "1+1,2\n";
        CHECK(fault_of(long_table).find("20000 rows") != std::string::npos);
        CHECK(run({"report", "check", dir.file("gone")}).err.find("gone") != std::string::npos);
        std::filesystem::create_directory(dir.file("folder"));
        CHECK(run({"report", "check", dir.file("folder")}).status == ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(ReportRun, "the centre's program answers the same") {
        const auto clinic = check(rates, {"--json"});
        tests::FakeTerminal fake;
        const auto status =
            console::run(egretd_commands(), daemon::egretd_handlers(),
                         {"report", "check", dir.file("figures"), "--json"}, fake.terminal());
        CHECK(status == ExitStatus::refused);
        CHECK(fake.out.str() == clinic.out);
        CHECK(console::run(egretd_commands(), daemon::egretd_handlers(),
                           {"report", "check", dir.file("gone")},
                           fake.terminal()) == ExitStatus::refused);
        CHECK(fake.err.str().find("gone") != std::string::npos);
    }
}

}  // namespace
}  // namespace egret::cli
