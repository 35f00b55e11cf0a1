#pragma once

#include "registry/rules/screening/decision.h"
#include "registry/rules/screening/detail/tables.h"

#include <optional>

namespace egret::rules::detail {

/// What an outcome asks for, with its days.
ScreeningStep step_of(const Pathway& pathway, const Hit& hit, State& state);

/// Before that day it can't be done; nothing, if the rule names none.
std::optional<Date> first_day_of(const Pathway& pathway, const DueRule& rule, State& state);

}  // namespace egret::rules::detail
