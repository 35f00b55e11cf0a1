#pragma once

#include "registry/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace egret {

/// Writes a file that only its owner can read, in one step: after a crash there is the old content
/// or the new one, never a part. Replaces what was there.
/// Throws std::system_error if the disk fails or is full; then the old content stands.
void replace_private_file(const std::string& path, ByteView content);

/// Gives the file `draft` the name `path` in the same folder, and makes that durable; false, if
/// there is something of that name: then both stay as they are. The draft's own content must be on
/// the disk already.
/// Throws std::system_error if the disk fails.
bool place_new_file(const std::string& draft, const std::string& path);

/// Writes a new file that only its owner can read; it is on the disk when this returns, but its
/// name only after sync_folder(). Throws std::system_error if there is one already, or the disk
/// fails or is full.
void create_private_file(const std::string& path, ByteView content);

/// Afterwards the names in the folder are on the disk.
/// Throws std::system_error if the disk fails.
void sync_folder(const std::string& path);

/// Afterwards the file is on the disk, and what is read of it next comes from there, as far as the
/// kernel does what it is asked for.
/// Throws std::system_error if it isn't there, or the disk fails.
void sync_and_let_go(const std::string& path);

/// The beginning of a file, as much as fits into `to`, whose owner may wipe it: how many bytes it
/// was; nothing, if the file isn't there.
/// Throws std::system_error if it is there and can't be read.
std::optional<std::size_t> read_file_into(std::span<std::uint8_t> to, const std::string& path);

/// The content of a small file; nothing, if it isn't there or is longer than `bytes_max`.
/// Throws std::system_error if it is there and can't be read.
std::optional<Bytes> read_small_file(const std::string& path, std::size_t bytes_max);

}  // namespace egret
