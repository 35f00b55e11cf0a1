#include "sync/central/desk.h"
#include "sync/central/detail/desk_checks.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace egret::central {
namespace {

Error nobody(const char* which) { return {ErrorCode::not_found, which, msg("desk.no_woman")}; }

bool has_member(const History& history, const WomanId& woman) {
    return std::binary_search(history.members.begin(), history.members.end(), woman);
}

/// What an officer says of her today.
DeskAct say_of_her(const char* act, const std::string& because, const WomanId& woman, Detail detail,
                   Date today) {
    Fact fact;
    fact.at.date = today;
    fact.at.because = because;
    fact.detail = std::move(detail);
    return {act, because, {{woman, std::move(fact), {}}}, {}};
}

}  // namespace

std::optional<History> find_history(const DeskView& view, const WomanId& woman) {
    auto component = view.components.read_woman(woman);
    if (component.members.empty() || component.events.empty()) return std::nullopt;
    return store::history_of(std::move(component));
}

Result<DeskDone> CentreDesk::link(const std::string& officer, const WomanId& one,
                                  const WomanId& other, const std::string& because) {
    return act(officer, [&](const DeskView& view) -> Result<DeskAct> {
        if (auto said = check_reason(because); !said) return std::move(said).error();
        if (one == other)
            return Error{ErrorCode::invalid_input, "OTHER", msg("woman.link_to_herself")};
        const auto history = find_history(view, one);
        if (!history) return nobody("ID");
        if (!find_history(view, other)) return nobody("OTHER");
        if (has_member(*history, other))
            return Error{ErrorCode::conflict, "OTHER", msg("woman.linked_already")};
        return say_of_her("link", because, one, Link{other, because}, view.today);
    });
}

Result<DeskDone> CentreDesk::unlink(const std::string& officer, const WomanId& one,
                                    const WomanId& other, const std::string& because) {
    return act(officer, [&](const DeskView& view) -> Result<DeskAct> {
        if (auto said = check_reason(because); !said) return std::move(said).error();
        const auto history = find_history(view, one);
        if (!history) return nobody("ID");
        if (one == other || !has_member(*history, other))
            return Error{ErrorCode::conflict, "OTHER", msg("woman.not_linked")};
        return say_of_her("unlink", because, one, Unlink{other}, view.today);
    });
}

Result<DeskDone> CentreDesk::transfer(const std::string& officer, const WomanId& woman,
                                      const std::string& to_clinic, const std::string& because) {
    const auto clinic = store_.find_clinic(to_clinic);
    if (!clinic) return Error{clinic.error()}.within("CLINIC");
    return act(officer, [&](const DeskView& view) -> Result<DeskAct> {
        if (auto said = check_reason(because); !said) return std::move(said).error();
        const auto history = find_history(view, woman);
        if (!history || history->residences.empty()) return nobody("ID");
        if (history->residences.back().facility == to_clinic)
            return Error{ErrorCode::conflict, "CLINIC", msg("desk.in_its_care")};
        Transfer transfer;
        transfer.to_facility = to_clinic;
        return say_of_her("transfer", because, woman, std::move(transfer), view.today);
    });
}

}  // namespace egret::central
