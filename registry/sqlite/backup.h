#pragma once

#include "registry/base/result.h"
#include "registry/sqlite/database.h"

#include <functional>
#include <string>

namespace egret::sqlite {

/// Copies a database while it is open to the new file `path`, through the VFS of that name, and
/// reads the copy again from end to end. Afterwards it lies there as one file, whole and durable;
/// if anything fails, it isn't there. `when_written` is called before it is read again: from then
/// on nothing changes the file.
///
/// No write transaction may be open in `source`. A source of another page shape can't be copied.
/// Errors: conflict, if there is a file at `path` already: it stays as it is.
/// Throws SqliteError: damaged, if the copy (and so the source) does not pass integrity_check;
/// full, io and others as usual.
Result<Done> backup_to(Database& source, const std::string& path, const std::string& vfs_name,
                       const std::function<void()>& when_written);
Result<Done> backup_to(Database& source, const std::string& path, const std::string& vfs_name);

/// The same through the source's own VFS.
Result<Done> backup_to(Database& source, const std::string& path);

}  // namespace egret::sqlite
