#include "registry/follow_up/detail/openers.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

rules::Why why_of(WhoField field) {
    switch (field) {
        case WhoField::names: return {"follow_up/disputed-names", msg("follow_up.disputed_names")};
        case WhoField::birth_date:
            return {"follow_up/disputed-birth-date", msg("follow_up.disputed_birth_date")};
        case WhoField::sex: return {"follow_up/disputed-sex", msg("follow_up.disputed_sex")};
        default: return {"follow_up/disputed-identifiers", msg("follow_up.disputed_identifiers")};
    }
}

const LiveFact* find_live(const Question& question, const EventUid& uid) {
    const auto& facts = question.history.facts;
    const auto found = std::find_if(facts.begin(), facts.end(),
                                    [&](const LiveFact& live) { return live.uid == uid; });
    return found != facts.end() && is_known(question, *found) ? &*found : nullptr;
}

/// What those facts say of the field isn't the same.
bool differ(WhoField field, const std::vector<const LiveFact*>& sayings) {
    return std::any_of(sayings.begin(), sayings.end(), [&](const LiveFact* one) {
        return !says_same(field, *said_of_her(one->fact), *said_of_her(sayings.front()->fact));
    });
}

Loop review_of(const Question& question, WhoField field,
               const std::vector<const LiveFact*>& sayings) {
    const auto* last =
        *std::max_element(sayings.begin(), sayings.end(),
                          [](const LiveFact* a, const LiveFact* b) { return a->order < b->order; });
    Loop loop;
    loop.kind = LoopKind::review;
    loop.is_dispute = true;
    loop.action = egret::to_string(rules::ScreeningAction::review);
    loop.why = why_of(field);
    loop.opened_on = recording_day(*last);
    loop.opened_by = last->uid;
    loop.opened_order = last->settled;
    loop.due = loop.opened_on;
    loop.due_to = loop.due.plus_days(question.times.act_within_days);
    return loop;
}

/// The facts among them that say the field and are known on that day.
std::vector<const LiveFact*> known_of(const Question& question, const std::vector<EventUid>& uids) {
    std::vector<const LiveFact*> known;
    for (const auto& uid : uids) {
        if (const auto* live = find_live(question, uid)) known.push_back(live);
    }
    return known;
}

}  // namespace

void open_of_disputes(const Question& question, std::vector<Loop>& loops) {
    const auto& history = question.history;
    for (const auto field : history.disputed) {
        std::vector<EventUid> standing;
        for (const auto& said : history.said) {
            if (said.field == field && said.stands) standing.push_back(said.uid);
        }
        const auto sayings = known_of(question, standing);
        if (sayings.size() > 1 && differ(field, sayings))
            loops.push_back(review_of(question, field, sayings));
    }
    // Those that somebody settled.
    for (const auto& said : history.said) {
        if (!is_critical(said.field) || said.replaced.size() < 2) continue;
        const auto* settled = find_live(question, said.uid);
        const auto sayings = known_of(question, said.replaced);
        if (!settled || sayings.size() < 2 || !differ(said.field, sayings)) continue;
        auto loop = review_of(question, said.field, sayings);
        loop.state = LoopState::done;
        loop.closed_on = std::max(loop.opened_on, recording_day(*settled));
        loop.closed_by = settled->uid;
        loops.push_back(std::move(loop));
    }
}

}  // namespace egret::follow_up::detail
