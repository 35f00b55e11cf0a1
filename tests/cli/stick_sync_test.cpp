#include "cli/stick_sync.h"

#include "registry/files/private_file.h"
#include "sync/central/centre_device.h"
#include "sync/central/stick_visit.h"
#include "tests/cli/sync_run.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace egret {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;
using tests::Ran;
using tests::SyncRun;

/// A clinic that has joined, and a stick.
struct StickRun : SyncRun {
    StickRun() { fs::create_directory(stick()); }

    std::string stick() const { return dir.file("stick"); }

    /// As without a PIN at hand.
    Ran locked(const Words& words) {
        terminal.environment.erase("EGRET_PIN_FILE");
        auto ran = run(words);
        terminal.environment["EGRET_PIN_FILE"] = dir.file("pin");
        return ran;
    }

    void visit() {
        central::Courier courier(
            {*centre.store, *centre.ingester, *centre.keys, centre.clock, centre.random});
        const stick::Stick at(stick());
        central::visit(at, &at, courier);
    }

    /// Each sentence is there in both languages, and is one.
    void check_says(const Words& words, ExitStatus status, const std::string& en,
                    const std::string& zh) {
        for (const auto& [language, text] :
             {std::pair<std::string, std::string>("en", en), {"zh", zh}}) {
            auto in_language = words;
            in_language.insert(in_language.end(), {"--lang", language});
            const auto ran = run(in_language);
            CHECK(ran.status == status);
            CHECK_MESSAGE((ran.out + ran.err).find(text) != std::string::npos, ran.out, ran.err);
        }
    }
};

TEST_SUITE("cli/stick_sync") {
    TEST_CASE_FIXTURE(StickRun, "what was recorded goes on a stick, and its receipt comes back") {
        add();
        const auto written = done({"sync", "--to", stick()});
        CHECK(number(written, "sent") == 1);
        CHECK(number(written, "acked") == 0);
        CHECK(number(written, "left") == 1);
        visit();
        CHECK(centre.count("SELECT count(*) FROM event") == 1);
        add("陈雨");
        const auto taken = run({"sync", "--from", stick(), "--json"});
        CHECK(taken.status == ExitStatus::partly);
        CHECK(number(taken, "acked") == 1);
        CHECK(number(taken, "left") == 1);
        // In one go: what is left goes onto the stick that was read.
        const auto both = done({"sync", "--from", stick(), "--to", stick()});
        CHECK(number(both, "sent") == 1);
        visit();
        CHECK(number(done({"sync", "--from", stick()}), "acked") == 1);
        CHECK(number(done({"sync", "status"}), "left") == 0);
        check_says({"sync", "--from", stick()}, ExitStatus::done, "no news", "没有新内容");
        check_says({"sync", "--to", stick()}, ExitStatus::done, "asks it for", "索取");
    }

    TEST_CASE_FIXTURE(StickRun, "it goes while the registry is locked") {
        add();
        const auto written = locked({"sync", "--to", stick(), "--json"});
        REQUIRE(written.status == ExitStatus::done);
        CHECK(number(written, "sent") == 1);
        CHECK(written.out.find("\"locked\":true") != std::string::npos);
        visit();
        const auto taken = locked({"sync", "--from", stick(), "--json"});
        REQUIRE(taken.status == ExitStatus::done);
        CHECK(number(taken, "acked") == 1);
        CHECK(number(taken, "left") == 0);
        CHECK(number(done({"sync", "status"}), "acked") == 1);
    }

    TEST_CASE_FIXTURE(StickRun, "what is wrong is said with what to do, in both languages") {
        add();
        const auto nowhere = dir.file("nowhere");
        check_says({"sync", "--to", nowhere}, ExitStatus::refused, "Plug the stick in", "请插入");
        CHECK_FALSE(fs::exists(nowhere));
        check_says({"sync", "--from", stick()}, ExitStatus::refused, "nothing from the centre",
                   "没有来自中心的内容");
        check_says({"sync", "--relay", stick()}, ExitStatus::refused, "nothing that a clinic wrote",
                   "没有机构写入的内容");
        check_says({"sync", "--relay", stick(), "--to", stick()}, ExitStatus::usage, "--relay",
                   "--relay");
        check_says({"sync", "--to", stick(), "--until-done"}, ExitStatus::usage, "--until-done",
                   "--until-done");
        check_says({"sync", "--to", stick(), "--server", url}, ExitStatus::usage, "no address",
                   "没有网址");
        // The first time there is nothing to take in, and that is no fault.
        CHECK(run({"sync", "--from", stick(), "--to", stick()}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(StickRun, "a machine with a line carries a stick, over HTTPS") {
        add();
        done({"sync", "--to", stick()});
        check_says({"sync", "--relay", stick()}, ExitStatus::done, "Take the stick back",
                   "送回各机构");
        CHECK(centre.count("SELECT count(*) FROM event") == 1);
        const auto carried = done({"sync", "--relay", stick()});
        CHECK(number(carried, "sent") == 1);
        CHECK(number(carried, "left") == 0);
        CHECK(number(carried, "carried") == 2);
        CHECK(locked({"sync", "--relay", stick()}).status == ExitStatus::done);
        CHECK(number(done({"sync", "--from", stick()}), "acked") == 1);
        // A file that is not whole holds up nothing.
        add("陈雨");
        done({"sync", "--to", stick()});
        for (const auto& entry : fs::directory_iterator(stick() + "/egret/up")) {
            if (entry.path().extension() == ".crb")
                fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
        }
        check_says({"sync", "--relay", stick()}, ExitStatus::partly, "not whole", "不完整");
        server.stop();
        const auto cut = run({"sync", "--relay", stick(), "--json"});
        CHECK(cut.status == ExitStatus::refused);
        CHECK(number(cut, "left") == 2);
    }
}

}  // namespace
}  // namespace egret
