#include "tests/support/led_run.h"
#include "tests/support/pseudo_terminal.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <thread>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;
using tests::Ran;

/// A registry with a woman that no centre has, and the code of its sheet in a file.
struct RecoverRun : tests::LedRun {
    RecoverRun() {
        take_sheet(dir.file("sheet"));
        woman = add();
    }

    Ran with_pin(const std::string& text, Words words) {
        tests::write_file(dir.file("pin"), text);
        return run(words);
    }

    bool is_all_there(const std::string& new_pin, const std::string& name = "林主任") {
        return with_pin(new_pin, {"woman", "show", woman, "--as", name}).status ==
                   ExitStatus::done &&
               with_pin(new_pin, {"check", "--as", name}).status == ExitStatus::done;
    }

    /// Of which the audit knows.
    std::size_t wrong_pins_of(const std::string& name) {
        const auto shown =
            with_pin("628413", {"audit", "show", "--user", name, "--as", "林主任", "--json"});
        REQUIRE(shown.status == ExitStatus::done);
        std::size_t count = 0;
        const auto entries = shown.json();
        for (const auto& entry : entries.as_array())
            count += entry.find("action")->as_text() == "unlock_failed" ? 1U : 0U;
        return count;
    }

    std::string woman;
};

TEST_SUITE("cli/recover_command") {
    TEST_CASE_FIXTURE(RecoverRun, "a lost PIN: the sheet gives a new one, and stays good") {
        const auto recovered = run({"recover"});
        REQUIRE_MESSAGE(recovered.status == ExitStatus::done, recovered.err);
        CHECK(recovered.out.find("still holds") != std::string::npos);
        CHECK(with_pin(pin, {"check"}).status == ExitStatus::locked);
        CHECK(is_all_there("628413"));
        // Again by the same sheet.
        tests::write_file(dir.file("new_pin"), "337215");
        CHECK(run({"recover", "--lang", "zh"}).status == ExitStatus::done);
        CHECK(is_all_there("337215"));
    }

    TEST_CASE_FIXTURE(RecoverRun,
                      "who waits after six wrong PINs needs no waiting with the sheet") {
        for (int wrong = 0; wrong < 6; ++wrong)
            CHECK(with_pin("000111", {"check"}).status == ExitStatus::locked);
        CHECK(run({"recover"}).status == ExitStatus::done);
        CHECK(is_all_there("628413"));
        CHECK(wrong_pins_of("林主任") == 5);
    }

    TEST_CASE_FIXTURE(RecoverRun, "the code may stand in its file as on the sheet, in two lines") {
        const auto code = tests::read_file(dir.file("code"));
        const auto half = code.find("    ", 5);
        for (const auto* between : {"\n", "\r\n"}) {
            tests::write_file(dir.file("code"),
                              code.substr(0, half) + between + code.substr(half) + between);
            CHECK(run({"recover"}).status == ExitStatus::done);
        }
        tests::write_file(dir.file("code"), "\n\n");
        CHECK(says(run({"recover"}), "is empty"));
    }

    TEST_CASE_FIXTURE(RecoverRun, "a lost machine's secret: a new one, and new PINs by the lead") {
        REQUIRE(run({"user", "add", "陈护士", "--role", "nurse"}).status == ExitStatus::done);
        for (int wrong = 0; wrong < 2; ++wrong)
            CHECK(with_pin("000111", {"check", "--as", "陈护士"}).status == ExitStatus::locked);
        fs::remove(home() + "/device.key");
        const auto locked = with_pin(pin, {"check", "--as", "林主任"});
        CHECK(locked.status == ExitStatus::refused);
        CHECK(says(locked, "recovery sheet"));
        // A stick that isn't plugged in is no reason to take everybody's PIN away.
        CHECK(run({"recover"}).status == ExitStatus::refused);

        const auto recovered = run({"recover", "--device-secret", dir.file("stick.key")});
        REQUIRE_MESSAGE(recovered.status == ExitStatus::done, recovered.err);
        CHECK(recovered.out.find("egret user reset") != std::string::npos);
        CHECK(fs::exists(dir.file("stick.key")));
        CHECK(is_all_there("628413"));
        const auto unset = with_pin("628413", {"check", "--as", "陈护士"});
        CHECK(unset.status == ExitStatus::locked);
        CHECK(says(unset, "has no PIN yet"));
        tests::write_file(dir.file("new_pin"), "915270");
        CHECK(with_pin("628413", {"user", "reset", "陈护士", "--as", "林主任"}).status ==
              ExitStatus::done);
        CHECK(is_all_there("915270", "陈护士"));
        CHECK(wrong_pins_of("陈护士") == 2);
    }

    TEST_CASE_FIXTURE(RecoverRun, "at a terminal the lost secret and a new sheet are asked for") {
        fs::remove(home() + "/device.key");
        terminal.environment.erase("EGRET_RECOVERY_FILE");
        terminal.environment.erase("EGRET_NEW_PIN_FILE");
        const auto code = tests::read_file(dir.file("code"));
        tests::PseudoTerminal device;
        asked_at = device.path();
        std::thread person([&] {
            device.answer("all eight groups? ", code + "\n");
            device.answer("[y/n] ", "y\n");
            device.answer("(six characters or more)? ", "628413\n");
            device.answer("once more? ", "628413\n");
            device.answer("[y/n] ", "n\n");
        });
        const auto recovered = run({"recover"});
        person.join();
        REQUIRE_MESSAGE(recovered.status == ExitStatus::done, recovered.err);
        CHECK(device.shown().find("628413") == std::string::npos);
        asked_at = "/dev/null";
        CHECK(is_all_there("628413"));
    }

    TEST_CASE_FIXTURE(RecoverRun, "a lead who is gone: somebody else leads from now on") {
        REQUIRE(run({"user", "add", "陈护士", "--role", "nurse"}).status == ExitStatus::done);
        SUBCASE("a nurse who is there") {
            CHECK(run({"recover", "--user", "陈护士"}).status == ExitStatus::done);
            CHECK(is_all_there("628413", "陈护士"));
            CHECK(
                with_pin("628413", {"user", "role", "林主任", "nurse", "--as", "陈护士"}).status ==
                ExitStatus::done);
        }
        SUBCASE("somebody new") {
            CHECK(run({"recover", "--user", "黄主任"}).status == ExitStatus::done);
            CHECK(is_all_there("628413", "黄主任"));
            CHECK(with_pin("628413", {"user", "remove", "林主任", "--as", "黄主任"}).status ==
                  ExitStatus::done);
        }
        SUBCASE("nobody of an impossible name") {
            CHECK(run({"recover", "--user", "a\nb"}).status == ExitStatus::refused);
            CHECK(with_pin(pin, {"check", "--as", "林主任"}).status == ExitStatus::done);
        }
    }

    TEST_CASE_FIXTURE(RecoverRun, "a new sheet ends the old one") {
        CHECK(run({"recover", "--recovery-sheet", dir.file("second")}).status == ExitStatus::done);
        CHECK(run({"recover"}).status == ExitStatus::refused);
        tests::write_file(dir.file("code"), code_in(dir.file("second")));
        CHECK(run({"recover"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(RecoverRun, "a wrong code opens nothing, and a refused PIN changes nothing") {
        auto code = tests::read_file(dir.file("code"));
        const auto keys_before = tests::read_file(home() + "/registry.keys");
        tests::write_file(dir.file("code"), "K7QF-3MZD");
        CHECK(says(run({"recover"}), "eight groups"));
        auto slip = code;
        slip[4] = slip[4] == '7' ? '8' : '7';
        tests::write_file(dir.file("code"), slip);
        CHECK(says(run({"recover"}), "group 1"));
        crypto::SystemRandom chance;
        tests::write_file(dir.file("code"), keys::RecoveryCode::make(chance).text());
        CHECK(says(run({"recover"}), "another recovery sheet"));
        tests::write_file(dir.file("code"), code);
        tests::write_file(dir.file("new_pin"), "123456");
        CHECK(run({"recover"}).status == ExitStatus::refused);
        CHECK(tests::read_file(home() + "/registry.keys") == keys_before);
        CHECK(is_all_there(pin));
    }
}

}  // namespace
}  // namespace egret::cli
