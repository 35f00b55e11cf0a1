#pragma once

#include "registry/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Tables that people keep in a spreadsheet, read from the files that they save.
namespace egret::sheet {

struct Cell {
    std::string text;        // UTF-8. A whole number as its digits: "41099".
    bool is_number = false;  // The file keeps it as a number: a day may be one (day.h).

    friend bool operator==(const Cell&, const Cell&) = default;
};

struct Row {
    std::uint64_t number = 0;  // As the spreadsheet or an editor shows it, from 1.
    std::vector<Cell> cells;   // From column A on; what is missing at the end is empty.

    /// The cell there, or an empty one.
    const Cell& at(std::size_t column) const;
};

/// Cells that the spreadsheet shows as one. What it says stands in the first of them alone.
struct MergedCells {
    std::uint64_t first_row = 0;  // By Row::number; both included.
    std::uint64_t last_row = 0;
    std::size_t first_column = 0;  // From 0; both included.
    std::size_t last_column = 0;

    friend bool operator==(const MergedCells&, const MergedCells&) = default;
};

struct Sheet {
    std::string name;       // "" in a file that has one table only.
    std::vector<Row> rows;  // Those that hold anything.
    bool counts_days_from_1904 = false;
    std::vector<MergedCells> merged{};  // In no promised order.
};

/// The sheets of a file, whatever it is: an XLSX workbook (its visible sheets), or a text whose
/// cells are parted by commas, semicolons or tabs (RFC 4180; UTF-8, UTF-16 with a mark, or
/// GB 18030).
/// Errors: as read_csv and read_xlsx; unsupported, for the older format of Excel (.xls) and for a
/// workbook with a password.
Result<std::vector<Sheet>> read_sheets(std::string_view bytes);

/// More than limits::sheet_rows_max below a head row are for who knows it to refuse.
/// Errors: too_large, past a limit (registry/base/sheet_limits.h); invalid_input, if it is no text
/// or a quoted cell has no end.
Result<Sheet> read_csv(std::string_view bytes);

/// The workbook's visible sheets in their order, with the values that it was saved with; formulas
/// are not computed.
/// Errors: too_large, past a limit (registry/base/sheet_limits.h); invalid_input, if it is no whole
/// workbook.
Result<std::vector<Sheet>> read_xlsx(std::string_view bytes);

/// "A" for the first column, "AA" for the 27th.
std::string column_letters(std::size_t column);
/// Nothing if `letters` is no column below limits::sheet_columns_max.
std::optional<std::size_t> find_column(std::string_view letters);

}  // namespace egret::sheet
