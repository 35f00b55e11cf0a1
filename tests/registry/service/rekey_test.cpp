// A registry gets another key: whatever happens meanwhile, it opens by the slots of before or by
// the new ones, with all that was ever recorded in it.

#include "registry/service/rekey.h"

#include "registry/vault/key_ring.h"
#include "tests/registry/service/keyed_fixture.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/killed_child.h"

#include <algorithm>
#include <filesystem>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

struct RekeyFixture : tests::KeyedFixture {
    Result<Done> change_key(const std::string& place) {
        auto had = unlock(place);
        if (!had) return had.error();
        auto opened = open(place, *had);
        if (!opened) return opened.error();
        return rekey(*std::move(opened), place, {lead, new_pin(pin), new_code, [] {}});
    }

    bool is_there(Clinic& in, const WomanId& who) { return in.load_history(who).has_value(); }

    /// The registry is whole, by what opens it; true, if that is the new key.
    bool is_rekeyed(const std::string& place, const std::optional<WomanId>& late) {
        auto now = unlock(place);
        REQUIRE(now);
        REQUIRE(finish_rekey(place, *now, world()));
        auto opened = open(place, *now);
        REQUIRE_MESSAGE(opened, opened.error().message.id);
        CHECK(is_there(**opened, woman));
        if (late) CHECK(is_there(**opened, *late));
        CHECK((*opened)->verify_audit({}).is_whole());
        opened->reset();
        const auto file = keys::KeyFile::load(place);
        REQUIRE(file);
        CHECK_FALSE(file->has_former());
        CHECK_FALSE(fs::exists(place + "/registry.db.rekeyed"));
        const bool is_new = vault::check_of(now->view()) != vault::check_of(before->view());
        CHECK(opens_with(place, new_code) == is_new);
        CHECK(opens_with(place, old_code) == !is_new);
        CHECK(file->users()[1].has_pin == !is_new);
        if (is_new) CHECK_FALSE(open(place, *before));
        return is_new;
    }

    keys::RecoveryCode new_code = keys::RecoveryCode::make(random);
};

TEST_SUITE("registry/service/rekey") {
    TEST_CASE_FIXTURE(RekeyFixture, "with a new key nothing of before opens the registry") {
        const auto old_keys = copy_of_home("old");
        REQUIRE(change_key(home()));
        CHECK(is_rekeyed(home(), {}));
        auto file = keys::KeyFile::load(home());
        auto now = unlock(home());
        const auto by_programme = file->unlock_as_programme(programme);
        REQUIRE(by_programme);
        CHECK(std::ranges::equal(by_programme->view(), now->view()));
        CHECK_FALSE(
            file->unlock_with_pin(file->users()[1].id, bytes_of("628413"), device, clock.now()));
        // Whoever kept the key file of before opens with it the copy of before, and this one not.
        fs::copy_file(old_keys + "/registry.keys", home() + "/registry.keys",
                      fs::copy_options::overwrite_existing);
        const auto kept = unlock(home());
        REQUIRE(kept);
        const auto refused = open(home(), *kept);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.id == "store.wrong_file");
        CHECK(open(old_keys, *unlock(old_keys)));
    }

    TEST_CASE_FIXTURE(RekeyFixture, "a registry can get a new key again and again") {
        for (int i = 0; i < 3; ++i) REQUIRE(change_key(home()));
        CHECK(is_rekeyed(home(), {}));
        auto opened = open(home(), *unlock(home()));
        REQUIRE(opened);
        int noted = 0;
        (*opened)->audit().read_back([&](const audit::Entry& entry) {
            if (entry.action == "rekey_begun") ++noted;
            return true;
        });
        CHECK(noted == 3);
    }

    TEST_CASE_FIXTURE(RekeyFixture, "where there is no room it opens as before") {
        const auto size = fs::file_size(registry_path(home()));
        for (const std::size_t room : {0UL, 5'000UL, size / 2, size - 4096}) {
            CAPTURE(room);
            const auto place = copy_of_home("full");
            auto had = unlock(place);
            auto opened = open(place, *had);
            REQUIRE(opened);
            bool is_done = false;
            try {
                const tests::FileSizeLimit full(room);
                is_done =
                    bool(rekey(*std::move(opened), place, {lead, new_pin(pin), new_code, [] {}}));
            } catch (const std::system_error&) {
            } catch (const sqlite::SqliteError& thrown) {
                CHECK(thrown.trouble() == sqlite::Trouble::full);
            }
            CHECK_FALSE(is_done);
            CHECK_FALSE(is_rekeyed(place, {}));
        }
    }

    // The open file is the old one: closing it must not take the new one's journal away.
    TEST_CASE_FIXTURE(RekeyFixture, "who still has the old file open leaves the new one whole") {
        auto late = open(home(), *before);
        REQUIRE(late);
        const auto place = copy_of_home("rekeyed");
        REQUIRE(change_key(place));
        for (const auto* name : {"/registry.db", "/registry.keys"})
            fs::rename(place + name, home() + name);
        const auto now = unlock(home());
        REQUIRE(now);
        auto opened = open(home(), *now);
        REQUIRE(opened);
        clinic = *std::move(opened);
        const auto added = add(somebody("陈雨", "1990-01-01"));
        late->reset();
        // As after a power cut: with what its journal holds.
        const auto cut = copy_of_home("cut");
        clinic.reset();
        auto again = open(cut, *now);
        REQUIRE(again);
        CHECK(is_there(**again, added));
        CHECK(is_there(**again, woman));
    }

    TEST_CASE_FIXTURE(RekeyFixture, "a key that was unlocked before is told to be another's") {
        REQUIRE(change_key(home()));
        const auto refused = finish_rekey(home(), *before, world());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.id == "rekey.replaced");
    }

    // Killed before each change of a file where the old gives way to the new, and before every 7th
    // of the many that only write the copy. Whoever still has the key before, as one who had
    // unlocked it, then records something if he can: that must be there, too. And whatever was
    // left and made up for, the key can be changed again.
    TEST_CASE_FIXTURE(RekeyFixture, "wherever it is cut short, it opens, and nothing is lost") {
        bool was_new = false;
        int old_ones = 0;
        int new_ones = 0;
        int late_ones = 0;
        const auto holds = [&](int at) {
            const auto place = copy_of_home("cut");
            if (!tests::is_killed_at(
                    at, [&] { (void)change_key(place); }, tests::Calls::changing))
                return false;
            CAPTURE(at);
            std::optional<WomanId> late;
            if (auto opened = open(place, *before)) {
                clinic = *std::move(opened);
                late = add(somebody("陈雨", "1990-01-01"));
                clinic.reset();
                ++late_ones;
            }
            const bool is_new = is_rekeyed(place, late);
            CHECK((is_new || !was_new));
            was_new = is_new;
            ++(is_new ? new_ones : old_ones);
            if (is_new) {
                REQUIRE(change_key(place));
                auto last = unlock(place);
                REQUIRE(last);
                CHECK(open(place, *last));
            }
            return true;
        };
        const int step = tests::kills_each(7);
        int end = 0;
        while (holds(end)) end += step;
        was_new = false;
        for (int at = std::max(0, end - step - 40); holds(at); ++at) continue;
        MESSAGE("cuts with the key before: " << old_ones << ", with the new one: " << new_ones
                                             << ", something was recorded after: " << late_ones);
        CHECK(old_ones > 10);
        CHECK(new_ones > 10);
        // Some of them between the change of the keys and that of the file.
        CHECK(late_ones > old_ones);
    }
}

}  // namespace
}  // namespace egret::service
