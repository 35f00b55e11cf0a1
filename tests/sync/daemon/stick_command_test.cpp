#include "sync/daemon/stick_command.h"

#include "registry/files/private_file.h"
#include "sync/core/call.h"
#include "sync/stick/stick.h"
#include "tests/sync/daemon/daemon_fixture.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>

namespace egret::tests {
namespace {

namespace fs = std::filesystem;

using console::ExitStatus;

/// A centre with one clinic, and a stick on which its machine writes.
struct StickCommandFixture : DaemonFixture {
    StickCommandFixture() {
        init();
        REQUIRE(on_data({"clinic", "add", "Clinic", "--area", "350203"}) == ExitStatus::done);
        fs::create_directory(stick());
        auto centre = open_centre(data);
        REQUIRE(centre);
        device = std::make_unique<TestDevice>(random, clock, centre->keys().seal_key());
        REQUIRE(centre->store().save_code(
            {"0000", Hash{}, "C001", clock.now() + std::chrono::hours{1}}, clock.now()));
        REQUIRE(centre->store().enrol("0000", device->enrolled_at("C001")));
        device->record(30);
    }

    std::string stick() const { return dir.file("stick"); }

    void put(const TestDevice& by, std::uint64_t first, std::uint64_t count) {
        const sync::StickName name{sync::StickKind::upload, by.id, 0, first, first + count - 1, {}};
        REQUIRE(stick::Stick(stick()).write(name, by.envelope(first, count)));
    }

    ExitStatus read(std::vector<std::string> more = {}) {
        std::vector<std::string> words{"sync", "--from", stick(), "--to", stick()};
        words.insert(words.end(), more.begin(), more.end());
        return on_data(words);
    }

    json::Value machine() {
        read({"--json"});
        const auto all = json::parse(out);
        REQUIRE(all);
        return all->find("machines")->as_array()[0];
    }

    bool says(const std::string& text) { return out.find(text) != std::string::npos; }

    SeededRandom random{3};
    SystemClock clock;
    std::unique_ptr<TestDevice> device;
};

}  // namespace

TEST_SUITE("sync/daemon/stick_command") {
    TEST_CASE_FIXTURE(StickCommandFixture, "a stick is read, and the answers are on it") {
        put(*device, 1, 10);
        REQUIRE(read() == ExitStatus::done);
        CHECK(says("C001"));
        CHECK(says("taken in"));
        CHECK(says("10"));
        CHECK(says("answers"));
        CHECK(stick::Stick(stick()).down().size() == 2);
        const auto again = machine();
        CHECK(again.find("new")->as_integer() == 0);
        CHECK(again.find("answer")->as_text() == "applied");
        CHECK(again.find("written")->as_integer() == 1);
        REQUIRE(read({"--lang", "zh"}) == ExitStatus::done);
        CHECK(says("无新内容"));
    }

    TEST_CASE_FIXTURE(StickCommandFixture, "what waits is said with what is missing") {
        put(*device, 11, 10);
        CHECK(read() == ExitStatus::partly);
        CHECK(says("from number 1 on"));
        CHECK(machine().find("missing_from")->as_integer() == 1);
        CHECK(read({"--lang", "zh"}) == ExitStatus::partly);
        CHECK(says("等待"));
        put(*device, 1, 10);
        CHECK(read() == ExitStatus::done);
        CHECK(says("20"));
    }

    TEST_CASE_FIXTURE(StickCommandFixture, "strangers, who was shut out, and broken files") {
        TestDevice stranger(random, clock, device->seal.public_key());
        stranger.record(2);
        put(stranger, 1, 2);
        CHECK(read() == ExitStatus::partly);
        CHECK(says("is none of this centre"));
        CHECK(stick::Stick(stick()).down().empty());
        fs::remove_all(stick() + "/egret");
        put(*device, 1, 5);
        for (const auto& entry : fs::directory_iterator(stick() + "/egret/up"))
            fs::resize_file(entry.path(), 100);
        CHECK(read() == ExitStatus::partly);
        CHECK(says("not whole"));
        fs::remove_all(stick() + "/egret");
        put(*device, 1, 5);
        REQUIRE(on_data({"clinic", "revoke", "C001"}) == ExitStatus::done);
        CHECK(read() == ExitStatus::partly);
        CHECK(says("shut out"));
        CHECK(says("egretd clinic invite C001"));
        CHECK(machine().find("answer")->as_text() == "SHUT_OUT");
        CHECK(read({"--lang", "zh"}) == ExitStatus::partly);
        CHECK(says("停用"));
    }

    TEST_CASE_FIXTURE(StickCommandFixture, "no stick, or nothing of clinics on it") {
        CHECK(on_data({"sync", "--from", dir.file("nowhere")}) == ExitStatus::refused);
        CHECK(err.find("Plug the stick in") != std::string::npos);
        CHECK(read() == ExitStatus::refused);
        CHECK(err.find("nothing that a clinic wrote") != std::string::npos);
        CHECK(on_data({"sync"}) == ExitStatus::usage);
        put(*device, 1, 5);
        REQUIRE(on_data({"sync", "--from", stick()}) == ExitStatus::done);
        CHECK(says("No answers were written"));
        CHECK(stick::Stick(stick()).down().empty());
    }
}

}  // namespace egret::tests
