// Headers and payloads of facts, as a batch or a page brings them: what is taken is the one way to
// write it. The first two bytes are the payload's type and version.

#include "registry/base/ensure.h"
#include "registry/codec/event_codec.h"
#include "registry/codec/fact_codec.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const egret::ByteView bytes(data, size);
    const auto header = egret::codec::decode_header(bytes);
    if (header) {
        const auto prefix = egret::codec::without_commitment(bytes);
        const auto again = egret::codec::with_commitment(prefix, header->commitment);
        EGRET_ENSURE(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
    }
    if (size < 2) return 0;
    const auto payload = bytes.subspan(2);
    const auto fact = egret::codec::decode_payload(bytes[0], bytes[1], payload);
    if (fact) {
        const auto again = egret::codec::encode_payload(*fact);
        EGRET_ENSURE(std::equal(again.begin(), again.end(), payload.begin(), payload.end()));
    }
    return 0;
}
