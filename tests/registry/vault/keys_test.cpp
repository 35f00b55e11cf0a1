#include "registry/base/random.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/vault/key_ring.h"
#include "registry/vault/locked_key.h"
#include "registry/vault/page_cipher.h"
#include "tests/registry/vault/vault_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace egret::vault {
namespace {

// The sanitizers leave mlock() out.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_locking_left_out = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_locking_left_out = true;
#else
constexpr bool is_locking_left_out = false;
#endif
#else
constexpr bool is_locking_left_out = false;
#endif

/// Kilobytes that the kernel keeps in memory for this process.
long locked_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        long kib = 0;
        if (word == "VmLck:" && status >> kib) return kib;
    }
    return -1;
}

/// The flags of the mapping that holds `place`: "lo" is locked, "dd" is left out of core dumps.
std::string flags_of_memory(const void* place) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(place);
    std::ifstream maps("/proc/self/smaps");
    bool is_here = false;
    for (std::string line; std::getline(maps, line);) {
        const auto dash = line.find('-');
        const auto space = line.find(' ');
        if (dash != std::string::npos && dash < space && line.find(':') > space) {
            is_here = std::stoull(line.substr(0, dash), nullptr, 16) <= wanted &&
                      wanted < std::stoull(line.substr(dash + 1, space - dash - 1), nullptr, 16);
        }
        if (is_here && line.starts_with("VmFlags:")) return line + " ";
    }
    return "";
}

TEST_SUITE("registry/vault/keys") {
    TEST_CASE("a key is in locked memory that no core dump has") {
        const auto before = locked_kib();
        {
            const LockedKey key(tests::test_key());
            const auto expected = tests::test_key();
            CHECK(std::equal(expected.begin(), expected.end(), key.view().begin()));
            CHECK((is_locking_left_out || locked_kib() > before));
            const auto flags = flags_of_memory(key.view().data());
            CHECK((is_locking_left_out || flags.find(" lo ") != std::string::npos));
            CHECK(flags.find(" dd ") != std::string::npos);
        }
        CHECK(locked_kib() == before);
    }

    TEST_CASE("a key is locked in a process that was forked, too") {
        const LockedKey key(tests::test_key());
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            const auto flags = flags_of_memory(key.view().data());
            ::_exit(flags.find(" lo ") != std::string::npos ? 0 : 1);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK((is_locking_left_out || status == 0));
    }

    TEST_CASE("an id belongs to the key that made it") {
        SeededRandom random(1);
        const KeyRing ring(tests::test_key(), random);
        const KeyRing other(tests::test_key(2), random);
        const auto id = ring.new_file_id();
        CHECK(ring.owns(id));
        CHECK_FALSE(other.owns(id));
        CHECK(ring.new_file_id() != id);
        for (std::size_t at = 0; at < id.size(); ++at) {
            auto changed = id;
            changed[at] ^= 1;
            CHECK_FALSE(ring.owns(changed));
        }
    }

    TEST_CASE("keys differ by file, by use and by the key they come from") {
        SeededRandom random(1);
        const KeyRing ring(tests::test_key(), random);
        const KeyRing other(tests::test_key(2), random);
        const auto id = ring.new_file_id();
        const auto key = copy_of(ring.key_for(id, "pages", 32));
        CHECK(copy_of(ring.key_for(id, "pages", 32)) == key);
        CHECK(copy_of(ring.key_for(id, "frame headers", 32)) != key);
        CHECK(copy_of(ring.key_for(ring.new_file_id(), "pages", 32)) != key);
        CHECK(copy_of(other.key_for(id, "pages", 32)) != key);
    }

    TEST_CASE("a check tells one key from another") {
        SeededRandom random(1);
        CHECK(KeyRing(tests::test_key(), random).check() ==
              KeyRing(tests::test_key(), random).check());
        CHECK(KeyRing(tests::test_key(), random).check() !=
              KeyRing(tests::test_key(2), random).check());
    }

    TEST_CASE("what was sealed by any release is opened by all later ones") {
        SeededRandom random(1);
        const KeyRing ring(tests::test_key(), random);
        const auto id = ring.new_file_id();
        PageCipher cipher(ring, id);
        Bytes plain(page_bytes, 'p');
        std::fill(plain.end() - seal_bytes, plain.end(), std::uint8_t{0});
        Bytes pages;
        for (const PagePlace place :
             {PagePlace{PageKind::database, 0}, PagePlace{PageKind::database, 4096},
              PagePlace{PageKind::journal, 516}, PagePlace{PageKind::wal, 56}}) {
            Bytes sealed(page_bytes);
            cipher.seal(place, PageView(plain.data(), page_bytes), Page(sealed.data(), page_bytes));
            append(pages, sealed);
        }
        FrameHeader header;
        header.fill('h');
        append(pages, cipher.hide(32, header));
        append(pages, cipher.checksum_mask(PageView(pages.data(), page_bytes)));
        append(pages, ring.check());
        // Opened, too, by another implementation from the description in docs/vault.md.
        CHECK(to_hex(crypto::sha256(pages)) ==
              "1a27d7e231d4767b892d13b466d08b03e7d7050dd7c8d9fdaebbdc815b4bd9ce");
    }

    TEST_CASE("no nonce comes twice, over many more pages than are drawn at a time") {
        SeededRandom random(1);
        const KeyRing ring(tests::test_key(), random);
        PageCipher cipher(ring, ring.new_file_id());
        const Bytes plain(page_bytes, 0);
        std::vector<Bytes> nonces;
        for (int i = 0; i < 1000; ++i) {
            Bytes sealed(page_bytes);
            cipher.seal({PageKind::wal, 32}, PageView(plain.data(), page_bytes),
                        Page(sealed.data(), page_bytes));
            nonces.emplace_back(sealed.end() - seal_bytes, sealed.end() - seal_bytes + 12);
        }
        std::sort(nonces.begin(), nonces.end());
        CHECK(std::adjacent_find(nonces.begin(), nonces.end()) == nonces.end());
    }
}

}  // namespace
}  // namespace egret::vault
