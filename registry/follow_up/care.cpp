#include "registry/follow_up/care.h"

#include "registry/base/ensure.h"
#include "registry/calendar/work_calendar.h"
#include "registry/follow_up/loops.h"
#include "registry/rules/screening/screening.h"
#include "registry/rules/screening/subject.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace egret::follow_up {
namespace {

/// A programme's calendar was looked up when the programme was read.
const WorkCalendar& calendar_of(const rules::Programme& programme) {
    const auto calendar = find_work_calendar(programme.follow_up.calendar);
    EGRET_ENSURE(calendar);
    return **calendar;
}

/// What the pathways would say of her, had she not been tested, on the day of her next test.
std::vector<rules::ScreeningDecision> untested_decisions(
    const rules::Programme& programme, const std::vector<rules::ScreeningDecision>& decisions,
    rules::ScreeningSubject subject) {
    subject.findings.clear();
    subject.without_date.clear();
    std::vector<rules::ScreeningDecision> untested;
    for (const auto& decision : decisions) {
        const auto& steps = decision.actions;
        const auto next = std::find_if(steps.begin(), steps.end(), [](const auto& step) {
            return step.code == rules::ScreeningAction::screening && step.due;
        });
        std::optional<Date> due;
        if (next != steps.end()) due = next->due;
        const auto& later = decision.when_looked_at;
        if (!due && later && later->step.code == rules::ScreeningAction::screening)
            due = later->step.due;
        if (!due) continue;
        for (const auto& pathway : programme.pathways) {
            if (pathway.id == decision.protocol && pathway.version == decision.version)
                untested.push_back(rules::decide(pathway, subject, *due));
        }
    }
    return untested;
}

}  // namespace

Care care_of(const rules::Programme& programme, const History& history, Date on) {
    Care care;
    if (programme.pathways.empty()) return care;
    auto subject = rules::screening_subject_of(history);
    care.decisions = rules::decide_screening(programme, subject, on);
    const Question question{history, care.decisions, programme.follow_up, calendar_of(programme),
                            on};
    care.loops = loops_of(question);
    care.recalls = recalls_of(question, care.loops,
                              untested_decisions(programme, care.decisions, std::move(subject)));
    care.episodes = episodes_of(history, care.loops, on);
    return care;
}

std::vector<Loop> loops_under(const rules::Programme& programme, const History& history,
                              const std::vector<rules::ScreeningDecision>& decisions, Date on) {
    if (programme.pathways.empty()) return {};
    return loops_of({history, decisions, programme.follow_up, calendar_of(programme), on});
}

}  // namespace egret::follow_up
