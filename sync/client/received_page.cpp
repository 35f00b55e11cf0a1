#include "sync/client/detail/received_page.h"

#include <utility>
#include <variant>

namespace egret::client::detail {
namespace {

store::ClockCorrection clock_of(const sync::Judgement& judgement) {
    return {judgement.offset_ms, judgement.ceiling};
}

/// Makes of each item of a page what it says to a registry.
class Reader {
public:
    explicit Reader(const sync::FeedPage& page) : page_(page) {}

    store::ReceivedItem operator()(const sync::FeedFact& fact) const {
        store::ReceivedFact received;
        received.device = device(fact.device);
        received.seq = fact.seq;
        received.event.header = fact.header;
        received.event.is_erased = !fact.content;
        if (fact.content) {
            received.event.salt = fact.content->salt;
            received.event.payload = fact.content->payload;
        }
        received.clock = clock_of(fact.judgement);
        received.officer = fact.officer;
        return received;
    }

    store::ReceivedItem operator()(const sync::FeedOwnFact& fact) const {
        return store::ReceivedJudgement{device(fact.device),      fact.seq,     fact.seq,
                                        clock_of(fact.judgement), std::nullopt, fact.header_hash};
    }

    store::ReceivedItem operator()(const sync::FeedEcho& echo) const {
        return store::ReceivedJudgement{device(echo.device),      echo.first_seq,    echo.last_seq,
                                        clock_of(echo.judgement), echo.order_device, std::nullopt};
    }

    store::ReceivedItem operator()(const sync::FeedRefused& refused) const {
        return store::ReceivedRuling{refused.uid, false, refused.reason};
    }

    store::ReceivedItem operator()(const sync::FeedAccepted& accepted) const {
        return store::ReceivedRuling{accepted.uid, true, {}};
    }

    store::ReceivedItem operator()(const sync::FeedDrop& drop) const {
        return store::ReceivedDrop{drop.woman};
    }

    store::ReceivedItem operator()(const sync::FeedFile& file) const {
        return store::ReceivedFile{file.kind, file.name, file.version, file.frame};
    }

    store::ReceivedItem operator()(const sync::FeedMoved& moved) const {
        return store::ReceivedMove{device(moved.device), moved.clinic};
    }

private:
    const DeviceId& device(std::uint32_t index) const { return page_.devices.at(index).id; }

    const sync::FeedPage& page_;
};

}  // namespace

sync::FeedPlace place_of(const store::FeedPlace& kept) {
    std::vector<sync::FeedCursor> cursors;
    cursors.reserve(kept.cursors.size());
    for (const auto& cursor : kept.cursors)
        cursors.push_back({kept.scope, cursor.pos, cursor.hash});
    return {sync::CursorTrail(kept.scope, std::move(cursors)), kept.snapshot};
}

store::FeedPlace place_of(const sync::FeedPlace& place) {
    store::FeedPlace kept;
    kept.scope = place.trail.scope();
    for (const auto& cursor : place.trail.kept()) kept.cursors.push_back({cursor.pos, cursor.hash});
    kept.snapshot = place.snapshot;
    return kept;
}

store::Received received_of(const sync::FeedPage& page) {
    store::Received received;
    for (const auto& device : page.devices) received.devices.push_back({device.id, device.clinic});
    const Reader reader(page);
    received.items.reserve(page.items.size());
    for (const auto& item : page.items) received.items.push_back(std::visit(reader, item));
    return received;
}

}  // namespace egret::client::detail
