#pragma once

#include "registry/base/embedded.h"
#include "registry/base/result.h"
#include "registry/sqlite/database.h"

#include <memory>
#include <span>
#include <string>

namespace egret::store {

/// Whose file it is, so that one is never taken for the other.
enum class FileKind { clinic, centre, woman_keys };

struct FileOptions {
    std::string path;  // Or ":memory:", which is always made.
    FileKind kind = FileKind::clinic;
    std::string vfs_name;  // Empty: the system's; a clinic's file has an encrypting one.
    // Where that reads and writes, if that is not the system's files: then rights are its matter.
    std::string base_vfs{};
    // Make a new file. Else there must be one.
    bool create = false;
    bool exclusive = true;
    sqlite::Synchronous synchronous = sqlite::Synchronous::full;
    int cache_kib = 0;  // 0: SQLite's own choice.
    // The write-ahead log goes into the file when it has so many pages: rarely is faster. 0:
    // SQLite's own choice.
    int checkpoint_pages = 0;
    int busy_timeout_ms = 2000;
};

/// True if nobody can tell whether there is something at `path`: this user may not look, or the
/// disk fails.
bool is_out_of_reach(const std::string& path);
/// What to say then, lest a new one be made. Its code is unavailable.
Error no_access(const std::string& path);

/// Whether there is a registry's file to be opened at `path`.
/// Errors: not_found, if there is none; unavailable, if it is out of reach.
Result<Done> require_file(const std::string& path);

/// Opens a registry's file and brings it to the newest version. The only way to one.
///
/// The file and what lies beside it are its owner's alone.
/// Nothing that is there is ever replaced: a file that can't be opened stays as it is.
///
/// Errors: not_found, if there is no file; conflict, if one is there that was to be made;
/// unavailable, if it is out of reach, another program holds it, or it may not be read or written;
/// unsupported, if it is another kind of file, a newer program's, or damaged. Throws SqliteError if
/// the disk fails or is full.
Result<std::unique_ptr<sqlite::Database>> open_file(const FileOptions& options,
                                                    std::span<const EmbeddedFile> migrations);

}  // namespace egret::store
