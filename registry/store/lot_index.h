#pragma once

#include "registry/domain/stock_book.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <cstdint>
#include <string>
#include <vector>

namespace egret::store {

/// From lots of vaccine to the women who got them, and which lots spoil doses: how a fact about a
/// facility reaches women. Kept by the projector.
class LotIndex {
public:
    explicit LotIndex(sqlite::Database& db);

    /// Makes these her doses; `woman_ix` is her canonical number in WomanIndex.
    void set_doses(std::int64_t woman_ix, const History& history, sqlite::WriteTransaction& tx);
    void remove_doses(std::int64_t woman_ix, sqlite::WriteTransaction& tx);

    /// Makes that what the facts of the facility subject with that number say is substandard.
    /// Returns who had doses of lots of which something else is said now, ascending.
    std::vector<std::int64_t> set_spoilt(std::int64_t subject_ix,
                                         const std::vector<SpoiltLot>& spoilt,
                                         sqlite::WriteTransaction& tx);

    /// Sets LiveFact::is_spoilt of her doses, by what is stored of lots.
    void mark_spoilt(History& history);

    /// Every dose of which it is known that it was given there.
    std::vector<DoseTaken> doses_at(const std::string& facility);

    /// Who had doses of that lot, wherever: canonical numbers, ascending. `lot` by lot_key.
    std::vector<std::int64_t> women_of(const std::string& lot);

    void clear(sqlite::WriteTransaction& tx);

private:
    struct Row;

    std::vector<SpoiltLot> spoilt_of(std::int64_t subject_ix);

    sqlite::Statement select_hers_;
    sqlite::Statement insert_dose_;
    sqlite::Statement delete_hers_;
    sqlite::Statement select_spoilt_;
    sqlite::Statement insert_spoilt_;
    sqlite::Statement delete_spoilt_;
    sqlite::Statement select_from_day_;
    sqlite::Statement select_at_place_;
    sqlite::Statement select_at_facility_;
    sqlite::Statement select_of_lot_;
    sqlite::Statement delete_all_doses_;
    sqlite::Statement delete_all_spoilt_;
};

}  // namespace egret::store
