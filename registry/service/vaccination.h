#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/warning.h"

#include <optional>
#include <vector>

/// What the programme in force says of vaccination: after a visit, and before a dose is saved.
namespace egret::service {

/// A pregnancy that is recorded without an end is asked after when it has lasted for so many weeks.
/// Birth is post-term from 42 completed weeks on (WHO, ICD-10); the rest allows for a beginning
/// that isn't known well.
inline constexpr int pregnancy_weeks_max = 45;

/// That somebody is recorded as pregnant for longer than can be ("pregnancy_open"), with the number
/// of that record. Nothing, if it isn't so.
std::optional<Warning> pregnancy_question(const History& history, Date day);

/// What a nurse should know before she saves that dose, which the history doesn't hold yet: too
/// young, too soon (with the day from which it would be fine, unless this person is too old by
/// then), soon enough to count but then with more doses to come, pregnant, allergic, not the
/// vaccine for this person, complete already, no vaccine named or none exactly, a dose on record
/// without its day.
std::vector<Warning> dose_warnings(const rules::Programme& programme, const History& history,
                                   const Fact& dose);

}  // namespace egret::service
