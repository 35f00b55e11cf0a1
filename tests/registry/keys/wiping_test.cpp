// What was typed, and the data key, are nowhere in this process's memory once they are not needed.

#include "registry/crypto/random_bytes.h"
#include "registry/crypto/wipe.h"
#include "tests/registry/keys/key_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

namespace egret::keys {
namespace {

using tests::cheap;
using tests::user_id;

// The sanitizers watch who reads what, and keep what was freed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_memory_watched = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_memory_watched = true;
#else
constexpr bool is_memory_watched = false;
#endif
#else
constexpr bool is_memory_watched = false;
#endif

constexpr std::uint8_t mask = 0x5A;
constexpr std::size_t needle_bytes = 16;

/// The end of a secret, masked, so that a search for it doesn't find itself: memory that is given
/// back loses its beginning anyway.
using Needle = Fixed<needle_bytes>;

Needle needle_of(ByteView secret) {
    REQUIRE(secret.size() >= needle_bytes);
    Needle needle{};
    for (std::size_t i = 0; i < needle_bytes; ++i)
        needle[i] = static_cast<std::uint8_t>(secret.last(needle_bytes)[i] ^ mask);
    return needle;
}

bool is_at(const std::uint8_t* place, const Needle& needle) {
    for (std::size_t i = 0; i < needle_bytes; ++i) {
        if ((place[i] ^ mask) != needle[i]) return false;
    }
    return true;
}

/// How often it stands in memory that this process can write.
int times_in_memory(const Needle& needle) {
    int times = 0;
    std::ifstream maps("/proc/self/maps");
    void* begin = nullptr;
    void* end = nullptr;
    char dash = 0;
    for (std::string rights, rest;
         maps >> begin >> dash >> end >> rights && std::getline(maps, rest);) {
        if (!rights.starts_with("rw") || rest.find("[v") != std::string::npos) continue;
        const auto* place = static_cast<const std::uint8_t*>(begin);
        const auto* last = static_cast<const std::uint8_t*>(end) - needle_bytes;
        for (; place <= last; ++place) times += is_at(place, needle) ? 1 : 0;
    }
    return times;
}

/// A PIN that stands in no text of this program.
crypto::Secret draw_pin() {
    crypto::SystemRandom random;
    auto pin = crypto::Secret::of_size(24);
    random.fill(pin.span());
    for (auto& byte : pin.span()) byte = static_cast<std::uint8_t>('A' + byte % 26);
    return pin;
}

struct Needles {
    Needle pin;
    Needle code;
    Needle typed_code;
    Needle plain_code;
    Needle device;
    Needle key;
};

Needles make_and_open(const std::string& dir) {
    crypto::SystemRandom random;
    const auto pin = draw_pin();
    const auto device = *DeviceSecret::make_file(dir, "device.key", random);
    const auto code = RecoveryCode::make(random);
    auto made =
        *KeyFile::create(dir, {{{1}}, user_id(1), "Lin", {pin, device, cheap}, code}, random);
    auto text = code.text();
    const crypto::Secret typed(bytes_of(text));
    auto plain = crypto::Secret::of_size(28);  // Without hyphens, and without the check.
    std::copy_if(text.begin(), text.begin() + 34, plain.span().begin(),
                 [](char c) { return c != '-'; });
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});

    auto file = *KeyFile::load(dir);
    const auto loaded = *DeviceSecret::load(file.device(), {dir, "", {}, nullptr});
    CHECK(file.unlock_with_pin(user_id(1), pin, loaded, tests::at_minute(0)));
    CHECK(file.unlock_with_recovery(*RecoveryCode::parse(text_of(typed))));
    CHECK_FALSE(file.unlock_with_pin(user_id(1), draw_pin(), loaded, tests::at_minute(0)));
    Needles needles{needle_of(pin),   needle_of(code.secret()), needle_of(typed),
                    needle_of(plain), needle_of(device.view()), needle_of(made.key.view())};
    CHECK(times_in_memory(needles.pin) == 1);  // The search finds what is there.
    CHECK(times_in_memory(needles.device) == 2);
    CHECK(times_in_memory(needles.key) == 1);
    return needles;
}

TEST_SUITE("registry/keys/wiping") {
    TEST_CASE("no PIN, code, machine's secret or data key is left in memory") {
        if (is_memory_watched) {
            MESSAGE("left out: a sanitizer watches the memory");
            return;
        }
        const tests::TempDir dir;
        const auto needles = make_and_open(dir.path());
        CHECK(times_in_memory(needles.pin) == 0);
        CHECK(times_in_memory(needles.code) == 0);
        CHECK(times_in_memory(needles.typed_code) == 0);
        CHECK(times_in_memory(needles.plain_code) == 0);
        CHECK(times_in_memory(needles.device) == 0);
        CHECK(times_in_memory(needles.key) == 0);
    }
}

}  // namespace
}  // namespace egret::keys
