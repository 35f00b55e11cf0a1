#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/crypto/wipe.h"
#include "registry/vault/locked_key.h"

#include <cstddef>
#include <string_view>

namespace egret::vault {

/// What stands in the first 16 bytes of an encrypted file in place of SQLite's magic: 12 bytes of
/// chance, and 4 that only the holder of the key could choose.
using FileId = Fixed<16>;

/// What a key file keeps beside the wrapped key, to tell a wrong key before any file is opened.
using KeyCheck = Fixed<16>;

/// The check of a key of 32 bytes.
KeyCheck check_of(ByteView key);

/// The key of a registry, and the keys that follow from it: each file has its own. What is derived
/// is wiped by whoever asked for it.
///
/// May be used from several threads, as far as `random` may.
class KeyRing {
public:
    /// `key` has 32 bytes. `random` outlives this. Throws std::system_error, as LockedKey does.
    KeyRing(ByteView key, Random& random) : key_(key), random_(random) {}

    FileId new_file_id() const;
    /// False, if the file was made under another key, or is none of ours.
    bool owns(const FileId& id) const;
    /// `length` bytes for one file and one use of them.
    crypto::Secret key_for(const FileId& id, std::string_view use, std::size_t length) const;
    KeyCheck check() const { return check_of(key_.view()); }

    Random& random() const noexcept { return random_; }

private:
    LockedKey key_;
    Random& random_;
};

}  // namespace egret::vault
