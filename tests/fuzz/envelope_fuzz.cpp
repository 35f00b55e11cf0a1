#include "registry/base/ensure.h"
#include "sync/core/envelope.h"
#include "tests/support/raw_envelope.h"

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

/// As the header and the inside of an envelope that is rightly sealed and signed: so a sender whose
/// key was stolen reaches the code behind the seal.
void read_inside(ByteView bytes, FuzzKeys& keys) {
    auto header = egret::copy_of(bytes.first(68));
    const auto id = egret::sync::key_id_of(keys.centre.public_key());
    std::copy(id.begin(), id.end(), header.begin() + 28);
    const auto envelope = egret::tests::raw_envelope(
        header, bytes.subspan(68), keys.centre.public_key(), keys.sender, keys.random);
    const auto opened = egret::sync::open_envelope(envelope, keys.centre);
    if (opened) EGRET_ENSURE(egret::sync::verify_envelope(envelope, keys.sender.public_key()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static FuzzKeys keys;
    const ByteView bytes(data, size);
    read_outside(bytes, keys);
    if (size >= 68) read_inside(bytes, keys);
    return 0;
}
