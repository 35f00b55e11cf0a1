#include "sync/daemon/backup_commands.h"

#include "tests/support/sqlite_file.h"
#include "tests/sync/daemon/daemon_fixture.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret::daemon {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;

struct CommandsFixture : tests::DaemonFixture {
    std::string file = dir.file("backup");

    CommandsFixture() {
        init();
        (void)answer({"clinic", "add", "A", "--area", "350203"});
    }
};

}  // namespace

TEST_SUITE("sync/daemon/backup_commands") {
    TEST_CASE_FIXTURE(CommandsFixture, "a backup is written, tried, and shown by the status") {
        CHECK(on_data({"status"}) == ExitStatus::done);
        CHECK(out.find("No backup of this centre was ever written") != std::string::npos);
        CHECK(answer({"status"}).find("backup")->is_null());
        const auto written = answer({"backup", file});
        CHECK(written.find("number")->as_integer() == 1);
        CHECK(on_data({"status", "--lang", "zh"}) == ExitStatus::done);
        CHECK(out.find("从未演练") != std::string::npos);
        const auto tried = answer({"verify", "--backup", file, "--kept", "Room 2"});
        CHECK(tried.find("ok")->as_bool());
        CHECK(tried.find("number")->as_integer() == 1);
        const auto status = answer({"status"});
        CHECK(status.find("backup")->find("verified")->find("kept")->as_text() == "Room 2");
        CHECK(on_data({"status"}) == ExitStatus::done);
        CHECK(out.find("egretd backup") == std::string::npos);
        for (const auto* language : {"en", "zh"}) {
            CHECK(on_data({"verify", "--backup", file, "--lang", language}) == ExitStatus::done);
            CHECK(out.size() > 40);
        }
    }

    TEST_CASE_FIXTURE(CommandsFixture, "what can't be done is said, in both languages") {
        REQUIRE(on_data({"backup", file}) == ExitStatus::done);
        const auto other = dir.file("other");
        const std::vector<std::vector<std::string>> wrong = {
            {"backup", file},
            {"backup", dir.file("no/folder/file")},
            {"verify", "--backup", dir.file("nothing")},
            {"verify", "--backup", data + "/centre.db"},
            {"restore", file},
            {"restore", dir.file("nothing"), "--data", other},
            {"restore", data + "/centre.db", "--data", other},
        };
        for (const auto& words : wrong) {
            for (const auto* language : {"en", "zh"}) {
                auto said = words;
                said.insert(said.end(), {"--lang", language});
                const bool has_data = std::find(said.begin(), said.end(), "--data") != said.end();
                CHECK((has_data ? run(said) : on_data(said)) == ExitStatus::refused);
                CHECK(err.size() > 30);
            }
        }
        for (const auto* language : {"en", "zh"}) {
            on_data({"verify", "--backup", data + "/centre.db", "--lang", language});
            CHECK(err.find("`egretd backup`") != std::string::npos);
        }
        CHECK_FALSE(fs::exists(other));
        CHECK(answer({"status"}).find("backup")->find("verified")->is_null());
    }

    TEST_CASE_FIXTURE(CommandsFixture, "a drill that finds something says so, and marks nothing") {
        (void)fork_device();
        tests::change_unguarded(tests::CentreFile(data).db(),
                                "UPDATE event SET hash = zeroblob(32) WHERE seq = 1");
        REQUIRE(on_data({"backup", file}) == ExitStatus::done);
        for (const auto* language : {"en", "zh"}) {
            CHECK(on_data({"verify", "--backup", file, "--lang", language}) == ExitStatus::refused);
            CHECK(err.find("egretd check") != std::string::npos);
        }
        CHECK(answer({"status"}).find("backup")->find("verified")->is_null());
    }

    TEST_CASE_FIXTURE(CommandsFixture, "a restored centre says what is to be done, and goes on") {
        REQUIRE(on_data({"backup", file}) == ExitStatus::done);
        const auto key = dir.file("kept.key");
        fs::copy(data + "/device.key", key);
        data = dir.file("restored");
        for (const auto* language : {"en", "zh"}) {
            fs::remove_all(data);
            CHECK(on_data({"restore", file, "--lang", language}) == ExitStatus::done);
            for (const auto* named : {"device.key", "egretd recover", "egretd check", "1000"})
                CHECK(out.find(named) != std::string::npos);
        }
        CHECK(on_data({"status"}) == ExitStatus::refused);
        fs::copy(key, data + "/device.key");
        CHECK(on_data({"check"}) == ExitStatus::done);
        CHECK(answer({"clinic", "add", "B", "--area", "350203"}).find("clinic")->as_text() ==
              "C1002");
    }

    TEST_CASE("the status speaks of backups that are missing, untried or old") {
        const auto zone = *icu::TimeZone::parse("Asia/Shanghai");
        const auto now = tests::test_start;
        central::Backup backup{1, now - std::chrono::days{40}, {}, std::nullopt, ""};
        CHECK(advise_backup({}, now, zone)->id == "central.backup_never");
        CHECK(advise_backup({backup}, now, zone)->id == "central.backup_untried");
        backup.verified = now - std::chrono::days{39};
        CHECK(advise_backup({backup}, now, zone)->id == "central.backup_old");
        central::Backup newer{2, now - std::chrono::days{3}, {}, std::nullopt, ""};
        CHECK(advise_backup({newer, backup}, now, zone)->id == "central.backup_old");
        newer.verified = now;
        CHECK_FALSE(advise_backup({newer, backup}, now, zone));
    }
}

}  // namespace egret::daemon
