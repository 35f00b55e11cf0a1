#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/site.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

/// She is the one who said it, or brought the paper.
bool is_from_her(const Fact& fact) {
    return fact.at.source == Source::told || fact.at.source == Source::card_seen;
}

/// The day on which the clinic had the result: that of the feedback which followed it, where it was
/// found elsewhere; else that of the report; else that of its recording.
Date day_known(const Question& question, const LiveFact& found) {
    const auto day = clinical_day(found.fact, found.order);
    for (const auto& live : question.history.facts) {
        const auto* feedback = std::get_if<ReferralFeedback>(&live.fact.detail);
        if (!feedback || !is_known(question, live)) continue;
        const auto given = clinical_day(live.fact, live.order);
        const bool is_from_there = feedback->from_facility.empty()
                                       ? live.facility() == found.facility()
                                       : feedback->from_facility == found.facility();
        if (is_from_there && day <= given) return feedback->received_on.value_or(given);
    }
    return found.fact.at.reported_on.value_or(recording_day(found));
}

const LiveFact* find_informed(const Question& question, const EventUid& result) {
    for (const auto& live : question.history.facts) {
        const auto* informed = std::get_if<Informed>(&live.fact.detail);
        if (informed && is_known(question, live) &&
            std::find(informed->about.begin(), informed->about.end(), result) !=
                informed->about.end())
            return &live;
    }
    return nullptr;
}

/// She was treated at that visit, or since.
const LiveFact* find_treatment(const Question& question, ScreenedSite site, Date since) {
    for (const auto& live : question.history.facts) {
        if (std::holds_alternative<Treatment>(live.fact.detail) && is_known(question, live) &&
            rules::is_finding_of(live.fact, site) && live.fact.at.date &&
            since <= live.fact.at.date->earliest())
            return &live;
    }
    return nullptr;
}

/// What the result asked for was done: she came for it.
const Loop* find_done(const std::vector<Loop>& loops, ScreenedSite site, Date found_on) {
    for (const auto& loop : loops) {
        if (loop.kind == LoopKind::action && loop.site == site && loop.state == LoopState::done &&
            found_on <= loop.opened_on && found_on < *loop.closed_on)
            return &loop;
    }
    return nullptr;
}

void close(Loop& loop, Date on, const EventUid& by) {
    loop.state = LoopState::done;
    loop.closed_on = on;
    loop.closed_by = by;
}

}  // namespace

void open_of_informing(const Question& question, std::vector<Loop>& loops) {
    std::vector<Loop> opened;
    for (const auto& live : question.history.facts) {
        const auto site = rules::find_site(live.fact);
        const auto severity = rules::severity_of(live.fact);
        if (!site || severity == rules::Severity::none || !is_known(question, live) ||
            is_from_her(live.fact))
            continue;
        Loop loop;
        loop.kind = LoopKind::inform;
        loop.site = site;
        loop.action = "inform";
        loop.why = {"follow_up/inform", msg("follow_up.inform")};
        loop.severity = severity;
        loop.opened_on = clinical_day(live.fact, live.order);
        loop.opened_by = live.uid;
        loop.opened_order = live.settled;
        loop.due = std::max(loop.opened_on, day_known(question, live));
        loop.due_to =
            question.calendar.plus_working_days(loop.due, question.times.inform_working_days);
        if (const auto* told = find_informed(question, live.uid))
            close(loop, clinical_day(told->fact, told->order), told->uid);
        else if (const auto* came = find_done(loops, *site, loop.opened_on))
            close(loop, *came->closed_on, came->closed_by);
        else if (const auto* treated = find_treatment(question, *site, loop.opened_on))
            close(loop, clinical_day(treated->fact, treated->order), treated->uid);
        opened.push_back(std::move(loop));
    }
    loops.insert(loops.end(), std::make_move_iterator(opened.begin()),
                 std::make_move_iterator(opened.end()));
}

}  // namespace egret::follow_up::detail
