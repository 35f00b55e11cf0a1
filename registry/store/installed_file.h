#pragma once

#include "registry/base/bytes.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <string>
#include <string_view>
#include <vector>

namespace egret::store {

/// A protocol, an indicator or a list that the centre sent.
struct InstalledFile {
    std::string kind;
    std::string name;
    std::string version;
    Bytes frame;  // Zstandard, as it came. Whoever unpacks it bounds what comes out.

    friend bool operator==(const InstalledFile&, const InstalledFile&) = default;
};

/// The files that a registry was sent, each with SHA-256("egret-file-1" ‖ kind ‖ 0 ‖ name ‖ 0 ‖
/// version ‖ 0 ‖ frame), so that damage to any is seen.
///
/// Belongs to the thread of its Database, which outlives it.
class InstalledFiles {
public:
    explicit InstalledFiles(sqlite::Database& db);

    /// In the place of one of the same kind, name and version.
    void save(const InstalledFile& file, sqlite::WriteTransaction& tx);
    /// Of that kind, by name and version; leaves out those that are not as they were saved.
    std::vector<InstalledFile> all(std::string_view kind);

private:
    sqlite::Statement select_;
    sqlite::Statement upsert_;
};

}  // namespace egret::store
