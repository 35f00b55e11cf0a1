#include "registry/base/text.h"
#include "tests/support/egret_run.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace egret {
namespace {

using console::ExitStatus;

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string content_of(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

using Names = std::vector<std::string>;

/// Xiamen, 1 May 2026: the national programme is in force.
struct SchoolRun : tests::EgretRun {
    SchoolRun() { init(); }

    std::string write(const std::string& name, const std::string& content) {
        auto path = dir.file(name);
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

    /// Four girls in two classes, and a boy.
    void import_roll() {
        const auto roll = write("roll.csv",
                                "姓名,性别,出生日期,班级,监护人,监护人电话\n"
                                "林静,女,2012-07-09,10班,林大山,13900000001\n"
                                "吴芳,女,2012-08-01,2班,吴大伟,13900000002\n"
                                "郑燕,女,2012-09-15,2班,,\n"
                                "陈小,女,2014-02-01,2班,,\n"
                                "黄强,男,2012-07-09,2班,,\n");
        done({"school", "import", roll, "--school", "一中", "--school-area", "350203",
              "--with-boys"});
    }

    Words list_words(Words more = {}) {
        Words words = {"school", "list", "--school", "一中", "--round", "2026-spring"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    std::vector<json::Value> pupils(Words more = {}) {
        const auto answer = done(list_words(std::move(more))).json();
        const auto& all = answer.find("pupils")->as_array();
        return {all.begin(), all.end()};
    }

    std::vector<std::string> names(Words more = {}) {
        std::vector<std::string> all;
        for (const auto& pupil : pupils(std::move(more)))
            all.push_back(pupil.find("name")->as_text());
        return all;
    }

    std::vector<std::string> names_at(const std::string& school) {
        std::vector<std::string> all;
        const auto answer = done({"school", "list", "--school", school}).json();
        for (const auto& pupil : answer.find("pupils")->as_array())
            all.push_back(pupil.find("name")->as_text());
        return all;
    }

    std::string id_of(const std::string& name) {
        for (const auto& pupil : pupils()) {
            if (pupil.find("name")->as_text() == name) return pupil.find("woman")->as_text();
        }
        FAIL(name);
        return {};
    }

    Words tick_words(Words more, const std::string& date = "2026-04-20") {
        Words words = {"school", "tick", "--school",  "一中",          "--round", "2026-spring",
                       "--date", date,   "--product", "egret:cecolin", "--lot",   "X1"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    void agree(const std::vector<std::string>& girls) {
        Words words = {"school",  "consent",     "--school", "一中",
                       "--round", "2026-spring", "--date",   "2026-04-10"};
        for (const auto& girl : girls) words.push_back(id_of(girl));
        done(words);
    }
};

TEST_SUITE("cli/school") {
    TEST_CASE_FIXTURE(SchoolRun, "a class is listed in the order in which it is called") {
        import_roll();
        CHECK(names() == Names{"陈小", "吴芳", "郑燕", "林静"});
    }

    TEST_CASE_FIXTURE(SchoolRun, "a roll is taken in, and its faults are told without its values") {
        const auto roll = write("roll.csv",
                                "姓名,性别,出生日期,民族\n林静,女,2012-07-09,汉\n"
                                "吴芳,女,9/7/2012,汉\n黄强,男,2012-07-09,汉\n");
        const auto refused = dir.file("refused.csv");
        const auto ran = run(
            {"school", "import", roll, "--school", "一中", "--refused", refused, "--lang", "en"});
        CHECK(ran.status == ExitStatus::partly);
        CHECK(ran.out ==
              "1 added, 0 updated, 0 here already and unchanged; 1 refused.\n"
              "Boys left out: 1; --with-boys takes them in.\n");
        CHECK(has(ran.err, "line 3, "));
        CHECK(has(ran.err, "columns were not read: D;"));
        CHECK_FALSE(has(ran.err, "吴芳"));
        CHECK_FALSE(has(ran.err, "9/7"));
        // What was refused can be corrected and taken in again.
        auto rows = content_of(refused);
        CHECK(has(rows, "name,sex,birth_date,"));
        CHECK(has(rows, "吴芳,女,9/7/2012"));
        rows.replace(rows.find("9/7/2012"), 8, "2012-07-09");
        const auto again = done({"school", "import", write("corrected.csv", rows)}).json();
        CHECK(again.find("added")->as_integer() == 1);
        CHECK(again.find("unread_columns")->as_array().empty());
        CHECK(names_at("一中") == Names{"林静", "吴芳"});

        const auto chinese = run({"school", "import", roll, "--lang", "zh"});
        CHECK(has(chinese.err, "第 3 行，出生日期"));
        CHECK(has(chinese.out, "已在册且无变化 1 人；1 行被拒绝。"));
    }

    TEST_CASE_FIXTURE(SchoolRun, "a workbook is taken in by each of its commands") {
        const std::string path = EGRET_SOURCE_DIR "/tests/registry/sheet/files/roll.xlsx";
        const auto first = done({"school", "import", path, "--school", "一中"}).json();
        CHECK(first.find("added")->as_integer() == 3);
        CHECK(first.find("left_out")->as_integer() == 1);
        const auto second = done({"import", "xlsx", path, "--school", "一中"}).json();
        CHECK(second.find("unchanged")->as_integer() == 3);
        CHECK(second.find("added")->as_integer() == 1);  // The boy.
        CHECK(run({"import", "csv", path}).status == ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(SchoolRun, "how a roll is imported wrongly is said") {
        CHECK(run({"school", "import", dir.file("none.csv")}).status == ExitStatus::refused);
        const auto roll = write("roll.csv", "林静,女,2012-07-09\n");
        const auto no_head = run({"school", "import", roll, "--lang", "en"});
        CHECK(no_head.status == ExitStatus::refused);
        CHECK(has(no_head.err, "is a head row"));
        CHECK(run({"school", "import", roll, "--map", "nombre=A"}).status == ExitStatus::usage);
        CHECK(run({"school", "import", roll, "--map", "name"}).status == ExitStatus::usage);
        CHECK(run({"school", "import", roll, "--school-area", "99"}).status == ExitStatus::usage);
        CHECK(run({"school", "import", roll, "--map", "name=A,sex=B,birth_date=C"}).status ==
              ExitStatus::done);
    }

    TEST_CASE_FIXTURE(SchoolRun, "the list has every girl by class and name, and what is hers") {
        import_roll();
        CHECK(names() == Names{"陈小", "吴芳", "郑燕", "林静"});
        const auto all = pupils({"--on", "2026-05-01"});
        const auto& girl = all[1];
        CHECK(girl.find("free")->find("verdict")->as_text() == "yes");
        CHECK(girl.find("next")->find("dose_number")->as_integer() == 1);
        CHECK(girl.find("consent")->as_text() == "missing");
        CHECK(girl.find("phone")->as_text() == "13900000002");
        CHECK(all[0].find("free")->find("verdict")->as_text() == "no");  // Not 13 yet.
        CHECK(names({"--class", "10班"}) == Names{"林静"});
        CHECK(names({"--kind", "first"}) == Names{"吴芳", "郑燕", "林静"});
        CHECK(names({"--kind", "second"}).empty());
        const auto unknown = run({"school", "list", "--school", "二中"});
        CHECK(unknown.status == ExitStatus::refused);
        const auto shown = run(list_words({"--lang", "zh"}));
        CHECK(has(shown.out, "免费对象"));
        CHECK(has(shown.out, "该校 1 名男生未列入。"));
    }

    TEST_CASE_FIXTURE(SchoolRun, "a class that isn't there is named, one of boys alone is there") {
        import_roll();
        const auto no_class = run(list_words({"--class", "无", "--lang", "zh"}));
        CHECK(no_class.status == ExitStatus::refused);
        CHECK(has(no_class.err, "--class"));
        CHECK(has(no_class.err, "没有该校此班级"));
        CHECK(run({"due", "--class", "无"}).status == ExitStatus::refused);
        CHECK(run({"due", "--class", "2班"}).status == ExitStatus::done);
        const auto boys = write("boys.csv", "姓名,性别,出生日期,班级\n赵强,男,2012-07-09,9班\n");
        done({"school", "import", boys, "--school", "一中", "--with-boys"});
        CHECK(names({"--class", "9班"}).empty());
        for (const auto* code : {"C999", "XX"}) {
            const auto unknown = run({"due", "--facility", code, "--lang", "en"});
            CHECK(unknown.status == ExitStatus::refused);
            CHECK(has(unknown.err, "check the code"));
        }
    }

    TEST_CASE_FIXTURE(SchoolRun, "a pupil for whom no protocol is says nothing of a vaccine") {
        const auto roll = write("old.csv", "姓名,性别,出生日期,班级\n老生,女,1912-07-09,2班\n");
        const auto imported = run({"school", "import", roll, "--school", "一中", "--lang", "zh"});
        CHECK(imported.status == ExitStatus::done);
        CHECK(has(imported.err, "第 2 行：按出生日期，该学生不足 4 岁或已超过 25 岁"));
        CHECK(pupils()[0].find("warnings")->as_array().empty());
    }

    TEST_CASE_FIXTURE(SchoolRun, "a flag, a consent and an earlier dose show on the list") {
        import_roll();
        done({"record", "flag", "--woman", id_of("吴芳"), "code=pregnant", "--date", "2026-04-01"});
        agree({"林静"});
        done({"record", "consent", "--woman", id_of("郑燕"), "scope=vaccination",
              "decision=refused", "by=guardian", "round=2026-spring", "--date", "2026-04-11"});
        const auto all = pupils();
        CHECK(all[1].find("warnings")->as_array().front().find("code")->as_text() == "pregnant");
        CHECK(all[2].find("consent")->as_text() == "refused");
        CHECK(all[3].find("consent")->as_text() == "given");
    }

    TEST_CASE_FIXTURE(SchoolRun, "what was filled in is taken down, and twice adds nothing twice") {
        import_roll();
        agree({"林静", "吴芳"});
        const auto form = dir.file("form.csv");
        CHECK(run(list_words({"--csv", form})).status == ExitStatus::done);
        auto rows = content_of(form);
        // It ends with given, reason, lot and because, all empty.
        const auto fill = [&](const std::string& name, const std::string& cells) {
            const auto end = rows.find("\r\n", rows.find(name));
            REQUIRE(rows.substr(end - 4, 4) == ",,,,");
            rows.replace(end - 4, 4, cells);
        };
        fill("吴芳", ",是,,X2,");
        fill("郑燕", ",否,acute_illness,,");
        fill("林静", ",yes,,,");
        auto words = tick_words({"--from", write("filled.csv", rows)});
        const auto ticked = done(words).json();
        CHECK(ticked.find("given")->as_integer() == 2);
        CHECK(ticked.find("not_given")->as_integer() == 1);
        CHECK(ticked.find("open")->as_integer() == 1);
        const auto again = done(words).json();
        CHECK(again.find("given")->as_integer() == 0);
        CHECK(again.find("known")->as_integer() == 3);
        const auto all = pupils();
        CHECK(all[1].find("done")->as_bool());
        CHECK(all[1].find("doses")->as_array().size() == 1);
        CHECK(all[2].find("not_given")->find("reason")->as_text() == "acute_illness");
        const auto woman = done({"woman", "show", id_of("吴芳")}).out;
        CHECK(has(woman, "X2"));
        CHECK(names({"--kind", "second"}) == Names{"吴芳", "林静"});
        CHECK(names({"--kind", "catch-up"}) == Names{"郑燕"});
    }

    TEST_CASE_FIXTURE(SchoolRun, "the second round has its window, and then its drop-outs") {
        import_roll();
        agree({"林静", "吴芳"});
        done(tick_words({id_of("林静"), id_of("吴芳")}));
        const auto second = pupils({"--kind", "second", "--on", "2026-10-20"});
        REQUIRE(second.size() == 2);
        const auto& window = *second[0].find("window");
        CHECK(window.find("from")->as_text() == "2026-09-20");  // Five months.
        CHECK(second[0].find("next")->find("due")->as_text() == "2026-10-20");
        CHECK(names({"--kind", "dropout", "--on", "2026-10-20"}).empty());
        // Who may not be vaccinated that day is not forgotten.
        done({"record", "flag", "--woman", id_of("吴芳"), "code=pregnant", "--date", "2026-04-25"});
        CHECK(names({"--kind", "second", "--on", "2026-10-20"}) == Names{"吴芳", "林静"});
        CHECK(names({"--kind", "dropout", "--on", "2028-01-01"}) == Names{"林静"});
        CHECK(names({"--kind", "first"}) == Names{"郑燕"});
    }

    TEST_CASE_FIXTURE(SchoolRun, "who missed a round's days is on the lists that follow") {
        const auto roll = write("roll.csv",
                                "姓名,性别,出生日期,班级\n"
                                "林静,女,2010-08-31,1班\n"
                                "吴芳,女,2010-01-05,2班\n");
        done({"school", "import", roll, "--school", "海沧一中", "--school-area", "350205"});
        const auto names_on = [&](const char* kind, const char* day, bool is_round_named = true) {
            Words words{"school", "list", "--school", "海沧一中", "--kind", kind, "--on", day};
            if (is_round_named) words.insert(words.end(), {"--round", "haicang-2023"});
            Names all;
            const auto answer = done(words).json();
            for (const auto& pupil : answer.find("pupils")->as_array())
                all.push_back(pupil.find("name")->as_text());
            return all;
        };
        const Names both{"林静", "吴芳"};
        CHECK(names_on("first", "2023-09-20") == both);  // The lists are made before.
        CHECK(names_on("first", "2023-10-20") == both);
        CHECK(names_on("catch-up", "2023-10-20").empty());
        CHECK(names_on("catch-up", "2023-11-05") == both);
        const auto window_on = [&](const char* day) {
            const auto all = done({"school", "list", "--school", "海沧一中", "--round",
                                   "haicang-2023", "--on", day})
                                 .json();
            return all.find("pupils")->as_array()[0].find("window")->find("over")->as_bool();
        };
        CHECK_FALSE(window_on("2023-10-31"));
        CHECK(window_on("2023-11-01"));
        const auto shown = run({"school", "list", "--school", "海沧一中", "--round", "haicang-2023",
                                "--kind", "catch-up", "--on", "2023-11-05", "--lang", "zh"});
        CHECK(has(shown.out, "2023-10-31（已结束）"));
        const auto listed = done({"school", "list", "--school", "海沧一中"}).json();
        const auto id = listed.find("pupils")->as_array()[0].find("woman")->as_text();
        done({"school", "tick", "--school", "海沧一中", "--round", "haicang-2023", "--date",
              "2023-10-15", "--product", "egret:cecolin", "--lot", "X1", "--because", "-", id});
        CHECK(names_on("catch-up", "2023-10-20").empty());  // Nobody of the other class was asked.
        CHECK(names_on("catch-up", "2023-11-05") == Names{"吴芳"});
        CHECK(names_on("second", "2024-04-20") == Names{"林静"});
        CHECK(names_on("dropout", "2024-05-31").empty());
        CHECK(names_on("dropout", "2024-06-01") == Names{"林静"});
        CHECK(names_on("dropout", "2024-08-20") == Names{"林静"});
        CHECK(names_on("dropout", "2024-08-20", false) == Names{"林静"});
    }

    TEST_CASE_FIXTURE(SchoolRun, "absentees of a round are found whatever it is called") {
        const auto roll = write("roll.csv",
                                "姓名,性别,出生日期,班级\n"
                                "林静,女,2010-03-01,1班\n"
                                "吴芳,女,2010-01-05,1班\n"
                                "郑燕,女,2010-02-01,2班\n"
                                "陈小,女,2010-09-01,1班\n");  // Not of the round.
        done({"school", "import", roll, "--school", "海沧一中", "--school-area", "350205"});
        const auto list = [&](const char* kind, const char* day, Words more) {
            Words words{"school", "list", "--school", "海沧一中", "--kind", kind, "--on", day};
            words.insert(words.end(), more.begin(), more.end());
            const auto answer = done(words).json();
            const auto& all = answer.find("pupils")->as_array();
            return std::vector<json::Value>(all.begin(), all.end());
        };
        std::string id;
        for (const auto& pupil : list("all", "2023-10-01", {})) {
            if (pupil.find("name")->as_text() == "林静") id = pupil.find("woman")->as_text();
        }
        done({"school", "tick", "--school", "海沧一中", "--round", "h", "--date", "2023-10-10",
              "--product", "egret:cecolin", "--lot", "X1", "--because", "-", id});
        for (const auto& named :
             {Words{}, Words{"--round", "h"}, Words{"--round", "2023-autumn"}}) {
            const auto missed = list("catch-up", "2023-11-01", named);
            REQUIRE(missed.size() == 2);
            CHECK(missed[0].find("name")->as_text() == "吴芳");
            CHECK(missed[1].find("name")->as_text() == "郑燕");
            CHECK(missed[0].find("window")->find("to")->as_text() == "2023-10-31");
            CHECK(missed[0].find("window")->find("over")->as_bool());
            CHECK(list("first", "2023-11-01", named).empty());
            CHECK(list("dropout", "2024-05-31", named).empty());
            const auto out = list("dropout", "2024-06-01", named);
            REQUIRE(out.size() == 1);
            CHECK(out[0].find("window")->find("to")->as_text() == "2024-05-31");
        }
        // A dose that came too early moves her next beyond the round's days: those are not shown.
        done({"record", "dose", "--woman", id, "product=egret:cecolin", "date=2024-02-10"});
        const auto late = list("dropout", "2024-06-02", {"--round", "haicang-2023"});
        REQUIRE(late.size() == 1);
        const auto& window = *late[0].find("window");
        CHECK(window.find("from")->as_text() == "2024-07-10");
        CHECK_FALSE(window.find("of_round")->as_bool());
        CHECK(window.find("over")->as_bool());
        CHECK(late[0].find("free")->find("verdict")->as_text() == "no");
    }

    TEST_CASE_FIXTURE(SchoolRun, "whom a risk group's schedule has complete, the list has, too") {
        const auto roll = write("roll.csv", "姓名,性别,出生日期,班级\n林静,女,2012-05-01,1班\n");
        done({"school", "import", roll, "--school", "一中", "--school-area", "350203"});
        const auto woman = id_of("林静");
        done({"record", "flag", "--woman", woman, "code=hiv", "from=2025-01-01"});
        for (const char* date : {"2025-04-01", "2025-06-01", "2025-10-10"})
            done({"record", "dose", "--woman", woman, "product=egret:cecolin",
                  "date=" + std::string(date)});
        CHECK(names() == Names{"林静"});
        CHECK(has(done(list_words({"--lang", "en"})).out, "complete"));
        CHECK_FALSE(has(done(list_words({"--lang", "en"})).out, "clinician"));
        CHECK(names({"--kind", "second"}).empty());
    }

    TEST_CASE_FIXTURE(SchoolRun, "a dose against a refused consent waits for a reason") {
        import_roll();
        const auto girl = id_of("吴芳");
        done({"school", "consent", "--school", "一中", "--round", "2026-spring", "--date",
              "2026-04-10", "--refused", girl});
        const auto held = run(tick_words({girl, "--lang", "en"}));
        CHECK(held.status == ExitStatus::refused);
        CHECK(has(held.err, "consent was refused"));
        CHECK(held.err.starts_with("id " + girl.substr(0, 8)));
        CHECK_FALSE(has(held.err, "line 1"));
        CHECK(has(held.out, "1 held back"));
        CHECK(pupils()[1].find("doses")->as_array().empty());
        const auto given = run(tick_words({girl, "--because", "her mother agreed by phone"}));
        CHECK(given.status == ExitStatus::done);
        CHECK(pupils()[1].find("doses")->as_array().size() == 1);
    }

    TEST_CASE_FIXTURE(SchoolRun, "ticks that contradict the records are refused alone") {
        import_roll();
        agree({"林静", "吴芳"});
        const auto girl = id_of("吴芳");
        done(tick_words({girl}));
        auto words = tick_words({girl, id_of("林静"), "--lang", "en"});
        words[11] = "X9";  // Another lot on that day.
        const auto other_lot = run(words);
        CHECK(other_lot.status == ExitStatus::partly);
        CHECK(has(other_lot.err, "another vaccine or lot"));
        const auto not_given = run(tick_words({"--not-given", girl + "=acute_illness"}));
        CHECK(not_given.status == ExitStatus::refused);
        const auto stranger = add("外人", "2012-07-09");
        CHECK(run(tick_words({stranger})).status == ExitStatus::refused);
        CHECK(run(tick_words({})).status == ExitStatus::usage);
        CHECK(run(tick_words({"--not-given", girl})).status == ExitStatus::usage);
        CHECK(run(tick_words({girl, "--product", "cvx:9999"})).status == ExitStatus::usage);
    }

    TEST_CASE_FIXTURE(SchoolRun, "rows that can't be read are refused with their line") {
        import_roll();
        const auto girl = id_of("吴芳");
        const auto form =
            write("form.csv", "id,given,reason\n" + girl + ",maybe,\n" + girl + ",yes,ill\n" +
                                  girl + ",no,\nx,yes,\n" + girl + ",no,缺席\n");
        const auto ran = run(tick_words({"--from", form, "--lang", "en"}));
        CHECK(ran.status == ExitStatus::partly);
        // Who it is about is told by her id, where one stands there.
        const auto her = girl.substr(0, 8);
        for (const auto& line :
             {"line 2 (" + her, "line 3 (" + her, "line 4 (" + her, std::string("line 5, ")})
            CHECK(has(ran.err, line));
        CHECK_FALSE(has(ran.err, "吴芳"));
        const auto all = pupils();
        CHECK(all[1].find("not_given")->find("reason")->as_text() == "other");
        CHECK(all[1].find("not_given")->find("note")->as_text() == "缺席");
        const auto no_head = write("none.csv", "a,b\n1,2\n");
        CHECK(run(tick_words({"--from", no_head})).status == ExitStatus::refused);
        CHECK(run(tick_words({"--from", dir.file("none.csv")})).status == ExitStatus::refused);
        CHECK(run(tick_words({"XX"})).status == ExitStatus::refused);
        CHECK(run(tick_words({"--not-given", "XX=acute_illness"})).status == ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(SchoolRun,
                      "the printed page has a box for each, and nothing from elsewhere") {
        import_roll();
        const auto page = dir.file("list.html");
        CHECK(run(list_words({"--html", page, "--lang", "zh"})).status == ExitStatus::done);
        const auto html = content_of(page);
        CHECK(has(html, "size:A4 landscape"));
        CHECK(has(html, "<i class=\"box\"></i>"));
        CHECK(has(html, "吴芳"));
        CHECK(has(html, "学校接种名单"));
        for (const auto* elsewhere : {"http:", "https:", "src=", "url("})
            CHECK_FALSE(has(html, elsewhere));
        CHECK(run(list_words({"--html", page})).status == ExitStatus::refused);  // It is there.
    }
}

}  // namespace
}  // namespace egret
