#include "registry/store/migrator.h"

#include "registry/base/ensure.h"
#include "registry/sqlite/backup.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <charconv>
#include <string_view>

namespace egret {

namespace {

constexpr int copies_max = 99;

/// "store/0012_names.sql" is number 12.
int migration_number(std::string_view name) {
    const auto slash = name.rfind('/');
    if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
    int number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    EGRET_ENSURE(read.ec == std::errc{} && read.ptr != name.data() + name.size() &&
                 *read.ptr == '_');
    return number;
}

/// While this lives, foreign keys are not enforced. With them, dropping a table that is being
/// rebuilt would delete the rows that refer to it.
class ForeignKeysOff {
public:
    explicit ForeignKeysOff(sqlite::Database& db) : db_(db) {
        db_.execute("PRAGMA foreign_keys = OFF");
    }

    ~ForeignKeysOff() {
        bool enforced = false;
        try {
            db_.execute("PRAGMA foreign_keys = ON");
            sqlite::Statement state(db_, "PRAGMA foreign_keys");
            enforced = state.start().single().int64(0) == 1;
        } catch (const sqlite::SqliteError&) {
            enforced = false;
        }
        EGRET_ENSURE(enforced);
    }

    ForeignKeysOff(const ForeignKeysOff&) = delete;
    ForeignKeysOff& operator=(const ForeignKeysOff&) = delete;

private:
    sqlite::Database& db_;
};

bool has_tables(sqlite::Database& db) {
    sqlite::Statement count(db, "SELECT count(*) FROM sqlite_schema");
    return count.start().single().int64(0) > 0;
}

Result<std::string> copy_beside(sqlite::Database& db, int newest) {
    const auto wished = db.options().path + ".before-" + std::to_string(newest);
    auto path = wished;
    for (int number = 2;; ++number) {
        auto copied = sqlite::backup_to(db, path);
        if (copied) return path;
        if (copied.error().code != ErrorCode::conflict || number > copies_max)
            return std::move(copied).error();
        path = wished + "." + std::to_string(number);
    }
}

void apply_migration(sqlite::Database& db, const EmbeddedFile& migration, int number,
                     bool is_last) {
    sqlite::WriteTransaction transaction(db);
    db.execute(std::string(migration.content).c_str());
    EGRET_ENSURE(db.in_transaction());  // A migration has no COMMIT of its own.
    db.set_user_version(number);
    if (is_last) {
        const auto problems = db.foreign_key_check();
        if (!problems.empty()) {
            throw sqlite::SqliteError(sqlite::foreign_key_violation, problems.front(),
                                      migration.name);
        }
    }
    transaction.commit();
}

}  // namespace

Result<Migrated> migrate(sqlite::Database& db, std::span<const EmbeddedFile> migrations,
                         const MigrationOptions& options) {
    const auto newest = static_cast<int>(migrations.size());
    for (int number = 1; number <= newest; ++number) {
        const auto& name = migrations[static_cast<std::size_t>(number - 1)].name;
        EGRET_ENSURE(migration_number(name) == number);
    }
    Migrated done;
    done.from = db.user_version();
    done.to = newest;
    if (done.from > newest) {
        return Error{ErrorCode::unsupported, "",
                     msg("store.newer_file", {{"found", std::to_string(done.from)},
                                              {"known", std::to_string(newest)}})};
    }
    const bool holds_data = has_tables(db);
    if (done.from < 0 || (done.from == 0 && holds_data))
        return Error{ErrorCode::unsupported, "", msg("store.foreign_file")};
    if (done.from == newest) return done;

    if (holds_data && options.backup_before && !db.is_in_memory()) {
        auto copied = copy_beside(db, newest);
        if (!copied) return std::move(copied).error();
        done.backup_path = *std::move(copied);
    }
    const ForeignKeysOff rebuilding(db);
    for (int number = done.from + 1; number <= newest; ++number)
        apply_migration(db, migrations[static_cast<std::size_t>(number - 1)], number,
                        number == newest);
    return done;
}

}  // namespace egret
