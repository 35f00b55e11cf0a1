#include "registry/service/review_warning.h"

#include "registry/follow_up/care.h"
#include "registry/rules/screening/codes.h"

#include <algorithm>

namespace egret::service {
namespace {

using follow_up::Loop;

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

}  // namespace

std::optional<Warning> review_warning(const rules::Programme& programme, const History& history,
                                      const Fact& fact, Date on) {
    if (!std::holds_alternative<SeniorReview>(fact.detail) || !is_completed(fact) ||
        !fact.at.date || fact.at.source == Source::told || !follows_breasts(programme, on))
        return std::nullopt;
    const auto day = fact.at.date->latest();
    const auto loops = follow_up::care_of(programme, history, on).loops;
    const bool is_asked = std::any_of(loops.begin(), loops.end(), [&](const Loop& loop) {
        return loop.action == review_action() && is_asked_on(loop, day);
    });
    if (is_asked) return std::nullopt;
    return Warning{"review_unasked", msg("warning.review_unasked")};
}

}  // namespace egret::service
