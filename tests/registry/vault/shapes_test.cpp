// What SQLite's pager asks of the VFS, shape by shape: each of these was found where a database
// that was torn or damaged could not be opened again, or was believed.

#include "registry/base/random.h"
#include "registry/vault/mount.h"
#include "registry/vault/page_cipher.h"
#include "tests/registry/vault/raw_file.h"
#include "tests/registry/vault/vault_file.h"
#include "tests/support/crash_disk.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace egret::vault {
namespace {

using tests::CrashDisk;
using tests::FileNames;
using tests::RawFile;

constexpr auto path = "/clinic.egret";
constexpr std::int64_t frame_at = 32;  // The first of the write-ahead log.

/// A page full of `byte`, with its end free.
Bytes page_of(std::uint8_t byte) {
    Bytes page(page_bytes, byte);
    std::fill(page.end() - seal_bytes, page.end(), std::uint8_t{0});
    return page;
}

Bytes first_page(std::uint8_t byte = 'a') {
    auto page = page_of(byte);
    const auto magic = bytes_of(std::string_view("SQLite format 3\0", 16));
    std::copy(magic.begin(), magic.end(), page.begin());
    const Bytes shape = {0x10, 0, 1, 1, seal_bytes, 64, 32, 32};
    std::copy(shape.begin(), shape.end(), page.begin() + 16);
    return page;
}

Bytes part(const Bytes& bytes, std::size_t at, std::size_t size) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

/// A database of two pages and its journals on a disk of their own.
struct Files {
    SeededRandom random{5};
    CrashDisk disk{1};
    Mount mount{tests::test_key(), random, disk.vfs_name()};
    FileNames names{path};
    RawFile main{mount.vfs_name(), names.main(), SQLITE_OPEN_MAIN_DB};

    Files() {
        REQUIRE(main.write(first_page(), 0) == SQLITE_OK);
        REQUIRE(main.write(page_of('b'), page_bytes) == SQLITE_OK);
    }

    RawFile open(const char* name, int kind) { return RawFile(mount.vfs_name(), name, kind); }

    Bytes on_disk(const std::string& suffix = "") { return disk.files().at(path + suffix); }

    /// Past the vault, on the disk.
    void change(const std::string& suffix, std::int64_t at, const Bytes& bytes) {
        const auto name = path + suffix;
        RawFile raw(disk.vfs_name(), name.c_str(), SQLITE_OPEN_MAIN_DB);
        REQUIRE(raw.write(bytes, at) == SQLITE_OK);
    }

    void flip(const std::string& suffix, std::size_t at) {
        const auto byte = static_cast<std::uint8_t>(on_disk(suffix).at(at) ^ 1U << at % 8);
        change(suffix, static_cast<std::int64_t>(at), {byte});
    }
};

/// A write-ahead log with a header and one frame.
Bytes log_header() {
    Bytes header(32, 7);
    for (std::size_t i = 16; i < 24; ++i) header[i] = static_cast<std::uint8_t>(i);
    return header;
}

Bytes frame_header() {
    Bytes header(24, 9);
    for (std::size_t i = 8; i < 16; ++i) header[i] = static_cast<std::uint8_t>(i + 8);
    return header;
}

void write_log(RawFile& log) {
    REQUIRE(log.write(log_header(), 0) == SQLITE_OK);
    REQUIRE(log.write(frame_header(), frame_at) == SQLITE_OK);
    REQUIRE(log.write(page_of('w'), frame_at + 24) == SQLITE_OK);
}

TEST_SUITE("registry/vault/shapes") {
    TEST_CASE("pages are read as they were written, with zeros at their end") {
        Files files;
        CHECK(files.main.read(page_bytes, 0) == SQLITE_OK);
        CHECK(files.main.bytes == first_page());
        CHECK(files.main.read(page_bytes, page_bytes) == SQLITE_OK);
        CHECK(files.main.bytes == page_of('b'));
    }

    TEST_CASE("on the disk the first page has an id and a shape in the clear, and nothing else") {
        Files files;
        const auto disk = files.on_disk();
        REQUIRE(disk.size() == 2 * page_bytes);
        const auto plain = first_page();
        CHECK(part(disk, 0, 16) != part(plain, 0, 16));
        CHECK(part(disk, 16, 8) == part(plain, 16, 8));
        for (const std::size_t at : {std::size_t{24}, page_bytes - 34, page_bytes})
            CHECK(part(disk, at, 2) != Bytes(2, disk[at] == 'b' ? 'b' : 'a'));
        // The count of pages sealed stands in the first page, and nothing in the others.
        CHECK(part(disk, page_bytes - 20, 4) == Bytes{0, 0, 0, 1});
        CHECK(part(disk, 2 * page_bytes - 20, 4) == Bytes(4, 0));
    }

    TEST_CASE("the same page twice looks different") {
        Files files;
        const auto before = files.on_disk();
        REQUIRE(files.main.write(page_of('b'), page_bytes) == SQLITE_OK);
        const auto after = files.on_disk();
        CHECK(part(before, page_bytes, 32) != part(after, page_bytes, 32));
    }

    TEST_CASE("a torn first page still tells its shape, and is no page") {
        Files files;
        files.flip("", 700);
        CHECK(files.main.read(100, 0) == SQLITE_OK);
        auto told = part(first_page(), 0, clear_bytes);
        told.resize(100, 0);
        CHECK(files.main.bytes == told);
        CHECK(files.main.read(page_bytes, 0) == SQLITE_IOERR_DATA);
        CHECK(files.main.bytes == Bytes(page_bytes, 0));
        CHECK(files.main.read(16, 24) == SQLITE_IOERR_DATA);
    }

    TEST_CASE("a whole first page tells its header; and the change counter within it") {
        Files files;
        CHECK(files.main.read(100, 0) == SQLITE_OK);
        CHECK(files.main.bytes == part(first_page(), 0, 100));
        CHECK(files.main.read(16, 24) == SQLITE_OK);
        CHECK(files.main.bytes == Bytes(16, 'a'));
    }

    TEST_CASE("one flipped bit anywhere in a page is damage") {
        Files files;
        for (std::size_t at = 0; at < 2 * page_bytes; ++at) {
            files.flip("", at);
            const auto page = static_cast<std::int64_t>(at / page_bytes * page_bytes);
            CAPTURE(at);
            const int code = files.main.read(page_bytes, page);
            // In the id it is another's file.
            CHECK(code == (at < 16 ? SQLITE_NOTADB : SQLITE_IOERR_DATA));
            CHECK(files.main.bytes == Bytes(page_bytes, 0));
            files.flip("", at);
            CHECK(files.main.read(page_bytes, page) == SQLITE_OK);
        }
    }

    TEST_CASE("a page opens only at its place, in its file, and of its kind") {
        Files files;
        const auto disk = files.on_disk();
        files.change("", 2 * page_bytes, part(disk, page_bytes, page_bytes));
        CHECK(files.main.read(page_bytes, 2 * page_bytes) == SQLITE_IOERR_DATA);

        // The same place in another file of the same key.
        const FileNames other_names("/other.egret");
        auto other = files.open(other_names.main(), SQLITE_OPEN_MAIN_DB);
        REQUIRE(other.write(first_page(), 0) == SQLITE_OK);
        RawFile raw(files.disk.vfs_name(), "/other.egret", SQLITE_OPEN_MAIN_DB);
        REQUIRE(raw.write(part(disk, page_bytes, page_bytes), page_bytes) == SQLITE_OK);
        CHECK(other.read(page_bytes, page_bytes) == SQLITE_IOERR_DATA);

        // The same place in the journal of the same file.
        auto journal = files.open(files.names.journal(), SQLITE_OPEN_MAIN_JOURNAL);
        files.change("-journal", page_bytes, part(disk, page_bytes, page_bytes));
        CHECK(journal.read(page_bytes, page_bytes) == SQLITE_IOERR_SHORT_READ);
    }

    TEST_CASE("an old page put back is read: pages are not bound to each other") {
        Files files;
        const auto old = part(files.on_disk(), page_bytes, page_bytes);
        REQUIRE(files.main.write(page_of('n'), page_bytes) == SQLITE_OK);
        files.change("", page_bytes, old);
        CHECK(files.main.read(page_bytes, page_bytes) == SQLITE_OK);
        CHECK(files.main.bytes == page_of('b'));
    }

    TEST_CASE("what was never written reads as zeros, and half a page is damage") {
        Files files;
        REQUIRE(files.main.write(page_of('d'), 3 * page_bytes) == SQLITE_OK);
        CHECK(files.main.read(page_bytes, 2 * page_bytes) == SQLITE_OK);
        CHECK(files.main.bytes == Bytes(page_bytes, 0));
        CHECK(files.main.read(page_bytes, 4 * page_bytes) == SQLITE_IOERR_SHORT_READ);
        CHECK(files.main.bytes == Bytes(page_bytes, 0));
        files.change("", 4 * page_bytes, Bytes(1000, 1));
        CHECK(files.main.read(page_bytes, 4 * page_bytes) == SQLITE_IOERR_DATA);
    }

    TEST_CASE("a page that uses its end is refused, and so is any other shape") {
        Files files;
        const auto before = files.on_disk();
        auto page = page_of('x');
        page.back() = 1;
        CHECK(files.main.write(page, page_bytes) == SQLITE_IOERR_WRITE);
        CHECK(files.main.write(Bytes(page_bytes * 2, 'x'), 0) == SQLITE_IOERR_WRITE);
        CHECK(files.main.write(Bytes(100, 'x'), page_bytes) == SQLITE_IOERR_WRITE);
        CHECK(files.main.write(page_of('x'), page_bytes + 512) == SQLITE_IOERR_WRITE);
        CHECK(files.main.read(page_bytes, 512) == SQLITE_IOERR_READ);
        for (const std::size_t at : {std::size_t{0}, std::size_t{16}, std::size_t{20}}) {
            auto first = first_page();
            ++first[at];  // No magic, pages of another size, a shorter end.
            CHECK(files.main.write(first, 0) == SQLITE_IOERR_WRITE);
        }
        CHECK(files.on_disk() == before);
    }

    TEST_CASE("temporary files and journals of several databases are refused") {
        Files files;
        const FileNames names("/temporary");
        for (const int kind :
             {SQLITE_OPEN_TEMP_DB, SQLITE_OPEN_TRANSIENT_DB, SQLITE_OPEN_TEMP_JOURNAL,
              SQLITE_OPEN_SUBJOURNAL, SQLITE_OPEN_SUPER_JOURNAL}) {
            auto file = files.open(names.main(), kind);
            CHECK(file.open_code() == SQLITE_CANTOPEN);
            CHECK(file.file()->pMethods == nullptr);
        }
        CHECK(files.open(nullptr, SQLITE_OPEN_MAIN_DB).open_code() == SQLITE_CANTOPEN);
        // A log whose database is not open here has no key.
        CHECK(files.open(names.wal(), SQLITE_OPEN_WAL).open_code() == SQLITE_CANTOPEN);
        CHECK(files.disk.files().size() == 1);
    }

    TEST_CASE("nothing is promised that would lead around the seal") {
        Files files;
        CHECK(files.main.methods().iVersion <= 2);
        CHECK(files.main.methods().xSectorSize(files.main.file()) == 512);
        CHECK(files.main.methods().xDeviceCharacteristics(files.main.file()) ==
              SQLITE_IOCAP_POWERSAFE_OVERWRITE);
        sqlite3_int64 size = 1 << 20;
        CHECK(files.main.methods().xFileControl(files.main.file(), SQLITE_FCNTL_SIZE_HINT, &size) ==
              SQLITE_NOTFOUND);
        CHECK(files.main.methods().xFileControl(files.main.file(), SQLITE_FCNTL_MMAP_SIZE, &size) ==
              SQLITE_NOTFOUND);
    }

    TEST_CASE("an emptied file chooses its id anew") {
        Files files;
        const auto before = part(files.on_disk(), 0, 16);
        REQUIRE(files.main.methods().xTruncate(files.main.file(), 0) == SQLITE_OK);
        // Not the first page first: SQLite does so when its cache is small.
        REQUIRE(files.main.write(page_of('b'), page_bytes) == SQLITE_OK);
        REQUIRE(files.main.write(first_page(), 0) == SQLITE_OK);
        CHECK(part(files.on_disk(), 0, 16) != before);
        CHECK(files.main.read(page_bytes, page_bytes) == SQLITE_OK);
        CHECK(files.main.bytes == page_of('b'));
    }

    TEST_CASE("a file that another made meanwhile is read by its id") {
        Files files;
        auto second = files.open(files.names.main(), SQLITE_OPEN_MAIN_DB);
        REQUIRE(second.read(page_bytes, 0) == SQLITE_OK);
        REQUIRE(files.main.methods().xTruncate(files.main.file(), 0) == SQLITE_OK);
        REQUIRE(files.main.write(first_page('n'), 0) == SQLITE_OK);
        CHECK(second.read(page_bytes, 0) == SQLITE_OK);
        CHECK(second.bytes == first_page('n'));
    }

    TEST_CASE("the rollback journal hides images and their checksums") {
        Files files;
        auto journal = files.open(files.names.journal(), SQLITE_OPEN_MAIN_JOURNAL);
        const auto image = page_of('j');
        const Bytes checksum = {1, 2, 3, 4};
        REQUIRE(journal.write(Bytes(512, 5), 0) == SQLITE_OK);
        REQUIRE(journal.write(Bytes{0, 0, 0, 2}, 512) == SQLITE_OK);
        REQUIRE(journal.write(image, 516) == SQLITE_OK);
        REQUIRE(journal.write(checksum, 516 + page_bytes) == SQLITE_OK);
        const auto disk = files.on_disk("-journal");
        CHECK(part(disk, 512, 4) == Bytes{0, 0, 0, 2});
        CHECK(part(disk, 516, 16) != Bytes(16, 'j'));
        CHECK(part(disk, 516 + page_bytes, 4) != checksum);

        CHECK(journal.read(512, 0) == SQLITE_OK);
        CHECK(journal.bytes == Bytes(512, 5));
        CHECK(journal.read(page_bytes, 516) == SQLITE_OK);
        CHECK(journal.bytes == image);
        CHECK(journal.read(4, 516 + page_bytes) == SQLITE_OK);
        CHECK(journal.bytes == checksum);
    }

    TEST_CASE("a torn image ends the journal, as SQLite knows it") {
        Files files;
        auto journal = files.open(files.names.journal(), SQLITE_OPEN_MAIN_JOURNAL);
        REQUIRE(journal.write(page_of('j'), 516) == SQLITE_OK);
        files.flip("-journal", 900);
        CHECK(journal.read(page_bytes, 516) == SQLITE_IOERR_SHORT_READ);
        CHECK(journal.bytes == Bytes(page_bytes, 0));
    }

    TEST_CASE("the rollback journal takes no other shape") {
        Files files;
        auto journal = files.open(files.names.journal(), SQLITE_OPEN_MAIN_JOURNAL);
        CHECK(journal.write(Bytes(700, 1), 0) == SQLITE_IOERR_WRITE);
        CHECK(journal.write(Bytes(100, 1), 0) == SQLITE_IOERR_WRITE);
        auto header = page_of(0);  // As it would be, were a sector as long as a page.
        const Bytes magic = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
        std::copy(magic.begin(), magic.end(), header.begin());
        CHECK(journal.write(header, 0) == SQLITE_IOERR_WRITE);
        CHECK(files.on_disk("-journal").empty());
    }

    TEST_CASE("the write-ahead log hides pages and the headers of their frames") {
        Files files;
        auto log = files.open(files.names.wal(), SQLITE_OPEN_WAL);
        write_log(log);
        const auto disk = files.on_disk("-wal");
        CHECK(part(disk, 0, 32) == log_header());
        for (std::size_t at = 0; at < 24; at += 4)
            CHECK(part(disk, frame_at + at, 4) != part(frame_header(), at, 4));
        CHECK(part(disk, frame_at + 24, 16) != Bytes(16, 'w'));

        CHECK(log.read(page_bytes, frame_at + 24) == SQLITE_OK);
        CHECK(log.bytes == page_of('w'));
        CHECK(log.read(8, frame_at + 16) == SQLITE_OK);
        CHECK(log.bytes == part(frame_header(), 16, 8));
        CHECK(log.read(24 + page_bytes, frame_at) == SQLITE_OK);
        CHECK(part(log.bytes, 0, 24) == frame_header());
        CHECK(part(log.bytes, 24, page_bytes) == page_of('w'));
        CHECK(log.read(8, 24) == SQLITE_OK);
        CHECK(log.bytes == part(log_header(), 24, 8));
    }

    TEST_CASE("a torn frame is damage to a reader, and the log's end to recovery") {
        Files files;
        auto log = files.open(files.names.wal(), SQLITE_OPEN_WAL);
        write_log(log);
        files.flip("-wal", frame_at + 24 + 2000);
        CHECK(log.read(page_bytes, frame_at + 24) == SQLITE_IOERR_DATA);
        CHECK(log.bytes == Bytes(page_bytes, 0));
        // In the transaction that is open nothing can be torn.
        CHECK(log.read(24 + page_bytes, frame_at) == SQLITE_IOERR_DATA);
        CHECK(log.bytes == Bytes(24 + page_bytes, 0));

        // Recovery begins with the log's header.
        REQUIRE(log.read(32, 0) == SQLITE_OK);
        CHECK(log.read(24 + page_bytes, frame_at) == SQLITE_OK);
        CHECK(part(log.bytes, 8, 8) != part(log_header(), 16, 8));
        CHECK(part(log.bytes, 24, page_bytes) == Bytes(page_bytes, 0));
        CHECK(log.read(page_bytes, frame_at + 24) == SQLITE_IOERR_DATA);
        // And ends with the first write.
        REQUIRE(log.write(frame_header(), frame_at) == SQLITE_OK);
        CHECK(log.read(24 + page_bytes, frame_at) == SQLITE_IOERR_DATA);
    }

    TEST_CASE("a changed frame header is never given new checksums") {
        Files files;
        auto log = files.open(files.names.wal(), SQLITE_OPEN_WAL);
        write_log(log);
        for (std::size_t at = frame_at; at < frame_at + 24; ++at) {
            files.flip("-wal", at);
            CHECK(log.read(24 + page_bytes, frame_at) == SQLITE_IOERR_DATA);
            CHECK(log.read(8, frame_at + 16) == SQLITE_IOERR_DATA);
            files.flip("-wal", at);
        }
        // A frame that waits for its checksums has no salts yet.
        auto unfinished = frame_header();
        std::fill(unfinished.begin() + 8, unfinished.end(), std::uint8_t{0});
        REQUIRE(log.write(unfinished, frame_at) == SQLITE_OK);
        CHECK(log.read(24 + page_bytes, frame_at) == SQLITE_OK);
    }

    TEST_CASE("the write-ahead log takes no other shape") {
        Files files;
        auto log = files.open(files.names.wal(), SQLITE_OPEN_WAL);
        write_log(log);
        const auto before = files.on_disk("-wal");
        auto page = page_of('x');
        page.back() = 1;
        CHECK(log.write(page, frame_at + 24) == SQLITE_IOERR_WRITE);
        CHECK(log.write(Bytes(2000, 1), frame_at + 24) == SQLITE_IOERR_WRITE);
        CHECK(log.write(page_of('x'), frame_at) == SQLITE_IOERR_WRITE);
        CHECK(log.write(Bytes(24, 1), frame_at + 24) == SQLITE_IOERR_WRITE);
        CHECK(log.write(Bytes(8, 1), 0) == SQLITE_IOERR_WRITE);
        CHECK(log.read(100, frame_at) == SQLITE_IOERR_READ);
        CHECK(files.on_disk("-wal") == before);
    }

    TEST_CASE("a file under which enough was sealed takes no more, and is still read") {
        Files files;
        // As it will stand there after 2^32 pages.
        KeyRing ring(tests::test_key(), files.random);
        FileId id;
        std::copy_n(files.on_disk().begin(), id.size(), id.begin());
        PageCipher cipher(ring, id);
        constexpr auto steps = PageCipher::seals_max / PageCipher::seals_step;
        cipher.go_on_from(static_cast<std::uint32_t>(steps - 1));
        Bytes sealed(page_bytes);
        const auto plain = first_page();
        cipher.seal({PageKind::database, 0}, PageView(plain.data(), page_bytes),
                    Page(sealed.data(), page_bytes));
        files.change("", 0, sealed);

        CHECK(files.main.read(page_bytes, 0) == SQLITE_OK);
        CHECK(files.main.write(page_of('c'), page_bytes) == SQLITE_FULL);
        CHECK(files.main.write(first_page(), 0) == SQLITE_FULL);
        auto log = files.open(files.names.wal(), SQLITE_OPEN_WAL);
        CHECK(log.write(page_of('w'), frame_at + 24) == SQLITE_FULL);
        auto journal = files.open(files.names.journal(), SQLITE_OPEN_MAIN_JOURNAL);
        CHECK(journal.write(page_of('j'), 516) == SQLITE_FULL);
        CHECK(files.main.read(page_bytes, page_bytes) == SQLITE_OK);
    }

    TEST_CASE("the count of sealed pages goes on from one opening to the next") {
        Files files;
        const auto count = [&] { return part(files.on_disk(), page_bytes - 20, 4); };
        for (int i = 0; i < 300; ++i)
            REQUIRE(files.main.write(page_of('b'), page_bytes) == SQLITE_OK);
        REQUIRE(files.main.write(first_page(), 0) == SQLITE_OK);
        CHECK(count() == Bytes{0, 0, 0, 3});  // 256 for the first opening, and 302.
        // Another process that never read the first page goes on from it, too.
        auto second = files.open(files.names.main(), SQLITE_OPEN_MAIN_DB);
        REQUIRE(second.write(first_page(), 0) == SQLITE_OK);
        CHECK(count() == Bytes{0, 0, 0, 4});
        REQUIRE(files.main.write(first_page(), 0) == SQLITE_OK);
        CHECK(count() == Bytes{0, 0, 0, 5});
    }
}

}  // namespace
}  // namespace egret::vault
