#include "tests/support/egret_run.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/rights.h"
#include "tests/support/sqlite_file.h"

#include <filesystem>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::EgretRun;
using tests::Ran;

struct CareRun : EgretRun {
    CareRun() { init(); }
};

TEST_SUITE("cli/care_commands") {
    TEST_CASE_FIXTURE(CareRun, "a changed byte of the log is named by device and number") {
        add();
        {
            auto vault = opened();
            auto& db = vault.db;
            tests::change_unguarded(db, "UPDATE payload SET salt = randomblob(16)");
        }
        const auto ran = run({"log", "verify", "--json"});
        CHECK(ran.status == ExitStatus::refused);
        const auto faults = ran.json();
        CHECK(!faults.find("ok")->as_bool());
        const auto& fault = faults.find("faults")->as_array().at(0);
        CHECK(fault.find("seq")->as_integer() == 1);
        CHECK(fault.find("kind")->as_text() == "bad_commitment");
        CHECK(run({"check", "--lang", "zh"}).out.find("内容被改动") != std::string::npos);
    }

    TEST_CASE_FIXTURE(CareRun, "check names every table that is not what follows from the log") {
        const auto girl = add("陈雨", "2012-06-01");
        add("林晴", "2012-09-09");
        done({"record", "dose", "--woman", girl, "--date", "2026-04-01", "product=cvx:165"});
        const std::pair<const char*, const char*> changes[] = {
            {"UPDATE profile SET name = '林' WHERE woman_ix = 1", "projection_profile"},
            {"UPDATE search_term SET woman_ix = 2 WHERE woman_ix = 1", "projection_search_term"},
            {"DELETE FROM search_source WHERE woman_ix = 1", "projection_search_source"},
            {"UPDATE woman SET canonical_ix = 1", "projection_woman"},
            {"INSERT INTO link_pair VALUES (1, 2), (2, 1)", "projection_link_pair"},
            {"UPDATE contribution SET content = x'00'", "projection_contribution"},
            {"UPDATE delta SET amount = 5 WHERE id = 1", "projection_delta"},
            {"UPDATE area_key SET code = '110101'", "projection_area_key"},
            {"INSERT INTO quarantine VALUES (1, 'bad_payload')", "quarantine"},
            {"UPDATE projection SET position = 1", "stale_projections"},
            {"UPDATE device SET clinic = 'C0!1'", "bad_device"},
            {"UPDATE setting SET value = 'LOCAL-ABCDEFGH' WHERE name = 'clinic.code'",
             "setting_clinic_code"},
            {"UPDATE setting SET value = '1' WHERE name = 'clock.last'", "setting_clock_last"},
            {"UPDATE setting SET value = 'Asia/Shanghah' WHERE name = 'clinic.time_zone'",
             "setting_clinic_time_zone"},
            {"UPDATE user SET name = 'x'", "user_row"},
            {"UPDATE user SET role = 'nurse'", "user_row"},
            {"UPDATE user SET id = zeroblob(16)", "user_row"},
            {"UPDATE user SET hash = x''", "user_row"},
            {"DELETE FROM user", "user_row"},
            {"UPDATE setting SET value = 'x' WHERE name = 'clinic.area'", "setting_clinic_area"},
            {"DELETE FROM setting WHERE name = 'clinic.name'", "setting_clinic_name"},
            {"DELETE FROM setting WHERE name = 'clinic.time_zone'", "setting_clinic_time_zone"},
            {"DELETE FROM setting WHERE name = 'clock.last'", "setting_clock_last"},
            {"DELETE FROM setting WHERE name = 'registry_id'", "setting_registry_id"},
            {"INSERT INTO setting VALUES ('scope', '7', zeroblob(32))", "setting_scope"},
            {"UPDATE setting SET hash = x'' WHERE name = 'clinic.name'", "setting_clinic_name"},
        };
        copy_registry(dir.file("whole.db"));
        const auto file = home() + "/registry.db";
        for (const auto& change : changes) {
            const auto [sql, kind] = change;
            CAPTURE(change.first);
            std::filesystem::copy_file(dir.file("whole.db"), file,
                                       std::filesystem::copy_options::overwrite_existing);
            {
                auto vault = opened();
                auto& db = vault.db;
                tests::change_unguarded(db, sql);
            }
            const auto ran = run({"check", "--json"});
            CHECK(ran.status == ExitStatus::refused);
            CHECK(ran.out.find('"' + std::string(kind) + '"') != std::string::npos);
            for (const auto* language : {"en", "zh"}) {
                const auto said = run({"check", "--lang", language});
                CHECK(said.out.find(kind) == std::string::npos);
                CHECK(said.err.find("egret check") == std::string::npos);
            }
        }
    }

    TEST_CASE_FIXTURE(CareRun,
                      "a copy of a damaged log, or persons from it, are not called whole") {
        add("陈雨", "2012-06-01");
        copy_registry(dir.file("whole.db"));
        {
            auto vault = opened();
            auto& db = vault.db;
            tests::change_unguarded(db, "DELETE FROM payload");
        }
        for (const auto* language : {"en", "zh"}) {
            const auto copied = run({"backup", dir.file(language), "--lang", language});
            CHECK(copied.status == ExitStatus::partly);
            CHECK(copied.out.empty());
            CHECK(copied.err.find("egret check") != std::string::npos);
            CHECK(std::filesystem::exists(dir.file(language)));
            const auto exported = run({"export", "persons", "--lang", language});
            CHECK(exported.status == ExitStatus::partly);
            CHECK(exported.err.find("egret check") != std::string::npos);
            CHECK(run({"export", "aefi", "--lang", language}).status == ExitStatus::partly);
        }
    }

    TEST_CASE_FIXTURE(CareRun, "a setting that isn't as it was saved answers nothing") {
        const auto id = add();
        const auto file = home() + "/registry.db";
        for (const auto* name :
             {"clinic.name", "clinic.area", "clinic.time_zone", "device.id", "clock.last"}) {
            CAPTURE(name);
            const auto sound = tests::read_file(file);
            {
                auto vault = opened();
                auto& db = vault.db;
                const auto sql = "UPDATE setting SET value = value || '1' WHERE name = '" +
                                 std::string(name) + "'";
                db.execute(sql.c_str());
            }
            const auto damaged = tests::read_file(file);
            for (const auto* language : {"en", "zh"}) {
                const auto said = run({"woman", "show", id, "--lang", language});
                CHECK(said.status == ExitStatus::refused);
                CHECK(said.out.empty());
                CHECK(said.err.find(file) != std::string::npos);
            }
            CHECK(run({"check"}).status == ExitStatus::refused);
            CHECK(tests::read_file(file) == damaged);
            tests::write_file(file, sound);
        }
        done({"woman", "show", id});
    }

    TEST_CASE_FIXTURE(CareRun, "nothing is recorded without a setting that must be there") {
        add();
        const auto file = home() + "/registry.db";
        for (const auto* name :
             {"clinic.code", "clinic.name", "clinic.time_zone", "registry_id", "clock.last"}) {
            CAPTURE(name);
            const auto sound = tests::read_file(file);
            {
                const auto sql = "DELETE FROM setting WHERE name = '" + std::string(name) + "'";
                opened().db.execute(sql.c_str());
            }
            const auto damaged = tests::read_file(file);
            const auto refused = run({"woman", "add", "name=李桂芳", "sex=female",
                                      "birth_date=1970-02-03", "area=350203"});
            CHECK(refused.status == ExitStatus::refused);
            CHECK(refused.err.find(file) != std::string::npos);
            CHECK(tests::read_file(file) == damaged);
            tests::write_file(file, sound);
        }
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(CareRun, "what a rebuild mends is said, and mended by it") {
        const auto girl = add("陈雨", "2012-06-01");
        done({"record", "dose", "--woman", girl, "--date", "2026-04-01", "product=cvx:165"});
        const auto show = [&] { return done({"woman", "show", girl}).out; };
        const auto before = show();
        for (const auto* change :
             {"INSERT INTO rebuilding VALUES (1)", "INSERT INTO rebuilding VALUES (2)",
              "UPDATE projection SET one = 2", "UPDATE projection SET position = -1",
              "DELETE FROM projection"}) {
            CAPTURE(change);
            {
                auto vault = opened();
                auto& db = vault.db;
                tests::change_unguarded(
                    db, "PRAGMA ignore_check_constraints = ON; " + std::string(change));
            }
            for (const auto* language : {"en", "zh"}) {
                const auto checked = run({"check", "--lang", language});
                CHECK(checked.status == ExitStatus::refused);
                CHECK(checked.err.find("`egret rebuild`") != std::string::npos);
            }
            done({"rebuild"});
            CHECK(run({"check"}).status == ExitStatus::done);
            CHECK(show() == before);
        }
    }

    TEST_CASE_FIXTURE(CareRun,
                      "a last day of the centre that isn't as it was said is not believed") {
        const auto id = add();
        {
            opened().db.execute(
                "INSERT INTO setting VALUES ('server_day', '2036-11-27', zeroblob(32))");
        }
        CHECK(run({"record", "visit", "--woman", id, "--date", "2027-01-01"}).status ==
              ExitStatus::refused);
        done({"record", "visit", "--woman", id, "--date", "2026-04-01"});
        CHECK(run({"check", "--json"}).out.find("setting_server_day") != std::string::npos);
    }

    TEST_CASE_FIXTURE(CareRun, "no copy is made on a stick that is write-protected") {
        tests::ProtectedDisk disk;
        if (!disk.is_there()) {
            MESSAGE("not tried: this user may not make a disk");
            return;
        }
        disk.protect();
        const auto path = disk.path() + "/copy.db";
        const auto refused = run({"backup", path});
        CHECK(refused.status == ExitStatus::refused);
        CHECK(refused.err.find("No file can be made at " + path) != std::string::npos);
        CHECK(run({"backup", path, "--lang", "zh"}).err.find("写保护") != std::string::npos);
    }

    TEST_CASE_FIXTURE(CareRun, "what a rebuild mends is said to be mended by it") {
        add();
        opened().db.execute("DELETE FROM profile");
        CHECK(run({"check"}).err.find("egret rebuild") != std::string::npos);
        done({"rebuild"});
        CHECK(done({"check"}).json().find("ok")->as_bool());
    }

    TEST_CASE_FIXTURE(CareRun, "nothing is made anew from a log that is damaged") {
        add();
        const auto file = home() + "/registry.db";
        const std::pair<const char*, const char*> changes[] = {
            {"UPDATE device SET clinic = 'C0!1'", "bad_device"},
            {"UPDATE ingest SET known_day = known_day - 1", "bad_ingest"},
            {"UPDATE payload SET salt = randomblob(16)", "bad_commitment"},
        };
        copy_registry(dir.file("whole.db"));
        for (const auto& change : changes) {
            const auto [sql, kind] = change;
            CAPTURE(change.first);
            std::filesystem::copy_file(dir.file("whole.db"), file,
                                       std::filesystem::copy_options::overwrite_existing);
            {
                auto vault = opened();
                auto& db = vault.db;
                tests::change_unguarded(db, sql);
                db.execute("UPDATE projection SET position = 0");
            }
            const auto refused = run({"rebuild"});
            CHECK(refused.status == ExitStatus::refused);
            CHECK(refused.err.find("restore the last good copy") != std::string::npos);
            CHECK(run({"rebuild", "--lang", "zh"}).err.find("完好副本") != std::string::npos);
            const auto opened = run({"due"});
            CHECK(opened.status == ExitStatus::refused);
            // A damaged file, or a log from which nothing is made.
            const bool is_whole_file = kind != std::string_view("bad_device");
            CHECK(opened.err.find(is_whole_file ? "last good copy" : "`egret restore FILE") !=
                  std::string::npos);
            CHECK(run({"due", "--lang", "zh"})
                      .err.find(is_whole_file ? "完好副本" : "`egret restore 文件") !=
                  std::string::npos);
            const auto verified = run({"log", "verify", "--json"});
            CHECK(verified.out.find(kind) != std::string::npos);
            const auto checked = run({"check"});
            CHECK(checked.status == ExitStatus::refused);
            CHECK(checked.err.find("rebuild") == std::string::npos);
            CHECK(checked.err.find("restore the last good copy") != std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(CareRun, "what is recorded is said to be, even if the answer is lost") {
        const auto id = add();
        output_is_full = true;
        const auto lost = run({"record", "visit", "--woman", id, "--date", "2026-04-01"});
        CHECK(lost.status == ExitStatus::partly);
        CHECK(lost.err.find("done and recorded") != std::string::npos);
        CHECK(run({"woman", "add", "name=林晴", "birth_date=1990", "sex=female", "--lang", "zh"})
                  .err.find("已记录") != std::string::npos);
        // Nothing was to be recorded, or nothing was.
        CHECK(run({"woman", "show", id}).status == ExitStatus::refused);
        CHECK(run({"record", "visit", "--woman", id, "--date", "2030-04-01"}).status ==
              ExitStatus::refused);
        output_is_full = false;
        CHECK(done({"log", "show"}).json().as_array().size() == 3);
    }

    TEST_CASE_FIXTURE(CareRun, "a search or a log that leaves rows out says so, and how to go on") {
        for (int n = 0; n < 51; ++n) add();
        const auto rows = [](const Ran& ran) { return ran.json().as_array().size(); };
        const auto found = run({"woman", "find", "王小丽"});
        CHECK(found.out.find("There are more (50 are shown): type more") != std::string::npos);
        CHECK(found.err == "");
        const auto few = run({"woman", "find", "王小丽", "--limit", "3", "--lang", "zh"});
        CHECK(few.out.find("已显示 3 条") != std::string::npos);
        CHECK(few.out.find("最多 50 条") != std::string::npos);
        const auto as_json = run({"woman", "find", "王小丽", "--limit", "3", "--json"});
        CHECK(rows(as_json) == 3);
        const auto more = json::parse(as_json.err);
        REQUIRE(more);
        CHECK(more->find("more")->find("shown")->as_integer() == 3);

        const auto log = run({"log", "show"});
        CHECK(log.out.find("(50 are shown): --from 51 goes on") != std::string::npos);
        CHECK(run({"log", "show", "--from", "51"}).out.find("There are more") == std::string::npos);
        CHECK(run({"log", "show", "--limit", "51"}).out.find("There are more") ==
              std::string::npos);
        CHECK(rows(done({"log", "show"})) == 51);  // A program gets all.
        const auto two = run({"log", "show", "--limit", "2", "--json"});
        CHECK(rows(two) == 2);
        CHECK(two.err.find(R"({"more":{"shown":2,)") == 0);
        const auto id = add("李梅");
        done({"record", "visit", "--woman", id, "--date", "2026-04-01"});
        CHECK(run({"log", "show", "--woman", id}).out.find("There are more") == std::string::npos);
        CHECK(run({"log", "show", "--woman", id, "--limit", "1"})
                  .out.find("There are more (1 is shown): --limit") != std::string::npos);
        // Nobody is said to be found only where nobody fits.
        CHECK(run({"woman", "find", "王小丽", "--limit", "0"}).out.find("Nobody") ==
              std::string::npos);
    }

    TEST_CASE_FIXTURE(CareRun, "an export for which there is no room says so, and leaves nothing") {
        for (int n = 0; n < 20; ++n) add();
        const auto folder = dir.file("stick");
        std::filesystem::create_directory(folder);
        // The entry of the audit comes first, and there is no room for it.
        for (const std::string language : {"en", "zh"}) {
            CAPTURE(language);
            Ran ran;
            {
                const tests::FileSizeLimit full(1000);
                ran = run({"export", "persons", folder + "/persons.jsonl", "--lang", language});
            }
            CHECK(ran.status == ExitStatus::refused);
            const auto* said = language == "en" ? "The disk is full" : "磁盘已满";
            CHECK_MESSAGE(ran.err.find(said) != std::string::npos, ran.err);
            CHECK(std::filesystem::is_empty(folder));
        }
        CHECK(run({"export", "persons", folder + "/persons.jsonl"}).status == ExitStatus::done);
    }
}

}  // namespace
}  // namespace egret::cli
