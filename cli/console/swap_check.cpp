#include "cli/console/swap_check.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace egret::console {
namespace {

namespace fs = std::filesystem;

bool is_encrypted(const std::string& device, const SwapPlaces& places) {
    std::error_code failure;
    // /dev/mapper/swap is a link to /dev/dm-1.
    const auto real = fs::canonical(device, failure);
    const auto name = (failure ? fs::path(device) : real).filename().string();
    std::ifstream uuid(places.blocks + "/" + name + "/dm/uuid");
    std::string text;
    return std::getline(uuid, text) && text.starts_with("CRYPT-");
}

}  // namespace

bool has_readable_swap(const SwapPlaces& places) {
    std::ifstream swaps(places.swaps);
    std::string line;
    std::getline(swaps, line);  // The heads of its columns.
    while (std::getline(swaps, line)) {
        std::istringstream words(line);
        std::string device;
        if (!(words >> device)) continue;
        if (device.starts_with("/dev/zram") || is_encrypted(device, places)) continue;
        return true;
    }
    return false;
}

}  // namespace egret::console
