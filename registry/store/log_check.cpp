#include "registry/store/log_check.h"

#include "registry/codec/event_codec.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"
#include "registry/store/foreign_log.h"
#include "registry/store/ingest_table.h"
#include "registry/store/read_id.h"
#include "registry/store/statements.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace egret::store {
namespace {

constexpr auto checked_devices_sql = R"sql(
    SELECT ix, id, head_seq, head_hash, clinic, name_hash, kind FROM device ORDER BY id
)sql";
constexpr auto has_strays_sql = R"sql(
    SELECT EXISTS (SELECT 1 FROM event WHERE device_ix NOT IN (SELECT ix FROM device))
)sql";
constexpr auto checked_lines_sql = R"sql(
    SELECT e.seq, e.uid, e.type, w.id, e.header, e.hash, p.salt, p.payload,
           EXISTS (SELECT 1 FROM quarantine q
                    WHERE q.position = e.position AND q.reason = 'bad_header'),
           e.position, e.ingest,
           EXISTS (SELECT 1 FROM quarantine q
                    WHERE q.position = e.position AND q.reason = 'erased')
           OR EXISTS (SELECT 1 FROM absent a WHERE a.position = e.position),
           e.woman_ix
      FROM event e LEFT JOIN woman w ON w.ix = e.woman_ix LEFT JOIN payload p USING (position)
     WHERE e.device_ix = ?1 ORDER BY e.seq
)sql";
constexpr auto checked_ingests_sql = R"sql(
    SELECT id, received_ms, known_day, offset_ms, ceiling, first_position, hash
      FROM ingest ORDER BY id
)sql";
constexpr std::uint64_t lines_between_reports = 4096;

/// Checks the chain of the ingests, and then which line belongs to which.
class IngestCheck {
public:
    explicit IngestCheck(sqlite::Database& db) {
        sqlite::Statement select(db, checked_ingests_sql);
        auto run = select.start();
        Hash computed = ingest_chain_start;
        Hash stored = ingest_chain_start;
        while (run.next()) {
            const auto line = read_ingest_line(run);
            // As with events: after a hash that is wrong, the next may follow from either.
            auto follows = hash_ingest(computed, line);
            if (follows != line.hash) follows = hash_ingest(stored, line);
            computed = follows;
            stored = line.hash;
            ingests_.push_back({line.id, line.first_position, follows == line.hash, false});
        }
    }

    /// True if the line at that position came with that ingest, and that is as it was written.
    bool holds(std::int64_t id, Position position) {
        const auto found = std::ranges::lower_bound(ingests_, id, {}, &Checked::id);
        if (found == ingests_.end() || found->id != id) return false;
        found->has_lines = true;
        if (!found->is_whole || position < found->first_position) return false;
        const auto next = std::next(found);
        return next == ingests_.end() || !next->is_whole || position < next->first_position;
    }

    /// Once all lines were seen: true if one without lines is not as it was written.
    bool has_lost_ingest() const {
        return std::ranges::any_of(
            ingests_, [](const Checked& one) { return !one.is_whole && !one.has_lines; });
    }

private:
    struct Checked {
        std::int64_t id;
        std::int64_t first_position;
        bool is_whole;
        bool has_lines;
    };

    std::vector<Checked> ingests_;  // By id.
};

bool is_same(const Hash& hash, ByteView bytes) { return std::ranges::equal(hash, bytes); }

Hash hash_in(ByteView bytes) {
    Hash hash{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
    return hash;
}

void add_up(Hash& sum, const Hash& hash) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] ^= hash[i];
}

/// Checks the lines of one device's log as they come.
class LogCheck {
public:
    LogCheck(const DeviceId& device, DeviceKind kind, PayloadSeal* seal, IngestCheck& ingests,
             std::vector<LogFault>& faults)
        : device_(device),
          is_foreign_(kind == DeviceKind::foreign),
          seal_(seal),
          ingests_(ingests),
          faults_(faults) {}

    void take(const sqlite::Statement::Run& row) {
        const auto seq = static_cast<std::uint64_t>(row.int64(0));
        const bool follows = seq == seq_ + 1;
        if (!follows && !is_foreign_) add(seq, LogFaultKind::gap);
        seq_ = seq;
        ++count_;
        if (is_foreign_)
            check_line(row.blob_view(4), row.blob_view(5));
        else
            check_hash(row.blob_view(4), row.blob_view(5), follows);
        check_content(row);
        if (!ingests_.holds(row.int64(10), row.int64(9))) add(seq, LogFaultKind::bad_ingest);
    }

    void end(std::uint64_t head_seq, ByteView head_hash) {
        const bool ends_here = is_same(stored_, head_hash) || is_same(computed_, head_hash);
        if (is_foreign_) {
            if (head_seq != count_ || !ends_here) add(0, LogFaultKind::head_mismatch);
            return;
        }
        if (head_seq != seq_ || !ends_here)
            add(std::max(head_seq, seq_), LogFaultKind::head_mismatch);
    }

private:
    void add(std::uint64_t seq, LogFaultKind kind) { faults_.push_back({device_, seq, kind}); }

    /// After a line whose hash is not what it should be, the next one may follow from either: so
    /// that one changed byte names one line.
    void check_hash(ByteView header, ByteView stored, bool follows) {
        auto computed = codec::hash_event(computed_, header);
        if (!is_same(computed, stored)) computed = codec::hash_event(stored_, header);
        if (follows && !is_same(computed, stored)) add(seq_, LogFaultKind::hash_mismatch);
        computed_ = computed;
        stored_ = hash_in(stored);
    }

    /// So that one changed byte names one line, the sum may be that of what is stored or of what
    /// should be.
    void check_line(ByteView header, ByteView stored) {
        const auto computed = hash_foreign(device_, seq_, header);
        if (!is_same(computed, stored)) add(seq_, LogFaultKind::hash_mismatch);
        add_up(computed_, computed);
        add_up(stored_, hash_in(stored));
    }

    void check_content(const sqlite::Statement::Run& row) {
        const auto header = codec::decode_header(row.blob_view(4));
        const bool came_unreadable = row.int64(8) != 0;
        if (header.operator bool() == came_unreadable) add(seq_, LogFaultKind::bad_header);
        if (header && !agrees(*header, row)) add(seq_, LogFaultKind::bad_header);
        if (row.is_null(6)) {
            const bool came_erased = row.int64(11) != 0;
            if (!came_erased) add(seq_, LogFaultKind::unreadable_payload);
        } else if (header) {
            const OpenedContent content(seal_, row.find_int64(12).value_or(0), &*header,
                                        row.blob_view(6), row.blob_view(7));
            codec::Salt salt{};
            const auto stored_salt = content.salt();
            if (stored_salt.size() == salt.size())
                std::copy(stored_salt.begin(), stored_salt.end(), salt.begin());
            const auto commitment = codec::commitment_of(salt, content.payload());
            if (stored_salt.size() != salt.size() || commitment != header->commitment)
                add(seq_, LogFaultKind::bad_commitment);
        }
    }

    static bool agrees(const codec::EventHeader& header, const sqlite::Statement::Run& row) {
        return !row.is_null(1) && std::ranges::equal(header.uid.bytes, row.blob_view(1)) &&
               row.int64(2) == header.type && !row.is_null(3) &&
               std::ranges::equal(header.subject.bytes, row.blob_view(3));
    }

    DeviceId device_;
    bool is_foreign_;
    PayloadSeal* seal_;
    IngestCheck& ingests_;
    std::vector<LogFault>& faults_;
    std::uint64_t seq_ = 0;
    std::uint64_t count_ = 0;
    Hash computed_ = codec::chain_start;  // Of a foreign log: the sum, and it starts the same.
    Hash stored_ = codec::chain_start;
};

}  // namespace

std::string_view to_string(LogFaultKind kind) {
    switch (kind) {
        case LogFaultKind::hash_mismatch: return "hash_mismatch";
        case LogFaultKind::gap: return "gap";
        case LogFaultKind::bad_header: return "bad_header";
        case LogFaultKind::bad_commitment: return "bad_commitment";
        case LogFaultKind::head_mismatch: return "head_mismatch";
        case LogFaultKind::unreadable_payload: return "unreadable_payload";
        case LogFaultKind::bad_ingest: return "bad_ingest";
        case LogFaultKind::bad_device: return "bad_device";
        case LogFaultKind::bad_statement: return "bad_statement";
    }
    return {};
}

std::vector<LogFault> check_logs(sqlite::Database& db, Progress& progress, PayloadSeal* seal) {
    // A batch that comes meanwhile would stand in some of the tables only.
    std::optional<sqlite::ReadTransaction> one_state;
    if (!db.in_transaction()) one_state.emplace(db);
    sqlite::Statement count(db, "SELECT count(*) FROM event");
    const auto total = static_cast<std::uint64_t>(count.start().single().int64(0));
    sqlite::Statement devices(db, checked_devices_sql);
    sqlite::Statement lines(db, checked_lines_sql);
    IngestCheck ingests(db);
    std::vector<LogFault> faults;
    std::uint64_t done = 0;
    auto device = devices.start();
    while (device.next()) {
        const auto id = read_id<DeviceId>(device, 1);
        const auto kind = static_cast<DeviceKind>(device.int64(6));
        if (!is_same(hash_device({id, device.text(4)}, kind), device.blob_view(5)))
            faults.push_back({id, 0, LogFaultKind::bad_device});
        LogCheck check(id, kind, seal, ingests, faults);
        auto line = lines.start();
        line.bind_all(device.int64(0));
        while (line.next()) {
            check.take(line);
            if (++done % lines_between_reports == 0) progress.at(done, total);
        }
        check.end(static_cast<std::uint64_t>(device.int64(2)), device.blob_view(3));
    }
    for (const auto& odd : odd_statements(db))
        faults.push_back({odd.device, odd.seq, LogFaultKind::bad_statement});
    std::ranges::stable_sort(
        faults, {}, [](const LogFault& fault) { return std::pair(fault.device, fault.seq); });
    sqlite::Statement strays(db, has_strays_sql);
    if (strays.start().single().int64(0) != 0) faults.push_back({{}, 0, LogFaultKind::bad_device});
    if (ingests.has_lost_ingest()) faults.push_back({{}, 0, LogFaultKind::bad_ingest});
    progress.at(done, total);
    return faults;
}

Result<Done> require_whole_logs(sqlite::Database& db, Progress& progress, PayloadSeal* seal) {
    const auto faults = check_logs(db, progress, seal);
    if (faults.empty()) return Done{};
    return Error{ErrorCode::conflict, "",
                 msg("store.log_damaged", {{"count", std::to_string(faults.size())}})};
}

}  // namespace egret::store
