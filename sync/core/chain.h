#pragma once

#include "registry/base/bytes.h"
#include "registry/codec/event_codec.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

/// A device's log as both ends of an upload see it: events numbered from 1 without a gap, each
/// bound to all before it by its hash (registry/codec/event_codec.h).
namespace egret::sync {

/// What an event says. Erasure takes both away for ever; the chain goes on without them.
struct SaltedPayload {
    codec::Salt salt{};
    Bytes payload;

    friend bool operator==(const SaltedPayload&, const SaltedPayload&) = default;
};

struct LogEntry {
    Bytes header;                          // Whole, with its commitment.
    std::optional<SaltedPayload> content;  // None once it was erased.
    Hash hash{};                           // Of this event and, by the chain, of all before it.

    friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

/// The newest event; number 0 is the start of an empty log.
struct ChainHead {
    std::uint64_t seq = 0;
    Hash hash = codec::chain_start;

    friend bool operator==(const ChainHead&, const ChainHead&) = default;
};

/// The hashes of one device's log, wherever they are stored. A broken store throws.
class ChainView {
public:
    virtual ~ChainView() = default;

    virtual ChainHead head() const = 0;
    /// The hash of event `seq`, of which only 1 to head().seq are asked for. Empty if it is no
    /// longer known.
    virtual std::optional<Hash> find_hash(std::uint64_t seq) const = 0;
};

/// A device's own log, to be sent.
class LogView : public ChainView {
public:
    /// The events from `from` on: at least one if there is one that is whole, at most `count`.
    virtual std::vector<LogEntry> entries(std::uint64_t from, std::size_t count) const = 0;
};

/// The hash of event `seq`, or of the start for 0. Empty past the head, or if it isn't known.
inline std::optional<Hash> hash_at(const ChainView& chain, std::uint64_t seq) {
    if (seq == 0) return codec::chain_start;
    const auto head = chain.head();
    if (seq > head.seq) return std::nullopt;
    return seq == head.seq ? head.hash : chain.find_hash(seq);
}

}  // namespace egret::sync
