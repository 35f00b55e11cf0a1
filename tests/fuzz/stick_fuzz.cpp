// What lies on a stick that anybody may have had: names of files, and what a relay is answered.
// The first byte says which.

#include "registry/base/ensure.h"
#include "sync/core/envelope.h"
#include "sync/core/feed.h"
#include "sync/core/relay.h"
#include "sync/core/stick_name.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

using egret::ByteView;

void read_name(ByteView bytes) {
    const auto path = egret::text_of(bytes);
    const auto name = egret::sync::parse_stick_name(path);
    if (!name) return;
    EGRET_ENSURE(name->path() == path);
    EGRET_ENSURE(path.find("..") == std::string_view::npos);
}

void read_answer(ByteView bytes) {
    const auto answer = egret::sync::decode_relay_answer(bytes);
    if (answer) EGRET_ENSURE(std::ranges::equal(egret::sync::encode_relay_answer(*answer), bytes));
}

/// As it is looked at before anybody's key is at hand.
void read_outside(ByteView bytes) {
    const auto header = egret::sync::parse_envelope(bytes);
    const auto page = egret::sync::outside_of_page(bytes);
    EGRET_ENSURE(!page || header);
    EGRET_ENSURE(!page || page->last_pos + 1 >= page->first_pos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto rest = ByteView(data, size).subspan(1);
    switch (data[0] % 3) {
        case 0: read_name(rest); break;
        case 1: read_answer(rest); break;
        default: read_outside(rest); break;
    }
    return 0;
}
