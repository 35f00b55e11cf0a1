// Making a registry, restoring one, and changing its users: killed before any system call that
// changes a file, each leaves what was there or what was to come, or says what to do.

#include "registry/crypto/random_bytes.h"
#include "registry/service/backup.h"
#include "registry/service/founding.h"
#include "tests/registry/service/keyed_fixture.h"
#include "tests/support/killed_child.h"
#include "tests/support/sqlite_file.h"

#include <algorithm>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

constexpr auto changing = tests::Calls::changing;

struct CrashFixture : tests::KeyedFixture {
    Result<Done> make(const std::string& place) {
        auto making = RegistryInMaking::start(place, chance);
        if (!making) return making.error();
        const auto secret = keys::DeviceSecret::make_file(making->path(), "device.key", chance);
        if (!secret) return secret.error();
        auto made = found_registry(making->path(), {"思明", "350203", "林护士"},
                                   {bytes_of(pin), *secret, old_code, cheap}, world(), chance);
        if (!made) return made.error();
        made->reset();
        return making->finish();
    }

    bool opens(const std::string& place) {
        auto file = keys::KeyFile::load(place);
        if (!file || !fs::exists(registry_path(place))) return false;
        const auto secret = keys::DeviceSecret::load(file->device(), {place, "", {}, nullptr});
        if (!secret) return false;
        const auto user = file->users().front().id;
        auto unlocked = file->unlock_with_pin(user, bytes_of(pin), *secret, clock.now());
        if (!unlocked) return false;
        const auto opened = Clinic::open(place, {*std::move(unlocked), user}, world());
        return opened && (*opened)->caller().role == Role::lead;
    }

    /// As she does who is told which file is in the way: it goes aside. How many she was told of;
    /// nothing, if that doesn't help.
    template <class Work>
    std::optional<int> repair(Work work) {
        for (int told = 0; told < 4; ++told) {
            const auto done = work();
            if (done) return told;
            if (done.error().code != ErrorCode::conflict) return std::nullopt;
            const auto& named = done.error().message.arguments;
            if (named.empty() || !fs::remove(named.front().second)) return std::nullopt;
        }
        return std::nullopt;
    }

    /// A folder that is new, or has something else in it.
    std::string place_for(bool is_used) {
        const auto place = dir.file("place/home");
        fs::remove_all(dir.file("place"));
        fs::create_directory(dir.file("place"));
        if (is_used) {
            fs::create_directory(place);
            tests::write_file(place + "/mine", "mine");
        }
        return place;
    }

    /// What lies about, none of it under a name that a registry's file has.
    void check_leftovers(const std::string& place, bool is_used) {
        for (const auto& folder : {dir.file("place"), place}) {
            if (!fs::exists(folder)) continue;
            for (const auto& entry : fs::directory_iterator(folder)) {
                const auto name = entry.path().filename().string();
                const bool is_draft = name.find(".new-") != std::string::npos;
                const bool is_known = name == "home" || name == "mine" || name == "device.key" ||
                                      name.starts_with("registry.");
                CHECK_MESSAGE((is_draft || is_known), name);
            }
        }
        if (is_used) CHECK(tests::read_file(place + "/mine") == "mine");
    }

    // Not that of the clock's ids: a second try draws other names.
    crypto::SystemRandom chance;
};

TEST_SUITE("registry/service/crash") {
    TEST_CASE_FIXTURE(CrashFixture,
                      "a registry is made, or can be, wherever making it was killed") {
        for (const bool is_used : {false, true}) {
            int made = 0;
            int unmade = 0;
            int told = 0;
            for (int at = 0;; at += tests::kills_each(3)) {
                const auto place = place_for(is_used);
                if (!tests::is_killed_at(
                        at, [&] { (void)make(place); }, changing))
                    break;
                CAPTURE(is_used);
                CAPTURE(at);
                check_leftovers(place, is_used);
                if (opens(place)) {
                    ++made;
                    continue;
                }
                ++unmade;
                const auto repaired = repair([&] { return make(place); });
                REQUIRE(repaired);
                if (!is_used) CHECK(*repaired == 0);
                told += *repaired;
                CHECK(opens(place));
            }
            MESSAGE("made: " << made << ", not: " << unmade << ", files in the way: " << told);
            CHECK(unmade > 20);
        }
    }

    TEST_CASE_FIXTURE(CrashFixture, "a backup is restored, or can be, wherever that was killed") {
        auto opened = open(home(), *before);
        REQUIRE(opened);
        REQUIRE(write_backup(**opened, home(), dir.file("backup")));
        opened->reset();
        for (const bool is_used : {false, true}) {
            int unrestored = 0;
            for (int at = 0;; ++at) {
                const auto place = place_for(is_used);
                const auto restore = [&] {
                    return restore_backup(dir.file("backup"), place, chance);
                };
                if (!tests::is_killed_at(
                        at, [&] { (void)restore(); }, changing))
                    break;
                CAPTURE(is_used);
                CAPTURE(at);
                check_leftovers(place, is_used);
                if (!fs::exists(registry_path(place))) {
                    ++unrestored;
                    REQUIRE(repair(restore));
                }
                const auto unlocked = unlock(place);
                REQUIRE(unlocked);
                const auto restored = open(place, *unlocked);
                REQUIRE(restored);
                CHECK((*restored)->load_history(woman));
            }
            MESSAGE("not restored: " << unrestored);
            CHECK(unrestored > 5);
        }
    }

    TEST_CASE_FIXTURE(CrashFixture, "a user is there or not, wherever adding her was killed") {
        const auto add_her = [&](const std::string& place) -> Result<ClinicUser> {
            auto opened = open(place, *before);
            if (!opened) return opened.error();
            return Users(**opened, place)
                .add((*opened)->caller(), "周护士", Role::nurse, new_pin("593026"));
        };
        int half = 0;
        for (int at = 0;; ++at) {
            const auto place = copy_of_home("cut");
            if (!tests::is_killed_at(
                    at, [&] { (void)add_her(place); }, changing))
                break;
            CAPTURE(at);
            REQUIRE(unlock(place));
            {
                auto opened = open(place, *before);
                REQUIRE(opened);
                Users users(**opened, place);
                const auto her = users.find("周护士");
                if (her && !her->has_pin) {
                    // Her row came, her slot didn't: she is listed without a PIN, and gets one.
                    ++half;
                    REQUIRE(users.reset((*opened)->caller(), "周护士", new_pin("593026")));
                }
                opened->reset();
                if (!her) REQUIRE(add_her(place));
            }
            CHECK(unlock(place, 2, "593026"));
            CHECK(unlock(place, 1, nurse_pin));
        }
        MESSAGE("without a PIN: " << half);
        CHECK(half > 0);
    }

    TEST_CASE_FIXTURE(CrashFixture,
                      "a PIN is the old one or the new, wherever a reset was killed") {
        bool was_new = false;
        for (int at = 0;; ++at) {
            const auto place = copy_of_home("cut");
            const auto reset = [&] {
                auto opened = open(place, *before);
                if (!opened) return;
                (void)Users(**opened, place)
                    .reset((*opened)->caller(), "陈护士", new_pin("593026"));
            };
            if (!tests::is_killed_at(at, reset, changing)) break;
            CAPTURE(at);
            REQUIRE(unlock(place));
            const bool is_new = bool(unlock(place, 1, "593026"));
            CHECK(is_new != bool(unlock(place, 1, nurse_pin)));
            CHECK((is_new || !was_new));
            was_new = is_new;
            CHECK(open(place, *before));
        }
        CHECK(was_new);
    }
}

}  // namespace
}  // namespace egret::service
