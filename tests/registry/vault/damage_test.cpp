// What somebody, or a failing disk, does to an encrypted file.

#include "registry/base/random.h"
#include "tests/registry/vault/women_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace egret::vault {
namespace {

using sqlite::Database;
using sqlite::Trouble;
using tests::fill;
using tests::names_of;
using tests::Place;
using tests::read_file;
using tests::trouble_of;
using tests::write_file;

TEST_SUITE("registry/vault/damage") {
    TEST_CASE("one flipped bit in any page of a file is said, and never read as data") {
        const Place place;
        auto options = place.options();
        std::string names;
        {
            Database db(options);
            fill(db, 400);
            names = names_of(db);
        }
        const auto whole = read_file(place.path());
        SeededRandom chance(3);
        options.create = false;
        for (std::size_t page = 0; page < whole.size(); page += 4096) {
            auto flipped = whole;
            const auto at = page + chance.below(4096);
            flipped[at] = static_cast<char>(flipped[at] ^ 1 << chance.below(8));
            write_file(place.path(), flipped);
            CAPTURE(at);
            const auto trouble = trouble_of([&] {
                Database db(options);
                const auto problems = db.integrity_check();
                CHECK_FALSE(problems.empty());
                const auto found = names_of(db);
                CHECK(found == names);
            });
            // The table was read whole, or its damage was said.
            CHECK((!trouble || *trouble == Trouble::damaged ||
                   (at < 16 && *trouble == Trouble::not_a_database)));
        }
    }

    TEST_CASE("one flipped bit in what stands in the clear is said for what it is") {
        const Place place;
        auto options = place.options();
        {
            Database db(options);
            fill(db, 10);
        }
        const auto whole = read_file(place.path());
        options.create = false;
        for (std::size_t bit = 0; bit < 24 * 8; ++bit) {
            auto flipped = whole;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
            write_file(place.path(), flipped);
            CAPTURE(bit);
            CHECK(trouble_of([&] { Database db(options); }) ==
                  (bit < 16 * 8 ? Trouble::not_a_database : Trouble::damaged));
        }
    }

    TEST_CASE("a page exchanged for another of the same file is said") {
        const Place place;
        {
            Database db(place.options());
            fill(db, 400);
        }
        auto bytes = read_file(place.path());
        REQUIRE(bytes.size() > 20 * 4096);
        std::swap_ranges(bytes.begin() + 5 * 4096, bytes.begin() + 6 * 4096,
                         bytes.begin() + 9 * 4096);
        write_file(place.path(), bytes);
        Database db(place.options());
        CHECK_FALSE(db.integrity_check().empty());
    }

    TEST_CASE("a bit flipped in a log that is open is said, in one that isn't is its end") {
        const Place place;
        auto options = place.options();
        options.exclusive = false;
        Database db(options);
        fill(db, 100);
        db.checkpoint_truncate();
        const auto before = names_of(db);
        db.execute("UPDATE woman SET name = name || '!'");
        const auto after = names_of(db);
        auto log = read_file(place.path("clinic.egret-wal"));
        REQUIRE(log.size() > 3 * 4120);

        std::filesystem::copy(place.path(), place.path("cut"));
        auto flipped = log;
        flipped[32 + 4120 + 24 + 500] = static_cast<char>(flipped[32 + 4120 + 24 + 500] ^ 4);
        write_file(place.path("cut-wal"), flipped);
        {
            // A commit that is spoiled in the log is one that never was: an old state, a whole one.
            Database cut(place.options("cut"));
            CHECK(names_of(cut) == before);
            CHECK(cut.integrity_check().empty());
        }
        write_file(place.path("clinic.egret-wal"), flipped);
        Database reader(options);
        CHECK(trouble_of([&] { names_of(reader); }) == Trouble::damaged);
        write_file(place.path("clinic.egret-wal"), log);
        CHECK(names_of(reader) == after);
    }

    TEST_CASE("a page overwritten with zeros is an empty one, which SQLite knows for damage") {
        const Place place;
        {
            Database db(place.options());
            fill(db, 400);
        }
        const auto whole = read_file(place.path());
        auto options = place.options();
        options.create = false;
        for (std::size_t page = 0; page < whole.size(); page += 4096) {
            auto emptied = whole;
            emptied.replace(page, 4096, 4096, '\0');
            write_file(place.path(), emptied);
            CAPTURE(page);
            const auto trouble = trouble_of([&] {
                Database db(options);
                CHECK_FALSE(db.integrity_check().empty());
            });
            CHECK(
                (!trouble || *trouble == (page == 0 ? Trouble::not_a_database : Trouble::damaged)));
        }
    }
}

}  // namespace
}  // namespace egret::vault
