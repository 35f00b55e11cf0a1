#include "sync/central/detail/feed_line.h"
#include "sync/central/feed_writer.h"

#include <algorithm>

namespace egret::central {

/// Everybody who has the fact, and whoever made it. Who is given it only now gets what it says,
/// too.
void FeedWriter::tell_ruling(const FedBatch& batch) {
    if (!batch.ruling) return;
    const auto& ruling = *batch.ruling;
    std::set<std::uint64_t> scopes;
    for (const auto& event : batch.ruled) {
        std::optional<FeedLine> line;
        std::string clinic;
        {
            auto run = select_at_.start();
            run.bind_all(event.position);
            if (!run.next()) continue;
            line = read_feed_line(run);
            clinic = run.text(6);
        }
        if (const auto own = scope_of(clinic)) scopes.insert(*own);
        if (event.woman_ix == 0) continue;
        for (const auto& member : scopes_.of(event.woman_ix)) {
            scopes.insert(member.scope);
            const bool is_told_all = !log_.women().is_facility(event.woman_ix) ||
                                     member.scope == scope_of(clinic) ||
                                     tells_of_lots(event.position);
            if (ruling.holds && is_told_all) tell(member.scope, *line);
        }
    }
    for (const auto scope : scopes) {
        auto& items = told_[scope].items;
        if (!ruling.holds) {
            items.emplace_back(sync::FeedRefused{ruling.uid, ruling.reason}, sync::FeedDevice{});
            continue;
        }
        const sync::FeedItem accepted = sync::FeedAccepted{ruling.uid};
        const bool is_said = std::any_of(items.begin(), items.end(),
                                         [&](const auto& one) { return one.first == accepted; });
        if (!is_said) items.emplace_back(accepted, sync::FeedDevice{});
    }
}

}  // namespace egret::central
