#pragma once

struct sqlite3_file;

namespace egret::vault::detail {

class SealedFile;
class VaultVfs;

/// So much memory SQLite has to give us for a file.
int file_place_bytes() noexcept;

/// Makes `file`, which it takes over, what SQLite calls as `place`.
void set_methods(sqlite3_file* place, VaultVfs& vfs, SealedFile* file) noexcept;

}  // namespace egret::vault::detail
