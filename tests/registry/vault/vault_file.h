#pragma once

#include "registry/base/bytes.h"
#include "registry/sqlite/database.h"

#include <string>

namespace egret::tests {

/// Always the same, and no key of anybody's.
inline Hash test_key(std::uint8_t first = 1) {
    Hash key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(first + i);
    return key;
}

/// How an encrypted registry is opened: as in earnest, but without waiting for a lock.
inline sqlite::OpenOptions vault_options(const std::string& path, const std::string& vfs_name) {
    sqlite::OpenOptions options;
    options.path = path;
    options.vfs_name = vfs_name;
    options.create = true;
    options.exclusive = true;
    return options;
}

}  // namespace egret::tests
