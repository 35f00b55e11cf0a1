#pragma once

#include "registry/rules/decision.h"
#include "registry/rules/evaluate.h"
#include "registry/rules/schedule.h"
#include "registry/rules/subject.h"

#include <string>

namespace egret::rules::detail {

/// Why a dose that was held against a series doesn't count: the rule below `protocol`, its id.
Why why_not_counted(const std::string& protocol, const Series& series, const DoseEvaluation& dose,
                    const GivenDose& given);

/// Why a dose of a named vaccine was not even held against a series: the protocol isn't about it.
Why why_passed_over(const std::string& protocol, const std::string& product);

}  // namespace egret::rules::detail
