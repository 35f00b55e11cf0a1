// Who is told of whom, gone through at once: when a scope begins, and when memberships end.

#include "sync/central/feed_writer.h"

#include <algorithm>

namespace egret::central {

void FeedWriter::enter_all(std::optional<std::uint64_t> only, Instant now,
                           sqlite::WriteTransaction& tx) {
    begin();
    std::set<std::uint64_t> entered;
    if (only) entered.insert(*only);
    components_.for_each(INT64_MAX, [&](const store::Component& component) {
        if (component.events.empty()) return;
        auto wanted = wanted_of(store::history_of(component), now);
        if (only) {
            std::erase_if(wanted.scopes, [&](const auto& one) { return one.first != *only; });
        }
        for (const auto& [scope, until] : wanted.scopes) {
            entered.insert(scope);
            for (const auto member : wanted.members) set_member(member, {scope, until}, tx);
        }
        for (const auto& code : wanted.dose_facilities) {
            for (const auto& [scope, until] : wanted.scopes) enlist_doses_place(scope, code, tx);
        }
    });
    // All of it is in the snapshot with which readers begin.
    told_.clear();
    for (const auto scope : entered) feed_.begin_behind(scope, tx);
    begin();
}

std::size_t FeedWriter::sweep(Instant now, sqlite::WriteTransaction& tx) {
    begin();
    const auto ended = scopes_.ended(now);
    for (const auto& one : ended) {
        told_[one.scope].items.emplace_back(sync::FeedDrop{log_.women().load_id(one.woman_ix)},
                                            sync::FeedDevice{});
        scopes_.remove(one, tx);
    }
    flush(now, tx);
    return ended.size();
}

}  // namespace egret::central
