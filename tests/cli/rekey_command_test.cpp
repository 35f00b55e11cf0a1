#include "tests/support/led_run.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;

/// A lead, a nurse, a woman.
struct RekeyRun : tests::LedRun {
    RekeyRun() {
        terminal.environment["EGRET_USER"] = lead;
        done({"user", "add", nurse, "--role", "nurse"});
        woman = add();
    }

    tests::Ran recover_with(const std::string& sheet) {
        take_sheet(sheet);
        return run({"recover", "--user", lead});
    }

    std::string woman;
};

TEST_SUITE("cli/rekey_command") {
    TEST_CASE_FIXTURE(RekeyRun, "the lead gives the registry a new key, and the others new PINs") {
        done({"backup", dir.file("backup")});
        const auto old_keys = tests::read_file(home() + "/registry.keys");
        const auto rekeyed = run({"rekey", "--recovery-sheet", dir.file("new_sheet")});
        REQUIRE_MESSAGE(rekeyed.status == ExitStatus::done, rekeyed.err);
        CHECK(says(rekeyed, "陈护士"));
        CHECK(says(rekeyed, "new backup"));
        CHECK(run({"woman", "show", woman}).status == ExitStatus::done);
        CHECK(run({"check"}).status == ExitStatus::done);
        CHECK(as("陈护士", "628413", {"woman", "show", woman}).status == ExitStatus::locked);
        done({"user", "reset", "陈护士"});
        CHECK(as("陈护士", "628413", {"woman", "show", woman}).status == ExitStatus::done);
        // The sheet of before is worthless, the new one isn't.
        CHECK(recover_with(dir.file("sheet")).status != ExitStatus::done);
        CHECK(recover_with(dir.file("new_sheet")).status == ExitStatus::done);
        // A key file that somebody kept opens the copies of its day, and this registry not.
        tests::write_file(home() + "/registry.keys", old_keys);
        for (const auto* language : {"en", "zh"}) {
            const auto kept = run({"woman", "show", woman, "--lang", language});
            CHECK(kept.status == ExitStatus::refused);
            CHECK(kept.out.empty());
            CHECK(says(kept, "registry.keys"));
        }
        done({"restore", dir.file("backup"), "--dir", dir.file("restored")});
        fs::copy_file(home() + "/device.key", dir.file("restored") + "/device.key");
        terminal.environment["EGRET_HOME"] = dir.file("restored");
        CHECK(run({"woman", "show", woman}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(RekeyRun, "what is refused changes nothing, and leaves no sheet") {
        const auto sheet = dir.file("new_sheet");
        const auto before = tests::read_file(home() + "/registry.keys");
        const auto refused = as("陈护士", "628413", {"rekey", "--recovery-sheet", sheet});
        CHECK(refused.status == ExitStatus::refused);
        const auto wrong = as("林主任", "000111", {"rekey", "--recovery-sheet", sheet});
        CHECK(wrong.status == ExitStatus::locked);
        CHECK(run({"rekey", "--recovery-sheet", home() + "/sheet"}).status != ExitStatus::done);
        // Nobody is there to type the sheet back.
        CHECK(run({"rekey"}).status == ExitStatus::locked);
        CHECK_FALSE(fs::exists(sheet));
        CHECK_FALSE(fs::exists(home() + "/sheet"));
        CHECK(run({"woman", "show", woman}).status == ExitStatus::done);
        CHECK(tests::read_file(home() + "/registry.keys").size() == before.size());
        CHECK(as("陈护士", "628413", {"woman", "show", woman}).status == ExitStatus::done);
    }
}

}  // namespace
}  // namespace egret::cli
