#include "registry/domain/facility_id.h"
#include "registry/service/clinic.h"

#include <algorithm>
#include <map>

namespace egret::service {
namespace {

/// What recording such a fact is called.
audit::Action action_of(const Fact& fact) {
    if (std::holds_alternative<Correct>(fact.detail)) return audit::Action::corrected;
    if (std::holds_alternative<VoidFact>(fact.detail)) return audit::Action::voided;
    if (std::holds_alternative<Link>(fact.detail)) return audit::Action::linked;
    if (std::holds_alternative<Unlink>(fact.detail)) return audit::Action::unlinked;
    return audit::Action::recorded;
}

}  // namespace

Access access_of(const std::vector<Draft>& drafts, const Besides& besides) {
    Access access;
    access.action = drafts.size() == 1 ? action_of(drafts[0].fact) : audit::Action::recorded;
    if (besides.action) access.action = *besides.action;
    for (const auto& draft : drafts) {
        access.women.push_back(draft.subject);
        if (const auto* link = std::get_if<Link>(&draft.fact.detail))
            access.women.push_back(link->other);
        if (const auto* unlink = std::get_if<Unlink>(&draft.fact.detail))
            access.women.push_back(unlink->other);
    }
    access.women.insert(access.women.end(), besides.women.begin(), besides.women.end());
    return access;
}

std::vector<WomanId> Clinic::linked_ids(const WomanId& id) {
    auto& index = log_.women();
    const auto woman_ix = index.find(id);
    if (!woman_ix) return {id};
    const auto canonical = index.canonical(*woman_ix);
    std::vector<WomanId> ids{index.load_id(canonical)};
    for (const auto other : components_.group_of(*woman_ix)) {
        if (other != canonical && index.canonical(other) == canonical)
            ids.push_back(index.load_id(other));
    }
    return ids;
}

Hash Clinic::audit_start() { return audit::Trail::start_of(registry_id()); }

void Clinic::note(const Caller& caller, const Access& access, sqlite::WriteTransaction& tx) {
    audit::Entry entry;
    entry.at = now();
    // Not a day that was only assumed for an answer.
    entry.day = judge_day(day_evidence()).today;
    entry.user = caller.user;
    entry.role = to_string(caller.role);
    entry.purpose = to_string(caller.purpose);
    entry.action = to_string(access.action);
    if (access.shown) entry.shown = to_string(*access.shown);
    for (const auto by : access.searched_by) entry.searched_by.emplace_back(to_string(by));
    std::map<WomanId, std::vector<WomanId>> persons;  // By the canonical id.
    for (const auto& woman : access.women) {
        if (is_facility(woman)) continue;
        auto ids = linked_ids(woman);
        persons.emplace(ids.front(), std::move(ids));
    }
    entry.women_count = persons.size();
    for (const auto& [canonical, ids] : persons)
        entry.women.insert(entry.women.end(), ids.begin(), ids.end());
    entry.events = access.events;
    entry.users = access.users;
    audit_.append(std::move(entry), audit_start(), tx);
}

void Clinic::note(const Caller& caller, const Access& access) {
    sqlite::WriteTransaction tx(*db_);
    note(caller, access, tx);
    tx.commit();
}

void Clinic::check_audit(const std::optional<keys::AuditHead>& kept,
                         std::vector<store::StoreFault>& faults) {
    // Where these are damaged nothing tells whose chain it is.
    const bool is_hidden = std::ranges::any_of(faults, [](const store::StoreFault& fault) {
        return fault.kind == "damaged" || fault.kind == "setting_registry_id";
    });
    if (is_hidden) return;
    for (const auto& fault : verify_audit(kept).faults)
        faults.push_back({{}, fault.entry, "audit_" + std::string(to_string(fault.kind))});
}

void Clinic::note_wrong_pins(const UserId& user, std::uint32_t count) {
    if (count == 0) return;
    // More than anybody types: what is left out is that there were still more.
    constexpr std::uint32_t count_max = 100;
    sqlite::WriteTransaction tx(*db_);
    for (std::uint32_t i = 0; i < std::min(count, count_max); ++i)
        note(caller_of(user).with(Purpose::maintenance), {audit::Action::unlock_failed}, tx);
    tx.commit();
}

keys::AuditHead Clinic::audit_head() { return audit_.head(audit_start()); }

audit::Verdict Clinic::verify_audit(const std::optional<keys::AuditHead>& kept) {
    return audit_.verify(audit_start(), kept);
}

}  // namespace egret::service
