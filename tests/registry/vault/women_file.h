#pragma once

#include "registry/crypto/random_bytes.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/vault/mount.h"
#include "tests/registry/vault/canary.h"
#include "tests/registry/vault/vault_file.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

#include <filesystem>
#include <string>

namespace egret::tests {

/// A folder for encrypted files under one key.
struct Place {
    TempDir dir;
    crypto::SystemRandom random;
    vault::Mount mount{test_key(), random};

    std::string path(const std::string& name = "clinic.egret") const { return dir.file(name); }

    sqlite::OpenOptions options(const std::string& name = "clinic.egret") const {
        return vault_options(path(name), mount.vfs_name());
    }

    /// Whether any file here tells something.
    bool is_told() const {
        for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
            if (tells(bytes_of(read_file(entry.path().string())))) return true;
        }
        return false;
    }
};

/// So many rows that name the canary, over several hundred pages with an index on them.
inline void fill(sqlite::Database& db, int rows = 1500) {
    db.execute(
        "CREATE TABLE woman (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
        "CREATE INDEX woman_by_name ON woman (name);");
    sqlite::WriteTransaction transaction(db);
    sqlite::Statement add(db, "INSERT INTO woman (name) VALUES (?1)");
    for (int i = 0; i < rows; ++i) {
        const auto name = std::string(canary_name) + std::to_string(i * 7919 % 100'000);
        auto run = add.start();
        run.bind_all(name + std::string(static_cast<std::size_t>(i % 300), 'x') + name);
        run.finish();
    }
    transaction.commit();
}

inline std::string names_of(sqlite::Database& db) {
    std::string all;
    sqlite::Statement statement(db, "SELECT name FROM woman ORDER BY id");
    auto row = statement.start();
    while (row.next()) all += row.text(0) + "\n";
    return all;
}

}  // namespace egret::tests
