#pragma once

#include <string>

namespace egret::sqlite {

/// Whether there is such a file for the VFS of that name; empty: the system's.
/// Throws SqliteError if the disk fails, or there is no such VFS.
bool is_file(const std::string& path, const std::string& vfs_name);

/// Removes a database that nobody has open, with what lies beside it. Nothing, if that can't be
/// done.
void remove_files(const std::string& path, const std::string& vfs_name) noexcept;

}  // namespace egret::sqlite
