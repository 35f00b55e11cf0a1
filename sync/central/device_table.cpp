#include "sync/central/device_table.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "sync/central/detail/plausible_instant.h"

#include <algorithm>
#include <cstdlib>
#include <span>

namespace egret::central {
namespace {

constexpr std::string_view device_columns[] = {
    "id",           "clinic",        "key_epoch",     "sign_key",          "seal_key",
    "tls_key_hash", "card_key",      "enrolled_ms",   "revoked_ms",        "forked_ms",
    "seen_ms",      "top_seq",       "app_version",   "clock_offset_ms",   "bundle_number",
    "next_epoch",   "next_sign_key", "next_seal_key", "next_tls_key_hash", "next_card_key"};
constexpr store::GuardedTable device_table{"enrolled_device", "id", device_columns};
constexpr std::string_view upload_columns[] = {"ingest",        "device",   "batch_id",
                                               "first_seq",     "last_seq", "clock_offset_ms",
                                               "clock_suspect", "newer",    "refused"};
constexpr store::GuardedTable upload_table{"upload", "ingest", upload_columns};

constexpr auto insert_enrolled_sql = R"sql(
    INSERT INTO enrolled_device (id, clinic, key_epoch, sign_key, seal_key, tls_key_hash,
                                 enrolled_ms, card_key, top_seq, app_version, clock_offset_ms,
                                 bundle_number, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, '', 0, 0, x'')
)sql";
constexpr auto of_clinic_sql = R"sql(
    SELECT id FROM enrolled_device
     WHERE clinic = ?1
     UNION SELECT id FROM device WHERE clinic = ?1 AND clinic <> 'CENTRE'
)sql";
constexpr auto revoke_device_sql = "UPDATE enrolled_device SET revoked_ms = ?2 WHERE id = ?1";
// Of a row that is not as it was noted only what the log of the machine tells is kept, and its
// keys.
constexpr auto mend_device_sql = R"sql(
    UPDATE enrolled_device
       SET (clinic, top_seq) = (SELECT d.clinic, d.head_seq FROM device d WHERE d.id = ?1),
           seen_ms = NULL, forked_ms = NULL, clock_offset_ms = 0, app_version = '',
           bundle_number = 0, next_epoch = NULL, next_sign_key = NULL, next_seal_key = NULL,
           next_tls_key_hash = NULL, next_card_key = NULL
     WHERE id = ?1
)sql";
// With keys that open nothing.
constexpr auto insert_lost_sql = R"sql(
    INSERT INTO enrolled_device (id, clinic, key_epoch, sign_key, seal_key, tls_key_hash,
                                 enrolled_ms, top_seq, app_version, clock_offset_ms,
                                 bundle_number, hash)
    SELECT id, clinic, 0, zeroblob(32), zeroblob(32), zeroblob(32), ?2, head_seq, '', 0, 0, x''
      FROM device WHERE id = ?1
)sql";
constexpr auto lost_sql = R"sql(
    SELECT id, clinic, head_seq, head_hash FROM device
     WHERE id NOT IN (SELECT id FROM enrolled_device) AND clinic <> 'CENTRE' ORDER BY id
)sql";
// Of what was refused when it came that on which an officer ruled since.
constexpr auto ruled_sql = R"sql(
    SELECT d.id, count(*) FROM quarantine q JOIN event e ON e.position = q.position
      JOIN device d ON d.ix = e.device_ix
     WHERE q.reason IN ('erased', 'invalid', 'bad_header', 'bad_payload')
       AND EXISTS (SELECT 1 FROM ruling r WHERE r.uid = e.uid)
     GROUP BY d.id
)sql";
constexpr auto note_seen_sql = "UPDATE enrolled_device SET seen_ms = ?2 WHERE id = ?1";
constexpr auto note_fork_sql = R"sql(
    UPDATE enrolled_device SET forked_ms = ?2 WHERE id = ?1 AND forked_ms IS NULL
)sql";
constexpr auto note_batch_sql = R"sql(
    UPDATE enrolled_device
       SET seen_ms = ?2, top_seq = max(top_seq, ?3), app_version = ?4, clock_offset_ms = ?5,
           bundle_number = coalesce(?6, bundle_number)
     WHERE id = ?1
)sql";
constexpr auto note_bundle_sql = R"sql(
    UPDATE enrolled_device SET bundle_number = ?2 WHERE id = ?1 AND bundle_number <> ?2
)sql";
constexpr auto offer_keys_sql = R"sql(
    UPDATE enrolled_device
       SET next_epoch = ?2, next_sign_key = ?3, next_seal_key = ?4, next_tls_key_hash = ?5,
           next_card_key = ?6
     WHERE id = ?1
)sql";
constexpr auto replace_keys_sql = R"sql(
    UPDATE enrolled_device
       SET key_epoch = ?2, sign_key = ?3, seal_key = ?4, tls_key_hash = ?5, card_key = ?6,
           next_epoch = NULL, next_sign_key = NULL, next_seal_key = NULL,
           next_tls_key_hash = NULL, next_card_key = NULL
     WHERE id = ?1
)sql";
constexpr auto insert_upload_sql = R"sql(
    INSERT INTO upload (ingest, device, batch_id, first_seq, last_seq, clock_offset_ms,
                        clock_suspect, newer, refused, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, x'')
)sql";

std::string enrolled_columns() {
    return "e.id, e.clinic, e.key_epoch, e.sign_key, e.seal_key, e.tls_key_hash, e.enrolled_ms, "
           "e.revoked_ms, e.card_key, e.next_epoch, e.next_sign_key, e.next_seal_key, "
           "e.next_tls_key_hash, e.next_card_key, " +
           store::guard_columns(device_table, "e.");
}

std::string find_enrolled_sql() {
    return "SELECT " + enrolled_columns() + " FROM enrolled_device e WHERE e.id = ?1";
}

std::string select_statuses_sql() {
    return "SELECT " + enrolled_columns() + R"sql(,
           d.head_seq, d.head_hash, e.seen_ms, e.top_seq, e.app_version, e.clock_offset_ms,
           (SELECT i.received_ms FROM upload u JOIN ingest i ON i.id = u.ingest
             WHERE u.device = e.id ORDER BY u.ingest DESC LIMIT 1),
           e.forked_ms, e.bundle_number
      FROM enrolled_device e JOIN device d ON d.id = e.id
     ORDER BY e.clinic, e.enrolled_ms, e.id
)sql";
}

/// Of most batches there is nothing to tell.
std::string odd_facts_sql() {
    return "SELECT device, newer, refused, " + store::guard_columns(upload_table) +
           " FROM upload WHERE newer <> 0 OR refused <> 0";
}

std::string select_card_keys_sql() {
    return "SELECT card_key, " + store::guard_columns(device_table) + R"sql(
      FROM enrolled_device
     WHERE card_key IS NOT NULL AND revoked_ms IS NULL
     ORDER BY enrolled_ms, id
)sql";
}

std::string select_guarded_devices_sql() {
    return "SELECT e.id, e.clinic IS d.clinic, " + store::guard_columns(device_table, "e.") + R"sql(
      FROM enrolled_device e LEFT JOIN device d ON d.id = e.id ORDER BY e.id
)sql";
}

template <std::size_t N>
Fixed<N> read_fixed(ByteView bytes) {
    Fixed<N> out{};
    if (bytes.size() != N)
        throw sqlite::SqliteError(sqlite::damaged_code, "a device's row is damaged", "");
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

std::optional<Instant> read_instant(const sqlite::Statement::Run& row, int column) {
    const auto ms = row.find_int64(column);
    return ms ? std::optional(plausible_instant(*ms)) : std::nullopt;
}

crypto::Es256PublicKey read_card_key(ByteView bytes) {
    return crypto::Es256PublicKey::from_bytes(read_fixed<64>(bytes));
}

std::optional<Fixed<64>> card_key_bytes(const DeviceKeys& keys) {
    return keys.card ? std::optional(keys.card->to_bytes()) : std::nullopt;
}

/// A number of facts, to be shown even where the row is damaged.
std::uint64_t count_of(std::int64_t column) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(column, 0));
}

/// Of a row that begins with enrolled_columns.
std::optional<DeviceKeys> read_next_keys(const sqlite::Statement::Run& row) {
    if (row.is_null(9)) return std::nullopt;
    std::optional<crypto::Es256PublicKey> card;
    if (!row.is_null(13)) card = read_card_key(row.blob_view(13));
    return DeviceKeys{read_fixed<32>(row.blob_view(10)), read_fixed<32>(row.blob_view(11)),
                      read_fixed<32>(row.blob_view(12)), static_cast<std::uint32_t>(row.int64(9)),
                      card};
}

/// The same.
Device read_enrolled(const sqlite::Statement::Run& row) {
    std::optional<crypto::Es256PublicKey> card;
    if (!row.is_null(8)) card = read_card_key(row.blob_view(8));
    return {DeviceId{read_fixed<16>(row.blob_view(0))},
            row.text(1),
            {read_fixed<32>(row.blob_view(3)), read_fixed<32>(row.blob_view(4)),
             read_fixed<32>(row.blob_view(5)), static_cast<std::uint32_t>(row.int64(2)), card},
            plausible_instant(row.int64(6)),
            read_instant(row, 7),
            !store::is_whole(device_table, row, 14),
            read_next_keys(row)};
}

/// Batches of the first version say nothing of it.
std::optional<std::uint64_t> said_bundle(const sync::Batch& batch) {
    return batch.version > 1 ? std::optional(batch.bundle_number) : std::nullopt;
}

bool is_suspect(std::int64_t clock_offset_ms) {
    return std::abs(clock_offset_ms) > limits::clock_suspect_ms;
}

}  // namespace

DeviceTable::DeviceTable(sqlite::Database& db)
    : guard_(db, device_table),
      upload_guard_(db, upload_table),
      insert_(db, insert_enrolled_sql),
      find_(db, find_enrolled_sql()),
      statuses_(db, select_statuses_sql()),
      odd_facts_(db, odd_facts_sql()),
      ruled_(db, ruled_sql),
      card_keys_(db, select_card_keys_sql()),
      of_clinic_(db, of_clinic_sql),
      revoke_(db, revoke_device_sql),
      mend_(db, mend_device_sql),
      insert_lost_(db, insert_lost_sql),
      lost_(db, lost_sql),
      note_seen_(db, note_seen_sql),
      note_batch_(db, note_batch_sql),
      note_fork_(db, note_fork_sql),
      note_bundle_(db, note_bundle_sql),
      offer_keys_(db, offer_keys_sql),
      replace_keys_(db, replace_keys_sql),
      insert_upload_(db, insert_upload_sql) {}

void DeviceTable::add(const Device& device, sqlite::WriteTransaction& tx) {
    const auto& keys = device.keys;
    insert_.start()
        .bind_all(device.id, device.clinic, keys.epoch, keys.sign, keys.seal, keys.tls_key_hash,
                  unix_ms(device.enrolled), card_key_bytes(keys))
        .finish();
    guard_.seal(device.id, tx);
}

std::optional<Device> DeviceTable::find(const DeviceId& id) {
    auto run = find_.start();
    run.bind_all(id);
    if (!run.next()) return std::nullopt;
    return read_enrolled(run);
}

std::map<DeviceId, DeviceTable::OddFacts> DeviceTable::odd_facts() {
    std::map<DeviceId, OddFacts> odd;
    auto run = odd_facts_.start();
    while (run.next()) {
        if (!store::is_whole(upload_table, run, 3)) continue;
        auto& facts = odd[DeviceId{read_fixed<16>(run.blob_view(0))}];
        facts.newer += count_of(run.int64(1));
        facts.refused += count_of(run.int64(2));
    }
    auto ruled = ruled_.start();
    while (ruled.next()) {
        auto& facts = odd[DeviceId{read_fixed<16>(ruled.blob_view(0))}];
        facts.refused -= std::min(facts.refused, count_of(ruled.int64(1)));
    }
    return odd;
}

std::vector<DeviceStatus> DeviceTable::statuses() {
    const auto odd = odd_facts();
    std::vector<DeviceStatus> all;
    auto run = statuses_.start();
    while (run.next()) {
        DeviceStatus status;
        status.device = read_enrolled(run);
        status.head = {count_of(run.int64(16)), read_fixed<32>(run.blob_view(17))};
        status.seen = read_instant(run, 18);
        status.top_seq = count_of(run.int64(19));
        status.app_version = run.text(20);
        status.clock_offset_ms = run.int64(21);
        status.clock_suspect = is_suspect(status.clock_offset_ms);
        status.last_batch = read_instant(run, 22);
        status.forked = read_instant(run, 23);
        status.bundle_number = count_of(run.int64(24));
        if (const auto found = odd.find(status.device.id); found != odd.end()) {
            status.newer = found->second.newer;
            status.refused = found->second.refused;
        }
        all.push_back(std::move(status));
    }
    for (auto& status : lost()) all.push_back(std::move(status));
    return all;
}

std::vector<DeviceStatus> DeviceTable::lost() {
    std::vector<DeviceStatus> all;
    auto run = lost_.start();
    while (run.next()) {
        DeviceStatus status;
        status.device.id = DeviceId{read_fixed<16>(run.blob_view(0))};
        status.device.clinic = run.text(1);
        status.device.is_damaged = true;
        status.head = {count_of(run.int64(2)), read_fixed<32>(run.blob_view(3))};
        status.top_seq = status.head.seq;
        all.push_back(std::move(status));
    }
    return all;
}

std::vector<crypto::Es256PublicKey> DeviceTable::card_keys() {
    std::vector<crypto::Es256PublicKey> all;
    auto run = card_keys_.start();
    while (run.next()) {
        if (store::is_whole(device_table, run, 1)) all.push_back(read_card_key(run.blob_view(0)));
    }
    return all;
}

std::size_t DeviceTable::revoke_clinic(std::string_view code, Instant now,
                                       sqlite::WriteTransaction& tx) {
    std::vector<DeviceId> ids;
    {
        auto run = of_clinic_.start();
        run.bind_all(code);
        while (run.next()) ids.push_back(DeviceId{read_fixed<16>(run.blob_view(0))});
    }
    std::size_t count = 0;
    for (const auto& id : ids) {
        if (revoke(id, now, tx)) ++count;
    }
    return count;
}

bool DeviceTable::revoke(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx) {
    const auto device = find(id);
    if (device && device->revoked && !device->is_damaged) return false;
    if (!device) {
        insert_lost_.start().bind_all(id, unix_ms(now)).finish();
        if (tx.database().changes() == 0) return false;
    } else if (device->is_damaged) {
        mend_.start().bind_all(id).finish();
    }
    revoke_.start().bind_all(id, unix_ms(now)).finish();
    guard_.seal(id, tx);
    return true;
}

void DeviceTable::note_seen(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx) {
    if (!guard_.is_whole(id)) return;
    note_seen_.start().bind_all(id, unix_ms(now)).finish();
    guard_.seal(id, tx);
}

void DeviceTable::note_batch(const Upload& upload, sqlite::WriteTransaction& tx) {
    if (!guard_.is_whole(upload.device)) return;
    note_batch_.start()
        .bind_all(upload.device, unix_ms(upload.received), upload.batch.top_seq,
                  upload.batch.app_version, upload.clock_offset_ms, said_bundle(upload.batch))
        .finish();
    guard_.seal(upload.device, tx);
}

void DeviceTable::note_bundle(const DeviceId& id, std::uint64_t number,
                              sqlite::WriteTransaction& tx) {
    if (!guard_.is_whole(id)) return;
    note_bundle_.start().bind_all(id, number).finish();
    if (tx.database().changes() > 0) guard_.seal(id, tx);
}

void DeviceTable::offer_keys(const DeviceId& id, const DeviceKeys& next,
                             sqlite::WriteTransaction& tx) {
    offer_keys_.start()
        .bind_all(id, next.epoch, next.sign, next.seal, next.tls_key_hash, card_key_bytes(next))
        .finish();
    guard_.seal(id, tx);
}

void DeviceTable::replace_keys(const DeviceId& id, const DeviceKeys& keys,
                               sqlite::WriteTransaction& tx) {
    replace_keys_.start()
        .bind_all(id, keys.epoch, keys.sign, keys.seal, keys.tls_key_hash, card_key_bytes(keys))
        .finish();
    guard_.seal(id, tx);
}

void DeviceTable::note_fork(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx) {
    if (!guard_.is_whole(id)) return;
    note_fork_.start().bind_all(id, unix_ms(now)).finish();
    guard_.seal(id, tx);
}

void DeviceTable::add_upload(std::int64_t ingest, const Upload& upload, std::uint64_t first_seq,
                             sqlite::WriteTransaction& tx) {
    const auto first = static_cast<std::size_t>(first_seq - upload.batch.first_seq);
    const auto added = std::span(upload.verdicts).subspan(first);
    const auto newer = std::count_if(added.begin(), added.end(),
                                     [](const Verdict& verdict) { return verdict.is_newer; });
    const auto refused = std::count_if(added.begin(), added.end(), [](const Verdict& verdict) {
        return !verdict.refused_because.empty();
    });
    insert_upload_.start()
        .bind_all(ingest, upload.device, upload.batch_id, first_seq, upload.batch.last_seq(),
                  upload.clock_offset_ms, is_suspect(upload.clock_offset_ms), newer, refused)
        .finish();
    upload_guard_.seal(ingest, tx);
}

std::vector<DeviceId> find_damaged_devices(sqlite::Database& db) {
    std::vector<DeviceId> damaged;
    sqlite::Statement select(db, select_guarded_devices_sql());
    auto run = select.start();
    while (run.next()) {
        const bool is_of_clinic = run.int64(1) != 0;
        if (!is_of_clinic || !store::is_whole(device_table, run, 2))
            damaged.push_back(DeviceId::from_bytes(run.blob_view(0)).value_or(DeviceId{}));
    }
    return damaged;
}

bool has_damaged_uploads(sqlite::Database& db) {
    sqlite::Statement select(
        db, "SELECT " + store::guard_columns(upload_table) + " FROM upload ORDER BY ingest");
    auto run = select.start();
    while (run.next()) {
        if (!store::is_whole(upload_table, run, 0)) return true;
    }
    return false;
}

}  // namespace egret::central
