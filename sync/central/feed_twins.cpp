// What is told of a fact that is here under several numbers.

#include "registry/store/read_id.h"
#include "sync/central/detail/feed_line.h"
#include "sync/central/feed_writer.h"

#include <algorithm>

namespace egret::central {

std::set<store::Position> FeedWriter::with_twins(const FedBatch& batch) {
    std::set<store::Position> found;
    if (batch.appended.empty()) return found;
    auto run = select_with_twins_.start();
    run.bind_all(batch.appended.front().position, batch.appended.back().position);
    while (run.next()) found.insert(run.int64(0));
    return found;
}

/// A fact that is here under several numbers counts as the first of them in order: whoever has one
/// of the others must judge it so, too.
void FeedWriter::tell_twins(const FedBatch& batch, std::size_t at) {
    struct Twin {
        FeedLine line;
        std::string clinic;
        Order order;
    };

    std::vector<Twin> twins;
    std::int64_t woman_ix = 0;
    {
        auto run = select_twins_.start();
        run.bind_all(batch.appended[at].position);
        while (run.next()) {
            const auto header = codec::decode_header(run.blob_view(3));
            if (!header) continue;
            auto line = read_feed_line(run);
            const store::ClockCorrection clock{line.judgement.offset_ms, line.judgement.ceiling};
            twins.push_back(
                {line, run.text(6), {clock.effective(header->hlc), line.device, line.seq}});
            woman_ix = run.int64(7);
        }
    }
    if (twins.size() < 2) return;
    const auto first = std::min_element(
        twins.begin(), twins.end(), [](const Twin& a, const Twin& b) { return a.order < b.order; });
    std::set<std::uint64_t> scopes;
    for (const auto& member : members_of(woman_ix)) scopes.insert(member.scope);
    for (const auto& twin : twins) {
        if (const auto own = scope_of(twin.clinic)) scopes.insert(*own);
    }
    for (const auto scope : scopes) {
        for (const auto& twin : twins) {
            told_[scope].items.emplace_back(
                sync::FeedEcho{0, twin.line.seq, twin.line.seq, first->line.judgement,
                               first->line.device},
                sync::FeedDevice{twin.line.device, twin.clinic});
        }
    }
}

}  // namespace egret::central
