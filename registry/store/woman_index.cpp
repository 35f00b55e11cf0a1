#include "registry/store/woman_index.h"

#include "registry/domain/facility_id.h"
#include "registry/store/read_id.h"

namespace egret::store {
namespace {

constexpr auto find_woman_ix_sql = "SELECT ix FROM woman WHERE id = ?1";
constexpr auto insert_woman_sql = R"sql(
    INSERT INTO woman (id, canonical_ix)
    VALUES (?1, (SELECT coalesce(max(ix), 0) + 1 FROM woman))
)sql";
constexpr auto select_woman_sql = "SELECT id, canonical_ix FROM woman WHERE ix = ?1";
constexpr auto update_canonical_sql = "UPDATE woman SET canonical_ix = ?2 WHERE ix = ?1";
// Ids of facilities begin with the largest bytes of all.
constexpr auto select_last_ids_sql = R"sql(
    SELECT ix, id FROM woman WHERE id >= x'ffffffffffff' ORDER BY ix
)sql";

}  // namespace

WomanIndex::WomanIndex(sqlite::Database& db)
    : find_(db, find_woman_ix_sql),
      insert_(db, insert_woman_sql),
      select_(db, select_woman_sql),
      update_(db, update_canonical_sql),
      select_last_ids_(db, select_last_ids_sql) {}

std::optional<std::int64_t> WomanIndex::find(const WomanId& id) {
    auto run = find_.start();
    run.bind_all(id);
    if (!run.next()) return std::nullopt;
    return run.int64(0);
}

std::int64_t WomanIndex::add(const WomanId& id, sqlite::WriteTransaction& tx) {
    if (const auto known = find(id)) return *known;
    insert_.start().bind_all(id).finish();
    return tx.database().last_rowid();
}

WomanId WomanIndex::load_id(std::int64_t ix) {
    auto run = select_.start();
    run.bind_all(ix);
    return read_id<WomanId>(run.single(), 0);
}

bool WomanIndex::is_facility(std::int64_t ix) { return egret::is_facility(load_id(ix)); }

std::vector<std::int64_t> WomanIndex::facilities() {
    std::vector<std::int64_t> found;
    auto run = select_last_ids_.start();
    while (run.next()) {
        if (egret::is_facility(read_id<WomanId>(run, 1))) found.push_back(run.int64(0));
    }
    return found;
}

std::int64_t WomanIndex::canonical(std::int64_t ix) {
    auto run = select_.start();
    run.bind_all(ix);
    return run.single().int64(1);
}

void WomanIndex::set_canonical(std::int64_t ix, std::int64_t canonical_ix,
                               sqlite::WriteTransaction&) {
    update_.start().bind_all(ix, canonical_ix).finish();
}

}  // namespace egret::store
