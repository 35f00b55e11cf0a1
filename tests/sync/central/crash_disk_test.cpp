// A centre whose file lies encrypted on a simulated disk: its power is cut at every operation.

#include "registry/coverage/indicator.h"
#include "registry/sqlite/error.h"
#include "sync/central/centre_device.h"
#include "sync/central/desk.h"
#include "tests/support/sim_disk.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <span>

namespace egret::central {
namespace {

using tests::DiskFault;

/// The keys are files of this machine, and the store is on the disk that loses its power.
struct CutCentre : tests::TestCentre {
    CutCentre() {
        ingester.reset();
        store = *SqliteStore::create(path, options());
        open_ingester();
    }

    ~CutCentre() { close(); }

    StoreOptions options() const {
        StoreOptions chosen;
        chosen.vfs_name = mount.vfs_name();
        chosen.base_vfs = disk.vfs_name();
        chosen.is_exclusive = true;
        chosen.indicators = std::span(coverage::known_indicators()).first(3);
        return chosen;
    }

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

    static constexpr auto path = "/centre/centre.db";
    tests::SimDisk disk{1};
    SeededRandom chance{2};
    vault::Mount mount{tests::test_data_key().view(), chance, disk.vfs_name()};
};

TEST_SUITE("sync/central/crash_disk") {
    TEST_CASE_FIXTURE(CutCentre,
                      "the power is cut at every operation: what was acknowledged is "
                      "there, and the rest can be sent again") {
        auto device = enrol(add_clinic());
        device.record(9);
        const std::vector<Bytes> envelopes = {device.envelope(1, 3), device.envelope(3, 4),
                                              device.envelope(7, 3)};
        close();
        const auto image = disk.files();
        std::uint64_t cuts = 0;
        for (bool is_whole = false; !is_whole; ++cuts) {
            CAPTURE(cuts);
            disk.set_files(image);
            disk.set_seed(cuts);
            disk.fail_at(cuts + 1, DiskFault::power_cut);
            sync::ChainHead acknowledged;
            try {
                open();
                for (const auto& envelope : envelopes) {
                    const auto reply = send(envelope);
                    REQUIRE(reply);
                    acknowledged = {reply->standing.head_seq, reply->standing.head_hash};
                }
                is_whole = true;
            } catch (const sqlite::SqliteError&) {
                CHECK(disk.has_failed());
            }
            close();
            disk.crash();
            open();
            const auto head = store->head(device.id);
            CHECK(head.seq >= acknowledged.seq);
            if (head.seq > 0) CHECK(device.log.find_hash(head.seq) == head.hash);
            for (const auto& envelope : envelopes) REQUIRE(send(envelope));
            CHECK(store->head(device.id).seq == 9);
            NoProgress nobody;
            CHECK(store->verify("/centre/copy.db", tests::day("2026-03-04"), nobody).empty());
            CHECK_FALSE(disk.is_there("/centre/copy.db"));
            close();
        }
        CHECK(cuts > 40);
        MESSAGE(cuts << " cuts of the power");
    }

    TEST_CASE_FIXTURE(CutCentre,
                      "the power is cut amid an officer's act: all of it is there, or nothing") {
        auto device = enrol(add_clinic());
        device.record(3);
        REQUIRE(send(device.envelope(1, 3)));
        const auto event = codec::decode_header(device.log.all.front().header)->uid;
        const auto centre = load_centre_device(*store, *keys);
        REQUIRE(
            CentreDesk(*store, centre, zone, clock, random).add_user("Chen", CentreRole::officer));
        close();
        const auto image = disk.files();
        const auto take_back = [&] {
            return CentreDesk(*store, centre, zone, clock, random).void_fact("Chen", event, "Why");
        };
        std::uint64_t cuts = 0;
        for (bool is_whole = false; !is_whole; ++cuts) {
            CAPTURE(cuts);
            disk.set_files(image);
            disk.set_seed(cuts);
            disk.fail_at(cuts + 1, DiskFault::power_cut);
            bool is_done = false;
            try {
                open();
                is_done = bool(take_back());
                REQUIRE(is_done);
                is_whole = true;
            } catch (const sqlite::SqliteError&) {
                CHECK(disk.has_failed());
            }
            close();
            disk.crash();
            open();
            NoProgress nobody;
            CHECK(store->verify("/centre/copy.db", tests::day("2026-03-04"), nobody).empty());
            const auto said = store->head(centre).seq;
            if (is_done) CHECK(said == 1);
            // Once more it is refused, or done now.
            CHECK(bool(take_back()) == (said == 0));
            CHECK(store->head(centre).seq == 1);
            CHECK(store->verify("/centre/copy.db", tests::day("2026-03-04"), nobody).empty());
            close();
        }
        CHECK(cuts > 20);
    }

    TEST_CASE_FIXTURE(CutCentre, "what is counted is what the store was opened with") {
        NoProgress nobody;
        auto device = enrol(add_clinic());
        device.record(3);
        REQUIRE(send(device.envelope(1, 3)));
        close();
        auto all = options();
        all.indicators = coverage::known_indicators();
        const auto verify = [&] {
            const auto opened = SqliteStore::open(path, nobody, all);
            REQUIRE(opened);
            return (*opened)->verify("/centre/copy.db", tests::day("2026-03-04"), nobody);
        };
        all.stale = store::StaleProjections::leave;
        const auto faults = verify();
        REQUIRE(faults.size() == 1);
        CHECK(faults.front().kind == "stale_projections");
        all.stale = store::StaleProjections::rebuild;
        CHECK(verify().empty());
    }
}

}  // namespace
}  // namespace egret::central
