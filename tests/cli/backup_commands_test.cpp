#include "cli/console/swap_check.h"
#include "registry/service/backup.h"
#include "tests/support/egret_run.h"
#include "tests/support/file_size_limit.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;
using tests::EgretRun;
using tests::Ran;

struct BackupRun : EgretRun {
    BackupRun() {
        init();
        woman = add();
        done({"record", "visit", "--woman", woman, "--date", "2026-04-01"});
    }

    std::string facts(const std::string& folder) {
        return done({"export", "persons", "--dir", folder}).out +
               done({"log", "show", "--dir", folder}).out;
    }

    std::string woman;
};

std::size_t count_in(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST_SUITE("cli/backup_commands") {
    TEST_CASE_FIXTURE(BackupRun,
                      "a copy brings all back: by PIN on its machine, by the sheet elsewhere") {
        const auto persons = run({"export", "persons"}).out;
        const auto log = done({"log", "show"}).out;
        done({"backup", dir.file("copy")});
        CHECK(fs::status(dir.file("copy")).permissions() ==
              (fs::perms::owner_read | fs::perms::owner_write));
        add("李桂芳", "1970-02-03");  // After the copy.
        const auto device_key = tests::read_file(home() + "/device.key");
        fs::remove_all(home());

        const auto restored = run({"restore", dir.file("copy")});
        REQUIRE_MESSAGE(restored.status == ExitStatus::done, restored.err);
        CHECK(restored.out.find("device.key") != std::string::npos);
        SUBCASE("on its machine") {
            CHECK(run({"check"}).status == ExitStatus::refused);
            tests::write_file(home() + "/device.key", device_key);
        }
        SUBCASE("elsewhere") {
            const auto printed = tests::read_file(sheet());
            std::istringstream lines(printed.substr(printed.find("Recovery code:")));
            std::string code;
            for (std::string line; std::getline(lines, line);) {
                if (line.starts_with("    ")) code += line;
            }
            tests::write_file(dir.file("code"), code);
            tests::write_file(dir.file("pin"), "628413");
            terminal.environment["EGRET_RECOVERY_FILE"] = dir.file("code");
            terminal.environment["EGRET_NEW_PIN_FILE"] = dir.file("pin");
            const auto recovered = run({"recover", "--device-secret", dir.file("stick.key")});
            REQUIRE_MESSAGE(recovered.status == ExitStatus::done, recovered.err);
        }
        CHECK(run({"check"}).status == ExitStatus::done);
        CHECK(run({"export", "persons"}).out == persons);
        CHECK(done({"log", "show"}).out == log);
        add("王丽华", "1975-02-03");
    }

    TEST_CASE_FIXTURE(BackupRun,
                      "nobody reads a copy, and not one changed byte of it is restored") {
        done({"backup", dir.file("copy")});
        const auto whole = tests::read_file(dir.file("copy"));
        CHECK(whole.find("王小丽") == std::string::npos);
        CHECK(whole.find("SQLite format 3") == std::string::npos);
        const auto before = count_in(dir.path());
        const auto refused = [&](const std::string& content) {
            tests::write_file(dir.file("copy"), content);
            const auto ran = run({"restore", dir.file("copy"), "--dir", dir.file("new")});
            return ran.status == ExitStatus::refused && count_in(dir.path()) == before;
        };
        for (std::size_t at = 0; at < whole.size(); at += 1013) {
            auto changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ 4);
            CHECK(refused(changed));
        }
        for (std::size_t back = 1; back < 600; back += 7) {
            auto changed = whole;
            changed[whole.size() - back] = static_cast<char>(changed[whole.size() - back] ^ 1);
            CHECK(refused(changed));
            CHECK(refused(whole.substr(0, whole.size() - back)));
        }
        CHECK(refused(""));
        CHECK(refused(whole + "x"));
        CHECK(run({"restore", dir.file("none"), "--dir", dir.file("new")}).status ==
              ExitStatus::refused);
        CHECK(run({"restore", dir.path(), "--dir", dir.file("new")}).status == ExitStatus::refused);
        CHECK_FALSE(refused(whole));
    }

    TEST_CASE_FIXTURE(BackupRun,
                      "nothing is replaced, and where there is no room nothing is left") {
        done({"backup", dir.file("copy")});
        CHECK(run({"backup", dir.file("copy")}).status == ExitStatus::refused);
        CHECK(run({"restore", dir.file("copy")}).status == ExitStatus::refused);
        const auto before = count_in(dir.path());
        for (const std::size_t room : {500U, 5000U, 50'000U, 140'000U}) {
            CAPTURE(room);
            {
                const tests::FileSizeLimit full(room);
                CHECK(run({"backup", dir.file("second")}).status != ExitStatus::done);
                CHECK(run({"restore", dir.file("copy"), "--dir", dir.file("new")}).status !=
                      ExitStatus::done);
            }
            CHECK(count_in(dir.path()) == before);
        }
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(BackupRun, "the check says where a thief of the machine could read") {
        const auto plain = done({"check"}).json();
        const auto& warnings = plain.find("warnings")->as_array();
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].find("kind")->as_text() == "device_secret");
        // Behind a word that warns.
        CHECK(warnings[0].find("text")->as_text().find("Beware") == std::string::npos);
        tests::write_file(dir.file("swaps"),
                          "Filename Type Size Used Priority\n/swapfile file 1 0 -2\n");
        swap.swaps = dir.file("swaps");
        const auto ran = run({"check", "--lang", "zh"});
        CHECK(ran.status == ExitStatus::done);
        CHECK(ran.err.find("交换空间未加密") != std::string::npos);
        CHECK(ran.err.find("device.key") != std::string::npos);
        // Copied to a stick it lies there still; once it is moved, it doesn't any more.
        std::filesystem::create_directory(dir.file("stick"));
        std::filesystem::copy(home() + "/device.key", dir.file("stick/device.key"));
        terminal.environment["EGRET_DEVICE_KEY"] = dir.file("stick/device.key");
        const auto copied = run({"check", "--lang", "en"});
        CHECK(copied.status == ExitStatus::done);
        CHECK(copied.err.find("still lies in the registry's folder") != std::string::npos);
        // By whatever name its folder goes, one that is named is no second one.
        std::filesystem::create_symlink(home(), dir.file("link"));
        for (const auto& folder : {home(), home() + "/", dir.file("link")}) {
            terminal.environment["EGRET_HOME"] = folder;
            for (const auto* named : {"home/device.key", "link/device.key"}) {
                terminal.environment["EGRET_DEVICE_KEY"] = dir.file(named);
                const auto same = run({"check", "--lang", "en"});
                CHECK(same.err.find("still lies in") == std::string::npos);
                CHECK(same.err.find("lies in the registry's folder") != std::string::npos);
            }
        }
        terminal.environment["EGRET_HOME"] = home();
        terminal.environment["EGRET_DEVICE_KEY"] = dir.file("stick/device.key");
        std::filesystem::remove(home() + "/device.key");
        const auto moved = run({"check", "--lang", "en"});
        CHECK(moved.status == ExitStatus::done);
        CHECK(moved.err.find("lies in the registry's folder") == std::string::npos);
    }

    TEST_CASE_FIXTURE(BackupRun, "the check says whether others may read the folder or its keys") {
        namespace fs = std::filesystem;
        for (const auto* name : {"", "/device.key"}) {
            CAPTURE(name);
            const auto path = home() + name;
            const auto before = fs::status(path).permissions();
            for (const auto right : {fs::perms::group_read, fs::perms::others_exec}) {
                fs::permissions(path, before | right);
                const auto told = run({"check"});
                CHECK(told.status == ExitStatus::done);
                CHECK(told.err.find("may read or change " + path + ":") != std::string::npos);
            }
            fs::permissions(path, before);
            CHECK(run({"check"}).err.find("may read or change") == std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(BackupRun, "a registry of which only the keys are left: what to do is said") {
        std::filesystem::rename(registry(), dir.file("moved"));
        std::filesystem::remove(registry() + "-wal");
        const EgretRun::Words init = {"init",   "--clinic",         "思明",
                                      "--area", "350203",           "--user",
                                      "林主任", "--recovery-sheet", dir.file("other")};
        for (const auto& words :
             {EgretRun::Words{"due"}, {"check"}, {"recover"}, {"user", "pin"}, init}) {
            CAPTURE(words.front());
            for (const auto* language : {"en", "zh"}) {
                auto spoken = words;
                spoken.insert(spoken.end(), {"--lang", language});
                const auto ran = run(spoken);
                CHECK(ran.status == ExitStatus::refused);
                CHECK(ran.err.find("registry.keys") != std::string::npos);
                CHECK(ran.err.find("`egret restore ") != std::string::npos);
            }
        }
        CHECK_FALSE(std::filesystem::exists(dir.file("other")));
        std::filesystem::rename(dir.file("moved"), registry());
        CHECK(run({"check"}).status == ExitStatus::done);
    }
}

TEST_SUITE("cli/console/swap_check") {
    TEST_CASE("swap is readable, unless it is compressed memory or an encrypted device") {
        const tests::TempDir dir;
        const console::SwapPlaces places{dir.file("swaps"), dir.file("blocks")};
        const auto is_readable = [&](const std::string& lines) {
            tests::write_file(places.swaps, "Filename Type Size Used Priority\n" + lines);
            return console::has_readable_swap(places);
        };
        fs::create_directories(places.blocks + "/dm-7/dm");
        fs::create_directories(places.blocks + "/dm-8/dm");
        tests::write_file(places.blocks + "/dm-7/dm/uuid", "CRYPT-PLAIN-swap\n");
        tests::write_file(places.blocks + "/dm-8/dm/uuid", "LVM-abc\n");
        CHECK_FALSE(console::has_readable_swap({"/nowhere", "/nowhere"}));
        CHECK_FALSE(is_readable(""));
        CHECK_FALSE(is_readable("/dev/zram0 partition 1 0 100\n"));
        CHECK_FALSE(is_readable("/dev/dm-7 partition 1 0 100\n"));
        CHECK(is_readable("/dev/dm-8 partition 1 0 100\n"));
        CHECK(is_readable("/dev/zram0 partition 1 0 100\n/dev/sda2 partition 1 0 -2\n"));
        CHECK(is_readable("/swapfile file 1 0 -2\n"));
    }
}

}  // namespace
}  // namespace egret::cli
