#include "sync/client/upload_store.h"

#include "registry/base/limits.h"
#include "registry/crypto/hash.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace egret::client {
namespace {

constexpr auto select_upload_sql = R"sql(
    SELECT acked_seq, safe_seq, server_time_ms, batch_facts,
           outbox_first, outbox_last, outbox_hash, outbox_tries, outbox_envelope, hash
      FROM upload
)sql";

constexpr auto upsert_upload_sql = R"sql(
    INSERT INTO upload VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    ON CONFLICT (one) DO UPDATE SET
        acked_seq = ?1, safe_seq = ?2, server_time_ms = ?3, batch_facts = ?4,
        outbox_first = ?5, outbox_last = ?6, outbox_hash = ?7, outbox_tries = ?8,
        outbox_envelope = ?9, hash = ?10
)sql";

using Row = sqlite::Statement::Run;

constexpr int first_outbox_column = 4;
constexpr int column_count = 9;

/// A number from `min` to `max`.
std::optional<std::uint64_t> number_at(const Row& row, int column, std::uint64_t min,
                                       std::uint64_t max) {
    const auto value = row.find_int64(column);
    if (!value || *value < 0) return std::nullopt;
    const auto number = static_cast<std::uint64_t>(*value);
    return number >= min && number <= max ? std::optional(number) : std::nullopt;
}

bool has_no_outbox(const Row& row) {
    for (int column = first_outbox_column; column < column_count; ++column) {
        if (!row.is_null(column)) return false;
    }
    return true;
}

std::optional<sync::Outbox> read_outbox(const Row& row, const UploadBounds& bounds) {
    const auto first = number_at(row, 4, 1, bounds.head_seq);
    const auto last = number_at(row, 5, 1, bounds.head_seq);
    const auto hash = row.find_blob(6);
    const auto tries = number_at(row, 7, 0, std::numeric_limits<int>::max());
    auto envelope = row.find_blob(8);
    if (!first || !last || *last < *first || !hash || !tries || !envelope) return std::nullopt;
    sync::Outbox outbox;
    if (hash->size() != outbox.last_hash.size() || envelope->empty()) return std::nullopt;
    outbox.first_seq = *first;
    outbox.last_seq = *last;
    std::copy(hash->begin(), hash->end(), outbox.last_hash.begin());
    outbox.tries = static_cast<int>(*tries);
    outbox.envelope = *std::move(envelope);
    return outbox;
}

void update(crypto::Sha256& hash, std::uint64_t number) {
    hash.update(bytes_of(std::to_string(number))).update(bytes_of(";"));
}

/// SHA-256("cr-up-v1" ‖ the numbers of the row ‖ those of the waiting batch, its hash and it).
Hash hash_state(const sync::SyncState& state) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-up-v1"));
    update(hash, state.acked_seq);
    update(hash, state.safe_seq);
    update(hash, static_cast<std::uint64_t>(state.server_time_ms));
    update(hash, state.batch_bytes);
    if (state.outbox) {
        update(hash, state.outbox->first_seq);
        update(hash, state.outbox->last_seq);
        update(hash, static_cast<std::uint64_t>(state.outbox->tries));
        hash.update(state.outbox->last_hash).update(state.outbox->envelope);
    }
    return hash.finish();
}

/// What the row says. Nothing, if it can't be right.
std::optional<sync::SyncState> read_plausible(const Row& row, const UploadBounds& bounds) {
    const auto acked = number_at(row, 0, 0, bounds.head_seq);
    const auto safe = number_at(row, 1, 0, acked.value_or(0));
    const auto server_time_max = static_cast<std::uint64_t>(unix_ms(bounds.server_time_max));
    const auto server_time = number_at(row, 2, 0, server_time_max);
    // The column is older than what it holds: what the line carries, in bytes.
    const auto batch_bytes = number_at(row, 3, 0, limits::batch_bytes_most);
    if (!acked || !safe || !server_time || !batch_bytes) return std::nullopt;
    sync::SyncState state;
    state.acked_seq = *acked;
    state.safe_seq = *safe;
    state.server_time_ms = static_cast<std::int64_t>(*server_time);
    state.batch_bytes = static_cast<std::size_t>(*batch_bytes);
    if (has_no_outbox(row)) return state;
    state.outbox = read_outbox(row, bounds);
    return state.outbox ? std::optional(std::move(state)) : std::nullopt;
}

/// The same. Nothing, if it is not as it was saved.
std::optional<sync::SyncState> read_state(const Row& row, const UploadBounds& bounds) {
    auto state = read_plausible(row, bounds);
    const auto hash = row.find_blob(column_count);
    if (!state || !hash || !std::ranges::equal(*hash, hash_state(*state))) return std::nullopt;
    return state;
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
        // Of who was erased the header goes up alone. What else isn't there was lost, and must not
        // be lost at the centre, too.
        if (!line.has_payload && !line.is_erased) break;
        auto& entry = entries.emplace_back();
        entry.header = std::move(line.event.header);
        if (line.has_payload)
            entry.content = sync::SaltedPayload{line.event.salt, std::move(line.event.payload)};
        entry.hash = line.hash;
    }
    return entries;
}

UploadBounds upload_bounds(service::Clinic& clinic) {
    const auto head = clinic.log().find_head(clinic.device());
    // The day is saved with each time that the centre says.
    const auto last_day = clinic.server_day().value_or(Date::from_ymd(limits::year_max, 1, 1));
    return {head ? head->seq : 0, clinic.time_zone().start_of_day(last_day.plus_days(1)),
            clinic.has_joined()};
}

UploadStore::UploadStore(sqlite::Database& db)
    : select_(db, select_upload_sql), upsert_(db, upsert_upload_sql) {}

sync::SyncState UploadStore::load(const UploadBounds& bounds) {
    auto row = select_.start();
    const bool is_there = row.next();
    if (!is_there && !bounds.has_joined) return {};
    if (auto state = is_there ? read_state(row, bounds) : std::nullopt) return *std::move(state);
    sync::SyncState lost;
    lost.is_lost = true;
    return lost;
}

void UploadStore::save(const sync::SyncState& state, sqlite::WriteTransaction&) {
    if (state.is_lost) return;
    auto run = upsert_.start();
    run.bind(1, static_cast<std::int64_t>(state.acked_seq));
    run.bind(2, static_cast<std::int64_t>(state.safe_seq));
    run.bind(3, state.server_time_ms);
    run.bind(4, static_cast<std::int64_t>(state.batch_bytes));
    if (state.outbox) {
        run.bind(5, static_cast<std::int64_t>(state.outbox->first_seq));
        run.bind(6, static_cast<std::int64_t>(state.outbox->last_seq));
        run.bind(7, ByteView(state.outbox->last_hash));
        run.bind(8, static_cast<std::int64_t>(state.outbox->tries));
        run.bind(9, ByteView(state.outbox->envelope));
    } else {
        for (int column = 5; column <= 9; ++column) run.bind(column, nullptr);
    }
    run.bind(10, ByteView(hash_state(state)));
    run.finish();
}

}  // namespace egret::client
