#pragma once

#include "registry/base/result.h"
#include "registry/domain/work_calendar.h"

#include <string_view>
#include <vector>

namespace egret {

/// Reads a calendar file (schemas/calendar.schema.json; docs/calendars.md).
/// Errors: invalid_input with the path of what is wrong.
Result<WorkCalendar> parse_work_calendar(std::string_view json);

/// The calendars that the program carries (schemas/calendars), by id.
const std::vector<WorkCalendar>& known_work_calendars();

/// Errors: not_found, with the id that was probably meant.
Result<const WorkCalendar*> find_work_calendar(std::string_view id);

}  // namespace egret
