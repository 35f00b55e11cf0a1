#include "registry/service/closing_warnings.h"

#include "registry/domain/facility_id.h"
#include "registry/follow_up/care.h"
#include "registry/service/worklist.h"

#include <algorithm>

namespace egret::service {
namespace {

bool is_dose_of(const History& history, const rules::Programme& programme, Date on,
                const std::string& action) {
    const auto doses = doses_of(history, programme, on);
    return std::any_of(doses.begin(), doses.end(),
                       [&](const WorkItem& item) { return item.answers_to(action); });
}

std::vector<Warning> warnings_of_named(const rules::Programme& programme, const History& history,
                                       const std::string& action, const Closing* closing, Date on) {
    const auto loops = follow_up::care_of(programme, history, on).loops;
    const auto named = std::find_if(loops.begin(), loops.end(), [&](const auto& loop) {
        return loop.answers_to(action) && loop.state == follow_up::LoopState::open;
    });
    if (named == loops.end() && !is_dose_of(history, programme, on, action))
        return {{"action_unknown", msg("warning.action_unknown")}};
    if (named != loops.end() && closing && closing->site && named->site &&
        closing->site != named->site)
        return {{"action_of_other_site", msg("warning.action_of_other_site")}};
    return {};
}

/// After everything that was said of her, also of what doesn't hold any more.
Order order_after(const History& history) {
    Order last;
    for (const auto& known : history.facts) last = std::max(last, known.settled);
    for (const auto& amended : history.amended) {
        for (const auto& version : amended.versions) last = std::max(last, version.order);
        if (amended.voided) last = std::max(last, amended.voided->order);
    }
    ++last.seq;
    return last;
}

/// What would be open of that which the closing means, once `author` has recorded it.
std::vector<follow_up::Loop> open_after(const rules::Programme& programme, const History& history,
                                        const Fact& fact, const UserId& author, Date on) {
    const auto& closing = std::get<Closing>(fact.detail);
    auto after = history;
    LiveFact live;
    live.fact = fact;
    live.order = live.settled = order_after(history);
    live.author = author;
    after.facts.push_back(std::move(live));
    auto loops = follow_up::care_of(programme, after, on).loops;
    std::erase_if(loops, [&](const follow_up::Loop& loop) {
        const bool is_meant = closing.action.empty()
                                  ? !closing.site || !loop.site || loop.site == closing.site
                                  : loop.answers_to(closing.action);
        return !is_meant || loop.state != follow_up::LoopState::open;
    });
    return loops;
}

/// What closing her case gives up that was open until then; nothing, if it names one thing alone.
std::optional<Warning> gives_up_warning(const rules::Programme& programme, const History& history,
                                        const Fact& fact, const UserId& author, Date on) {
    const auto& closing = std::get<Closing>(fact.detail);
    if (!closing.action.empty()) return std::nullopt;
    const auto left = open_after(programme, history, fact, author, on);
    std::string actions;
    for (const auto& loop : follow_up::care_of(programme, history, on).loops) {
        const bool is_given_up =
            loop.state == follow_up::LoopState::open &&
            (!closing.site || !loop.site || loop.site == closing.site) &&
            std::none_of(left.begin(), left.end(),
                         [&](const follow_up::Loop& still) { return still.id == loop.id; });
        if (is_given_up) actions.append(actions.empty() ? "" : ",").append(loop.action);
    }
    if (actions.empty()) return std::nullopt;
    return Warning{"closing_gives_up",
                   msg("warning.closing_gives_up", {{"loop_actions", std::move(actions)}})};
}

/// What the closing does, seen by what is open once it is recorded.
std::vector<Warning> warnings_of_closing(const rules::Programme& programme, const History& history,
                                         const Fact& fact, const UserId& author, Date on) {
    const auto& closing = std::get<Closing>(fact.detail);
    UserId nobody;  // Agrees with everybody's closing.
    nobody.bytes.fill(0xff);
    const bool agrees = !closing.confirms.is_nil();
    bool awaits_second = false;
    bool stays_open = false;
    for (const auto& loop : open_after(programme, history, fact, agrees ? nobody : author, on)) {
        if (loop.kind == follow_up::LoopKind::confirm && !closing.action.empty()) continue;
        awaits_second = awaits_second || loop.awaits_second_person;
        stays_open = stays_open || !loop.awaits_second_person;
    }
    bool is_own = false;
    for (const auto& loop : open_after(programme, history, fact, author, on))
        is_own = is_own || (loop.kind == follow_up::LoopKind::confirm && !closing.action.empty());
    std::vector<Warning> warnings;
    if (is_own)
        warnings.push_back({"confirmed_by_same_person", msg("warning.taken_back_by_same_person")});
    if (auto given_up = gives_up_warning(programme, history, fact, author, on))
        warnings.push_back(*std::move(given_up));
    if (awaits_second)
        warnings.push_back({"second_person_needed", msg("warning.second_person_needed")});
    if (stays_open) warnings.push_back({"closes_nothing", msg("warning.closes_nothing")});
    return warnings;
}

}  // namespace

std::optional<ScreenedSite> site_of_action(const rules::Programme& programme,
                                           const History& history, const std::string& action,
                                           Date on) {
    const auto loops = follow_up::care_of(programme, history, on).loops;
    for (const auto& loop : loops) {
        if (loop.answers_to(action)) return loop.site;
    }
    return std::nullopt;
}

std::vector<Warning> closing_warnings(const rules::Programme& programme, const History& history,
                                      const Fact& fact, const UserId& author, Date on) {
    if (!is_completed(fact)) return {};
    const auto* closing = std::get_if<Closing>(&fact.detail);
    const auto* referral = std::get_if<Referral>(&fact.detail);
    const auto& action = closing ? closing->action : referral ? referral->action : std::string();
    std::vector<Warning> warnings;
    if (!action.empty()) warnings = warnings_of_named(programme, history, action, closing, on);
    const bool is_unknown = !warnings.empty() && warnings.front().code == "action_unknown";
    if (is_unknown || !closing) return warnings;
    for (auto& warning : warnings_of_closing(programme, history, fact, author, on))
        warnings.push_back(std::move(warning));
    return warnings;
}

std::vector<Warning> with_taken_back(Clinic& clinic, const WomanId& woman, const EventUid& change,
                                     std::vector<Warning> warnings) {
    const auto on = clinic.today();
    const auto* programme = clinic.programme_on(on);
    const auto history = is_facility(woman) ? std::nullopt : clinic.load_history(woman);
    if (!programme || !history) return warnings;
    for (const auto& loop : follow_up::care_of(*programme, *history, on).loops) {
        if (loop.kind == follow_up::LoopKind::confirm && loop.opened_by == change &&
            loop.state == follow_up::LoopState::open)
            warnings.push_back({"taken_back", msg("warning.taken_back", {{"number", loop.id}})});
    }
    return warnings;
}

}  // namespace egret::service
