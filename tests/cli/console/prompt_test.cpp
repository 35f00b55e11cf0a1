#include "cli/console/prompt.h"

#include "tests/support/pseudo_terminal.h"
#include "tests/support/temp_dir.h"
#include "tests/support/terminal.h"

#include <doctest/doctest.h>

#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace egret::console {
namespace {

using tests::PseudoTerminal;

const Message question{"Which?", {}};

Result<std::string> text_of_secret(const Result<TypedSecret>& secret) {
    if (!secret) return secret.error();
    return std::string(text_of(secret->view()));
}

Result<std::string> typed_pin(PseudoTerminal& device, std::string_view keys) {
    tests::FakeTerminal fake;
    const auto terminal = fake.terminal();
    std::thread person([&] { device.answer("Which? ", keys); });
    auto pin = Prompt(terminal, device.path()).secret(question, "EGRET_PIN_FILE");
    person.join();
    return text_of_secret(pin);
}

Result<std::string> pin_of(const std::string& content) {
    const tests::TempDir dir;
    const auto path = dir.file("pin");
    std::ofstream(path, std::ios::binary) << content;
    tests::FakeTerminal fake;
    fake.environment["EGRET_PIN_FILE"] = path;
    return text_of_secret(Prompt(fake.terminal(), "/nowhere").secret(question, "EGRET_PIN_FILE"));
}

TEST_SUITE("cli/console/prompt") {
    TEST_CASE("a PIN is read without being shown, and the terminal is as before") {
        PseudoTerminal device;
        const auto pin = typed_pin(device, "4711王\x7f\x7fx\n");
        REQUIRE(pin);
        CHECK(*pin == "471x");
        CHECK(device.shown().find('4') == std::string::npos);
        CHECK(device.echoes());
    }

    TEST_CASE("she can begin again, or give up") {
        PseudoTerminal device;
        CHECK(*typed_pin(device, "wrong\x15right\r") == "right");
        CHECK(typed_pin(device, "12\x03").error().code == ErrorCode::conflict);
        CHECK(typed_pin(device, "\x04").error().message.id == "prompt.given_up");
        CHECK(typed_pin(device, "\n").error().message.id == "prompt.secret_empty");
        CHECK(typed_pin(device, std::string(300, '1') + "\n").error().message.id ==
              "prompt.secret_long");
        CHECK(device.echoes());
    }

    TEST_CASE("a PIN comes from the first line of EGRET_PIN_FILE") {
        CHECK(*pin_of("4711\n0815\n") == "4711");
        CHECK(*pin_of("4711\r\n") == "4711");
        CHECK(*pin_of("4711") == "4711");
        CHECK(pin_of("").error().message.id == "prompt.secret_file_empty");
        CHECK(pin_of("\n4711\n").error().message.id == "prompt.secret_file_empty");
        CHECK(pin_of(std::string(300, '1')).error().message.id == "prompt.secret_long");
        tests::FakeTerminal fake;
        for (const auto* path : {"/nowhere/pin", "/"}) {
            fake.environment["EGRET_PIN_FILE"] = path;
            const auto pin = Prompt(fake.terminal(), "/nowhere").secret(question, "EGRET_PIN_FILE");
            REQUIRE_FALSE(pin);
            CHECK(pin.error().code == ErrorCode::invalid_input);
            CHECK(pin.error().message.id == "prompt.secret_file_unreadable");
        }
    }

    TEST_CASE("a new secret is typed twice, until both are the same") {
        PseudoTerminal device;
        tests::FakeTerminal fake;
        const auto terminal = fake.terminal();
        const Message again{"Again?", {}};
        std::thread person([&] {
            device.answer("Which? ", "482915\n");
            device.answer("Again? ", "482916\n");
            device.answer("Which? ", "482917\n");
            device.answer("Again? ", "482917\n");
        });
        const auto secret =
            Prompt(terminal, device.path()).new_secret(question, again, "EGRET_PIN_FILE");
        person.join();
        CHECK(*text_of_secret(secret) == "482917");
        CHECK(device.shown().find("The two are not the same") != std::string::npos);
        CHECK(device.shown().find("4829") == std::string::npos);
    }

    TEST_CASE("a yes or no is asked for until it is one") {
        PseudoTerminal device;
        tests::FakeTerminal fake;
        const auto terminal = fake.terminal();
        const Prompt prompt(terminal, device.path());
        const auto asked = [&](std::vector<std::string> answers) {
            std::thread person([&] {
                for (const auto& keys : answers) device.answer("[y/n] ", keys);
            });
            auto answer = prompt.yes_or_no(question);
            person.join();
            return answer;
        };
        CHECK(*asked({"y\n"}));
        CHECK_FALSE(*asked({"maybe\n", " NO \n"}));
        CHECK(*asked({"否\x7f是\n"}));
        CHECK_FALSE(*asked({"否\n"}));
        CHECK(asked({"\x03"}).error().code == ErrorCode::conflict);
        CHECK(device.shown().find("maybe") != std::string::npos);
    }

    TEST_CASE("a yes is no reason, and a no is none") {
        PseudoTerminal device;
        tests::FakeTerminal fake;
        const auto terminal = fake.terminal();
        const Prompt prompt(terminal, device.path());
        const auto asked = [&](std::vector<std::string> answers) {
            std::thread person([&] {
                for (const auto& keys : answers) device.answer("Which? ", keys);
            });
            auto answer = prompt.reason(question);
            person.join();
            return answer;
        };
        CHECK(*asked({"her mother asked\n"}) == "her mother asked");
        CHECK(*asked({"y\n", "second shot\n"}) == "second shot");
        CHECK(*asked({"n\n"}) == "");
        CHECK(*asked({"否\n"}) == "");
        CHECK(*asked({"\n"}) == "");
    }

    TEST_CASE("a terminal that is open already is asked at as it is") {
        PseudoTerminal device;
        tests::FakeTerminal fake;
        const auto terminal = fake.terminal();
        const int open = ::open(device.path().c_str(), O_RDWR | O_NOCTTY);
        REQUIRE(open >= 0);
        std::thread person([&] { device.answer("Which? ", "here\n"); });
        const auto line = Prompt(terminal, "/dev/fd/" + std::to_string(open)).line(question);
        person.join();
        CHECK(*line == "here");
        CHECK(device.echoes());
        CHECK(::close(open) == 0);
        CHECK_FALSE(Prompt(terminal, "/dev/fd/" + std::to_string(open)).line(question));
        CHECK_FALSE(Prompt(terminal, "/dev/fd/x").line(question));
        CHECK_FALSE(Prompt(terminal, "").line(question));
    }

    TEST_CASE("who doesn't answer in time is given up, and the terminal is as before") {
        PseudoTerminal device;
        tests::FakeTerminal fake;
        auto terminal = fake.terminal();
        terminal.patience = std::chrono::milliseconds{1};
        const auto line = Prompt(terminal, device.path()).line(question);
        REQUIRE_FALSE(line);
        CHECK(line.error().code == ErrorCode::locked);
        CHECK(line.error().message == msg("prompt.nobody", {{"minutes", "1"}}));
        CHECK(device.echoes());
        device.answer("Which? ", "");  // It is the second question that is answered.
        terminal.patience = std::chrono::minutes{1};
        std::thread person([&] { device.answer("Which? ", "in time\n"); });
        CHECK(*Prompt(terminal, device.path()).line(question) == "in time");
        person.join();
    }

    TEST_CASE("without a terminal nothing is asked") {
        tests::FakeTerminal fake;
        const auto terminal = fake.terminal();
        const tests::TempDir dir;
        const auto path = dir.file("no_terminal");
        std::ofstream(path, std::ios::binary) << "y\n";
        for (const auto& device : {std::string("/nowhere/tty"), path}) {
            const Prompt prompt(terminal, device);
            CHECK(prompt.secret(question, "EGRET_PIN_FILE").error().code == ErrorCode::locked);
            CHECK_FALSE(prompt.is_possible());
            CHECK(prompt.yes_or_no(question).error().message.id == "prompt.no_terminal");
        }
    }
}

}  // namespace
}  // namespace egret::console
