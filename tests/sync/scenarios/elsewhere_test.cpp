// What one clinic records of a woman reaches the other one that cares for her, in the open and
// while its registry is locked, whatever becomes of the line, the program and the centre.

#include "registry/files/private_file.h"
#include "tests/support/sqlite_file.h"
#include "tests/sync/scenarios/two_clinics.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

namespace egret {
namespace {

using tests::fact;
using tests::TwoClinicsFixture;

struct ElsewhereFixture : TwoClinicsFixture {
    using Answer = std::function<Result<http::Response>(const http::Request&)>;
    using Trick = std::function<Result<http::Response>(const http::Request&, const Answer&)>;

    /// A sync of the second clinic over a line that does so.
    Result<client::SyncOutcome> sync_over(const Trick& trick) {
        const auto tricky = [this, trick](const client::HttpsClientOptions& options)
            -> Result<std::unique_ptr<client::Transport>> {
            auto line = way()(options);
            if (!line) return line;
            return std::unique_ptr<client::Transport>(
                std::make_unique<Tricky>(*std::move(line), trick));
        };
        return client::ClinicLink(other.open(), other.home(), tricky).sync("", quiet);
    }

    struct Tricky final : client::Transport {
        Tricky(std::unique_ptr<client::Transport> line_, Trick trick_)
            : line(std::move(line_)), trick(std::move(trick_)) {}

        Result<http::Response> send(const http::Request& request) override {
            return trick(request, [this](const http::Request& asked) { return line->send(asked); });
        }

        std::unique_ptr<client::Transport> line;
        Trick trick;
    };

    static bool is_feed(const http::Request& request) { return request.path == "/v1/sync/feed"; }
};

TEST_SUITE("sync/scenarios/elsewhere") {
    TEST_CASE_FIXTURE(ElsewhereFixture, "a result from elsewhere stands in her history") {
        const auto woman = refer("王小丽");
        CHECK(whole_sync(machine).received == 0);
        CHECK(whole_sync(other).received == 2);
        CHECK(facts_of(other, woman) == 2);
        other.record_of(woman, fact("2026-05-01", Visit{}));
        whole_sync(other);
        CHECK(whole_sync(machine).received == 1);
        CHECK(facts_of(machine, woman) == 3);
        // Nothing of that is sent back, and nothing comes twice.
        CHECK(whole_sync(machine).report.sent == 0);
        CHECK(whole_sync(other).received == 0);
        CHECK(centre.count("SELECT count(*) FROM event") == 3);
        CHECK(centre.store->verify(centre.folder.file("copy"), machine.open().today(), quiet)
                  .empty());
        for (auto* one : {&machine, &other}) CHECK(one->open().check(quiet).empty());
    }

    TEST_CASE_FIXTURE(ElsewhereFixture, "who has no part in her care is told nothing") {
        add_woman("李桂芳");
        whole_sync(machine);
        CHECK(whole_sync(other).received == 0);
        CHECK(tests::uids_in(other.open().database()).empty());
    }

    TEST_CASE_FIXTURE(ElsewhereFixture, "a page that is cut or changed is asked for again") {
        const auto woman = refer("王小丽");
        whole_sync(machine);
        std::size_t size = 0;
        for (std::size_t at = 0; at == 0 || at < size; at += 41) {
            const auto cut = sync_over([&](const http::Request& request, const Answer& send) {
                auto answer = send(request);
                if (!is_feed(request) || !answer) return answer;
                size = answer->body.size();
                if (at % 2 == 0) {
                    answer->body.resize(at);
                } else {
                    answer->body.at(at) ^= 0x10;
                }
                return answer;
            });
            REQUIRE(cut);
            CHECK_FALSE(cut->must_stop);
            REQUIRE(cut->report.error);
            CHECK(cut->received == 0);
            CHECK(cut->has_all);
        }
        CHECK(size > 200);
        CHECK(whole_sync(other).received == 2);
        CHECK(facts_of(other, woman) == 2);
    }

    TEST_CASE_FIXTURE(ElsewhereFixture, "a page twice, or an old one again, changes nothing") {
        const auto first = refer("王小丽");
        whole_sync(machine);
        http::Response old;
        REQUIRE(sync_over([&](const http::Request& request, const Answer& send) {
            auto answer = send(request);
            if (is_feed(request)) old = *answer;
            return answer;
        }));
        const auto second = refer("李桂芳");
        whole_sync(machine);
        const auto before = tests::uids_in(other.open().database());
        const auto again = sync_over([&](const http::Request& request, const Answer& send) {
            return is_feed(request) ? Result<http::Response>(old) : send(request);
        });
        REQUIRE(again);
        CHECK(again->report.error);
        CHECK(tests::uids_in(other.open().database()) == before);
        CHECK(whole_sync(other).received == 2);
        CHECK(facts_of(other, first) == 2);
        CHECK(facts_of(other, second) == 2);
    }

    TEST_CASE_FIXTURE(ElsewhereFixture,
                      "a centre that was restored is followed from an older place") {
        const auto first = refer("王小丽");
        whole_sync(machine);
        whole_sync(other);
        const auto kept = std::string(centre.folder.file("kept.db"));
        keep_centre(kept);
        const auto lost = refer("李桂芳");
        whole_sync(machine);
        CHECK(whole_sync(other).received == 2);
        restore_centre(kept);
        // The first clinic brings back what the centre lost; meanwhile other things took its place.
        const auto next = refer("陈美华");
        whole_sync(machine);
        const auto outcome = whole_sync(other);
        CHECK(outcome.received == 2);
        for (const auto& woman : {first, lost, next}) CHECK(facts_of(other, woman) == 2);
        CHECK(other.open().check(quiet).empty());
    }

    TEST_CASE_FIXTURE(ElsewhereFixture, "who is compacted away gets all of it as a snapshot") {
        const auto woman = refer("王小丽");
        whole_sync(machine);
        int snapshots = 0;
        const auto outcome = sync_over([&](const http::Request& request, const Answer& send) {
            // As after 400 days.
            if (is_feed(request) && request.query.at("pos") == "0")
                return Result<http::Response>(http::Response::json("{}", 410));
            if (request.path == "/v1/sync/snapshot") ++snapshots;
            return send(request);
        });
        REQUIRE(outcome);
        CHECK_FALSE(outcome->report.error);
        CHECK(snapshots > 0);
        CHECK(outcome->received == 2);
        CHECK(facts_of(other, woman) == 2);
        CHECK(whole_sync(other).received == 0);
    }

    TEST_CASE_FIXTURE(ElsewhereFixture, "a program that is too old for the feed still hands over") {
        refer("王小丽");
        whole_sync(machine);
        other.record(1);
        const auto outcome = sync_over([&](const http::Request& request, const Answer& send) {
            return is_feed(request) ? Result<http::Response>(http::Response::json("{}", 426))
                                    : send(request);
        });
        REQUIRE(outcome);
        CHECK(outcome->must_stop);
        CHECK(outcome->report.left == 0);
        CHECK(outcome->report.error->message.id == "sync.program_too_old");
        CHECK(whole_sync(other).received == 2);
    }

    TEST_CASE_FIXTURE(ElsewhereFixture,
                      "while it is locked pages are fetched, and taken in later") {
        const auto woman = refer("王小丽");
        whole_sync(machine);
        other.record(1);
        const auto locked = other.locked_sync();
        CHECK_FALSE(locked.report.error);
        CHECK(locked.report.acked == 2);
        CHECK(locked.received == 0);
        CHECK(locked.fetched > 0);
        const client::InboxFolder inbox(other.home());
        CHECK(inbox.items().size() == 1);
        // What lies there already isn't fetched again, and what is new goes on from it.
        CHECK(other.locked_sync().fetched == 0);
        machine.record_of(woman, fact("2026-05-01", Visit{}));
        whole_sync(machine);
        CHECK(other.locked_sync().fetched == 1);
        CHECK(inbox.items().size() == 2);

        CHECK(facts_of(other, woman) == 3);
        CHECK(inbox.items().empty());
        CHECK(whole_sync(other).received == 0);
        CHECK(other.locked_sync().fetched == 0);
        CHECK(other.open().check(quiet).empty());
    }

    TEST_CASE_FIXTURE(ElsewhereFixture, "nothing of a person can be read in the inbox") {
        refer("钱多多");
        whole_sync(machine);
        other.locked_sync();
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(other.home() + "/inbox")) {
            if (!entry.is_regular_file()) continue;
            const auto content = tests::read_file(entry.path().string());
            for (const auto* canary : {"钱多多", "1985", "350203", "HPV16", "C002"})
                CHECK(content.find(canary) == std::string::npos);
            CHECK((entry.status().permissions() & std::filesystem::perms::others_all) ==
                  std::filesystem::perms::none);
        }
    }

    TEST_CASE_FIXTURE(ElsewhereFixture, "a page that is damaged or gone is asked for again") {
        const auto first = refer("王小丽");
        whole_sync(machine);
        other.locked_sync();
        const auto second = refer("李桂芳");
        whole_sync(machine);
        other.locked_sync();
        const client::InboxFolder inbox(other.home());
        const auto pages = inbox.items();
        REQUIRE(pages.size() == 2);
        const auto path = other.home() + "/inbox/" + pages[0].name();
        SUBCASE("gone") { std::filesystem::remove(path); }
        SUBCASE("cut") { std::filesystem::resize_file(path, 100); }
        SUBCASE("changed") {
            auto content = *read_small_file(path, 1'000'000);
            content[content.size() / 2] ^= 1;
            replace_private_file(path, content);
        }
        SUBCASE("under another's name") {
            auto name = pages[0];
            name.last_pos += 1;
            std::filesystem::rename(path, other.home() + "/inbox/" + name.name());
        }
        other.open();
        CHECK(inbox.items().empty());
        CHECK(whole_sync(other).received == 4);
        CHECK(facts_of(other, first) == 2);
        CHECK(facts_of(other, second) == 2);
    }

    TEST_CASE_FIXTURE(ElsewhereFixture, "a centre that is restored while the registry is locked") {
        const auto first = refer("王小丽");
        whole_sync(machine);
        whole_sync(other);
        const auto kept = std::string(centre.folder.file("kept.db"));
        keep_centre(kept);
        const auto lost = refer("李桂芳");
        whole_sync(machine);
        SUBCASE("after its pages were fetched") { CHECK(other.locked_sync().fetched > 0); }
        SUBCASE("after they were taken in") { whole_sync(other); }
        restore_centre(kept);
        const auto next = refer("陈美华");
        whole_sync(machine);
        const auto outcome = other.locked_sync();
        CHECK_FALSE(outcome.report.error);
        for (const auto& woman : {first, lost, next}) CHECK(facts_of(other, woman) == 2);
        CHECK(whole_sync(other).received == 0);
    }
}

}  // namespace
}  // namespace egret
