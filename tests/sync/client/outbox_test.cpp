#include "sync/client/outbox_keeper.h"
#include "tests/sync/client/outbox_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace egret {
namespace {

using client::OutboxFlaw;
using client::OutboxItem;
using tests::OutboxFixture;

TEST_SUITE("sync/client/outbox") {
    TEST_CASE_FIXTURE(OutboxFixture, "what was recorded goes to the centre while nobody is there") {
        record(5);
        settled();
        check_outbox_has_rest();
        const auto recorded = head();
        const auto outcome = locked_sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.sent == recorded);
        CHECK(outcome.report.acked == recorded);
        CHECK(outcome.report.left == 0);
        CHECK_FALSE(folder().items().empty());

        reopen();
        CHECK(acked() == 0);
        settled();
        CHECK(acked() == recorded);
        CHECK(clinic->server_day());
        CHECK(folder().items().empty());
        CHECK_FALSE(folder().find_receipt());
        check_centre_has_all();
        CHECK(sync().acked == 0);
    }

    TEST_CASE_FIXTURE(OutboxFixture, "many commands leave few files, and each fact is in one") {
        auto keeper = settled();
        for (int command = 0; command < 70; ++command) {
            record(1);
            keeper->seal_new();
            CHECK(folder().items().size() <= 9);
        }
        check_outbox_has_rest();
        CHECK(locked_sync().report.left == 0);
        reopen();
        settled();
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(OutboxFixture, "what was not sealed when it was recorded is sealed later") {
        settled();
        record(3);
        reopen();
        settled();
        check_outbox_has_rest();
    }

    TEST_CASE_FIXTURE(OutboxFixture,
                      "a sync with the registry open needs no outbox, and clears it") {
        record(3);
        settled();
        CHECK(sync().left == 0);
        settled();
        CHECK(folder().items().empty());
        record(1);
        settled();
        CHECK(locked_sync().report.acked == 2);
        reopen();
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(OutboxFixture, "a damaged file is neither sent nor lost") {
        record(4);
        settled();
        const auto items = folder().items();
        REQUIRE(items.size() == 1);
        auto content = *read_small_file(path_of(items[0]), 1'000'000);
        const auto size = content.size();
        SUBCASE("a bit") { content[size / 2] ^= 1; }
        SUBCASE("its head") { content[37] ^= 1; }
        SUBCASE("its end") { content.resize(size - 1); }
        SUBCASE("all of it") { content.clear(); }
        replace_private_file(path_of(items[0]), content);

        const auto stopped = locked_sync();
        REQUIRE(stopped.report.error);
        CHECK(stopped.report.error->message.id == "outbox.damaged");
        CHECK(stopped.report.left == items[0].last_seq);
        CHECK(centre.count("SELECT count(*) FROM event") == 0);

        reopen();
        settled();
        check_outbox_has_rest();
        CHECK(locked_sync().report.left == 0);
        reopen();
        settled();
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(OutboxFixture, "a file under another's name is damaged, too") {
        record(2);
        auto keeper = settled();
        const auto item = folder().items().at(0);
        auto other = item;
        other.last_seq += 1;
        std::filesystem::rename(path_of(item), path_of(other));
        CHECK(folder().inspect(other, owner(), nullptr) == OutboxFlaw::damaged);
        settled();
        check_outbox_has_rest();
    }

    TEST_CASE_FIXTURE(OutboxFixture, "files that are gone are sealed anew, wherever they were") {
        auto keeper = settled();
        for (const int count : {40, 9, 2}) {
            record(count);
            keeper->seal_new();
        }
        const auto items = folder().items();
        REQUIRE(items.size() == 3);
        for (std::size_t i = 0; i < items.size(); ++i) {
            std::filesystem::remove(path_of(items[i]));
            settled();
            check_outbox_has_rest();
        }
    }

    TEST_CASE_FIXTURE(OutboxFixture, "the centre is believed when it has less than it had") {
        record(4);
        settled();
        // The registry holds for acknowledged what a restored centre lost.
        {
            client::UploadStore uploads(clinic->database());
            auto state = uploads.load(client::upload_bounds(*clinic));
            state.acked_seq = 5;
            sqlite::WriteTransaction tx(clinic->database());
            uploads.save(state, tx);
            tx.commit();
        }
        settled();
        CHECK(folder().items().at(0).first_seq == 1);
        std::filesystem::remove_all(home() + "/outbox");
        settled();
        CHECK(folder().items().at(0).first_seq == 6);
        const auto recorded = head();

        const auto lacking = locked_sync();
        REQUIRE(lacking.report.error);
        CHECK(lacking.report.error->message.id == "outbox.needs_registry");
        CHECK(lacking.report.left == recorded - 5);
        CHECK(lacking.must_stop);

        reopen();
        settled();
        CHECK(acked() == 0);
        check_outbox_has_rest();
        CHECK(locked_sync().report.left == 0);
        reopen();
        settled();
        CHECK(acked() == recorded);
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(OutboxFixture,
                      "facts that an older copy doesn't know still reach the centre") {
        record(1);
        settled();
        clinic.reset();
        std::filesystem::copy(home() + "/registry.db", dir.file("older.db"));
        reopen();
        settled();
        record(2);
        settled();
        const auto known = head();
        clinic.reset();
        std::filesystem::copy(dir.file("older.db"), home() + "/registry.db",
                              std::filesystem::copy_options::overwrite_existing);
        reopen();
        CHECK(head() < known);
        settled();
        CHECK(locked_sync().report.acked == known);

        reopen();
        settled();
        const auto repaired = link().sync("", quiet);
        REQUIRE(repaired);
        CHECK_FALSE(repaired->report.error);
        CHECK(head() == known);
        // Of each woman and each visit that was ever recorded.
        CHECK(centre.count("SELECT count(*) FROM event") == static_cast<std::int64_t>(known));
    }

    TEST_CASE_FIXTURE(OutboxFixture, "a receipt that the centre didn't sign changes nothing") {
        record(2);
        settled();
        locked_sync();
        auto receipt = *folder().find_receipt();
        auto forged = receipt;
        const auto at = forged.body.find("\"head_seq\":") + 11;
        forged.body[at] = forged.body[at] == '9' ? '8' : '9';
        folder().keep_receipt(forged);
        reopen();
        settled();
        CHECK(acked() == 0);
        CHECK_FALSE(folder().find_receipt());
        check_outbox_has_rest();

        folder().keep_receipt(receipt);
        settled();
        CHECK(acked() == head());
    }

    TEST_CASE_FIXTURE(OutboxFixture, "an old receipt doesn't undo what the registry heard since") {
        record(2);
        settled();
        centre.clock.set(clock.now());
        locked_sync();
        const auto old = *folder().find_receipt();
        reopen();
        settled();
        record(2);
        centre.clock.advance(std::chrono::minutes{5});
        CHECK(sync().left == 0);
        folder().keep_receipt(old);
        settled();
        CHECK(acked() == head());
    }

    TEST_CASE_FIXTURE(OutboxFixture, "a clinic that joins anew seals all under its new name") {
        record(3);
        settled();
        centre.store->revoke_clinic("C001", centre.clock.now());
        const auto refused = locked_sync();
        CHECK(refused.must_stop);
        CHECK(refused.report.error->message.id == "sync.re_enrol");
        reopen();
        auto keeper = settled();
        REQUIRE(enrol(next_code()));
        record(1);
        keeper->seal_new();
        for (const auto& item : folder().items())
            CHECK(folder().inspect(item, owner(), nullptr) == OutboxFlaw::other_device);
        settled();
        check_outbox_has_rest();
        CHECK(locked_sync().report.left == 0);
        reopen();
        settled();
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(OutboxFixture, "nothing of a person can be read in the folder") {
        add(somebody("钱多多"));
        record(2);
        settled();
        locked_sync();
        int files = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(home() + "/outbox")) {
            if (!entry.is_regular_file()) continue;
            ++files;
            const auto content = tests::read_file(entry.path().string());
            for (const auto* canary : {"钱多多", "王小丽", "1985", "350203", "林护士", "qian"})
                CHECK(content.find(canary) == std::string::npos);
            CHECK((entry.status().permissions() & std::filesystem::perms::others_all) ==
                  std::filesystem::perms::none);
        }
        CHECK(files == 2);
    }

    TEST_CASE_FIXTURE(OutboxFixture, "while locked it is known what waits, and when it last went") {
        record(2);
        settled();
        const auto recorded = head();
        clinic.reset();
        CHECK(locked_status().left == recorded);
        CHECK_FALSE(locked_status().server_time);
        locked_sync();
        CHECK(locked_status().left == 0);
        CHECK(locked_status().acked_seq == recorded);
        CHECK(locked_status().server_time == centre.clock.now());
    }

    TEST_CASE_FIXTURE(OutboxFixture, "one hands over at a time") {
        record(1);
        settled();
        bool was_refused = false;
        trick = [&](const http::Request& request, const tests::TrickyLine::Send& send) {
            const auto keys = client::LinkKeys::load(home());
            client::OutboxSync other({**keys, clock, random, instant_from_unix_ms(0)}, home(),
                                     way());
            const auto refused = other.sync("", quiet);
            was_refused = !refused && refused.error().message.id == "outbox.busy";
            return send(request);
        };
        CHECK(locked_sync().report.left == 0);
        CHECK(was_refused);
    }

    TEST_CASE_FIXTURE(OutboxFixture, "strange files in the folder are left alone") {
        record(1);
        settled();
        for (const auto* name :
             {"note.txt", "1-2-0123456789abcdef", "000000000002-000000000001-0123456789abcdef",
              "000000000001-000000000002-0123456789ABCDEF", "000000000001-000000000002"})
            tests::write_file(home() + "/outbox/" + name, "x");
        const auto draft = path_of(folder().items().at(0)) + ".new";
        tests::write_file(draft, "x");
        settled();
        check_outbox_has_rest();
        CHECK(std::filesystem::exists(home() + "/outbox/note.txt"));
        CHECK_FALSE(std::filesystem::exists(draft));
    }
}

}  // namespace
}  // namespace egret
