#include "registry/files/file_lock.h"

#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace egret {
namespace {

TEST_SUITE("registry/files/file_lock") {
    TEST_CASE("a lock is one's alone until it goes") {
        const tests::TempDir dir;
        {
            const auto mine = FileLock::take(dir.file("lock"));
            CHECK(mine);
            CHECK_FALSE(FileLock::take(dir.file("lock")));
            CHECK(FileLock::take(dir.file("another")));
        }
        CHECK(FileLock::take(dir.file("lock")));
    }

    TEST_CASE("who waits for a lock has it when the other has let it go") {
        const tests::TempDir dir;
        int ends[2] = {};
        REQUIRE(::pipe(ends) == 0);
        // The other one holds it first: a lock that was there at a fork would be both's.
        const auto child = ::fork();
        if (child == 0) {
            const auto theirs = FileLock::wait(dir.file("lock"));
            const bool is_told = ::write(ends[1], "!", 1) == 1;
            std::ofstream(dir.file("done")) << "done";
            ::_exit(is_told ? 0 : 1);
        }
        char told = 0;
        CHECK(::read(ends[0], &told, 1) == 1);
        const auto mine = FileLock::wait(dir.file("lock"));
        CHECK(std::filesystem::exists(dir.file("done")));
        int status = 0;
        CHECK(::waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
        ::close(ends[0]);
        ::close(ends[1]);
        CHECK_THROWS_AS(FileLock::wait(dir.file("none/lock")), std::system_error);
    }

    TEST_CASE("where no file can be made there is no lock, and it is not said to be taken") {
        const tests::TempDir dir;
        CHECK_THROWS_AS(FileLock::take(dir.file("none/lock")), std::system_error);
    }
}

}  // namespace
}  // namespace egret
