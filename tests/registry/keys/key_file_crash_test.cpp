// A key file outlives what happens to programs and disks: it is the old one or the new one, and a
// wrong PIN stays counted.

#include "registry/crypto/crypto_error.h"
#include "registry/keys/key_file.h"
#include "tests/registry/keys/key_fixture.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/killed_child.h"
#include "tests/support/rights.h"

#include <doctest/doctest.h>

#include <fstream>
#include <new>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace egret::keys {
namespace {

using tests::cheap;
using tests::KeyFixture;
using tests::user_id;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_memory_unlimited = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_memory_unlimited = true;
#else
constexpr bool is_memory_unlimited = false;
#endif
#else
constexpr bool is_memory_unlimited = false;
#endif

/// How many bytes of addresses this process has.
rlim_t address_bytes() {
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

/// What earlier tests gave back, and could be had again without new addresses.
std::vector<std::vector<char>> take_large_blocks() {
    constexpr std::size_t block_bytes = 33 * 1024 * 1024;  // More than the room that is left.
    std::vector<std::vector<char>> blocks;
    try {
        for (;;) {
            std::vector<char> block;
            block.reserve(block_bytes);
            blocks.push_back(std::move(block));
        }
    } catch (const std::bad_alloc&) {
        return blocks;
    }
}

void wait_for(pid_t child) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

/// Runs `work` in so many processes at once; each must give true.
template <class Work>
void run_at_once(int count, Work work) {
    std::vector<pid_t> children;
    for (int i = 0; i < count; ++i) {
        const auto child = ::fork();
        if (child == 0) ::_exit(work(i) ? 0 : 1);
        children.push_back(child);
    }
    for (const auto child : children) wait_for(child);
}

TEST_SUITE("registry/keys/crash") {
    TEST_CASE("a program that ends between counting a try and making it has used it up") {
        if (is_memory_unlimited) {
            MESSAGE("left out: a sanitizer takes all the addresses");
            return;
        }
        const KeyFixture made(guess_cost);
        run_at_once(1, [&](int) {
            auto file = made.load();
            // There is memory for all but the guess, which takes 64 MiB.
            const auto room = address_bytes() + 32 * 1024 * 1024;
            const rlimit limit{room, room};
            ::setrlimit(RLIMIT_AS, &limit);
            const auto taken = take_large_blocks();
            try {
                (void)made.unlock(file, "482915");
            } catch (const crypto::CryptoError&) {
                return true;
            }
            return false;
        });
        CHECK(made.load().tries_of(user_id(1)).failed == 1);
    }

    TEST_CASE("wherever a program is killed, the file is the old one or the new one") {
        const KeyFixture made;
        const auto kills = [&](auto work, auto look) {
            int at = 0;
            while (tests::is_killed_at(at, work)) {
                const auto file = KeyFile::load(made.dir.path());
                CAPTURE(at);
                REQUIRE(file);
                look(*file);
                ++at;
            }
            return at;
        };
        bool was_there = false;
        const auto adding = kills(
            [&] {
                auto file = made.load();
                SeededRandom random(1);
                (void)file.add_user(made.key(), user_id(2), "陈玉兰", made.new_pin("593026"),
                                    random);
            },
            [&](const KeyFile& file) {
                const auto users = file.users().size();
                CHECK((users == 2 || (users == 1 && !was_there)));
                was_there = users == 2;
            });
        CHECK(adding > 8);
        CHECK(was_there);
        auto file = made.load();
        CHECK(made.is_key(made.unlock(file, "593026", 0, 2)));
        CHECK(made.is_key(made.unlock(file, "482915")));

        // A wrong PIN: each that was killed late enough is one more, and none is ever taken back.
        std::uint32_t failed = 0;
        const auto trying = kills(
            [&] {
                auto mine = made.load();
                (void)made.unlock(mine, "111222", 100.0 * failed);
            },
            [&](const KeyFile& seen) {
                const auto now = seen.tries_of(user_id(1)).failed;
                CHECK((now == failed || now == failed + 1));
                failed = now;
            });
        CHECK(trying > 8);
        CHECK(failed > 0);
    }

    TEST_CASE("on a full disk nothing is tried, and the file stays as it was") {
        KeyFixture made;
        auto& file = made.file();
        bool is_refused = false;
        bool is_unchanged = false;
        {
            const tests::FileSizeLimit full(100);
            try {
                (void)made.unlock(file, "482915");
            } catch (const std::system_error&) {
                is_refused = true;
            }
            try {
                (void)file.set_pin(made.key(), user_id(1), made.new_pin("593026"), made.random);
            } catch (const std::system_error&) {
                is_unchanged = true;
            }
        }
        CHECK(is_refused);
        CHECK(is_unchanged);
        CHECK(file.tries_of(user_id(1)) == Tries{});
        CHECK(made.is_key(made.unlock(file, "482915")));
    }

    TEST_CASE("on a protected disk the sheet still opens it") {
        tests::ProtectedDisk disk;
        if (!disk.is_there()) {
            MESSAGE("left out: no disk can be made here");
            return;
        }
        SeededRandom random(1);
        const auto none = DeviceSecret::none();
        const auto code = RecoveryCode::make(random);
        auto made = KeyFile::create(
            disk.path(), {{{1}}, user_id(1), "Lin", {bytes_of("482915"), none, cheap}, code},
            random);
        REQUIRE(made);
        disk.protect();
        CHECK_THROWS_AS((void)made->file.unlock_with_pin(user_id(1), bytes_of("482915"), none, {}),
                        std::system_error);
        CHECK(made->file.unlock_with_recovery(code));
    }

    TEST_CASE("of many programs at once none loses another's change, or a try") {
        const KeyFixture made;
        run_at_once(5, [&](int i) {
            auto file = made.load();
            SeededRandom random(static_cast<std::uint64_t>(i));
            const auto id = user_id(static_cast<std::uint8_t>(10 + i));
            const bool is_added{file.add_user(made.key(), id, "user " + std::to_string(i),
                                              made.new_pin("593026"), random)};
            return is_added && !made.unlock(file, "111222");
        });
        auto file = made.load();
        CHECK(file.users().size() == 6);
        CHECK(file.tries_of(user_id(1)).failed == 5);
    }
}

}  // namespace
}  // namespace egret::keys
