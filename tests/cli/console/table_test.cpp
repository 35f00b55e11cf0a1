#include "cli/console/table.h"

#include "cli/console/csv.h"

#include <doctest/doctest.h>

namespace egret::console {
namespace {

Table sample() {
    Table table({{"area", "区县"}, {"numerator", "n", Align::right}, {"note", "note"}});
    table.add_row({"朝阳区", "7", "a"});
    table.add_row({"Haidian", "1200", ""});
    return table;
}

TEST_SUITE("cli/console/table") {
    TEST_CASE("columns line up, Chinese or not, numbers to the right") {
        CHECK(sample().to_text(Language::en) ==
              "区县        n  note\n"
              "-------  ----  ----\n"
              "朝阳区      7  a\n"
              "Haidian  1200\n");
    }

    TEST_CASE("titles are in her language") {
        const Table table(std::vector<Column>{{"c", "help.commands"}});
        CHECK(table.to_text(Language::zh).starts_with("命令："));
        CHECK(table.to_text(Language::en).starts_with("Commands:"));
    }

    TEST_CASE("a cell can neither break its row nor steer the terminal") {
        Table table(std::vector<Column>{{"a", "a"}});
        table.add_row({"x\ny\x1b[2J\u202e\u0085z"});
        CHECK(table.to_text(Language::en) == "a\n---------\nx y [2J z\n");
    }
}

TEST_SUITE("cli/console/csv") {
    TEST_CASE("cells are quoted where RFC 4180 wants it") {
        CHECK(csv_line({"a", "b,c", "say \"hi\"", "two\nlines", "", "王小丽"}) ==
              "a,\"b,c\",\"say \"\"hi\"\"\",\"two\nlines\",,王小丽\r\n");
    }

    TEST_CASE("no text is a formula to a spreadsheet, and numbers stay numbers") {
        CHECK(csv_line({"=1+1", "+86", "-x", "@a", "\t=1", "\r=1"}) ==
              "'=1+1,'+86,'-x,'@a,'\t=1,\"'\r=1\"\r\n");
        CHECK(csv_line({"-5", "-5.25", "12", "40.0", "a=b", "2026-01-01"}) ==
              "-5,-5.25,12,40.0,a=b,2026-01-01\r\n");
        CHECK(csv_line({"-", "-1-1", "-1.2.3", "-.5", "-5."}) == "'-,'-1-1,'-1.2.3,'-.5,'-5.\r\n");
    }

    TEST_CASE("a table becomes a file under its keys, with the mark if it is wanted") {
        CHECK(to_csv(sample()) == "area,numerator,note\r\n朝阳区,7,a\r\nHaidian,1200,\r\n");
        CHECK(to_csv(sample(), ByteOrderMark::written)
                  .starts_with("\xEF\xBB\xBF"
                               "area,"));
    }
}

}  // namespace
}  // namespace egret::console
