#include "cli/new_file.h"

#include "tests/support/file_size_limit.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <system_error>

namespace egret::cli {
namespace {

TEST_SUITE("cli/new_file") {
    TEST_CASE("a new file is there whole, or not at all") {
        const tests::TempDir dir;
        const auto folder = dir.file("stick");
        std::filesystem::create_directory(folder);
        {
            auto file = NewFile::create(folder + "/a");
            REQUIRE(file);
            (*file)->stream() << std::string(100'000, 'x') << std::flush;
        }
        CHECK(std::filesystem::is_empty(folder));
        auto file = NewFile::create(folder + "/a");
        REQUIRE(file);
        (*file)->stream() << std::string(100'000, 'x');
        REQUIRE((*file)->commit());
        CHECK(tests::read_file(folder + "/a") == std::string(100'000, 'x'));
        CHECK_FALSE(NewFile::create(folder + "/a"));
    }

    TEST_CASE("one for which there is no room says why, and leaves nothing") {
        const tests::TempDir dir;
        const auto folder = dir.file("stick");
        std::filesystem::create_directory(folder);
        {
            const tests::FileSizeLimit full(1000);
            auto file = NewFile::create(folder + "/a");
            REQUIRE(file);
            (*file)->stream() << std::string(100'000, 'x');
            std::error_code reason;
            try {
                (void)(*file)->commit();
            } catch (const std::system_error& thrown) {
                reason = thrown.code();
            }
            CHECK(reason == std::errc::file_too_large);
        }
        CHECK(std::filesystem::is_empty(folder));
    }
}

}  // namespace
}  // namespace egret::cli
