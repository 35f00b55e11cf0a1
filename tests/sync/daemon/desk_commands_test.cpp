#include "tests/sync/daemon/daemon_fixture.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace egret::tests {
namespace {

using console::ExitStatus;

/// A centre with two clinics, the second of which voided what the first had recorded.
struct DeskCommandsFixture : DaemonFixture {
    DeskCommandsFixture() {
        init();
        for (const auto* name : {"First", "Second"})
            REQUIRE(on_data({"clinic", "add", name, "--area", "350203"}) == ExitStatus::done);
        auto centre = open_centre(data);
        REQUIRE(centre);
        auto& store = centre->store();
        const auto enrol = [&](const char* locator, const char* clinic) {
            auto device = std::make_unique<TestDevice>(random, clock, centre->keys().seal_key());
            REQUIRE(store.save_code({locator, Hash{}, clinic, clock.now() + std::chrono::hours{1}},
                                    clock.now()));
            REQUIRE(store.enrol(locator, device->enrolled_at(clinic)));
            return device;
        };
        const auto first = enrol("0000", "C001");
        const auto second = enrol("0001", "C002");
        central::Ingester ingester(store, centre->keys(), centre->zone(), clock);
        Register registered;
        registered.who.names = {{NameUse::official, "王小丽", {}}};
        first->record(fact("2026-01-05", registered), her);
        visit = first->record(fact("2026-01-05", Visit{}), her).to_string();
        first->record(fact("2026-01-05", registered), other);
        REQUIRE(ingester.ingest(first->envelope(1, 3), {}));
        voided =
            second->record(fact("2026-01-06", VoidFact{*EventUid::parse(visit)}), her).to_string();
        REQUIRE(ingester.ingest(second->envelope(1, 1), {}));
    }

    ExitStatus decide(const std::string& what, const std::string& event,
                      const std::string& officer = "陈主任") {
        return on_data({"quarantine", what, event, "--because", "agreed", "--as", officer});
    }

    bool says(const std::string& text) { return (out + err).find(text) != std::string::npos; }

    SeededRandom random{3};
    SystemClock clock;
    WomanId her = woman(1);
    WomanId other = woman(2);
    std::string visit;
    std::string voided;
};

}  // namespace

TEST_SUITE("sync/daemon/desk_commands") {
    TEST_CASE_FIXTURE(DeskCommandsFixture, "who works here is added, shown and removed") {
        REQUIRE(on_data({"user", "add", "陈主任", "--role", "officer"}) == ExitStatus::done);
        CHECK(on_data({"user", "add", "陈主任", "--role", "manager"}) == ExitStatus::refused);
        CHECK(on_data({"user", "add", "Li", "--role", "nurse"}) == ExitStatus::usage);
        CHECK(on_data({"user", "add", "Li"}) == ExitStatus::usage);
        CHECK(on_data({"user", "add", " ", "--role", "officer"}) == ExitStatus::usage);
        REQUIRE(on_data({"user", "list"}) == ExitStatus::done);
        CHECK(says("陈主任"));
        CHECK(says("officer"));
        REQUIRE(on_data({"user", "remove", "陈主任"}) == ExitStatus::done);
        CHECK(on_data({"user", "remove", "陈主任"}) == ExitStatus::refused);
        CHECK(answer({"user", "list"}).as_array().empty());
    }

    TEST_CASE_FIXTURE(DeskCommandsFixture,
                      "what waits is listed without whom it is about, decided, and gone") {
        REQUIRE(on_data({"user", "add", "陈主任", "--role", "officer"}) == ExitStatus::done);
        REQUIRE(on_data({"quarantine", "list"}) == ExitStatus::done);
        CHECK(says(voided));
        CHECK(says("C002"));
        CHECK(says("recorded by another clinic"));
        CHECK_FALSE(says("王小丽"));
        CHECK_FALSE(says(her.to_string()));
        const auto listed = answer({"quarantine", "list"});
        REQUIRE(listed.as_array().size() == 1);
        CHECK(listed.as_array()[0].find("reason")->as_text() == "other_clinic");
        REQUIRE(on_data({"quarantine", "list", "--lang", "zh"}) == ExitStatus::done);
        CHECK(says("待处理"));

        CHECK(decide("accept", voided, "Nobody") == ExitStatus::refused);
        CHECK(says("egretd user add"));
        CHECK(decide("accept", "abc") == ExitStatus::usage);
        CHECK(decide("accept", visit) == ExitStatus::refused);
        CHECK(on_data({"quarantine", "accept", voided, "--as", "陈主任"}) == ExitStatus::usage);
        REQUIRE(decide("accept", voided) == ExitStatus::done);
        CHECK(decide("accept", voided) == ExitStatus::refused);
        CHECK(answer({"quarantine", "list"}).as_array().empty());
        const auto all = answer({"quarantine", "list", "--all"});
        REQUIRE(all.as_array().size() == 1);
        CHECK(all.as_array()[0].find("accepted")->as_bool());
        REQUIRE(decide("refuse", voided) == ExitStatus::done);
        CHECK(on_data({"verify"}) == ExitStatus::done);
        CHECK(on_data({"check"}) == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(DeskCommandsFixture, "officers void, link, unlink and transfer") {
        REQUIRE(on_data({"user", "add", "陈主任", "--role", "officer"}) == ExitStatus::done);
        const auto as_officer = [&](std::vector<std::string> words) {
            words.insert(words.end(), {"--because", "agreed", "--as", "陈主任"});
            return on_data(words);
        };
        const auto one = her.to_string();
        const auto two = other.to_string();
        REQUIRE(as_officer({"void", visit}) == ExitStatus::done);
        CHECK(as_officer({"void", visit}) == ExitStatus::refused);
        REQUIRE(as_officer({"woman", "link", one, two}) == ExitStatus::done);
        CHECK(as_officer({"woman", "link", one, two}) == ExitStatus::refused);
        CHECK(as_officer({"woman", "link", one, "x"}) == ExitStatus::usage);
        REQUIRE(as_officer({"woman", "unlink", one, two}) == ExitStatus::done);
        REQUIRE(as_officer({"woman", "transfer", one, "C002"}) == ExitStatus::done);
        CHECK(as_officer({"woman", "transfer", one, "C009"}) == ExitStatus::refused);
        CHECK(on_data({"verify"}) == ExitStatus::done);
        CHECK(on_data({"status"}) == ExitStatus::done);
        CHECK_FALSE(says("CENTRE"));
    }
}

}  // namespace egret::tests
