#include "tests/support/egret_run.h"
#include "tests/support/fake_chip.h"
#include "tests/support/pseudo_terminal.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <thread>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;
using tests::EgretRun;
using tests::Ran;
using Words = EgretRun::Words;

struct InitRun : EgretRun {
    Ran init_with(Words more) {
        Words words{"init", "--clinic", "思明", "--area", "350203", "--user", "林护士"};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }

    Ran init_with_sheet(Words more = {}) {
        more.insert(more.end(), {"--recovery-sheet", dir.file("sheet")});
        return init_with(more);
    }

    /// The groups of the code that was shown or written.
    static std::vector<std::string> groups_in(const std::string& sheet) {
        std::vector<std::string> groups;
        std::istringstream lines(sheet.substr(sheet.find("Recovery code:")));
        std::string line;
        while (std::getline(lines, line)) {
            if (!line.starts_with("    ")) continue;
            for (std::size_t at = 4; at + 4 <= line.size(); at += 7)
                groups.push_back(line.substr(at, 4));
        }
        return groups;
    }

    std::set<std::string> names_in(const std::string& folder) const {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder))
            names.insert(entry.path().filename().string());
        return names;
    }

    bool is_device_kind(keys::DeviceKind kind) const {
        return keys::KeyFile::load(home())->device().kind == kind;
    }
};

TEST_SUITE("cli/init_commands") {
    TEST_CASE_FIXTURE(InitRun, "a new registry is encrypted, and opens by the PIN and the sheet") {
        const auto made = init_with_sheet();
        REQUIRE_MESSAGE(made.status == ExitStatus::done, made.err);
        CHECK(names_in(home()) == std::set<std::string>{"device.key", "registry.db",
                                                        "registry.keys", "registry.keys.lock"});
        CHECK(tests::read_file(registry()).find("SQLite format 3") == std::string::npos);
        CHECK(made.out.find("Beware") != std::string::npos);  // Of the key file in the folder.
        CHECK(run({"check"}).status == ExitStatus::done);

        std::string code;
        for (const auto& group : groups_in(tests::read_file(dir.file("sheet")))) code += group;
        const auto parsed = keys::RecoveryCode::parse(code);
        REQUIRE(parsed);
        CHECK(keys::KeyFile::load(home())->unlock_with_recovery(*parsed));
        CHECK(fs::status(dir.file("sheet")).permissions() ==
              (fs::perms::owner_read | fs::perms::owner_write));
    }

    TEST_CASE_FIXTURE(InitRun, "at a terminal the PIN is typed twice and the sheet typed back") {
        terminal.environment.erase("EGRET_PIN_FILE");
        tests::PseudoTerminal device;
        asked_at = device.path();
        std::thread person([&] {
            device.answer("(six characters or more)? ", "482915\n");
            device.answer("once more? ", "482915\n");
            const auto groups = groups_in(device.wait_for("on your sheet? "));
            const auto asked = [&] {
                const auto& shown = device.wait_for("on your sheet? ");
                const auto at = shown.rfind("has group ") + std::string("has group ").size();
                return static_cast<std::size_t>(shown[at] - '1');
            };
            const auto first = asked();
            device.answer("on your sheet? ", groups[(first + 1) % groups.size()] + "\n");
            device.answer("on your sheet? ", groups[asked()] + "\n");
            const auto second = asked();
            device.answer("on your sheet? ", (second == first ? "" : groups[second]) + "\n");
        });
        const auto made = init_with({});
        person.join();
        REQUIRE_MESSAGE(made.status == ExitStatus::done, made.err);
        // Where it may be kept for ever, there is nothing of it.
        CHECK(made.out.find("Recovery code") == std::string::npos);
        CHECK(device.shown().find("482915") == std::string::npos);
        terminal.environment["EGRET_PIN_FILE"] = dir.file("pin");
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(InitRun, "who gives up at the sheet has made nothing, and can begin again") {
        tests::PseudoTerminal device;
        asked_at = device.path();
        std::thread person([&] { device.answer("on your sheet? ", "\x03"); });
        const auto given_up = init_with({"--device-secret", dir.file("stick.key")});
        person.join();
        CHECK(given_up.status == ExitStatus::refused);
        CHECK(names_in(dir.path()) == std::set<std::string>{"pin"});
        CHECK(init_with_sheet({"--device-secret", dir.file("stick.key")}).status ==
              ExitStatus::done);
    }

    TEST_CASE_FIXTURE(InitRun, "without a terminal a file for the sheet is asked for first") {
        const auto refused = init_with({});
        CHECK(refused.status == ExitStatus::locked);
        CHECK(refused.err.find("--recovery-sheet") != std::string::npos);
        terminal.environment.erase("EGRET_PIN_FILE");
        const auto no_pin = init_with_sheet();
        CHECK(no_pin.status == ExitStatus::locked);
        CHECK(no_pin.err.find("EGRET_PIN_FILE") != std::string::npos);
        CHECK(names_in(dir.path()) == std::set<std::string>{"pin"});
    }

    TEST_CASE_FIXTURE(InitRun, "a PIN that anybody would try first is refused, and nothing made") {
        for (const auto* bad : {"123456", "00000000", "48291"}) {
            tests::write_file(dir.file("pin"), bad);
            CHECK(init_with_sheet().status == ExitStatus::refused);
            CHECK(names_in(dir.path()) == std::set<std::string>{"pin"});
        }
    }

    TEST_CASE_FIXTURE(InitRun, "the machine's secret is where it was asked for") {
        tests::FakeChip tpm;
        chip = &tpm;
        SUBCASE("in the chip, where one works") {
            const auto made = init_with_sheet();
            CHECK(made.out.find("TPM 2.0") != std::string::npos);
            CHECK(is_device_kind(keys::DeviceKind::chip));
            CHECK(run({"check"}).status == ExitStatus::done);
            tpm.is_gone = true;
            CHECK(run({"check"}).status == ExitStatus::refused);
            return;
        }
        SUBCASE("in a file, where the chip opens nothing") {
            tpm.opens_nothing = true;
            CHECK(init_with_sheet().status == ExitStatus::done);
            CHECK(is_device_kind(keys::DeviceKind::key_file));
        }
        SUBCASE("but the chip that was asked for must work") {
            tpm.opens_nothing = true;
            CHECK(init_with_sheet({"--device-secret", "tpm"}).status == ExitStatus::refused);
            CHECK(names_in(dir.path()) == std::set<std::string>{"pin"});
            return;
        }
        SUBCASE("in a passphrase") {
            terminal.environment["EGRET_PASSPHRASE_FILE"] = dir.file("words");
            tests::write_file(dir.file("words"), "five words");
            CHECK(init_with_sheet({"--device-secret", "passphrase"}).status == ExitStatus::refused);
            tests::write_file(dir.file("words"), "tea river window seven cloud\n");
            CHECK(init_with_sheet({"--device-secret", "passphrase"}).status == ExitStatus::done);
            CHECK(is_device_kind(keys::DeviceKind::passphrase));
            CHECK(run({"check"}).status == ExitStatus::done);
            tests::write_file(dir.file("words"), "tea river window seven clouds\n");
            CHECK(run({"check"}).status == ExitStatus::locked);
            terminal.environment.erase("EGRET_PASSPHRASE_FILE");
            CHECK(run({"check"}).status == ExitStatus::locked);
            return;
        }
        SUBCASE("in a file of her own, which may move") {
            CHECK(init_with_sheet({"--device-secret", dir.file("stick.key")}).status ==
                  ExitStatus::done);
            CHECK(names_in(home()).count("device.key") == 0);
            fs::rename(dir.file("stick.key"), dir.file("moved.key"));
            const auto gone = run({"check"});
            CHECK(gone.status == ExitStatus::refused);
            CHECK(gone.err.find(dir.file("stick.key")) != std::string::npos);
            terminal.environment["EGRET_DEVICE_KEY"] = dir.file("moved.key");
        }
        SUBCASE("nowhere, which is said") {
            const auto made = init_with_sheet({"--device-secret", "none"});
            CHECK(made.out.find("has no secret of its machine") != std::string::npos);
            CHECK(is_device_kind(keys::DeviceKind::none));
        }
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(InitRun, "what is there is never replaced, and a sheet not put beside it") {
        REQUIRE(init_with_sheet().status == ExitStatus::done);
        const auto keys_before = tests::read_file(home() + "/registry.keys");
        CHECK(run({"init", "--clinic", "x", "--area", "350203", "--recovery-sheet",
                   dir.file("other")})
                  .status == ExitStatus::refused);
        fs::create_directory(dir.file("lone"));
        fs::copy(home() + "/registry.keys", dir.file("lone"));
        for (const auto* language : {"en", "zh"}) {
            const auto refused =
                run({"init", "--clinic", "x", "--area", "350203", "--recovery-sheet",
                     dir.file("other"), "--dir", dir.file("lone"), "--lang", language});
            CHECK(refused.status == ExitStatus::refused);
            CHECK(refused.err.find("`egret init`") != std::string::npos);
        }
        for (const auto& words :
             {Words{"recovery-sheet", home() + "/sheet"},
              Words{"init", "--clinic", "x", "--area", "350203", "--dir", dir.file("new"),
                    "--recovery-sheet", dir.file("new/sheet")},
              Words{"init", "--clinic", "x", "--area", "350203", "--dir", dir.file("new"),
                    "--recovery-sheet", dir.file("other"), "--device-secret",
                    dir.file("nowhere/key")},
              Words{"init", "--clinic", "x", "--area", "350203", "--dir", dir.file("new"),
                    "--recovery-sheet", dir.file("other"), "--device-secret", dir.file("pin")}}) {
            CAPTURE(words.back());
            CHECK(run(words).status == ExitStatus::refused);
        }
        CHECK(tests::read_file(home() + "/registry.keys") == keys_before);
        CHECK(tests::read_file(dir.file("pin")) == pin);
        CHECK(names_in(dir.path()) == std::set<std::string>{"home", "lone", "pin", "sheet"});
    }

    TEST_CASE_FIXTURE(InitRun, "a folder that holds other things gets a registry, too") {
        fs::create_directory(home());
        tests::write_file(home() + "/mine", "mine");
        REQUIRE(init_with_sheet().status == ExitStatus::done);
        CHECK(names_in(home()) ==
              std::set<std::string>{"device.key", "mine", "registry.db", "registry.keys"});
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(InitRun, "a new sheet ends the old one") {
        REQUIRE(init_with_sheet().status == ExitStatus::done);
        const auto code_of = [&](const std::string& sheet) {
            std::string code;
            for (const auto& group : groups_in(tests::read_file(sheet))) code += group;
            return *keys::RecoveryCode::parse(code);
        };
        const auto old = code_of(dir.file("sheet"));
        REQUIRE(run({"recovery-sheet", dir.file("sheet")}).status == ExitStatus::refused);
        auto file = *keys::KeyFile::load(home());
        CHECK(file.unlock_with_recovery(old));
        const auto made = run({"recovery-sheet", dir.file("second")});
        CHECK(made.status == ExitStatus::done);
        CHECK(made.out.find("opens nothing any more") != std::string::npos);
        CHECK_FALSE(file.unlock_with_recovery(old));
        CHECK(file.unlock_with_recovery(code_of(dir.file("second"))));
    }
}

}  // namespace
}  // namespace egret::cli
