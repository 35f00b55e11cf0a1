#include "tests/support/egret_run.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace egret {
namespace {

using console::ExitStatus;
using Offsets = std::vector<std::size_t>;

constexpr std::size_t header_bytes = 100;
constexpr std::size_t page_bytes = sqlite::page_bytes;

bool names_damage(const tests::Ran& ran) { return ran.err.find("damage") != std::string::npos; }

/// A small registry, and copies of it in which one bit is another.
struct DamagedRun : tests::EgretRun {
    DamagedRun() {
        init();
        woman = add();
        add("李桂芳", "1970-02-03");
        done({"record", "dose", "--woman", woman, "--date", "2026-04-01", "product=cvx:165"});
        sound = tests::read_file(path());
    }

    std::string path() const { return home() + "/registry.db"; }

    tests::Ran run_with(const std::string& file, const Words& words) {
        tests::write_file(path(), file);
        std::filesystem::remove(path() + "-wal");
        return run(words);
    }

    tests::Ran run_sound(const Words& words) { return run_with(sound, words); }

    /// With one bit of the byte at `at` turned, another one from byte to byte. A refusal leaves
    /// the file as it is.
    tests::Ran run_damaged(std::size_t at, const Words& words) {
        auto damaged = sound;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << at * 5 % 8));
        auto ran = run_with(damaged, words);
        CHECK(ran.err.find("no answer") == std::string::npos);
        if (ran.status != ExitStatus::done) {
            CHECK(ran.status == ExitStatus::refused);
            CHECK(tests::read_file(path()) == damaged);
        }
        return ran;
    }

    /// Every `step`th of the bytes of the page that aren't 0.
    void add_page(Offsets& offsets, std::size_t page, std::size_t step) const {
        std::size_t count = 0;
        for (auto at = page * page_bytes; at < (page + 1) * page_bytes; ++at) {
            if (sound[at] != 0 && count++ % step == 0) offsets.push_back(at);
        }
    }

    std::vector<std::size_t> pages_of_indices() {
        sqlite::OpenOptions options;
        options.path = path();
        sqlite::Database db(options);
        sqlite::Statement roots(
            db, "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'event'");
        std::vector<std::size_t> pages;
        auto row = roots.start();
        while (row.next()) pages.push_back(static_cast<std::size_t>(row.int64(0)) - 1);
        return pages;
    }

    Words find_words = {"woman", "find", "王"};
    Words add_words = {"woman",      "add",        "name=赵兰", "birth_date=1980-01-01",
                       "sex=female", "area=350203"};
    std::string woman;
    std::string sound;
};

TEST_SUITE("cli/damaged_file") {
    TEST_CASE_FIXTURE(DamagedRun, "a wrong bit in header or schema is named, or changes nothing") {
        Offsets offsets;
        for (std::size_t at = 0; at < header_bytes; ++at) offsets.push_back(at);
        constexpr std::size_t step = 149;
        std::size_t schema_pages = 0;
        for (std::size_t page = 0; page < sound.size() / page_bytes; ++page) {
            const auto content = std::string_view(sound).substr(page * page_bytes, page_bytes);
            if (page > 0 && content.find("CREATE TABLE") == std::string::npos) continue;
            add_page(offsets, page, step);
            ++schema_pages;
        }
        REQUIRE(schema_pages > 2);
        const auto found = run_sound(find_words);
        REQUIRE(found.status == ExitStatus::done);
        for (const auto at : offsets) {
            CAPTURE(at);
            const auto ran = run_damaged(at, find_words);
            if (ran.status == ExitStatus::done) {
                CHECK(ran.out == found.out);
            } else {
                CHECK_MESSAGE(names_damage(ran), ran.err);
            }
            if (at % 4 != 0) continue;
            const auto added = run_damaged(at, add_words);
            CHECK((added.status == ExitStatus::done || names_damage(added)));
        }
    }

    TEST_CASE_FIXTURE(DamagedRun, "a wrong bit in an index is named, by the check at the latest") {
        Offsets offsets;
        const auto pages = pages_of_indices();
        REQUIRE(pages.size() == 3);
        for (const auto page : pages) add_page(offsets, page, 5);
        const Words show_words = {"woman", "show", woman};
        const auto shown = run_sound(show_words);
        REQUIRE(shown.status == ExitStatus::done);
        for (const auto at : offsets) {
            CAPTURE(at);
            const auto ran = run_damaged(at, show_words);
            const bool is_right = ran.status == ExitStatus::done && ran.out == shown.out;
            if (!is_right && !names_damage(ran)) {
                const auto checked = run_damaged(at, {"check"});
                CHECK(checked.status == ExitStatus::refused);
                CHECK((checked.out + checked.err).find("damaged") != std::string::npos);
            }
            const auto added = run_damaged(at, add_words);
            CHECK_MESSAGE((added.status == ExitStatus::done || names_damage(added)), added.err);
        }
    }

    TEST_CASE_FIXTURE(DamagedRun, "an id that is longer than ids are is damage") {
        // In the row's head, 44 stands for a blob of 16 bytes and 46 for one of 17.
        const auto at = sound.find("\x2c\x29\x01\x4c", page_bytes);
        REQUIRE(at / page_bytes == 1);  // The table of devices.
        auto damaged = sound;
        damaged[at] = 46;
        for (const auto& words : {Words{"woman", "show", woman}, {"log", "verify"}, {"check"}}) {
            const auto ran = run_with(damaged, words);
            CHECK(ran.status == ExitStatus::refused);
            CHECK((ran.out + ran.err).find("damaged") != std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(DamagedRun, "what is damaged is told in her language, with the way out") {
        const auto at = sound.find("CREATE TABLE profile");
        REQUIRE(at != std::string::npos);
        auto damaged = sound;
        damaged[at + 14] = 's';
        for (const auto* command : {"check", "rebuild", "sync"}) {
            const auto en = run_with(damaged, {command, "--lang", "en"});
            CHECK(en.status == ExitStatus::refused);
            CHECK(en.err.find("last copy") != std::string::npos);
            const auto zh = run_with(damaged, {command, "--lang", "zh"});
            CHECK(zh.err.find("已损坏") != std::string::npos);
            CHECK(zh.err.find("副本") != std::string::npos);
        }
        CHECK(tests::read_file(path()) == damaged);
    }

    TEST_CASE_FIXTURE(DamagedRun, "a registry whose settings can't be read is not to be deleted") {
        auto damaged = sound;
        for (auto at = damaged.find("device.id"); at != std::string::npos;
             at = damaged.find("device.id"))
            damaged[at] = 'x';
        const auto ran = run_with(damaged, find_words);
        CHECK(ran.status == ExitStatus::refused);
        CHECK(names_damage(ran));
        CHECK(ran.err.find("delete the folder") == std::string::npos);
    }
}

}  // namespace
}  // namespace egret
