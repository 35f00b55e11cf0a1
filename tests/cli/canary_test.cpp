// A woman's name, numbers and a PIN go through every command: in no file that the program keeps or
// leaves do they stand in the clear, and no warning or error tells them.

#include "tests/cli/every_command.h"
#include "tests/support/killed_child.h"

#include <cstdlib>
#include <filesystem>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;
using tests::EveryCommand;
using tests::read_file;
using Words = tests::EgretRun::Words;

struct Canary : EveryCommand {
    Canary() {
        fs::create_directory(dir.file("tmp"));
        ::setenv("TMPDIR", dir.file("tmp").c_str(), 1);
        ::setenv("SQLITE_TMPDIR", dir.file("tmp").c_str(), 1);
        done({"woman", "edit", her, "resident_id=350203198503042824", "phone=13955553333"});
        tests::write_file(dir.file("pin"), pin);
    }

    ~Canary() {
        ::unsetenv("TMPDIR");
        ::unsetenv("SQLITE_TMPDIR");
    }

    /// As they are typed, and as they are looked up.
    static const std::vector<std::string>& secrets() {
        static const std::vector<std::string> all = {"王小丽",
                                                     "wangxiaoli",
                                                     "wang xiao li",
                                                     "陈雨",
                                                     "chenyu",
                                                     "林静",
                                                     "350203198503042824",
                                                     "428240305891302053",
                                                     "13955553333",
                                                     "33335555931",
                                                     "赵敏",
                                                     "周静",
                                                     "吴芳",
                                                     "郑燕",
                                                     "林晴",
                                                     pin};
        return all;
    }

    /// The first of them in a file that the program keeps; of temporary ones, that there is none.
    std::string found_in_files() const {
        for (const auto* place : {"home", "another", "restored", "tmp"}) {
            if (!fs::exists(dir.file(place))) continue;
            for (const auto& entry : fs::recursive_directory_iterator(dir.file(place))) {
                const auto name = entry.path().filename().string();
                for (const auto& secret : secrets()) {
                    if (name.find(secret) != std::string::npos) return name;
                    if (entry.is_regular_file() &&
                        read_file(entry.path().string()).find(secret) != std::string::npos)
                        return secret + " in " + name;
                }
            }
        }
        return {};
    }

    void hold_silent(const tests::Row& row) {
        CAPTURE(row.command);
        Words words;
        for (const auto part : split(row.command, ' ')) words.emplace_back(part);
        words.insert(words.end(), row.words.begin(), row.words.end());
        for (const auto& form : {Words{}, Words{"--json"}}) {
            auto typed = words;
            typed.insert(typed.end(), form.begin(), form.end());
            const auto ran = run(typed);
            CHECK(found_in_files() == "");
            CHECK(ran.out.find(pin) == std::string::npos);
            for (const auto& secret : secrets()) CHECK(ran.err.find(secret) == std::string::npos);
        }
    }
};

TEST_SUITE("cli/canary") {
    TEST_CASE_FIXTURE(Canary, "no command leaves a name, a number or a PIN in a file of its own") {
        // What it looks for is found, where it stands in the clear.
        tests::write_file(dir.file("tmp/seen"), "...13955553333...");
        CHECK(found_in_files() == "13955553333 in seen");
        fs::remove(dir.file("tmp/seen"));
        std::set<std::string> held;
        for (const auto& rows : {looking(*this), elsewhere(*this), changing(*this)}) {
            for (const auto& row : rows) {
                held.insert(row.command);
                hold_silent(row);
            }
        }
        for (const auto& name : console::command_names(egret_commands()))
            CHECK_MESSAGE(held.contains(name), name, ": put it on a list of every_command.h");
    }

    TEST_CASE_FIXTURE(Canary, "nor does one that is killed amid its work, in its journal") {
        const std::vector<Words> kinds = {
            {"woman", "edit", her, "phone=13955553333", "alias=小丽"},
            {"import", "csv", dir.file("one.csv")},
            {"woman", "find", "王小丽"},
            {"export", "persons", dir.file("out")},
            {"user", "pin"},
            {"rebuild"},
        };
        const int each = tests::kills_each(3);
        int kills = 0;
        // From here each goes: a try that was cut off counts as a wrong PIN.
        fs::copy(home(), dir.file("kept"), fs::copy_options::recursive);
        bool had_journal = false;
        for (const auto& words : kinds) {
            CAPTURE(words[0]);
            for (int at = 0;; at += each) {
                fs::remove(dir.file("out"));
                fs::remove_all(home());
                fs::copy(dir.file("kept"), home(), fs::copy_options::recursive);
                const auto work = [&] { (void)run(words); };
                if (!tests::is_killed_at(at, work, tests::Calls::changing)) break;
                ++kills;
                const auto journal = home() + "/registry.db-wal";
                had_journal = had_journal || (fs::exists(journal) && fs::file_size(journal) > 4096);
                CHECK(found_in_files() == "");
            }
        }
        MESSAGE("kills: " << kills);
        CHECK(had_journal);
    }
}

}  // namespace
}  // namespace egret::cli
