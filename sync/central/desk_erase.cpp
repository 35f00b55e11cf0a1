#include "registry/domain/facility_id.h"
#include "sync/central/desk.h"
#include "sync/central/detail/desk_checks.h"

#include <algorithm>
#include <utility>

namespace egret::central {
namespace {

Error has_several_ids(const std::vector<WomanId>& women) {
    std::string ids;
    for (const auto& woman : women) ids.append(ids.empty() ? "" : ", ").append(woman.to_string());
    return {ErrorCode::conflict, "ID", msg("desk.erase_joined", {{"ids", ids}})};
}

/// Those of her ids of which something is still kept.
std::vector<WomanId> left_of(const History& history) {
    auto left = history.members;
    std::erase_if(left, [&](const WomanId& member) {
        return std::binary_search(history.erased.begin(), history.erased.end(), member);
    });
    return left;
}

}  // namespace

Result<DeskErased> CentreDesk::erase(const std::string& officer, const WomanId& woman, bool joined,
                                     const std::string& because) {
    DeskErased erased;
    bool was_erased = false;
    auto done = act(officer, [&](const DeskView& view) -> Result<DeskAct> {
        if (auto said = check_reason(because); !said) return std::move(said).error();
        if (is_facility(woman) || !view.log.women().find(woman))
            return Error{ErrorCode::not_found, "ID", msg("desk.no_woman")};
        if (view.log.is_erased(woman)) {
            was_erased = true;
            return Error{ErrorCode::conflict, "ID", msg("desk.erased_already")};
        }
        // Of whom a restored centre has no key any more nothing can be read, and clinics may have
        // it.
        const auto history = find_history(view, woman);
        erased.women = history ? left_of(*history) : std::vector{woman};
        if (erased.women.size() > 1 && !joined) return has_several_ids(erased.women);
        DeskAct act;
        act.act = "erase";
        act.because = because;
        for (const auto& id : erased.women) {
            Fact fact;
            fact.at.date = view.today;
            fact.at.because = because;
            fact.detail = Erase{};
            act.facts.push_back({id, std::move(fact), {}});
        }
        return act;
    });
    if (done || was_erased) store_.finish_erasures();
    if (!done) return std::move(done).error();
    erased.done = *std::move(done);
    return erased;
}

}  // namespace egret::central
