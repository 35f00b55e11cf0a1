// A disk that is full or breaks at the n-th operation, for every n.

#include "registry/crypto/random_bytes.h"
#include "registry/vault/mount.h"
#include "tests/registry/vault/ledger.h"
#include "tests/registry/vault/vault_file.h"
#include "tests/support/crash_disk.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace egret::vault {
namespace {

using sqlite::Journal;
using sqlite::SqliteError;
using sqlite::Trouble;
using tests::CrashDisk;
using tests::DiskFault;
using tests::Ledger;

struct Passes {
    int failed = 0;           // Until the clean one.
    std::string first_wrong;  // Nothing, if nothing was.
};

/// Runs the same work with the fault at operation 1, 2, … until it meets none any more.
class FaultyFile {
public:
    FaultyFile(Journal journal, DiskFault fault, bool is_once)
        : journal_(journal),
          fault_(fault),
          is_once_(is_once),
          disk_(1),
          mount_(tests::test_key(), random_, disk_.vfs_name()),
          before_(7, 6),
          ledger_(9, 2, before_.after(6)) {
        sqlite::Database db(options(true));
        Ledger::make_tables(db);
        for (int i = 0; i < before_.transactions(); ++i) before_.apply(db, i);
        Ledger::reset_count(db);
    }

    Passes run() {
        image_ = disk_.files();
        Passes passes;
        while (pass(passes)) ++passes.failed;
        return passes;
    }

private:
    sqlite::OpenOptions options(bool create) const {
        auto opened = tests::vault_options("/clinic.egret", mount_.vfs_name());
        opened.create = create;
        opened.journal = journal_;
        opened.cache_kib = 48;
        opened.checkpoint_pages = 20;
        return opened;
    }

    /// False if no operation met the fault.
    bool pass(Passes& passes) {
        disk_.set_files(image_);
        disk_.fail_at(static_cast<std::uint64_t>(passes.failed) + 1, fault_, is_once_);
        const auto note = [&](const std::string& what) {
            if (passes.first_wrong.empty())
                passes.first_wrong = "operation " + std::to_string(passes.failed + 1) + ": " + what;
        };
        int done = 0;
        is_met_ = false;
        const bool is_open = work(done, note);
        mend();
        try {
            if (!is_open) go_on(done, note);
            sqlite::Database db(options(false));
            if (Ledger::count_in(db) != ledger_.transactions()) note("not all is done");
            if (const auto wrong = ledger_.wrong(db, ledger_.transactions())) note(*wrong);
        } catch (const SqliteError& error) {
            note(std::string("afterwards: ") + error.what());
        }
        return is_met_;
    }

    /// Works until all is done or a fault is met. Then there is room again, and the same connection
    /// goes on. False, if it could not be opened.
    template <class Note>
    bool work(int& done, const Note& note) {
        std::optional<sqlite::Database> db;
        try {
            db.emplace(options(false));
            for (; done < ledger_.transactions(); ++done) ledger_.apply(*db, done);
            // Only what SQLite does by the way, moving the log into the file, may fail in silence.
            if (journal_ == Journal::rollback && fault_ == DiskFault::full && disk_.has_failed())
                note("nothing was said");
            return true;
        } catch (const SqliteError& error) {
            check_trouble(error, note);
        }
        if (!db) return false;
        mend();
        try {
            finish(*db, done, note);
        } catch (const SqliteError& error) {
            note(std::string("in the same connection: ") + error.what());
        }
        return true;
    }

    void mend() {
        is_met_ = is_met_ || disk_.has_failed();
        disk_.mend();
    }

    template <class Note>
    void go_on(int& done, const Note& note) {
        sqlite::Database db(options(false));
        finish(db, done, note);
    }

    template <class Note>
    void finish(sqlite::Database& db, int& done, const Note& note) {
        const int count = Ledger::count_in(db);
        // A transaction may have become durable, though saying so failed.
        if (count != done && count != done + 1) note("not as it was left");
        if (const auto wrong = ledger_.wrong(db, count)) note(*wrong);
        for (done = count; done < ledger_.transactions(); ++done) ledger_.apply(db, done);
    }

    template <class Note>
    void check_trouble(const SqliteError& error, const Note& note) const {
        const auto expected = fault_ == DiskFault::full ? Trouble::full : Trouble::io;
        if (!disk_.has_failed() || error.trouble() != expected)
            note(std::string("said: ") + error.what());
    }

    Journal journal_;
    DiskFault fault_;
    bool is_once_;
    crypto::SystemRandom random_;
    CrashDisk disk_;
    Mount mount_;
    Ledger before_;
    Ledger ledger_;
    CrashDisk::Files image_;
    bool is_met_ = false;
};

void fail_everywhere(DiskFault fault, int passes_min) {
    for (const auto journal : {Journal::wal, Journal::rollback}) {
        for (const bool is_once : {true, false}) {
            const auto passes = FaultyFile(journal, fault, is_once).run();
            CAPTURE(is_once);
            CHECK(passes.first_wrong.empty());
            INFO(passes.first_wrong);
            CHECK(passes.failed > passes_min);
            MESSAGE(std::string(journal == Journal::wal ? "WAL: " : "DELETE: ")
                    << passes.failed << " operations failed in turn. " << passes.first_wrong);
        }
    }
}

TEST_SUITE("registry/vault/fault") {
    TEST_CASE("a disk that is full at any write: said so, nothing spoiled, and work goes on") {
        fail_everywhere(DiskFault::full, 50);
    }

    TEST_CASE("a disk that fails at any operation: said so, nothing spoiled, and work goes on") {
        fail_everywhere(DiskFault::broken, 100);
    }
}

}  // namespace
}  // namespace egret::vault
