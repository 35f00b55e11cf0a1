#include "sync/central/feed_store.h"
#include "tests/sync/daemon/daemon_fixture.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace egret::tests {
namespace {

using console::ExitStatus;

/// A centre with one clinic, of which one machine has joined.
struct FeedCommandsFixture : DaemonFixture {
    FeedCommandsFixture() {
        init();
        REQUIRE(on_data({"clinic", "add", "Clinic", "--area", "350203"}) == ExitStatus::done);
        const auto centre = opened();
        auto& store = centre->store();
        device = std::make_unique<TestDevice>(random, clock, centre->keys().seal_key());
        REQUIRE(store.save_code({"0000", Hash{}, "C001", clock.now() + std::chrono::hours{1}},
                                clock.now()));
        REQUIRE(store.enrol("0000", device->enrolled_at("C001")));
        id = device->id.to_string().substr(0, 8);
    }

    std::unique_ptr<central::Centre> opened() {
        auto centre = open_centre(data);
        REQUIRE(centre);
        return std::make_unique<central::Centre>(*std::move(centre));
    }

    sync::UploadCode upload(std::uint64_t first, std::size_t number) {
        const auto centre = opened();
        central::Ingester ingester(centre->store(), centre->keys(), centre->zone(), clock);
        const auto reply = ingester.ingest(device->envelope(first, number), {});
        REQUIRE(reply);
        return reply->code;
    }

    /// A copy that went its own way after the first fact says so.
    void fork() {
        const auto whole = device->log;
        device->log.all.resize(1);
        device->record(1);
        CHECK(upload(2, 1) == sync::UploadCode::fork);
        device->log = whole;
    }

    json::Value machine() {
        const auto all = answer({"status"});
        return all.find("clinics")->as_array()[0].find("devices")->as_array()[0];
    }

    bool says(const std::string& text) { return out.find(text) != std::string::npos; }

    SeededRandom random{3};
    SystemClock clock;
    std::unique_ptr<TestDevice> device;
    std::string id;
};

}  // namespace

TEST_SUITE("sync/daemon/feed_commands") {
    TEST_CASE_FIXTURE(FeedCommandsFixture, "a machine that was copied is called cloned") {
        device->record(3);
        CHECK(upload(1, 3) == sync::UploadCode::applied);
        CHECK_FALSE(machine().find("cloned")->as_bool());
        fork();
        REQUIRE(on_data({"status"}) == ExitStatus::done);
        CHECK(says("log forked"));
        CHECK_FALSE(says("cloned"));
        // It goes on, as it does after it has repaired its log.
        device->record(1);
        CHECK(upload(4, 1) == sync::UploadCode::applied);
        REQUIRE(on_data({"status"}) == ExitStatus::done);
        CHECK_FALSE(says("log forked"));
        fork();
        CHECK(machine().find("cloned")->as_bool());
        REQUIRE(on_data({"status"}) == ExitStatus::done);
        CHECK(says("cloned"));
        CHECK(says("egretd clinic invite C001"));
        REQUIRE(on_data({"status", "--lang", "zh"}) == ExitStatus::done);
        CHECK(says("有副本"));
        CHECK(says("egretd clinic invite C001"));
    }

    TEST_CASE_FIXTURE(FeedCommandsFixture,
                      "a machine is given an area to follow, and it is taken again") {
        const auto scope = [&](std::vector<std::string> more) {
            std::vector<std::string> words{"clinic", "scope", "C001", "--machine", id};
            words.insert(words.end(), more.begin(), more.end());
            return on_data(words);
        };
        REQUIRE(scope({}) == ExitStatus::done);
        CHECK(says("its own clinic"));
        REQUIRE(scope({"--area", "350203"}) == ExitStatus::done);
        CHECK(says("350203"));
        REQUIRE(scope({"--area", "350206", "--json"}) == ExitStatus::done);
        const auto given = json::parse(out);
        REQUIRE(given);
        CHECK(given->find("areas")->as_array().size() == 2);
        CHECK(machine().find("feeds")->as_array().size() == 3);
        REQUIRE(scope({"--area", "350203", "--end"}) == ExitStatus::done);
        CHECK_FALSE(says("350203"));
        CHECK(says("350206"));
        CHECK(scope({"--area", "350203", "--end"}) == ExitStatus::refused);
        CHECK(scope({"--area", "Xiamen"}) == ExitStatus::refused);
        CHECK(scope({"--end"}) == ExitStatus::usage);
        CHECK(on_data({"clinic", "scope", "C001", "--machine", "ffffffff"}) == ExitStatus::refused);
        CHECK(on_data({"clinic", "scope", "C001"}) == ExitStatus::usage);
    }

    TEST_CASE_FIXTURE(FeedCommandsFixture,
                      "the status says how much a machine has still to fetch") {
        device->record(3);
        CHECK(upload(1, 3) == sync::UploadCode::applied);
        const auto feed = [&] { return machine().find("feeds")->as_array()[0]; };
        CHECK(feed().find("items")->as_integer() == 1);
        CHECK(feed().find("behind")->as_integer() == 1);
        CHECK(feed().find("asked")->is_null());
        {
            const auto centre = opened();
            auto& feeds = centre->store().feeds();
            sync::FeedCursor at{1, 0, {}};
            for (int turn = 0; turn < 2; ++turn) {
                const auto reply = feeds.feed_page(device->id, at, clock.now());
                REQUIRE(reply);
                at = reply->page.end();
            }
        }
        CHECK(feed().find("behind")->as_integer() == 0);
        CHECK(feed().find("asked")->is_text());
        REQUIRE(on_data({"status"}) == ExitStatus::done);
        CHECK(says("To fetch"));
    }
}

}  // namespace egret::tests
