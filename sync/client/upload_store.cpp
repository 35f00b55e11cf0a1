#include "sync/client/upload_store.h"

#include "registry/base/limits.h"

#include <algorithm>

namespace egret::client {
namespace {

constexpr auto select_upload_sql = R"sql(
    SELECT acked_seq, safe_seq, server_time_ms, batch_facts,
           outbox_first, outbox_last, outbox_hash, outbox_tries, outbox_envelope
      FROM upload
)sql";

constexpr auto upsert_upload_sql = R"sql(
    INSERT INTO upload VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (one) DO UPDATE SET
        acked_seq = ?1, safe_seq = ?2, server_time_ms = ?3, batch_facts = ?4,
        outbox_first = ?5, outbox_last = ?6, outbox_hash = ?7, outbox_tries = ?8,
        outbox_envelope = ?9
)sql";

std::uint64_t unsigned_at(const sqlite::Statement::Run& row, int column) {
    return static_cast<std::uint64_t>(row.int64(column));
}

}  // namespace

sync::ChainHead StoredLog::head() const {
    const auto head = log_.find_head(device_);
    return head ? sync::ChainHead{head->seq, head->hash} : sync::ChainHead{};
}

std::optional<Hash> StoredLog::find_hash(std::uint64_t seq) const {
    return log_.hash_at(device_, seq);
}

std::vector<sync::LogEntry> StoredLog::entries(std::uint64_t from, std::size_t count) const {
    std::vector<sync::LogEntry> entries;
    for (auto& line : log_.entries(device_, from, count, limits::batch_open_bytes_max)) {
        auto& entry = entries.emplace_back();
        entry.header = std::move(line.event.header);
        if (line.has_payload) {
            entry.content = sync::SaltedPayload{line.event.salt, std::move(line.event.payload)};
        }
        entry.hash = line.hash;
    }
    return entries;
}

UploadStore::UploadStore(sqlite::Database& db)
    : select_(db, select_upload_sql), upsert_(db, upsert_upload_sql) {}

sync::SyncState UploadStore::load() {
    sync::SyncState state;
    auto row = select_.start();
    if (!row.next()) return state;
    state.acked_seq = unsigned_at(row, 0);
    state.safe_seq = unsigned_at(row, 1);
    state.server_time_ms = row.int64(2);
    state.batch_facts = static_cast<std::size_t>(row.int64(3));
    if (row.is_null(4)) return state;
    auto& outbox = state.outbox.emplace();
    outbox.first_seq = unsigned_at(row, 4);
    outbox.last_seq = unsigned_at(row, 5);
    const auto hash = row.blob(6);
    std::copy_n(hash.begin(), std::min(hash.size(), outbox.last_hash.size()),
                outbox.last_hash.begin());
    outbox.tries = static_cast<int>(row.int64(7));
    outbox.envelope = row.blob(8);
    return state;
}

void UploadStore::save(const sync::SyncState& state, sqlite::WriteTransaction&) {
    auto run = upsert_.start();
    run.bind(1, static_cast<std::int64_t>(state.acked_seq));
    run.bind(2, static_cast<std::int64_t>(state.safe_seq));
    run.bind(3, state.server_time_ms);
    run.bind(4, static_cast<std::int64_t>(state.batch_facts));
    if (state.outbox) {
        run.bind(5, static_cast<std::int64_t>(state.outbox->first_seq));
        run.bind(6, static_cast<std::int64_t>(state.outbox->last_seq));
        run.bind(7, ByteView(state.outbox->last_hash));
        run.bind(8, static_cast<std::int64_t>(state.outbox->tries));
        run.bind(9, ByteView(state.outbox->envelope));
    } else {
        for (int column = 5; column <= 9; ++column) run.bind(column, nullptr);
    }
    run.finish();
}

}  // namespace egret::client
