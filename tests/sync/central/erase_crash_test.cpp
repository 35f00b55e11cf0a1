// A centre on a simulated disk erases a woman, and its power is cut at every operation.

#include "registry/coverage/indicator.h"
#include "registry/sqlite/error.h"
#include "sync/central/centre_device.h"
#include "sync/central/desk.h"
#include "tests/support/sim_disk.h"
#include "tests/sync/central/feed_fixture.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <span>

namespace egret::central {
namespace {

using tests::DiskFault;

struct CutErasure : tests::FeedFixture {
    CutErasure() {
        ingester.reset();
        auto made = SqliteStore::create(path, options());
        REQUIRE(made);
        store = *std::move(made);
        open_ingester();
        auto machine = join(add_clinic());
        woman = new_woman();
        other = new_woman();
        for (const auto& one : {woman, other}) {
            (void)say(machine, one, registration());
            (void)say(machine, one, Visit{});
        }
        REQUIRE(desk().add_user("Chen", CentreRole::officer));
        close();
        image = disk.files();
    }

    ~CutErasure() { close(); }

    StoreOptions options() const {
        StoreOptions chosen;
        chosen.vfs_name = mount.vfs_name();
        chosen.base_vfs = disk.vfs_name();
        chosen.is_exclusive = true;
        chosen.indicators = std::span(coverage::known_indicators()).first(3);
        chosen.keys_path = keys_path;
        return chosen;
    }

    CentreDesk desk() { return {*store, load_centre_device(*store, *keys), zone, clock, random}; }

    void close() {
        ingester.reset();
        store.reset();
    }

    void open() {
        NoProgress nobody;
        auto opened = SqliteStore::open(path, nobody, options());
        REQUIRE(opened);
        store = *std::move(opened);
        open_ingester();
    }

    Result<DeskErased> erase() { return desk().erase("Chen", woman, false, "she asked"); }

    /// With the store closed.
    std::int64_t count_in(const char* file, const std::string& sql) {
        sqlite::OpenOptions opened;
        opened.path = file;
        opened.vfs_name = mount.vfs_name();
        opened.exclusive = true;
        sqlite::Database db(opened);
        sqlite::Statement statement(db, sql);
        return statement.start().single().int64(0);
    }

    std::int64_t payloads() {
        return count_in(path,
                        "SELECT count(*) FROM payload p JOIN event e USING (position) "
                        "WHERE e.woman_ix = 1 AND e.type <> 100");
    }

    bool has_key() {
        return count_in(keys_path, "SELECT count(*) FROM woman_key WHERE woman_ix = 1") > 0;
    }

    static constexpr auto path = "/centre/centre.db";
    static constexpr auto keys_path = "/centre/keys.db";
    tests::SimDisk disk{1};
    SeededRandom chance{2};
    vault::Mount mount{tests::test_data_key().view(), chance, disk.vfs_name()};
    WomanId woman;
    WomanId other;
    tests::SimDisk::Files image;
};

}  // namespace

TEST_SUITE("sync/central/erase_crash") {
    TEST_CASE_FIXTURE(CutErasure,
                      "a power cut leaves her as she was or erased, and again does the rest") {
        std::uint64_t cuts = 0;
        std::uint64_t left = 0;
        std::uint64_t half = 0;
        for (bool is_whole = false; !is_whole; ++cuts) {
            CAPTURE(cuts);
            disk.set_files(image);
            disk.set_seed(cuts);
            disk.fail_at(cuts + 1, DiskFault::power_cut);
            try {
                open();
                const auto erased = erase();
                REQUIRE(erased);
                is_whole = true;
            } catch (const sqlite::SqliteError&) {
                CHECK(disk.has_failed());
            }
            close();
            disk.crash();
            const auto there = payloads();
            CHECK((there == 2 || there == 0));
            // Her key goes last: while there is something to be read, it is there.
            if (there == 2) CHECK(has_key());
            if (there == 2) ++left;
            if (there == 0 && has_key()) ++half;
            open();
            const auto again = erase();
            CHECK((again || again.error().message.id == std::string_view("desk.erased_already")));
            CHECK(store->count_erased() == 1);
            if (cuts % 16 == 0) {
                NoProgress nobody;
                CHECK(store->check("/centre/copy.db", zone.local_day(clock.now()), nobody).empty());
            }
            close();
            CHECK(payloads() == 0);
            CHECK_FALSE(has_key());
        }
        MESSAGE(cuts << " cuts, " << left << " left her as she was, " << half << " half-way");
        CHECK(left > 10);
        CHECK(half > 0);
    }
}

}  // namespace egret::central
