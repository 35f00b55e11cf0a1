// What is said at a clinic whose log went two ways, and of what others recorded.

#include "tests/cli/sync_run.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace egret {
namespace {

using console::ExitStatus;
using tests::SyncRun;

struct RepairRun : SyncRun {
    void keep() {
        std::filesystem::copy_file(home() + "/registry.db", dir.file("kept.db"),
                                   std::filesystem::copy_options::overwrite_existing);
    }

    void put_back() {
        for (const auto* suffix : {"-wal", "-shm"})
            std::filesystem::remove(home() + "/registry.db" + suffix);
        std::filesystem::copy_file(dir.file("kept.db"), home() + "/registry.db",
                                   std::filesystem::copy_options::overwrite_existing);
    }

    /// Where each command says what waits.
    std::string add_warned(const std::string& name) {
        const auto ran = run({"woman", "add", "name=" + name, "birth_date=1985-03-04", "sex=female",
                              "area=350203", "--json"});
        REQUIRE(ran.status == ExitStatus::done);
        CHECK(says(ran.err, "Run `egret sync` with the registry unlocked"));
        return ran.text("id");
    }

    static bool says(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    }
};

TEST_SUITE("cli/repaired_sync") {
    TEST_CASE_FIXTURE(RepairRun, "a registry that was put back says what came back") {
        add();
        done({"sync"});
        keep();
        add("李桂芳");
        add("陈美华");
        done({"sync"});
        put_back();
        const auto again = add_warned("钱多多");
        SUBCASE("in English") {
            const auto ran = run({"sync"});
            CHECK(ran.status == ExitStatus::done);
            CHECK(says(ran.err, "2 records that it lacked came back"));
            CHECK(says(ran.err, "1 that only it had goes on"));
        }
        SUBCASE("in Chinese") {
            const auto ran = run({"sync", "--lang", "zh"});
            CHECK(ran.status == ExitStatus::done);
            CHECK(says(ran.err, "取回本机缺少的记录 2 条"));
        }
        SUBCASE("to a program") {
            const auto ran = run({"sync", "--json"});
            CHECK(ran.status == ExitStatus::done);
            const auto told = *ran.json().find("repaired");
            CHECK(told.find("taken_over")->as_integer() == 2);
            CHECK(told.find("own")->as_integer() == 1);
            CHECK(number(ran, "left") == 0);
        }
        CHECK(centre.count("SELECT count(*) FROM event") == 4);
        CHECK(run({"check"}).status == ExitStatus::done);
        CHECK(run({"woman", "show", again}).status == ExitStatus::done);
        const auto after = run({"sync", "--json"});
        CHECK(after.json().find("repaired") == nullptr);
        CHECK(number(after, "received") == 0);
    }

    TEST_CASE_FIXTURE(RepairRun, "until that is done each command says what waits") {
        add();
        done({"sync"});
        keep();
        add("李桂芳");
        put_back();
        const auto warned = run({"due"});
        CHECK(warned.status == ExitStatus::done);
        CHECK(says(warned.err, "Run `egret sync` with the registry unlocked"));
        CHECK(run({"sync"}).status == ExitStatus::done);
        CHECK_FALSE(says(run({"due"}).err, "egret sync"));
        CHECK(centre.count("SELECT count(*) FROM event") == 2);
    }

    TEST_CASE_FIXTURE(RepairRun, "two copies are asked to become two machines") {
        add();
        done({"sync"});
        keep();
        for (const auto* name : {"李桂芳", "陈美华"}) {
            add(name);
            run({"sync"});
            put_back();
            add_warned("钱多多");
            if (name == std::string("陈美华")) break;
            run({"sync"});
            keep();
        }
        for (const auto* language : {"en", "zh"}) {
            const auto ran = run({"sync", "--lang", language});
            CHECK(ran.status == ExitStatus::refused);
            CHECK(says(ran.err, "egret enrol"));
        }
        CHECK(run({"sync", "--json"}).json().find("must_rejoin")->as_bool());
        CHECK(number(run({"sync", "--json"}), "left") == 0);
        done({"enrol", url, service.invite("C001")->code});
        const auto ran = run({"sync"});
        CHECK(ran.status == ExitStatus::done);
        CHECK_FALSE(says(ran.err, "egret enrol"));
    }
}

}  // namespace
}  // namespace egret
