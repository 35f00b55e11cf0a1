#include "registry/store/open.h"

#include "registry/files/access.h"
#include "registry/sqlite/file.h"
#include "registry/sqlite/statement.h"
#include "registry/store/migrator.h"
#include "registry/store/schema_check.h"

#include <filesystem>
#include <optional>
#include <system_error>

namespace egret::store {
namespace {

/// What `file` and we can tell a file by: "EgrC", "EgrZ" and "EgrK" in its header.
struct FileMark {
    std::int64_t number;
    const char* sql;
};

constexpr FileMark clinic_mark{0x45677243, "PRAGMA application_id = 0x45677243"};
constexpr FileMark centre_mark{0x4567725a, "PRAGMA application_id = 0x4567725a"};
constexpr FileMark woman_keys_mark{0x4567724b, "PRAGMA application_id = 0x4567724b"};

const FileMark& mark_of(FileKind kind) {
    switch (kind) {
        case FileKind::clinic: return clinic_mark;
        case FileKind::centre: return centre_mark;
        case FileKind::woman_keys: return woman_keys_mark;
    }
    return clinic_mark;
}

constexpr auto in_memory_path = ":memory:";

bool is_there(const std::string& path) {
    std::error_code failed;
    return std::filesystem::exists(path, failed) && !failed;
}

Error no_file(const std::string& path) {
    return {ErrorCode::not_found, "", msg("store.no_file", {{"path", path}})};
}

bool is_there(const FileOptions& options, const char* suffix) {
    const auto path = options.path + suffix;
    return options.base_vfs.empty() ? is_there(path) : sqlite::is_file(path, options.base_vfs);
}

Result<Done> find_file(const FileOptions& options) {
    if (options.base_vfs.empty()) return store::require_file(options.path);
    if (is_there(options, "")) return Done{};
    return no_file(options.path);
}

std::optional<Error> check_path(const FileOptions& options) {
    if (options.path == in_memory_path) return std::nullopt;
    if (!options.create) {
        if (auto found = find_file(options); !found) return std::move(found).error();
    }
    // A log beside a file that is gone may hold all that is left of it.
    if (options.create && (is_there(options, "") || is_there(options, "-wal")))
        return Error{ErrorCode::conflict, "", msg("store.file_exists", {{"path", options.path}})};
    return std::nullopt;
}

/// A file that was made where others may read it is closed to them. If that can't be done, it is
/// somebody else's file, and his to decide.
void close_to_others(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        fs::permissions(path + suffix, fs::perms::group_all | fs::perms::others_all,
                        fs::perm_options::remove, ignored);
    }
}

/// What to do about it differs: a clinic's backups are restored, a centre's are copies.
Error damaged_file(const FileOptions& options) {
    return {ErrorCode::unsupported, "",
            options.kind == FileKind::clinic
                ? msg("store.damaged", {{"path", options.path}})
                : msg("store.damaged_centre", {{"path", options.path}})};
}

Error wrong_file(const FileOptions& options) {
    return {ErrorCode::unsupported, "",
            options.kind == FileKind::clinic
                ? msg("store.wrong_file", {{"path", options.path}})
                : msg("store.wrong_centre_file", {{"path", options.path}})};
}

/// What SQLite only calls a file that can't be opened or an error of the disk, if it is a matter of
/// rights, of the file or of what lies beside it.
std::optional<Error> find_missing_right(const std::string& path) {
    for (const char* suffix : {"", "-wal", "-shm"}) {
        const auto file = path + suffix;
        switch (find_hindrance(file)) {
            case Hindrance::none: break;
            case Hindrance::not_readable:
                return Error{ErrorCode::unavailable, "",
                             msg("store.not_readable", {{"path", file}})};
            case Hindrance::not_writable:
                return Error{ErrorCode::unavailable, "", msg("store.read_only", {{"path", file}})};
            case Hindrance::protected_disk:
                return Error{ErrorCode::unavailable, "",
                             msg("store.protected_disk", {{"path", file}})};
        }
    }
    return std::nullopt;
}

std::optional<Error> error_of(const sqlite::SqliteError& error, const FileOptions& options) {
    using sqlite::Trouble;
    const auto& path = options.path;
    const bool has_rights = options.base_vfs.empty();
    switch (error.trouble()) {
        case Trouble::busy:
            return Error{ErrorCode::unavailable, "", msg("store.busy", {{"path", path}})};
        case Trouble::not_a_database: return wrong_file(options);
        case Trouble::damaged: return damaged_file(options);
        case Trouble::read_only:
            if (auto missing = has_rights ? find_missing_right(path) : std::nullopt) return missing;
            return Error{ErrorCode::unavailable, "", msg("store.read_only", {{"path", path}})};
        case Trouble::io: return has_rights ? find_missing_right(path) : std::nullopt;
        case Trouble::full:
        case Trouble::constraint:
        case Trouble::other: return std::nullopt;
    }
    return std::nullopt;
}

/// What the schema of an old file says of its header: nothing, if they can both be right.
std::optional<Error> check_schema(sqlite::Database& db, const FileOptions& options,
                                  std::span<const EmbeddedFile> migrations) {
    const auto newest = static_cast<int>(migrations.size());
    const auto version = db.user_version();
    if (version == 0 && (options.create || db.is_in_memory())) return std::nullopt;
    if (version > 0 && version < newest) {
        const auto known = migrations.first(static_cast<std::size_t>(version));
        if (match_schema(db, known) == SchemaMatch::another) return damaged_file(options);
    }
    const auto match = match_schema(db, migrations);
    // A file of another version or another program has another schema, or its number is wrong.
    const bool is_odd = version == newest ? match == SchemaMatch::another
                                          : match == SchemaMatch::same ||
                                                (version < newest && match == SchemaMatch::more);
    if (is_odd) return damaged_file(options);
    return std::nullopt;
}

std::optional<Error> check_kind(sqlite::Database& db, const FileOptions& options,
                                std::span<const EmbeddedFile> migrations) {
    const bool is_clinic = options.kind == FileKind::clinic;
    sqlite::Statement mark(db, "PRAGMA application_id");
    const auto found = mark.start().single().int64(0);
    if (found == mark_of(options.kind).number) return std::nullopt;
    if (options.create || db.is_in_memory()) {
        db.execute(mark_of(options.kind).sql);
        return std::nullopt;
    }
    if (options.kind == FileKind::woman_keys || found == woman_keys_mark.number)
        return wrong_file(options);
    const bool is_other_kind = found == clinic_mark.number || found == centre_mark.number;
    if (!is_other_kind) {
        if (match_schema(db, migrations) == SchemaMatch::same) return damaged_file(options);
        return Error{ErrorCode::unsupported, "", msg("store.foreign_file")};
    }
    return Error{ErrorCode::unsupported, "",
                 is_clinic ? msg("store.centre_file", {{"path", options.path}})
                           : msg("store.clinic_file", {{"path", options.path}})};
}

sqlite::OpenOptions sqlite_options(const FileOptions& options) {
    sqlite::OpenOptions opened;
    opened.path = options.path;
    opened.vfs_name = options.vfs_name;
    opened.create = options.create;
    opened.exclusive = options.exclusive;
    opened.cache_kib = options.cache_kib;
    opened.checkpoint_pages = options.checkpoint_pages;
    opened.busy_timeout_ms = options.busy_timeout_ms;
    opened.synchronous = options.synchronous;
    return opened;
}

}  // namespace

bool is_out_of_reach(const std::string& path) {
    std::error_code failed;
    return !std::filesystem::exists(path, failed) && failed;
}

Error no_access(const std::string& path) {
    return {ErrorCode::unavailable, "", msg("store.no_access", {{"path", path}})};
}

Result<Done> require_file(const std::string& path) {
    if (is_out_of_reach(path)) return no_access(path);
    if (is_there(path)) return Done{};
    return no_file(path);
}

Result<std::unique_ptr<sqlite::Database>> open_file(const FileOptions& options,
                                                    std::span<const EmbeddedFile> migrations) {
    if (auto wrong = check_path(options)) return *std::move(wrong);
    try {
        auto db = std::make_unique<sqlite::Database>(sqlite_options(options));
        if (auto wrong = check_kind(*db, options, migrations)) return *std::move(wrong);
        if (auto wrong = check_schema(*db, options, migrations)) return *std::move(wrong);
        auto migrated = migrate(*db, migrations);
        if (!migrated) return std::move(migrated).error();
        if (!db->is_in_memory() && options.base_vfs.empty()) close_to_others(options.path);
        return db;
    } catch (const sqlite::SqliteError& error) {
        if (auto known = error_of(error, options)) return *std::move(known);
        throw;
    }
}

}  // namespace egret::store
