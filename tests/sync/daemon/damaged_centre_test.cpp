#include "tests/sync/daemon/daemon_fixture.h"

namespace egret::daemon {
namespace {

using console::ExitStatus;
using tests::DaemonFixture;

TEST_SUITE("sync/daemon/damaged_centre") {
    TEST_CASE_FIXTURE(DaemonFixture, "a clinic that is damaged is neither invited nor shut out") {
        init();
        (void)answer({"clinic", "add", "Jimei", "--area", "350211"});
        (void)answer({"clinic", "add", "Siming", "--area", "350203"});
        change("UPDATE clinic SET scope = 7 WHERE code = 'C001'");
        for (const auto* language : {"en", "zh"}) {
            for (const std::vector<std::string>& command :
                 {std::vector<std::string>{"clinic", "invite", "C001"},
                  {"clinic", "revoke", "C001"},
                  {"clinic", "add", "New", "--area", "350203"}}) {
                auto words = command;
                words.insert(words.end(), {"--lang", language});
                CHECK(on_data(words) == ExitStatus::refused);
                CHECK(err.find("C001") != std::string::npos);
                CHECK(err.find("`egretd check`") != std::string::npos);
            }
        }
        CHECK(on_data({"clinic", "invite", "C002"}) == ExitStatus::done);
        CHECK(on_data({"status"}) == ExitStatus::done);
        CHECK(out.find("C001 is gone, or isn't what was written") != std::string::npos);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a machine that is damaged is shut out, and all is well") {
        init();
        (void)answer({"clinic", "add", "Jimei", "--area", "350211"});
        const auto id = fork_device();
        for (const auto* damage :
             {"revoked_ms = 0", "revoked_ms = NULL, forked_ms = NULL", "top_seq = -1",
              "seen_ms = 4611686018427387904, enrolled_ms = -1",
              "clinic = 'C001', key_epoch = 7"}) {
            CAPTURE(damage);
            change("UPDATE enrolled_device SET " + std::string(damage));
            for (const auto* language : {"en", "zh"}) {
                CHECK(on_data({"status", "--lang", language}) == ExitStatus::done);
                CHECK(out.find("revoke C001 --machine " + id) != std::string::npos);
                CHECK(on_data({"check", "--lang", language}) == ExitStatus::refused);
                CHECK(out.find("enrolled_device") == std::string::npos);
                CHECK(err.find(" clinic revoke") != std::string::npos);
            }
            const auto clinics = answer({"status"});
            const auto& device = clinics.find("clinics")->as_array().at(0).find("devices");
            CHECK(device->as_array().at(0).find("damaged")->as_bool());
            CHECK(on_data({"clinic", "revoke", "C001", "--machine", id}) == ExitStatus::done);
            CHECK(out.find("cards that it signed") != std::string::npos);
            CHECK(on_data({"check"}) == ExitStatus::done);
            CHECK(on_data({"clinic", "revoke", "C001", "--machine", id}) == ExitStatus::refused);
        }
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a machine of a clinic that is gone is shown, and shut out") {
        init();
        (void)answer({"clinic", "add", "Jimei", "--area", "350211"});
        const auto id = fork_device();
        for (const auto* damage :
             {"DELETE FROM clinic", "UPDATE enrolled_device SET clinic = 'C009'",
              "DELETE FROM enrolled_device"}) {
            CAPTURE(damage);
            change("CREATE TABLE a AS SELECT * FROM clinic");
            change("CREATE TABLE b AS SELECT * FROM enrolled_device");
            change(damage);
            CHECK(on_data({"status"}) == ExitStatus::done);
            CHECK(out.find(id) != std::string::npos);
            const auto at = out.find("egretd clinic revoke C");
            const std::string told = at == std::string::npos ? "C001" : out.substr(at + 21, 4);
            CHECK(on_data({"clinic", "revoke", told, "--machine", id}) == ExitStatus::done);
            CHECK(answer({"status"}).find("clinics")->as_array().at(0).find("devices") != nullptr);
            change("DELETE FROM clinic; INSERT INTO clinic SELECT * FROM a; DROP TABLE a");
            CHECK(on_data({"check"}) == ExitStatus::done);
            change(
                "DELETE FROM enrolled_device; INSERT INTO enrolled_device SELECT * FROM b; "
                "DROP TABLE b");
        }
    }

    TEST_CASE_FIXTURE(DaemonFixture, "counts of batches that can't be right are told nobody") {
        init();
        (void)answer({"clinic", "add", "Jimei", "--area", "350211"});
        (void)fork_device();
        for (const auto* damage : {"newer = -1", "refused = -1", "refused = 1",
                                   "newer = 9223372036854775807", "last_seq = -7"}) {
            CAPTURE(damage);
            change("UPDATE upload SET " + std::string(damage));
            const auto clinics = answer({"status"});
            const auto& device = clinics.find("clinics")->as_array().at(0).find("devices");
            CHECK(device->as_array().at(0).find("newer")->as_integer() == 0);
            CHECK(device->as_array().at(0).find("quarantined")->as_integer() == 0);
            CHECK(on_data({"check", "--json"}) == ExitStatus::refused);
            CHECK(out.find("\"upload\"") != std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a damaged code is named, with what to do") {
        init();
        (void)answer({"clinic", "add", "Jimei", "--area", "350211"});
        change("UPDATE enrolment_code SET tries_left = 500");
        for (const auto* language : {"en", "zh"}) {
            CHECK(on_data({"check", "--lang", language}) == ExitStatus::refused);
            CHECK(out.find("enrolment_code") == std::string::npos);
            CHECK(err.find(" clinic invite") != std::string::npos);
        }
        CHECK(on_data({"clinic", "invite", "C001"}) == ExitStatus::done);
        CHECK(on_data({"check"}) == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "what a rebuild mends at the centre is mended by it") {
        init();
        (void)answer({"clinic", "add", "Jimei", "--area", "350211"});
        (void)fork_device();
        for (const auto* damage :
             {"INSERT INTO rebuilding VALUES (1)", "UPDATE projection SET one = 2"}) {
            CAPTURE(damage);
            change("PRAGMA ignore_check_constraints = ON; " + std::string(damage));
            CHECK(on_data({"check"}) == ExitStatus::refused);
            CHECK(err.find(" rebuild`") != std::string::npos);
            CHECK(on_data({"rebuild"}) == ExitStatus::done);
            CHECK(on_data({"check"}) == ExitStatus::done);
        }
    }
}

}  // namespace
}  // namespace egret::daemon
