#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/codec/event_codec.h"
#include "registry/store/event_log.h"
#include "registry/store/feed_place.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a page of the centre's feed says, in the words of a registry. Whoever opens pages makes one
/// of each; what is in it must have been the centre's, by its signature.
namespace egret::store {

/// A fact that another machine recorded. Of this machine's own log, should one come so, only how
/// its clock was judged is heeded.
struct ReceivedFact {
    DeviceId device;
    std::uint64_t seq = 0;
    codec::EncodedEvent event;  // is_erased: only the header came.
    ClockCorrection clock;      // As the centre judged it.
    /// Of the centre's device over the header, if an officer recorded it there: kept, so that a
    /// restored centre can be given it back.
    std::optional<Fixed<64>> officer{};

    friend bool operator==(const ReceivedFact&, const ReceivedFact&) = default;
};

/// How the centre judges the clock behind facts first_seq to last_seq of a device: an echo, or a
/// fact of the asker's own. Stands for those numbers, whether their facts are here yet or not.
struct ReceivedJudgement {
    DeviceId device;
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    ClockCorrection clock;
    /// Whose name breaks a tie of time; absent: the device's own.
    std::optional<DeviceId> order_device{};
    /// Of the header of the fact, if it is one. Another one here says that this machine's log is
    /// not the centre's: ReceiveOutcome::own_unknown.
    std::optional<Hash> header_hash{};

    friend bool operator==(const ReceivedJudgement&, const ReceivedJudgement&) = default;
};

/// The centre gives a fact no effect, or its effect back. The last word holds, also for a fact that
/// comes later.
struct ReceivedRuling {
    EventUid uid;
    bool holds = false;
    std::string reason{};  // Why not: a word of the centre's, which this program may not know.

    friend bool operator==(const ReceivedRuling&, const ReceivedRuling&) = default;
};

/// What others recorded of that woman, under any of her ids, is to be forgotten.
struct ReceivedDrop {
    WomanId woman;

    friend bool operator==(const ReceivedDrop&, const ReceivedDrop&) = default;
};

/// A protocol, an indicator, a list: kept as it came, a Zstandard frame.
struct ReceivedFile {
    std::string kind;
    std::string name;
    std::string version;
    Bytes frame;

    friend bool operator==(const ReceivedFile&, const ReceivedFile&) = default;
};

/// A device's clinic has another code.
struct ReceivedMove {
    DeviceId device;
    std::string clinic;

    friend bool operator==(const ReceivedMove&, const ReceivedMove&) = default;
};

using ReceivedItem = std::variant<ReceivedFact, ReceivedJudgement, ReceivedRuling, ReceivedDrop,
                                  ReceivedFile, ReceivedMove>;

struct Received {
    std::vector<DeviceName> devices{};  // All whose facts or judgements are among the items.
    std::vector<ReceivedItem> items{};  // In the feed's order.
    FeedPlace place{};                  // Where the registry is once they are taken in.
    /// The last time that the centre signed. This clinic's clock follows what it is told no
    /// further than to it.
    Instant server_time{};
    /// Up to which number this machine's own facts are in a verified backup of the centre: those
    /// after it are never forgotten.
    std::uint64_t safe_seq = 0;
};

/// What came of it.
struct ReceiveOutcome {
    std::uint64_t new_facts = 0;  // Of others, which weren't here under any device's name.
    std::uint64_t rejudged = 0;   // Facts here whose clock is judged otherwise now.
    std::uint64_t ruled = 0;      // Rulings that weren't known.
    std::uint64_t forgotten = 0;  // Facts whose content is gone with a drop.
    std::uint64_t kept = 0;       // Own ones of women to forget that the centre may yet lose.
    /// Facts that the centre counts as this machine's, and that it doesn't have: its log has to be
    /// repaired (Clinic::adopt_own_log).
    std::uint64_t own_unknown = 0;
    bool was_made_anew = false;  // All that follows from the facts.

    friend bool operator==(const ReceiveOutcome&, const ReceiveOutcome&) = default;
};

/// An order of the centre to keep nothing of her.
struct Erasure {
    WomanId woman;
    EventUid order;
};

}  // namespace egret::store
