// The keys of a registry are changed on a disk that is full from some moment on: at each. What is
// said then must be true: that nothing was changed, or how it opens now.

#include "tests/support/led_run.h"
#include "tests/support/small_disk.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <optional>
#include <sstream>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;
using tests::Ran;
using Words = tests::EgretRun::Words;

/// A lead, a nurse who mistyped her PIN, and a woman; for each moment a copy of it.
struct FullDiskRun : tests::LedRun {
    FullDiskRun() {
        terminal.environment["EGRET_USER"] = lead;
        done({"user", "add", nurse, "--role", "nurse"});
        woman = add();
        CHECK(as(nurse, "000111", {"woman", "show", woman}).status == ExitStatus::locked);
        set_new_pin(new_pin);
        fs::copy(home(), dir.file("kept"), fs::copy_options::recursive);
    }

    void begin_anew() {
        fs::remove_all(home());
        fs::copy(dir.file("kept"), home(), fs::copy_options::recursive);
        for (const auto* made : {"stick.key", "new_sheet"}) fs::remove(dir.file(made));
        take_sheet(dir.file("sheet"));
        terminal.environment.erase("EGRET_DEVICE_KEY");
    }

    /// With a disk that is full after `room` operations; nothing, if it wasn't full.
    std::optional<Ran> run_full(int room, const Words& words) {
        begin_anew();
        const tests::SmallDisk disk(room);
        auto ran = run(words);
        if (!disk.was_full()) return std::nullopt;
        return ran;
    }

    bool opens(const std::string& name, const std::string& her_pin) {
        const auto shown = as(name, her_pin, {"woman", "show", woman});
        return shown.status == ExitStatus::done && says(shown, woman);
    }

    bool is_whole(const std::string& leads_pin) {
        const auto checked = as(lead, leads_pin, {"check"});
        return checked.status == ExitStatus::done;
    }

    bool opens_by_sheet() {
        const auto recovered = run({"recover", "--user", lead});
        return recovered.status == ExitStatus::done && opens(lead, new_pin);
    }

    /// All is as if the command had not been given.
    void check_unchanged(const char* made) {
        CHECK_FALSE(fs::exists(dir.file(made)));
        CHECK(opens(lead, pin));
        CHECK(opens(nurse, given_pin));
        CHECK(is_whole(pin));
        CHECK(opens_by_sheet());
    }

    /// What no sentence may claim once something was changed.
    static void check_claims_nothing(const Ran& ran) {
        CHECK_FALSE(says(ran, "nothing was changed"));
        CHECK_FALSE(says(ran, "未作任何改动"));
    }

    static constexpr const char* new_pin = "915270";
    std::string woman;
};

/// Each moment until none is left at which the disk is full: what the command ended with, and how
/// often.
template <class Check>
std::map<ExitStatus, int> at_each_moment(FullDiskRun& run, Words words, Check check) {
    std::map<ExitStatus, int> ends;
    for (int room = 0;; ++room) {
        CAPTURE(room);
        auto spoken = words;
        spoken.insert(spoken.end(), {"--lang", room % 2 == 0 ? "en" : "zh"});
        const auto ran = run.run_full(room, spoken);
        if (!ran) break;
        REQUIRE(room < 10'000);
        CAPTURE(ran->err);
        ++ends[ran->status];
        check(*ran);
    }
    return ends;
}

/// Where a command is over before the disk was full, or what failed can wait.
void check_done(FullDiskRun& run, const std::string& leads_pin) {
    CHECK(run.opens(run.lead, leads_pin));
    CHECK(run.is_whole(leads_pin));
}

TEST_SUITE("cli/full_disk") {
    TEST_CASE_FIXTURE(FullDiskRun, "recover with a new secret says what holds, at each moment") {
        const Words words = {"recover", "--device-secret", dir.file("stick.key"),
                             "--recovery-sheet", dir.file("new_sheet")};
        const auto ends = at_each_moment(*this, words, [&](const Ran& ran) {
            if (ran.status == ExitStatus::refused) return check_unchanged("stick.key");
            CHECK_FALSE(opens(lead, pin));
            CHECK_FALSE(opens(nurse, given_pin));
            check_claims_nothing(ran);
            REQUIRE(fs::exists(dir.file("stick.key")));
            terminal.environment["EGRET_DEVICE_KEY"] = dir.file("stick.key");
            if (ran.status == ExitStatus::done) return check_done(*this, new_pin);
            REQUIRE(ran.status == ExitStatus::partly);
            if (says(ran, "`egret recovery-sheet"))
                check_done(*this, new_pin);
            else
                CHECK(says(ran, "EGRET_DEVICE_KEY"));
            // With the sheet of before, or the one that was written already.
            const bool is_by_old = run({"recover", "--user", lead}).status == ExitStatus::done;
            if (!is_by_old) take_sheet(dir.file("new_sheet"));
            CHECK(opens_by_sheet());
            CHECK(is_whole(new_pin));
        });
        CHECK(ends.at(ExitStatus::refused) > 3);
        CHECK(ends.at(ExitStatus::partly) > 3);
    }

    TEST_CASE_FIXTURE(FullDiskRun, "rekey says which sheet holds, at each moment") {
        const Words words = {"rekey", "--recovery-sheet", dir.file("new_sheet")};
        const auto ends = at_each_moment(*this, words, [&](const Ran& ran) {
            if (ran.status == ExitStatus::refused) return check_unchanged("new_sheet");
            check_claims_nothing(ran);
            if (ran.status != ExitStatus::done) REQUIRE(ran.status == ExitStatus::partly);
            CHECK(opens(lead, pin));
            CHECK_FALSE(opens(nurse, given_pin));
            CHECK(is_whole(pin));
            CHECK_FALSE(opens_by_sheet());
            take_sheet(dir.file("new_sheet"));
            CHECK(opens_by_sheet());
        });
        CHECK(ends.at(ExitStatus::refused) > 20);
        CHECK(ends.at(ExitStatus::partly) > 3);
    }

    TEST_CASE_FIXTURE(FullDiskRun, "a new sheet that is there opens, at each moment") {
        const auto ends =
            at_each_moment(*this, {"recovery-sheet", dir.file("new_sheet")}, [&](const Ran& ran) {
                if (ran.status == ExitStatus::refused && !fs::exists(dir.file("new_sheet")))
                    return check_unchanged("new_sheet");
                check_claims_nothing(ran);
                if (ran.status != ExitStatus::done) CHECK((says(ran, "both") || says(ran, "两张")));
                take_sheet(dir.file("new_sheet"));
                CHECK(opens_by_sheet());
            });
        CHECK(ends.at(ExitStatus::refused) > 3);
    }

    TEST_CASE_FIXTURE(FullDiskRun, "programs are told as JSON which sheet and secret hold") {
        const auto notes = [&](const Words& words, std::string_view kind) {
            int count = 0;
            auto spoken = words;
            spoken.emplace_back("--json");
            for (int room = 0;; ++room) {
                const auto ran = run_full(room, spoken);
                if (!ran) break;
                CAPTURE(ran->err);
                std::istringstream lines(ran->err);
                for (std::string line; std::getline(lines, line);) {
                    const auto said = json::parse(line);
                    REQUIRE(said);
                    const auto* note = said->find("note");
                    if (note == nullptr) continue;
                    CHECK_FALSE(note->find("text")->as_text().empty());
                    if (note->find("kind")->as_text() == kind) ++count;
                }
            }
            return count;
        };
        CHECK(notes({"recover", "--device-secret", dir.file("stick.key")}, "new_device_secret") >
              0);
        const Words rekey = {"rekey", "--recovery-sheet", dir.file("new_sheet")};
        CHECK(notes(rekey, "new_sheet") > 0);
        CHECK(notes(rekey, "old_sheet") > 0);
    }
}

}  // namespace
}  // namespace egret::cli
