#pragma once

#include "cli/egret_commands.h"
#include "cli/handlers.h"
#include "registry/json/parse.h"
#include "registry/keys/key_file.h"
#include "registry/sqlite/backup.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/terminal.h"
#include "tests/support/vault_database.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

namespace egret::tests {

/// What one command said and how it ended.
struct Ran {
    console::ExitStatus status = console::ExitStatus::done;
    std::string out;
    std::string err;

    /// The answer of a command with --json.
    json::Value json() const {
        auto value = json::parse(out);
        REQUIRE_MESSAGE(value, out, err);
        return *std::move(value);
    }

    std::string text(std::string_view member) const {
        const auto value = json();
        const auto* found = value.find(member);
        REQUIRE_MESSAGE(found, out);
        return found->is_text() ? found->as_text() : "";
    }
};

/// The program `egret` in this process, with a folder of its own, on 1 May 2026 at noon in Xiamen.
struct EgretRun {
    using Words = std::vector<std::string>;

    static constexpr const char* pin = "482915";

    EgretRun() {
        terminal.environment["EGRET_HOME"] = home();
        write_file(dir.file("pin"), pin);
        terminal.environment["EGRET_PIN_FILE"] = dir.file("pin");
    }

    std::string home() const { return dir.file("home"); }

    /// Of the registry that EGRET_HOME names.
    std::string sheet() const { return terminal.environment.at("EGRET_HOME") + ".sheet"; }

    std::string registry() const { return home() + "/registry.db"; }

    /// As the only user or the first one.
    keys::DataKey key() const { return key_of(home(), pin, clock.now()); }

    /// The registry's file, open past the program, which must not have it open.
    VaultDatabase opened() const { return {registry(), key().view()}; }

    /// The registry's file alone as it is now, to be put back under its name.
    void copy_registry(const std::string& path) const {
        auto vault = opened();
        REQUIRE(sqlite::backup_to(vault.db, path));
    }

    Ran run(const Words& words) {
        terminal.out.str("");
        terminal.err.str("");
        terminal.out.clear(output_is_full ? std::ios::badbit : std::ios::goodbit);
        std::istringstream in(input);
        const cli::Machine machine{
            clock, random,     build_day, in, is_interactive, asked_at, sqlite::Synchronous::off,
            chip,  {16, 1, 1}, swap};
        auto at = terminal.terminal();
        at.is_watched = is_interactive;
        Ran ran;
        ran.status = console::run(egret_commands(), cli::make_handlers(machine), words, at);
        ran.out = terminal.out.str();
        ran.err = terminal.err.str();
        return ran;
    }

    /// As that user, with that PIN.
    Ran as(const std::string& name, const std::string& her_pin, Words words) {
        write_file(dir.file("pin"), her_pin);
        words.insert(words.end(), {"--as", name});
        auto ran = run(words);
        write_file(dir.file("pin"), pin);
        return ran;
    }

    /// A command that must be done, and its answer as JSON.
    Ran done(Words words) {
        words.emplace_back("--json");
        auto ran = run(words);
        REQUIRE_MESSAGE(ran.status == console::ExitStatus::done, ran.err);
        CHECK(ran.err == "");
        return ran;
    }

    void init() {
        done({"init", "--clinic", "思明区妇幼保健院", "--area", "350203", "--recovery-sheet",
              sheet()});
    }

    std::string add(const std::string& name = "王小丽", const std::string& born = "1985-03-04") {
        return done({"woman", "add", "name=" + name, "birth_date=" + born, "sex=female",
                     "area=350203"})
            .text("id");
    }

    TempDir dir;
    ManualClock clock{instant_from_unix_ms(1'777'608'000'000)};  // 2026-05-01 04:00 UTC
    SeededRandom random{20260501};
    Date build_day = Date::from_days(0);
    FakeTerminal terminal;
    std::string input;
    bool output_is_full = false;  // Nothing can be written to standard output.
    bool is_interactive = false;  // Somebody sits at `asked_at`.
    std::string asked_at = "/dev/null";
    keys::SealingChip* chip = nullptr;
    console::SwapPlaces swap{"/nowhere", "/nowhere"};
};

}  // namespace egret::tests
