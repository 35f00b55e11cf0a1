#pragma once

#include "registry/crypto/hash.h"
#include "registry/store/log_check.h"
#include "registry/store/reception.h"
#include "registry/store/state_digest.h"
#include "registry/store/statements.h"
#include "tests/support/projected_registry.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace egret::tests {

/// A registry in memory with a log of its own (device 1), that takes in pages of a feed as a clinic
/// does.
class FedRegistry : public ProjectedRegistry {
public:
    FedRegistry() {
        sqlite::WriteTransaction tx(*db);
        log.add_device(own, "C1", tx);
        tx.commit();
    }

    store::ReceiveOutcome receive(const store::Received& received) {
        sqlite::WriteTransaction tx(*db);
        auto work = store::Reception(log, *db, own).take(received, {Instant{}, today, {}}, tx);
        if (work.change.needs_rebuild) {
            NoProgress quiet;
            projector.rebuild(quiet, tx);
            work.outcome.was_made_anew = true;
        } else if (work.ingest) {
            projector.apply(*work.ingest, work.change.appended, work.change.restated, tx);
        }
        tx.commit();
        return work.outcome;
    }

    store::ReceiveOutcome receive(std::vector<store::ReceivedItem> items) {
        store::Received received;
        for (std::uint8_t n = 1; n <= 9; ++n)
            received.devices.push_back({device(n), "C" + std::to_string(n)});
        received.items = std::move(items);
        return receive(received);
    }

    /// The logs are whole, and what follows from them is what a rebuild makes.
    void check_whole() {
        NoProgress quiet;
        CHECK(store::check_logs(*db, quiet).empty());
        const auto before = dump_projections(*db);
        projector.rebuild(quiet);
        CHECK(dump_projections(*db) == before);
    }

    Hash digest() { return store::state_digest(log, *db); }

    std::optional<Hash> digest(const WomanId& id) { return store::digest_woman(log, *db, id); }

    /// Everything that is stored of facts and said of them.
    std::string dump_logs() {
        std::string all;
        for (const char* table : {"device", "ingest", "event", "payload", "ruling", "judgement",
                                  "absent", "officer_signature", "installed_file"})
            all += dump_table(*db, table);
        return all;
    }

    History history(const WomanId& id) {
        auto component = store::Components(log, *db).read_woman(id);
        REQUIRE_FALSE(component.members.empty());
        return store::history_of(std::move(component));
    }

    std::size_t fact_count(const WomanId& id) {
        const auto component = store::Components(log, *db).read_woman(id);
        return component.events.empty() ? 0 : store::history_of(component).facts.size();
    }

    const DeviceId own = device(1);
};

/// What a store has, as the items of a feed: facts in the order in which it got them, as it judges
/// their clocks; those of `own` as judgements.
inline std::vector<store::ReceivedItem> feed_of(ProjectedRegistry& centre, const DeviceId& own) {
    std::map<store::Position, store::ReceivedItem> items;
    store::Statements statements(*centre.db);
    for (const auto& head : centre.log.heads()) {
        for (auto& line : centre.log.entries(head.device, 1, 100'000, SIZE_MAX)) {
            const auto judged = statements.find_judgement(head.device, line.seq);
            REQUIRE(judged);
            if (head.device == own) {
                items[line.position] = store::ReceivedJudgement{
                    own, line.seq, line.seq, judged->clock, {}, crypto::sha256(line.event.header)};
            } else {
                items[line.position] = store::ReceivedFact{
                    head.device, line.seq, std::move(line.event), judged->clock, {}};
            }
        }
    }
    std::vector<store::ReceivedItem> all;
    for (auto& [position, item] : items) all.push_back(std::move(item));
    return all;
}

/// A fact as the feed brings it.
inline store::ReceivedFact received(const DeviceId& device, std::uint64_t seq,
                                    codec::EncodedEvent event, store::ClockCorrection clock = {}) {
    return {device, seq, std::move(event), clock, {}};
}

}  // namespace egret::tests
