#include "registry/files/private_file.h"
#include "sync/central/enrolment_service.h"
#include "sync/daemon/egretd_commands.h"
#include "sync/daemon/egretd_handlers.h"
#include "sync/http/server.h"
#include "sync/server/centre_server.h"
#include "tests/cli/sync_run.h"
#include "tests/support/egret_run.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

namespace egret {
namespace {

using console::ExitStatus;

using tests::SyncRun;

TEST_SUITE("cli/sync_commands") {
    TEST_CASE_FIXTURE(SyncRun, "what was taken is said, and counted once") {
        add();
        const auto sent = done({"sync"});
        CHECK(number(sent, "sent") == 1);
        CHECK(number(sent, "acked") == 1);
        CHECK(number(sent, "left") == 0);
        CHECK(number(done({"sync"}), "sent") == 0);
    }

    TEST_CASE_FIXTURE(SyncRun, "a clinic and its centre give the same figures of stock") {
        done({"stock", "receive", "lot=A1", "product=egret:cecolin", "quantity=50",
              "date=2026-04-01"});
        done({"stock", "receive", "lot=G1", "product=egret:gardasil-9", "quantity=3",
              "date=2026-04-03"});
        done({"stock", "issue", "lot=A1", "quantity=20", "session=school", "date=2026-04-05"});
        const auto girl = add("陈雨", "2012-06-01");
        done({"record", "dose", "--woman", girl, "--date", "2026-04-05", "product=egret:cecolin",
              "lot=a1", "session=school"});
        done({"stock", "receive", "lot=A1", "quantity=18", "session=school", "date=2026-04-06"});
        done({"stock", "discard", "lot=A1", "quantity=4", "reason=broken", "date=2026-04-07"});
        done({"stock", "discard", "lot=G1", "quantity=1", "reason=opened_vial", "date=2026-04-08"});
        done({"stock", "count", "lot=A1", "quantity=40", "date=2026-04-09"});
        const auto held =
            done({"stock", "excursion", "lots=A1", "from=2026-04-11", "date=2026-04-12"});
        done({"stock", "decide", held.text("event"), "decision=released", "date=2026-04-15"});
        const auto away =
            done({"stock", "issue", "lot=G1", "quantity=2", "to_facility=C9", "date=2026-04-20"});
        done({"correct", away.text("event"), "date=2026-04-21"});
        done({"sync"});

        const StockPeriod period{tests::day("2026-04-01"), tests::day("2026-04-30")};
        const auto told =
            done({"stock", "wastage", "--from", "2026-04-01", "--to", "2026-04-30"}).json();
        const auto hold_to_clinic = [&] {
            const auto reply = centre.store->answer_stock({period});
            CHECK(reply.told == std::vector<std::string>{"C001"});
            const auto& products = told.find("products")->as_array();
            REQUIRE(reply.cells.size() == products.size());
            for (std::size_t i = 0; i < products.size(); ++i) {
                const auto& figures = reply.cells[i].figures;
                const auto shown = [&](std::string_view share, std::string_view member) {
                    return products[i].find(share)->find(member)->as_integer();
                };
                CHECK(reply.cells[i].product == products[i].find("product")->as_text());
                CHECK(figures.closed_vial.part == shown("closed_vial", "doses"));
                CHECK(figures.closed_vial.of == shown("closed_vial", "of"));
                CHECK(figures.open_vial.part == shown("open_vial", "doses"));
                CHECK(figures.open_vial.of == shown("open_vial", "of"));
                CHECK(figures.out_days.part == products[i].find("stock_out_days")->as_integer());
                CHECK(figures.out_days.of == products[i].find("days")->as_integer());
            }
            CHECK(reply.cells[0].figures == StockFigures{{4, 50}, {0, 1}, {3, 30}, {0, 1}});
            CHECK(reply.cells[1].figures == StockFigures{{0, 3}, {1, 1}, {10, 28}, {0, 1}});
        };
        hold_to_clinic();
        NoProgress nobody;
        REQUIRE(centre.store->rebuild(nobody));
        hold_to_clinic();
        done({"rebuild"});
        CHECK(done({"stock", "wastage", "--from", "2026-04-01", "--to", "2026-04-30"}).json() ==
              told);
    }

    TEST_CASE_FIXTURE(SyncRun, "sheet and PINs are lost: the programme gives a new code") {
        const auto woman = add();
        CHECK(keys::KeyFile::load(home())->programme());
        CHECK(run({"check"}).status == ExitStatus::done);
        std::filesystem::remove(sheet());
        // On a stick to the programme, and back.
        const auto stick = dir.file("stick");
        std::filesystem::create_directory(stick);
        std::filesystem::copy(home() + "/registry.keys", stick);
        const auto recover_at_centre = [&](const std::string& file, const std::string& keys) {
            tests::FakeTerminal fake;
            return console::run(egretd_commands(), daemon::egretd_handlers(),
                                {"clinic", "recover", file, "--root-dir", keys, "--recovery-sheet",
                                 stick + "/sheet"},
                                fake.terminal());
        };
        const auto safe = centre.folder.file("keys");
        const auto brought = tests::read_file(stick + "/registry.keys");
        {
            const tests::TempDir place;
            SeededRandom chance(11);
            const auto keys = place.file("keys");
            REQUIRE(central::CentreKeys::create({keys, keys, tests::test_data_key()}, "Other",
                                                clock.now(), chance));
            CHECK(recover_at_centre(stick + "/registry.keys", place.file("keys")) ==
                  ExitStatus::refused);
        }
        CHECK(recover_at_centre(stick + "/other", safe) == ExitStatus::refused);
        CHECK(recover_at_centre(stick + "/registry.keys", dir.path()) == ExitStatus::refused);
        CHECK(tests::read_file(stick + "/registry.keys") == brought);
        CHECK(recover_at_centre(stick + "/registry.keys", safe) == ExitStatus::done);
        const auto made = tests::read_file(stick + "/sheet");
        CHECK(recover_at_centre(stick + "/registry.keys", safe) == ExitStatus::refused);

        std::filesystem::copy(stick + "/registry.keys", home(),
                              std::filesystem::copy_options::overwrite_existing);
        const auto at = made.find("    ") + 4;
        tests::write_file(dir.file("code"), made.substr(at, made.find("\n\n", at) - at));
        tests::write_file(dir.file("pin"), "628413");
        terminal.environment["EGRET_RECOVERY_FILE"] = dir.file("code");
        terminal.environment["EGRET_NEW_PIN_FILE"] = dir.file("pin");
        const auto recovered = run({"recover", "--recovery-sheet", sheet()});
        REQUIRE_MESSAGE(recovered.status == ExitStatus::done, recovered.err);
        done({"woman", "show", woman});
        CHECK(number(done({"sync"}), "sent") == 1);
        CHECK(run({"check"}).status == ExitStatus::done);
        CHECK(run({"recover"}).status == ExitStatus::refused);  // The programme's sheet is spent.
    }

    TEST_CASE_FIXTURE(SyncRun, "the audit tells who joined the centre, and survives it") {
        done({"sync"});
        const auto shown = done({"audit", "show"}).json();
        const auto& entries = shown.as_array();
        REQUIRE(entries.size() == 2);
        CHECK(entries[0].find("action")->as_text() == "created");
        CHECK(entries[1].find("action")->as_text() == "enrolled");
        CHECK(done({"audit", "verify"}).json().find("ok")->as_bool());
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
            CHECK(said.out.find('1') != std::string::npos);
            CHECK(said.err.find("egret enrol") != std::string::npos);
            CHECK(run({"sync", "status", "--lang", language}).out.find("egret enrol") !=
                  std::string::npos);
        }
        CHECK(run({"sync", "status", "--json"}).out.find("\"shut_out\":true") != std::string::npos);
    }

    TEST_CASE_FIXTURE(SyncRun, "a damaged memory of uploads is named, and put right by a sync") {
        add();
        done({"sync"});
        opened().db.execute("UPDATE upload SET outbox_first = -1, outbox_hash = NULL");
        for (const auto* language : {"en", "zh"}) {
            const auto checked = run({"check", "--lang", language});
            CHECK(checked.status == ExitStatus::refused);
            CHECK(checked.out.find("upload_state") == std::string::npos);
            CHECK(checked.err.find("`egret sync`") != std::string::npos);
        }
        CHECK(number(done({"sync"}), "left") == 0);
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(SyncRun, "a clinic that has joined needs what joining gave it") {
        add();
        done({"sync"});
        const auto file = home() + "/registry.db";
        for (const auto* name : {"scope", "centre.url"}) {
            CAPTURE(name);
            const auto sound = tests::read_file(file);
            {
                const auto sql = "DELETE FROM setting WHERE name = '" + std::string(name) + "'";
                opened().db.execute(sql.c_str());
            }
            auto kind = "setting_" + std::string(name);
            std::replace(kind.begin(), kind.end(), '.', '_');
            CHECK(run({"check", "--json"}).out.find('"' + kind + '"') != std::string::npos);
            CHECK(run({"sync"}).status == ExitStatus::refused);
            CHECK(run({"woman", "add", "name=李桂芳", "sex=female", "birth_date=1970-02-03",
                       "area=350203"})
                      .status == ExitStatus::refused);
            tests::write_file(file, sound);
        }
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(SyncRun, "a damaged day of the centre is named, and put right by a sync") {
        add();
        done({"sync"});
        std::string also;
        SUBCASE("alone") {}
        SUBCASE("and of the upload, too") { also = "; UPDATE upload SET acked_seq = -1"; }
        SUBCASE("or gone") { also = "; DELETE FROM setting WHERE name = 'server_day'"; }
        {
            const auto sql = "UPDATE setting SET value = '2036-11-27' WHERE name = 'server_day'";
            opened().db.execute((sql + also).c_str());
        }
        for (const auto* language : {"en", "zh"}) {
            const auto checked = run({"check", "--lang", language});
            CHECK(checked.status == ExitStatus::refused);
            CHECK(checked.out.find("server_day") != std::string::npos);
            CHECK(checked.err.find("`egret sync`") != std::string::npos);
            const auto way_out = checked.err.substr(0, checked.err.find('\n'));
            CHECK(way_out.find("copy") == std::string::npos);
            CHECK(way_out.find("副本") == std::string::npos);
        }
        done({"sync"});
        CHECK(run({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(SyncRun, "keys that are damaged or gone are named by the check") {
        const auto path = home() + "/link.keys";
        auto content = *read_small_file(path, 100'000);
        SUBCASE("gone") { std::filesystem::remove(path); }
        SUBCASE("damaged") {
            content[content.size() / 2] ^= 1;
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
