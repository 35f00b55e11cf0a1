#include "registry/files/private_file.h"
#include "registry/json/parse.h"
#include "sync/central/centre.h"
#include "sync/client/https_client.h"
#include "sync/core/enrolment_code.h"
#include "sync/daemon/egretd_commands.h"
#include "sync/daemon/egretd_handlers.h"
#include "sync/http/server.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/terminal.h"
#include "tests/sync/central/test_centre.h"
#include "tests/sync/daemon/daemon_fixture.h"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace egret::daemon {
namespace {

using console::ExitStatus;
using tests::DaemonFixture;

/// The program itself, serving, and its first line.
class Serving {
public:
    explicit Serving(const std::string& data, const std::string& language = "en")
        : err_path_(data + ".err") {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_path_.c_str(),
                                         O_WRONLY | O_CREAT | O_TRUNC, 0600);
        std::vector<std::string> words = {std::string(EGRET_BINARY_DIR).append("/bin/egretd"),
                                          "serve",
                                          "--data",
                                          data,
                                          "--listen",
                                          "127.0.0.1:0",
                                          "--lang",
                                          language};
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const auto failed =
            posix_spawn(&pid_, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        REQUIRE(failed == 0);
        char byte = 0;
        while (::read(ends[0], &byte, 1) == 1 && byte != '\n') line += byte;
        ::close(ends[0]);
    }

    ~Serving() {
        if (pid_ > 0) (void)stop(SIGKILL);
    }

    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

    /// The exit status.
    int stop(int signal) {
        ::kill(pid_, signal);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    /// What it said to people, once it has ended.
    std::string err() const { return std::string(text_of(*read_small_file(err_path_, 65'536))); }

    std::string line;

private:
    std::string err_path_;
    pid_t pid_ = 0;
};

}  // namespace

TEST_SUITE("sync/daemon/egretd") {
    TEST_CASE_FIXTURE(DaemonFixture, "every command of the table is there") {
        for (const auto& name : console::command_names(egretd_commands()))
            CHECK_MESSAGE(egretd_handlers().contains(name), name);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "init makes a centre once, and says where its root's key is") {
        const auto made = answer({"init", "--name", "Xiamen", "--host", "centre.example",
                                  "--device-secret", data + "/device.key"});
        CHECK(made.find("dir")->as_text() == data);
        CHECK(made.find("url")->as_text() == "https://centre.example:8443");
        CHECK(std::filesystem::exists(made.find("root_key")->as_text()));
        CHECK(std::filesystem::exists(made.find("recovery_key")->as_text()));
        CHECK(on_data({"init", "--name", "Again"}) == ExitStatus::refused);
        CHECK(err.find("already") != std::string::npos);
        CHECK(on_data({"init"}) == ExitStatus::usage);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a centre's today is that of its own time zone") {
        // The two never have the same day.
        const auto latest = icu::TimeZone::parse("Etc/GMT-14")->local_day(SystemClock().now());
        for (const std::string zone : {"Etc/GMT-14", "Etc/GMT+12"}) {
            data = dir.file("of" + zone.substr(4));
            REQUIRE(make({"--name", "Xiamen", "--host", "localhost", "--time-zone", zone}) ==
                    ExitStatus::done);
            const auto asked =
                on_data({"coverage", "hpv1-by-15", "--known-on", latest.to_string()});
            CHECK((asked == ExitStatus::done) == (zone == "Etc/GMT-14"));
        }
        data = dir.file("other");
        CHECK(make({"--name", "A", "--host", "a", "--time-zone", "Mars/Base"}) ==
              ExitStatus::usage);
        CHECK_FALSE(std::filesystem::exists(data));
        init();
        CHECK(tests::open_centre(data)->zone().name() == "Asia/Shanghai");
    }

    TEST_CASE_FIXTURE(DaemonFixture, "without its folder nothing is done, and it is said how") {
        CHECK(run({"status"}) == ExitStatus::usage);
        CHECK(err.find("--data") != std::string::npos);
        CHECK(on_data({"status"}) == ExitStatus::refused);
        CHECK(err.find("egretd init") != std::string::npos);
        CHECK(on_data({"status", "--lang", "zh"}) == ExitStatus::refused);
        CHECK(err.find("没有中心数据") != std::string::npos);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a clinic is added with a code that fits the centre") {
        init();
        const auto added = answer({"clinic", "add", "莲前", "--area", "350203"});
        CHECK(added.find("clinic")->as_text() == "C001");
        CHECK(added.find("url")->as_text() == "https://centre.example.cn:8443");
        CHECK(sync::parse_enrolment_code(added.find("code")->as_text()));
        const auto again = answer({"clinic", "invite", "C001"});
        CHECK(again.find("code")->as_text() != added.find("code")->as_text());

        const auto list = answer({"clinic", "list"});
        REQUIRE(list.as_array().size() == 1);
        CHECK(list.as_array()[0].find("name")->as_text() == "莲前");
        CHECK(on_data({"clinic", "list"}) == ExitStatus::done);
        CHECK(out.find("莲前") != std::string::npos);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "wrong words are refused, each with what to do") {
        init();
        CHECK(on_data({"clinic", "add", "A", "--area", "nowhere"}) == ExitStatus::usage);
        CHECK(on_data({"clinic", "add", "A"}) == ExitStatus::usage);
        CHECK(on_data({"clinic", "revoke", "C001"}) == ExitStatus::refused);
        CHECK(on_data({"clinic", "invite", "C001"}) == ExitStatus::refused);
        CHECK(on_data({"coverage", "hpv2"}) == ExitStatus::refused);
        CHECK(on_data({"coverage", "hpv1-by-15", "--by", "colour"}) == ExitStatus::usage);
        CHECK(on_data({"coverage", "hpv1-by-15", "--on", "2026-02-30"}) == ExitStatus::usage);
        CHECK(on_data({"indicators", "show", "hpv"}) == ExitStatus::refused);
        for (const auto* listen : {"8443", ":8443", "127.0.0.1:", "127.0.0.1:70000", "a:1x"})
            CHECK(on_data({"serve", "--listen", listen}) == ExitStatus::usage);
        CHECK(answer({"clinic", "list"}).as_array().empty());
    }

    TEST_CASE_FIXTURE(DaemonFixture, "figures, status and checks of an empty centre") {
        init();
        (void)answer({"clinic", "add", "A", "--area", "350203"});
        const auto figures = answer({"coverage", "hpv1-by-15", "--by", "area"});
        CHECK(figures.find("cells")->as_array().empty());
        CHECK(figures.find("totals")->find("denominator")->as_integer() == 0);
        const auto status = answer({"status"});
        CHECK(status.find("clinics")->as_array().size() == 1);
        CHECK(on_data({"status"}) == ExitStatus::done);
        CHECK(out.find("not joined yet") != std::string::npos);
        for (const auto* command : {"check", "verify"}) {
            const auto checked = answer({command});
            CHECK(checked.find("ok")->as_bool());
            CHECK(checked.find("faults")->as_array().empty());
        }
        CHECK(answer({"rebuild"}).find("ok")->as_bool());
        CHECK(on_data({"indicators", "list"}) == ExitStatus::done);
        CHECK(answer({"clinic", "revoke", "C001"}).find("revoked")->as_integer() == 0);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a forked machine is shown as such, with what to do") {
        init();
        (void)answer({"clinic", "add", "A", "--area", "350203"});
        const auto shown = fork_device();
        const auto device = answer({"status"}).find("clinics")->as_array()[0];
        const auto& machine = device.find("devices")->as_array().at(0);
        CHECK(machine.find("forked")->is_text());
        CHECK(on_data({"status"}) == ExitStatus::done);
        CHECK(out.find("forked") != std::string::npos);
        const auto todo = "egretd clinic revoke C001 --machine " + shown;
        CHECK(out.find(todo) != std::string::npos);
        CHECK(out.find("egretd clinic invite C001") != std::string::npos);
        CHECK(on_data({"status", "--lang", "zh"}) == ExitStatus::done);
        CHECK(out.find("日志分叉") != std::string::npos);
        CHECK(out.find(todo) != std::string::npos);

        CHECK(on_data({"clinic", "revoke", "C001", "--machine", "ffff"}) == ExitStatus::refused);
        const auto revoked = answer({"clinic", "revoke", "C001", "--machine", shown});
        CHECK(revoked.find("revoked")->as_integer() == 1);
        // Nobody was left to be shut out.
        CHECK(on_data({"clinic", "revoke", "C001"}) == ExitStatus::done);
        CHECK(out.find("cards") == std::string::npos);
        CHECK(on_data({"status"}) == ExitStatus::done);
        CHECK(out.find("--machine") == std::string::npos);
        CHECK(out.find("shut out") != std::string::npos);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "what is damaged is named in her language, and for scripts") {
        init();
        (void)answer({"clinic", "add", "A", "--area", "350203"});
        (void)fork_device();
        tests::change_unguarded(tests::CentreFile(data).db(),
                                "UPDATE event SET hash = zeroblob(32) WHERE seq = 1");
        const auto faults = answer({"verify"});
        CHECK(faults.find("faults")->as_array().at(0).find("kind")->as_text() == "hash_mismatch");
        CHECK(on_data({"verify", "--lang", "zh"}) == ExitStatus::refused);
        CHECK(out.find("条目或其哈希被改动") != std::string::npos);
        CHECK(out.find("hash_mismatch") == std::string::npos);
        CHECK(on_data({"verify", "--lang", "en"}) == ExitStatus::refused);
        CHECK(out.find("entry or its hash changed") != std::string::npos);
        CHECK(out.find("hash_mismatch") == std::string::npos);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a key file that can't be right is named by the check") {
        init();
        CHECK(answer({"check"}).find("ok")->as_bool());
        for (const std::string name :
             {"tls.key", "ca.key", "ca.pem", "ring.key", "root.pub", "root.key", "code.key"}) {
            CAPTURE(name);
            const auto path = data + "/keys/" + name;
            const auto sound = tests::read_file(path);
            auto damaged = sound;
            damaged[45] = static_cast<char>(damaged[45] ^ 1);
            tests::write_file(path, damaged);
            const auto answered = answer({"check"});
            const auto& faults = answered.find("faults")->as_array();
            REQUIRE(faults.size() == 1);
            CHECK(faults.front().find("kind")->as_text() == "key_file_" + name);
            for (const auto* language : {"en", "zh"}) {
                CHECK(on_data({"check", "--lang", language}) == ExitStatus::refused);
                CHECK(out.find(name) != std::string::npos);
                CHECK(out.find("key_file_") == std::string::npos);
                CHECK((out + err).find(sound.substr(32, 12)) == std::string::npos);
            }
            tests::write_file(path, sound);
        }
        CHECK(answer({"check"}).find("ok")->as_bool());
    }

    TEST_CASE_FIXTURE(DaemonFixture, "with a key that can't be right nobody is served or invited") {
        init();
        for (const std::string name :
             {"tls.key", "ca.key", "ca.pem", "ring.key", "root.pub", "code.key"}) {
            CAPTURE(name);
            const auto path = data + "/keys/" + name;
            const auto sound = tests::read_file(path);
            auto damaged = sound;
            damaged[45] = static_cast<char>(damaged[45] ^ 1);
            tests::write_file(path, damaged);
            Serving serving(data);
            CHECK(serving.line == "");
            CHECK(serving.stop(SIGTERM) == 1);
            CHECK(serving.err().find(path) != std::string::npos);
            CHECK(on_data({"clinic", "add", "New", "--area", "350203"}) == ExitStatus::refused);
            CHECK(err.find(path) != std::string::npos);
            tests::write_file(path, sound);
        }
        // It belongs into a safe, and is needed for neither.
        tests::write_file(data + "/keys/root.key", "");
        tests::write_file(data + "/keys/recovery.key", "");
        CHECK(on_data({"clinic", "add", "New", "--area", "350203"}) == ExitStatus::done);
        const Serving serving(data);
        CHECK(serving.line.starts_with("listening on "));
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a centre that is out of reach is not said to be missing") {
        std::filesystem::create_symlink(data, data);
        for (const auto* command : {"status", "check", "rebuild"}) {
            CHECK(on_data({command}) == ExitStatus::refused);
            CHECK(err.find(data + " can't be reached") != std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a setting of the centre that can't be right is named") {
        init();
        const std::pair<const char*, const char*> changes[] = {
            {"DELETE FROM setting WHERE name = 'name'", "setting_name"},
            {"UPDATE setting SET value = 'a,,b' WHERE name = 'hosts'", "setting_hosts"},
            {"UPDATE setting SET value = 'Asia/Sh' WHERE name = 'time_zone'", "setting_time_zone"},
            {"INSERT OR REPLACE INTO setting VALUES ('port', '8443', zeroblob(32))",
             "setting_port"},
            {"DELETE FROM setting WHERE name = 'code_key_mark'", "setting_code_key_mark"},
            {"UPDATE setting SET value = '00' WHERE name = 'code_key_mark'",
             "setting_code_key_mark"},
            {"UPDATE setting SET name = 'code_key_marl' WHERE name = 'code_key_mark'",
             "setting_code_key_marl"},
        };
        const auto sound = tests::read_file(data + "/centre.db");
        for (const auto& [sql, kind] : changes) {
            tests::write_file(data + "/centre.db", sound);
            tests::CentreFile(data).db().execute(sql);
            const auto answered = answer({"check"});
            CHECK(answered.find("faults")->as_array().at(0).find("kind")->as_text() == kind);
            if (!std::string_view(kind).starts_with("setting_code")) continue;
            CHECK(on_data({"clinic", "add", "New", "--area", "350203"}) == ExitStatus::refused);
            CHECK(err.find("code.key") == std::string::npos);
            CHECK(err.find(data + "/centre.db") != std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(DaemonFixture,
                      "a clinic that isn't as it was noted is named, with what to do") {
        init();
        (void)answer({"clinic", "add", "Jimei", "--area", "350211"});
        tests::CentreFile(data).db().execute("UPDATE clinic SET name = 'Jimel'");
        for (const auto* language : {"en", "zh"}) {
            CHECK(on_data({"check", "--lang", language}) == ExitStatus::refused);
            CHECK(out.find("C001") != std::string::npos);
            CHECK(out.find("clinic_") == std::string::npos);
            CHECK((out + err).find("Jime") == std::string::npos);
            const auto* way_out = std::string_view(language) == "en" ? "copy" : "副本";
            CHECK(err.find(way_out) != std::string::npos);
        }
    }

    TEST_CASE_FIXTURE(DaemonFixture, "a wrong bit in the centre's schema is named, or harmless") {
        init();
        (void)answer({"clinic", "add", "A", "--area", "350203"});
        const auto path = data + "/centre.db";
        REQUIRE(on_data({"status"}) == ExitStatus::done);
        const auto status = out;
        const auto sound = tests::read_file(path);
        // The first page, which says what the file is, and at least one byte of all others.
        std::size_t count = 0;
        std::size_t named = 0;
        for (std::size_t at = 0; at < sound.size(); at += at < 4096 ? 61 : 4001) {
            auto damaged = sound;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
            std::filesystem::remove(path + "-wal");
            tests::write_file(path, damaged);
            CAPTURE(at);
            ++count;
            const bool is_done = on_data({"status"}) == ExitStatus::done;
            named += is_done ? 0 : 1;
            // Pages that the answer doesn't need may be wrong.
            CHECK_MESSAGE(
                (is_done ? out == status && at >= 4096 : err.find("damaged") != std::string::npos),
                err);
        }
        CHECK(count > 100);
        CHECK(named > 70);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "it serves, others work on the same folder, and it stops") {
        init();
        Serving serving(data);
        REQUIRE(serving.line.starts_with("listening on https://127.0.0.1:"));
        const auto url = serving.line.substr(serving.line.find("https"));

        const auto added = answer({"clinic", "add", "A", "--area", "350203"});
        CHECK(added.find("url")->as_text() ==
              "https://centre.example.cn" + url.substr(url.rfind(':')));
        CHECK(answer({"verify"}).find("ok")->as_bool());

        http::ignore_sigpipe();
        const auto centre = tests::open_centre(data);
        REQUIRE(centre);
        client::HttpsClientOptions options;
        options.url = url;
        options.authority_pem = centre->keys().authority().certificate_pem;
        options.now = SystemClock().now();
        auto line = *client::HttpsClient::make(options);
        http::Request request;
        request.path = "/health";
        const auto response = line.send(request);
        REQUIRE(response);
        CHECK(response->status == 200);

        const auto other = dir.file("other");
        REQUIRE(run({"init", "--name", "Other", "--data", other, "--device-secret",
                     other + "/device.key"}) == ExitStatus::done);
        CHECK(run({"serve", "--data", other, "--listen", url.substr(8)}) == ExitStatus::refused);
        CHECK(err.find(url.substr(url.rfind(':') + 1)) != std::string::npos);
        CHECK(serving.stop(SIGTERM) == 0);
    }

    TEST_CASE_FIXTURE(DaemonFixture, "it says where it serves, to scripts and to people") {
        init();
        for (const auto* language : {"en", "zh"}) {
            Serving serving(data, language);
            REQUIRE(serving.line.starts_with("listening on https://127.0.0.1:"));
            const auto url = serving.line.substr(serving.line.find("https"));
            CHECK(serving.stop(SIGTERM) == 0);
            CHECK(serving.err().find(url) != std::string::npos);
            const bool is_zh = serving.err().find("中心") != std::string::npos;
            CHECK(is_zh == (std::string_view(language) == "zh"));
        }
    }

    TEST_CASE_FIXTURE(DaemonFixture, "one folder is served once, and again after a crash") {
        init();
        Serving first(data);
        REQUIRE(first.line.starts_with("listening on "));
        Serving second(data);
        CHECK(second.line == "");
        CHECK(second.stop(SIGTERM) == 1);
        CHECK(on_data({"status"}) == ExitStatus::done);
        (void)first.stop(SIGKILL);
        Serving third(data);
        CHECK(third.line.starts_with("listening on "));
    }
}

}  // namespace egret::daemon
