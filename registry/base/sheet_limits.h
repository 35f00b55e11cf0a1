#pragma once

#include <cstddef>

/// Bounds of the tables that are imported (registry/sheet), beside those of limits.h.
namespace egret::limits {

// A table that somebody saved in a spreadsheet: the roll of the largest school is below 1 MiB.
inline constexpr std::size_t sheet_file_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t sheet_rows_max = 20'000;
// Among which the head row is looked for: titles and remarks above it take fewer. They don't count.
inline constexpr std::size_t sheet_head_rows_max = 20;
inline constexpr std::size_t sheet_columns_max = 256;
inline constexpr std::size_t sheet_cells_max = 1'000'000;
inline constexpr std::size_t sheet_cell_bytes_max = 4000;

// Of a packed workbook: how many parts, how long one is when unpacked, and all that are read.
inline constexpr std::size_t sheet_entries_max = 1000;
inline constexpr std::size_t sheet_part_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t sheet_expanded_bytes_max = 128 * 1024 * 1024;
inline constexpr std::size_t xml_nesting_max = 64;

}  // namespace egret::limits
