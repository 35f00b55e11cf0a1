#pragma once

#include <string>

namespace egret::console {

/// Where the system tells of its swap; other places only in tests.
struct SwapPlaces {
    std::string swaps = "/proc/swaps";
    std::string blocks = "/sys/class/block";
};

/// There is swap that may keep memory readable on a disk: anything but compressed memory (zram) and
/// encrypted devices (dm-crypt). A swap file is taken for readable.
bool has_readable_swap(const SwapPlaces& places);

}  // namespace egret::console
