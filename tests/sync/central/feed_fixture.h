#pragma once

#include "sync/central/feed_store.h"
#include "sync/core/feed_client.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace egret::tests {

/// A fact's place in its maker's log.
using FactPlace = std::pair<DeviceId, std::uint64_t>;

/// A machine that follows the feed of a scope, and keeps what it is told.
class Follower {
public:
    Follower(const DeviceId& device, std::uint64_t scope)
        : device_(device), client_({sync::CursorTrail(scope), {}}) {}

    /// Until all is here. What it says at the end.
    sync::FeedStep follow(central::FeedStore& feeds, Instant now) {
        auto step = client_.start();
        for (int turns = 0; turns < 500; ++turns) {
            switch (step) {
                case sync::FeedStep::ask_page:
                    step = take(feeds.feed_page(device_, client_.cursor(), now));
                    break;
                case sync::FeedStep::ask_snapshot:
                    step = take(feeds.snapshot_page(device_, client_.cursor().scope,
                                                    *client_.place().snapshot, now));
                    break;
                case sync::FeedStep::apply:
                    apply(client_.page());
                    step = client_.on_applied();
                    break;
                case sync::FeedStep::done:
                case sync::FeedStep::wait:
                case sync::FeedStep::stop: return step;
            }
        }
        FAIL("a feed has no end");
        return step;
    }

    std::uint64_t pos() const { return client_.cursor().pos; }

    const sync::FeedClient& client() const { return client_; }

    std::map<FactPlace, sync::FeedFact> facts;    // Of others.
    std::map<FactPlace, sync::Judgement> judged;  // Of this machine, and of copies.
    std::map<FactPlace, DeviceId> order_devices;
    std::map<EventUid, std::string> refused;
    std::set<EventUid> accepted;
    std::vector<WomanId> dropped;
    std::size_t items = 0;
    std::size_t twice = 0;  // Facts that came again.
    int snapshots = 0;
    int rewinds = 0;

private:
    sync::FeedStep take(const Result<central::FeedReply>& reply) {
        REQUIRE(reply);
        if (reply->answer == sync::FeedAnswer::rewound) {
            ++rewinds;
            return client_.on_status(409);
        }
        if (reply->answer == sync::FeedAnswer::compacted) return client_.on_status(410);
        // As it is when it has come over a line.
        auto page = sync::decode_page(sync::encode_page(reply->page));
        REQUIRE(page);
        return client_.on_page(*std::move(page));
    }

    void apply(const sync::FeedPage& page) {
        if (page.kind == sync::FeedPageKind::snapshot && page.asked.empty()) ++snapshots;
        for (const auto& item : page.items) {
            ++items;
            if (const auto* fact = std::get_if<sync::FeedFact>(&item)) {
                const FactPlace place{page.devices.at(fact->device).id, fact->seq};
                CHECK(place.first != device_);
                if (!facts.insert_or_assign(place, *fact).second) ++twice;
            } else if (const auto* own = std::get_if<sync::FeedOwnFact>(&item)) {
                CHECK(page.devices.at(own->device).id == device_);
                judged[{device_, own->seq}] = own->judgement;
            } else if (const auto* echo = std::get_if<sync::FeedEcho>(&item)) {
                for (auto seq = echo->first_seq; seq <= echo->last_seq; ++seq) {
                    const FactPlace place{page.devices.at(echo->device).id, seq};
                    judged[place] = echo->judgement;
                    order_devices[place] = echo->order_device;
                }
            } else if (const auto* no = std::get_if<sync::FeedRefused>(&item)) {
                refused[no->uid] = no->reason;
                accepted.erase(no->uid);
            } else if (const auto* yes = std::get_if<sync::FeedAccepted>(&item)) {
                accepted.insert(yes->uid);
                refused.erase(yes->uid);
            } else if (const auto* drop = std::get_if<sync::FeedDrop>(&item)) {
                dropped.push_back(drop->woman);
            }
        }
    }

    DeviceId device_;
    sync::FeedClient client_;
};

struct FeedFixture : TestCentre {
    using TestCentre::TestCentre;

    /// A machine and the number of its newest fact that the centre has.
    struct Machine {
        TestDevice device;
        std::string clinic;
        std::uint64_t sent = 0;
    };

    Machine join(const std::string& clinic) { return {enrol(clinic), clinic}; }

    /// All that is new, in one batch.
    void upload(Machine& machine) {
        const auto head = machine.device.log.head().seq;
        if (head == machine.sent) return;
        const auto reply = send(machine.device.envelope(
            machine.sent + 1, static_cast<std::size_t>(head - machine.sent)));
        REQUIRE(reply);
        REQUIRE(reply->code == sync::UploadCode::applied);
        machine.sent = head;
    }

    /// Records and uploads it.
    template <class Detail>
    EventUid say(Machine& machine, const WomanId& woman, Detail detail,
                 std::string_view date = "2026-01-05") {
        const auto uid = machine.device.record(fact(date, std::move(detail)), woman);
        upload(machine);
        return uid;
    }

    WomanId new_woman() { return make_time_ordered_id<WomanTag>(unix_ms(clock.now()), random); }

    static Register registration(std::string name = "Li Na") {
        Register made;
        made.who.names = {{NameUse::official, std::move(name), {}}};
        return made;
    }

    static Transfer transfer_to(std::string facility) {
        Transfer made;
        made.to_facility = std::move(facility);
        return made;
    }

    std::uint64_t scope_of(const std::string& clinic) { return store->find_clinic(clinic)->scope; }

    Follower follower(const Machine& machine) {
        return {machine.device.id, scope_of(machine.clinic)};
    }

    bool follows(Follower& follower) {
        return follower.follow(store->feeds(), clock.now()) == sync::FeedStep::done;
    }

    bool has(const Follower& follower, const Machine& maker, std::uint64_t seq) {
        return follower.facts.contains({maker.device.id, seq});
    }

    /// All facts that others than the machine have recorded of those in its clinic's scope, as they
    /// stand in the centre's log.
    std::set<FactPlace> held(const Machine& machine) {
        sqlite::OpenOptions options;
        options.path = db_path();
        options.read_only = true;
        sqlite::Database db(options);
        sqlite::Statement select(db, R"sql(
            SELECT d.id, e.seq FROM scope_member m JOIN event e ON e.woman_ix = m.woman_ix
              JOIN device d ON d.ix = e.device_ix
             WHERE m.scope = ?1 AND e.position NOT IN (SELECT position FROM quarantine)
        )sql");
        auto run = select.start();
        run.bind_all(scope_of(machine.clinic));
        std::set<FactPlace> all;
        while (run.next()) {
            const auto id = *DeviceId::from_bytes(run.blob_view(0));
            if (id != machine.device.id) all.emplace(id, static_cast<std::uint64_t>(run.int64(1)));
        }
        return all;
    }

    static std::set<FactPlace> told(const Follower& follower) {
        std::set<FactPlace> all;
        for (const auto& one : follower.facts) all.insert(one.first);
        return all;
    }
};

}  // namespace egret::tests
