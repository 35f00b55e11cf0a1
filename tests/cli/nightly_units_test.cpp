#include "cli/nightly_units.h"

#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace egret::cli {
namespace {

namespace fs = std::filesystem;

NightlyJob plain_job() {
    NightlyJob job;
    job.program = "/usr/bin/egret";
    job.dir = "/home/lin/registry";
    job.minute = 22 * 60;
    job.zone = "Asia/Shanghai";
    job.language = Language::zh;
    return job;
}

/// What the shell makes of a line of a crontab, as cron hands it on: a word a line.
std::string words_of_cron(const std::string& line, const tests::TempDir& dir) {
    std::string command;
    // Five fields of time go before it.
    std::size_t at = 0;
    for (int blanks = 0; blanks < 5; ++at) blanks += line[at] == ' ' ? 1 : 0;
    for (; at < line.size(); ++at) {
        if (line[at] == '%') break;  // The rest would go to its standard input.
        if (line[at] == '\\' && at + 1 < line.size() && line[at + 1] == '%') ++at;
        command += line[at];
    }
    const auto script = dir.file("cron.sh");
    tests::write_file(script, "printf '%s\\n' " + command + " >" + dir.file("words") + "\n");
    REQUIRE(std::system(("/bin/sh " + script).c_str()) == 0);
    return tests::read_file(dir.file("words"));
}

TEST_SUITE("cli/nightly_units") {
    TEST_CASE("a time of day is read as people write it, and nothing else") {
        CHECK(parse_nightly_time("22:00") == 1320);
        CHECK(parse_nightly_time("9:30") == 570);
        CHECK(parse_nightly_time("00:00") == 0);
        CHECK(parse_nightly_time("23:59") == 1439);
        CHECK(parse_nightly_time("22：00") == 1320);
        for (const auto* bad : {"", "22", "24:00", "22:60", "22:0", "-1:00", "2 2:00", "22:00:00",
                                "022:00", "22.00", ":30", "22:", "22:00\n", "十点"})
            CHECK_MESSAGE(!parse_nightly_time(bad), std::string(bad));
        CHECK(nightly_time_text(570) == "09:30");
    }

    TEST_CASE("the service is the one that systemd is given") {
        auto job = plain_job();
        job.environment = {{"EGRET_DEVICE_KEY", "/media/stick/device.key"}};
        CHECK(nightly_service_text(job) ==
              R"(# Made by `egret nightly install`; `egret nightly remove` takes it away.
# registry: "/home/lin/registry"
[Unit]
Description=Egret hands over to the centre what was recorded
StartLimitIntervalSec=12h
StartLimitBurst=8

[Service]
Type=oneshot
Environment="EGRET_DEVICE_KEY=/media/stick/device.key"
ExecStart="/usr/bin/egret" nightly run --dir "/home/lin/registry" --lang zh
Restart=on-failure
RestartSec=15min
RestartPreventExitStatus=2 4
TimeoutStartSec=4h
Nice=10
)");
        CHECK(nightly_timer_text(job) ==
              R"(# Made by `egret nightly install`; `egret nightly remove` takes it away.
[Unit]
Description=Egret's nightly run

[Timer]
OnCalendar=*-*-* 22:00:00 Asia/Shanghai
RandomizedDelaySec=2h
Persistent=true

[Install]
WantedBy=timers.target
)");
    }

    TEST_CASE("a path with blanks, quotes, signs and Chinese letters stays what it is") {
        auto job = plain_job();
        job.program = "/opt/a b/100%/$x/\"q\"/e\\gret";
        job.dir = "/home/林 护士/100%/$HOME/'a'/\"b\"/c\\";
        const auto service = nightly_service_text(job);
        CHECK(service.find(R"(ExecStart="/opt/a b/100%%/$x/\"q\"/e\\gret" nightly run --dir )"
                           R"("/home/林 护士/100%%/$$HOME/'a'/\"b\"/c\\" --lang zh)") !=
              std::string::npos);
        CHECK(registry_of_service(service) == job.dir);
        const tests::TempDir dir;
        CHECK(words_of_cron(nightly_cron_line(job, 0), dir) ==
              job.program + "\nnightly\nrun\n--dir\n" + job.dir + "\n--lang\nzh\n");
    }

    TEST_CASE("only what it wrote is taken for its own") {
        CHECK_FALSE(registry_of_service(""));
        CHECK_FALSE(registry_of_service("[Service]\nExecStart=/usr/bin/egret sync\n"));
        CHECK_FALSE(registry_of_service("# registry: \""));
        CHECK_FALSE(registry_of_service("# registry: \"/home/lin"));
    }

    TEST_CASE("a line of cron runs within two hours, over midnight, too") {
        auto job = plain_job();
        CHECK(nightly_cron_line(job, 0).starts_with("0 22 * * * '/usr/bin/egret' nightly run "));
        CHECK(nightly_cron_line(job, 119).starts_with("59 23 * * * "));
        job.minute = 23 * 60;
        CHECK(nightly_cron_line(job, 119).starts_with("59 0 * * * "));
        job.environment = {{"EGRET_DEVICE_KEY", "/media/a b"}};
        CHECK(nightly_cron_line(job, 0).find(" EGRET_DEVICE_KEY='/media/a b' '/usr/bin/egret'") !=
              std::string::npos);
    }

    TEST_CASE("what no timer can name is refused") {
        CHECK(can_be_named("/home/林 护士/%"));
        for (const auto* bad : {"/a\nb", "/a\tb", "/a\x7f", "/a\xff"})
            CHECK_FALSE(can_be_named(bad));
    }

    TEST_CASE("systemd finds no fault in them") {
        const std::string analyze = "/usr/bin/systemd-analyze";
        if (!fs::exists(analyze)) {
            MESSAGE("no systemd-analyze here");
            return;
        }
        const tests::TempDir dir;
        auto job = plain_job();
        // It looks whether the program is there.
        const auto folder = dir.file("登记 库 100% $x 'a' \"b\"");
        fs::create_directory(folder);
        // Of a program's own path systemd takes no quotes.
        const auto programs = dir.file("程序 100% $x");
        fs::create_directory(programs);
        job.program = programs + "/egret";
        job.dir = folder;
        job.environment = {{"EGRET_DEVICE_KEY", folder + "/device.key"}};
        tests::write_file(job.program, "#!/bin/sh\n");
        fs::permissions(job.program, fs::perms::owner_all);
        const auto verify = [&](const std::string& service) {
            tests::write_file(dir.file(nightly_service_name), service);
            tests::write_file(dir.file(nightly_timer_name), nightly_timer_text(job));
            const auto command = "XDG_RUNTIME_DIR=" + dir.path() + " " + analyze +
                                 " --user verify " + dir.file(nightly_timer_name) + " " +
                                 dir.file(nightly_service_name) + " >" + dir.file("said") + " 2>&1";
            return std::system(command.c_str()) == 0 && tests::read_file(dir.file("said")).empty();
        };
        CHECK_MESSAGE(verify(nightly_service_text(job)), tests::read_file(dir.file("said")));
        // It does look: a program that isn't there is a fault.
        fs::remove(job.program);
        CHECK_FALSE(verify(nightly_service_text(job)));
    }
}

}  // namespace
}  // namespace egret::cli
