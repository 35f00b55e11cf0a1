#pragma once

#include "registry/base/embedded.h"
#include "registry/base/result.h"
#include "registry/sqlite/database.h"

#include <span>
#include <string>

namespace egret {

struct MigrationOptions {
    bool backup_before = true;  // A database in memory never gets one.
};

struct Migrated {
    int from = 0;             // Version before; 0 for a new file.
    int to = 0;               // Version now.
    std::string backup_path;  // Empty if no copy was needed.
};

/// Brings the database to the newest version that this program knows.
///
/// `migrations` are named "store/0001_log.sql", "store/0002_….sql", … without a gap. Each is one
/// transaction together with its user_version, so a failure leaves the version before it. They run
/// without foreign keys being enforced, so that a table can be rebuilt; before the last one commits
/// all references are checked.
///
/// A file that holds data is copied first, beside itself, to "<file>.before-<newest>" (with ".2",
/// ".3", … if there is one from before); an older copy is never touched. A damaged file stops at
/// that copy and is left as it is.
///
/// Errors: unsupported, if the file was written by a newer program, or holds tables of some other
/// program. Throws SqliteError if a migration fails, and whatever backup_to throws.
Result<Migrated> migrate(sqlite::Database& db, std::span<const EmbeddedFile> migrations,
                         const MigrationOptions& options = {});

}  // namespace egret
