#pragma once

#include "registry/base/ids.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/row_guard.h"
#include "registry/store/statements.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret::central {

/// What an officer did, beside the facts and the ruling themselves.
struct DeskNote {
    std::int64_t ingest = 0;
    std::int64_t officer = 0;  // CentreUser::number.
    std::string act;           // "void", "accept": a word of the program's own.
    std::string because;
    std::uint64_t first_seq = 0;  // Of the log of the centre's device; 0: it added no fact.
    std::uint64_t last_seq = 0;
    std::optional<store::Ruling> ruling{};
};

/// Which ingests were acts of officers, and whose. Of that no log tells, so each row is guarded
/// (registry/store/row_guard.h), and a fact of the centre's or a ruling without one is damage.
///
/// Belongs to the thread of its Database, which outlives it.
class DeskTable {
public:
    explicit DeskTable(sqlite::Database& db);

    void add(const DeskNote& note, sqlite::WriteTransaction& tx);

private:
    store::RowGuard guard_;
    sqlite::Statement insert_;
};

/// True if an act is not as it was noted, is of nobody, or isn't what its ingest holds; or if a fact
/// of the centre's or a ruling is of no act.
bool has_damaged_acts(sqlite::Database& db);

}  // namespace egret::central
