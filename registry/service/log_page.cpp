#include "registry/service/log_page.h"

#include "registry/codec/event_codec.h"

#include <algorithm>

namespace egret::service {
namespace {

constexpr std::uint64_t entries_at_once = 1000;
constexpr std::size_t bytes_at_once = 4U << 20U;

/// The page without what is beyond it.
LogPage cut(LogPage page, std::uint64_t limit) {
    if (page.lines.size() <= limit) return page;
    page.next = page.lines.back().seq;
    page.lines.pop_back();
    return page;
}

}  // namespace

LogPage read_log(Clinic& clinic, const Caller& caller, std::uint64_t from, std::uint64_t limit) {
    LogPage page;
    from = std::max<std::uint64_t>(from, 1);
    // One more than is shown says whether there are more.
    while (page.lines.size() <= limit) {
        const auto wanted = std::min(limit + 1 - page.lines.size(), entries_at_once);
        const auto some = clinic.log().entries(clinic.device(), from, wanted, bytes_at_once);
        if (some.empty()) break;
        for (const auto& entry : some) {
            auto event = codec::decode_event(entry.event);
            LogLine line{entry.seq, std::nullopt, std::nullopt};
            if (event) {
                line.ingest = clinic.log().find_ingest(event->uid);
                line.event = *std::move(event);
            }
            page.lines.push_back(std::move(line));
        }
        from = some.back().seq + 1;
    }
    page = cut(std::move(page), limit);
    Access access{audit::Action::listed, audit::Shown::log};
    for (const auto& line : page.lines) {
        if (line.event) access.women.push_back(line.event->subject);
    }
    clinic.note(caller, access);
    return page;
}

Result<LogPage> read_log_of(Clinic& clinic, const Caller& caller, const WomanId& woman,
                            std::uint64_t from, std::uint64_t limit) {
    if (!clinic.women().find(woman)) return clinic.no_woman(woman, "woman");
    LogPage page;
    for (auto& logged : clinic.log().events_of(clinic.members_of(woman))) {
        if (page.lines.size() > limit) break;
        if (logged.order.seq < from) continue;
        const auto ingest = clinic.log().find_ingest(logged.event.uid);
        page.lines.push_back({logged.order.seq, std::move(logged.event), ingest});
    }
    clinic.note(caller, {audit::Action::viewed, audit::Shown::log, {woman}});
    return cut(std::move(page), limit);
}

}  // namespace egret::service
