#include "sync/stick/stick.h"

#include "tests/support/temp_dir.h"
#include "tests/sync/stick/broken_disk.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

namespace egret::stick {
namespace {

namespace fs = std::filesystem;

struct StickFolder {
    StickFolder() { fs::create_directory(path); }

    tests::TempDir dir;
    std::string path = dir.file("stick");
    sync::StickName receipt{sync::StickKind::receipt, DeviceId{{1}}, 0, 0, 0, {}};
    sync::StickName call{sync::StickKind::call, DeviceId{{1}}, 0, 0, 0, {}};
};

}  // namespace

TEST_SUITE("sync/stick/stick") {
    TEST_CASE_FIXTURE(StickFolder, "what was written lies there, and nothing else is touched") {
        const Stick stick(path);
        REQUIRE(stick.find());
        CHECK(stick.up().empty());
        CHECK_FALSE(fs::exists(path + "/egret"));
        fs::create_directories(path + "/egret/up");
        std::ofstream(path + "/egret/up/holiday.jpg") << "sun";
        REQUIRE(stick.write(call, Bytes{1, 2}));
        REQUIRE(stick.write(receipt, Bytes{3}));
        CHECK(stick.up() == std::vector{call});
        CHECK(stick.down() == std::vector{receipt});
        CHECK(stick.read(call) == Bytes{1, 2});
        REQUIRE(stick.write(call, Bytes{4}));
        CHECK(stick.read(call) == Bytes{4});
        stick.remove(call);
        CHECK(stick.up().empty());
        CHECK_FALSE(stick.read(call));
        CHECK(fs::exists(path + "/egret/up/holiday.jpg"));
    }

    TEST_CASE_FIXTURE(StickFolder, "where nothing is plugged in no folder is made") {
        const Stick stick(dir.file("nowhere"));
        const auto found = stick.find();
        REQUIRE_FALSE(found);
        CHECK(found.error().message.id == "stick.no_folder");
        CHECK_FALSE(stick.write(receipt, Bytes{1}));
        CHECK_FALSE(fs::exists(dir.file("nowhere")));
    }

    TEST_CASE_FIXTURE(StickFolder, "what is wrong with a stick is said by what can be done") {
        const std::pair<int, const char*> troubles[] = {
            {ENOSPC, "stick.full"}, {EROFS, "stick.read_only"}, {EACCES, "stick.read_only"},
            {ENOENT, "stick.gone"}, {EIO, "stick.gone"},
        };
        for (const auto& [trouble, id] : troubles) {
            for (const int writes : {0, 1}) {
                tests::BrokenDisk disk(writes, trouble);
                const auto written = Stick(path, disk).write(receipt, Bytes{1});
                REQUIRE_FALSE(written);
                CHECK(written.error().message.id == std::string(id));
            }
        }
    }
}

}  // namespace egret::stick
