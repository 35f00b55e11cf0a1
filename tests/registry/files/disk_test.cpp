#include "registry/files/disk.h"

#include "registry/files/private_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace egret::files {
namespace {

namespace fs = std::filesystem;

TEST_SUITE("registry/files/disk") {
    TEST_CASE("this machine's disk: files, folders and locks") {
        const tests::TempDir dir;
        auto& disk = system_disk();
        const auto home = dir.file("above/home");
        disk.make_folder(home + "/");
        CHECK(disk.is_folder(home));
        CHECK(fs::status(home).permissions() == fs::perms::owner_all);
        disk.make_folder(home);
        CHECK(disk.names_in(home).empty());
        CHECK(disk.names_in(home + "/none").empty());

        const auto path = home + "/keys";
        CHECK_FALSE(disk.is_there(path));
        CHECK_FALSE(disk.read(path, 10));
        disk.replace(path, bytes_of("old"));
        disk.replace(path, bytes_of("newer"));
        CHECK(disk.is_there(path));
        CHECK_FALSE(disk.is_folder(path));
        CHECK(*disk.read(path, 5) == copy_of(bytes_of("newer")));
        CHECK_FALSE(disk.read(path, 4));
        CHECK(disk.names_in(home) == std::vector<std::string>{"keys"});

        const auto draft = home + "/draft";
        create_private_file(draft, bytes_of("third"));
        CHECK_FALSE(disk.place_new(draft, path));
        CHECK(disk.place_new(draft, home + "/other"));
        disk.remove(path);
        disk.remove(path);
        CHECK(disk.names_in(home) == std::vector<std::string>{"other"});

        auto lock = disk.take_lock(home + "/lock");
        REQUIRE(lock);
        CHECK_FALSE(disk.take_lock(home + "/lock"));
        lock.reset();
        CHECK(disk.take_lock(home + "/lock"));
    }

    TEST_CASE("what can't be is thrown, and a file in the place of a folder is no folder") {
        const tests::TempDir dir;
        auto& disk = system_disk();
        const auto file = dir.file("file");
        disk.replace(file, bytes_of("x"));
        disk.make_folder(file);
        CHECK_FALSE(disk.is_folder(file));
        CHECK_THROWS_AS(disk.make_folder(file + "/below"), std::system_error);
        CHECK_THROWS_AS(disk.replace(file + "/below", bytes_of("y")), std::system_error);
        CHECK_THROWS_AS(disk.take_lock(file + "/below"), std::system_error);
        CHECK_THROWS_AS(disk.read(dir.path(), 10), std::system_error);
    }
}

}  // namespace
}  // namespace egret::files
