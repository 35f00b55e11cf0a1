#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/evaluate.h"
#include "registry/rules/schedule.h"

#include <string>

namespace egret::rules::detail {

/// Why a dose that was held against a series doesn't count: the rule below `protocol`, its id.
Why why_not_counted(const std::string& protocol, const Series& series, const DoseEvaluation& dose);

/// Why a dose was not even held against a series: the protocol isn't about its vaccine.
Why why_passed_over(const std::string& protocol, const std::string& product);

}  // namespace egret::rules::detail
