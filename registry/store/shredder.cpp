#include "registry/store/shredder.h"

#include "registry/domain/fact.h"
#include "registry/store/event_log.h"
#include "registry/store/statements.h"

#include <vector>

namespace egret::store {
namespace {

constexpr auto select_shredded_sql = R"sql(
    SELECT e.position FROM event e JOIN payload p USING (position)
     WHERE e.woman_ix = ?1 AND e.type <> ?2 ORDER BY e.position
)sql";
constexpr auto insert_shredded_sql = R"sql(
    INSERT INTO absent (position, reason, ingest, mark) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (position) DO UPDATE SET reason = ?2, ingest = ?3, mark = ?4
)sql";
// Why a fact was set aside that isn't to be seen any more.
constexpr auto delete_reason_sql = R"sql(
    DELETE FROM quarantine WHERE position = ?1 AND reason IN ('bad_payload', 'bad_commitment')
)sql";

}  // namespace

Shredder::Shredder(sqlite::Database& db)
    : select_(db, select_shredded_sql),
      delete_(db, "DELETE FROM payload WHERE position = ?1"),
      insert_absent_(db, insert_shredded_sql),
      delete_quarantine_(db, delete_reason_sql) {}

std::size_t Shredder::shred(std::int64_t ingest, std::int64_t woman_ix, sqlite::WriteTransaction&) {
    std::vector<Position> positions;
    {
        auto run = select_.start();
        run.bind_all(woman_ix, Erase::type);
        while (run.next()) positions.push_back(run.int64(0));
    }
    for (const auto position : positions) {
        delete_.start().bind_all(position).finish();
        insert_absent_.start()
            .bind_all(position, erased_content, ingest,
                      mark_absent(position, erased_content, ingest))
            .finish();
        delete_quarantine_.start().bind_all(position).finish();
    }
    return positions.size();
}

}  // namespace egret::store
