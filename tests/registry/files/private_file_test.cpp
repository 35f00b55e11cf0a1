#include "registry/files/private_file.h"

#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <system_error>

namespace egret {
namespace {

TEST_SUITE("registry/files/private_file") {
    TEST_CASE("a file is replaced whole, and is its owner's alone") {
        const tests::TempDir dir;
        const auto path = dir.file("keys");
        CHECK_FALSE(read_small_file(path, 10));
        replace_private_file(path, bytes_of("one"));
        replace_private_file(path, bytes_of("another"));
        CHECK(text_of(*read_small_file(path, 10)) == "another");
        CHECK_FALSE(read_small_file(path, 6));
        const auto rights = std::filesystem::status(path).permissions();
        CHECK((rights & std::filesystem::perms::mask) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), {}) == 1);
    }

    TEST_CASE("a new file takes nobody's place, and is its owner's alone") {
        const tests::TempDir dir;
        const auto path = dir.file("key");
        create_private_file(path, bytes_of("one"));
        CHECK_THROWS_AS(create_private_file(path, bytes_of("another")), std::system_error);
        CHECK(text_of(*read_small_file(path, 10)) == "one");
        const auto rights = std::filesystem::status(path).permissions();
        CHECK((rights & std::filesystem::perms::mask) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        sync_folder(dir.path());
        CHECK_THROWS_AS(sync_folder(dir.file("none")), std::system_error);
    }

    TEST_CASE("of a file as much is read as there is room for") {
        const tests::TempDir dir;
        const auto path = dir.file("key");
        Bytes room(4);
        CHECK_FALSE(read_file_into(room, path));
        create_private_file(path, bytes_of("secret"));
        CHECK(read_file_into(room, path) == 4);
        CHECK(text_of(room) == "secr");
        room.resize(10);
        CHECK(read_file_into(room, path) == 6);
    }

    TEST_CASE("a folder that isn't there throws, and leaves nothing") {
        const tests::TempDir dir;
        CHECK_THROWS_AS(replace_private_file(dir.file("none/keys"), bytes_of("x")),
                        std::system_error);
    }
}

}  // namespace
}  // namespace egret
