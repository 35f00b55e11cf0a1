// A backup is read again before it gets its name: what a disk spoilt meanwhile is no backup.

#include "registry/service/backup.h"

#include "registry/store/log_check.h"
#include "tests/registry/service/keyed_fixture.h"
#include "tests/support/killed_child.h"
#include "tests/support/sqlite_file.h"

#include <filesystem>
#include <fstream>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

struct BackupFixture : tests::KeyedFixture {
    enum Ending : int { written, refused };

    std::string copy() const { return dir.file("copies/copy"); }

    int back_up() {
        try {
            auto opened = open(home(), *before);
            return opened && write_backup(**opened, home(), copy()) ? written : refused;
        } catch (const std::exception&) {
            return refused;
        }
    }

    /// As a bad disk does: one bit in the middle of the copy that has no name yet, if there is one.
    bool spoil() {
        for (const auto& entry : fs::directory_iterator(dir.file("copies"))) {
            const auto path = entry.path().string();
            if (path.find(".new-") == std::string::npos || path.ends_with("-journal")) continue;
            auto content = tests::read_file(path);
            if (content.size() < 8192) return false;
            content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
            std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(static_cast<std::streamoff>(content.size() / 2));
            file.put(content[content.size() / 2]);
            return true;
        }
        return false;
    }

    bool is_whole() {
        const auto place = dir.file("restored");
        fs::remove_all(place);
        if (!restore_backup(copy(), place, random)) return false;
        auto opened = open(place, *before);
        NoProgress quiet;
        return opened && (*opened)->check(quiet).empty();
    }
};

TEST_SUITE("registry/service/backup") {
    TEST_CASE_FIXTURE(BackupFixture, "what a disk spoils while it is written is no backup") {
        int spoilt = 0;
        int written_over = 0;
        for (int at = 0;; ++at) {
            CAPTURE(at);
            fs::remove_all(dir.file("copies"));
            fs::create_directory(dir.file("copies"));
            bool is_spoilt = false;
            const auto ending = tests::meet_at(
                at, [&] { return back_up(); }, [&] { is_spoilt = spoil(); });
            if (ending < 0) break;
            if (ending == written) {
                CHECK(is_whole());
                if (is_spoilt) ++written_over;
                continue;
            }
            CHECK(is_spoilt);
            CHECK(fs::is_empty(dir.file("copies")));
            ++spoilt;
        }
        MESSAGE("spoilt and refused: " << spoilt << ", written over: " << written_over);
        CHECK(spoilt > 3);
    }
}

}  // namespace
}  // namespace egret::service
