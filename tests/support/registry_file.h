#pragma once

#include "embedded/clinic_schema.h"
#include "registry/base/ensure.h"
#include "registry/base/random.h"
#include "registry/codec/event_codec.h"
#include "registry/store/event_log.h"
#include "registry/store/open.h"
#include "tests/support/facts.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace egret::tests {

/// A clinic's registry in memory.
inline std::unique_ptr<sqlite::Database> registry_in_memory() {
    store::FileOptions options;
    options.path = ":memory:";
    auto opened = store::open_file(options, embedded::clinic_schema());
    EGRET_ENSURE(bool(opened));
    return *std::move(opened);
}

inline DeviceId device(std::uint8_t n) {
    DeviceId id;
    id.bytes[15] = n;
    return id;
}

/// Says facts as devices do: numbers, chains and encodes them.
class Speaker {
public:
    explicit Speaker(std::uint64_t seed = 1) : random_(seed) {}

    /// The event with a new uid, recorded at minute `minute` of 2026.
    Event event(Fact fact, const WomanId& subject, std::int64_t minute = 0) {
        Event made;
        made.uid = make_random_id<EventTag>(random_);
        made.hlc = Hlc{}.next(instant_from_unix_ms(1'767'225'600'000 + 60'000 * minute));
        made.subject = subject;
        made.fact = std::move(fact);
        return made;
    }

    codec::EncodedEvent encode(const Event& event) {
        auto encoded = codec::encode_event(event, random_);
        EGRET_ENSURE(bool(encoded));
        return *std::move(encoded);
    }

    Random& random() { return random_; }

private:
    SeededRandom random_;
};

/// Adds `events` to the end of the device's log, as far as the log is concerned.
inline std::vector<store::AppendedEvent> append(store::EventLog& log, const DeviceId& device,
                                                const std::vector<codec::EncodedEvent>& events,
                                                const store::Ingest& ingest,
                                                sqlite::WriteTransaction& tx) {
    log.add_device(device, "C" + std::to_string(device.bytes[15]), tx);
    const auto head = log.find_head(device);
    store::NewEvents added;
    added.device = device;
    added.first_seq = head->seq + 1;
    added.previous = head->hash;
    added.events = events;
    auto appended = log.append(ingest, added, tx);
    EGRET_ENSURE(bool(appended));
    return *std::move(appended);
}

}  // namespace egret::tests
