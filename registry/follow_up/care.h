#pragma once

#include "registry/domain/history.h"
#include "registry/follow_up/episode.h"
#include "registry/follow_up/loop.h"
#include "registry/follow_up/recall.h"
#include "registry/rules/programme.h"
#include "registry/rules/screening/decision.h"

#include <vector>

namespace egret::follow_up {

/// How the programme's screening stands for one woman on a day.
struct Care {
    std::vector<rules::ScreeningDecision> decisions;
    std::vector<Loop> loops;  // Everything that was ever owed to her, in the order of opening.
    std::vector<Recall> recalls;
    std::vector<Episode> episodes;
};

/// Of a programme that follows no pathway, nothing. Pure: equal arguments give equal answers.
Care care_of(const rules::Programme& programme, const History& history, Date on);

/// The same under decisions that were made already, on the day of the decisions.
std::vector<Loop> loops_under(const rules::Programme& programme, const History& history,
                              const std::vector<rules::ScreeningDecision>& decisions, Date on);

}  // namespace egret::follow_up
