#pragma once

#include "registry/domain/stock_book.h"
#include "registry/store/event_log.h"
#include "registry/store/lot_index.h"

#include <string>
#include <vector>

namespace egret::store {

/// Reads the books of facilities: what was said of their stock, and the doses given there. The one
/// reading for a clinic and for the centre, so that both say the same of the same facts.
///
/// The log and the index outlive it.
class StockBooks {
public:
    StockBooks(EventLog& log, LotIndex& lots) noexcept : log_(log), lots_(lots) {}

    /// What holds of the facility that has that subject, as fold() orders it; none if it has none.
    std::vector<LiveFact> facts_of(const WomanId& subject);

    /// What holds of all facilities; without decisions about nothing of theirs.
    std::vector<LiveFact> facts();

    /// An empty one, if nothing was said of the facility's stock.
    StockBook book(const std::string& facility);

    /// Of every facility of whose stock something was said, by its code.
    std::vector<StockBook> all();

private:
    EventLog& log_;
    LotIndex& lots_;
};

}  // namespace egret::store
