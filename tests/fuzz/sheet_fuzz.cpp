#include "registry/base/bytes.h"
#include "registry/base/ensure.h"
#include "registry/base/sheet_limits.h"
#include "registry/base/text.h"
#include "registry/sheet/day.h"
#include "registry/sheet/sheet.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// What is read as a table keeps to the limits and is text, and a day is one that can be written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = egret::text_of({data, size});
    const auto sheets = egret::sheet::read_sheets(bytes);
    if (!sheets) return 0;
    for (const auto& sheet : *sheets) {
        EGRET_ENSURE(sheet.rows.size() <=
                     egret::limits::sheet_rows_max + egret::limits::sheet_head_rows_max);
        for (const auto& merged : sheet.merged) {
            EGRET_ENSURE(merged.first_row <= merged.last_row);
            EGRET_ENSURE(merged.first_column <= merged.last_column);
            EGRET_ENSURE(merged.last_column < egret::limits::sheet_columns_max);
        }
        for (const auto& row : sheet.rows) {
            EGRET_ENSURE(row.cells.size() <= egret::limits::sheet_columns_max);
            for (const auto& cell : row.cells) {
                EGRET_ENSURE(cell.text.size() <= egret::limits::sheet_cell_bytes_max);
                EGRET_ENSURE(egret::is_utf8(cell.text));
                const auto day = egret::sheet::parse_day(cell, sheet.counts_days_from_1904);
                if (day) EGRET_ENSURE(egret::Date::parse(day->to_string()));
            }
        }
    }
    return 0;
}
