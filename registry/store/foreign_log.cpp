#include "registry/store/foreign_log.h"

#include "registry/base/ensure.h"
#include "registry/crypto/hash.h"
#include "registry/store/read_id.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace egret::store {
namespace {

constexpr auto select_stored_sql = R"sql(
    SELECT e.position, e.seq, e.header, e.hash, p.position IS NOT NULL
      FROM event e LEFT JOIN payload p USING (position)
     WHERE e.device_ix = ?1 AND e.seq = ?2
)sql";
constexpr auto select_same_sql = R"sql(
    SELECT e.position, e.seq, e.header, e.hash, p.position IS NOT NULL
      FROM event e LEFT JOIN payload p USING (position)
     WHERE e.uid = ?1 AND e.device_ix = ?2 AND e.header = ?3 ORDER BY e.position LIMIT 1
)sql";
constexpr auto select_uid_known_sql = "SELECT EXISTS (SELECT 1 FROM event WHERE uid = ?1)";
constexpr auto select_why_absent_sql = "SELECT reason FROM absent WHERE position = ?1";
constexpr auto select_payload_lines_sql = R"sql(
    SELECT e.position, d.id, e.seq
      FROM event e JOIN payload p USING (position) JOIN device d ON d.ix = e.device_ix
     WHERE e.woman_ix = ?1 AND e.type <> ?2 ORDER BY e.position
)sql";
constexpr auto renumber_sql = "UPDATE event SET seq = ?2, hash = ?3 WHERE position = ?1";
constexpr auto insert_absent_sql = R"sql(
    INSERT INTO absent (position, reason, ingest, mark) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (position) DO UPDATE SET reason = ?2, ingest = ?3, mark = ?4
)sql";
constexpr auto insert_signature_sql = R"sql(
    INSERT INTO officer_signature (position, signature) VALUES (?1, ?2)
    ON CONFLICT (position) DO UPDATE SET signature = ?2
)sql";

std::int64_t seq_column(std::uint64_t seq) { return std::bit_cast<std::int64_t>(seq); }

/// Past all numbers that a device gives, one for each line.
std::uint64_t number_of_its_own(Position position) {
    return (std::uint64_t{1} << 62) + static_cast<std::uint64_t>(position);
}

}  // namespace

Hash hash_foreign(const DeviceId& device, std::uint64_t seq, ByteView header) {
    Fixed<8> number{};
    for (auto& byte : number) {
        seq = std::rotl(seq, 8);
        byte = static_cast<std::uint8_t>(seq & 0xff);
    }
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-fe-v1")).update(device.view()).update(number).update(header);
    return hash.finish();
}

ForeignLog::ForeignLog(EventLog& log, Statements& statements, sqlite::Database& db)
    : log_(log),
      statements_(statements),
      db_(db),
      select_stored_(db, select_stored_sql),
      select_same_(db, select_same_sql),
      select_known_(db, select_uid_known_sql),
      select_absent_(db, select_why_absent_sql),
      select_lines_(db, select_payload_lines_sql),
      renumber_(db, renumber_sql),
      delete_payload_(db, "DELETE FROM payload WHERE position = ?1"),
      insert_absent_(db, insert_absent_sql),
      delete_absent_(db, "DELETE FROM absent WHERE position = ?1"),
      insert_signature_(db, insert_signature_sql) {}

ForeignLog::Taken ForeignLog::take(const IngestOnDemand& ingest, const ReceivedFact& fact,
                                   ForeignChange& change, sqlite::WriteTransaction& tx) {
    const auto device_ix = log_.find_device(fact.device);
    const auto head = log_.find_head(fact.device);
    EGRET_ENSURE(device_ix && head);
    auto stored = find_stored(*device_ix, fact.seq);
    if (stored && stored->header == fact.event.header)
        return take_again(ingest, fact, *stored, change, tx);
    if (head->kind != DeviceKind::foreign) return Taken::not_ours;
    if (stored) {
        renumber(fact.device, *stored, number_of_its_own(stored->position), tx);
        change.needs_rebuild = true;
    }
    if (auto same = find_same(*device_ix, fact)) {
        renumber(fact.device, *same, fact.seq, tx);
        change.needs_rebuild = true;
        return take_again(ingest, fact, *same, change, tx);
    }
    const auto header = codec::decode_header(fact.event.header);
    const bool is_new = !header || !is_known(*header);
    const auto hash = hash_foreign(fact.device, fact.seq, fact.event.header);
    const auto appended = log_.insert({*device_ix, fact.seq, ingest()}, fact.event, hash, tx);
    note_hash(fact.device, {}, hash, 1);
    change.appended.push_back(appended);
    keep_signature(fact, appended.position);
    statements_.judge(ingest(), fact.device, fact.seq, {fact.clock, {}}, tx);
    return is_new ? Taken::brought_new : Taken::already_there;
}

ForeignLog::Taken ForeignLog::take_again(const IngestOnDemand& ingest, const ReceivedFact& fact,
                                         const Stored& stored, ForeignChange& change,
                                         sqlite::WriteTransaction& tx) {
    keep_signature(fact, stored.position);
    const ClockJudgement judgement{fact.clock, {}};
    if (statements_.find_judgement(fact.device, fact.seq) != judgement) {
        const auto judged = statements_.judge(ingest(), fact.device, fact.seq, judgement, tx);
        change.restated.insert(change.restated.end(), judged.facts.begin(), judged.facts.end());
    }
    if (fact.event.is_erased && stored.has_payload) {
        drop_payload(ingest(), stored.position, erased_content, tx);
        change.needs_rebuild = true;
    } else if (fact.event.is_erased && is_dropped(stored.position)) {
        note_absent(ingest(), stored.position, erased_content);
    }
    if (fact.event.is_erased || stored.has_payload || !bring_back(fact, stored.position, tx))
        return Taken::already_there;
    change.needs_rebuild = true;
    return Taken::brought_new;
}

/// What was dropped may come back; what was erased may not, whoever says it.
bool ForeignLog::bring_back(const ReceivedFact& fact, Position position,
                            sqlite::WriteTransaction&) {
    const auto header = codec::decode_header(fact.event.header);
    const auto commitment = codec::commitment_of(fact.event.salt, fact.event.payload);
    if (!is_dropped(position) || !header || header->commitment != commitment) return false;
    log_.insert_payload_.start().bind_all(position, fact.event.salt, fact.event.payload).finish();
    delete_absent_.start().bind_all(position).finish();
    return true;
}

bool ForeignLog::is_dropped(Position position) {
    auto run = select_absent_.start();
    run.bind_all(position);
    return run.next() && run.text_view(0) == dropped_content;
}

bool ForeignLog::drop_payload(const Ingest& ingest, Position position, const std::string& reason,
                              sqlite::WriteTransaction&) {
    delete_payload_.start().bind_all(position).finish();
    if (db_.changes() == 0) return false;
    note_absent(ingest, position, reason);
    return true;
}

void ForeignLog::note_absent(const Ingest& ingest, Position position, const std::string& reason) {
    insert_absent_.start()
        .bind_all(position, reason, ingest.id, mark_absent(position, reason, ingest.id))
        .finish();
}

std::vector<ForeignLog::Line> ForeignLog::lines_with_payload(std::int64_t woman_ix) {
    std::vector<Line> lines;
    auto run = select_lines_.start();
    run.bind_all(woman_ix, Erase::type);
    while (run.next()) {
        lines.push_back(
            {run.int64(0), read_id<DeviceId>(run, 1), std::bit_cast<std::uint64_t>(run.int64(2))});
    }
    return lines;
}

namespace {

template <class Stored>
std::optional<Stored> read_stored(sqlite::Statement::Run& run) {
    if (!run.next()) return std::nullopt;
    Stored stored;
    stored.position = run.int64(0);
    stored.seq = std::bit_cast<std::uint64_t>(run.int64(1));
    stored.header = run.blob(2);
    const auto hash = run.blob_view(3);
    std::copy_n(hash.begin(), std::min(hash.size(), stored.hash.size()), stored.hash.begin());
    stored.has_payload = run.int64(4) != 0;
    return stored;
}

}  // namespace

std::optional<ForeignLog::Stored> ForeignLog::find_stored(std::int64_t device_ix,
                                                          std::uint64_t seq) {
    auto run = select_stored_.start();
    run.bind_all(device_ix, seq_column(seq));
    return read_stored<Stored>(run);
}

/// The same fact of the same device, under another number.
std::optional<ForeignLog::Stored> ForeignLog::find_same(std::int64_t device_ix,
                                                        const ReceivedFact& fact) {
    const auto header = codec::decode_header(fact.event.header);
    if (!header) return std::nullopt;
    auto run = select_same_.start();
    run.bind_all(header->uid, device_ix, fact.event.header);
    return read_stored<Stored>(run);
}

bool ForeignLog::is_known(const codec::EventHeader& header) {
    auto run = select_known_.start();
    run.bind_all(header.uid);
    return run.single().int64(0) != 0;
}

void ForeignLog::renumber(const DeviceId& device, const Stored& stored, std::uint64_t seq,
                          sqlite::WriteTransaction&) {
    const auto hash = hash_foreign(device, seq, stored.header);
    db_.execute("DELETE FROM rechaining; INSERT INTO rechaining (one) VALUES (1)");
    renumber_.start().bind_all(stored.position, seq_column(seq), hash).finish();
    db_.execute("DELETE FROM rechaining");
    note_hash(device, stored.hash, hash, 0);
}

void ForeignLog::note_hash(const DeviceId& device, const Hash& out, const Hash& in, int more) {
    auto head = log_.find_head(device);
    EGRET_ENSURE(head.has_value());
    for (std::size_t i = 0; i < in.size(); ++i)
        head->hash[i] = static_cast<std::uint8_t>(head->hash[i] ^ out[i] ^ in[i]);
    log_.update_head_.start()
        .bind_all(log_.find_device(device), static_cast<std::int64_t>(head->seq) + more, head->hash)
        .finish();
}

void ForeignLog::keep_signature(const ReceivedFact& fact, Position position) {
    if (fact.officer) insert_signature_.start().bind_all(position, *fact.officer).finish();
}

}  // namespace egret::store
