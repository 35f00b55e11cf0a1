#include "sync/core/feed_cursor.h"

#include "registry/base/ensure.h"
#include "sync/core/detail/cbor_fields.h"

#include <algorithm>

namespace egret::sync {
namespace {

/// Reads the array of which read_item reads one after its own three heads.
template <class Place, std::size_t HashBytes>
std::vector<Place> read_places(cbor::Reader& from) {
    std::vector<Place> places;
    const auto count = from.array();
    if (count > limits::feed_scopes_max) from.fail();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        if (from.array() != 3) from.fail();
        Place place;
        place.scope = detail::read_number(from);
        place.pos = detail::read_number(from);
        place.hash = detail::read_fixed<HashBytes>(from);
        if (!places.empty() && place.scope <= places.back().scope) from.fail();
        places.push_back(place);
    }
    return places;
}

template <class Place>
void write_places(cbor::Writer& to, const std::vector<Place>& places) {
    EGRET_ENSURE(places.size() <= limits::feed_scopes_max);
    to.array(places.size());
    for (const auto& place : places) {
        to.array(3);
        to.uint(place.scope);
        to.uint(place.pos);
        to.bytes(place.hash);
    }
}

/// How many times further back than the centre a device would go at worst, seen from `head`, if it
/// kept nothing between `before` and `after`.
double detour(std::uint64_t head, std::uint64_t before, std::uint64_t after) {
    return static_cast<double>(head - before + 1) / static_cast<double>(head - after + 1);
}

}  // namespace

CursorMark mark_of(const FeedCursor& cursor) {
    CursorMark mark{cursor.scope, cursor.pos, {}};
    std::copy_n(cursor.hash.begin(), mark.hash.size(), mark.hash.begin());
    return mark;
}

void write_marks(cbor::Writer& to, const std::vector<CursorMark>& marks) {
    write_places(to, marks);
}

void write_cursors(cbor::Writer& to, const std::vector<FeedCursor>& cursors) {
    write_places(to, cursors);
}

std::vector<CursorMark> read_marks(cbor::Reader& from) { return read_places<CursorMark, 8>(from); }

std::vector<FeedCursor> read_cursors(cbor::Reader& from) {
    return read_places<FeedCursor, 32>(from);
}

FeedAnswer decide_feed(const FeedCursor& asked, const FeedKnown& known) {
    // Past its head the centre knows nothing, and what is older than its oldest it can't check.
    if (asked.pos <= known.head_pos && asked.pos + 1 < known.first_pos)
        return FeedAnswer::compacted;
    return is_rewound(asked, known) ? FeedAnswer::rewound : FeedAnswer::page;
}

CursorTrail::CursorTrail(std::uint64_t scope, std::vector<FeedCursor> kept) : scope_(scope) {
    std::sort(kept.begin(), kept.end(),
              [](const FeedCursor& a, const FeedCursor& b) { return a.pos < b.pos; });
    for (const auto& cursor : kept) {
        const bool is_past = cursor.pos > (kept_.empty() ? 0 : kept_.back().pos);
        if (cursor.scope == scope_ && is_past) advance(cursor);
    }
}

FeedCursor CursorTrail::newest() const {
    return kept_.empty() ? FeedCursor{scope_, 0, feed_start} : kept_.back();
}

void CursorTrail::advance(const FeedCursor& cursor) {
    EGRET_ENSURE(cursor.scope == scope_);
    while (!kept_.empty() && kept_.back().pos >= cursor.pos) kept_.pop_back();
    if (cursor.pos == 0) return;
    kept_.push_back(cursor);
    if (kept_.size() > limits::cursor_trail_max) thin_out();
}

FeedCursor CursorTrail::on_rewound() {
    if (!kept_.empty()) kept_.pop_back();
    return newest();
}

void CursorTrail::thin_out() {
    const auto head = kept_.back().pos;
    std::size_t least = 0;
    double least_detour = detour(head, 0, kept_[1].pos);
    for (std::size_t i = 1; i + 1 < kept_.size(); ++i) {
        const auto cost = detour(head, kept_[i - 1].pos, kept_[i + 1].pos);
        if (cost < least_detour) {
            least = i;
            least_detour = cost;
        }
    }
    kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(least));
}

}  // namespace egret::sync
