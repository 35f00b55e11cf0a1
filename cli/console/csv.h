#pragma once

#include "cli/console/table.h"

#include <string>
#include <string_view>
#include <vector>

namespace egret::console {

/// One record of RFC 4180 with its CR LF, in UTF-8. A text that a spreadsheet would run as a
/// formula (it begins with = + - @, a tab or a line end) gets an apostrophe before it; a plain
/// number, also a negative one, stays a number.
std::string csv_line(const std::vector<std::string>& cells);

/// What tells Excel that a file is UTF-8. Answers on standard output have none.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

enum class ByteOrderMark { none, written };

/// The table with its columns' keys as header. Excel takes the file for UTF-8 only by its mark.
std::string to_csv(const Table& table, ByteOrderMark mark = ByteOrderMark::none);

}  // namespace egret::console
