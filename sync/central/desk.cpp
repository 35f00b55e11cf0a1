#include "sync/central/desk.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/domain/check.h"
#include "registry/domain/entry_check.h"
#include "registry/domain/facility_id.h"
#include "registry/domain/history.h"
#include "registry/domain/plain_text.h"
#include "sync/central/detail/desk_checks.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace egret::central {
namespace {

bool is_about_a_fact(const Fact& fact) {
    return std::holds_alternative<Correct>(fact.detail) ||
           std::holds_alternative<VoidFact>(fact.detail);
}

/// Nobody whose results hold may be left without a registration: she would be in no list.
Result<Done> check_stays_in_lists(const History& history, const EventUid& registration) {
    auto rest = history.facts;
    std::erase_if(rest, [&](const LiveFact& fact) { return fact.uid == registration; });
    const bool is_registered = std::any_of(rest.begin(), rest.end(), [](const LiveFact& fact) {
        return std::holds_alternative<Register>(fact.fact.detail);
    });
    if (is_registered || !tells_of_care(rest)) return Done{};
    return Error{ErrorCode::conflict, "EVENT", msg("void.others_hold")};
}

/// The fact that a correction, or a correction of one, is of; itself, if it is none.
EventUid first_of(const History& history, const EventUid& event) {
    for (const auto& amended : history.amended) {
        for (const auto& version : amended.versions) {
            if (version.event == event) return amended.uid;
        }
    }
    return event;
}

/// What may be changed at the desk at all.
Result<LoggedEvent> find_hers(const DeskView& view, const EventUid& event) {
    auto logged = view.log.find(event);
    if (!logged) return unknown_record();
    if (is_facility(logged->event.subject))
        return Error{ErrorCode::forbidden, "EVENT", msg("desk.stock")};
    if (std::holds_alternative<Erase>(logged->event.fact.detail))
        return Error{ErrorCode::forbidden, "EVENT", msg("desk.erasure_stays")};
    return *std::move(logged);
}

/// It as it holds now; null, if it was voided.
const LiveFact* find_live(const History& history, const EventUid& event) {
    const auto live = std::find_if(history.facts.begin(), history.facts.end(),
                                   [&](const LiveFact& one) { return one.uid == event; });
    return live == history.facts.end() ? nullptr : &*live;
}

Error not_holding() { return {ErrorCode::conflict, "EVENT", msg("desk.voided")}; }

/// A correction or a void can be voided, too; any other fact must hold still.
Result<Done> check_may_be_voided(const DeskView& view, const LoggedEvent& logged) {
    if (is_about_a_fact(logged.event.fact)) return Done{};
    const auto history = find_history(view, logged.event.subject);
    if (!history) return unknown_record();
    const auto* live = find_live(*history, logged.event.uid);
    if (live == nullptr) return not_holding();
    if (!std::holds_alternative<Register>(live->fact.detail)) return Done{};
    return check_stays_in_lists(*history, live->uid);
}

/// All that was said of it, which who corrects it has seen.
std::vector<EventUid> versions_of(const History& history, const EventUid& event) {
    std::vector<EventUid> seen{event};
    for (const auto& amended : history.amended) {
        if (amended.uid != event) continue;
        for (auto one = amended.versions.rbegin(); one != amended.versions.rend(); ++one) {
            if (one->event != event && seen.size() < limits::supersedes_max)
                seen.push_back(one->event);
        }
    }
    return seen;
}

}  // namespace

Result<Done> check_reason(const std::string& because) {
    if (trim(because).empty())
        return Error{ErrorCode::invalid_input, "--because", msg("desk.needs_reason")};
    Fact fact;
    fact.at.because = because;
    fact.detail = VoidFact{};
    return check_texts(fact);
}

Result<CentreUser> CentreDesk::add_user(const std::string& name, CentreRole role) {
    if (trim(name) != name || name.empty() || name.size() > limits::name_bytes_max) {
        return Error{ErrorCode::invalid_input, "NAME",
                     msg("central.user_name", {{"limit", std::to_string(limits::name_bytes_max)}})};
    }
    if (auto plain = check_plain_text(name, Lines::one); !plain)
        return std::move(plain).error().within("NAME");
    CentreUser user;
    user.id = make_random_id<UserTag>(random_);
    user.name = name;
    user.role = to_string(role);
    user.added = clock_.now();
    return store_.add_user(user);
}

Result<Done> CentreDesk::remove_user(const std::string& name) {
    if (store_.remove_user(name, clock_.now())) return Done{};
    return Error{ErrorCode::not_found, "NAME", msg("central.no_user")};
}

Result<DeskDone> CentreDesk::act(const std::string& officer, const DeskDecision& decide) {
    const auto now = clock_.now();
    return store_.act({device_, officer, now, zone_.local_day(now), random_}, decide);
}

Result<DeskDone> CentreDesk::void_fact(const std::string& officer, const EventUid& event,
                                       const std::string& because) {
    return act(officer, [&](const DeskView& view) -> Result<DeskAct> {
        if (auto said = check_reason(because); !said) return std::move(said).error();
        const auto logged = find_hers(view, event);
        if (!logged) return logged.error();
        if (auto may = check_may_be_voided(view, *logged); !may) return std::move(may).error();
        Fact fact;
        fact.at.date = view.today;
        fact.at.because = because;
        fact.detail = VoidFact{event};
        return DeskAct{"void", because, {{logged->event.subject, std::move(fact), {event}}}, {}};
    });
}

Result<DeskDone> CentreDesk::correct(const std::string& officer, const EventUid& event,
                                     Fact replacement, const std::string& because) {
    if (auto right = check_texts(replacement); !right) return std::move(right).error();
    if (auto right = check(replacement); !right) return std::move(right).error();
    return act(officer, [&](const DeskView& view) -> Result<DeskAct> {
        if (auto said = check_reason(because); !said) return std::move(said).error();
        const auto logged = find_hers(view, event);
        if (!logged) return logged.error();
        const auto& subject = logged->event.subject;
        const auto history = find_history(view, subject);
        if (!history) return unknown_record();
        const auto root = first_of(*history, event);
        const auto* live = find_live(*history, root);
        if (live == nullptr) return not_holding();
        if (replacement.detail.index() != live->fact.detail.index())
            return Error{ErrorCode::invalid_input, "type", msg("event.other_kind")};
        if (replacement == live->fact)
            return Error{ErrorCode::conflict, "EVENT", msg("record.says_so")};
        Fact fact;
        fact.at.date = view.today;
        fact.at.because = because;
        fact.detail = Correct{root, {replacement}};
        return DeskAct{
            "correct", because, {{subject, std::move(fact), versions_of(*history, root)}}, {}};
    });
}

}  // namespace egret::central
