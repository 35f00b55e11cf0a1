#include "registry/keys/key_file.h"

#include "registry/base/key_limits.h"
#include "registry/crypto/hpke.h"
#include "registry/vault/mount.h"
#include "tests/registry/keys/key_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace egret::keys {
namespace {

using tests::cheap;
using tests::KeyFixture;
using tests::refusal;
using tests::refusal_argument;
using tests::user_id;

std::string content_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

TEST_SUITE("registry/keys/key_file") {
    TEST_CASE("a PIN with the machine's secret opens it, today and tomorrow") {
        KeyFixture made;
        auto file = made.load();
        CHECK(file.registry() == made.registry);
        CHECK(file.device().kind == DeviceKind::key_file);
        REQUIRE(file.users().size() == 1);
        CHECK(file.users()[0].name == "林秀英");
        CHECK(file.users()[0].has_pin);
        CHECK(made.is_key(made.unlock(file, "482915")));
        CHECK(made.is_key(made.unlock(file, "４８２９１５")));
        const auto device = *DeviceSecret::load(file.device(), {made.dir.path(), "", {}, nullptr});
        CHECK(made.is_key(file.unlock_with_pin(user_id(1), bytes_of(KeyFixture::pin), device,
                                               tests::at_minute(1e6))));
    }

    TEST_CASE("the key is one that a vault takes, and its check is the vault's") {
        KeyFixture made;
        const vault::Mount mount(made.key().view(), made.random);
        CHECK(mount.key_check() == vault::check_of(made.key().view()));
    }

    TEST_CASE("another data key has new slots, and the one before sealed under it") {
        KeyFixture made;
        const auto programme = crypto::SealKeyPair::generate(made.random);
        auto& file = made.file();
        REQUIRE(
            file.add_user(made.key(), user_id(2), "陈玉兰", made.new_pin("628413"), made.random));
        REQUIRE(file.set_programme(made.key(), programme.public_key(), made.random));
        const auto next = DataKey::generate(made.random);
        const auto code = RecoveryCode::make(made.random);
        const auto pin = made.new_pin(KeyFixture::pin);
        REQUIRE(file.change_key(made.key(), {next, user_id(1), pin, code}, made.random));

        auto now = made.load();
        CHECK(now.has_former());
        CHECK(now.is_under(next));
        CHECK_FALSE(now.is_under(made.key()));
        const auto is_next = [&](const Result<DataKey>& found) {
            return found && std::ranges::equal(found->view(), next.view());
        };
        CHECK(is_next(made.unlock(now, KeyFixture::pin)));
        CHECK(is_next(now.unlock_with_recovery(code)));
        CHECK(is_next(now.unlock_as_programme(programme)));
        CHECK(refusal(now.unlock_with_recovery(made.code)) == "keys.code_other");
        CHECK(refusal(made.unlock(now, "628413", 0, 2)) == "keys.pin_unset");
        const auto former = now.former_key(next);
        REQUIRE(former);
        CHECK(std::ranges::equal(former->view(), made.key().view()));
        // Neither the key before nor any other tells it, or writes there.
        CHECK_FALSE(now.former_key(made.key()));
        CHECK_FALSE(now.former_key(DataKey::generate(made.random)));
        CHECK(refusal(now.forget_former(made.key())) == "keys.key_other");
        CHECK(refusal(now.change_key(next, {made.key(), user_id(1), pin, code}, made.random)) ==
              "rekey.busy");
        REQUIRE(now.forget_former(next));
        CHECK_FALSE(made.load().has_former());
        CHECK(content_of(made.path()).find(text_of(next.view().first(8))) == std::string::npos);
    }

    TEST_CASE("a data key changes only with a PIN that may be one") {
        KeyFixture made;
        const auto before = content_of(made.path());
        const auto next = DataKey::generate(made.random);
        const auto pin = made.new_pin("12");
        CHECK_FALSE(
            made.file().change_key(made.key(), {next, user_id(1), pin, made.code}, made.random));
        CHECK(content_of(made.path()) == before);
    }

    TEST_CASE("neither a PIN, the code nor a key stands in the file") {
        KeyFixture made;
        const auto content = content_of(made.path());
        CHECK(content.find(KeyFixture::pin) == std::string::npos);
        CHECK(content.find(text_of(made.key().view())) == std::string::npos);
        CHECK(content.find(text_of(made.key().view().first(8))) == std::string::npos);
        CHECK(content.find(text_of(made.code.secret().first(8))) == std::string::npos);
        CHECK(content.find(text_of(made.device.view().first(8))) == std::string::npos);
        CHECK(content.find(made.code.group(0)) == std::string::npos);
        const auto rights = std::filesystem::status(made.path()).permissions();
        CHECK((rights & std::filesystem::perms::mask) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    }

    TEST_CASE("no key file takes the place of another") {
        KeyFixture made;
        const auto again = KeyFile::create(
            made.dir.path(), {made.registry, user_id(2), "x", made.new_pin("593026"), made.code},
            made.random);
        CHECK(refusal(again) == "keys.there_already");
        auto file = made.load();
        CHECK(made.is_key(made.unlock(file, "482915")));
    }

    TEST_CASE("nothing is made with a PIN or a name that can't be") {
        const tests::TempDir dir;
        SeededRandom random(1);
        const auto none = DeviceSecret::none();
        const auto code = RecoveryCode::make(random);
        const auto start = [&](std::string name, std::string_view pin) {
            return KeyFile::create(
                dir.path(),
                {{{1}}, user_id(1), std::move(name), {bytes_of(pin), none, cheap}, code}, random);
        };
        CHECK(refusal(start("Lin", "123456")) == "keys.pin_simple");
        CHECK(refusal(start("", "482915")) == "keys.name_bad");
        CHECK(refusal(start(std::string(201, 'n'), "482915")) == "keys.name_bad");
        CHECK(refusal(start("\xFF", "482915")) == "keys.name_bad");
        CHECK(refusal(KeyFile::load(dir.path())) == "keys.absent");
        CHECK(start("Lin", "482915"));
    }

    TEST_CASE("without a secret of the machine a PIN opens it alone") {
        const tests::TempDir dir;
        SeededRandom random(1);
        const auto none = DeviceSecret::none();
        const auto code = RecoveryCode::make(random);
        auto made = KeyFile::create(
            dir.path(), {{{1}}, user_id(1), "Lin", {bytes_of("482915"), none, cheap}, code},
            random);
        REQUIRE(made);
        CHECK(made->file.device().kind == DeviceKind::none);
        CHECK(made->file.unlock_with_pin(user_id(1), bytes_of("482915"), none, {}));
    }

    TEST_CASE("a wrong PIN is said, with what is left, and after five there is a wait") {
        KeyFixture made;
        auto file = made.load();
        for (int left = 4; left >= 1; --left) {
            const auto wrong = made.unlock(file, "111222");
            CHECK(refusal(wrong) == "keys.pin_wrong");
            CHECK(wrong.error().code == ErrorCode::unauthorized);
            CHECK(wrong.error().field == "pin");
            CHECK(refusal_argument(wrong) == std::to_string(left));
        }
        const auto fifth = made.unlock(file, "111222");
        CHECK(refusal(fifth) == "keys.pin_wrong_wait");
        CHECK(refusal_argument(fifth) == "1");
        CHECK(file.tries_of(user_id(1)).failed == 5);

        // The right one isn't tried either, by this program or another.
        for (const double minute : {0.0, 0.5, 0.99}) {
            auto another = made.load();
            const auto waiting = made.unlock(another, "482915", minute);
            CHECK(refusal(waiting) == "keys.wait");
            CHECK(waiting.error().code == ErrorCode::unavailable);
            CHECK(refusal_argument(waiting) == "1");
        }
        CHECK(file.tries_of(user_id(1)).failed == 5);
        double minute = 1;
        for (const int wait : {2, 4, 8, 16, 32, 60, 60}) {
            const auto wrong = made.unlock(file, "111222", minute);
            CHECK(refusal_argument(wrong) == std::to_string(wait));
            CHECK(refusal(made.unlock(file, "482915", minute + wait - 0.01)) == "keys.wait");
            minute += wait;
        }
        CHECK(made.is_key(made.unlock(file, "482915", minute)));
        CHECK(file.tries_of(user_id(1)) == Tries{});
        CHECK(refusal_argument(made.unlock(file, "111222", minute)) == "4");
    }

    TEST_CASE(
        "a clock that is put back makes the wait no shorter, and locks nobody out for years") {
        KeyFixture made;
        auto file = made.load();
        const double years = 73.0 * 365 * 24 * 60;
        for (int i = 0; i < 6; ++i) (void)made.unlock(file, "111222", years + i);
        REQUIRE(file.tries_of(user_id(1)).failed == 6);
        // The clock is right again: the whole wait begins.
        CHECK(refusal_argument(made.unlock(file, "482915", 0)) == "2");
        CHECK(refusal_argument(made.unlock(file, "482915", 1)) == "1");
        // Put back once more, it begins once more.
        CHECK(refusal_argument(made.unlock(file, "482915", -100)) == "2");
        CHECK(refusal(made.unlock(file, "482915", -98.1)) == "keys.wait");
        CHECK(made.is_key(made.unlock(file, "482915", -98)));
    }

    TEST_CASE("one user's wrong PINs are not another's") {
        KeyFixture made;
        auto& file = made.file();
        REQUIRE(
            file.add_user(made.key(), user_id(2), "陈玉兰", made.new_pin("593026"), made.random));
        for (int i = 0; i < 5; ++i) (void)made.unlock(file, "111222");
        CHECK(refusal(made.unlock(file, "482915")) == "keys.wait");
        CHECK(made.is_key(made.unlock(file, "593026", 0, 2)));
        CHECK(refusal(made.unlock(file, "482915", 0, 2)) == "keys.pin_wrong");
        CHECK(refusal(made.unlock(file, "482915", 0, 3)) == "keys.no_user");
    }

    TEST_CASE("another secret of the machine is told from a wrong PIN, and costs no try") {
        KeyFixture made;
        auto& file = made.file();
        const auto other = *DeviceSecret::make_file(made.dir.path(), "other.key", made.random);
        const auto none = DeviceSecret::none();
        for (const auto* device : {&other, &none}) {
            const auto refused = file.unlock_with_pin(user_id(1), bytes_of(KeyFixture::pin),
                                                      *device, tests::at_minute(0));
            CHECK(refusal(refused) == "keys.device_other");
            CHECK(refused.error().code == ErrorCode::conflict);
        }
        CHECK(file.tries_of(user_id(1)) == Tries{});
    }

    TEST_CASE("the recovery sheet opens it without PIN and machine, and gives a new PIN") {
        KeyFixture made;
        auto& file = made.file();
        for (int i = 0; i < 9; ++i) (void)made.unlock(file, "111222", i * 100);
        auto key = file.unlock_with_recovery(*RecoveryCode::parse(made.code.text()));
        REQUIRE(made.is_key(key));
        REQUIRE(file.set_pin(*key, user_id(1), made.new_pin("593026"), made.random));
        CHECK(file.tries_of(user_id(1)) == Tries{});
        CHECK(made.is_key(made.unlock(file, "593026")));
        CHECK(refusal(made.unlock(file, "482915")) == "keys.pin_wrong");

        const auto other = file.unlock_with_recovery(RecoveryCode::make(made.random));
        CHECK(refusal(other) == "keys.code_other");
        CHECK(other.error().code == ErrorCode::unauthorized);
    }

    TEST_CASE("a lost secret of the machine is replaced, and each user gets a PIN again") {
        KeyFixture made;
        auto& file = made.file();
        REQUIRE(
            file.add_user(made.key(), user_id(2), "陈玉兰", made.new_pin("593026"), made.random));
        std::filesystem::remove(made.dir.file("device.key"));
        CHECK(refusal(DeviceSecret::load(file.device(), {made.dir.path(), "", {}, nullptr})) ==
              "keys.device_file_gone");

        const auto key = file.unlock_with_recovery(made.code);
        REQUIRE(key);
        const auto device = *DeviceSecret::make_file(made.dir.path(), "device.key", made.random);
        REQUIRE(file.set_device(*key, device));
        CHECK(file.users().size() == 2);
        CHECK_FALSE(file.users()[0].has_pin);
        const auto unset = file.unlock_with_pin(user_id(1), bytes_of("482915"), device, {});
        CHECK(refusal(unset) == "keys.pin_unset");
        CHECK(unset.error().code == ErrorCode::locked);
        CHECK(refusal(file.set_pin(*key, user_id(1), made.new_pin("482915"), made.random)) ==
              "keys.device_other");
        REQUIRE(file.set_pin(*key, user_id(1), {bytes_of("482915"), device, cheap}, made.random));
        CHECK(made.is_key(file.unlock_with_pin(user_id(1), bytes_of("482915"), device, {})));
        CHECK(refusal(file.remove_user(*key, user_id(1))) == "keys.user_last");
        CHECK(made.is_key(made.load().unlock_with_recovery(made.code)));
    }

    TEST_CASE("a new sheet takes the place of the old one") {
        KeyFixture made;
        auto& file = made.file();
        const auto code = RecoveryCode::make(made.random);
        REQUIRE(file.set_recovery(made.key(), code, made.random));
        CHECK(made.is_key(file.unlock_with_recovery(code)));
        CHECK(refusal(file.unlock_with_recovery(made.code)) == "keys.code_other");
        CHECK(made.is_key(made.unlock(file, "482915")));
    }

    TEST_CASE("the programme opens its slot, and gives a new sheet") {
        KeyFixture made;
        auto& file = made.file();
        const auto programme = crypto::SealKeyPair::generate(made.random);
        const auto stranger = crypto::SealKeyPair::generate(made.random);
        CHECK(refusal(file.unlock_as_programme(programme)) == "keys.programme_absent");
        CHECK_FALSE(file.programme());
        CHECK(refusal(file.set_programme(made.key(), crypto::SealPublicKey{}, made.random)) ==
              "keys.programme_unusable");
        REQUIRE(file.set_programme(made.key(), programme.public_key(), made.random));
        CHECK(file.programme() == programme.public_key());
        const auto refused = file.unlock_as_programme(stranger);
        CHECK(refusal(refused) == "keys.programme_other");
        CHECK(refused.error().code == ErrorCode::forbidden);

        // Rehearsed: at the programme, with a copy of this file and nothing else.
        const tests::TempDir there;
        std::filesystem::copy_file(made.path(), there.file(KeyFile::file_name));
        auto copy = *KeyFile::load(there.path());
        const auto key = copy.unlock_as_programme(programme);
        REQUIRE(made.is_key(key));
        const auto code = RecoveryCode::make(made.random);
        REQUIRE(copy.set_recovery(*key, code, made.random));
        // Back at the clinic, with the code read out on the telephone.
        std::filesystem::copy_file(there.file(KeyFile::file_name), made.path(),
                                   std::filesystem::copy_options::overwrite_existing);
        auto back = made.load();
        CHECK(made.is_key(back.unlock_with_recovery(*RecoveryCode::parse(code.text()))));
        CHECK(made.is_key(made.unlock(back, "482915")));
    }

    TEST_CASE("users come and go") {
        KeyFixture made;
        auto& file = made.file();
        CHECK(refusal(file.remove_user(made.key(), user_id(1))) == "keys.user_last");
        CHECK(refusal(file.remove_user(made.key(), user_id(2))) == "keys.no_user");
        CHECK(refusal(file.set_pin(made.key(), user_id(2), made.new_pin("593026"), made.random)) ==
              "keys.no_user");
        const auto add = [&](std::uint8_t id, const std::string& name, std::string_view pin) {
            return refusal(
                file.add_user(made.key(), user_id(id), name, made.new_pin(pin), made.random));
        };
        CHECK(add(2, "林秀英", "593026") == "keys.user_there");
        CHECK(add(1, "陈玉兰", "593026") == "keys.user_there");
        CHECK(add(2, "陈玉兰", "55555") == "keys.pin_short");
        CHECK(file.users().size() == 1);
        CHECK(add(2, "陈玉兰", "593026").empty());
        CHECK(made.load().users().size() == 2);
        REQUIRE(file.remove_user(made.key(), user_id(1)));
        CHECK(refusal(made.unlock(file, "482915")) == "keys.no_user");
        CHECK(made.is_key(made.unlock(file, "593026", 0, 2)));
        for (std::size_t i = 1; i < limits::registry_users_max; ++i)
            CHECK(add(static_cast<std::uint8_t>(100 + i), std::to_string(i), "593026").empty());
        CHECK(add(99, "one more", "593026") == "keys.users_many");
        CHECK(made.load().users().size() == limits::registry_users_max);
    }

    TEST_CASE("only whoever has the key changes anything") {
        KeyFixture made;
        auto& file = made.file();
        const auto before = content_of(made.path());
        const auto other = DataKey::generate(made.random);
        CHECK(refusal(file.add_user(other, user_id(2), "x", made.new_pin("593026"), made.random)) ==
              "keys.key_other");
        CHECK(refusal(file.set_recovery(other, made.code, made.random)) == "keys.key_other");
        CHECK(refusal(file.set_device(other, DeviceSecret::none())) == "keys.key_other");
        CHECK(content_of(made.path()) == before);
    }

    TEST_CASE("the head of the audit is kept, and outlives other changes") {
        KeyFixture made;
        auto& file = made.file();
        CHECK_FALSE(file.audit_head());
        AuditHead head{42, {}};
        head.hash.fill(7);
        REQUIRE(file.set_audit_head(made.key(), head));
        (void)made.unlock(file, "111222");
        REQUIRE(file.set_pin(made.key(), user_id(1), made.new_pin("593026"), made.random));
        CHECK(made.load().audit_head() == head);
    }
}

}  // namespace
}  // namespace egret::keys
