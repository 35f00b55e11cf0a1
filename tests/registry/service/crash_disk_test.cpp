// A clinic that lies on a simulated disk as a whole: its power is cut at every operation.

#include "tests/support/disk_clinic.h"

#include <doctest/doctest.h>

#include <vector>

namespace egret::service {
namespace {

using tests::DiskFault;

/// What was committed, and what the disk says of it.
struct CutClinic : tests::DiskClinic {
    /// Opens, records, and closes. Afterwards `committed` is the log as far as it was said to be
    /// there.
    bool work() {
        const bool done = is_done([&] {
            must(open());
            for (int i = 0; i < 2; ++i) {
                record();
                committed = head();
            }
            clinic->database().checkpoint_truncate();
            record();
            committed = head();
        });
        clinic.reset();
        return done;
    }

    /// Every committed fact is there, and what follows from them; and work goes on.
    void check_all_there() {
        const auto opened = open();
        REQUIRE(opened);
        const auto now = head();
        CHECK(now.seq >= committed.seq);
        CHECK(now.seq <= committed.seq + 2);  // A woman and her visit, of which nobody was told.
        CHECK(clinic->log().hash_at(clinic->device(), committed.seq) == committed.hash);
        NoProgress quiet;
        CHECK(clinic->check(quiet).empty());
        record();
        CHECK(head().seq == now.seq + 2);
        clinic.reset();
    }

    store::Head committed;
};

TEST_SUITE("registry/service/crash_disk") {
    TEST_CASE_FIXTURE(CutClinic, "the power is cut at every operation: nothing recorded is lost") {
        REQUIRE(create());
        record();
        const auto start = head();
        clinic.reset();
        const auto image = disk.files();
        std::uint64_t cuts = 0;
        for (bool is_whole = false; !is_whole; ++cuts) {
            for (std::uint64_t seed = 0; seed < 2; ++seed) {
                CAPTURE(cuts);
                CAPTURE(seed);
                committed = start;
                disk.set_files(image);
                disk.set_seed(100 * cuts + seed);
                disk.fail_at(cuts + 1, DiskFault::power_cut);
                is_whole = work();
                disk.crash();
                check_all_there();
            }
        }
        CHECK(cuts > 60);
        MESSAGE(cuts << " cuts of the power");
    }

    TEST_CASE_FIXTURE(CutClinic, "the disk is full at any write, or fails once: nothing is lost") {
        REQUIRE(create());
        record();
        const auto start = head();
        clinic.reset();
        const auto image = disk.files();
        for (const auto fault : {DiskFault::full, DiskFault::broken}) {
            bool is_whole = false;
            for (std::uint64_t at = 1; !is_whole; at += fault == DiskFault::full ? 1 : 7) {
                CAPTURE(at);
                committed = start;
                disk.set_files(image);
                disk.fail_at(at, fault);
                is_whole = work();
                disk.mend();
                check_all_there();
            }
        }
    }

    TEST_CASE_FIXTURE(CutClinic, "a registry is made as a whole, or not at all") {
        std::uint64_t cuts = 0;
        int made = 0;
        for (bool is_whole = false; !is_whole; ++cuts) {
            CAPTURE(cuts);
            disk.set_files({});
            disk.set_seed(cuts);
            disk.fail_at(cuts + 1, DiskFault::power_cut);
            is_whole = is_done([&] { must(create()); });
            clinic.reset();
            disk.crash();
            const bool is_there = disk.is_there(registry_path(home));
            made += is_there ? 1 : 0;
            const auto again = is_there ? open() : create();
            REQUIRE(again);
            record();
            NoProgress quiet;
            CHECK(clinic->check(quiet).empty());
            clinic.reset();
        }
        CHECK(cuts > 40);
        CHECK(made > 1);
    }
}

}  // namespace
}  // namespace egret::service
