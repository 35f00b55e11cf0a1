#include "cli/locked_sync.h"

#include "registry/files/private_file.h"
#include "tests/cli/sync_run.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace egret {
namespace {

using console::ExitStatus;
using tests::Ran;
using tests::SyncRun;

/// A clinic that has joined, whose registry nobody unlocks unless a test says so.
struct LockedRun : SyncRun {
    /// As with a PIN at hand.
    Ran opened(Words words) {
        terminal.environment["EGRET_PIN_FILE"] = dir.file("pin");
        auto ran = done(std::move(words));
        terminal.environment.erase("EGRET_PIN_FILE");
        return ran;
    }

    Ran locked(const Words& words) {
        terminal.environment.erase("EGRET_PIN_FILE");
        return run(words);
    }

    std::string record() {
        return opened({"woman", "add", "name=王小丽", "birth_date=1985-03-04", "sex=female",
                       "area=350203"})
            .text("id");
    }

    std::vector<std::string> sealed() const {
        std::vector<std::string> paths;
        for (const auto& entry : std::filesystem::directory_iterator(home() + "/outbox")) {
            if (entry.is_regular_file()) paths.push_back(entry.path().string());
        }
        return paths;
    }
};

TEST_SUITE("cli/locked_sync") {
    TEST_CASE_FIXTURE(LockedRun, "what was recorded goes without a PIN, and is entered later") {
        record();
        record();
        CHECK(locked({"due"}).status == ExitStatus::locked);
        const auto sent = locked({"sync", "--json"});
        REQUIRE(sent.status == ExitStatus::done);
        CHECK(sent.err.empty());
        CHECK(number(sent, "sent") == 2);
        CHECK(number(sent, "acked") == 2);
        CHECK(number(sent, "left") == 0);
        CHECK(sent.out.find("\"locked\":true") != std::string::npos);
        CHECK(centre.count("SELECT count(*) FROM event") == 2);
        for (const auto* language : {"en", "zh"}) {
            const auto again = locked({"sync", "--lang", language});
            CHECK(again.status == ExitStatus::done);
            CHECK(again.out.find('2') == std::string::npos);
        }
        const auto status = opened({"sync", "status"});
        CHECK(number(status, "acked") == 2);
        CHECK(number(status, "left") == 0);
        CHECK(sealed().empty());
        CHECK(number(opened({"sync"}), "sent") == 0);
    }

    TEST_CASE_FIXTURE(LockedRun, "while it is locked it says what it can") {
        record();
        const auto waiting = locked({"sync", "status", "--json"});
        REQUIRE(waiting.status == ExitStatus::done);
        CHECK(number(waiting, "left") == 1);
        CHECK(waiting.text("clinic") == "C001");
        CHECK(waiting.json().find("recorded")->is_null());
        CHECK(waiting.json().find("last")->is_null());
        CHECK(locked({"sync", "status"}).out.find("1 record is put ready") != std::string::npos);
        locked({"sync"});
        const auto sent = locked({"sync", "status", "--json"});
        CHECK(number(sent, "left") == 0);
        CHECK(number(sent, "acked") == 1);
        CHECK(sent.text("last") == "2026-05-01T04:00:00Z");
        CHECK(locked({"sync", "status", "--lang", "zh"}).out.find("2026-05-01 04:00") !=
              std::string::npos);
    }

    TEST_CASE_FIXTURE(LockedRun, "a damaged file is named with what to do, and sealed anew") {
        record();
        const auto paths = sealed();
        REQUIRE(paths.size() == 1);
        auto content = *read_small_file(paths[0], 100'000);
        content[100] ^= 1;
        replace_private_file(paths[0], content);
        for (const auto* language : {"en", "zh"}) {
            const auto stopped = locked({"sync", "--lang", language});
            CHECK(stopped.status == ExitStatus::refused);
            CHECK(stopped.err.find("outbox") != std::string::npos);
            CHECK(stopped.out.find('1') != std::string::npos);
        }
        CHECK(centre.count("SELECT count(*) FROM event") == 0);
        opened({"due"});
        CHECK(locked({"sync"}).status == ExitStatus::done);
        CHECK(centre.count("SELECT count(*) FROM event") == 1);
    }

    TEST_CASE_FIXTURE(LockedRun, "without the machine's secret nothing goes, and nothing is lost") {
        record();
        std::filesystem::rename(home() + "/device.key", dir.file("device.key"));
        const auto gone = locked({"sync"});
        CHECK(gone.status == ExitStatus::refused);
        CHECK(gone.err.find("device.key") != std::string::npos);
        CHECK(centre.count("SELECT count(*) FROM event") == 0);
        terminal.environment["EGRET_DEVICE_KEY"] = dir.file("device.key");
        CHECK(locked({"sync"}).status == ExitStatus::done);
        CHECK(centre.count("SELECT count(*) FROM event") == 1);
    }

    TEST_CASE_FIXTURE(LockedRun, "the keys of the way to the centre are not to be read") {
        const auto content = *read_small_file(home() + "/link.keys", 100'000);
        const auto text = text_of(content);
        for (const auto* word : {"PRIVATE", "CERTIFICATE", "C001", "sign_key", "127.0.0.1"})
            CHECK(text.find(word) == std::string_view::npos);
    }

    TEST_CASE_FIXTURE(LockedRun, "a clinic that is shut out is told so") {
        record();
        centre.store->revoke_clinic("C001", centre.clock.now());
        for (const auto* language : {"en", "zh"}) {
            const auto said = locked({"sync", "--lang", language});
            CHECK(said.status == ExitStatus::refused);
            CHECK(said.err.find("egret enrol") != std::string::npos);
        }
        CHECK(opened({"sync", "status"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(LockedRun, "without a line it waits") {
        record();
        server.stop();
        const auto counted = locked({"sync", "--json"});
        CHECK(counted.status == ExitStatus::partly);
        CHECK(number(counted, "left") == 1);
    }

    TEST_CASE_FIXTURE(LockedRun, "a disk that takes no sealed file takes nothing from the record") {
        record();
        const auto folder = home() + "/outbox";
        std::filesystem::remove_all(folder);
        tests::write_file(folder, "in the way");
        terminal.environment["EGRET_PIN_FILE"] = dir.file("pin");
        const auto ran = run(
            {"woman", "add", "name=李桂芳", "birth_date=1970-02-03", "sex=female", "area=350203"});
        CHECK(ran.status == ExitStatus::done);
        CHECK(ran.err.find("safe in the registry") != std::string::npos);
        std::filesystem::remove(folder);
        opened({"due"});
        CHECK(number(locked({"sync", "--json"}), "sent") == 2);
    }
}

}  // namespace
}  // namespace egret
