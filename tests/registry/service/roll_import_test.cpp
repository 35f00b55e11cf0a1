#include "registry/service/roll_import.h"

#include "registry/base/sheet_limits.h"
#include "tests/support/clinic_fixture.h"

#include <algorithm>

namespace egret::service {
namespace {

struct RollFixture : tests::ClinicFixture {
    Result<ClassRoll> read(const std::string& csv) {
        auto sheet = sheet::read_csv(csv);
        REQUIRE(sheet);
        std::vector<sheet::Sheet> sheets;
        sheets.push_back(*std::move(sheet));
        return read_roll(sheets, options);
    }

    RollImported import(const std::string& csv, RollBoys boys = RollBoys::left_out) {
        auto roll = read(csv);
        REQUIRE(roll);
        auto imported = RollImport(*clinic).import(nurse, *std::move(roll), boys, quiet);
        REQUIRE(imported);
        return *std::move(imported);
    }

    History only(const std::string& typed) {
        const auto rows = clinic->search().find(typed, 10).rows;
        REQUIRE(rows.size() == 1);
        return *clinic->load_history(rows.front().id);
    }

    static std::vector<std::string> reasons(const RollImported& imported) {
        std::vector<std::string> all;
        for (const auto& row : imported.refused)
            all.push_back(std::to_string(row.place.line) + " " + row.error.message.id);
        return all;
    }

    RollOptions options;
    NoProgress quiet;
};

using Reasons = std::vector<std::string>;

TEST_SUITE("registry/service/roll_import") {
    TEST_CASE_FIXTURE(RollFixture, "a roll is read below its titles, in Chinese or English") {
        options.school = "示范第一中学";
        options.school_area = "350203001";
        const auto imported = import(
            "示范第一中学花名册,,,,,,,\n"
            "序号,姓名*,性别,出生日期（年月日）,身份证号,年级,班级,监护人,监护人电话,户籍地代码,"
            "住址\n"
            "1,林　静,女,2012/7/9,,初一,2班,林大山,139 0000 0001,350203,湖滨路 1 号\n"
            "2,欧阳晓雯,,,350203201203040020,初一,初一3班,,,,350203001\n");
        CHECK(imported.added == 2);
        CHECK(reasons(imported).empty());
        const auto first = only("林静").who;
        CHECK(first.names.front().text == "林静");
        CHECK(first.birth_date == PartialDate(Date::from_ymd(2012, 7, 9)));
        CHECK(first.school == "示范第一中学");
        CHECK(first.school_class == "初一2班");
        CHECK(first.school_area == "350203001");
        CHECK(first.household_area == "350203");
        CHECK(first.guardian->name == "林大山");
        CHECK(first.guardian->phone == "13900000001");
        CHECK(first.address == "湖滨路 1 号");
        const auto second = only("欧阳晓雯").who;
        CHECK(second.birth_date == PartialDate(Date::from_ymd(2012, 3, 4)));
        CHECK(second.sex == Sex::female);
        CHECK(second.school_class == "初一3班");
        CHECK(second.area == "350203001");
        CHECK(import("name,sex,Birth Date,class\nAnna Lin,F,2012-01-02,7A\n").added == 1);
    }

    TEST_CASE_FIXTURE(RollFixture, "importing a roll again changes nothing") {
        const std::string roll =
            "姓名,性别,出生日期,身份证号,学校,班级,电话,户籍\n"
            "林静,女,20120709,,一中,1班,13900000001,3502\n"
            "吴芳,女,,350203201207090025,一中,1班,,\n";
        CHECK(import(roll).added == 2);
        const auto facts = clinic->log().find_head(clinic->device())->seq;
        const auto again = import(roll);
        CHECK(again.added == 0);
        CHECK(again.updated == 0);
        CHECK(again.unchanged == 2);
        CHECK(clinic->log().find_head(clinic->device())->seq == facts);
    }

    TEST_CASE_FIXTURE(RollFixture, "who is here already is found by number, or by name and birth") {
        auto known = somebody("林静", "2012-07-09");
        known.phones = {"13911111111"};
        const auto by_name = add(known);
        auto numbered = somebody("吴芳", "2012-07-09");
        numbered.identifiers = {{IdentifierKind::school_number, "G350203201207090025", {}}};
        const auto by_number = add(numbered);
        const auto imported = import(
            "姓名,性别,出生日期,身份证号,学籍号,学校,班级,电话\n"
            "林静,女,20120709,350203201207090041,,一中,1班,13922222222\n"
            "吴芳,女,2012-07-09,350203201207090025,G350203201207090025,一中,2班,\n");
        CHECK(imported.added == 0);
        CHECK(imported.updated == 2);
        const auto first = clinic->load_history(by_name)->who;
        CHECK(first.school_class == "1班");
        CHECK(first.phones == std::vector<std::string>{"13911111111"});  // Not said anew.
        CHECK(first.identifiers.size() == 1);
        const auto second = clinic->load_history(by_number)->who;
        CHECK(second.identifiers.size() == 2);
        CHECK(import("姓名,身份证号,学校,班级\n吴芳,350203201207090025,二中,3班\n").updated == 1);
        CHECK(clinic->load_history(by_number)->who.school == "二中");
    }

    TEST_CASE_FIXTURE(RollFixture, "a row that can't be right is refused alone, with its line") {
        const auto imported = import(
            "姓名,性别,出生日期,身份证号,班级\n"
            ",女,2012-07-09,,1班\n"
            "甲一,女,7/9/2012,,1班\n"
            "甲二,女,2012-02-30,,1班\n"
            "甲三,,2012-07-09,,1班\n"
            "甲四,其他,2012-07-09,,1班\n"
            "甲五,女,2012-07-10,350203201207090025,1班\n"
            "甲六,男,2012-07-09,350203201207090025,1班\n"
            "甲七,女,,350203201207090026,1班\n"
            "甲八,女,,,1班\n"
            "甲九,女,2031-01-01,,1班\n"
            "乙,女,2012-07-09,,1班\n"
            ",,,,\n");
        CHECK(imported.added == 1);
        CHECK(reasons(imported) ==
              Reasons{"2 roll.name_missing", "3 roll.day_unread", "4 roll.day_unread",
                      "5 roll.sex_missing", "6 roll.sex_unread", "7 roll.birth_contradicts_number",
                      "8 roll.sex_contradicts_number", "9 identity.check_digit",
                      "10 roll.birth_missing", "11 date.future"});
    }

    TEST_CASE_FIXTURE(RollFixture,
                      "what a spreadsheet couldn't work out is nobody's name or class") {
        const auto imported = import(
            "姓名,性别,出生日期,班级\n"
            "#REF!,女,2012-07-09,1班\n"
            "乙,女,2012-07-09,#N/A\n"
            "#1 丙,女,2012-07-09,1班\n");
        CHECK(imported.added == 1);
        CHECK(reasons(imported) == Reasons{"2 roll.error_cell", "3 roll.error_cell"});
    }

    TEST_CASE_FIXTURE(RollFixture, "two girls of one name and birth date need their numbers") {
        const auto imported = import(
            "姓名,性别,出生日期,身份证号,班级\n"
            "林静,女,2012-07-09,350203201207090025,1班\n"
            "林静,女,2012-07-09,350203201207090041,2班\n"
            "林静,女,2012-07-09,,3班\n"
            "吴芳,女,2012-07-09,,1班\n"
            "吴芳,女,2012-07-09,,1班\n");
        CHECK(imported.added == 3);
        CHECK(reasons(imported) == Reasons{"4 roll.name_of_several", "6 roll.same_as_line"});
        REQUIRE(imported.notes.size() == 1);
        CHECK(imported.notes.front().text.id == "roll.namesakes");
        CHECK(imported.notes.front().places.front().line == 3);
        CHECK(import("姓名,性别,出生日期,身份证号\n林静,女,2012-07-09,350203201207090025\n")
                  .unchanged == 1);
    }

    TEST_CASE_FIXTURE(RollFixture, "a number that is somebody else's is never taken for hers") {
        auto other = somebody("王小丽", "2012-07-09");
        other.identifiers = {{IdentifierKind::resident_id, "350203201207090025", {}}};
        add(other);
        auto elder = somebody("林静", "2010-01-01");
        elder.identifiers = {{IdentifierKind::school_number, "G350203201207090025", {}}};
        add(elder);
        const auto imported = import(
            "姓名,性别,出生日期,身份证号,学籍号\n"
            "林静,女,,350203201207090025,\n"
            "林静,女,2012-07-09,,G350203201207090025\n");
        CHECK(imported.added == 0);
        CHECK(reasons(imported) ==
              Reasons{"2 roll.number_of_other_name", "3 roll.number_of_other_birth"});
    }

    TEST_CASE_FIXTURE(RollFixture, "boys are left out unless they are wanted") {
        const std::string roll = "姓名,性别,出生日期\n吴强,男,2012-07-09\n林静,女,2012-07-09\n";
        const auto imported = import(roll);
        CHECK(imported.left_out == 1);
        CHECK(imported.added == 1);
        CHECK(import(roll, RollBoys::taken).added == 1);
        CHECK(only("吴强").who.sex == Sex::male);
    }

    TEST_CASE_FIXTURE(RollFixture, "a column is what --map says, by head or letter") {
        options.choices = {{RollField::name, "学生"}, {RollField::birth_date, "C"}};
        const std::string odd = "学生,女生,何时\n林静,女,2012-07-09\n";
        options.choices.push_back({RollField::sex, "B"});
        CHECK(import(odd).added == 1);
        options.choices = {{RollField::name, "不在"}};
        CHECK(read("姓名,性别\n林静,女\n").error().field == "--map");
        options.choices = {
            {RollField::name, "A"}, {RollField::birth_date, "B"}, {RollField::sex, "C"}};
        CHECK(import("吴芳,2012-07-09,女\n").added == 1);  // No head row at all.
        options.choices = {{RollField::household_area, ""}};
        CHECK(import("姓名,性别,出生日期,户籍\n郑燕,女,2012-07-09,厦门\n").notes.empty());
    }

    TEST_CASE_FIXTURE(RollFixture, "what is not read is named, a table without a head is refused") {
        const auto roll = read("姓名,性别,民族,出生日期,爱好\n林静,女,汉,2012-07-09,琴\n");
        REQUIRE(roll);
        CHECK(roll->unread_columns == std::vector<std::string>{"C", "E"});
        CHECK(read("林静,女,2012-07-09\n").error().message.id == "roll.no_head_row");
        CHECK(read("").error().message.id == "roll.no_head_row");
        const auto odd = import("姓名,性别,出生日期,户籍\n林静,女,2012-07-09,厦门市思明区\n");
        CHECK(odd.added == 1);
        CHECK(odd.notes.front().text.id == "roll.household_no_code");
    }

    TEST_CASE_FIXTURE(RollFixture,
                      "rows that a merged cell leaves without what it says are named") {
        const auto text_row = [](std::uint64_t number, const std::vector<std::string>& texts) {
            sheet::Row row{number, {}};
            for (const auto& text : texts) row.cells.push_back({text, false});
            return row;
        };
        std::vector<sheet::Sheet> sheets(1);
        auto& table = sheets[0];
        table.rows = {text_row(1, {"一中花名册"}),
                      text_row(2, {"姓名", "性别", "出生日期", "班级", "爱好"}),
                      text_row(3, {"林静", "女", "2012-07-09", "2班", "琴"}),
                      text_row(4, {"吴芳", "女", "2012-08-01"}),
                      text_row(5, {"郑燕", "女", "2012-09-15"}),
                      text_row(7, {"陈小", "女", "2012-09-16", "3班"})};
        const auto notes_with = [&](std::vector<sheet::MergedCells> merged) {
            table.merged = std::move(merged);
            const auto roll = read_roll(sheets, {});
            REQUIRE(roll);
            std::vector<std::string> notes;
            for (const auto& note : roll->notes) {
                auto said = note.text.id + " " + note.text.arguments.at(0).second;
                for (const auto& place : note.places) said += " " + std::to_string(place.line);
                notes.push_back(said);
            }
            return notes;
        };
        using Notes = std::vector<std::string>;
        CHECK(notes_with({}) == Notes{});
        CHECK(notes_with({{1, 1, 0, 4}}) == Notes{});  // A title.
        CHECK(notes_with({{3, 5, 3, 3}}) == Notes{"roll.merged_cells D 4 5"});
        CHECK(notes_with({{3, 5, 4, 4}}) == Notes{});  // Nobody reads that column.
        CHECK(notes_with({{3, 6, 3, 3}, {1, 1, 0, 4}}) == Notes{"roll.merged_cells D 4 5"});
        CHECK(notes_with({{3, 7, 3, 3}}) == Notes{"roll.merged_cells D 4 5"});  // 7 has its own.
        CHECK(notes_with({{5, 5, 2, 4}, {3, 4, 3, 4}}) == Notes{"roll.merged_cells D 4 5"});
    }

    TEST_CASE_FIXTURE(RollFixture, "a pupil of an age that can't be right is pointed out") {
        const auto odd_lines = [&](const std::string& rows) {
            const auto imported = import("姓名,性别,出生日期,班级\n" + rows);
            CHECK(imported.refused.empty());
            std::vector<std::uint64_t> lines;
            for (const auto& note : imported.notes) {
                if (note.text.id != "roll.odd_age") continue;
                for (const auto& place : note.places) lines.push_back(place.line);
            }
            return lines;
        };
        using Lines = std::vector<std::uint64_t>;
        // Today is 1 May 2026.
        CHECK(odd_lines("林静,女,1912-07-09,2班\n吴芳,女,2012-07-09,2班\n") == Lines{2});
        CHECK(odd_lines("甲甲,女,2022-05-01,2班\n乙乙,女,2022-05-02,2班\n"
                        "丙丙,女,2000-05-02,2班\n丁丁,女,2000-05-01,2班\n") == Lines{3, 5});
        CHECK(odd_lines("戊戊,女,1970-05-02,\n") == Lines{});  // No pupil.
        options.school = "一中";
        CHECK(odd_lines("己己,女,1970-05-02,\n") == Lines{2});
    }

    TEST_CASE_FIXTURE(RollFixture, "the head row is none of the rows that a roll may have") {
        const auto rows_of = [](std::size_t count) {
            std::string rows = "一中花名册\n\n姓名,性别\n";
            for (std::size_t i = 0; i < count; ++i) rows += "林静,女\n";
            return rows;
        };
        CHECK(read(rows_of(limits::sheet_rows_max)));
        CHECK(read(rows_of(limits::sheet_rows_max + 1)).error().message.id ==
              "sheet.too_many_rows");
    }

    TEST_CASE_FIXTURE(RollFixture, "a number that the spreadsheet rounded is told as such") {
        std::vector<sheet::Sheet> sheets(1);
        sheets[0].rows = {{1, {{"姓名", false}, {"身份证号", false}}},
                          {2, {{"林静", false}, {"3.5020320120709E+17", true}}}};
        const auto roll = read_roll(sheets, {});
        REQUIRE(roll);
        CHECK(roll->refused.front().error.message.id == "roll.number_kept_as_number");
    }
}

}  // namespace
}  // namespace egret::service
