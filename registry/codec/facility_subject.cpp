#include "registry/codec/facility_subject.h"

#include "registry/crypto/hash.h"
#include "registry/domain/facility_id.h"

#include <algorithm>

namespace egret::codec {

WomanId facility_subject(std::string_view facility_code) {
    crypto::Sha256 hash;
    hash.update(bytes_of("egret-facility-1")).update(bytes_of(facility_code));
    const auto digest = hash.finish();
    WomanId id;
    std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
    std::fill_n(id.bytes.begin(), facility_id_head, std::uint8_t{0xff});
    // RFC 9562, version 8: made from something of our own.
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x80);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

}  // namespace egret::codec
