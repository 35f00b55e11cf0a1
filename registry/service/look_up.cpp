#include "registry/service/look_up.h"

#include "registry/domain/facility_id.h"
#include "registry/store/search_terms.h"

#include <algorithm>
#include <set>

namespace egret::service {
namespace {

/// As what the words are looked up, and nothing of what they are.
std::vector<audit::SearchBy> searched_by(const std::string& typed) {
    std::set<audit::SearchBy> kinds;
    for (const auto& probe : store::probes_of(typed)) {
        switch (probe.kind) {
            case store::TermKind::name:
            case store::TermKind::inner_name: kinds.insert(audit::SearchBy::name); break;
            case store::TermKind::reading:
            case store::TermKind::inner_reading:
            case store::TermKind::initials:
            case store::TermKind::inner_initials: kinds.insert(audit::SearchBy::reading); break;
            case store::TermKind::phone: kinds.insert(audit::SearchBy::phone); break;
            case store::TermKind::barcode: break;  // Whatever is typed is sought as one, too.
            case store::TermKind::number:
            case store::TermKind::backwards: kinds.insert(audit::SearchBy::number); break;
        }
    }
    return {kinds.begin(), kinds.end()};
}

}  // namespace

FoundWomen find_women(Clinic& clinic, const Caller& caller, const std::string& typed,
                      std::size_t rows_max) {
    auto hits = clinic.search().find(typed, rows_max);
    FoundWomen found;
    found.has_more = hits.has_more;
    Access access{audit::Action::searched};
    access.searched_by = searched_by(typed);
    for (auto& row : hits.rows) {
        access.women.push_back(row.id);
        auto former = clinic.search().former_of(row.id, typed);
        found.women.push_back({std::move(row), std::move(former)});
    }
    clinic.note(caller, access);
    return found;
}

Result<History> view_woman(Clinic& clinic, const Caller& caller, const WomanId& woman,
                           audit::Shown shown) {
    auto history = clinic.load_history(woman);
    if (!history || (!history->registered_on && !history->is_registration_voided))
        return clinic.no_woman(woman, "");
    clinic.note(caller, {audit::Action::viewed, shown, {woman}});
    return *std::move(history);
}

std::optional<History> history_after(Clinic& clinic, const Recorded& recorded) {
    if (is_facility(recorded.woman)) return std::nullopt;
    auto history = clinic.load_history(recorded.woman);
    if (!history || (!history->registered_on && !history->is_registration_voided))
        return std::nullopt;
    return history;
}

}  // namespace egret::service
