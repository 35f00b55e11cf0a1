#include "tests/support/egret_run.h"
#include "tests/support/plain_image.h"
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
        sound = tests::read_file(registry());
    }

    tests::Ran run_with(const std::string& file, const Words& words) {
        tests::write_file(registry(), file);
        std::filesystem::remove(registry() + "-wal");
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
            CHECK(tests::read_file(registry()) == damaged);
        }
        return ran;
    }

    /// Every `step`th of the page's bytes, which are all sealed.
    static void add_page(Offsets& offsets, std::size_t page, std::size_t step) {
        for (auto at = page * page_bytes; at < (page + 1) * page_bytes; at += step)
            offsets.push_back(at);
    }

    /// As if `change` had been done to it before it was sealed.
    template <class Change>
    std::string changed_inside(Change change) const {
        const auto opening = key();
        tests::PlainImage image(sound, opening.view());
        change(image.text());
        return image.seal();
    }

    std::vector<std::size_t> pages_of_indices() {
        auto vault = opened();
        sqlite::Statement roots(
            vault.db,
            "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'event'");
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
    TEST_CASE_FIXTURE(DamagedRun, "a wrong bit in any page is named, or changes nothing") {
        Offsets offsets;
        for (std::size_t at = 0; at < header_bytes; ++at) offsets.push_back(at);
        constexpr std::size_t step = 1021;
        for (std::size_t page = 0; page < sound.size() / page_bytes; ++page)
            add_page(offsets, page, step);
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
        for (const auto page : pages) add_page(offsets, page, 97);
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
        const auto damaged = changed_inside([](std::string& plain) {
            const auto at = plain.find("\x2c\x08\x29\x01\x4c", page_bytes);
            REQUIRE(at / page_bytes == 1);  // The table of devices.
            plain[at] = 46;
        });
        for (const auto& words : {Words{"woman", "show", woman}, {"log", "verify"}, {"check"}}) {
            const auto ran = run_with(damaged, words);
            CHECK(ran.status == ExitStatus::refused);
            CHECK((ran.out + ran.err).find("damaged") != std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(DamagedRun, "what is damaged is told in her language, with the way out") {
        const auto damaged = changed_inside([](std::string& plain) {
            const auto at = plain.find("CREATE TABLE profile");
            REQUIRE(at != std::string::npos);
            plain[at + 14] = 's';
        });
        for (const auto* command : {"check", "rebuild", "sync"}) {
            const auto en = run_with(damaged, {command, "--lang", "en"});
            CHECK(en.status == ExitStatus::refused);
            CHECK(en.err.find("`egret restore FILE --dir OTHER`") != std::string::npos);
            const auto zh = run_with(damaged, {command, "--lang", "zh"});
            CHECK(zh.err.find("已损坏") != std::string::npos);
            CHECK(zh.err.find("`egret restore 文件") != std::string::npos);
        }
        CHECK(tests::read_file(registry()) == damaged);
    }

    TEST_CASE_FIXTURE(DamagedRun, "a registry whose settings can't be read is not to be deleted") {
        const auto damaged = changed_inside([](std::string& plain) {
            for (auto at = plain.find("device.id"); at != std::string::npos;
                 at = plain.find("device.id"))
                plain[at] = 'x';
        });
        const auto ran = run_with(damaged, find_words);
        CHECK(ran.status == ExitStatus::refused);
        CHECK(names_damage(ran));
        CHECK(ran.err.find("delete the folder") == std::string::npos);
    }
}

}  // namespace
}  // namespace egret
