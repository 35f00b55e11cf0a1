#include "sync/central/erased_women.h"

#include "registry/domain/fact.h"

namespace egret::central {
namespace {

// The machines of the clinics and areas that are told of her, who have sent no erasure about her.
constexpr auto select_open_erasures_sql = R"sql(
    SELECT x.woman_ix, g.clinic
      FROM erased_woman x
      JOIN scope_member m ON m.woman_ix = x.woman_ix
      JOIN (SELECT c.scope, d.id, d.clinic FROM clinic c JOIN enrolled_device d ON d.clinic = c.code
             WHERE d.revoked_ms IS NULL
            UNION
            SELECT s.scope, d.id, d.clinic
              FROM device_scope s JOIN enrolled_device d ON d.id = s.device
             WHERE d.revoked_ms IS NULL) g ON g.scope = m.scope
     WHERE NOT EXISTS (SELECT 1 FROM event e JOIN device v ON v.ix = e.device_ix
                        WHERE e.woman_ix = x.woman_ix AND e.type = ?1 AND v.id = g.id)
     GROUP BY x.woman_ix, g.clinic ORDER BY x.woman_ix, g.clinic
)sql";
// Whose key a restored centre hasn't any more stands there without an order.
constexpr auto odd_erasures_sql = R"sql(
    SELECT EXISTS (
        SELECT o.woman_ix
          FROM (SELECT e.woman_ix, min(e.ingest) AS ingest
                  FROM device d CROSS JOIN event e ON e.device_ix = d.ix
                 WHERE d.clinic = 'CENTRE' AND e.type = ?1 GROUP BY e.woman_ix) o
          LEFT JOIN erased_woman x ON x.woman_ix = o.woman_ix
         WHERE x.ingest IS NOT o.ingest)
)sql";

}  // namespace

ErasedWomen::ErasedWomen(store::WomanIndex& women, sqlite::Database& db)
    : women_(women),
      count_(db, "SELECT count(*) FROM erased_woman"),
      select_(db, "SELECT woman_ix FROM erased_woman ORDER BY woman_ix"),
      insert_(db, "INSERT OR REPLACE INTO erased_woman (woman_ix, ingest) VALUES (?1, ?2)"),
      select_open_(db, select_open_erasures_sql) {}

bool ErasedWomen::contains(const WomanId& woman) {
    const auto count = count_.start().single().int64(0);
    if (count != known_) {
        ids_.clear();
        for (const auto woman_ix : all()) ids_.insert(women_.load_id(woman_ix));
        known_ = count;
    }
    return ids_.contains(woman);
}

void ErasedWomen::add(std::int64_t woman_ix, std::int64_t ingest, sqlite::WriteTransaction&) {
    insert_.start().bind_all(woman_ix, ingest).finish();
    // What is rolled back is forgotten.
    known_ = -1;
}

std::vector<std::int64_t> ErasedWomen::all() {
    std::vector<std::int64_t> women;
    auto run = select_.start();
    while (run.next()) women.push_back(run.int64(0));
    return women;
}

std::vector<OpenErasure> ErasedWomen::open() {
    std::vector<OpenErasure> found;
    auto run = select_open_.start();
    run.bind_all(Erase::type);
    while (run.next()) {
        const auto woman = women_.load_id(run.int64(0));
        if (found.empty() || found.back().woman != woman) found.push_back({woman, {}});
        found.back().clinics.push_back(run.text(1));
    }
    return found;
}

bool has_damaged_erasures(sqlite::Database& db) {
    sqlite::Statement odd(db, odd_erasures_sql);
    auto run = odd.start();
    run.bind_all(Erase::type);
    return run.single().int64(0) != 0;
}

}  // namespace egret::central
