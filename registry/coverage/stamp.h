#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace egret::coverage {

/// How far a device's log is known.
struct Head {
    DeviceId device;
    std::uint64_t seq = 0;
    Hash hash{};

    friend auto operator<=>(const Head&, const Head&) = default;
};

/// Everything that a figure depends on beside the question. What an indicator doesn't use stays
/// "none".
struct StateOfKnowledge {
    std::vector<Head> heads;  // In any order.
    std::string indicator;
    std::string indicator_version;
    std::string protocol = "none";
    std::string programme = "none";
    std::string population = "none";
    std::string areas = "none";
    std::string calendar = "none";
};

/// 64 hexadecimal digits: equal for equal states and only for them, so that whoever asks the same
/// question and has the same stamp has the same figures.
///
/// SHA-256 of the lines "egret-stamp 1"; name, a space, the text's length in bytes, ":" and the
/// text, for the members in their order; and for each head by device "head", its device, seq and
/// hash. Every line ends with a line feed.
std::string state_stamp(const StateOfKnowledge& state);

}  // namespace egret::coverage
