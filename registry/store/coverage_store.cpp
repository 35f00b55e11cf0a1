#include "registry/store/coverage_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace egret::store {
namespace {

constexpr auto select_indicator_sql = R"sql(
    SELECT ix, denominator_ix FROM indicator_key WHERE id = ?1 AND version = ?2
)sql";
constexpr auto select_deltas_sql = R"sql(
    SELECT id, part, area_ix, facility_ix, birth_month, day, amount
      FROM delta
     WHERE id > ?1 AND ingest <= ?4
       AND ((indicator_ix = ?2 AND part > 0) OR (indicator_ix = ?3 AND part = 0))
     ORDER BY id
)sql";
constexpr auto select_told_sql = R"sql(
    SELECT d.clinic, i.received_ms
      FROM device d
      JOIN event e ON e.device_ix = d.ix AND e.seq = ?2
      JOIN ingest i ON i.id = e.ingest
     WHERE d.id = ?1
)sql";

using Codes = std::unordered_map<std::int64_t, std::string>;

Codes read_codes(sqlite::Statement& select) {
    Codes codes;
    auto run = select.start();
    while (run.next()) codes.emplace(run.int64(0), run.text(1));
    return codes;
}

const std::string& code_of(const Codes& codes, std::int64_t ix) {
    const auto found = codes.find(ix);
    if (found == codes.end())
        throw sqlite::SqliteError(sqlite::damaged_code, "a delta has no place", select_deltas_sql);
    return found->second;
}

}  // namespace

CoverageStore::CoverageStore(EventLog& log, sqlite::Database& db)
    : log_(log),
      components_(log, db),
      select_indicator_(db, select_indicator_sql),
      select_deltas_(db, select_deltas_sql),
      select_areas_(db, "SELECT ix, code FROM area_key"),
      select_facilities_(db, "SELECT ix, code FROM facility_key"),
      select_told_(db, select_told_sql) {}

std::int64_t CoverageStore::read_deltas(std::string_view indicator, std::string_view version,
                                        std::optional<Date> known_on, std::int64_t after,
                                        const std::function<void(const coverage::Delta&)>& take) {
    std::int64_t indicator_ix = 0;
    std::int64_t denominator_ix = 0;
    {
        auto run = select_indicator_.start();
        run.bind_all(indicator, version);
        if (!run.next()) return after;
        indicator_ix = run.int64(0);
        denominator_ix = run.int64(1);
    }
    const auto areas = read_codes(select_areas_);
    const auto facilities = read_codes(select_facilities_);
    auto run = select_deltas_.start();
    run.bind_all(after, indicator_ix, denominator_ix,
                 known_on ? log_.ingest_known_on(*known_on) : INT64_MAX);
    coverage::Delta delta;
    while (run.next()) {
        after = run.int64(0);
        delta.part = static_cast<coverage::Part>(run.int64(1));
        delta.key.area = code_of(areas, run.int64(2));
        delta.key.facility = code_of(facilities, run.int64(3));
        delta.key.birth_month = static_cast<int>(run.int64(4));
        delta.day = Date::from_days(static_cast<std::int32_t>(run.int64(5)));
        delta.amount = static_cast<int>(run.int64(6));
        take(delta);
    }
    return after;
}

void CoverageStore::for_each_woman(std::optional<Date> known_on,
                                   const std::function<void(const Component&)>& take) {
    components_.for_each(known_on ? log_.ingest_known_on(*known_on) : INT64_MAX, take);
}

void CoverageStore::for_each_facility(
    std::optional<Date> known_on,
    const std::function<void(const std::vector<LoggedEvent>&)>& take) {
    const auto until = known_on ? log_.ingest_known_on(*known_on) : INT64_MAX;
    for (const auto facility_ix : log_.women().facilities()) {
        std::vector<LoggedEvent> events;
        std::vector<Position> unreadable;
        log_.read_events(facility_ix, until, events, unreadable);
        if (!events.empty()) take(events);
    }
}

Freshness CoverageStore::freshness(std::optional<Date> known_on) {
    std::map<std::string, std::int64_t> last_told;  // By clinic.
    std::set<std::string> clinics;
    for (const auto& head : known_on ? log_.heads_known_on(*known_on) : log_.heads()) {
        if (head.seq > 0) clinics.insert(head.clinic);
        // Of those of whom only some facts are here nobody expects to hear.
        if (head.kind == DeviceKind::foreign) continue;
        auto run = select_told_.start();
        run.bind_all(head.device, head.seq);
        if (!run.next()) continue;  // It has told nothing.
        auto& last = last_told.try_emplace(run.text(0), INT64_MIN).first->second;
        last = std::max(last, run.int64(1));
    }
    Freshness fresh;
    fresh.clinics = clinics.size();
    for (const auto& told : last_told) {
        const auto last = instant_from_unix_ms(told.second);
        if (!fresh.oldest || last < *fresh.oldest) fresh.oldest = last;
    }
    return fresh;
}

}  // namespace egret::store
