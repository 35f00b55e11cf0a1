#include "cli/console/report.h"

#include "cli/console/program.h"
#include "cli/egret_commands.h"
#include "registry/files/file_error.h"
#include "registry/json/parse.h"
#include "registry/sqlite/error.h"
#include "tests/support/terminal.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace egret::console {
namespace {

Error sample() { return {ErrorCode::invalid_input, "birth_date", msg("date.malformed")}; }

/// What a person reads when the work throws.
template <class Thrown>
std::string said(const Thrown& thrown, Language language = Language::en) {
    tests::FakeTerminal fake;
    const auto status = run_guarded(fake.terminal(language), [&]() -> ExitStatus { throw thrown; });
    CHECK(status == ExitStatus::refused);
    CHECK(fake.out.str().empty());
    return fake.err.str();
}

class OddError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

TEST_SUITE("cli/console/report") {
    TEST_CASE("an error is one sentence in her language, its field before it") {
        tests::FakeTerminal fake;
        print(sample(), fake.terminal(Language::zh));
        CHECK(fake.err.str() ==
              "出生日期：日期格式不对；请写成 2026-03-31，只知道年月或年份时写 2026-03 或 "
              "2026。\n");
        fake.err.str("");
        auto error = sample();
        error.field = "";
        print(error, fake.terminal());
        CHECK(fake.err.str().starts_with("This is no date;"));
        CHECK(fake.out.str().empty());
    }

    TEST_CASE("with --json an error is one line of code, field and text") {
        tests::FakeTerminal fake;
        auto terminal = fake.terminal();
        terminal.json = true;
        print(sample(), terminal);
        const auto line = fake.err.str();
        CHECK(line.find('\n') == line.size() - 1);
        const auto parsed = json::parse(line);
        REQUIRE(parsed);
        const auto* error = parsed->find("error");
        REQUIRE(error != nullptr);
        CHECK(error->as_object().size() == 3);
        CHECK(error->find("code")->as_text() == "invalid_input");
        CHECK(error->find("field")->as_text() == "birth_date");
        CHECK(error->find("text")->as_text().starts_with("This is no date;"));
    }

    TEST_CASE("nothing in an error can steer the terminal") {
        tests::FakeTerminal fake;
        print({ErrorCode::invalid_input, "--a\x1b[2J",
               msg("prompt.secret_file_empty", {{"path", "x\ny\u202e"}})},
              fake.terminal());
        CHECK(fake.err.str() ==
              "--a [2J: The first line of x y is empty; write what is asked for there.\n");
    }

    TEST_CASE("a failed database is told by what to do about it") {
        const auto sqlite = [](int code) {
            return said(sqlite::SqliteError(code, "reason", "SELECT name FROM t"));
        };
        CHECK(sqlite(5).starts_with("Another Egret is working with this registry"));
        CHECK(sqlite(6).starts_with("Another Egret is working with this registry"));
        CHECK(sqlite(13).starts_with("The disk is full"));
        CHECK(sqlite(11).starts_with("The registry's file is damaged; don't delete it"));
        CHECK(sqlite(11).find("egret check") != std::string::npos);
        CHECK(sqlite(26).starts_with("The file is no registry of Egret"));
        CHECK(sqlite(8).starts_with("The registry may not be written"));
        CHECK(sqlite(10).starts_with("The registry's files could not be read"));
        CHECK(sqlite(14).starts_with("The registry's files could not be read"));
        CHECK(sqlite(19).starts_with("What is stored contradicts itself"));
        for (const int code : {12, 18, 20})
            CHECK(sqlite(code).find("damaged") != std::string::npos);
        CHECK(sqlite(1).starts_with("Something happened"));
        CHECK(sqlite(1).find("SELECT") == std::string::npos);
        CHECK(said(sqlite::SqliteError(13, "", ""), Language::zh).starts_with("磁盘已满"));
    }

    TEST_CASE("the check itself doesn't send her to the check") {
        tests::FakeTerminal fake;
        for (const int code : {11, 19}) {
            const Handlers handlers = {
                {"check", [=](const Parsed&, const Terminal&) -> Result<ExitStatus> {
                     throw sqlite::SqliteError(code, "reason", "");
                 }}};
            CHECK(run(egret_commands(), handlers, {"check"}, fake.terminal()) ==
                  ExitStatus::refused);
        }
        CHECK(fake.err.str().find("egret check") == std::string::npos);
        CHECK(fake.err.str().find("restore the last backup") != std::string::npos);
    }

    TEST_CASE("what the system refuses is told with its reason, a full disk as such") {
        const auto system = [](std::errc code) {
            return said(std::system_error(std::make_error_code(code), "/path/of/somebody"));
        };
        CHECK(system(std::errc::no_space_on_device).starts_with("The disk is full"));
        const auto denied = system(std::errc::permission_denied);
        CHECK(denied.starts_with("The computer refused (Permission denied)"));
        CHECK(denied.find("somebody") == std::string::npos);
        const auto of_file = said(FileError(EACCES, "make a file", "/clinic/registry.keys.new"));
        CHECK(of_file.starts_with("/clinic/registry.keys.new can't be read or written"));
        CHECK(said(FileError(ENOSPC, "write a file", "/clinic/x")).starts_with("The disk is full"));
    }

    TEST_CASE("of any other exception only the type's name is told") {
        const auto line = said(std::out_of_range("王小丽"));
        CHECK(line.find("(std::out_of_range)") != std::string::npos);
        CHECK(line.find("王小丽") == std::string::npos);
        CHECK(said(OddError("secret")).find("OddError") != std::string::npos);
        CHECK(said(OddError("secret")).find("secret") == std::string::npos);
        CHECK(said(sqlite::SqliteError(1, "r", "")).find("(egret::sqlite::SqliteError)") !=
              std::string::npos);
    }

    TEST_CASE("the status follows from how the work ended") {
        tests::FakeTerminal fake;
        CHECK(run_guarded(fake.terminal(), [] { return ExitStatus::partly; }) ==
              ExitStatus::partly);
        CHECK(status_of(sample()) == ExitStatus::refused);
        CHECK(status_of({ErrorCode::invalid_input, "--data", msg("central.data_missing")}) ==
              ExitStatus::usage);
        CHECK(status_of({ErrorCode::locked, "", msg("prompt.no_terminal_for_pin")}) ==
              ExitStatus::locked);
    }
}

TEST_SUITE("cli/console/program") {
    TEST_CASE("a command reaches its handler, with her language and manner") {
        tests::FakeTerminal fake;
        std::string seen;
        const Handlers handlers = {
            {"woman find", [&](const Parsed& parsed, const Terminal& terminal) {
                 seen = parsed.value("TEXT");
                 CHECK(terminal.language == Language::zh);
                 CHECK(terminal.json);
                 return ExitStatus::partly;
             }}};
        CHECK(run(egret_commands(), handlers, {"woman", "find", "王", "--lang", "zh", "--json"},
                  fake.terminal()) == ExitStatus::partly);
        CHECK(seen == "王");
    }

    TEST_CASE("a usage error ends with 2, a handler's error by its code") {
        tests::FakeTerminal fake;
        const Handlers handlers = {
            {"check", [](const Parsed&, const Terminal&) {
                 return Error{ErrorCode::locked, "", msg("prompt.no_terminal_for_pin")};
             }}};
        CHECK(run(egret_commands(), handlers, {"chek", "--lang=zh"}, fake.terminal()) ==
              ExitStatus::usage);
        CHECK(fake.err.str() == "没有这个命令；您是指 egret check 吗？\n");
        fake.err.str("");
        CHECK(run(egret_commands(), handlers, {"check", "--lang", "fr"}, fake.terminal()) ==
              ExitStatus::usage);
        CHECK(fake.err.str().starts_with("--lang: "));
        CHECK(run(egret_commands(), handlers, {"check"}, fake.terminal()) == ExitStatus::locked);
        CHECK(fake.out.str().empty());
    }

    TEST_CASE("help and version are answers") {
        tests::FakeTerminal fake;
        CHECK(run(egret_commands(), {}, {"woman", "--help"}, fake.terminal()) == ExitStatus::done);
        CHECK(fake.out.str().find("woman find") == std::string::npos);
        CHECK(fake.out.str().find("find TEXT") != std::string::npos);
        fake.out.str("");
        CHECK(run(egret_commands(), {}, {"--version"}, fake.terminal()) == ExitStatus::done);
        CHECK(fake.out.str().starts_with("egret "));
        CHECK(fake.err.str().empty());
    }

    TEST_CASE("an answer that could not be written is not done") {
        tests::FakeTerminal fake;
        fake.out.setstate(std::ios::badbit);
        CHECK(run(egret_commands(), {}, {"--help"}, fake.terminal()) == ExitStatus::refused);
        CHECK(fake.err.str().starts_with("The answer could not be written"));
    }
}

}  // namespace
}  // namespace egret::console
