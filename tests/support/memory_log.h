#pragma once

#include "registry/base/random.h"
#include "registry/codec/event_codec.h"
#include "registry/domain/fact.h"
#include "sync/core/batch.h"
#include "sync/core/chain.h"

#include <algorithm>
#include <set>
#include <utility>

namespace egret::tests {

/// A device's log in memory, or what the centre has of one. Copies are backups.
class MemoryLog final : public sync::LogView {
public:
    std::vector<sync::LogEntry> all;

    sync::ChainHead head() const override {
        if (all.empty()) return {};
        return {all.size(), all.back().hash};
    }

    std::optional<Hash> find_hash(std::uint64_t seq) const override {
        return all.at(static_cast<std::size_t>(seq - 1)).hash;
    }

    std::vector<sync::LogEntry> entries(std::uint64_t from, std::size_t count) const override {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from - 1);
        const auto left = static_cast<std::size_t>(all.end() - begin);
        return {begin, begin + static_cast<std::ptrdiff_t>(std::min(left, count))};
    }

    void record(codec::EncodedEvent event) {
        const auto hash = codec::hash_event(head().hash, event.header);
        all.push_back({std::move(event.header),
                       sync::SaltedPayload{event.salt, std::move(event.payload)}, hash});
    }

    void erase(std::uint64_t seq) { all.at(static_cast<std::size_t>(seq - 1)).content.reset(); }
};

/// Facts as a clinic's day makes them: doses and HPV tests of 60 women, a few minutes apart.
class FactMaker {
public:
    explicit FactMaker(Random& random) : random_(random) {
        for (auto& subject : women_)
            subject = make_time_ordered_id<WomanTag>(1'767'225'600'000, random_);
        author_ = make_random_id<UserTag>(random_);
    }

    codec::EncodedEvent next() {
        ++count_;
        Event event;
        event.uid = make_random_id<EventTag>(random_);
        event.hlc = Hlc{}.next(instant_from_unix_ms(1'767'225'600'000 + 173'321 * count_));
        event.subject = women_[random_.bytes<1>()[0] % women_.size()];
        event.scope = 17;
        event.author = author_;
        event.fact.at.date = *PartialDate::parse("2026-03-04");
        if (count_ % 2 == 0) {
            event.fact.detail = Dose{"cvx:165", {}, "LOT-2026-118"};
        } else {
            HpvTest test;
            test.result = count_ % 14 == 1 ? HpvResult::positive : HpvResult::negative;
            test.sample = SampleTaker::clinician;
            event.fact.detail = test;
        }
        return *codec::encode_event(event, random_);
    }

private:
    Random& random_;
    std::array<WomanId, 60> women_;
    UserId author_;
    std::int64_t count_ = 0;
};

/// The batch of `log` from `first` on, of at most `count` events.
inline sync::Batch batch_of(const MemoryLog& log, std::uint64_t first, std::size_t count) {
    sync::Batch batch;
    batch.first_seq = first;
    batch.prev_hash = *sync::hash_at(log, first - 1);
    batch.app_version = "0.1.0";
    batch.schema_version = 1;
    batch.clock_ms = 1'767'225'600'000;
    batch.top_seq = log.head().seq;
    batch.events = log.entries(first, count);
    batch.last_hash = batch.events.back().hash;
    return batch;
}

/// Each event of `log` once: no uid comes twice.
inline bool has_each_once(const MemoryLog& log) {
    std::set<EventUid> seen;
    for (const auto& entry : log.all) {
        if (!seen.insert(codec::decode_header(entry.header)->uid).second) return false;
    }
    return true;
}

}  // namespace egret::tests
