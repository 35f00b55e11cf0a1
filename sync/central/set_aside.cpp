#include "sync/central/set_aside.h"

#include "registry/codec/event_codec.h"
#include "registry/domain/facility_id.h"
#include "registry/store/read_id.h"
#include "sync/central/detail/plausible_instant.h"

#include <map>
#include <set>
#include <utility>

namespace egret::central {
namespace {

constexpr auto select_refused_sql = R"sql(
    SELECT e.position, q.reason FROM quarantine q JOIN event e ON e.position = q.position
     ORDER BY e.position
)sql";
constexpr auto select_ruled_sql = R"sql(
    SELECT DISTINCT e.position, coalesce(q.reason, '')
      FROM ruling r JOIN event e ON e.uid = r.uid
      LEFT JOIN quarantine q ON q.position = e.position
     ORDER BY e.position
)sql";
constexpr auto select_fact_sql = R"sql(
    SELECT e.uid, d.id, e.seq, d.clinic, i.received_ms
      FROM event e JOIN device d ON d.ix = e.device_ix JOIN ingest i ON i.id = e.ingest
     WHERE e.position = ?1
)sql";

// What may be said by somebody who has no say in it.
constexpr std::uint16_t types_of_authority[] = {Transfer::type, Correct::type, VoidFact::type,
                                                Link::type,     Unlink::type,  Erase::type};

}  // namespace

SetAsideFinder::SetAsideFinder(store::EventLog& log, store::Components& components,
                               store::Statements& statements, sqlite::Database& db)
    : log_(log),
      components_(components),
      statements_(statements),
      select_refused_(db, select_refused_sql),
      select_ruled_(db, select_ruled_sql),
      select_fact_(db, select_fact_sql),
      select_reason_(db, "SELECT reason FROM quarantine WHERE position = ?1") {}

std::vector<UnheededFact> SetAsideFinder::unheeded_of(const WomanId& subject) {
    if (!is_facility(subject)) {
        auto component = components_.read_woman(subject);
        if (component.members.empty()) return {};
        return store::history_of(std::move(component)).unheeded;
    }
    const std::vector<WomanId> members{subject};
    return fold(members, log_.events_of(members)).unheeded;
}

std::optional<SetAside> SetAsideFinder::find(store::Position position, std::string reason) {
    SetAside found;
    {
        auto run = select_fact_.start();
        run.bind_all(position);
        if (!run.next()) return std::nullopt;
        if (!run.is_null(0)) found.event = store::read_id<EventUid>(run, 0);
        found.device = store::read_id<DeviceId>(run, 1);
        found.seq = static_cast<std::uint64_t>(run.int64(2));
        found.clinic = run.text(3);
        found.came = plausible_instant(run.int64(4));
    }
    found.reason = std::move(reason);
    if (const auto said = log_.find_said(position)) found.type = type_name(said->fact);
    if (!found.event) return found;
    if (const auto ruling = statements_.find_ruling(*found.event)) found.holds = ruling->holds;
    return found;
}

std::vector<SetAside> SetAsideFinder::all() {
    std::map<store::Position, std::string> reasons;
    const auto read = [&](sqlite::Statement& select) {
        auto run = select.start();
        while (run.next()) reasons.emplace(run.int64(0), run.text(1));
    };
    read(select_refused_);
    read(select_ruled_);
    std::set<WomanId> done;
    for (const auto type : types_of_authority) {
        for (const auto& subject : log_.subjects_of(type)) {
            if (!done.insert(subject).second) continue;
            for (const auto& unheeded : unheeded_of(subject)) {
                if (const auto entry = log_.find_entry(unheeded.uid))
                    reasons.emplace(entry->position, to_string(unheeded.why));
            }
        }
    }
    std::vector<SetAside> all;
    for (const auto& [position, reason] : reasons) {
        if (auto found = find(position, reason)) all.push_back(*std::move(found));
    }
    return all;
}

std::optional<std::string> SetAsideFinder::reason_of(const store::LogEntry& entry) {
    {
        auto run = select_reason_.start();
        run.bind_all(entry.position);
        if (run.next()) return run.text(0);
    }
    const auto header = codec::decode_header(entry.event.header);
    if (!header) return std::nullopt;
    for (const auto& unheeded : unheeded_of(header->subject)) {
        if (unheeded.uid == header->uid) return std::string(to_string(unheeded.why));
    }
    return std::nullopt;
}

}  // namespace egret::central
