#pragma once

#include "registry/base/ids.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/woman_index.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace egret::central {

/// An erasure that machines of clinics have not yet said to have carried out.
struct OpenErasure {
    WomanId woman;
    std::vector<std::string> clinics;  // Whose machines are missing, by code.

    friend bool operator==(const OpenErasure&, const OpenErasure&) = default;
};

/// Who was erased at this centre.
///
/// Belongs to the thread of its Database; that and the index outlive it.
class ErasedWomen {
public:
    ErasedWomen(store::WomanIndex& women, sqlite::Database& db);

    /// Whether nothing may be kept of her. Cheap for batches: it looks whether anybody was added
    /// since it was asked last.
    bool contains(const WomanId& woman);
    void add(std::int64_t woman_ix, std::int64_t ingest, sqlite::WriteTransaction& tx);
    /// By number.
    std::vector<std::int64_t> all();

    /// Those of which a machine that is told of her, or was, and isn't shut out has said nothing.
    std::vector<OpenErasure> open();

private:
    store::WomanIndex& women_;
    sqlite::Statement count_;
    sqlite::Statement select_;
    sqlite::Statement insert_;
    sqlite::Statement select_open_;
    std::int64_t known_ = 0;  // How many these are.
    std::set<WomanId> ids_;
};

/// True if these are others than the log says.
bool has_damaged_erasures(sqlite::Database& db);

}  // namespace egret::central
