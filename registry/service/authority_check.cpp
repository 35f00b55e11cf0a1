#include "registry/service/authority_check.h"

#include "registry/base/limits.h"
#include "registry/domain/authority.h"

#include <algorithm>
#include <limits>

namespace egret::service {
namespace {

Error forbidden(Message message) { return {ErrorCode::forbidden, "", std::move(message)}; }

Result<Done> check_may_amend(const Clinic& clinic, const Caller& caller, const LoggedEvent& target,
                             Detail amendment) {
    LoggedEvent mine;
    mine.clinic = clinic.identity().code;
    mine.event.author = caller.user;
    mine.event.fact.at.role = caller.recorded_role();
    mine.event.fact.detail = std::move(amendment);
    const auto why = why_unheeded(mine, target);
    if (!why) return Done{};
    if (*why == WhyUnheeded::not_lead) return forbidden(msg("caller.lead_voids"));
    return forbidden(msg("caller.other_clinic", {{"clinic", target.clinic}}));
}

}  // namespace

Result<Done> check_may_void(const Clinic& clinic, const Caller& caller, const LoggedEvent& target) {
    return check_may_amend(clinic, caller, target, VoidFact{target.event.uid});
}

Result<Done> check_may_correct(const Clinic& clinic, const Caller& caller,
                               const LoggedEvent& target) {
    return check_may_amend(clinic, caller, target, Correct{target.event.uid, {}});
}

LoggedEvent as_logged(const WomanId& subject, const LiveFact& live) {
    LoggedEvent logged;
    logged.event.uid = live.uid;
    logged.event.subject = subject;
    logged.event.author = live.author;
    logged.event.fact = live.fact;
    logged.order = live.order;
    logged.clinic = live.clinic;
    return logged;
}

Result<Done> check_may_join(Clinic& clinic, const WomanId& one, const WomanId& other) {
    const std::vector<WomanId> both{one, other};
    if (may_join(clinic.identity().code, one, other, clinic.log().events_of(both))) return Done{};
    return forbidden(msg("link.not_in_care"));
}

Result<Done> check_may_transfer(Clinic& clinic, const History& history, const Fact& fact) {
    if (!std::holds_alternative<Transfer>(fact.detail)) return Done{};
    LiveFact mine;
    mine.fact = fact;
    mine.clinic = clinic.identity().code;
    mine.order = {clinic.settings().clock().next(clinic.now()), clinic.device(),
                  std::numeric_limits<std::uint64_t>::max()};
    auto facts = history.facts;
    facts.push_back(std::move(mine));
    const auto unheeded = unheeded_transfers(facts);
    if (std::find(unheeded.begin(), unheeded.end(), EventUid{}) == unheeded.end()) return Done{};
    return forbidden(msg("transfer.not_in_care"));
}

std::vector<EventUid> seen_versions(const History& history, const EventUid& fact,
                                    const EventUid& event) {
    std::vector<EventUid> seen{event};
    const auto found =
        std::find_if(history.amended.begin(), history.amended.end(),
                     [&](const AmendedFact& amended) { return amended.uid == fact; });
    if (found == history.amended.end()) return seen;
    for (auto version = found->versions.rbegin(); version != found->versions.rend(); ++version) {
        if (version->event != event && seen.size() < limits::supersedes_max)
            seen.push_back(version->event);
    }
    return seen;
}

}  // namespace egret::service
