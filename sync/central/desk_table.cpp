#include "sync/central/desk_table.h"

#include <string_view>

namespace egret::central {
namespace {

constexpr std::string_view act_columns[] = {"ingest",    "number",   "act", "because",
                                            "first_seq", "last_seq", "uid", "holds"};
constexpr store::GuardedTable act_table{"desk_act", "ingest", act_columns};

constexpr auto insert_act_sql = R"sql(
    INSERT INTO desk_act (ingest, number, act, because, first_seq, last_seq, uid, holds, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, x'')
)sql";
// What it added is the centre's, and all of it; what it ruled holds from it on.
constexpr auto odd_acts_sql = R"sql(
    SELECT count(*) FROM desk_act a
      LEFT JOIN ingest i ON i.id = a.ingest
      LEFT JOIN centre_user c ON c.number = a.number
      LEFT JOIN (SELECT e.ingest, min(e.seq) AS first_seq, max(e.seq) AS last_seq,
                        count(*) AS facts, max(d.clinic) AS clinic, min(d.clinic) AS other
                   FROM event e JOIN device d ON d.ix = e.device_ix
                  WHERE e.ingest IN (SELECT ingest FROM desk_act) GROUP BY e.ingest) e
        ON e.ingest = a.ingest
      LEFT JOIN ruling r ON r.ingest = a.ingest AND r.uid = a.uid
     WHERE i.id IS NULL OR c.number IS NULL
        OR coalesce(e.first_seq, 0) <> a.first_seq OR coalesce(e.last_seq, 0) <> a.last_seq
        OR coalesce(e.facts, 0) <> (a.first_seq <> 0) * (a.last_seq - a.first_seq + 1)
        OR e.clinic <> 'CENTRE' OR e.other <> 'CENTRE' OR r.holds IS NOT a.holds
        OR (a.uid IS NULL) <> (a.holds IS NULL)
        OR (a.uid IS NULL AND a.first_seq = 0)
)sql";
constexpr auto stray_facts_sql = R"sql(
    SELECT count(*) FROM device d JOIN event e ON e.device_ix = d.ix
     WHERE d.clinic = 'CENTRE' AND e.ingest NOT IN (SELECT ingest FROM desk_act)
)sql";
constexpr auto stray_rulings_sql = R"sql(
    SELECT count(*) FROM ruling r
     WHERE NOT EXISTS (SELECT 1 FROM desk_act a WHERE a.ingest = r.ingest AND a.uid = r.uid)
)sql";

bool counts_any(sqlite::Database& db, const char* sql) {
    sqlite::Statement count(db, sql);
    return count.start().single().int64(0) > 0;
}

}  // namespace

DeskTable::DeskTable(sqlite::Database& db) : guard_(db, act_table), insert_(db, insert_act_sql) {}

void DeskTable::add(const DeskNote& note, sqlite::WriteTransaction& tx) {
    std::optional<EventUid> uid;
    std::optional<std::int64_t> holds;
    if (note.ruling) {
        uid = note.ruling->uid;
        holds = note.ruling->holds ? 1 : 0;
    }
    insert_.start()
        .bind_all(note.ingest, note.officer, note.act, note.because, note.first_seq, note.last_seq,
                  uid, holds)
        .finish();
    guard_.seal(note.ingest, tx);
}

bool has_damaged_acts(sqlite::Database& db) {
    for (const auto* sql : {odd_acts_sql, stray_facts_sql, stray_rulings_sql}) {
        if (counts_any(db, sql)) return true;
    }
    sqlite::Statement select(
        db, "SELECT " + store::guard_columns(act_table) + " FROM desk_act ORDER BY ingest");
    auto run = select.start();
    while (run.next()) {
        if (!store::is_whole(act_table, run, 0)) return true;
    }
    return false;
}

}  // namespace egret::central
