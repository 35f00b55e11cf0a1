#pragma once

#include "registry/domain/codes.h"
#include "registry/json/value.h"
#include "registry/rules/screening/decision.h"

#include <string>
#include <vector>

/// What the screening pathways say, for people and for programs.
namespace egret::cli {

/// What has to be done next, by when, and why; nothing for somebody whom the pathway leaves out,
/// or whose screening begins years from now.
std::string describe(const rules::ScreeningDecision& decision, Language language);

/// What results asked for, the open ones and the closed.
json::Array loops_json(const std::vector<rules::ScreeningDecision>& decisions, Language language);

}  // namespace egret::cli
