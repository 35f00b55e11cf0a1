#include "registry/service/review_warnings.h"

#include "registry/follow_up/care.h"
#include "registry/rules/screening/codes.h"

#include <algorithm>
#include <set>

namespace egret::service {
namespace {

using follow_up::Loop;
using follow_up::LoopState;

const std::string& review_action() {
    static const std::string action(egret::to_string(rules::ScreeningAction::senior_review));
    return action;
}

bool follows_breasts(const rules::Programme& programme, Date day) {
    return std::any_of(
        programme.pathways.begin(), programme.pathways.end(), [&](const rules::Pathway& pathway) {
            return pathway.site == ScreenedSite::breast && pathway.valid.holds_on(day);
        });
}

/// Asked for by that day, and not done before it.
bool is_asked_on(const Loop& loop, Date day) {
    return loop.opened_on <= day && (!loop.closed_on || day <= *loop.closed_on);
}

/// What is open of her breasts, other than reviews.
std::vector<const Loop*> others_open(const std::vector<Loop>& loops) {
    std::vector<const Loop*> open;
    for (const auto& loop : loops) {
        if (loop.state == LoopState::open && loop.site == ScreenedSite::breast &&
            loop.kind == follow_up::LoopKind::action && loop.action != review_action())
            open.push_back(&loop);
    }
    return open;
}

/// The codes of what the review sets aside, with commas between them.
std::string set_aside(const std::vector<Loop>& before, const std::vector<Loop>& after) {
    std::set<std::string> actions;
    const auto left = others_open(after);
    for (const auto* loop : others_open(before)) {
        const bool stays = std::any_of(left.begin(), left.end(), [&](const Loop* other) {
            return other->action == loop->action && other->breast == loop->breast;
        });
        if (!stays) actions.insert(loop->action);
    }
    std::string all;
    for (const auto& action : actions) all.append(all.empty() ? "" : ",") += action;
    return all;
}

}  // namespace

std::vector<Warning> review_warnings(const rules::Programme& programme, const History& history,
                                     const Fact& fact, Date on) {
    if (!std::holds_alternative<SeniorReview>(fact.detail) || !is_completed(fact) ||
        !fact.at.date || fact.at.source == Source::told || !follows_breasts(programme, on))
        return {};
    const auto day = fact.at.date->latest();
    const auto before = follow_up::care_of(programme, history, on).loops;
    std::vector<Warning> warnings;
    const bool is_asked = std::any_of(before.begin(), before.end(), [&](const Loop& loop) {
        return loop.action == review_action() && is_asked_on(loop, day);
    });
    if (!is_asked) warnings.push_back({"review_unasked", msg("warning.review_unasked")});
    auto with_review = history;
    LiveFact live;
    live.fact = fact;
    for (const auto& known : history.facts) live.order = std::max(live.order, known.settled);
    ++live.order.seq;
    live.settled = live.order;
    with_review.facts.push_back(std::move(live));
    const auto actions = set_aside(before, follow_up::care_of(programme, with_review, on).loops);
    if (!actions.empty())
        warnings.push_back(
            {"review_sets_aside", msg("warning.review_sets_aside", {{"loop_actions", actions}})});
    return warnings;
}

}  // namespace egret::service
