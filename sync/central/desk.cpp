#include "sync/central/desk.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/domain/check.h"
#include "registry/domain/entry_check.h"
#include "registry/domain/facility_id.h"
#include "registry/domain/history.h"
#include "registry/domain/plain_text.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace egret::central {
namespace {

Error no_event() { return {ErrorCode::not_found, "EVENT", msg("event.unknown")}; }

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

Result<Done> check_may_be_voided(const DeskView& view, const LoggedEvent& logged) {
    const auto& fact = logged.event.fact;
    if (is_facility(logged.event.subject))
        return Error{ErrorCode::forbidden, "EVENT", msg("desk.stock")};
    if (std::holds_alternative<Erase>(fact.detail))
        return Error{ErrorCode::forbidden, "EVENT", msg("desk.erasure_stays")};
    // A correction or a void can be voided too; any other fact must hold still.
    if (is_about_a_fact(fact)) return Done{};
    auto component = view.components.read_woman(logged.event.subject);
    if (component.members.empty()) return no_event();
    const auto history = store::history_of(std::move(component));
    const auto live =
        std::find_if(history.facts.begin(), history.facts.end(),
                     [&](const LiveFact& one) { return one.uid == logged.event.uid; });
    if (live == history.facts.end()) return Error{ErrorCode::conflict, "EVENT", msg("desk.voided")};
    if (!std::holds_alternative<Register>(live->fact.detail)) return Done{};
    return check_stays_in_lists(history, live->uid);
}

/// Why stands in every act, and is read by clinics.
Result<Done> check_reason(const std::string& because) {
    if (trim(because).empty())
        return Error{ErrorCode::invalid_input, "--because", msg("desk.needs_reason")};
    Fact fact;
    fact.at.because = because;
    fact.detail = VoidFact{};
    if (auto texts = check_texts(fact); !texts) return texts;
    return check(fact);
}

}  // namespace

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
        const auto logged = view.log.find(event);
        if (!logged) return no_event();
        if (auto may = check_may_be_voided(view, *logged); !may) return std::move(may).error();
        Fact fact;
        fact.at.date = view.today;
        fact.at.because = because;
        fact.detail = VoidFact{event};
        return DeskAct{"void", because, {{logged->event.subject, std::move(fact), {event}}}, {}};
    });
}

}  // namespace egret::central
