#include "sync/central/device_table.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"

#include <algorithm>
#include <cstdlib>
#include <span>

namespace egret::central {
namespace {

constexpr auto insert_enrolled_sql = R"sql(
    INSERT INTO enrolled_device (id, clinic, key_epoch, sign_key, seal_key, tls_key_hash,
                                 enrolled_ms, card_key, keys_hash, top_seq, app_version,
                                 clock_offset_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, '', 0)
)sql";
constexpr auto find_enrolled_sql = R"sql(
    SELECT id, clinic, key_epoch, sign_key, seal_key, tls_key_hash, enrolled_ms, revoked_ms,
           card_key
      FROM enrolled_device WHERE id = ?1
)sql";
constexpr auto select_keys_sql = R"sql(
    SELECT id, clinic, key_epoch, sign_key, seal_key, tls_key_hash, enrolled_ms, revoked_ms,
           card_key, keys_hash
      FROM enrolled_device WHERE revoked_ms IS NULL ORDER BY id
)sql";
constexpr auto select_statuses_sql = R"sql(
    SELECT e.id, e.clinic, e.key_epoch, e.sign_key, e.seal_key, e.tls_key_hash, e.enrolled_ms,
           e.revoked_ms, e.card_key, d.head_seq, d.head_hash, e.seen_ms, e.top_seq, e.app_version,
           e.clock_offset_ms,
           (SELECT i.received_ms FROM upload u JOIN ingest i ON i.id = u.ingest
             WHERE u.device = e.id ORDER BY u.ingest DESC LIMIT 1),
           coalesce((SELECT sum(u.newer) FROM upload u WHERE u.device = e.id), 0),
           coalesce((SELECT sum(u.refused) FROM upload u WHERE u.device = e.id), 0),
           e.forked_ms
      FROM enrolled_device e JOIN device d ON d.id = e.id
     ORDER BY e.clinic, e.enrolled_ms, e.id
)sql";
constexpr auto select_card_keys_sql = R"sql(
    SELECT card_key FROM enrolled_device
     WHERE card_key IS NOT NULL AND revoked_ms IS NULL
     ORDER BY enrolled_ms, id
)sql";
constexpr auto revoke_clinic_sql = R"sql(
    UPDATE enrolled_device SET revoked_ms = ?2 WHERE clinic = ?1 AND revoked_ms IS NULL
)sql";
constexpr auto revoke_device_sql = R"sql(
    UPDATE enrolled_device SET revoked_ms = ?2 WHERE id = ?1 AND revoked_ms IS NULL
)sql";
constexpr auto note_seen_sql = "UPDATE enrolled_device SET seen_ms = ?2 WHERE id = ?1";
constexpr auto note_fork_sql = R"sql(
    UPDATE enrolled_device SET forked_ms = ?2 WHERE id = ?1 AND forked_ms IS NULL
)sql";
constexpr auto note_batch_sql = R"sql(
    UPDATE enrolled_device
       SET seen_ms = ?2, top_seq = max(top_seq, ?3), app_version = ?4, clock_offset_ms = ?5
     WHERE id = ?1
)sql";
constexpr auto insert_upload_sql = R"sql(
    INSERT INTO upload (ingest, device, batch_id, first_seq, last_seq, clock_offset_ms,
                        clock_suspect, newer, refused)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
)sql";

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
    return ms ? std::optional(instant_from_unix_ms(*ms)) : std::nullopt;
}

crypto::Es256PublicKey read_card_key(ByteView bytes) {
    return crypto::Es256PublicKey::from_bytes(read_fixed<64>(bytes));
}

std::optional<Fixed<64>> card_key_bytes(const DeviceKeys& keys) {
    return keys.card ? std::optional(keys.card->to_bytes()) : std::nullopt;
}

Device read_enrolled(const sqlite::Statement::Run& row) {
    std::optional<crypto::Es256PublicKey> card;
    if (!row.is_null(8)) card = read_card_key(row.blob_view(8));
    return {DeviceId{read_fixed<16>(row.blob_view(0))},
            row.text(1),
            {read_fixed<32>(row.blob_view(3)), read_fixed<32>(row.blob_view(4)),
             read_fixed<32>(row.blob_view(5)), static_cast<std::uint32_t>(row.int64(2)), card},
            instant_from_unix_ms(row.int64(6)),
            read_instant(row, 7)};
}

/// Of all that never changes once the device is enrolled, but its clinic, which its log says, too.
Hash hash_keys(const Device& device) {
    const auto& keys = device.keys;
    auto text = "egret-device-keys-v1 " + device.id.to_string() + ' ' + std::to_string(keys.epoch);
    for (const auto& part : {to_hex(keys.sign), to_hex(keys.seal), to_hex(keys.tls_key_hash),
                             keys.card ? to_hex(keys.card->to_bytes()) : std::string("-"),
                             std::to_string(unix_ms(device.enrolled))})
        text.append(" ").append(part);
    return crypto::Sha256().update(bytes_of(text)).finish();
}

bool is_suspect(std::int64_t clock_offset_ms) {
    return std::abs(clock_offset_ms) > limits::clock_suspect_ms;
}

}  // namespace

DeviceTable::DeviceTable(sqlite::Database& db)
    : insert_(db, insert_enrolled_sql),
      find_(db, find_enrolled_sql),
      statuses_(db, select_statuses_sql),
      card_keys_(db, select_card_keys_sql),
      revoke_clinic_(db, revoke_clinic_sql),
      revoke_(db, revoke_device_sql),
      note_seen_(db, note_seen_sql),
      note_batch_(db, note_batch_sql),
      note_fork_(db, note_fork_sql),
      insert_upload_(db, insert_upload_sql) {}

void DeviceTable::add(const Device& device, sqlite::WriteTransaction&) {
    const auto& keys = device.keys;
    insert_.start()
        .bind_all(device.id, device.clinic, keys.epoch, keys.sign, keys.seal, keys.tls_key_hash,
                  unix_ms(device.enrolled), card_key_bytes(keys), hash_keys(device))
        .finish();
}

std::optional<Device> DeviceTable::find(const DeviceId& id) {
    auto run = find_.start();
    run.bind_all(id);
    if (!run.next()) return std::nullopt;
    return read_enrolled(run);
}

std::vector<DeviceId> find_damaged_keys(sqlite::Database& db) {
    std::vector<DeviceId> damaged;
    sqlite::Statement select(db, select_keys_sql);
    auto run = select.start();
    while (run.next()) {
        const auto device = read_enrolled(run);
        if (run.blob(9) != copy_of(hash_keys(device))) damaged.push_back(device.id);
    }
    return damaged;
}

std::vector<DeviceStatus> DeviceTable::statuses() {
    std::vector<DeviceStatus> all;
    auto run = statuses_.start();
    while (run.next()) {
        DeviceStatus status;
        status.device = read_enrolled(run);
        status.head = {static_cast<std::uint64_t>(run.int64(9)), read_fixed<32>(run.blob_view(10))};
        status.seen = read_instant(run, 11);
        status.top_seq = static_cast<std::uint64_t>(run.int64(12));
        status.app_version = run.text(13);
        status.clock_offset_ms = run.int64(14);
        status.clock_suspect = is_suspect(status.clock_offset_ms);
        status.last_batch = read_instant(run, 15);
        status.newer = static_cast<std::uint64_t>(run.int64(16));
        status.refused = static_cast<std::uint64_t>(run.int64(17));
        status.forked = read_instant(run, 18);
        all.push_back(std::move(status));
    }
    return all;
}

std::vector<crypto::Es256PublicKey> DeviceTable::card_keys() {
    std::vector<crypto::Es256PublicKey> all;
    auto run = card_keys_.start();
    while (run.next()) all.push_back(read_card_key(run.blob_view(0)));
    return all;
}

std::size_t DeviceTable::revoke_clinic(std::string_view code, Instant now,
                                       sqlite::WriteTransaction& tx) {
    revoke_clinic_.start().bind_all(code, unix_ms(now)).finish();
    return static_cast<std::size_t>(tx.database().changes());
}

bool DeviceTable::revoke(const DeviceId& id, Instant now, sqlite::WriteTransaction& tx) {
    revoke_.start().bind_all(id, unix_ms(now)).finish();
    return tx.database().changes() == 1;
}

void DeviceTable::note_seen(const DeviceId& id, Instant now, sqlite::WriteTransaction&) {
    note_seen_.start().bind_all(id, unix_ms(now)).finish();
}

void DeviceTable::note_batch(const Upload& upload, sqlite::WriteTransaction&) {
    note_batch_.start()
        .bind_all(upload.device, unix_ms(upload.received), upload.batch.top_seq,
                  upload.batch.app_version, upload.clock_offset_ms)
        .finish();
}

void DeviceTable::note_fork(const DeviceId& id, Instant now, sqlite::WriteTransaction&) {
    note_fork_.start().bind_all(id, unix_ms(now)).finish();
}

void DeviceTable::add_upload(std::int64_t ingest, const Upload& upload, std::uint64_t first_seq,
                             sqlite::WriteTransaction&) {
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
}

}  // namespace egret::central
