#include "sync/central/spool_table.h"

#include "registry/store/read_id.h"
#include "sync/central/detail/plausible_instant.h"

namespace egret::central {
namespace {

constexpr auto insert_spooled_sql = R"sql(
    INSERT INTO spool (device, first_seq, last_seq, batch, at_ms, envelope)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)
)sql";
constexpr auto find_spooled_sql = "SELECT count(*) FROM spool WHERE device = ?1 AND batch = ?2";
constexpr auto room_sql = R"sql(
    SELECT coalesce(sum(length(envelope)), 0),
           coalesce(sum(length(envelope)) FILTER (WHERE device = ?1), 0) FROM spool
)sql";
constexpr auto spooled_of_sql = R"sql(
    SELECT id, device, first_seq, last_seq, at_ms FROM spool
     WHERE device = ?1 ORDER BY first_seq, last_seq, id
)sql";
constexpr auto all_spooled_sql = R"sql(
    SELECT id, device, first_seq, last_seq, at_ms FROM spool
     ORDER BY device, first_seq, last_seq, id
)sql";
constexpr auto spooled_envelope_sql = "SELECT envelope FROM spool WHERE id = ?1";
constexpr auto remove_spooled_sql = "DELETE FROM spool WHERE id = ?1";
constexpr auto sweep_spool_sql = R"sql(
    DELETE FROM spool
     WHERE at_ms < ?1
        OR last_seq <= (SELECT d.head_seq FROM device d WHERE d.id = spool.device)
)sql";

Spooled read_spooled(const sqlite::Statement::Run& row) {
    return {row.int64(0), store::read_id<DeviceId>(row, 1),
            static_cast<std::uint64_t>(row.int64(2)), static_cast<std::uint64_t>(row.int64(3)),
            plausible_instant(row.int64(4))};
}

}  // namespace

SpoolTable::SpoolTable(sqlite::Database& db)
    : insert_(db, insert_spooled_sql),
      find_(db, find_spooled_sql),
      room_(db, room_sql),
      of_(db, spooled_of_sql),
      all_(db, all_spooled_sql),
      envelope_(db, spooled_envelope_sql),
      remove_(db, remove_spooled_sql),
      sweep_(db, sweep_spool_sql) {}

bool SpoolTable::add(const SpooledUpload& upload, Instant now, sqlite::WriteTransaction&) {
    {
        auto found = find_.start();
        if (found.bind_all(upload.device, upload.batch).single().int64(0) > 0) return true;
    }
    {
        auto taken = room_.start();
        auto& row = taken.bind_all(upload.device).single();
        const auto size = upload.envelope.size();
        if (static_cast<std::size_t>(row.int64(0)) + size > spool_bytes_max ||
            static_cast<std::size_t>(row.int64(1)) + size > spool_bytes_of_device)
            return false;
    }
    insert_.start()
        .bind_all(upload.device, upload.first_seq, upload.last_seq, upload.batch, unix_ms(now),
                  upload.envelope)
        .finish();
    return true;
}

std::vector<Spooled> SpoolTable::of(const DeviceId& device) {
    std::vector<Spooled> found;
    auto row = of_.start();
    row.bind_all(device);
    while (row.next()) found.push_back(read_spooled(row));
    return found;
}

std::vector<Spooled> SpoolTable::all() {
    std::vector<Spooled> found;
    auto row = all_.start();
    while (row.next()) found.push_back(read_spooled(row));
    return found;
}

std::optional<Bytes> SpoolTable::envelope(std::int64_t id) {
    auto row = envelope_.start();
    row.bind_all(id);
    if (!row.next()) return std::nullopt;
    return copy_of(row.blob_view(0));
}

void SpoolTable::remove(std::int64_t id, sqlite::WriteTransaction&) {
    remove_.start().bind_all(id).finish();
}

void SpoolTable::sweep(Instant oldest, sqlite::WriteTransaction&) {
    sweep_.start().bind_all(unix_ms(oldest)).finish();
}

}  // namespace egret::central
