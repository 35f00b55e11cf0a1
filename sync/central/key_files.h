#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"
#include "registry/crypto/wipe.h"

#include <cstddef>
#include <string>

/// Small files with keys: read whole, written once, and for nobody else to read.
namespace egret::central {

/// Makes the file with its content on the disk, readable by its owner alone.
/// Throws std::system_error, if there is one already or the disk fails.
void write_key_file(const std::string& path, ByteView content);

/// Errors: not_found, if it can't be read; unsupported, if it is longer than any key.
Result<crypto::Secret> read_key_file(const std::string& path);

/// Makes what was made or renamed in that folder last.
/// Throws std::system_error.
void sync_folder(const std::string& path);

}  // namespace egret::central
