#pragma once

#include "registry/domain/history.h"
#include "registry/domain/work_calendar.h"
#include "registry/follow_up/loop.h"
#include "registry/rules/programme.h"
#include "registry/rules/screening/decision.h"

#include <vector>

namespace egret::follow_up {

/// What the question is about.
struct Question {
    const History& history;
    /// What the programme's pathways say of her on that day.
    const std::vector<rules::ScreeningDecision>& decisions;
    const rules::FollowUpTimes& times;
    const WorkCalendar& calendar;
    Date on;
};

/// Everything that was ever owed to her up to that day, in the order of opening. Pure: equal
/// arguments give equal loops.
///
/// A loop of a pathway is done by a fact of the kind that it asks for, recorded after the visit
/// that opened it; a referral or a contact doesn't do it. It is *not done* by a closing that gives
/// a reason. Where a high-grade lesion or cancer was found or suspected, and for a result that was
/// taken back, a second person has to agree, and what was given up is asked for again when she
/// comes again. Her death gives a reason too. Growing out of the programme's ages, deferral,
/// ceasing and transfer close nothing.
std::vector<Loop> loops_of(const Question& question);

/// The facility that cares for her on that day. A transfer counts from the day on which the other
/// facility recorded something of hers. "" if she was never registered.
std::string owner_of(const History& history, Date on);

}  // namespace egret::follow_up
