#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/warning.h"

#include <vector>

/// What the programme in force says of vaccination: after a visit, and before a dose is saved.
namespace egret::service {

/// What a nurse should know before she saves that dose, which her history doesn't hold yet: too
/// young, too soon (with the day from which it would be fine), pregnant, allergic, not the vaccine
/// for her, complete already, no vaccine named or none exactly.
std::vector<Warning> dose_warnings(const rules::Programme& programme, const History& history,
                                   const Fact& dose);

}  // namespace egret::service
