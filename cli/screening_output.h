#pragma once

#include "registry/domain/codes.h"
#include "registry/domain/history.h"
#include "registry/follow_up/episode.h"
#include "registry/follow_up/loop.h"
#include "registry/follow_up/recall.h"
#include "registry/json/value.h"
#include "registry/rules/screening/decision.h"

#include <string>
#include <vector>

/// What the screening pathways say, for people and for programs.
namespace egret::cli {

/// What has to be done next, by when, and why; nothing for somebody whom the pathway leaves out,
/// or whose screening begins years from now. Where somebody has looked at what no rule answers, by
/// `loops`, that which comes then; in the place of a routine test to which, by `recalls`, she isn't
/// called, why not.
std::string describe(const rules::ScreeningDecision& decision,
                     const std::vector<follow_up::Loop>& loops,
                     const std::vector<follow_up::Recall>& recalls, Language language);

/// What is owed to her, the open loops and the closed.
json::Array loops_json(const std::vector<follow_up::Loop>& loops, Language language);

/// The open loops, the urgent first, a line each under a heading, with the numbers by which
/// contacts and closings name them, and what of `history` they are about; nothing if there is none.
std::string describe_open(const std::vector<follow_up::Loop>& loops, const History& history,
                          Date on, Language language);

json::Array episodes_json(const std::vector<follow_up::Episode>& episodes);

/// Of cases that were closed, whether they still are; nothing of the others.
std::string describe_episodes(const std::vector<follow_up::Episode>& episodes, Language language);

/// How the call to routine screening stands.
json::Object recall_json(const follow_up::Recall& recall, Language language);
json::Array recalls_json(const std::vector<follow_up::Recall>& recalls, Language language);

/// Of what is put off, ended or proposed to be ended, a line each; nothing of all else, nor of what
/// the decisions say already.
std::string describe_recalls(const std::vector<follow_up::Recall>& recalls,
                             const std::vector<rules::ScreeningDecision>& decisions,
                             const std::vector<follow_up::Loop>& loops, Language language);

}  // namespace egret::cli
