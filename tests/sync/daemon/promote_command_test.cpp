#include "sync/central/backup.h"
#include "sync/central/key_promotion.h"
#include "tests/sync/daemon/daemon_fixture.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>

namespace egret::daemon {
namespace {

using console::ExitStatus;
using std::chrono::days;

struct PromoteFixture : tests::DaemonFixture {
    SeededRandom random{21};
    std::string safe = dir.file("safe");

    /// A centre that was founded that long ago; its root is in the safe.
    void found(days ago) {
        REQUIRE(tests::found_centre(data, {"Xiamen", {"centre.example.cn"}},
                                    SystemClock().now() - ago, random));
        tests::move_root_to(safe, data);
    }

    std::uint64_t bundle_number() { return tests::open_centre(data)->keys().bundle_number(); }

    ExitStatus promote() { return on_data({"promote-key", "--root-dir", safe}); }

    /// A machine of C001 that has that bundle; its id as people see it.
    std::string machine(std::uint64_t number) {
        auto centre = tests::open_centre(data);
        REQUIRE(centre);
        const SystemClock clock;
        tests::TestDevice device(random, clock, centre->keys().seal_key());
        auto& store = centre->store();
        if (store.clinics().empty()) REQUIRE(store.add_clinic({"First", "350203"}, clock.now()));
        const auto locator = device.id.to_string().substr(0, 4);
        REQUIRE(store.save_code({locator, Hash{}, "C001", clock.now() + std::chrono::hours{1}},
                                clock.now()));
        REQUIRE(store.enrol(locator, device.enrolled_at("C001")));
        store.note_bundle(device.id, number);
        return device.id.to_string().substr(0, 8);
    }

    bool warns_of(const std::string& kind) {
        const auto answered = answer({"status"});
        const auto& warnings = answered.find("keys")->find("warnings")->as_array();
        bool is_told = false;
        for (const auto& warning : warnings) is_told = is_told || warning.as_text() == kind;
        const auto checked = answer({"check"});
        bool is_in_check = false;
        for (const auto& warning : checked.find("warnings")->as_array())
            is_in_check = is_in_check || warning.find("kind")->as_text() == kind;
        CHECK(is_told == is_in_check);
        return is_told;
    }
};

}  // namespace

TEST_SUITE("sync/daemon/promote_command") {
    TEST_CASE_FIXTURE(PromoteFixture, "a new centre's keys last, and nothing is to be done") {
        found(days{1});
        CHECK(on_data({"promote-key"}) == ExitStatus::done);
        CHECK(out.find("Key bundle 1 has keys for clinics until") != std::string::npos);
        CHECK(promote() == ExitStatus::done);
        CHECK(out.find("Nothing is to be renewed yet") != std::string::npos);
        CHECK(bundle_number() == 1);
        for (const auto* kind : {"keys_end", "keys_due", "keys_kept", "keys_restored"})
            CHECK_FALSE(warns_of(kind));
    }

    TEST_CASE_FIXTURE(PromoteFixture, "once a year the root signs, once a day") {
        found(days{365});
        CHECK(warns_of("keys_end"));
        CHECK(promote() == ExitStatus::done);
        CHECK(out.find("Key bundle 2 is signed") != std::string::npos);
        CHECK(promote() == ExitStatus::done);
        CHECK(bundle_number() == 2);
        CHECK_FALSE(warns_of("keys_end"));
        CHECK(on_data({"promote-key", "--root-dir", safe, "--lang", "zh"}) == ExitStatus::done);
        CHECK(out.find("目前无需更新") != std::string::npos);
        const auto told = answer({"promote-key", "--root-dir", safe});
        CHECK(told.find("number")->as_integer() == 2);
        CHECK_FALSE(told.find("signed")->as_bool());
        // The root stays where it was, and nothing of it came into the centre's folder.
        CHECK(std::filesystem::exists(safe + "/root.key"));
        const auto root = tests::read_file(safe + "/root.key").substr(0, 64);
        tests::expect_nowhere({root}, data);
        CHECK((out + err).find(root) == std::string::npos);
    }

    TEST_CASE_FIXTURE(PromoteFixture,
                      "without the root's stick, or with another's, nothing is signed") {
        found(days{365});
        CHECK(on_data({"promote-key", "--root-dir", dir.file("nowhere")}) == ExitStatus::refused);
        CHECK(err.find("root.key") != std::string::npos);
        const auto other = dir.file("other");
        REQUIRE(tests::found_centre(other, {"Other", {"b"}}, SystemClock().now(), random));
        CHECK(on_data({"promote-key", "--root-dir", other + "/keys"}) == ExitStatus::refused);
        CHECK(err.find("another programme's") != std::string::npos);
        CHECK(bundle_number() == 1);
    }

    TEST_CASE_FIXTURE(PromoteFixture, "a clock that stands before the last bundle signs none") {
        found(-days{2});
        CHECK(promote() == ExitStatus::refused);
        CHECK(err.find("clock") != std::string::npos);
        CHECK(bundle_number() == 1);
    }

    TEST_CASE_FIXTURE(PromoteFixture, "old keys go once every live machine has a newer bundle") {
        found(days{365});
        const auto here = machine(1);
        const auto gone = machine(0);
        REQUIRE(promote() == ExitStatus::done);
        CHECK(warns_of("keys_kept"));
        CHECK(on_data({"promote-key"}) == ExitStatus::refused);
        CHECK(err.find("C001 " + here) != std::string::npos);
        CHECK(err.find("C001 " + gone) != std::string::npos);
        CHECK(tests::open_centre(data)->keys().ring().seal_keys.size() == 9);

        {
            auto centre = *tests::open_centre(data);
            for (const auto& status : centre.store().statuses()) {
                if (status.device.id.to_string().starts_with(here))
                    centre.store().note_bundle(status.device.id, 2);
            }
        }
        CHECK(on_data({"promote-key", "--lang", "zh"}) == ExitStatus::refused);
        CHECK(err.find(here) == std::string::npos);
        CHECK(err.find(gone) != std::string::npos);
        REQUIRE(on_data({"clinic", "revoke", "C001", "--machine", gone}) == ExitStatus::done);
        CHECK(warns_of("keys_due"));
        CHECK(on_data({"promote-key"}) == ExitStatus::done);
        CHECK(out.find("Old keys destroyed: 2") != std::string::npos);
        CHECK_FALSE(warns_of("keys_due"));
        const auto left = tests::open_centre(data)->keys().ring().seal_keys;
        REQUIRE(left.size() == 7);
        CHECK(left.front().epoch == 3);
        CHECK(answer({"promote-key"}).find("destroyed")->as_array().empty());
        CHECK(answer({"check"}).find("ok")->as_bool());
    }

    TEST_CASE_FIXTURE(PromoteFixture, "the keys of years are in a backup, and come back from it") {
        found(days{365});
        REQUIRE(promote() == ExitStatus::done);
        const auto before = tests::open_centre(data)->keys().ring();
        const auto file = dir.file("centre.backup");
        REQUIRE(on_data({"backup", file}) == ExitStatus::done);
        CHECK(on_data({"verify", "--backup", file}) == ExitStatus::done);
        const auto secret = dir.file("device.key");
        std::filesystem::copy(data + "/device.key", secret);
        std::filesystem::remove_all(data);
        REQUIRE(on_data({"restore", file}) == ExitStatus::done);
        std::filesystem::copy(secret, data + "/device.key");
        const auto after = tests::open_centre(data)->keys().ring();
        REQUIRE(after.seal_keys.size() == before.seal_keys.size());
        for (std::size_t i = 0; i < after.seal_keys.size(); ++i)
            CHECK(after.seal_keys[i].key->public_key() == before.seal_keys[i].key->public_key());
        CHECK(after.bundle3 == before.bundle3);
        // Clinics may have had a bundle that it never heard of.
        CHECK(warns_of("keys_restored"));
        CHECK(promote() == ExitStatus::done);
        CHECK(bundle_number() == 2 + central::bundles_skipped);
        CHECK_FALSE(warns_of("keys_restored"));
    }
}

}  // namespace egret::daemon
