#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/site.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

using rules::Severity;

constexpr std::int64_t ms_of_day = 86'400'000;

Date day_of(const FactVersion& version) {
    return Date::from_days(static_cast<std::int32_t>(version.order.effective.ms() / ms_of_day));
}

/// Something as bad of the same kind and day holds: it was recorded anew.
bool is_recorded_anew(const Question& question, const AmendedFact& amended, const Fact& before) {
    return std::any_of(question.history.facts.begin(), question.history.facts.end(),
                       [&](const LiveFact& live) {
                           return live.uid != amended.uid && is_completed(live.fact) &&
                                  live.fact.detail.index() == before.detail.index() &&
                                  live.fact.at.date == before.at.date &&
                                  rules::severity_of(before) <= rules::severity_of(live.fact);
                       });
}

/// A closing of this loop by anybody but whoever changed the result.
const LiveFact* find_agreement(const Question& question, const std::string& id,
                               const FactVersion& change) {
    for (const auto& live : question.history.facts) {
        const auto* closing = std::get_if<Closing>(&live.fact.detail);
        if (closing && closing->action == id && is_known(question, live) &&
            live.author != change.author && change.order < live.order)
            return &live;
    }
    return nullptr;
}

void open(const Question& question, const AmendedFact& amended, const Fact& before,
          const FactVersion& change, std::vector<Loop>& loops) {
    const auto day = day_of(change);
    if (question.on < day || is_recorded_anew(question, amended, before)) return;
    Loop loop;
    loop.kind = LoopKind::confirm;
    loop.site = rules::find_site(before);
    loop.action = "confirm";
    loop.why = {"follow_up/confirm", msg("follow_up.confirm")};
    loop.severity = rules::severity_of(before);
    loop.opened_on = day;
    loop.opened_by = change.event;
    loop.opened_order = change.order;
    loop.due = day;
    loop.due_to = day.plus_days(question.times.confirm_within_days);
    if (const auto* agreed = find_agreement(question, loop_id(loop), change)) {
        loop.state = LoopState::done;
        loop.closed_on = clinical_day(agreed->fact, agreed->order);
        loop.closed_by = agreed->uid;
    }
    loops.push_back(std::move(loop));
}

}  // namespace

void open_of_amendments(const Question& question, std::vector<Loop>& loops) {
    for (const auto& amended : question.history.amended) {
        const auto& versions = amended.versions;
        const auto now = amended.voided ? Severity::none : rules::severity_of(versions.back().fact);
        for (std::size_t i = 1; i < versions.size(); ++i) {
            const auto before = rules::severity_of(versions[i - 1].fact);
            if (rules::severity_of(versions[i].fact) < before && now < before)
                open(question, amended, versions[i - 1].fact, versions[i], loops);
        }
        if (amended.voided && rules::severity_of(versions.back().fact) != Severity::none)
            open(question, amended, versions.back().fact, *amended.voided, loops);
    }
}

}  // namespace egret::follow_up::detail
