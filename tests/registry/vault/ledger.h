#pragma once

#include "registry/base/random.h"
#include "registry/sqlite/database.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace egret::tests {

/// Rows of many sizes that are inserted, changed and deleted in transactions. All of them follow
/// from a seed, so that what a file holds can be held to what it must hold.
class Ledger {
public:
    using Rows = std::map<std::int64_t, std::string>;

    /// Begins with `rows`, as left by another ledger.
    Ledger(std::uint64_t seed, int transactions, Rows rows = {});

    int transactions() const noexcept { return static_cast<int>(states_.size()) - 1; }
    /// After so many transactions.
    const Rows& after(int transactions) const {
        return states_[static_cast<std::size_t>(transactions)];
    }

    static void make_tables(sqlite::Database& db);
    /// The next one, as one transaction. `done` says how many there were before.
    void apply(sqlite::Database& db, int done) const;

    /// After how many transactions of this ledger the file is, by its own word; whether it holds
    /// just that, and is whole, is what wrong() says.
    static int count_in(sqlite::Database& db);
    static void reset_count(sqlite::Database& db);
    /// What is wrong with the file; nothing, if it is as it must be after so many transactions.
    std::optional<std::string> wrong(sqlite::Database& db, int transactions) const;

private:
    struct Change {
        std::int64_t key = 0;
        std::optional<std::string> body;  // Nothing: deleted.
    };

    std::vector<std::vector<Change>> changes_;
    std::vector<Rows> states_;
};

}  // namespace egret::tests
