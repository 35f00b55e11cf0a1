#include "cli/nightly_note.h"

#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace egret::cli {
namespace {

/// Of a day of May 2026 in Xiamen.
Instant at(int day, int hour, int minute = 0) {
    return Instant{std::chrono::sys_days{std::chrono::year{2026} / 5 / day}} +
           std::chrono::hours{hour - 8} + std::chrono::minutes{minute};
}

NightlyNote set_up(Instant since) {
    NightlyNote note;
    note.plan = NightlyPlan{22 * 60, "Asia/Shanghai", since};
    return note;
}

TEST_SUITE("cli/nightly_note") {
    TEST_CASE("what is kept is read as it was written") {
        const tests::TempDir dir;
        CHECK(load_nightly_note(dir.path()).found == NoteFound::none);
        NightlyNote note;
        SUBCASE("of nothing") {}
        SUBCASE("set up") { note = set_up(at(1, 12)); }
        SUBCASE("a run at work") {
            note = set_up(at(1, 12));
            note.run = NightlyRun{at(1, 22, 7)};
        }
        SUBCASE("a run that has ended, by cron") {
            note.run = NightlyRun{at(1, 22, 7), at(1, 22, 8)};
            note.run->outcome = msg("sync.refused", {{"status", "500"}});
            note.run->exit = 3;
            note.run->left = 12;
            note.handed_over = at(1, 9);
        }
        save_nightly_note(dir.path(), note);
        const auto kept = load_nightly_note(dir.path());
        CHECK(kept.found == NoteFound::whole);
        CHECK(kept.note == note);
        remove_nightly_note(dir.path());
        CHECK(load_nightly_note(dir.path()).found == NoteFound::none);
    }

    TEST_CASE("a damaged note is known as one") {
        const tests::TempDir dir;
        auto note = set_up(at(1, 12));
        note.run = NightlyRun{at(1, 22), at(1, 23)};
        note.run->outcome = msg("sync.no_line");
        save_nightly_note(dir.path(), note);
        const auto path = dir.file(nightly_file_name);
        const auto sound = tests::read_file(path);
        const auto found = [&](const std::string& content) {
            tests::write_file(path, content);
            return load_nightly_note(dir.path()).found;
        };
        CHECK(found(sound) == NoteFound::whole);
        // Its end is a line end.
        for (std::size_t length = 0; length + 1 < sound.size(); ++length)
            CHECK(found(sound.substr(0, length)) == NoteFound::damaged);
        for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
                 {"\"version\":1", "\"version\":2"},
                 {"22:00", "25:00"},
                 {"Asia/Shanghai", "Asia/Nowhere"},
                 {"2026-05-01T14:00:00Z", "2026-05-01"},
                 {"2026-05-01T14:00:00Z", "2026-05-01T25:00:00Z"},
                 {"2026-05-01T14:00:00Z", "2026-13-01T14:00:00Z"},
                 {"\"left\":0", "\"left\":-1"},
                 {"\"left\":0", "\"left\":\"0\""},
                 {"\"arguments\":{}", "\"arguments\":[]"}}) {
            auto changed = sound;
            const auto where = changed.find(from);
            REQUIRE_MESSAGE(where != std::string::npos, from);
            CHECK_MESSAGE(found(changed.replace(where, from.size(), to)) == NoteFound::damaged, to);
        }
        CHECK(found(std::string(20'000, ' ')) == NoteFound::damaged);
        std::filesystem::remove(path);
        std::filesystem::create_directory(path);
        CHECK(load_nightly_note(dir.path()).found == NoteFound::damaged);
    }

    TEST_CASE("a night counts once it is over, and as long as none handed over all") {
        auto note = set_up(at(1, 12));
        CHECK(bad_nights(note, at(1, 22)) == 0);
        CHECK(bad_nights(note, at(2, 2, 59)) == 0);  // It may still be tried.
        CHECK(bad_nights(note, at(2, 3)) == 1);
        CHECK(bad_nights(note, at(3, 2, 59)) == 1);
        CHECK(bad_nights(note, at(3, 3)) == 2);
        note.handed_over = at(2, 23, 10);
        CHECK(bad_nights(note, at(3, 12)) == 0);
        CHECK(bad_nights(note, at(5, 12)) == 2);
        // Made up for in the morning.
        note.handed_over = at(5, 8);
        CHECK(bad_nights(note, at(5, 12)) == 0);
        // By hand in the evening, before the night: that night counts.
        note.handed_over = at(5, 18);
        CHECK(bad_nights(note, at(6, 12)) == 1);
    }

    TEST_CASE("a night that began before it was set up isn't one") {
        const auto note = set_up(at(1, 22, 30));
        CHECK(bad_nights(note, at(2, 12)) == 0);
        CHECK(bad_nights(note, at(3, 12)) == 1);
    }

    TEST_CASE("nights of cron are counted, too, from the first one on") {
        NightlyNote note;
        CHECK(bad_nights(note, at(9, 12)) == 0);
        note.run = NightlyRun{at(1, 12), at(1, 13)};
        note.run->exit = 3;
        CHECK(bad_nights(note, at(9, 12)) > 1);
        note.handed_over = at(9, 8);
        CHECK(bad_nights(note, at(9, 12)) == 0);
    }

    TEST_CASE("a clock that was put back counts anew, and one that jumped counts an end") {
        auto note = set_up(at(1, 12));
        note.handed_over = at(1, 12) + std::chrono::hours{24} * 365 * 20;
        CHECK(counted_from(note, at(2, 12)) == at(1, 12));
        note.plan->since = *note.handed_over;
        CHECK(bad_nights(note, at(9, 12)) == 0);
        CHECK(settle_clock(note, at(9, 12)));
        CHECK_FALSE(settle_clock(note, at(9, 12)));
        CHECK(note.handed_over == at(9, 12));
        CHECK(bad_nights(note, at(11, 12)) == 2);
        CHECK(bad_nights(note, at(1, 12) + std::chrono::hours{24} * 365 * 70) == 400);
    }

    TEST_CASE("the next night is the one that can still begin") {
        auto note = set_up(at(1, 12));
        CHECK(next_night(note, at(1, 12)) == at(1, 22));
        CHECK(next_night(note, at(1, 23)) == at(1, 22));  // At some moment until midnight.
        note.run = NightlyRun{at(1, 22, 40)};
        CHECK(next_night(note, at(1, 23)) == at(2, 22));
        CHECK(next_night(note, at(2, 0)) == at(2, 22));
        note.plan->since = at(1, 12) + std::chrono::hours{24} * 365 * 20;
        CHECK(next_night(note, at(2, 12)) == at(2, 22));
        CHECK(local_text_of(note, at(2, 22, 5)) == "2026-05-02 22:05");
        note.plan.reset();
        CHECK_FALSE(next_night(note, at(2, 12)));
        CHECK(local_text_of(note, at(2, 22, 5)) == "2026-05-02 14:05 UTC");
    }
}

}  // namespace
}  // namespace egret::cli
