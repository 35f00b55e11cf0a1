#pragma once

#include "registry/base/date.h"

namespace egret::rules {

/// The day on which somebody born on `birth` reaches an age: years as for birthday(), so that who
/// is born on 29 February completes them on 1 March; `rule` is for the months that follow.
inline Date day_of_age(Date birth, const Period& age, MissingDay rule = MissingDay::roll) {
    return birthday(birth, age.years).plus_months(age.months, rule).plus_days(age.days);
}

}  // namespace egret::rules
