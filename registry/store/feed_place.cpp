#include "registry/store/feed_place.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace egret::store {
namespace {

constexpr auto select_scopes_sql = R"sql(
    SELECT scope FROM feed_cursor UNION SELECT scope FROM feed_snapshot ORDER BY scope
)sql";
constexpr auto select_cursors_sql = R"sql(
    SELECT pos, hash FROM feed_cursor WHERE scope = ?1 ORDER BY pos
)sql";
constexpr auto select_snapshot_sql = "SELECT next FROM feed_snapshot WHERE scope = ?1";
constexpr auto insert_cursor_sql = R"sql(
    INSERT INTO feed_cursor (scope, pos, hash) VALUES (?1, ?2, ?3)
    ON CONFLICT (scope, pos) DO UPDATE SET hash = ?3
)sql";
constexpr auto insert_snapshot_sql = "INSERT INTO feed_snapshot (scope, next) VALUES (?1, ?2)";

std::int64_t bits_of(std::uint64_t number) { return std::bit_cast<std::int64_t>(number); }

std::uint64_t whole_of(std::int64_t column) { return std::bit_cast<std::uint64_t>(column); }

}  // namespace

FeedPlaces::FeedPlaces(sqlite::Database& db)
    : select_scopes_(db, select_scopes_sql),
      select_cursors_(db, select_cursors_sql),
      select_snapshot_(db, select_snapshot_sql),
      insert_cursor_(db, insert_cursor_sql),
      insert_snapshot_(db, insert_snapshot_sql),
      delete_cursors_(db, "DELETE FROM feed_cursor WHERE scope = ?1"),
      delete_snapshot_(db, "DELETE FROM feed_snapshot WHERE scope = ?1") {}

FeedPlace FeedPlaces::load(std::uint64_t scope) {
    FeedPlace place;
    place.scope = scope;
    {
        auto run = select_cursors_.start();
        run.bind_all(bits_of(scope));
        while (run.next()) {
            FeedCursor cursor{whole_of(run.int64(0)), {}};
            const auto hash = run.blob_view(1);
            std::copy_n(hash.begin(), std::min(hash.size(), cursor.hash.size()),
                        cursor.hash.begin());
            place.cursors.push_back(cursor);
        }
    }
    std::ranges::sort(place.cursors, {}, &FeedCursor::pos);
    auto run = select_snapshot_.start();
    run.bind_all(bits_of(scope));
    if (run.next()) place.snapshot = run.blob(0);
    return place;
}

std::vector<FeedPlace> FeedPlaces::all() {
    std::vector<std::uint64_t> scopes;
    {
        auto run = select_scopes_.start();
        while (run.next()) scopes.push_back(whole_of(run.int64(0)));
    }
    std::ranges::sort(scopes);
    std::vector<FeedPlace> places;
    places.reserve(scopes.size());
    for (const auto scope : scopes) places.push_back(load(scope));
    return places;
}

void FeedPlaces::save(const FeedPlace& place, sqlite::WriteTransaction&) {
    const auto scope = bits_of(place.scope);
    delete_cursors_.start().bind_all(scope).finish();
    delete_snapshot_.start().bind_all(scope).finish();
    for (const auto& cursor : place.cursors)
        insert_cursor_.start().bind_all(scope, bits_of(cursor.pos), cursor.hash).finish();
    if (place.snapshot) insert_snapshot_.start().bind_all(scope, *place.snapshot).finish();
}

}  // namespace egret::store
