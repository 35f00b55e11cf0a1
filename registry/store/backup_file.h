#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/sqlite/database.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A backup in one file: a copy of a registry's or a centre's database, as encrypted as that, and
/// behind it what opens it:
///
///   the database, sealed under keys of its own ‖ further parts ‖ the length of each part (8 bytes
///   each, big-endian) ‖ SHA-256 of all before ‖ mark
namespace egret::store {

/// What such a file must be.
struct BackupForm {
    std::string_view mark;     // 8 bytes: of a registry, or of a centre.
    std::string_view made_by;  // The command that writes it: whoever has another file is told.
    std::size_t parts = 2;     // With the database.
};

/// What is said of a file that is none of that form, or not whole.
Error no_backup(const std::string& path, const BackupForm& form);

/// Writes one to the new file `path`, and reads it again from the disk: the copy of the database
/// passes SQLite's check, and every byte is as it was written. Gives its sum. `random` draws the
/// name that it has until then.
/// Errors: conflict, if there is something at `path`. Throws SqliteError or std::system_error if
/// the disk fails or is full; then nothing is left.
Result<Hash> write_backup_file(sqlite::Database& db, const std::vector<Bytes>& more,
                               const BackupForm& form, const std::string& path, Random& random);

/// A backup of which every byte is as it was written.
class BackupFile {
public:
    /// Reads all of it. Errors: not_found, if there is no such file; unavailable, if it can't be
    /// read; unsupported, if it is no backup of that form, or not whole.
    /// Throws std::system_error if the disk fails.
    static Result<BackupFile> open(const std::string& path, const BackupForm& form);

    ~BackupFile();
    BackupFile(BackupFile&&) noexcept;
    BackupFile& operator=(BackupFile&&) = delete;

    const Hash& sum() const noexcept { return sum_; }

    /// Puts the part into a new file, which is on the disk when this returns.
    /// Throws std::system_error if there is one already, or the disk fails or is full.
    void write_part(std::size_t part, const std::string& path) const;
    /// One of those behind the database. Throws std::system_error if the disk fails.
    Bytes read_part(std::size_t part) const;

private:
    class File;
    friend Result<Hash> write_backup_file(sqlite::Database& db, const std::vector<Bytes>& more,
                                          const BackupForm& form, const std::string& path,
                                          Random& random);

    BackupFile(std::unique_ptr<File> file, std::vector<std::uint64_t> lengths, const Hash& sum);

    std::uint64_t place_of(std::size_t part) const;

    std::unique_ptr<File> file_;
    std::vector<std::uint64_t> lengths_;
    Hash sum_;
};

}  // namespace egret::store
