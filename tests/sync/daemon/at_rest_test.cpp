// A centre's encryption as its administrator meets it: egretd init, check, recover, recovery-sheet.

#include "tests/support/sqlite_file.h"
#include "tests/sync/daemon/daemon_fixture.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret::daemon {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;

struct AtRestFixture : tests::DaemonFixture {
    std::string sheet = dir.file("sheet");
    std::string stick = dir.file("stick");

    AtRestFixture() { fs::create_directory(stick); }

    /// With what the environment names.
    ExitStatus with(const char* name, const std::string& value, std::vector<std::string> words) {
        tests::FakeTerminal told;
        told.environment[name] = value;
        words.insert(words.end(), {"--data", data});
        const auto status =
            console::run(egretd_commands(), daemon::egretd_handlers(), words, told.terminal());
        out = told.out.str();
        err = told.err.str();
        return status;
    }

    /// The code on a sheet, in a file.
    std::string code_of(const std::string& path) const {
        const auto text = tests::read_file(path);
        const auto at = text.find("    ") + 4;
        const auto file = path + ".code";
        tests::write_file(file, text.substr(at, text.find("\n\n", at) - at));
        return file;
    }

    /// The kinds of what the check warns of.
    std::vector<std::string> warnings() {
        const auto answered = answer({"check"});
        CHECK(answered.find("faults")->as_array().empty());
        std::vector<std::string> kinds;
        if (const auto* all = answered.find("warnings")) {
            for (const auto& one : all->as_array()) {
                // That of the machine on which the tests run.
                const auto& kind = one.find("kind")->as_text();
                if (kind != "swap") kinds.push_back(kind);
            }
        }
        return kinds;
    }

    void init_apart() {
        REQUIRE(make({"--name", "Xiamen", "--host", "localhost", "--root-dir", stick,
                      "--recovery-sheet", sheet}) == ExitStatus::done);
    }
};

using Kinds = std::vector<std::string>;

}  // namespace

TEST_SUITE("sync/daemon/at_rest") {
    TEST_CASE_FIXTURE(AtRestFixture,
                      "what belongs into a safe is not in the folder, if asked for") {
        init_apart();
        CHECK(out.find(stick + "/root.key") != std::string::npos);
        CHECK(fs::exists(stick + "/root.key"));
        CHECK(fs::exists(stick + "/recovery.key"));
        CHECK_FALSE(fs::exists(data + "/keys/root.key"));
        CHECK(warnings() == Kinds{"device_secret"});
        CHECK(on_data({"clinic", "add", "A", "--area", "350203"}) == ExitStatus::done);
        CHECK(on_data({"verify"}) == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(AtRestFixture, "the check names what lets others read, in both languages") {
        init();
        CHECK(out.find("recovery-sheet") != std::string::npos);
        CHECK(warnings() == Kinds{"device_secret", "no_sheet", "root_key_here"});
        for (const auto* language : {"en", "zh"}) {
            CHECK(on_data({"check", "--lang", language}) == ExitStatus::done);
            for (const auto* named :
                 {"keys/root.key", "keys/recovery.key", "device.key", "egretd recovery-sheet"})
                CHECK(err.find(named) != std::string::npos);
        }
        tests::move_root_to(dir.file("safe"), data);
        fs::permissions(data + "/keys/tls.key", fs::perms::others_read, fs::perm_options::add);
        fs::permissions(data, fs::perms::group_read, fs::perm_options::add);
        CHECK(on_data({"recovery-sheet", sheet}) == ExitStatus::done);
        CHECK(warnings() == Kinds{"device_secret", "open_to_others"});
        CHECK(on_data({"check"}) == ExitStatus::done);
        CHECK(err.find("keys/tls.key") != std::string::npos);
    }

    TEST_CASE_FIXTURE(AtRestFixture, "a key file elsewhere is asked for, and told from another") {
        init_apart();
        const auto away = dir.file("away.key");
        fs::rename(data + "/device.key", away);
        CHECK(on_data({"status"}) == ExitStatus::refused);
        CHECK(err.find("EGRET_DEVICE_KEY") != std::string::npos);
        CHECK(err.find("egretd recover") != std::string::npos);
        CHECK(on_data({"status", "--lang", "zh"}) == ExitStatus::refused);
        CHECK(err.find("本机密钥文件") != std::string::npos);
        CHECK(with("EGRET_DEVICE_KEY", away, {"status"}) == ExitStatus::done);
        tests::write_file(away, std::string(32, 'x'));
        for (const auto* language : {"en", "zh"}) {
            CHECK(with("EGRET_DEVICE_KEY", away, {"status", "--lang", language}) ==
                  ExitStatus::refused);
            CHECK(err.find("egretd recover") != std::string::npos);
            CHECK(err.find("egret recover") == std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(AtRestFixture, "a machine that lost its secret gets another by the sheet") {
        init_apart();
        CHECK(on_data({"clinic", "add", "A", "--area", "350203"}) == ExitStatus::done);
        fs::remove(data + "/device.key");
        const auto code = code_of(sheet);
        const auto recover = [&](const std::string& file, std::vector<std::string> words) {
            words.insert(words.begin(), "recover");
            return with("EGRET_RECOVERY_FILE", file, std::move(words));
        };
        tests::write_file(dir.file("wrong"), "0000-0000-0000-0000\n0000-0000-0000-0000");
        CHECK(recover(dir.file("wrong"), {}) != ExitStatus::done);
        CHECK_FALSE(fs::exists(data + "/device.key"));

        const auto next = dir.file("sheet2");
        CHECK(recover(code, {"--device-secret", "none"}) == ExitStatus::usage);
        CHECK(recover(code, {"--device-secret", data + "/device.key", "--recovery-sheet", next}) ==
              ExitStatus::done);
        CHECK(on_data({"status"}) == ExitStatus::done);
        CHECK(answer({"clinic", "list"}).as_array().size() == 1);
        // The old sheet opens nothing any more.
        fs::remove(data + "/device.key");
        CHECK(recover(code, {}) == ExitStatus::refused);
        CHECK(err.find("newest sheet") != std::string::npos);
        CHECK(recover(code_of(next), {"--device-secret", dir.file("new.key")}) == ExitStatus::done);
        CHECK(on_data({"verify"}) == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(AtRestFixture, "a passphrase opens it, from a file, and no other does") {
        const auto words = dir.file("words");
        tests::write_file(words, "correct horse battery staple lamp\n");
        CHECK(with("EGRET_PASSPHRASE_FILE", words,
                   {"init", "--name", "A", "--host", "localhost", "--device-secret",
                    "passphrase"}) == ExitStatus::done);
        CHECK(with("EGRET_PASSPHRASE_FILE", words, {"status"}) == ExitStatus::done);
        CHECK_FALSE(fs::exists(data + "/device.key"));
        tests::write_file(words, "correct horse battery staple lump\n");
        CHECK(with("EGRET_PASSPHRASE_FILE", words, {"status"}) == ExitStatus::locked);
        CHECK(err.find("egretd recover") != std::string::npos);
    }

    TEST_CASE_FIXTURE(AtRestFixture, "what can't be made is said, and leaves nothing anywhere") {
        const std::vector<std::vector<std::string>> wrong = {
            {"--device-secret", "none"},
            {"--root-dir", dir.file("nowhere")},
            {"--recovery-sheet", data + "/sheet"},
            {"--recovery-sheet", dir.file("no/folder/sheet")},
            {"--device-secret", dir.file("no/folder/key")},
            {"--host", "*", "--root-dir", stick, "--recovery-sheet", sheet, "--device-secret",
             dir.file("made.key")},
        };
        for (auto words : wrong) {
            words.insert(words.begin(), {"init", "--name", "A"});
            for (const auto* language : {"en", "zh"}) {
                auto said = words;
                said.insert(said.end(), {"--lang", language});
                CHECK(on_data(said) != ExitStatus::done);
                CHECK(err.find('\n') > 20);
            }
            CHECK_FALSE(fs::exists(data));
            CHECK_FALSE(fs::exists(sheet));
            CHECK_FALSE(fs::exists(dir.file("made.key")));
            CHECK(fs::is_empty(stick));
        }
    }

    TEST_CASE_FIXTURE(AtRestFixture, "a centre of an older build is named, with what to do") {
        fs::create_directory(data);
        (void)central::SqliteStore::create(data + "/centre.db");
        for (const auto* command : {"status", "check", "recover", "serve"}) {
            CHECK(on_data({command}) == ExitStatus::refused);
            CHECK(err.find("egretd init") != std::string::npos);
            CHECK(on_data({command, "--lang", "zh"}) == ExitStatus::refused);
            CHECK(err.find("旧版本") != std::string::npos);
        }
    }
}

}  // namespace egret::daemon
