#pragma once

#include "cli/context.h"
#include "registry/follow_up/episode.h"
#include "registry/follow_up/loop.h"
#include "registry/follow_up/recall.h"
#include "registry/json/value.h"
#include "registry/rules/decision.h"
#include "registry/rules/screening/decision.h"
#include "registry/service/recorder.h"

#include <vector>

namespace egret::cli {

/// What comes next for somebody: of vaccination and of screening.
struct Next {
    std::vector<rules::Decision> vaccination;
    std::vector<rules::ScreeningDecision> screening;
    std::vector<follow_up::Loop> loops;  // Of screening, whatever became of them.
    std::vector<follow_up::Episode> episodes;
    std::vector<follow_up::Recall> recalls;
};

/// She died by that day.
bool is_dead(const History& history, Date on);

/// By the programme that is in force at the clinic; after her death the loops alone.
Next next_by_programme(service::Clinic& clinic, const History& history, Date on);

json::Array to_json(const WomanId& woman, const Next& next, Language language);

/// The member `next` of what a command answers that recorded, corrected or voided something of
/// hers. Of a facility there is none. Only worked out where the answer is JSON.
json::Object next_after(const Command& command, service::Clinic& clinic,
                        const service::Recorded& recorded);

}  // namespace egret::cli
