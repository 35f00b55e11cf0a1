// Power cuts at any moment, over a disk that loses what was not synced.

#include "registry/crypto/random_bytes.h"
#include "registry/vault/mount.h"
#include "registry/vault/page_cipher.h"
#include "tests/registry/vault/canary.h"
#include "tests/registry/vault/ledger.h"
#include "tests/registry/vault/raw_file.h"
#include "tests/registry/vault/vault_file.h"
#include "tests/support/crash_disk.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/wrong_vault.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace egret::vault {
namespace {

using sqlite::Journal;
using tests::CrashDisk;
using tests::DiskFault;
using tests::Ledger;
using tests::WrongWay;

/// 1,000 for each journal, if nobody says otherwise: EGRET_CRASHES=10000.
int crash_points() {
    const char* said = std::getenv("EGRET_CRASHES");
    return said == nullptr ? 1000 : static_cast<int>(std::strtol(said, nullptr, 10));
}

/// Normal: the rollback journal is synced once, its count of images together with them.
enum class Sync { full, normal, off };

struct Cuts {
    int points = 0;          // Amid work.
    int after_work = 0;      // These are looked at, too.
    int lost = 0;            // Commits that were acknowledged.
    int spoiled = 0;         // Other rows than were committed, or a file that isn't whole.
    int unopened = 0;        // Files that could not be opened, read or written again.
    std::string first = {};  // What was wrong first.

    int failures() const { return lost + spoiled + unopened; }

    void note(int& which, std::uint64_t seed, const std::string& what) {
        ++which;
        if (first.empty()) first = "Seed " + std::to_string(seed) + ": " + what;
    }
};

/// A file with rows, and the same file cut off from its power again and again.
class CutFile {
public:
    CutFile(Journal journal, Sync sync, WrongWay way)
        : journal_(journal),
          sync_(sync),
          disk_(1),
          mount_(tests::test_key(), random_, disk_.vfs_name()),
          wrong_(mount_.vfs_name(), way),
          before_(7, 12) {
        // Nothing is ever written that tells what it is.
        disk_.on_write = [this](ByteView bytes) { is_told_ = is_told_ || tests::tells(bytes); };
        {
            sqlite::Database db(options(mount_.vfs_name(), true));
            Ledger::make_tables(db);
            for (int i = 0; i < before_.transactions(); ++i) before_.apply(db, i);
            Ledger::reset_count(db);
        }
        image_ = disk_.files();
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            disk_.set_files(image_);
            int ignored = 0;
            work(Ledger(seed, transactions, before_.after(before_.transactions())), ignored,
                 ignored);
            operations_ = std::max(operations_, disk_.operations());
        }
    }

    bool is_told() const noexcept { return is_told_; }

    void cut(std::uint64_t seed, Cuts& cuts) {
        const Ledger ledger(seed, transactions, before_.after(before_.transactions()));
        disk_.set_files(image_);
        disk_.set_seed(seed);
        SeededRandom chance(seed + 1'000'000);
        disk_.fail_at(1 + chance.below(operations_), DiskFault::power_cut);
        int acknowledged = 0;
        int begun = 0;
        try {
            work(ledger, acknowledged, begun);
        } catch (const sqlite::SqliteError& error) {
            // Only the power may be the reason.
            if (!disk_.has_failed()) cuts.note(cuts.unopened, seed, error.what());
        }
        ++(disk_.has_failed() ? cuts.points : cuts.after_work);
        disk_.crash();
        look(ledger, acknowledged, begun, seed, cuts);
    }

private:
    static constexpr int transactions = 5;

    void work(const Ledger& ledger, int& acknowledged, int& begun) {
        sqlite::Database db(options(wrong_.vfs_name(), false));
        if (sync_ == Sync::normal) db.execute("PRAGMA synchronous = NORMAL");
        for (begun = 0; begun < ledger.transactions(); acknowledged = begun) {
            ++begun;
            ledger.apply(db, begun - 1);
            if (begun == 2 && ledger.after(2).size() % 4 == 0) db.execute("VACUUM");
        }
    }

    sqlite::OpenOptions options(const std::string& vfs_name, bool create) const {
        auto opened = tests::vault_options("/clinic.egret", vfs_name);
        opened.create = create;
        opened.journal = journal_;
        opened.synchronous =
            sync_ == Sync::off ? sqlite::Synchronous::off : sqlite::Synchronous::full;
        // Small, so that pages are written before their transaction ends, and the log often goes
        // into the file.
        opened.cache_kib = 48;
        opened.checkpoint_pages = 40;
        return opened;
    }

    void look(const Ledger& ledger, int acknowledged, int begun, std::uint64_t seed, Cuts& cuts) {
        try {
            sqlite::Database db(options(wrong_.vfs_name(), false));
            const auto count = Ledger::count_in(db);
            if (count < acknowledged) {
                cuts.note(cuts.lost, seed, "a commit is lost");
            } else if (count > begun) {
                cuts.note(cuts.spoiled, seed, "more than was done");
            } else if (const auto wrong = ledger.wrong(db, count)) {
                cuts.note(cuts.spoiled, seed, *wrong);
            } else {
                // And work goes on.
                Ledger::reset_count(db);
                ledger.apply(db, 0);
                look_at_pages(db, seed, cuts);
            }
        } catch (const sqlite::SqliteError& error) {
            cuts.note(cuts.unopened, seed, error.what());
        }
    }

    /// Free pages, too: a copy takes them along. With a rollback journal one of them may stay torn,
    /// since SQLite keeps no image of it.
    void look_at_pages(sqlite::Database& db, std::uint64_t seed, Cuts& cuts) {
        if (journal_ != Journal::wal) return;
        db.checkpoint_truncate();
        const tests::FileNames names("/clinic.egret");
        tests::RawFile file(wrong_.vfs_name(), names.main(), SQLITE_OPEN_MAIN_DB);
        int code = SQLITE_OK;
        std::int64_t at = 0;
        for (; code == SQLITE_OK; at += std::int64_t{page_bytes}) code = file.read(page_bytes, at);
        if (code != SQLITE_IOERR_SHORT_READ) cuts.note(cuts.spoiled, seed, "a page doesn't open");
    }

    Journal journal_;
    Sync sync_;
    crypto::SystemRandom random_;
    CrashDisk disk_;
    Mount mount_;
    tests::WrongVault wrong_;
    Ledger before_;
    CrashDisk::Files image_;
    std::uint64_t operations_ = 0;  // That a run without a cut takes, or more.
    bool is_told_ = false;
};

Cuts cut_often(Journal journal, int points, WrongWay way = WrongWay::none, Sync sync = Sync::full) {
    CutFile file(journal, sync, way);
    Cuts cuts;
    for (std::uint64_t seed = 0; cuts.points < points; ++seed) file.cut(seed, cuts);
    CHECK_FALSE(file.is_told());
    MESSAGE(std::string(journal == Journal::wal ? "WAL: " : "DELETE: ")
            << cuts.points << " power cuts amid work and " << cuts.after_work << " after it; "
            << cuts.lost << " lost commits, " << cuts.spoiled << " spoiled files, " << cuts.unopened
            << " that don't open. " << cuts.first);
    return cuts;
}

TEST_SUITE("registry/vault/crash") {
    TEST_CASE("crash points with a write-ahead log: no commit is lost, no file spoiled or closed") {
        CHECK(cut_often(Journal::wal, crash_points()).failures() == 0);
    }

    TEST_CASE(
        "crash points with a rollback journal: no commit is lost, no file spoiled or closed") {
        CHECK(cut_often(Journal::rollback, crash_points()).failures() == 0);
    }

    TEST_CASE("the disk bites: what isn't synced is lost or spoiled") {
        for (const auto journal : {Journal::wal, Journal::rollback})
            CHECK(cut_often(journal, 50, WrongWay::none, Sync::off).failures() > 25);
    }

    TEST_CASE("a torn frame that is an error in recovery keeps files closed") {
        CHECK(cut_often(Journal::wal, 60, WrongWay::torn_frame_is_error).unopened > 15);
    }

    TEST_CASE("a torn first page that is an error at once keeps files closed") {
        constexpr auto way = WrongWay::torn_first_page_is_error;
        CHECK(cut_often(Journal::wal, 200, way).unopened > 4);
        CHECK(cut_often(Journal::rollback, 200, way).unopened > 4);
    }

    TEST_CASE("a torn image that is an error keeps files closed") {
        // Only where images and their count are synced together are torn ones ever read.
        constexpr auto way = WrongWay::torn_image_is_error;
        CHECK(cut_often(Journal::rollback, 300, WrongWay::none, Sync::normal).failures() == 0);
        CHECK(cut_often(Journal::rollback, 300, way, Sync::normal).unopened > 1);
    }

    TEST_CASE("a seal left in the page loses what the write-ahead log holds") {
        CHECK(cut_often(Journal::wal, 60, WrongWay::seal_is_left_in_the_page).failures() > 20);
    }
}

}  // namespace
}  // namespace egret::vault
