// A record that counts for nothing is a task at the clinic that made it, and what an officer of the
// centre decides reaches every clinic that has it.

#include "registry/service/worklist.h"
#include "registry/store/state_digest.h"
#include "sync/central/centre_device.h"
#include "sync/central/desk.h"
#include "tests/sync/scenarios/two_clinics.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret {
namespace {

using tests::fact;
using tests::Machine;
using tests::TwoClinicsFixture;

struct RulingsFixture : TwoClinicsFixture {
    RulingsFixture() { REQUIRE(desk.add_user("Chen", central::CentreRole::officer)); }

    /// As a program says it that doesn't know what is refused at entry.
    EventUid slip_in(Machine& at, const WomanId& woman, Fact said) {
        auto& registry = at.open();
        sqlite::WriteTransaction tx(registry.database());
        std::vector<service::Draft> drafts(1);
        drafts.front().subject = woman;
        drafts.front().fact = std::move(said);
        const auto uids = registry.append(nurse_of(at), std::move(drafts), tx);
        REQUIRE(uids);
        tx.commit();
        return uids->front();
    }

    /// What is owed of that kind there, by whom.
    std::vector<std::string> owners(Machine& at, std::string_view rule) {
        auto& registry = at.open();
        service::WorkQuestion question;
        question.on = registry.today();
        question.kind = service::WorkKind::follow_up;
        std::vector<std::string> all;
        for (const auto& item : service::find_work(registry, nurse_of(at), question)) {
            if (item.rule == rule) all.push_back(item.facility);
        }
        return all;
    }

    static bool holds(Machine& at, const WomanId& woman, const EventUid& event) {
        const auto history = at.open().load_history(woman);
        REQUIRE(history);
        return std::any_of(history->facts.begin(), history->facts.end(),
                           [&](const LiveFact& live) { return live.uid == event; });
    }

    std::optional<Hash> digest(Machine& at, const WomanId& woman) {
        return store::digest_woman(at.open().log(), at.open().database(), woman);
    }

    std::optional<Hash> digest_at_centre(const WomanId& woman) {
        sqlite::OpenOptions options;
        options.path = centre.db_path();
        options.busy_timeout_ms = 5000;
        sqlite::Database db(options);
        store::EventLog facts(db);
        return store::digest_woman(facts, db, woman);
    }

    void check_all_agree(const WomanId& woman) {
        const auto known = digest_at_centre(woman);
        CHECK(known);
        CHECK(digest(machine, woman) == known);
        CHECK(digest(other, woman) == known);
    }

    central::CentreDesk desk{*centre.store,
                             central::load_centre_device(*centre.store, *centre.keys), centre.zone,
                             centre.clock, centre.random};
};

TEST_SUITE("sync/scenarios/rulings") {
    TEST_CASE_FIXTURE(RulingsFixture, "a foreign void is a task until an officer accepts it") {
        const auto woman = refer("王小丽");
        const auto visit = machine.record_of(woman, fact("2026-04-30", Visit{}));
        whole_sync(machine);
        whole_sync(other);
        const auto said = slip_in(other, woman, fact("", VoidFact{visit}));
        constexpr auto rule = "follow_up/unheeded-other-clinic";
        CHECK(owners(other, rule) == std::vector<std::string>{"C002"});
        whole_sync(other);
        whole_sync(machine);
        CHECK(holds(machine, woman, visit));
        CHECK(owners(machine, rule) == std::vector<std::string>{"C002"});
        check_all_agree(woman);

        REQUIRE(desk.accept("Chen", said, "The first clinic agrees"));
        whole_sync(other);
        whole_sync(machine);
        CHECK_FALSE(holds(machine, woman, visit));
        CHECK_FALSE(holds(other, woman, visit));
        CHECK(owners(machine, rule).empty());
        CHECK(owners(other, rule).empty());
        check_all_agree(woman);

        REQUIRE(desk.refuse("Chen", said, "It was right after all"));
        whole_sync(other);
        whole_sync(machine);
        CHECK(holds(machine, woman, visit));
        CHECK(owners(other, "follow_up/refused-by-officer") == std::vector<std::string>{"C002"});
        check_all_agree(woman);
        CHECK(machine.open().check(quiet).empty());
        CHECK(other.open().check(quiet).empty());
        CHECK(centre.store->verify(centre.folder.file("copy"), machine.open().today(), quiet)
                  .empty());
    }

    TEST_CASE_FIXTURE(RulingsFixture, "a record that breaks the rules of its kind blocks nothing") {
        const auto woman = refer("王小丽");
        const auto odd = slip_in(machine, woman, fact("2026-04-30", Specimen{}));
        machine.record_of(woman, fact("2026-04-30", Visit{}));
        whole_sync(machine);
        CHECK_FALSE(holds(machine, woman, odd));
        CHECK(owners(machine, "follow_up/refused") == std::vector<std::string>{"C001"});
        whole_sync(other);
        CHECK(owners(other, "follow_up/refused").empty());
        REQUIRE(desk.accept("Chen", odd, "The laboratory has it"));
        whole_sync(machine);
        whole_sync(other);
        CHECK(holds(machine, woman, odd));
        CHECK(holds(other, woman, odd));
        CHECK(owners(machine, "follow_up/refused").empty());
        check_all_agree(woman);
    }

    TEST_CASE_FIXTURE(RulingsFixture, "an officer's fact comes to clinics, signed by the centre") {
        const auto woman = refer("王小丽");
        const auto visit = machine.record_of(woman, fact("2026-04-30", Visit{}));
        whole_sync(machine);
        whole_sync(other);
        const auto done = desk.void_fact("Chen", visit, "Of another woman");
        REQUIRE(done);
        whole_sync(machine);
        whole_sync(other);
        CHECK_FALSE(holds(machine, woman, visit));
        CHECK_FALSE(holds(other, woman, visit));
        check_all_agree(woman);
        auto& registry = machine.open();
        const auto entry = registry.log().find_entry(done->events.front());
        REQUIRE(entry);
        sqlite::Statement select(registry.database(),
                                 "SELECT signature FROM officer_signature WHERE position = ?1");
        auto run = select.start();
        run.bind_all(entry->position);
        REQUIRE(run.next());
        sync::FeedFact kept;
        kept.header = entry->event.header;
        kept.officer.emplace();
        const auto bytes = run.blob_view(0);
        REQUIRE(bytes.size() == kept.officer->size());
        std::copy(bytes.begin(), bytes.end(), kept.officer->begin());
        CHECK(sync::is_of_officer(kept, centre.keys->desk().public_key()));
    }
}

}  // namespace
}  // namespace egret
