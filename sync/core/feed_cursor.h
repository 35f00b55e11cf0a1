#pragma once

#include "registry/base/bytes.h"
#include "registry/codec/cbor.h"
#include "sync/core/wire_limits.h"

#include <cstdint>
#include <optional>
#include <vector>

/// Where a clinic is in a feed: a position, and the hash of the feed up to there (feed.h). A number
/// alone would not do: after a restore the centre gives the same numbers to other items.
namespace egret::sync {

/// The hash before a feed's first item.
inline constexpr Hash feed_start{};

struct FeedCursor {
    std::uint64_t scope = 0;
    std::uint64_t pos = 0;  // The last item that is taken in; 0: none.
    Hash hash = feed_start;

    friend bool operator==(const FeedCursor&, const FeedCursor&) = default;
};

/// A cursor as each upload brings it along: enough for the centre to know who is how far behind.
struct CursorMark {
    std::uint64_t scope = 0;
    std::uint64_t pos = 0;
    Fixed<8> hash{};  // The first bytes of the cursor's.

    friend bool operator==(const CursorMark&, const CursorMark&) = default;
};

CursorMark mark_of(const FeedCursor& cursor);

/// Of several scopes, each once, in ascending order, at most limits::feed_scopes_max.
///   CBOR array of [scope, pos, hash(8)]
void write_marks(cbor::Writer& to, const std::vector<CursorMark>& marks);
/// The same with whole hashes.
void write_cursors(cbor::Writer& to, const std::vector<FeedCursor>& cursors);
/// Both make `from` fail if it isn't such an array.
std::vector<CursorMark> read_marks(cbor::Reader& from);
std::vector<FeedCursor> read_cursors(cbor::Reader& from);

/// What the centre knows of a feed when it is asked at a cursor.
struct FeedKnown {
    std::uint64_t head_pos = 0;   // Of its newest item.
    std::uint64_t first_pos = 1;  // Of the oldest item that it still has; head_pos + 1 if none.
    std::optional<Hash> hash;     // At the position that was asked for, if it is known.
};

/// Whether the centre's feed is another one than that which `asked` was taken from: it was restored
/// from a backup.
bool is_rewound(const FeedCursor& asked, const FeedKnown& known);

enum class FeedAnswer : std::uint8_t {
    page,       // 200: the items after the cursor, if there are any.
    rewound,    // 409: an older cursor may still hold.
    compacted,  // 410: the items after it are gone; a snapshot has what they said.
};

/// What is asked for is a cursor of this feed's scope.
FeedAnswer decide_feed(const FeedCursor& asked, const FeedKnown& known);

/// Cursors that a device keeps of one scope: the newest, and older ones ever further apart, so that
/// after a restore of the centre it goes back about as far as the centre did, and not to the start.
class CursorTrail {
public:
    explicit CursorTrail(std::uint64_t scope) noexcept : scope_(scope) {}

    /// Kept ones, in any order. What can't have been kept together is left out.
    CursorTrail(std::uint64_t scope, std::vector<FeedCursor> kept);

    std::uint64_t scope() const noexcept { return scope_; }

    /// In ascending order, at most limits::cursor_trail_max.
    const std::vector<FeedCursor>& kept() const noexcept { return kept_; }

    /// Where to go on. The feed's start, if nothing is kept.
    FeedCursor newest() const;

    /// Everything up to `cursor` is taken in. One that isn't past the newest is the newest again,
    /// and what was kept from it on is forgotten.
    void advance(const FeedCursor& cursor);

    /// The centre knows nothing of the newest. Returns the next older one, in the end the start.
    FeedCursor on_rewound();

private:
    void thin_out();

    std::uint64_t scope_;
    std::vector<FeedCursor> kept_;
};

}  // namespace egret::sync
