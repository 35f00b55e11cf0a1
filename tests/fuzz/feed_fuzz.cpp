#include "registry/base/ensure.h"
#include "sync/core/feed.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

using egret::ByteView;

/// What is taken must be the one way to write it, and its cursors lie within it.
void read_page(ByteView bytes) {
    const auto page = egret::sync::decode_page(bytes);
    if (!page) return;
    const auto again = egret::sync::encode_page(*page);
    EGRET_ENSURE(std::ranges::equal(again, bytes));
    const auto end = egret::sync::save_cursor(*page, page->items.size());
    EGRET_ENSURE(!end || *end == page->end());
    for (std::size_t applied = 0; applied < std::min<std::size_t>(page->items.size(), 4);
         ++applied) {
        const auto cursor = egret::sync::save_cursor(*page, applied);
        EGRET_ENSURE(!cursor || cursor->pos == page->first_pos - 1 + applied);
    }
    for (const auto& item : page->items) EGRET_ENSURE(egret::sync::page_bytes_of(item) > 0);
}

/// As it came: nobody but the centre can have made one.
void read_outside(ByteView bytes) {
    static const auto device = egret::crypto::SealKeyPair::from_private(egret::Fixed<32>{1});
    const egret::sync::PageTrust trust{{}, {egret::crypto::VerifyKey{1}}, 0};
    EGRET_ENSURE(!egret::sync::open_page(bytes, trust, device));
    const auto outside = egret::sync::outside_of_page(bytes);
    EGRET_ENSURE(!outside || outside->first_pos <= outside->last_pos + 1);
}

void read_places(ByteView bytes) {
    egret::cbor::Reader from(bytes);
    const auto marks = egret::sync::read_marks(from);
    egret::cbor::Reader again(bytes);
    const auto cursors = egret::sync::read_cursors(again);
    EGRET_ENSURE(!(from.ok() && again.ok()) || (marks.empty() && cursors.empty()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read_page(bytes);
    read_outside(bytes);
    read_places(bytes);
    return 0;
}
