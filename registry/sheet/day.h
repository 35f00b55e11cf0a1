#pragma once

#include "registry/base/date.h"
#include "registry/sheet/sheet.h"

#include <optional>

namespace egret::sheet {

/// The day that a cell means: "2012-07-09", "2012/7/9", "2012.7.9", "2012年7月9日", "20120709",
/// each with or without a time of day after it, or the count of days that spreadsheets keep
/// (41099). The year stands first: of "7/9/2012" nobody knows which is the month. Nothing if it is
/// no day between limits::year_min and year_max.
std::optional<Date> parse_day(const Cell& cell, bool counts_days_from_1904);

}  // namespace egret::sheet
