#pragma once

#include "cli/console/table.h"
#include "registry/domain/stock_book.h"
#include "registry/domain/stock_figures.h"
#include "registry/json/value.h"
#include "registry/rules/programme.h"
#include "registry/service/stock.h"

#include <string>
#include <vector>

/// A facility's stock as tables and JSON.
namespace egret::cli {

/// What is shown of a book.
struct StockView {
    const StockBook& book;
    Date on;
    rules::StockLevels levels;
    bool with_empty = false;  // Lots of which nothing is left, too.
};

/// "A1, B2".
std::string lot_names(const std::vector<std::string>& lots);
std::string lot_state_text(LotState state, Language language);

console::Table stock_table(const StockView& view, Language language);
/// What to know beside the table, a line each: products that run low, lots that are held and by
/// which record, doses of unknown lots. "" if there is nothing.
std::string stock_notes(const StockView& view, Language language);
json::Object stock_json(const StockView& view);

/// What happened to one lot, or all that was done with a lot that isn't known.
console::Table lines_table(const std::vector<StockLine>& lines, Language language);
json::Array lines_json(const std::vector<StockLine>& lines);

console::Table wastage_table(const StockBook& book, const StockPeriod& period, Language language);
json::Object wastage_json(const StockBook& book, const StockPeriod& period);

console::Table recipients_table(const std::vector<service::LotRecipient>& found, Language language);
json::Array recipients_json(const std::vector<service::LotRecipient>& found);

}  // namespace egret::cli
