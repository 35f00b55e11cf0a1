// What a nurse is told of the nights, with a `systemctl` and a `loginctl` that only note how they
// were called.

#include "cli/nightly_note.h"
#include "tests/cli/sync_run.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;
using tests::Ran;
using tests::SyncRun;
struct NightRun : SyncRun {
    NightRun() {
        fs::create_directory(dir.file("bin"));
        terminal.environment["PATH"] = "relative:" + dir.file("bin");
        terminal.environment["HOME"] = dir.file("nurse");
        terminal.environment["XDG_RUNTIME_DIR"] = dir.path();
        // Enabled and active are what it was told to be.
        program("systemctl", R"(here=${0%/*}
echo "$@" >>"$here/calls"
[ ! -e "$here/no_manager" ] || exit 1
case "$*" in
*" is-enabled "* | *" is-active "*) [ -e "$here/waits" ] || exit 3 ;;
*" enable "*) : >"$here/waits" ;;
*" disable "*) rm -f "$here/waits" ;;
esac
)");
        program("loginctl", R"(here=${0%/*}
echo "loginctl $*" >>"$here/calls"
[ ! -e "$here/no_linger" ]
)");
    }

    void program(const std::string& name, const std::string& script) {
        const auto path = dir.file("bin/" + name);
        tests::write_file(path, "#!/bin/sh\n" + script);
        fs::permissions(path, fs::perms::owner_all);
    }

    std::string calls() {
        const auto path = dir.file("bin/calls");
        auto said = fs::exists(path) ? tests::read_file(path) : "";
        fs::remove(path);
        return said;
    }

    std::string service_path() const {
        return dir.file("nurse/.config/systemd/user/egret-nightly.service");
    }

    std::string timer_path() const {
        return dir.file("nurse/.config/systemd/user/egret-nightly.timer");
    }

    Ran locked(const Words& words) {
        terminal.environment.erase("EGRET_PIN_FILE");
        auto ran = run(words);
        terminal.environment["EGRET_PIN_FILE"] = dir.file("pin");
        return ran;
    }

    std::string line(const std::string& language = "en") {
        const auto ran = locked({"nightly", "status", "--lang", language});
        CHECK(ran.status == ExitStatus::done);
        CHECK(ran.err == "");
        CHECK(ran.out.find('\n') + 1 == ran.out.size());
        return ran.out;
    }
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST_SUITE("cli/nightly_commands") {
    TEST_CASE_FIXTURE(NightRun, "what is set up is written, enabled and noted, and once only") {
        const auto made = run({"nightly", "install", "--at", "21:30", "--lang", "zh"});
        REQUIRE_MESSAGE(made.status == ExitStatus::done, made.err);
        CHECK(made.err == "");
        CHECK(holds(made.out, "21:30"));
        CHECK(holds(made.out, "Asia/Shanghai"));
        const auto content = tests::read_file(service_path());
        CHECK(holds(content,
                    " nightly run --dir \"" + fs::canonical(home()).string() + "\" --lang zh\n"));
        CHECK(holds(content, "ExecStart=\"" + fs::read_symlink("/proc/self/exe").string() + "\""));
        CHECK(holds(tests::read_file(timer_path()), "OnCalendar=*-*-* 21:30:00 Asia/Shanghai\n"));
        CHECK(calls() ==
              "--user show-environment\n--user daemon-reload\n"
              "--user --quiet enable egret-nightly.timer\n--user restart egret-nightly.timer\n"
              "loginctl --no-ask-password enable-linger\n");
        const auto noted = tests::read_file(home() + "/nightly.status");
        const auto written = fs::last_write_time(service_path());
        clock.advance(std::chrono::hours{1});
        const auto again = done({"nightly", "install", "--at", "21:30", "--lang", "zh"});
        CHECK(holds(again.out, "\"changed\":false"));
        CHECK(holds(again.out, "\"lingers\":true"));
        CHECK(fs::last_write_time(service_path()) == written);
        CHECK(tests::read_file(home() + "/nightly.status") == noted);
        CHECK_FALSE(holds(calls(), "restart"));
        // Another time is taken.
        CHECK(holds(done({"nightly", "install"}).out, "\"changed\":true"));
        CHECK(holds(tests::read_file(timer_path()), " 22:00:00 "));
        CHECK(holds(line(), "22:00–00:00"));
    }

    TEST_CASE_FIXTURE(NightRun, "who may not let it run for nobody is told who may") {
        tests::write_file(dir.file("bin/no_linger"), "");
        for (const auto* language : {"en", "zh"}) {
            const auto made = run({"nightly", "install", "--lang", language});
            CHECK(made.status == ExitStatus::done);
            CHECK(holds(made.err, "loginctl enable-linger"));
        }
    }

    TEST_CASE_FIXTURE(NightRun, "without systemd it says what to put where, and sets nothing up") {
        SUBCASE("no program") { terminal.environment.erase("PATH"); }
        SUBCASE("no manager") { tests::write_file(dir.file("bin/no_manager"), ""); }
        for (const auto* language : {"en", "zh"}) {
            const auto made = run({"nightly", "install", "--lang", language});
            CHECK(made.status == ExitStatus::refused);
            CHECK(holds(made.err, "systemd"));
            CHECK(holds(made.out, service_path()));
            CHECK(holds(made.out, " * * * '"));
        }
        CHECK_FALSE(fs::exists(service_path()));
        CHECK_FALSE(fs::exists(home() + "/nightly.status"));
    }

    TEST_CASE_FIXTURE(NightRun, "what is only printed is the same, and nothing is done") {
        terminal.environment["XDG_CONFIG_HOME"] = dir.file("config");
        const auto shown = done({"nightly", "install", "--print"}).json();
        CHECK(shown.find("timer")->find("path")->as_text() ==
              dir.file("config/systemd/user/egret-nightly.timer"));
        CHECK(holds(shown.find("cron")->as_text(), " nightly run --dir '"));
        CHECK(calls() == "");
        CHECK_FALSE(fs::exists(dir.file("config")));
        done({"nightly", "install"});
        CHECK(tests::read_file(dir.file("config/systemd/user/egret-nightly.timer")) ==
              shown.find("timer")->find("text")->as_text());
        CHECK(tests::read_file(dir.file("config/systemd/user/egret-nightly.service")) ==
              shown.find("service")->find("text")->as_text());
    }

    TEST_CASE_FIXTURE(NightRun, "what the run needs of the environment goes with it") {
        fs::create_directory(dir.file("a stick"));
        fs::rename(home() + "/device.key", dir.file("a stick/device.key"));
        terminal.environment["EGRET_DEVICE_KEY"] = dir.file("a stick/device.key");
        done({"nightly", "install"});
        CHECK(holds(tests::read_file(service_path()),
                    "Environment=\"EGRET_DEVICE_KEY=" + dir.file("a stick/device.key") + "\"\n"));
        // What can't run tonight is said now.
        terminal.environment.erase("EGRET_DEVICE_KEY");
        done({"nightly", "remove"});
        CHECK(run({"nightly", "install"}).status == ExitStatus::refused);
        CHECK_FALSE(fs::exists(service_path()));
    }

    TEST_CASE_FIXTURE(NightRun, "a bad time is refused in the words typed") {
        for (const auto* language : {"en", "zh"}) {
            const auto bad = run({"nightly", "install", "--at", "25:00", "--lang", language});
            CHECK(bad.status == ExitStatus::usage);
            CHECK(holds(bad.err, "--at"));
            CHECK(holds(bad.err, "23:59"));
        }
        CHECK(calls() == "");
    }

    TEST_CASE_FIXTURE(NightRun, "another registry's nights are not taken over, nor taken away") {
        done({"nightly", "install"});
        const auto mine = tests::read_file(service_path());
        const auto other = dir.file("other");
        done({"init", "--dir", other, "--clinic", "另一家", "--area", "350203", "--recovery-sheet",
              dir.file("other.sheet")});
        CHECK(holds(run({"nightly", "install", "--dir", other}).err, "egret enrol"));
        done(
            {"enrol", url, SyncRun::service.add_clinic({"Other", "350203"})->code, "--dir", other});
        for (const auto* word : {"install", "remove"}) {
            for (const auto* language : {"en", "zh"}) {
                const auto ran = run({"nightly", word, "--dir", other, "--lang", language});
                CHECK(ran.status == ExitStatus::refused);
                CHECK(holds(ran.err, fs::canonical(home()).string()));
            }
        }
        CHECK(tests::read_file(service_path()) == mine);
        CHECK(holds(run({"nightly", "status", "--dir", other}).out, "another registry"));
        // Somebody's own service of that name stays.
        tests::write_file(service_path(), "[Service]\nExecStart=/bin/true\n");
        CHECK(run({"nightly", "install"}).status == ExitStatus::refused);
        CHECK(run({"nightly", "remove"}).status == ExitStatus::refused);
        // One whose registry is gone is nobody's.
        tests::write_file(service_path(), "# registry: \"" + dir.file("gone") + "\"\n");
        done({"nightly", "install"});
        CHECK(tests::read_file(service_path()) == mine);
        tests::write_file(service_path(), "# registry: \"" + dir.file("gone") + "\"\n");
        CHECK(holds(done({"nightly", "remove", "--dir", dir.file("gone")}).out, "true"));
        CHECK_FALSE(fs::exists(service_path()));
    }

    TEST_CASE_FIXTURE(NightRun, "what is taken away is gone, and asked for again changes nothing") {
        done({"nightly", "install"});
        calls();
        const auto gone = locked({"nightly", "remove"});
        CHECK(gone.status == ExitStatus::done);
        CHECK(holds(gone.out, "taken away"));
        CHECK(holds(calls(), "--user --quiet disable --now egret-nightly.timer\n"));
        CHECK_FALSE(fs::exists(service_path()));
        CHECK_FALSE(fs::exists(timer_path()));
        CHECK_FALSE(fs::exists(home() + "/nightly.status"));
        const auto again = locked({"nightly", "remove", "--lang", "zh"});
        CHECK(again.status == ExitStatus::done);
        CHECK(holds(again.out, "crontab -e"));
        CHECK(calls() == "");
    }

    TEST_CASE_FIXTURE(NightRun, "a night goes without a PIN, and a nurse is told in one line") {
        CHECK(holds(line(),
                    "No night has handed anything over yet. Nothing is waiting. It is not "
                    "set up: `egret nightly install`"));
        CHECK(holds(line("zh"), "egret nightly install"));
        add();
        done({"nightly", "install"});
        CHECK(holds(line(),
                    "No night has handed anything over yet. 1 record is waiting. Next: "
                    "2026-05-01 22:00–00:00"));
        clock.advance(std::chrono::hours{10} + std::chrono::minutes{20});
        const auto night = locked({"nightly", "run", "--json"});
        CHECK(night.status == ExitStatus::done);
        CHECK(number(night, "sent") == 1);
        CHECK(number(night, "left") == 0);
        const auto kept = load_nightly_note(home()).note;
        CHECK(kept.run->outcome.id == "sync.locked_all_there");
        CHECK(kept.run->ended == clock.now());
        CHECK(kept.handed_over == clock.now());
        CHECK(line() ==
              "The last night (2026-05-01 22:20) handed over all that was ready. Nothing is "
              "waiting. Next: 2026-05-02 22:00–00:00, or after the next start, if this PC is off "
              "then.\n");
        CHECK(holds(line("zh"),
                    "上次夜间上传（2026-05-01 22:20）已全部送达。没有等待上传的记录。"
                    "下次：2026-05-02 22:00–00:00"));
        // The way to the centre is told of with the same line, opened and locked.
        CHECK(holds(run({"sync", "status"}).out, line()));
        CHECK(holds(locked({"sync", "status"}).out, line()));
        for (const auto& status : {locked({"sync", "status", "--json"}), done({"sync", "status"})})
            CHECK(status.json().find("nightly")->find("outcome")->as_text() ==
                  "sync.locked_all_there");
        const auto told = locked({"nightly", "status", "--json"}).json();
        CHECK(told.find("set_up")->as_bool());
        CHECK(told.find("next")->as_text() == "2026-05-02T14:00:00Z");
        CHECK(told.find("exit")->as_integer() == 0);
        // As the program's other commands say it.
        CHECK(locked({"nightly", "run"}).out == locked({"sync"}).out);
    }

    TEST_CASE_FIXTURE(NightRun, "a night without a line says what was wrong, and what waits") {
        add();
        done({"nightly", "install"});
        server.stop();
        const auto cut = locked({"nightly", "run"});
        CHECK(cut.status == ExitStatus::partly);
        for (const auto* language : {"en", "zh"}) CHECK(holds(line(language), "1 "));
        CHECK(holds(line(), "did not hand over all"));
        CHECK(load_nightly_note(home()).note.run->left == 1);
        CHECK_FALSE(load_nightly_note(home()).note.handed_over);
        tests::write_file(home() + "/nightly.status", "{\"version\":1");
        CHECK(holds(line(), "is damaged"));
        CHECK(locked({"nightly", "run"}).status == ExitStatus::partly);
        CHECK(holds(line(), "did not hand over all"));
        auto note = load_nightly_note(home()).note;
        note.run->ended.reset();
        save_nightly_note(home(), note);
        CHECK(holds(line(), "has not ended"));
    }

    TEST_CASE_FIXTURE(NightRun, "two bad nights are said once, until all is handed over") {
        done({"nightly", "install"});
        const auto at = home() + "/nightly.status";
        clock.advance(std::chrono::hours{24});
        CHECK(run({"due"}).err == "");  // One night may go wrong.
        clock.advance(std::chrono::hours{24});
        for (const auto* language : {"en", "zh"}) {
            const auto said = run({"due", "--lang", language});
            CHECK(said.status == ExitStatus::done);
            CHECK(holds(said.err, "2026-05-01 12:00"));
            CHECK(holds(said.err, "`egret sync`"));
            CHECK(said.err.find('\n') + 1 == said.err.size());
            CHECK(run({"sync", "status", "--lang", language}).err == "");
            CHECK(run({"nightly", "install", "--lang", language, "--print"}).err == "");
        }
        // A night that fails changes nothing, one that hands over ends it.
        centre.store->revoke_clinic("C001", centre.clock.now());
        CHECK(locked({"nightly", "run"}).status == ExitStatus::refused);
        CHECK(holds(run({"due"}).err, "`egret sync`"));
        auto note = load_nightly_note(home()).note;
        CHECK(note.run->exit == 1);
        done({"nightly", "remove"});
        CHECK(run({"due"}).err == "");
    }

    TEST_CASE_FIXTURE(NightRun, "what is handed over by hand counts as well as by night") {
        add();
        CHECK_FALSE(fs::exists(home() + "/nightly.status"));
        done({"sync"});
        CHECK_FALSE(fs::exists(home() + "/nightly.status"));
        done({"nightly", "install"});
        clock.advance(std::chrono::hours{60});
        centre.clock.set(clock.now());
        CHECK_FALSE(run({"due"}).err.empty());
        SUBCASE("opened") { done({"sync"}); }
        SUBCASE("locked") { CHECK(locked({"sync"}).status == ExitStatus::done); }
        SUBCASE("by night") { CHECK(locked({"nightly", "run"}).status == ExitStatus::done); }
        CHECK(run({"due"}).err == "");
    }

    TEST_CASE_FIXTURE(NightRun, "a clock that went back neither hides bad nights nor makes them") {
        build_day = *Date::parse("2026-04-01");
        done({"nightly", "install"});
        auto note = load_nightly_note(home()).note;
        // All of it was noted while the clock was twenty years ahead.
        const auto ahead = clock.now() + std::chrono::hours{24} * 365 * 20;
        note.plan->since = ahead;
        note.handed_over = ahead;
        note.run = NightlyRun{ahead, ahead};
        save_nightly_note(home(), note);
        for (const auto* language : {"en", "zh"}) CHECK(holds(line(language), "2046-04-26 12:00"));
        CHECK(holds(line(), "still to come by this PC's clock"));
        CHECK(run({"due"}).err == "");
        CHECK(load_nightly_note(home()).note.handed_over == clock.now());
        clock.advance(std::chrono::hours{60});
        CHECK(holds(run({"due"}).err, "`egret sync`"));
        // While nobody knows the day, nobody knows of nights either.
        const auto sound = clock.now();
        clock.set(instant_from_unix_ms(1'000'000'000'000));  // 2001
        CHECK(holds(line(), "2046"));
        CHECK_FALSE(holds(run({"due"}).err, "`egret sync`"));
        CHECK(load_nightly_note(home()).note.handed_over < sound);
        clock.set(sound + std::chrono::hours{24} * 365 * 5);
        CHECK_FALSE(holds(run({"due"}).err, "`egret sync`"));
        clock.set(sound);
        CHECK(holds(run({"due"}).err, "`egret sync`"));
    }

    TEST_CASE_FIXTURE(NightRun, "that a night can't be noted keeps nothing from going") {
        add();
        fs::create_directory(home() + "/nightly.status");
        const auto night = locked({"nightly", "run"});
        CHECK(night.status == ExitStatus::done);
        CHECK(holds(night.err, "can't be noted"));
        CHECK(centre.count("SELECT count(*) FROM event") == 1);
        CHECK(holds(line(), "is damaged"));
    }

    TEST_CASE_FIXTURE(NightRun, "a timer that doesn't run is said, with what starts it") {
        done({"nightly", "install"});
        fs::remove(dir.file("bin/waits"));
        CHECK(holds(line(), "`egret nightly install` starts it again"));
        CHECK(holds(done({"nightly", "install"}).out, "\"changed\":true"));
        CHECK(holds(line(), "Next: "));
        CHECK(holds(locked({"nightly", "run", "--lang", "zh"}).out, "锁定"));
        fs::remove(timer_path());
        fs::remove(service_path());
        // As by cron, where the note of a plan is gone.
        auto note = load_nightly_note(home()).note;
        note.plan.reset();
        save_nightly_note(home(), note);
        CHECK(holds(line(), "2026-05-01 04:00 UTC"));
        CHECK(holds(line(), "isn't known here"));
    }

    TEST_CASE_FIXTURE(tests::EgretRun, "a clinic that has joined no centre is told to") {
        terminal.environment["HOME"] = dir.file("nurse");
        init();
        for (const auto* word : {"install", "run"}) {
            const auto ran = run({"nightly", word});
            CHECK(ran.status == ExitStatus::refused);
            CHECK(holds(ran.err, "egret enrol"));
        }
        CHECK(holds(run({"nightly", "status"}).out, "egret enrol"));
        CHECK(run({"nightly", "install", "--print"}).status == ExitStatus::done);
        terminal.environment.erase("HOME");
        CHECK(holds(run({"nightly", "install"}).err, "XDG_CONFIG_HOME"));
        CHECK(run({"nightly", "status", "--dir", dir.file("none")}).status == ExitStatus::refused);
        terminal.environment.erase("EGRET_HOME");
        for (const auto* word : {"install", "run", "status", "remove"})
            CHECK(run({"nightly", word}).status == ExitStatus::usage);
    }
}

}  // namespace
}  // namespace egret::cli
