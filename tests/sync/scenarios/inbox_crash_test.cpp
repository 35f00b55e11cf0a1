// What the feeds bring to a locked registry outlives a program that is killed anywhere: while pages
// are fetched, and while they are taken in.

#include "tests/support/killed_child.h"
#include "tests/sync/scenarios/two_clinics.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace egret {
namespace {

using tests::fact;

/// Answers as they were once given, so that a process that is killed leaves the centre alone.
class ReplayedLine final : public client::Transport {
public:
    using Answers = std::map<std::string, http::Response>;

    /// Without a line what is asked is answered from what was noted.
    ReplayedLine(std::unique_ptr<client::Transport> line, Answers& answers)
        : line_(std::move(line)), answers_(answers) {}

    Result<http::Response> send(const http::Request& request) override {
        const auto key = request.method + http::target_of(request);
        if (!line_) {
            const auto known = answers_.find(key);
            if (known != answers_.end()) return known->second;
            return Error{ErrorCode::unavailable, "server", msg("net.unreachable")};
        }
        auto answer = line_->send(request);
        if (answer) answers_[key] = *answer;
        return answer;
    }

private:
    std::unique_ptr<client::Transport> line_;
    Answers& answers_;
};

struct InboxCrash : tests::TwoClinicsFixture {
    InboxCrash() {
        for (const auto* name : {"王小丽", "李桂芳"}) {
            women.push_back(refer(name));
            whole_sync(machine);
            if (women.size() == 1) fetch(true);
        }
        machine.close();
    }

    void fetch(bool is_centre_there) {
        const auto keys = client::LinkKeys::load(other.home());
        client::OutboxSync sync({**keys, clock, chance, instant_from_unix_ms(0)}, other.home(),
                                [&](const client::HttpsClientOptions& options)
                                    -> Result<std::unique_ptr<client::Transport>> {
                                    auto line = is_centre_there ? *way()(options) : nullptr;
                                    return std::unique_ptr<client::Transport>(
                                        std::make_unique<ReplayedLine>(std::move(line), answers));
                                });
        static_cast<void>(sync.sync("", quiet));
    }

    void keep() { std::filesystem::copy(other.home(), path("kept"), recursive); }

    void put_back() {
        other.close();
        std::filesystem::remove_all(other.home());
        std::filesystem::copy(path("kept"), other.home(), recursive);
    }

    void check_all_is_there() {
        other.open();
        CHECK(client::InboxFolder(other.home()).items().empty());
        if (facts_of(other, women[1]) == 0) whole_sync(other);
        for (const auto& woman : women) CHECK(facts_of(other, woman) == 2);
        CHECK(whole_sync(other).received == 0);
        CHECK(other.open().check(quiet).empty());
    }

    static constexpr auto recursive = std::filesystem::copy_options::recursive;

    SeededRandom chance{5};
    ReplayedLine::Answers answers;
    std::vector<WomanId> women;
};

TEST_SUITE("sync/scenarios/inbox_crash") {
    TEST_CASE_FIXTURE(InboxCrash, "killed at any change of a file while pages are taken in") {
        fetch(true);
        REQUIRE(client::InboxFolder(other.home()).items().size() == 2);
        keep();
        int kills = 0;
        for (int at = 0;; at += tests::kills_each(7)) {
            CAPTURE(at);
            put_back();
            const bool was_killed = tests::is_killed_at(
                at, [&] { other.open(); }, tests::Calls::changing);
            check_all_is_there();
            if (!was_killed) break;
            ++kills;
        }
        CHECK(kills > 5);
    }

    TEST_CASE_FIXTURE(InboxCrash, "killed at any change of a file while a page is fetched") {
        keep();
        fetch(true);  // To note what the centre answers.
        int kills = 0;
        for (int at = 0;; at += tests::kills_each(2)) {
            CAPTURE(at);
            put_back();
            const bool was_killed = tests::is_killed_at(
                at, [&] { fetch(false); }, tests::Calls::changing);
            // Whole under its name, or not there.
            for (const auto& item : client::InboxFolder(other.home()).items()) {
                const auto page = client::InboxFolder(other.home()).read(item);
                REQUIRE(page);
                CHECK(sync::outside_of_page(*page)->last_pos == item.last_pos);
            }
            check_all_is_there();
            if (!was_killed) break;
            ++kills;
        }
        CHECK(kills > 2);
    }
}

}  // namespace
}  // namespace egret
