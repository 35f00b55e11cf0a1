#include "registry/store/rechain.h"

#include "registry/base/ensure.h"

#include <cstddef>
#include <map>
#include <vector>

namespace egret::store {
namespace {

constexpr auto select_orphans_sql = R"sql(
    SELECT position, header FROM event WHERE device_ix = ?1 AND seq > ?2 ORDER BY seq
)sql";
// Out of the way first: no two lines have one number at any time.
constexpr auto shift_sql = "UPDATE event SET seq = -seq WHERE device_ix = ?1 AND seq > ?2";
constexpr auto place_sql = "UPDATE event SET seq = ?2, hash = ?3 WHERE position = ?1";
constexpr auto mark_device_sql = "UPDATE device SET kind = ?2, name_hash = ?3 WHERE ix = ?1";

Error ends_before() { return {ErrorCode::conflict, "ancestor", msg("store.unchained")}; }

}  // namespace

Rechain::Rechain(EventLog& log, sqlite::Database& db)
    : log_(log),
      db_(db),
      select_lines_(db, select_orphans_sql),
      shift_(db, shift_sql),
      place_(db, place_sql),
      mark_device_(db, mark_device_sql) {}

Result<std::uint64_t> Rechain::carry_out(const RechainPlan& plan, const Ingest& ingest,
                                         sqlite::WriteTransaction& tx) {
    const auto head = log_.find_head(plan.device);
    if (!head) return Error{ErrorCode::not_found, "device", msg("store.unknown_device")};
    if (head->kind == DeviceKind::foreign || plan.ancestor > head->seq) return ends_before();
    const auto device_ix = log_.find_device(plan.device);
    EGRET_ENSURE(device_ix.has_value());
    auto hash = log_.hash_at(plan.device, plan.ancestor);
    if (!hash) return ends_before();

    auto lines = lines_after(*device_ix, plan.ancestor);
    std::map<Bytes, std::size_t> by_header;
    for (std::size_t i = 0; i < lines.size(); ++i) by_header.emplace(lines[i].header, i);
    db_.execute("DELETE FROM rechaining; INSERT INTO rechaining (one) VALUES (1)");
    shift_.start().bind_all(*device_ix, plan.ancestor).finish();
    auto seq = plan.ancestor;
    for (const auto& event : plan.tail) {
        hash = codec::hash_event(*hash, event.header);
        ++seq;
        const auto same = by_header.find(event.header);
        if (same != by_header.end() && !lines[same->second].is_placed)
            place(lines[same->second], seq, *hash);
        else
            log_.insert({*device_ix, seq, ingest}, event, *hash, tx);
    }
    std::uint64_t count = 0;
    for (auto& line : lines) {
        if (line.is_placed) continue;
        hash = codec::hash_event(*hash, line.header);
        place(line, ++seq, *hash);
        ++count;
    }
    db_.execute("DELETE FROM rechaining");
    log_.update_head_.start().bind_all(*device_ix, seq, *hash).finish();
    mark_device_.start()
        .bind_all(*device_ix, static_cast<int>(DeviceKind::rechained),
                  hash_device({plan.device, head->clinic}, DeviceKind::rechained))
        .finish();
    return count;
}

std::vector<Rechain::Line> Rechain::lines_after(std::int64_t device_ix, std::uint64_t ancestor) {
    std::vector<Line> lines;
    auto run = select_lines_.start();
    run.bind_all(device_ix, ancestor);
    while (run.next()) lines.push_back({run.int64(0), run.blob(1)});
    return lines;
}

void Rechain::place(Line& line, std::uint64_t seq, const Hash& hash) {
    place_.start().bind_all(line.position, seq, hash).finish();
    line.is_placed = true;
}

}  // namespace egret::store
