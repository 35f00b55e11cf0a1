#pragma once

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <cstdint>

namespace egret::store {

/// Takes away what a store has of a woman who is erased: what her facts say, with their salts. The
/// lines of the logs stay, for the chains go over them, and say nothing but that somebody recorded
/// something of her. Erasures themselves stay as they are.
///
/// Belongs to the thread of its Database, which outlives it.
class Shredder {
public:
    explicit Shredder(sqlite::Database& db);

    /// Of how many facts. What follows from them is the caller's: they are gone as if they had
    /// never been here. `ingest`: with which that came. The bytes are off the disk after
    /// Database::checkpoint_truncate.
    std::size_t shred(std::int64_t ingest, std::int64_t woman_ix, sqlite::WriteTransaction& tx);

private:
    sqlite::Statement select_;
    sqlite::Statement delete_;
    sqlite::Statement insert_absent_;
    sqlite::Statement delete_quarantine_;
};

}  // namespace egret::store
