#pragma once

#include "cli/console/terminal.h"
#include "registry/json/value.h"
#include "registry/rules/decision_json.h"
#include "registry/rules/free_aside.h"
#include "registry/rules/programme.h"
#include "registry/rules/screening/decision.h"

#include <string>
#include <vector>

/// What the rules say, for people and for programs.
namespace egret::cli {

std::string in_language(const BothLanguages& both, Language language);
json::Object both_json(const BothLanguages& both);

/// How decisions are said in that language.
rules::Say say_in(Language language);

/// A decision as person files have it, with whose it is.
json::Object decision_json(const std::string& id, const rules::Decision& decision,
                           Language language);
json::Object decision_json(const std::string& id, const rules::ScreeningDecision& decision,
                           Language language);

/// What the programme advises, a block for each protocol: what comes next, by when, and why. Before
/// them, which free protocols don't take the person.
std::string describe(const rules::Programme& programme,
                     const std::vector<rules::Decision>& decisions,
                     const std::vector<rules::FreeAside>& asides, Language language);
std::string describe(const rules::Decision& decision, Language language);

json::Array to_json(const std::vector<rules::FreeAside>& asides, Language language);

}  // namespace egret::cli
