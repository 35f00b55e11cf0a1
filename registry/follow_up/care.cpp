#include "registry/follow_up/care.h"

#include "registry/base/ensure.h"
#include "registry/calendar/work_calendar.h"
#include "registry/follow_up/loops.h"
#include "registry/rules/screening/subject.h"

namespace egret::follow_up {
namespace {

/// A programme's calendar was looked up when the programme was read.
const WorkCalendar& calendar_of(const rules::Programme& programme) {
    const auto calendar = find_work_calendar(programme.follow_up.calendar);
    EGRET_ENSURE(calendar);
    return **calendar;
}

}  // namespace

Care care_of(const rules::Programme& programme, const History& history, Date on) {
    Care care;
    if (programme.pathways.empty()) return care;
    care.decisions = rules::decide_screening(programme, rules::screening_subject_of(history), on);
    const Question question{history, care.decisions, programme.follow_up, calendar_of(programme),
                            on};
    care.loops = loops_of(question);
    care.recalls = recalls_of(question, care.loops);
    care.episodes = episodes_of(history, care.loops, on);
    return care;
}

std::vector<Loop> loops_under(const rules::Programme& programme, const History& history,
                              const std::vector<rules::ScreeningDecision>& decisions, Date on) {
    if (programme.pathways.empty()) return {};
    return loops_of({history, decisions, programme.follow_up, calendar_of(programme), on});
}

}  // namespace egret::follow_up
