#pragma once

#include "registry/rules/screening/decision.h"
#include "registry/rules/screening/detail/tables.h"

#include <optional>

namespace egret::rules::detail {

/// What an outcome asks for, with its days.
ScreeningStep step_of(const Pathway& pathway, const Hit& hit, State& state);

/// The day on which the worst that was found at this visit was known first; where nothing was
/// positive, the day on which all was.
Date known_day(const Moment& moment);

/// Before that day it can't be done; nothing, if the rule names none.
std::optional<Date> first_day_of(const Pathway& pathway, const DueRule& rule, State& state);

}  // namespace egret::rules::detail
