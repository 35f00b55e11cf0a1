#include "sync/client/clinic_link.h"

#include "cli/simulation/direct_line.h"
#include "registry/files/private_file.h"
#include "registry/sqlite/backup.h"
#include "sync/central/enrolment_service.h"
#include "sync/client/link_check.h"
#include "sync/client/link_keys.h"
#include "sync/core/enrolment_code.h"
#include "sync/server/centre_server.h"
#include "tests/support/sqlite_file.h"
#include "tests/sync/client/link_fixture.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret {
namespace {

using tests::LinkFixture;

TEST_SUITE("sync/client/clinic_link") {
    TEST_CASE_FIXTURE(LinkFixture, "a machine's key for cards is published until it is shut out") {
        CHECK(centre.store->card_keys().empty());
        REQUIRE(enrol(first_code()));
        const auto first = (*client::LinkKeys::load(home()))->card_key().public_key();
        CHECK(centre.store->card_keys() == std::vector{first});

        centre.store->revoke_clinic("C001", centre.clock.now());
        CHECK(centre.store->card_keys().empty());
        REQUIRE(enrol(next_code()));
        const auto second = (*client::LinkKeys::load(home()))->card_key().public_key();
        CHECK_FALSE(first == second);
        CHECK(centre.store->card_keys() == std::vector{second});
    }

    TEST_CASE_FIXTURE(LinkFixture, "cards hold on when keys are replaced that nobody stole") {
        REQUIRE(enrol(first_code()));
        const auto first = (*client::LinkKeys::load(home()))->card_key().public_key();
        replace_private_file(home() + "/link.keys", bytes_of("damaged"));
        centre.clock.advance(std::chrono::minutes{1});
        REQUIRE(enrol(next_code()));
        const auto second = (*client::LinkKeys::load(home()))->card_key().public_key();
        CHECK(centre.store->card_keys() == std::vector{first, second});
    }

    TEST_CASE_FIXTURE(LinkFixture, "a clinic that was shut out joins again and loses nothing") {
        REQUIRE(enrol(first_code()));
        record(5);
        CHECK(sync().left == 0);
        const auto shut_out = clinic->device();
        centre.store->revoke_clinic("C001", centre.clock.now());
        record(3);
        const auto refused = sync();
        REQUIRE(refused.error);
        CHECK(refused.error->message.id == "sync.re_enrol");

        REQUIRE(enrol(next_code()));
        CHECK(clinic->device() != shut_out);
        reopen();
        record(1);
        const auto report = sync();
        CHECK_FALSE(report.error);
        CHECK(report.left == 0);
        CHECK(report.acked == 18);
        check_centre_has_all();
        CHECK(sync().left == 0);
    }

    TEST_CASE_FIXTURE(LinkFixture, "a batch that was under way as the old machine does no harm") {
        REQUIRE(enrol(first_code()));
        record(5);
        centre.store->revoke_clinic("C001", centre.clock.now());
        CHECK(sync().error);  // It is sealed now, by keys that count no more.
        REQUIRE(enrol(next_code()));
        CHECK(sync().left == 0);
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(LinkFixture, "damaged keys are replaced by joining again") {
        REQUIRE(enrol(first_code()));
        record(5);
        CHECK(sync().left == 0);
        const auto path = home() + "/link.keys";
        auto content = *read_small_file(path, 100'000);
        SUBCASE("unreadable") { content.resize(content.size() / 2); }
        SUBCASE("of another key") {
            const auto at = text_of(content).find("\"sign_key\"") + 14;
            content[at] = content[at] == '0' ? '1' : '0';
        }
        SUBCASE("of a bundle that nobody signed") {
            const auto at = text_of(content).find("\"bundle\"") + 12;
            content[at] = content[at] == '0' ? '1' : '0';
        }
        replace_private_file(path, content);
        record(2);
        REQUIRE(enrol(next_code()));
        CHECK(sync().left == 0);
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(LinkFixture, "a folder in the place of the keys is moved away first") {
        REQUIRE(enrol(first_code()));
        record(2);
        const auto path = home() + "/link.keys";
        std::filesystem::remove(path);
        std::filesystem::create_directory(path);
        const std::vector<store::StoreFault> named{
            {{}, 0, std::string(client::keys_blocked_fault)}};
        CHECK(client::check_link(*clinic, home()) == named);
        const auto synced = link().sync("", quiet);
        REQUIRE_FALSE(synced);
        CHECK(synced.error().message.id == "link.keys_blocked");
        const auto refused = enrol(next_code());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.id == "link.keys_blocked");

        std::filesystem::rename(path, dir.file("away"));
        REQUIRE(enrol(next_code()));
        CHECK(client::check_link(*clinic, home()).empty());
        CHECK(sync().left == 0);
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(LinkFixture,
                      "a log whose numbers were used twice goes on from the centre's") {
        REQUIRE(enrol(first_code()));
        record(2);
        CHECK(sync().left == 0);
        clinic.reset();
        std::filesystem::copy(home() + "/registry.db", dir.file("backup.db"));
        reopen();
        record(2);
        CHECK(sync().left == 0);
        clinic.reset();
        std::filesystem::remove(home() + "/registry.db-wal");  // If any.
        std::filesystem::copy(dir.file("backup.db"), home() + "/registry.db",
                              std::filesystem::copy_options::overwrite_existing);
        reopen();
        record(1);
        const auto device = clinic->device();
        const auto repaired = sync();
        CHECK_FALSE(repaired.error);
        CHECK(repaired.left == 0);
        CHECK(clinic->device() == device);
        CHECK(centre.store->head(device).seq == head());
        // What only the lost copy had, and what only this one has.
        CHECK(centre.count("SELECT count(DISTINCT uid) FROM event") == 10);
        CHECK(centre.count("SELECT sum(fact_count) FROM profile") == 10);
        CHECK(centre.store->verify(centre.folder.file("copy"), clinic->today(), quiet).empty());
    }

    TEST_CASE_FIXTURE(LinkFixture, "a memory of uploads that can't be right is asked for anew") {
        REQUIRE(enrol(first_code()));
        record(3);
        CHECK(sync().left == 0);
        is_line_down = true;
        record(2);
        CHECK(sync().left == 4);  // Four are sealed, and wait.
        CHECK(client::check_link(*clinic, home()).empty());
        const char* const changes[] = {
            "outbox_first = -1",
            "outbox_first = NULL",
            "outbox_first = outbox_last + 1",
            "outbox_last = 900719925474099",
            "outbox_hash = NULL",
            "outbox_hash = x'00'",
            "outbox_tries = -5",
            "outbox_tries = NULL",
            "outbox_envelope = NULL",
            "outbox_envelope = x''",
            "acked_seq = -1",
            "acked_seq = 11",
            "safe_seq = acked_seq + 1",
            "server_time_ms = -1",
            "server_time_ms = 9223372036854775807",
            "batch_facts = -1",
            "batch_facts = 9223372036854775807",
            // What could be right, and isn't.
            "acked_seq = 7",
            "outbox_tries = outbox_tries + 1",
            "hash = zeroblob(32)",
            ("outbox_envelope = CAST(substr(outbox_envelope, 1, 150) || x'00' || "
             "substr(outbox_envelope, 152) AS BLOB)"),
            "DELETE FROM upload",
        };
        REQUIRE(sqlite::backup_to(clinic->database(), dir.file("whole.db")));
        for (const auto* change : changes) {
            CAPTURE(change);
            clinic.reset();
            std::filesystem::remove(home() + "/registry.db-wal");
            std::filesystem::copy(dir.file("whole.db"), home() + "/registry.db",
                                  std::filesystem::copy_options::overwrite_existing);
            reopen();
            const std::string_view what = change;
            const std::string before = what.starts_with("DELETE") ? "" : "UPDATE upload SET ";
            clinic->database().execute((before + change).c_str());
            CHECK(client::check_link(*clinic, home()) ==
                  std::vector<store::StoreFault>{{{}, 0, "upload_state"}});

            // Without a line nothing is known, and nothing is said to be there.
            is_line_down = true;
            CHECK(sync().left == 10);
            CHECK(link().status()->acked_seq == 0);
            CHECK_FALSE(client::check_link(*clinic, home()).empty());

            is_line_down = false;
            const auto day = clinic->today();
            const auto report = sync();
            CHECK_FALSE(report.error);
            CHECK(report.left == 0);
            CHECK(client::check_link(*clinic, home()).empty());
            CHECK(clinic->today() == day);
            check_centre_has_all();
        }
    }

    TEST_CASE_FIXTURE(LinkFixture, "what the centre had already is not counted as sent now") {
        REQUIRE(enrol(first_code()));
        record(3);
        CHECK(sync().acked == 6);
        record(1);
        clinic->database().execute("UPDATE upload SET acked_seq = -1");
        const auto report = sync();
        CHECK(report.acked == 2);
        CHECK(report.sent == 2);
        CHECK(report.left == 0);
    }

    TEST_CASE_FIXTURE(LinkFixture, "a batch that waited for a line makes no clock look slow") {
        REQUIRE(enrol(first_code()));
        record(1);
        const auto recorded = clinic->now();
        is_line_down = true;
        CHECK(sync().left == 2);
        clock.advance(std::chrono::hours{72});
        centre.clock.set(clock.now());
        is_line_down = false;
        CHECK(sync().left == 0);
        CHECK(centre.store->statuses().front().clock_offset_ms == 0);
        CHECK_FALSE(centre.store->statuses().front().clock_suspect);
        CHECK(centre.last_effective_ms() == unix_ms(recorded));

        record(1);
        centre.clock.advance(std::chrono::hours{1});  // The clinic's clock is slow indeed.
        CHECK(sync().left == 0);
        CHECK(centre.store->statuses().front().clock_suspect);
    }

    TEST_CASE_FIXTURE(LinkFixture, "a clinic that is in good standing does not join again") {
        REQUIRE(enrol(first_code()));
        record(1);
        const auto device = clinic->device();
        const auto refused = enrol(next_code());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.id == "link.enrolled_already");
        is_line_down = true;
        const auto unasked = enrol(next_code());
        REQUIRE_FALSE(unasked);
        CHECK(unasked.error().message.id == "net.unreachable");
        is_line_down = false;
        CHECK(clinic->device() == device);
        CHECK(sync().left == 0);
    }

    TEST_CASE_FIXTURE(LinkFixture,
                      "a machine whose key the centre lost joins again, and no other") {
        REQUIRE(enrol(first_code()));
        record(3);
        CHECK(sync().left == 0);
        const auto lost = clinic->device();
        const auto kept = centre.enrol("C001").id;
        record(2);
        {
            sqlite::OpenOptions options;
            options.path = centre.db_path();
            options.busy_timeout_ms = 5000;
            sqlite::Database db(options);
            sqlite::Statement damage(
                db, "UPDATE enrolled_device SET tls_key_hash = zeroblob(32) WHERE id = ?1");
            damage.start().bind_all(lost).finish();
        }
        const auto refused = sync();
        REQUIRE(refused.error);
        CHECK(refused.error->message.id == "sync.re_enrol");
        CHECK_FALSE(enrol("wrong"));

        REQUIRE(enrol(next_code()));
        CHECK(clinic->device() != lost);
        // Nobody was shut out; the machine of which something else is noted is known no more.
        CHECK_FALSE(centre.store->find_device(lost));
        for (const auto& status : centre.store->statuses()) CHECK_FALSE(status.device.revoked);
        CHECK_FALSE(centre.store->find_device(kept)->revoked);
        reopen();
        CHECK(sync().left == 0);
        check_centre_has_all();

        // What the centre's check says to do then is all that is left to do.
        REQUIRE(centre.store->revoke_device(lost, centre.clock.now()));
        CHECK(centre.store->check(centre.folder.file("copy"), clinic->today(), quiet).empty());
        CHECK(sync().left == 0);
    }

    TEST_CASE_FIXTURE(LinkFixture,
                      "a clinic whose log is damaged does not join, and keeps its code") {
        record(1);
        auto& db = clinic->database();
        db.execute("CREATE TABLE kept AS SELECT * FROM payload");
        const auto code = first_code();
        const auto before = clinic->identity();
        tests::change_unguarded(db, "UPDATE payload SET payload = x'a0' WHERE position = 1");
        const auto refused = enrol(code);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::conflict);
        CHECK(refused.error().message == msg("store.log_damaged", {{"count", "1"}}));
        CHECK(clinic->identity() == before);
        CHECK(centre.store->statuses().empty());
        CHECK_FALSE(std::filesystem::exists(home() + "/link.keys"));
        tests::change_unguarded(
            db, "DELETE FROM payload; INSERT INTO payload SELECT * FROM kept; DROP TABLE kept");
        REQUIRE(enrol(code));
        sync();
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(LinkFixture, "content that was lost here is not lost at the centre, too") {
        REQUIRE(enrol(first_code()));
        record(2);
        CHECK(sync().left == 0);
        const auto whole = static_cast<std::int64_t>(head());
        record(1);
        tests::change_unguarded(
            clinic->database(),
            "DELETE FROM payload WHERE position = (SELECT max(position) FROM event)");
        const auto stopped = sync();
        REQUIRE(stopped.error);
        CHECK(stopped.error->message == msg("sync.log_damaged", {{"seq", std::to_string(head())}}));
        // Of a woman and her visit the first went, and the second didn't.
        CHECK(centre.count("SELECT count(*) FROM event") == whole + 1);
        CHECK(centre.count("SELECT count(*) FROM quarantine") == 0);
        CHECK(centre.store->check(centre.folder.file("copy"), clinic->today(), quiet).empty());
    }

    TEST_CASE_FIXTURE(LinkFixture,
                      "a clock that was wrong for a while is right by the centre's word") {
        REQUIRE(enrol(first_code()));
        record(1);
        const auto right = clock.now();
        const auto today = clinic->today();
        clock.set(right + std::chrono::days{20});
        record(1);
        clock.set(right);
        CHECK(clinic->day().clock == service::ClockState::behind);
        is_line_down = true;
        sync();
        CHECK(clinic->day().clock == service::ClockState::behind);
        is_line_down = false;
        CHECK(sync().left == 0);
        CHECK(clinic->day().clock == service::ClockState::agrees);
        CHECK(clinic->today() == today);
        clock.set(right - std::chrono::days{3});  // What the centre doesn't say is not believed.
        sync();
        CHECK(clinic->today() == today);
        CHECK(clinic->day().clock == service::ClockState::behind);
    }

    TEST_CASE_FIXTURE(LinkFixture, "keys of another registry neither rename this one nor send it") {
        REQUIRE(enrol(first_code()));
        record(1);
        const auto device = clinic->device();
        auto strange = client::LinkKeys::make({random.bytes<16>()}, random);
        strange.join(*(*client::LinkKeys::load(home()))->membership());
        auto membership = *strange.membership();
        membership.device = {random.bytes<16>()};
        strange.join(membership);
        strange.save(home());
        const auto sent = link().sync("", quiet);
        REQUIRE_FALSE(sent);
        CHECK(sent.error().message.id == "link.other_registry");
        CHECK(enrol(next_code()).error().message.id == "link.other_registry");
        CHECK(clinic->device() == device);
        CHECK(client::check_link(*clinic, home()) ==
              std::vector<store::StoreFault>{{{}, 0, "link_keys_other"}});
    }

    TEST_CASE_FIXTURE(LinkFixture, "a code of another programme moves no clinic") {
        REQUIRE(enrol(first_code()));
        centre.store->revoke_clinic("C001", centre.clock.now());
        SeededRandom other(99);
        const auto elsewhere = crypto::SigningKey::generate(other).public_key();
        const auto code = sync::format_enrolment_code(sync::make_enrolment_code(elsewhere, other));
        const auto refused = enrol(code);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.id == "link.other_programme");
    }
}

}  // namespace
}  // namespace egret
