#include "tests/support/egret_run.h"
#include "tests/support/pseudo_terminal.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::EgretRun;

std::string slurp(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct ClinicRun : EgretRun {
    ClinicRun() { init(); }
};

TEST_SUITE("cli/commands") {
    TEST_CASE_FIXTURE(EgretRun, "every command of the table is done by somebody") {
        std::istringstream in;
        const Machine machine{clock, random, Date::from_days(0), in};
        const auto handlers = make_handlers(machine);
        for (const auto& name : console::command_names(egret_commands()))
            CHECK_MESSAGE(handlers.contains(name), name);
    }

    TEST_CASE_FIXTURE(EgretRun, "init makes a registry and tells who it is") {
        const auto made = done({"init", "--dir", home(), "--clinic", "思明", "--area", "350203",
                                "--recovery-sheet", dir.file("sheet")});
        CHECK(made.text("dir") == home());
        CHECK(made.text("device").size() == 36);
        const auto sheet = slurp(dir.file("sheet"));
        CHECK(sheet.find(made.text("clinic")) != std::string::npos);
        CHECK(sheet.find(made.text("device")) != std::string::npos);
        CHECK(sheet.find("Recovery code:") != std::string::npos);
    }

    TEST_CASE_FIXTURE(EgretRun, "without --dir and EGRET_HOME it is said what to give") {
        terminal.environment.clear();
        const auto ran = run({"check"});
        CHECK(ran.status != ExitStatus::done);
        CHECK(ran.err.find("EGRET_HOME") != std::string::npos);
    }

    TEST_CASE_FIXTURE(ClinicRun, "a woman is added, found, shown and edited") {
        const auto id = done({"woman", "add", "name=王小丽", "resident_id=350203198503040028",
                              "phone=139 0000 0000", "guardian.name=王", "sex=女"})
                            .text("id");
        const auto found = done({"woman", "find", "wangxiaoli"}).json();
        REQUIRE(found.as_array().size() == 1);
        CHECK(found.as_array()[0].find("id")->as_text() == id);
        CHECK(found.as_array()[0].find("birth_date")->as_text() == "1985-03-04");
        CHECK(found.as_array()[0].find("sex")->as_text() == "female");
        done({"woman", "edit", id, "phone=13911112222", "alias=小丽"});
        const auto shown = done({"woman", "show", id}).json();
        CHECK(shown.find("phones")->as_array().at(0).as_text() == "13911112222");
        CHECK(shown.find("names")->as_array().size() == 2);
        CHECK(shown.find("identifiers")->as_array().size() == 1);
        CHECK(shown.find("guardian")->find("name")->as_text() == "王");
        CHECK(run({"woman", "find", "丽", "--lang", "zh"}).out.find("女") != std::string::npos);
    }

    TEST_CASE_FIXTURE(ClinicRun, "a number alone says birth date and sex, full-width digits too") {
        const auto id =
            done({"woman", "add", "resident_id=３５０２０３１９８５０３０４０２８Ｘ"}).text("id");
        const auto shown = done({"woman", "show", id});
        CHECK(shown.text("birth_date") == "1985-03-04");
        CHECK(shown.text("sex") == "female");
    }

    TEST_CASE_FIXTURE(ClinicRun, "the same woman twice is warned of, with whom it is about") {
        const auto first = add();
        const auto second =
            run({"woman", "add", "name=王小丽", "birth_date=1985-03-04", "sex=female"});
        CHECK(second.status == ExitStatus::done);
        CHECK(second.err.find(first) != std::string::npos);
        const auto again =
            done({"woman", "add", "name=王小丽", "birth_date=1985-03-04", "sex=female"}).json();
        CHECK(again.find("warnings")->as_array().at(0).find("code")->as_text() ==
              "possible_duplicate");
    }

    TEST_CASE_FIXTURE(ClinicRun, "links make two records one woman, unlinking makes them two") {
        const auto one = add();
        const auto other = add("王晓丽");
        done({"woman", "link", one, other, "--because", "同一证件"});
        CHECK(done({"woman", "show", other}).text("id") == done({"woman", "show", one}).text("id"));
        done({"woman", "unlink", one, other});
        CHECK(done({"woman", "show", other}).text("id") == other);
    }

    TEST_CASE_FIXTURE(ClinicRun, "facts are recorded by words: lists, nested members, labels") {
        const auto id = add();
        const auto test = done({"record", "hpv_test", "--woman", id, "--date", "2026-04-30",
                                "result=阳性", "types=16,18"});
        CHECK(test.text("woman") == id);
        const auto next = test.json().find("next")->as_array();
        CHECK(next == done({"next", id}).json().find("decisions")->as_array());
        CHECK_FALSE(next.empty());
        done({"record", "mammogram", "--woman", id, "--date", "2026-04-30", "left.birads=4A",
              "right=2", "density=c"});
        done({"record", "colposcopy", "--woman", id, "--date", "2026-04-30", "tz_type=2",
              "adequate=是"});
        const auto events = done({"woman", "show", id}).json().find("events")->as_array();
        REQUIRE(events.size() == 4);
        CHECK(events[0].find("result")->as_text() == "positive");
        CHECK(events[0].find("types")->as_array().size() == 2);
        CHECK(events[0].find("uid")->as_text() == test.text("event"));
        CHECK(events[1].find("left")->as_text() == "4a");
        CHECK(events[2].find("adequate")->as_bool());
        const auto chinese = run({"next", id, "--lang", "zh"});
        CHECK(chinese.out.find("HPV 检测") != std::string::npos);
        CHECK(chinese.out.find("阳性；16、18") != std::string::npos);
        CHECK(done({"next", id}).json().find("decisions")->is_array());
    }

    TEST_CASE_FIXTURE(ClinicRun, "a dose that isn't counted has its line, and the rule's name") {
        const auto id = add();
        done({"record", "dose", "--woman", id, "--date", "2026-04-02", "product=egret:cecolin",
              "substandard=true"});
        const std::vector<std::string> next{"next", id, "--protocol", "cn-label-cecolin"};
        const auto with = [&](const std::string& language) {
            auto words = next;
            words.insert(words.end(), {"--lang", language});
            return run(words).out;
        };
        const std::string rule = "/substandard]";
        CHECK(with("zh").find("未计入：2026-04-02，馨可宁") != std::string::npos);
        CHECK(with("zh").find("该剂登记为不合格") != std::string::npos);
        CHECK(with("en").find("Not counted: Cecolin (2-valent, E. coli), 2026-04-02. It is") !=
              std::string::npos);
        CHECK(with("en").find(rule) != std::string::npos);
        const auto decisions = done(next).json().find("decisions")->as_array();
        REQUIRE(decisions.size() == 1);
        const auto* lines = decisions[0].find("not_counted");
        REQUIRE(lines);
        CHECK(lines->as_array().front().find("product")->as_text() == "egret:cecolin");
    }

    TEST_CASE_FIXTURE(ClinicRun, "a whole fact comes from a file, and keeps what is unknown here") {
        const auto id = add();
        std::ofstream(dir.file("fact.json"))
            << "\xEF\xBB\xBF"
            << R"({"type":"dose","date":"2026-04-02","product":"cvx:165","laboratory_x":{"a":1}})";
        done({"record", "--woman", id, "--file", dir.file("fact.json")});
        const auto events = done({"woman", "show", id}).json().find("events")->as_array();
        CHECK(events[0].find("product")->as_text() == "cvx:165");
        CHECK(events[0].find("laboratory_x") != nullptr);
    }

    TEST_CASE_FIXTURE(ClinicRun, "a field is never taken for the kind of a fact") {
        const auto id = add();
        std::ofstream(dir.file("fact.json")) << R"({"type":"visit","date":"2026-04-02"})";
        done({"record", "note=x", "--woman", id, "--file", dir.file("fact.json")});
        CHECK(run({"record", "note=x", "--woman", id}).status == ExitStatus::usage);
    }

    TEST_CASE_FIXTURE(ClinicRun, "a condition holds from the day that is given") {
        const auto id = add();
        done({"record", "flag", "--woman", id, "--date", "2020-05-01", "code=no_cervix"});
        const auto flags = done({"woman", "show", id}).json().find("flags")->as_array();
        CHECK(flags.at(0).find("from")->as_text() == "2020-05-01");
    }

    TEST_CASE_FIXTURE(ClinicRun, "a record is corrected, a member taken out, and it is voided") {
        const auto id = add();
        const auto event = done({"record", "dose", "--woman", id, "--date", "2026-04-01",
                                 "product=cvx:165", "lot=A1"})
                               .text("event");
        const auto fixed = done({"correct", event, "date=2026-04-02", "lot="}).text("event");
        const auto dose = done({"woman", "show", id}).json().find("events")->as_array().at(0);
        CHECK(dose.find("date")->as_text() == "2026-04-02");
        CHECK(dose.find("lot") == nullptr);
        CHECK(dose.find("uid")->as_text() == event);
        // The correction's number names the same record.
        done({"correct", fixed, "lot=B2"});
        done({"void", event, "--because", "录错人"});
        CHECK(done({"woman", "show", id}).json().find("events")->as_array().size() == 1);
        CHECK(run({"void", event, "--because", "x"}).status == ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(ClinicRun, "what is odd is recorded with a warning, and why is kept") {
        const auto id = add();
        const EgretRun::Words dose = {"record", "dose",       "--woman",        id,
                                      "--date", "2026-04-01", "product=cvx:165"};
        done(dose);
        auto again = dose;
        again.insert(again.end(), {"--because", "第二针同日"});
        const auto warned = done(again).json();
        const auto& warning = warned.find("warnings")->as_array().at(0);
        CHECK(warning.find("code")->as_text() == "same_day");
        CHECK(warning.find("from")->is_null());
        CHECK(run({"woman", "show", id}).out.find("第二针同日") != std::string::npos);
    }

    TEST_CASE_FIXTURE(ClinicRun, "at a terminal she is asked why, and records nothing without") {
        const auto id = add();
        const EgretRun::Words dose = {"record", "dose",       "--woman",        id,
                                      "--date", "2026-04-01", "product=cvx:165"};
        done(dose);
        is_interactive = true;
        const auto answered = [&](const std::string& keys) {
            tests::PseudoTerminal device;
            asked_at = device.path();
            std::thread nurse([&] { device.answer("not recorded. ", keys); });
            auto ran = run(dose);
            nurse.join();
            return ran;
        };
        const auto empty = answered("\n");
        CHECK(empty.status == ExitStatus::refused);
        CHECK(empty.err.find("such a record of this day") != std::string::npos);
        CHECK(empty.out == "");
        CHECK(answered("\x03").status == ExitStatus::refused);
        CHECK(done({"log", "show"}).json().as_array().size() == 2);
        const auto why = answered("second shot\n");
        CHECK(why.status == ExitStatus::done);
        CHECK(run({"woman", "show", id}).out.find("second shot") != std::string::npos);
        // With the reason given at once nobody asks.
        auto with_reason = dose;
        with_reason.insert(with_reason.end(), {"--because", "third"});
        CHECK(run(with_reason).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(ClinicRun, "what was changed is shown as it was, by whom, when and why") {
        const auto id = add();
        const auto test = done({"record", "hpv_test", "--woman", id, "--date", "2026-04-01",
                                "result=positive", "types=16"})
                              .text("event");
        CHECK(done({"woman", "show", id, "--history"}).json().find("changes")->as_array().empty());
        const auto corrected =
            done({"correct", test, "result=negative", "types=", "--because", "读错"}).text("event");
        const auto voided = done({"void", test, "--because", "他人的"}).text("event");
        const auto person = done({"woman", "show", id, "--history"}).json();
        const auto& changes = person.find("changes")->as_array();
        REQUIRE(changes.size() == 2);
        CHECK(changes[0].find("event")->as_text() == corrected);
        CHECK(changes[0].find("fact")->as_text() == test);
        CHECK(changes[0].find("before")->find("result")->as_text() == "positive");
        CHECK(changes[0].find("after")->find("result")->as_text() == "negative");
        CHECK(changes[0].find("because")->as_text() == "读错");
        CHECK(changes[0].find("recorded_at")->as_text() == "2026-05-01 12:00");
        CHECK(!changes[0].find("author")->as_text().empty());
        CHECK(changes[1].find("before")->find("result")->as_text() == "negative");
        CHECK(changes[1].find("after")->is_null());
        const auto chinese = run({"woman", "show", id, "--history", "--lang", "zh"}).out;
        for (const auto* said : {"2026-04-01 阳性；16", "读错", "（已作废）", "他人的"})
            CHECK_MESSAGE(chinese.find(said) != std::string::npos, said);
        CHECK(run({"woman", "show", id}).out.find("--history") != std::string::npos);
        const auto log = done({"log", "show", "--woman", id}).json().as_array();
        REQUIRE(log.size() == 4);
        CHECK(log[2].find("target")->as_text() == test);
        CHECK(log[2].find("because")->as_text() == "读错");
        CHECK(log[3].find("type")->as_text() == "void");
        CHECK(log[3].find("recorded_at")->as_text() == "2026-05-01 12:00");
        CHECK(log[3].find("author")->as_text() == log[0].find("author")->as_text());
        CHECK(run({"log", "show"}).out.find("他人的") != std::string::npos);
    }

    TEST_CASE_FIXTURE(ClinicRun, "a voided void brings back what it said, and that is shown") {
        const auto id = add();
        const auto visit = done({"record", "visit", "--woman", id}).text("event");
        const auto voided = done({"void", visit, "--because", "a"}).text("event");
        done({"void", voided, "--because", "b"});
        const auto person = done({"woman", "show", id, "--history"}).json();
        const auto& changes = person.find("changes")->as_array();
        REQUIRE(changes.size() == 2);
        CHECK(changes[1].find("before")->is_null());
        CHECK(changes[1].find("after")->find("type")->as_text() == "visit");
    }

    TEST_CASE_FIXTURE(ClinicRun, "a clock that jumped is asked about once, by scripts and people") {
        build_day = *Date::parse("2026-04-01");
        const auto id = add();
        const EgretRun::Words visit = {"record", "visit", "--woman", id};
        const auto year = std::chrono::hours{24 * 365};
        clock.advance(year);
        const auto refused = run(visit);
        CHECK(refused.status == ExitStatus::refused);
        CHECK(refused.err.find("--today") != std::string::npos);
        CHECK(run({"coverage", "hpv1-by-15", "--json"}).text("on") == "2026-05-01");
        CHECK(terminal.err.str().find("--today") != std::string::npos);
        auto told = visit;
        told.insert(told.end(), {"--today", "2027-05-01"});
        done(told);
        done(visit);
        CHECK(done({"coverage", "hpv1-by-15"}).text("on") == "2027-05-01");
        // It was the clock that was wrong: the right day leads back.
        clock.set(clock.now() - year);
        is_interactive = true;
        tests::PseudoTerminal device;
        asked_at = device.path();
        std::thread nurse([&] {
            device.answer("Which day", "2026-02-30\n");
            device.answer("Which day", "2026-05-01\n");
        });
        CHECK(run(visit).status == ExitStatus::done);
        nurse.join();
        CHECK(terminal.err.str().find("no such day") != std::string::npos);
        is_interactive = false;
        CHECK(done({"coverage", "hpv1-by-15"}).text("on") == "2026-05-01");
        CHECK(run({"coverage", "hpv1-by-15", "--today", "2026-03-01"}).status ==
              ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(ClinicRun, "coverage changes with a dose and equals its recount") {
        const auto girl = add("陈雨", "2012-06-01");
        add("林晴", "2012-09-09");
        const EgretRun::Words ask = {"coverage", "hpv1-by-15", "--by", "area,birth_year"};
        CHECK(done(ask).json().find("totals")->find("numerator")->as_integer() == 0);
        done({"record", "dose", "--woman", girl, "--date", "2026-04-01", "product=cvx:165"});
        const auto answer = done(ask).json();
        const auto& cell = answer.find("cells")->as_array().at(0);
        CHECK(cell.find("area")->as_text() == "350203");
        CHECK(cell.find("birth_year")->as_integer() == 2012);
        CHECK(cell.find("percent")->as_text() == "50.0");
        auto recount = ask;
        recount.emplace_back("--recount");
        CHECK(done(recount).out == done(ask).out);
        const auto chinese = run({"coverage", "hpv1-by-15", "--lang", "zh"});
        CHECK(chinese.out.find("50.0") != std::string::npos);
        CHECK(run({"indicators", "list"}).out.find("hpv1-by-15") != std::string::npos);
        CHECK(done({"indicators", "show", "hpv1-by-15"}).text("id") == "hpv1-by-15");
    }

    TEST_CASE_FIXTURE(ClinicRun, "what is exported is imported elsewhere, and once only") {
        const auto id = add();
        done({"record", "dose", "--woman", id, "--date", "2026-04-01", "product=cvx:165"});
        const auto file = dir.file("persons.jsonl");
        done({"export", "persons", file});
        CHECK(slurp(file) == run({"export", "persons"}).out);
        terminal.environment["EGRET_HOME"] = dir.file("other");
        init();
        const auto taken = done({"import", "persons", file}).json();
        CHECK(taken.find("persons")->as_integer() == 1);
        CHECK(taken.find("facts")->as_integer() == 2);
        CHECK(done({"woman", "show", id}).json().find("events")->as_array().size() == 2);
        CHECK(done({"import", "persons", file}).json().find("facts")->as_integer() == 0);
    }

    TEST_CASE_FIXTURE(ClinicRun, "refused lines are named, the others are taken") {
        input =
            "{\"id\":\"a\",\"birth_date\":\"1985\",\"sex\":\"female\"}\n"
            "{\"id\":\"b\",\"birth_date\":\"1985-02-30\",\"sex\":\"female\"}\n";
        const auto some = run({"import", "persons", "-"});
        CHECK(some.status == ExitStatus::partly);
        CHECK(some.err.find("line 2, birth date: ") != std::string::npos);
        const auto as_json = run({"import", "persons", "-", "--json"});
        const auto refused = as_json.json().find("refused")->as_array().at(0);
        CHECK(refused.find("line")->as_integer() == 2);
        CHECK(refused.find("field")->as_text() == "birth_date");
        input = "not a person\n";
        CHECK(run({"import", "persons", "-"}).status == ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(ClinicRun, "a line without a name is taken, and warned of by its number") {
        std::ofstream file(dir.file("persons.jsonl"));
        for (int n = 0; n < 52; ++n)
            file << R"({"id":"p)" << n
                 << R"(","birth_date":"2010-05-05","sex":"female","events":[]})" << '\n';
        file.close();
        const auto ran = run({"import", "persons", dir.file("persons.jsonl")});
        CHECK(ran.status == ExitStatus::done);
        CHECK(ran.err.find("Note: Line 50 has no name") != std::string::npos);
        CHECK(ran.err.find("Line 51") == std::string::npos);
        CHECK(ran.err.find("2 more lines have no name") != std::string::npos);
        CHECK(ran.err.find("2010") == std::string::npos);
        std::ofstream(dir.file("one.jsonl"))
            << R"({"id":"q","birth_date":"2010-05-05","sex":"female","events":[]})";
        const auto warnings =
            done({"import", "persons", dir.file("one.jsonl")}).json().find("warnings")->as_array();
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].find("line")->as_integer() == 1);
        CHECK(warnings[0].find("code")->as_text() == "no_name");
    }

    TEST_CASE_FIXTURE(ClinicRun, "a copy is a registry, and everything can be made anew") {
        const auto id = add();
        done({"backup", dir.file("copy.bak")});
        done({"restore", dir.file("copy.bak"), "--dir", dir.file("copy")});
        std::filesystem::copy(home() + "/device.key", dir.file("copy"));
        const auto before = done({"woman", "show", id}).out;
        done({"rebuild"});
        CHECK(done({"woman", "show", id}).out == before);
        CHECK(done({"woman", "show", id, "--dir", dir.file("copy")}).out == before);
        CHECK(done({"check"}).json().find("ok")->as_bool());
        CHECK(done({"log", "verify"}).out == "{\"ok\":true,\"faults\":[]}\n");
        CHECK(done({"log", "show"}).json().as_array().size() == 1);
        CHECK(done({"log", "show", "--woman", id, "--from", "2"}).json().as_array().empty());
    }

    TEST_CASE_FIXTURE(ClinicRun, "there is no denominator but the registered") {
        const EgretRun::Words ask = {"coverage", "hpv1-by-15", "--denominator"};
        for (const auto* source : {"official", "school"}) {
            auto words = ask;
            words.emplace_back(source);
            CHECK(run(words).status == ExitStatus::usage);
        }
        const auto answer = done({"coverage", "hpv1-by-15", "--denominator", "registered"});
        CHECK(answer.text("denominator") == "registered");
        CHECK(run({"coverage", "hpv1-by-15", "--denominator", "all"}).status == ExitStatus::usage);
        CHECK(run({"coverage", "hpv1-by-15", "--csv", "--json"}).status == ExitStatus::usage);
    }

    TEST_CASE_FIXTURE(ClinicRun,
                      "the worklist says when she will come, and how often she was tried") {
        add("张小丽", "2012-01-01");
        const auto action =
            done({"due", "--kind", "any"}).json().as_array().at(0).find("id")->as_text();
        const auto contact = [&](const std::string& day) {
            return run({"contact", action, "--outcome", "appointment_made", "--appointment", day});
        };
        CHECK(contact("2020-01-01").status == ExitStatus::refused);
        CHECK(contact("2026-05-08").status == ExitStatus::done);
        const auto list = run({"due", "--kind", "any"}).out;
        CHECK(list.find("appointment made for 2026-05-08, 1 contact in all") != std::string::npos);
        const auto items = done({"due", "--kind", "any"}).json();
        CHECK(items.as_array().at(0).find("appointment")->as_text() == "2026-05-08");
    }

    TEST_CASE_FIXTURE(ClinicRun, "a fault of a protocol is named by its path in the file") {
        const auto sound = slurp(EGRET_SOURCE_DIR "/schemas/protocols/cn-label-cecolin.json");
        const auto said_of = [&](std::string_view member, std::string_view other) {
            auto changed = sound;
            const auto at = changed.find(member);
            REQUIRE(at != std::string::npos);
            const auto path = dir.file("protocol.json");
            std::ofstream(path) << changed.replace(at, member.size(), other);
            const auto ran = run({"protocols", "check", path, "--lang", "zh"});
            CHECK(ran.status == ExitStatus::refused);
            return ran.err;
        };
        CHECK(said_of("\"series\"", "\"colour\": 1, \"series\"").starts_with("colour："));
        CHECK(said_of("\"intervals\": [", "\"intervals\": [{\"odd\": 1}, ")
                  .starts_with("series[0].doses["));
    }

    TEST_CASE_FIXTURE(EgretRun, "a small world is made where it was asked for") {
        const auto world = dir.file("world");
        const auto made = done({"simulate", "--women", "6", "--clinics", "2", "--years", "1",
                                "--seed", "7", "--out", world});
        CHECK(made.json().find("persons")->as_integer() == 6);
        CHECK(std::filesystem::exists(world + "/clinics/C001/registry.db"));
        CHECK(run({"simulate", "--women", "6", "--clinics", "2", "--years", "1", "--seed", "7",
                   "--out", world})
                  .status == ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(ClinicRun, "help of woman lists the fields of a person") {
        for (const auto* command : {"add", "edit"}) {
            const auto help = run({"woman", command, "--help", "--lang", "zh"}).out;
            CHECK(help.find("resident_id=…  (居民身份证号)") != std::string::npos);
            CHECK(help.find("guardian.name=") != std::string::npos);
            // A change needs nothing by name.
            const bool marks_needed =
                help.find("birth_date=2026-03-31|2026-03|2026 *") != std::string::npos;
            CHECK(marks_needed == (std::string(command) == "add"));
        }
    }

    TEST_CASE_FIXTURE(ClinicRun, "help of record lists kinds, members and codes") {
        const auto help = run({"record", "--help"}).out;
        for (const auto* word : {"hpv_test", "left.birads=0|1|2", "types=16|18|31", "no_cervix",
                                 "unknown *", "reported_on="})
            CHECK_MESSAGE(help.find(word) != std::string::npos, std::string(word));
    }
}

}  // namespace
}  // namespace egret::cli
