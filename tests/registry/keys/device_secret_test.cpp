#include "registry/keys/device_secret.h"

#include "registry/files/private_file.h"
#include "tests/registry/keys/key_fixture.h"
#include "tests/support/rights.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace egret::keys {
namespace {

using tests::cheap;
using tests::refusal;
using tests::TempDir;

/// Seals by hiding, for whoever has the same number.
class NumberedChip final : public SealingChip {
public:
    explicit NumberedChip(std::uint8_t number) : number_(number) {}

    Result<Bytes> seal(ByteView secret) override {
        auto sealed = copy_of(secret);
        for (auto& byte : sealed) byte ^= number_;
        return sealed;
    }

    Result<crypto::Secret> unseal(ByteView sealed) override {
        auto plain = seal(sealed);
        return crypto::Secret(*std::move(plain));
    }

private:
    std::uint8_t number_;
};

class NoChip final : public SealingChip {
public:
    Result<Bytes> seal(ByteView) override { return refuses(); }

    Result<crypto::Secret> unseal(ByteView) override { return refuses(); }

private:
    static Error refuses() { return {ErrorCode::unavailable, "", msg("keys.chip_refuses")}; }
};

bool is_same(const Result<DeviceSecret>& found, const DeviceSecret& secret) {
    return found && text_of(found->view()) == text_of(secret.view());
}

TEST_SUITE("registry/keys/device_secret") {
    TEST_CASE("a key file gives its secret again, wherever its stick is now") {
        const TempDir dir;
        const TempDir stick;
        SeededRandom random(1);
        const auto made = *DeviceSecret::make_file(dir.path(), "device.key", random);
        CHECK(made.view().size() == 32);
        CHECK(is_same(DeviceSecret::load(made.binding(), {dir.path(), "", {}, nullptr}), made));
        const auto rights = std::filesystem::status(dir.file("device.key")).permissions();
        CHECK((rights & std::filesystem::perms::mask) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));

        const auto path = stick.file("clinic.key");
        const auto away = *DeviceSecret::make_file(dir.path(), path, random);
        CHECK(is_same(DeviceSecret::load(away.binding(), {dir.path(), "", {}, nullptr}), away));
        CHECK_FALSE(std::filesystem::exists(dir.file("clinic.key")));
        std::filesystem::rename(path, stick.file("moved.key"));
        CHECK(refusal(DeviceSecret::load(away.binding(), {dir.path(), "", {}, nullptr})) ==
              "keys.device_file_gone");
        CHECK(is_same(
            DeviceSecret::load(away.binding(), {dir.path(), stick.file("moved.key"), {}, nullptr}),
            away));
    }

    TEST_CASE("no key file takes the place of another") {
        const TempDir dir;
        SeededRandom random(1);
        const auto made = *DeviceSecret::make_file(dir.path(), "device.key", random);
        const auto again = DeviceSecret::make_file(dir.path(), "device.key", random);
        CHECK(refusal(again) == "keys.device_file_there");
        CHECK(is_same(DeviceSecret::load(made.binding(), {dir.path(), "", {}, nullptr}), made));
    }

    TEST_CASE("another key file, and a damaged one, are told from the right one") {
        const TempDir dir;
        SeededRandom random(1);
        const auto made = *DeviceSecret::make_file(dir.path(), "device.key", random);
        const auto other = *DeviceSecret::make_file(dir.path(), "other.key", random);
        const auto wrong =
            DeviceSecret::load(made.binding(), {dir.path(), "other.key", {}, nullptr});
        CHECK(refusal(wrong) == "keys.device_file_other");
        CHECK(wrong.error().code == ErrorCode::conflict);
        const auto good = copy_of(made.view());
        for (std::size_t at = 0; at < good.size(); ++at) {
            auto changed = good;
            changed[at] ^= 0x10;
            replace_private_file(dir.file("device.key"), changed);
            CHECK(refusal(DeviceSecret::load(made.binding(), {dir.path(), "", {}, nullptr})) ==
                  "keys.device_file_other");
        }
        for (const std::size_t length : {0U, 31U, 33U, 5000U}) {
            auto cut = good;
            cut.resize(length);
            replace_private_file(dir.file("device.key"), cut);
            CHECK(refusal(DeviceSecret::load(made.binding(), {dir.path(), "", {}, nullptr})) ==
                  "keys.device_file_other");
        }
    }

    TEST_CASE("a key file that may not be read is no lost one") {
        const TempDir dir;
        SeededRandom random(1);
        const auto made = *DeviceSecret::make_file(dir.path(), "device.key", random);
        std::filesystem::permissions(dir.file("device.key"), std::filesystem::perms::none);
        const tests::PlainUser user(dir.path());
        const auto found = DeviceSecret::load(made.binding(), {dir.path(), "", {}, nullptr});
        CHECK(refusal(found) == "keys.blocked");
        CHECK(found.error().code == ErrorCode::unavailable);
    }

    TEST_CASE("a passphrase gives its secret again, however it is spaced") {
        SeededRandom random(1);
        const auto words = bytes_of("otter plum gravel seven dune");
        const auto made = *DeviceSecret::make_passphrase(words, random, cheap);
        CHECK(made.view().size() == 32);
        CHECK(made.binding().path.empty());
        const auto load = [&](std::string_view typed) {
            return DeviceSecret::load(made.binding(), {"", "", bytes_of(typed), nullptr});
        };
        CHECK(is_same(load("otter plum gravel seven dune"), made));
        CHECK(is_same(load("  otter  plum gravel　seven\tdune "), made));
        CHECK(is_same(load("ｏｔｔｅｒ plum gravel seven dune"), made));
        CHECK(refusal(load("otter plum gravel seven dunes")) == "keys.passphrase_wrong");
        CHECK(refusal(load("otterplum gravel seven dune")) == "keys.passphrase_wrong");
        CHECK(refusal(load("")) == "keys.passphrase_needed");
        CHECK(load("").error().code == ErrorCode::locked);
    }

    TEST_CASE("a passphrase that is soon guessed is not taken") {
        SeededRandom random(1);
        const auto refused = [&](std::string_view typed) {
            return refusal(DeviceSecret::make_passphrase(bytes_of(typed), random, cheap));
        };
        for (const auto* weak : {"", "otter", "otter plum gravel", "aaaaaaaaaaaaaaaaaaaa",
                                 "a a a a a a a a", "abcabcabcabcabcabc"}) {
            CAPTURE(weak);
            CHECK(refused(weak) == "keys.passphrase_weak");
        }
        CHECK(refused("k7qf3mzd9xta2wbe").empty());
        CHECK(refused("otter plum gravel seven dune").empty());
    }

    TEST_CASE("a chip gives its secret to its own machine alone") {
        SeededRandom random(1);
        NumberedChip chip(17);
        NumberedChip other(18);
        NoChip none;
        const auto made = *DeviceSecret::make_sealed(chip, random);
        CHECK(is_same(DeviceSecret::load(made.binding(), {"", "", {}, &chip}), made));
        for (SealingChip* wrong :
             {static_cast<SealingChip*>(&other), static_cast<SealingChip*>(&none),
              static_cast<SealingChip*>(nullptr)}) {
            const auto found = DeviceSecret::load(made.binding(), {"", "", {}, wrong});
            CHECK(refusal(found) == "keys.chip_refuses");
            CHECK(found.error().code == ErrorCode::unavailable);
        }
        CHECK(refusal(DeviceSecret::make_sealed(none, random)) == "keys.chip_refuses");
    }

    TEST_CASE("keys for other uses follow from it, and differ") {
        const TempDir dir;
        SeededRandom random(1);
        const auto one = *DeviceSecret::make_file(dir.path(), "one.key", random);
        const auto two = *DeviceSecret::make_file(dir.path(), "two.key", random);
        const auto text = [](const crypto::Secret& key) { return std::string(text_of(key)); };
        CHECK(text(one.key_for("egret/link")).size() == 32);
        CHECK(text(one.key_for("egret/link")) == text(one.key_for("egret/link")));
        CHECK(text(one.key_for("egret/link")) != text(one.key_for("egret/other")));
        CHECK(text(one.key_for("egret/link")) != text(two.key_for("egret/link")));
        CHECK(text(one.key_for("egret/link")) != std::string(text_of(one.view())));
    }
}

}  // namespace
}  // namespace egret::keys
