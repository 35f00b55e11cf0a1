#pragma once

#include "registry/base/result.h"
#include "registry/coverage/reconcile.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Published figures in a table that somebody keeps, each checked against the numbers beside it.
namespace egret::console {

enum class FigureKind : std::uint8_t { rate, sum };

std::string_view to_string(FigureKind kind);

struct FigurePlace {
    std::string sheet;      // "" unless several sheets of the file have figures.
    std::uint64_t row = 0;  // As the spreadsheet shows it.
};

struct CheckedFigure {
    FigurePlace place;
    std::string what;  // As it stands in the file.
    FigureKind kind = FigureKind::rate;
    coverage::Reconciled result;
};

/// A figure that couldn't be checked, for one cell of its row.
struct UnreadFigure {
    FigurePlace place;
    std::string what;
    FigureKind kind = FigureKind::rate;
    std::string column;  // "C"
    std::string name;    // Of the column: "numerator".
    std::string head;    // What stands above it in the file: "分子".
    Message message;
};

struct PublishedFigures {
    std::vector<CheckedFigure> checked;
    std::vector<UnreadFigure> unread;
};

/// Reads the figures of a CSV file or a workbook, by the columns that its head row names: what,
/// numerator, denominator, unit and printed of a rate; what, parts and printed_total of a sum.
/// Other columns, and rows with nothing in these, are passed over. Errors: as sheet::read_sheets;
/// invalid_input, if no sheet has such a head row, a column is there twice or nothing stands below;
/// too_large, past limits::sheet_rows_max.
Result<PublishedFigures> check_published(std::string_view bytes);

}  // namespace egret::console
