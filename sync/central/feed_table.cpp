#include "sync/central/feed_table.h"

#include "registry/crypto/hash.h"
#include "registry/domain/authority.h"
#include "registry/store/ingest_table.h"
#include "registry/store/read_id.h"
#include "sync/central/detail/read_columns.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace egret::central {
namespace {

constexpr std::string_view head_columns[] = {"scope", "pos", "feed_hash", "base_pos", "base_hash"};
constexpr store::GuardedTable head_table{"scope_head", "scope", head_columns};

constexpr auto select_head_sql = R"sql(
    SELECT pos, feed_hash, base_pos, base_hash FROM scope_head WHERE scope = ?1
)sql";
constexpr auto upsert_head_sql = R"sql(
    INSERT INTO scope_head (scope, pos, feed_hash, base_pos, base_hash, hash)
    VALUES (?1, ?2, ?3, 0, zeroblob(32), x'')
    ON CONFLICT (scope) DO UPDATE SET pos = ?2, feed_hash = ?3
)sql";
constexpr auto insert_head_sql = R"sql(
    INSERT INTO scope_head (scope, pos, feed_hash, base_pos, base_hash, hash)
    VALUES (?1, 1, ?2, 1, ?2, x'') ON CONFLICT (scope) DO NOTHING
)sql";
constexpr auto insert_row_sql = R"sql(
    INSERT INTO feed (scope, pos, position, item, is_alone, made_ms, feed_hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
)sql";
constexpr auto select_hash_sql = "SELECT feed_hash FROM feed WHERE scope = ?1 AND pos = ?2";
constexpr auto select_newer_sql = R"sql(
    SELECT coalesce((SELECT min(pos) FROM feed WHERE scope = ?1 AND made_ms >= ?2),
                    (SELECT pos + 1 FROM scope_head WHERE scope = ?1))
)sql";
constexpr auto delete_sql = "DELETE FROM feed WHERE scope = ?1 AND pos <= ?2";
constexpr auto update_base_sql =
    "UPDATE scope_head SET base_pos = ?2, base_hash = ?3 WHERE scope = ?1";
constexpr auto check_rows_sql = R"sql(
    SELECT f.pos, f.feed_hash, f.item, e.seq, e.header, i.offset_ms, i.ceiling, d.id,
           d.clinic
      FROM feed f LEFT JOIN event e ON e.position = f.position
                  LEFT JOIN ingest i ON i.id = e.ingest
                  LEFT JOIN device d ON d.ix = e.device_ix
     WHERE f.scope = ?1 ORDER BY f.pos
)sql";
constexpr auto select_scopes_sql = "SELECT scope FROM scope_head ORDER BY scope";
constexpr auto stray_scopes_sql =
    "SELECT DISTINCT scope FROM feed WHERE scope NOT IN (SELECT scope FROM scope_head)";

Hash hash_line(const Hash& before, const FeedLine& line) {
    const sync::FeedOwnFact fact{0, line.seq, line.header_hash, line.judgement};
    return line.is_officers ? sync::hash_officers_fact(before, fact, line.device)
                            : sync::hash_item(before, fact, line.device);
}

/// As a page that holds it alone.
Bytes item_bytes(std::uint64_t scope, const FeedEnd& before, const FeedEnd& after,
                 const sync::FeedItem& item, const sync::FeedDevice& device) {
    sync::FeedPage page;
    page.scope = scope;
    page.prev_hash = before.hash;
    page.first_pos = after.pos;
    page.last_hash = after.hash;
    page.head_pos = after.pos;
    if (!device.id.is_nil()) page.devices.push_back(device);
    page.items.push_back(item);
    return sync::encode_page(page);
}

std::string guarded_head_sql() {
    return "SELECT pos, feed_hash, base_pos, base_hash, " + store::guard_columns(head_table) +
           " FROM scope_head WHERE scope = ?1";
}

/// Whether the rows of a scope are a chain from its base to its end.
bool is_whole_feed(sqlite::Database& db, std::uint64_t scope) {
    FeedEnd at;
    FeedEnd head;
    {
        sqlite::Statement select(db, guarded_head_sql());
        auto run = select.start();
        run.bind_all(scope);
        if (!run.next() || !store::is_whole(head_table, run, 4)) return false;
        head = {number_of(run.int64(0)), read_hash(run.blob_view(1))};
        at = {number_of(run.int64(2)), read_hash(run.blob_view(3))};
    }
    sqlite::Statement rows(db, check_rows_sql);
    auto run = rows.start();
    run.bind_all(scope);
    while (run.next()) {
        Hash now{};
        if (!run.is_null(2)) {
            const auto page = sync::decode_page(run.blob_view(2));
            if (!page || page->items.size() != 1 || page->prev_hash != at.hash) return false;
            now = page->last_hash;
        } else {
            if (run.is_null(3) || run.is_null(5) || run.is_null(7)) return false;
            FeedLine line;
            line.device = store::read_id<DeviceId>(run, 7);
            line.seq = number_of(run.int64(3));
            line.header_hash = crypto::sha256(run.blob_view(4));
            line.judgement = {run.int64(5), store::hlc_of(run.int64(6))};
            line.is_officers = run.text_view(8) == centre_clinic;
            now = hash_line(at.hash, line);
        }
        if (number_of(run.int64(0)) != at.pos + 1 || read_hash(run.blob_view(1)) != now)
            return false;
        at = {at.pos + 1, now};
    }
    return at == head;
}

}  // namespace

FeedTable::FeedTable(sqlite::Database& db)
    : guard_(db, head_table),
      select_head_(db, select_head_sql),
      upsert_head_(db, upsert_head_sql),
      insert_head_(db, insert_head_sql),
      insert_(db, insert_row_sql),
      select_hash_(db, select_hash_sql),
      select_scopes_(db, select_scopes_sql),
      select_newer_(db, select_newer_sql),
      delete_(db, delete_sql),
      update_base_(db, update_base_sql) {}

FeedEnd FeedTable::end(std::uint64_t scope) {
    auto run = select_head_.start();
    run.bind_all(scope);
    if (!run.next()) return {};
    return {number_of(run.int64(0)), read_hash(run.blob_view(1))};
}

sync::FeedKnown FeedTable::known(std::uint64_t scope, std::uint64_t pos) {
    sync::FeedKnown known;
    if (pos == 0) known.hash = sync::feed_start;
    {
        auto run = select_head_.start();
        run.bind_all(scope);
        if (!run.next()) return known;
        known.head_pos = number_of(run.int64(0));
        known.first_pos = number_of(run.int64(2)) + 1;
        if (pos != 0 && pos + 1 == known.first_pos) known.hash = read_hash(run.blob_view(3));
    }
    if (known.hash || pos > known.head_pos) return known;
    auto run = select_hash_.start();
    run.bind_all(scope, pos);
    if (run.next()) known.hash = read_hash(run.blob_view(0));
    return known;
}

void FeedTable::save_end(std::uint64_t scope, const FeedEnd& end, sqlite::WriteTransaction& tx) {
    upsert_head_.start().bind_all(scope, end.pos, end.hash).finish();
    guard_.seal(scope, tx);
}

void FeedTable::begin_behind(std::uint64_t scope, sqlite::WriteTransaction& tx) {
    Bytes named = copy_of(bytes_of("cr-feed-behind-v1"));
    for (int shift = 56; shift >= 0; shift -= 8)
        named.push_back(static_cast<std::uint8_t>(scope >> shift));
    insert_head_.start().bind_all(scope, crypto::sha256(named)).finish();
    if (tx.database().changes() == 1) guard_.seal(scope, tx);
}

std::size_t FeedTable::compact(Instant time, sqlite::WriteTransaction& tx) {
    std::vector<std::uint64_t> scopes;
    {
        auto run = select_scopes_.start();
        while (run.next()) scopes.push_back(number_of(run.int64(0)));
    }
    std::size_t removed = 0;
    for (const auto scope : scopes) {
        std::uint64_t last = 0;
        {
            auto run = select_newer_.start();
            run.bind_all(scope, unix_ms(time));
            last = number_of(run.single().int64(0)) - 1;
        }
        const auto at = known(scope, last);
        if (last < at.first_pos || !at.hash) continue;
        delete_.start().bind_all(scope, last).finish();
        removed += static_cast<std::size_t>(tx.database().changes());
        update_base_.start().bind_all(scope, last, *at.hash).finish();
        guard_.seal(scope, tx);
    }
    return removed;
}

FeedTable::Appender::Appender(FeedTable& table, std::uint64_t scope, Instant made,
                              sqlite::WriteTransaction& tx)
    : table_(table), scope_(scope), made_(made), tx_(tx), end_(table.end(scope)) {}

void FeedTable::Appender::add(const FeedLine& line) {
    end_ = {end_.pos + 1, hash_line(end_.hash, line)};
    table_.insert_.start()
        .bind_all(scope_, end_.pos, line.position, nullptr, 0, unix_ms(made_), end_.hash)
        .finish();
}

void FeedTable::Appender::add(const sync::FeedItem& item, const sync::FeedDevice& device,
                              bool is_alone) {
    const FeedEnd after{end_.pos + 1, sync::hash_item(end_.hash, item, device.id)};
    table_.insert_.start()
        .bind_all(scope_, after.pos, nullptr, item_bytes(scope_, end_, after, item, device),
                  is_alone ? 1 : 0, unix_ms(made_), after.hash)
        .finish();
    end_ = after;
}

void FeedTable::Appender::finish() { table_.save_end(scope_, end_, tx_); }

StoredItem read_item(ByteView item) {
    auto page = sync::decode_page(item);
    if (!page || page->items.size() != 1)
        throw sqlite::SqliteError(sqlite::damaged_code, "an item of a feed can't be read", "");
    StoredItem read{std::move(page->items.front()), {}};
    if (!page->devices.empty()) read.device = std::move(page->devices.front());
    return read;
}

std::vector<std::uint64_t> find_damaged_feeds(sqlite::Database& db) {
    std::set<std::uint64_t> damaged;
    std::vector<std::uint64_t> scopes;
    {
        sqlite::Statement select(db, select_scopes_sql);
        auto run = select.start();
        while (run.next()) scopes.push_back(number_of(run.int64(0)));
    }
    {
        sqlite::Statement stray(db, stray_scopes_sql);
        auto run = stray.start();
        while (run.next()) damaged.insert(number_of(run.int64(0)));
    }
    for (const auto scope : scopes) {
        if (!is_whole_feed(db, scope)) damaged.insert(scope);
    }
    return {damaged.begin(), damaged.end()};
}

}  // namespace egret::central
