#pragma once

#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/domain/codes.h"
#include "registry/domain/history.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/woman_index.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::store {

/// A woman as a list shows her.
struct WomanRow {
    WomanId id;  // Canonical.
    std::string name;
    std::optional<PartialDate> birth_date;
    std::optional<Sex> sex;
    std::string area;      // "" if not known.
    std::string facility;  // "" if not known.
    std::optional<Date> registered_on;
    std::optional<Date> died_on;
    std::uint64_t fact_count = 0;  // That hold.

    friend bool operator==(const WomanRow&, const WomanRow&) = default;
};

/// One row for each woman of whom something was said, kept by the projector.
class Women {
public:
    explicit Women(sqlite::Database& db);

    /// By any of her ids.
    std::optional<WomanRow> find(const WomanId& id);
    /// By her canonical number in WomanIndex.
    std::optional<WomanRow> find_row(std::int64_t woman_ix);

    /// Those whose id begins with these hexadecimal digits (lower-case, no dashes, up to 32), in
    /// the order of ids. Facilities have none.
    std::vector<WomanId> with_beginning(std::string_view digits, std::size_t ids_max);
    /// How many digits of this id it takes to tell it from every other one here.
    std::size_t telling_digits(const WomanId& id);

    /// In the order in which they came to this store, after that woman or from the first.
    std::vector<WomanRow> list(const std::optional<WomanId>& after, std::size_t rows_max);
    std::uint64_t count();

    /// Makes that the row of her who has this canonical number.
    void set(std::int64_t woman_ix, const History& history, sqlite::WriteTransaction& tx);
    void remove(std::int64_t woman_ix, sqlite::WriteTransaction& tx);
    void clear(sqlite::WriteTransaction& tx);

private:
    sqlite::Statement select_;
    sqlite::Statement between_;
    sqlite::Statement before_;
    sqlite::Statement after_;
    sqlite::Statement list_;
    sqlite::Statement count_;
    sqlite::Statement upsert_;
    sqlite::Statement delete_;
    sqlite::Statement delete_all_;
    WomanIndex index_;
};

/// The name that she is called by in lists: the official one, else the first; "" without any.
std::string shown_name(const Demographics& who);

}  // namespace egret::store
