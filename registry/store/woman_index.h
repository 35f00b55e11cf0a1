#pragma once

#include "registry/base/ids.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace egret::store {

/// The short numbers that stand for women inside one file, and for the facilities that facts are
/// about (domain/facility_id.h). A number is never given twice.
class WomanIndex {
public:
    explicit WomanIndex(sqlite::Database& db);

    std::optional<std::int64_t> find(const WomanId& id);
    /// Gives her a number if she has none yet.
    std::int64_t add(const WomanId& id, sqlite::WriteTransaction& tx);
    /// Her id, for a number that was given.
    WomanId load_id(std::int64_t ix);
    /// True, if the number stands for a facility.
    bool is_facility(std::int64_t ix);
    /// All of those, ascending.
    std::vector<std::int64_t> facilities();
    /// The number of the smallest id that is linked with this one: often its own.
    std::int64_t canonical(std::int64_t ix);
    void set_canonical(std::int64_t ix, std::int64_t canonical_ix, sqlite::WriteTransaction& tx);

private:
    sqlite::Statement find_;
    sqlite::Statement insert_;
    sqlite::Statement select_;
    sqlite::Statement update_;
    sqlite::Statement select_last_ids_;
};

}  // namespace egret::store
