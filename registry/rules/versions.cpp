#include "registry/rules/detail/versions.h"

namespace egret::rules::detail {

std::vector<long> version_key(const std::string& version) {
    std::vector<long> key;
    for (const auto part : split(version, '.'))
        key.push_back(is_digits(part) && part.size() < 10 ? std::stol(std::string(part)) : -1);
    return key;
}

}  // namespace egret::rules::detail
