#include "registry/codec/event_codec.h"
#include "sync/central/desk.h"
#include "sync/central/detail/desk_checks.h"

#include <utility>
#include <variant>

namespace egret::central {
namespace {

Error no_ruling(Message message) { return {ErrorCode::conflict, "EVENT", std::move(message)}; }

/// A fact that an officer may rule on, and what was ruled last.
struct Ruled {
    EventUid event;
    std::optional<bool> holds;
};

/// Errors: not_found; conflict, if it was never set aside, or nothing can be made of it.
Result<Ruled> find_set_aside(const DeskView& view, const EventUid& event) {
    const auto entry = view.log.find_entry(event);
    if (!entry) return unknown_record();
    const auto ruling = view.statements.find_ruling(event);
    if (!ruling && !view.set_aside.reason_of(*entry)) return no_ruling(msg("desk.counts"));
    const auto said = view.log.find_said(entry->position);
    if (!said) return no_ruling(msg("desk.unreadable"));
    if (std::holds_alternative<Erase>(said->fact.detail))
        return Error{ErrorCode::forbidden, "EVENT", msg("desk.erasure_is_ours")};
    if (!fits_subject(said->fact, said->subject)) return no_ruling(msg("desk.other_subject"));
    return Ruled{event, ruling ? std::optional(ruling->holds) : std::nullopt};
}

}  // namespace

Result<DeskDone> CentreDesk::accept(const std::string& officer, const EventUid& event,
                                    const std::string& because) {
    return act(officer, [&](const DeskView& view) -> Result<DeskAct> {
        if (auto said = check_reason(because); !said) return std::move(said).error();
        const auto ruled = find_set_aside(view, event);
        if (!ruled) return ruled.error();
        if (ruled->holds == true) return no_ruling(msg("desk.ruled_so"));
        return DeskAct{"accept", because, {}, store::Ruling{event, true, ""}};
    });
}

Result<DeskDone> CentreDesk::refuse(const std::string& officer, const EventUid& event,
                                    const std::string& because) {
    return act(officer, [&](const DeskView& view) -> Result<DeskAct> {
        if (auto said = check_reason(because); !said) return std::move(said).error();
        const auto ruled = find_set_aside(view, event);
        if (!ruled) return ruled.error();
        if (ruled->holds == false) return no_ruling(msg("desk.ruled_so"));
        return DeskAct{"refuse", because, {}, store::Ruling{event, false, refused_by_officer}};
    });
}

}  // namespace egret::central
