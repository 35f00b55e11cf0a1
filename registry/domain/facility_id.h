#pragma once

#include "registry/base/ids.h"

#include <algorithm>

namespace egret {

/// How the ids begin that stand for a facility where facts have a woman: a UUID of version 8 from
/// a time that never comes. Her own ids are of version 7; of those that are imported none begins so
/// (registry/codec/facility_subject.h makes them, Exchange refuses them).
inline constexpr std::size_t facility_id_head = 6;

/// True for an id that stands for a facility. Nobody in care has one.
inline bool is_facility(const WomanId& subject) {
    const auto& bytes = subject.bytes;
    return std::all_of(bytes.begin(), bytes.begin() + facility_id_head,
                       [](std::uint8_t byte) { return byte == 0xff; }) &&
           (bytes[6] & 0xf0) == 0x80 && (bytes[8] & 0xc0) == 0x80;
}

}  // namespace egret
