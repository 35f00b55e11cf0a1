#include "registry/sheet/sheet.h"

#include "registry/base/sheet_limits.h"
#include "registry/sheet/day.h"
#include "tests/support/workbook.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

namespace egret::sheet {
namespace {

using tests::TestZip;
using tests::workbook;

std::vector<std::string> texts(const Row& row) {
    std::vector<std::string> all;
    for (const auto& cell : row.cells) all.push_back(cell.text);
    return all;
}

using Texts = std::vector<std::string>;

std::string failure_of(const Result<std::vector<Sheet>>& read) {
    return read ? "" : read.error().message.id;
}

std::optional<Date> day(const std::string& text, bool is_number = false, bool from_1904 = false) {
    return parse_day({text, is_number}, from_1904);
}

TEST_SUITE("registry/sheet") {
    TEST_CASE("a CSV file is read with quotes, line ends of every kind and a mark") {
        const auto sheet =
            read_csv("\xEF\xBB\xBF姓名,备注\r\n\"林, 静\",\"a \"\"b\"\"\"\n\n吴强,\r");
        REQUIRE(sheet);
        REQUIRE(sheet->rows.size() == 3);
        CHECK(texts(sheet->rows[0]) == Texts{"姓名", "备注"});
        CHECK(texts(sheet->rows[1]) == Texts{"林, 静", "a \"b\""});
        CHECK(sheet->rows[2].number == 4);
        CHECK(texts(sheet->rows[2]) == Texts{"吴强", ""});
        CHECK(sheet->rows[2].at(7).text.empty());
    }

    TEST_CASE("tabs and semicolons part cells where they are the usual sign") {
        const auto tabs = read_csv("班级名册\na\tb\n1, 2\t3\n");
        REQUIRE(tabs);
        CHECK(texts(tabs->rows[2]) == Texts{"1, 2", "3"});
        const auto semicolons = read_csv("a;b\n1;2\n");
        REQUIRE(semicolons);
        CHECK(texts(semicolons->rows[1]) == Texts{"1", "2"});
    }

    TEST_CASE("GB 18030 and UTF-16 are read, what is no text is refused") {
        // 姓名,性别 / 林静,女
        const auto gb =
            read_csv("\xD0\xD5\xC3\xFB,\xD0\xD4\xB1\xF0\r\n\xC1\xD6\xBE\xB2,\xC5\xAE\r\n");
        REQUIRE(gb);
        CHECK(texts(gb->rows[1]) == Texts{"林静", "女"});
        const auto wide = read_csv(std::string_view("\xFF\xFE\x97\x67,\0\x09\x4E\n\0", 10));
        REQUIRE(wide);
        CHECK(texts(wide->rows[0]) == Texts{"林", "三"});
        CHECK_FALSE(read_csv("\xFF\xFFname,\x81\n"));
        CHECK_FALSE(read_csv(std::string_view("a\0b,c\n", 6)));
    }

    TEST_CASE("a formula's guard is taken back, as it was put there") {
        const auto sheet = read_csv("'+8613900000001,'abc\n");
        REQUIRE(sheet);
        CHECK(texts(sheet->rows[0]) == Texts{"+8613900000001", "'abc"});
    }

    TEST_CASE("a quote without end and a table past its limits are refused") {
        CHECK(read_csv("a,b\n\"c,d\n").error().message.id == "sheet.quote_without_end");
        std::string rows;
        const auto rows_max = limits::sheet_rows_max + limits::sheet_head_rows_max;
        for (std::size_t i = 0; i < rows_max; ++i) rows += "a,b\n";
        CHECK(read_csv(rows));
        CHECK(read_csv(rows + "a,b\n").error().message.id == "sheet.too_many_rows");
        CHECK(read_csv(std::string(limits::sheet_cell_bytes_max + 1, 'a')).error().code ==
              ErrorCode::too_large);
        CHECK(read_csv(std::string(limits::sheet_columns_max, ',') + "a").error().message.id ==
              "sheet.too_many_columns");
    }

    TEST_CASE("a workbook that another program wrote is read") {
        std::ostringstream bytes;
        bytes << std::ifstream(EGRET_SOURCE_DIR "/tests/registry/sheet/files/roll.xlsx",
                               std::ios::binary)
                     .rdbuf();
        const auto sheets = read_sheets(bytes.str());
        REQUIRE(sheets);
        REQUIRE(sheets->size() == 2);  // The third is hidden.
        const auto& first = sheets->front();
        CHECK(first.name == "初一1班");
        CHECK(first.rows[1].cells[0].text == "班主任：陈老师");
        CHECK(first.rows[2].cells[1].text == "姓名*");
        const auto& girl = first.rows[3];
        CHECK(girl.number == 4);
        CHECK(girl.at(3) == Cell{"41099", true});
        CHECK(parse_day(girl.at(3), first.counts_days_from_1904) == Date::from_ymd(2012, 7, 9));
        CHECK(girl.at(7).text == "13900000001");
        CHECK(first.rows[4].at(1).text == "欧阳晓雯");
        CHECK(sheets->back().rows[1].at(2) == Cell{"20120915", true});
    }

    TEST_CASE("shared and inline strings, runs, reading aids and cells without a place") {
        const auto sheets = read_xlsx(workbook(
            "<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>内</t></is></c>"
            "<c r=\"E3\"><v>1.0E2</v></c><c r=\"F3\" t=\"str\"><f>A1</f><v>甲</v></c></row>"
            "<row><c t=\"b\"><v>1</v></c></row>",
            "<si><r><t>欧</t></r><r><t>阳</t></r><rPh sb=\"0\"><t>ou</t></rPh></si>"));
        REQUIRE(sheets);
        const auto& rows = sheets->front().rows;
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].number == 3);
        CHECK(texts(rows[0]) == Texts{"", "欧阳", "内", "", "100", "甲"});
        CHECK(rows[1].number == 4);
    }

    TEST_CASE("merged cells are told with the rows and columns that they take up") {
        const auto merged_by = [](const std::string& ranges) {
            const auto sheets =
                read_xlsx(workbook("<row r=\"2\"><c r=\"B2\"><v>1</v></c></row>"
                                   "</sheetData><mergeCells>" +
                                   ranges + "</mergeCells><sheetData>"));
            REQUIRE(sheets);
            return sheets->front().merged;
        };
        using Merged = std::vector<MergedCells>;
        CHECK(merged_by("") == Merged{});
        CHECK(merged_by("<mergeCell ref=\"B2:B9\"/><mergeCell ref=\"A1:AB1\"/>") ==
              Merged{{2, 9, 1, 1}, {1, 1, 0, 27}});
        CHECK(merged_by("<mergeCell ref=\"A1:XFD1\"/>") ==
              Merged{{1, 1, 0, limits::sheet_columns_max - 1}});
        for (const auto* odd : {"", "A1", ":", "1:2", "A:B", "B2:A1", "A2:A1", "A1:A-1", "A1:B2:C3",
                                "A1:A99999999999999999999"}) {
            CAPTURE(odd);
            CHECK(merged_by("<mergeCell ref=\"" + std::string(odd) + "\"/>").empty());
        }
    }

    TEST_CASE("days counted from 1904 are told apart") {
        const auto sheets =
            read_xlsx(workbook("<row><c><v>39637</v></c></row>", "", "date1904=\"1\""));
        REQUIRE(sheets);
        CHECK(sheets->front().counts_days_from_1904);
        CHECK(day("39637", true, true) == Date::from_ymd(2012, 7, 9));
    }

    TEST_CASE("a workbook that can't be right is refused, whatever is wrong with it") {
        const auto good = workbook("<row><c><v>1</v></c></row>");
        CHECK(read_xlsx(good));
        for (std::size_t size = 0; size < good.size(); size += 7)
            CHECK_FALSE(read_xlsx(std::string_view(good).substr(0, size)));
        CHECK(failure_of(read_xlsx(workbook("<row><c t=\"s\"><v>7</v></c></row>"))) ==
              "sheet.damaged");
        CHECK(failure_of(read_xlsx(workbook("<row><c></row>"))) == "sheet.damaged");
        CHECK(failure_of(read_sheets("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) == "sheet.old_excel");
        CHECK(failure_of(read_xlsx("PK\x03\x04")) == "sheet.damaged");
    }

    TEST_CASE("entities, depth and sizes have bounds") {
        TestZip bomb;
        bomb.add("xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><workbook>&a;</workbook>");
        CHECK(failure_of(read_xlsx(bomb.bytes())) == "sheet.damaged");
        std::string deep;
        for (std::size_t i = 0; i < limits::xml_nesting_max; ++i) deep += "<x>";
        CHECK_FALSE(read_xlsx(workbook(deep)));
        TestZip large;
        large.add("xl/workbook.xml", std::string(limits::sheet_part_bytes_max + 1, ' '));
        CHECK(failure_of(read_xlsx(large.bytes())) == "sheet.part_too_large");
        TestZip lying;
        lying.add("xl/workbook.xml", std::string(limits::sheet_part_bytes_max + 1, ' '),
                  TestZip::Method::deflated, 10);
        CHECK(failure_of(read_xlsx(lying.bytes())) == "sheet.part_too_large");
        TestZip many;
        for (std::size_t i = 0; i <= limits::sheet_entries_max; ++i)
            many.add(std::to_string(i), "", TestZip::Method::stored);
        CHECK(failure_of(read_xlsx(many.bytes())) == "sheet.too_many_parts");
    }

    TEST_CASE("a day is read in every form that has the year first") {
        const auto expected = Date::from_ymd(2012, 7, 9);
        for (const auto* text :
             {"2012-07-09", "2012/7/9", "2012.7.9", "2012年7月9日", "20120709", "２０１２/7/9",
              "2012-07-09 00:00:00", "2012-07-09T00:00:00Z", "41099", " 2012-7-09 "})
            CHECK_MESSAGE(day(text) == expected, text);
        CHECK(day("41099.5", true) == expected);
        CHECK(day("20120709", true) == expected);
        CHECK(day("61", true) == Date::from_ymd(1900, 3, 1));
        CHECK(day("1", true) == Date::from_ymd(1900, 1, 1));
        for (const auto* text :
             {"7/9/2012", "2012", "2012-07", "2012-02-30", "2012-13-01", "201207", "12-07-09",
              "2012/7-9", "2012-07-09x", "", "今天", "99999999999999999999", "1850-01-01"})
            CHECK_MESSAGE(!day(text), text);
        CHECK_FALSE(day("60", true));
        CHECK_FALSE(day("0", true));
        CHECK_FALSE(day("-5", true));
    }

    TEST_CASE("columns have letters") {
        CHECK(column_letters(0) == "A");
        CHECK(column_letters(25) == "Z");
        CHECK(column_letters(26) == "AA");
        CHECK(find_column("aa") == 26U);
        CHECK_FALSE(find_column("ZZZ"));
        CHECK_FALSE(find_column("姓名"));
        CHECK_FALSE(find_column(""));
    }
}

}  // namespace
}  // namespace egret::sheet
