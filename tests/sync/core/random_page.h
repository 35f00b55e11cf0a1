#pragma once

#include "registry/base/random.h"
#include "sync/core/feed.h"
#include "tests/support/memory_log.h"

#include <string>
#include <utility>

namespace egret::tests {

/// Items and pages of every kind, of facts as clinics record them.
class PageMaker {
public:
    explicit PageMaker(std::uint64_t seed) : random_(seed), facts_(random_) {
        for (int i = 0; i < 3; ++i)
            devices_.push_back(
                {make_random_id<DeviceTag>(random_), "XM-00" + std::to_string(10 + i)});
    }

    SeededRandom& random() noexcept { return random_; }

    const std::vector<sync::FeedDevice>& devices() const noexcept { return devices_; }

    sync::FeedFact fact() {
        auto event = facts_.next();
        sync::FeedFact fact;
        fact.device = device();
        fact.seq = 1 + random_.below(100'000);
        fact.header = std::move(event.header);
        if (random_.chance(0.8))
            fact.content = sync::SaltedPayload{event.salt, std::move(event.payload)};
        fact.judgement = judgement();
        if (random_.chance(0.2)) fact.officer = random_.bytes<64>();
        return fact;
    }

    sync::FeedItem item() {
        switch (random_.below(12)) {
            case 0: return sync::FeedOwnFact{device(), 7, random_.bytes<32>(), judgement()};
            case 1:
                return sync::FeedEcho{device(), 3, 3 + random_.below(200), judgement(),
                                      devices_[device()].id};
            case 2: return sync::FeedRefused{make_random_id<EventTag>(random_), "authority"};
            case 3: return sync::FeedAccepted{make_random_id<EventTag>(random_)};
            case 4: return sync::FeedDrop{make_random_id<WomanTag>(random_)};
            case 5: {
                sync::FeedFile file{"protocol", "cn-cervical", "2026-1", Bytes(300)};
                random_.fill(file.frame);
                return file;
            }
            case 6: return sync::FeedMoved{device(), "XM-0099"};
            default: return fact();
        }
    }

    /// `count` items that follow `after`, in a feed that goes on for `behind` more.
    sync::FeedPage page(const sync::FeedCursor& after, std::size_t count,
                        std::uint64_t behind = 0) {
        sync::FeedPage page;
        page.scope = after.scope;
        page.prev_hash = after.hash;
        page.first_pos = after.pos + 1;
        page.head_pos = after.pos + count + behind;
        page.devices = devices_;
        while (count-- > 0) page.items.push_back(item());
        page.last_hash = sync::hash_items(page);
        return page;
    }

    sync::FeedPage snapshot(const sync::FeedCursor& begun, std::size_t count, Bytes next) {
        sync::FeedPage page;
        page.scope = begun.scope;
        page.prev_hash = page.last_hash = begun.hash;
        page.first_pos = begun.pos + 1;
        page.head_pos = begun.pos;
        page.kind = sync::FeedPageKind::snapshot;
        page.asked = Bytes(next.empty() ? 7 : 0, 2);
        page.next = std::move(next);
        page.devices = devices_;
        while (count-- > 0) page.items.push_back(fact());
        return page;
    }

private:
    std::uint32_t device() { return static_cast<std::uint32_t>(random_.below(devices_.size())); }

    sync::Judgement judgement() {
        if (random_.chance(0.5)) return {};
        return {static_cast<std::int64_t>(random_.below(2'000'000)) - 1'000'000,
                Hlc{random_.next()}};
    }

    SeededRandom random_;
    FactMaker facts_;
    std::vector<sync::FeedDevice> devices_;
};

}  // namespace egret::tests
