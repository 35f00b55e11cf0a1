#include "registry/base/ensure.h"
#include "sync/core/envelope.h"
#include "sync/core/padme.h"
#include "tests/support/raw_envelope.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

using egret::ByteView;

struct FuzzKeys {
    egret::SeededRandom random{30};
    egret::crypto::SigningKey sender = egret::crypto::SigningKey::generate(random);
    egret::crypto::SealKeyPair centre = egret::crypto::SealKeyPair::generate(random);
};

/// As it came. Nothing but what we sealed ourselves may open.
void read_outside(ByteView bytes, const FuzzKeys& keys) {
    const auto parsed = egret::sync::parse_envelope(bytes);
    const auto verified = egret::sync::verify_envelope(bytes, keys.sender.public_key());
    const auto opened = egret::sync::open_envelope(bytes, keys.centre);
    EGRET_ENSURE(parsed || !verified);
    EGRET_ENSURE(!verified && !opened);
}

/// Behind the seal, where a sender whose key was stolen reaches: `padded` is what is encrypted.
void read_inside(ByteView choices, ByteView padded, FuzzKeys& keys) {
    egret::Bytes header = egret::copy_of(egret::bytes_of("CRB1"));
    egret::append(header, choices);
    header.resize(68, 0);
    const auto id = egret::sync::key_id_of(keys.centre.public_key());
    std::copy(id.begin(), id.end(), header.begin() + 28);
    const auto envelope = egret::tests::raw_envelope(header, padded, keys.centre.public_key(),
                                                     keys.sender, keys.random);
    const auto opened = egret::sync::open_envelope(envelope, keys.centre);
    if (opened) EGRET_ENSURE(egret::sync::verify_envelope(envelope, keys.sender.public_key()));
}

/// `content` with its length before it and the right padding behind it.
egret::Bytes padded_content(ByteView content) {
    egret::Bytes padded;
    for (const int shift : {24, 16, 8, 0})
        padded.push_back(static_cast<std::uint8_t>(content.size() >> shift));
    egret::append(padded, content);
    const auto length = std::max<std::uint64_t>(padded.size(), 224);
    padded.resize(static_cast<std::size_t>(egret::sync::padme_length(length)), 0);
    return padded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static FuzzKeys keys;
    const ByteView bytes(data, size);
    read_outside(bytes, keys);
    if (size >= 4) {
        read_inside(bytes.first(4), bytes.subspan(4), keys);
        read_inside(bytes.first(4), padded_content(bytes.subspan(4)), keys);
    }
    return 0;
}
