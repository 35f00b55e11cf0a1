#include "registry/files/private_file.h"
#include "sync/central/enrolment_service.h"
#include "sync/http/server.h"
#include "sync/server/centre_server.h"
#include "tests/support/egret_run.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret {
namespace {

using console::ExitStatus;

/// `egret` at a clinic, and a centre on this machine that it reaches over HTTPS.
struct SyncRun : tests::EgretRun {
    SyncRun() {
        http::ignore_sigpipe();
        centre.clock.set(clock.now());
        const auto port = server.start({}, {"localhost", "127.0.0.1"});
        REQUIRE(port);
        url = "https://127.0.0.1:" + std::to_string(*port);
        init();
        done({"enrol", url, service.add_clinic({"A clinic", "350203"})->code});
    }

    std::int64_t number(const tests::Ran& ran, std::string_view member) {
        return ran.json().find(member)->as_integer();
    }

    tests::TestCentre centre;
    central::EnrolmentService service{*centre.store, *centre.keys, centre.clock, centre.random};
    http::Translate translate = [](const Message& message, std::string_view) { return message.id; };
    http::Log log = [](std::string_view) {};
    server::CentreServer server{
        {*centre.store, *centre.keys, centre.zone, centre.clock, centre.random, translate, log}};
    std::string url;
};

TEST_SUITE("cli/sync_commands") {
    TEST_CASE_FIXTURE(SyncRun, "what was taken is said, and counted once") {
        add();
        const auto sent = done({"sync"});
        CHECK(number(sent, "sent") == 1);
        CHECK(number(sent, "acked") == 1);
        CHECK(number(sent, "left") == 0);
        CHECK(number(done({"sync"}), "sent") == 0);
    }

    TEST_CASE_FIXTURE(SyncRun, "nothing that waits is no number of records that wait") {
        CHECK(run({"sync", "status"}).out.find("Nothing was recorded here yet") == 0);
        add();
        CHECK(run({"sync", "status", "--lang", "zh"}).out.find("1 条记录等待上传") !=
              std::string::npos);
        done({"sync"});
        CHECK(run({"sync", "status"}).out.find("Nothing is waiting; the centre") == 0);
    }

    TEST_CASE_FIXTURE(SyncRun, "after joining there is a sheet with what the centre made of it") {
        const auto path = dir.file("sheet");
        const auto made = done({"recovery-sheet", path});
        CHECK(made.text("file") == path);
        const auto sheet = std::string(text_of(*read_small_file(path, 10'000)));
        CHECK(sheet.find("C001") != std::string::npos);
        CHECK(sheet.find("LOCAL-") == std::string::npos);
        CHECK(sheet.find(url) != std::string::npos);
        const auto device = centre.store->statuses().front().device.id.to_string();
        CHECK(sheet.find(device) != std::string::npos);
        CHECK(run({"recovery-sheet", path}).status == ExitStatus::refused);

        centre.store->revoke_clinic("C001", centre.clock.now());
        for (const auto* language : {"en", "zh"}) {
            const auto again =
                run({"enrol", url, service.invite("C001")->code, "--lang", language});
            CHECK(again.status == ExitStatus::done);
            CHECK(again.out.find("egret recovery-sheet") != std::string::npos);
            // The code is the same; the machine's number isn't.
            CHECK(again.out.find("code") == std::string::npos);
            CHECK(again.out.find("旧的代码") == std::string::npos);
            centre.store->revoke_clinic("C001", centre.clock.now());
        }
    }

    TEST_CASE_FIXTURE(SyncRun, "a machine that was shut out is not told to run sync again") {
        add();
        centre.store->revoke_clinic("C001", centre.clock.now());
        const auto counted = run({"sync", "--json"});
        CHECK(counted.status == ExitStatus::refused);
        CHECK(number(counted, "sent") == 0);
        CHECK(number(counted, "acked") == 0);
        CHECK(number(counted, "left") == 1);
        for (const auto* language : {"en", "zh"}) {
            const auto said = run({"sync", "--lang", language});
            CHECK(said.status == ExitStatus::refused);
            CHECK(said.out.find("egret sync") == std::string::npos);
            CHECK(said.out.find("1") != std::string::npos);
            CHECK(said.err.find("egret enrol") != std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(SyncRun, "a restored copy is not told that the centre was not reached") {
        add();
        std::filesystem::copy(home() + "/registry.db", dir.file("copy.db"));
        add("李桂芳", "1970-02-03");
        done({"sync"});
        std::filesystem::copy(dir.file("copy.db"), home() + "/registry.db",
                              std::filesystem::copy_options::overwrite_existing);
        std::filesystem::remove(home() + "/registry.db-wal");
        for (const auto* language : {"en", "zh"}) {
            const auto said = run({"sync", "--lang", language});
            CHECK(said.status == ExitStatus::refused);
            CHECK(said.out.find("egret sync") == std::string::npos);
            CHECK(said.err.find("egret enrol") != std::string::npos);
        }
        add("王丽华", "1975-02-03");
        const auto counted = run({"sync", "--json"});
        CHECK(counted.status == ExitStatus::refused);
        CHECK(number(counted, "sent") == 0);
        CHECK(centre.store->statuses().front().forked);
    }

    TEST_CASE_FIXTURE(SyncRun, "a damaged memory of uploads is named, and put right by a sync") {
        add();
        done({"sync"});
        {
            sqlite::OpenOptions options;
            options.path = home() + "/registry.db";
            sqlite::Database(options).execute(
                "UPDATE upload SET outbox_first = -1, outbox_hash = NULL");
        }
        for (const auto* language : {"en", "zh"}) {
            const auto checked = run({"check", "--lang", language});
            CHECK(checked.status == ExitStatus::refused);
            CHECK(checked.out.find("upload_state") == std::string::npos);
            CHECK(checked.err.find("`egret sync`") != std::string::npos);
        }
        CHECK(number(done({"sync"}), "left") == 0);
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(SyncRun, "a damaged day of the centre is named, and put right by a sync") {
        add();
        done({"sync"});
        std::string also;
        SUBCASE("alone") {}
        SUBCASE("and of the upload, too") { also = "; UPDATE upload SET acked_seq = -1"; }
        {
            sqlite::OpenOptions options;
            options.path = home() + "/registry.db";
            const auto sql = "UPDATE setting SET value = '2036-11-27' WHERE name = 'server_day'";
            sqlite::Database(options).execute((sql + also).c_str());
        }
        for (const auto* language : {"en", "zh"}) {
            const auto checked = run({"check", "--lang", language});
            CHECK(checked.status == ExitStatus::refused);
            CHECK(checked.out.find("server_day") != std::string::npos);
            CHECK(checked.err.find("`egret sync`") != std::string::npos);
            CHECK(checked.err.find("copy") == std::string::npos);
            CHECK(checked.err.find("副本") == std::string::npos);
        }
        done({"sync"});
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(SyncRun, "keys that are damaged or gone are named by the check") {
        const auto path = home() + "/link.keys";
        auto content = *read_small_file(path, 100'000);
        SUBCASE("gone") { std::filesystem::remove(path); }
        SUBCASE("damaged") {
            const auto at = text_of(content).find("\"tls_key\"") + 60;
            content[at] ^= 1;
            replace_private_file(path, content);
        }
        const auto checked = run({"check", "--json"});
        CHECK(checked.status == ExitStatus::refused);
        const auto answer = checked.json();
        CHECK(answer.find("faults")->as_array().at(0).find("kind")->as_text() == "link_keys");
        for (const auto* language : {"en", "zh"}) {
            const auto said = run({"check", "--lang", language});
            CHECK(said.out.find("link.keys") != std::string::npos);
            CHECK(said.err.find("egret enrol") != std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(SyncRun, "without a line nothing was sent, and what is here is safe") {
        add();
        server.stop();
        const auto counted = run({"sync", "--json"});
        CHECK(counted.status == ExitStatus::partly);
        CHECK(number(counted, "sent") == 0);
        CHECK(number(counted, "left") == 1);
        const auto said = run({"sync"});
        CHECK(said.out.find("`egret sync` again later") != std::string::npos);
    }
}

}  // namespace
}  // namespace egret
