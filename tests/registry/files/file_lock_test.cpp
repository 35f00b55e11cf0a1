#include "registry/files/file_lock.h"

#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <system_error>

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

    TEST_CASE("where no file can be made there is no lock, and it is not said to be taken") {
        const tests::TempDir dir;
        CHECK_THROWS_AS(FileLock::take(dir.file("none/lock")), std::system_error);
    }
}

}  // namespace
}  // namespace egret
