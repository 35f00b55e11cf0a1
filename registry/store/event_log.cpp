#include "registry/store/event_log.h"

#include "registry/base/ensure.h"
#include "registry/crypto/hash.h"
#include "registry/domain/authority.h"
#include "registry/store/read_id.h"

#include <algorithm>

namespace egret::store {
namespace {

constexpr auto select_devices_sql = R"sql(
    SELECT id, clinic, head_seq, head_hash, kind FROM device ORDER BY id
)sql";
constexpr auto insert_device_sql = R"sql(
    INSERT INTO device (id, kind, clinic, head_seq, head_hash, name_hash)
    VALUES (?1, ?2, ?3, 0, ?4, ?5)
    ON CONFLICT (id) DO NOTHING
)sql";
constexpr auto rename_device_sql = R"sql(
    UPDATE device SET id = ?2, clinic = ?3, name_hash = ?4 WHERE id = ?1
)sql";
constexpr auto select_device_sql = "SELECT id, clinic FROM device WHERE ix = ?1";
constexpr auto select_head_sql = R"sql(
    SELECT ix, clinic, head_seq, head_hash, kind FROM device WHERE id = ?1
)sql";
constexpr auto update_head_sql = "UPDATE device SET head_seq = ?2, head_hash = ?3 WHERE ix = ?1";
constexpr auto select_line_sql = R"sql(
    SELECT ingest, hash, header FROM event WHERE device_ix = ?1 AND seq = ?2
)sql";
constexpr auto select_first_unknown_sql = R"sql(
    SELECT min(seq) FROM event WHERE device_ix = ?1 AND ingest > ?2
)sql";
constexpr auto select_hashes_sql = "SELECT hash, ingest <= ?2 FROM event WHERE device_ix = ?1";
constexpr auto select_ingest_of_sql = R"sql(
    SELECT ingest FROM event WHERE uid = ?1 ORDER BY position LIMIT 1
)sql";
constexpr auto insert_event_sql = R"sql(
    INSERT INTO event (device_ix, seq, uid, type, woman_ix, ingest, header, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
)sql";
constexpr auto insert_payload_sql = R"sql(
    INSERT INTO payload (position, salt, payload) VALUES (?1, ?2, ?3)
)sql";
constexpr auto insert_quarantine_sql = R"sql(
    INSERT INTO quarantine (position, reason) VALUES (?1, ?2) ON CONFLICT (position) DO NOTHING
)sql";
constexpr auto select_quarantine_sql = R"sql(
    SELECT e.device_ix, e.seq, q.reason FROM quarantine q JOIN event e USING (position)
    ORDER BY position
)sql";
constexpr auto select_by_uid_sql = R"sql(
    SELECT e.position, e.device_ix, e.seq, e.header, e.hash, p.salt, p.payload, e.woman_ix,
           p.position IS NULL AND EXISTS (SELECT 1 FROM absent a
                WHERE a.position = e.position AND a.reason = 'erased')
      FROM event e LEFT JOIN payload p USING (position)
     WHERE e.uid = ?1 ORDER BY e.position LIMIT 1
)sql";
// The two that follow are alike but for what they ask for. A ruling goes before a refusal at
// ingest; what can't be read has no effect whatever is ruled. Only of transfers, corrections,
// voids, links and unlinks it matters who says them: of others nobody asks whether they were
// accepted.
constexpr auto select_decoded_sql = R"sql(
    SELECT e.device_ix, e.seq, coalesce(j.offset_ms, i.offset_ms), coalesce(j.ceiling, i.ceiling),
           e.header, p.payload, e.position, j.order_device,
           r.holds, q.reason, coalesce(r.reason, q.reason), e.woman_ix, p.salt
      FROM event e JOIN payload p USING (position) JOIN ingest i ON i.id = e.ingest
      LEFT JOIN quarantine q USING (position)
      LEFT JOIN ruling r ON r.uid = e.uid AND r.ingest = (
               SELECT max(s.ingest) FROM ruling s WHERE s.uid = e.uid AND s.ingest <= ?2)
      LEFT JOIN judgement j ON j.device_ix = e.device_ix AND j.seq = e.seq AND j.ingest = (
               SELECT max(k.ingest) FROM judgement k
                WHERE k.device_ix = e.device_ix AND k.seq = e.seq AND k.ingest <= ?2)
     WHERE e.position = ?1 AND (q.reason IS NULL OR q.reason = 'invalid')
)sql";
constexpr auto select_events_sql = R"sql(
    SELECT e.device_ix, e.seq, coalesce(j.offset_ms, i.offset_ms), coalesce(j.ceiling, i.ceiling),
           e.header, p.payload, e.position, j.order_device,
           r.holds, q.reason, coalesce(r.reason, q.reason), e.woman_ix, p.salt
      FROM event e JOIN payload p USING (position) JOIN ingest i ON i.id = e.ingest
      LEFT JOIN quarantine q USING (position)
      LEFT JOIN ruling r ON r.uid = e.uid AND r.ingest = (
               SELECT max(s.ingest) FROM ruling s WHERE s.uid = e.uid AND s.ingest <= ?2)
      LEFT JOIN judgement j ON j.device_ix = e.device_ix AND j.seq = e.seq AND j.ingest = (
               SELECT max(k.ingest) FROM judgement k
                WHERE k.device_ix = e.device_ix AND k.seq = e.seq AND k.ingest <= ?2)
     WHERE e.woman_ix = ?1 AND e.ingest <= ?2 AND (q.reason IS NULL OR q.reason = 'invalid')
     ORDER BY e.position
)sql";
constexpr auto select_said_sql = R"sql(
    SELECT e.header, p.payload, e.woman_ix, p.salt
      FROM event e JOIN payload p USING (position) LEFT JOIN quarantine q USING (position)
     WHERE e.position = ?1 AND (q.reason IS NULL OR q.reason = 'invalid')
)sql";
constexpr auto select_entries_sql = R"sql(
    SELECT e.position, e.device_ix, e.seq, e.header, e.hash, p.salt, p.payload, e.woman_ix,
           p.position IS NULL AND EXISTS (SELECT 1 FROM absent a
                WHERE a.position = e.position AND a.reason = 'erased')
      FROM event e LEFT JOIN payload p USING (position)
     WHERE e.device_ix = ?1 AND e.seq >= ?2 ORDER BY e.seq LIMIT ?3
)sql";
constexpr auto select_subjects_sql = R"sql(
    SELECT DISTINCT woman_ix FROM event WHERE type = ?1 AND woman_ix IS NOT NULL ORDER BY woman_ix
)sql";

constexpr auto select_is_erased_sql = R"sql(
    SELECT EXISTS (SELECT 1 FROM event e JOIN device d ON d.ix = e.device_ix
                    WHERE e.woman_ix = ?1 AND e.type = ?2 AND d.clinic = ?3)
)sql";

Hash read_hash(ByteView bytes) {
    Hash hash{};
    // A hash of another length is damage, which the check names; zeros match nothing.
    if (bytes.size() == hash.size()) std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

/// Of a row of select_decoded_sql or select_events_sql.
bool has_effect(const sqlite::Statement::Run& row) {
    const auto holds = row.find_int64(8);
    return holds ? *holds != 0 : row.is_null(9);
}

RefusedFact refused_fact(const LoggedEvent& logged, std::string reason) {
    const auto& event = logged.event;
    return {event.uid,         event.subject, std::string(type_name(event.fact)),
            std::move(reason), event.author,  logged.clinic,
            logged.order};
}

Error unchained() { return {ErrorCode::conflict, "first_seq", msg("store.unchained")}; }

}  // namespace

Hash hash_device(const DeviceName& name, DeviceKind kind) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-dev-v1")).update(name.id.view());
    hash.update(Bytes{static_cast<std::uint8_t>(kind)}).update(bytes_of(name.clinic));
    return hash.finish();
}

EventLog::EventLog(sqlite::Database& db, PayloadSeal* seal)
    : seal_(seal),
      select_devices_(db, select_devices_sql),
      insert_device_(db, insert_device_sql),
      rename_device_(db, rename_device_sql),
      select_device_(db, select_device_sql),
      select_head_(db, select_head_sql),
      update_head_(db, update_head_sql),
      select_line_(db, select_line_sql),
      select_first_unknown_(db, select_first_unknown_sql),
      select_hashes_(db, select_hashes_sql),
      select_ingest_of_(db, select_ingest_of_sql),
      insert_event_(db, insert_event_sql),
      insert_payload_(db, insert_payload_sql),
      insert_quarantine_(db, insert_quarantine_sql),
      select_quarantine_(db, select_quarantine_sql),
      select_by_uid_(db, select_by_uid_sql),
      select_decoded_(db, select_decoded_sql),
      select_said_(db, select_said_sql),
      select_entries_(db, select_entries_sql),
      select_events_(db, select_events_sql),
      select_subjects_(db, select_subjects_sql),
      select_is_erased_(db, select_is_erased_sql),
      select_last_position_(db, "SELECT coalesce(max(position), 0) FROM event"),
      count_events_(db, "SELECT count(*) FROM event"),
      ingests_(db),
      women_(db) {}

void EventLog::add_device(const DeviceId& device, const std::string& clinic,
                          sqlite::WriteTransaction& tx) {
    add_device({device, clinic}, DeviceKind::whole, tx);
}

void EventLog::add_foreign_device(const DeviceName& device, sqlite::WriteTransaction& tx) {
    add_device(device, DeviceKind::foreign, tx);
}

void EventLog::add_device(const DeviceName& device, DeviceKind kind, sqlite::WriteTransaction&) {
    devices_.clear();  // A number that was rolled back may now go to another device.
    insert_device_.start()
        .bind_all(device.id, static_cast<int>(kind), device.clinic, codec::chain_start,
                  hash_device(device, kind))
        .finish();
}

void EventLog::rename_device(const DeviceId& device, const DeviceName& name,
                             sqlite::WriteTransaction&) {
    devices_.clear();
    const auto head = find_head(device);
    if (!head) return;
    rename_device_.start()
        .bind_all(device, name.id, name.clinic, hash_device(name, head->kind))
        .finish();
}

std::optional<std::int64_t> EventLog::find_device(const DeviceId& id) {
    auto run = select_head_.start();
    run.bind_all(id);
    if (!run.next()) return std::nullopt;
    return run.int64(0);
}

const EventLog::Device& EventLog::load_device(std::int64_t ix) {
    const auto known = devices_.find(ix);
    if (known != devices_.end()) return known->second;
    auto run = select_device_.start();
    run.bind_all(ix);
    run.single();
    return devices_.emplace(ix, Device{read_id<DeviceId>(run, 0), run.text(1)}).first->second;
}

std::optional<Head> EventLog::find_head(const DeviceId& id) {
    auto run = select_head_.start();
    run.bind_all(id);
    if (!run.next()) return std::nullopt;
    return Head{id, run.text(1), static_cast<std::uint64_t>(run.int64(2)),
                read_hash(run.blob_view(3)), static_cast<DeviceKind>(run.int64(4))};
}

std::vector<Head> EventLog::heads() {
    std::vector<Head> all;
    auto run = select_devices_.start();
    while (run.next()) {
        all.push_back({read_id<DeviceId>(run, 0), run.text(1),
                       static_cast<std::uint64_t>(run.int64(2)), read_hash(run.blob_view(3)),
                       static_cast<DeviceKind>(run.int64(4))});
    }
    return all;
}

void EventLog::count_up_to(std::int64_t until, Head& head) {
    head.seq = 0;
    head.hash = {};
    auto run = select_hashes_.start();
    run.bind_all(find_device(head.device), until);
    while (run.next()) {
        if (run.int64(1) == 0) continue;
        ++head.seq;
        const auto hash = read_hash(run.blob_view(0));
        for (std::size_t i = 0; i < hash.size(); ++i) head.hash[i] ^= hash[i];
    }
}

std::optional<Hash> EventLog::hash_at(const DeviceId& id, std::uint64_t seq) {
    const auto device_ix = find_device(id);
    if (!device_ix || seq > INT64_MAX) return std::nullopt;
    if (seq == 0) return codec::chain_start;
    auto run = select_line_.start();
    run.bind_all(device_ix, seq);
    if (!run.next()) return std::nullopt;
    return read_hash(run.blob_view(1));
}

std::optional<Hlc> EventLog::head_hlc(const DeviceId& id) {
    const auto head = find_head(id);
    if (!head || head->seq == 0) return std::nullopt;
    auto run = select_line_.start();
    run.bind_all(find_device(id), head->seq);
    if (!run.next()) return std::nullopt;
    const auto header = codec::decode_header(run.blob_view(2));
    return header ? std::optional(header->hlc) : std::nullopt;
}

Ingest EventLog::begin_ingest(const Arrival& arrival, sqlite::WriteTransaction& tx) {
    return ingests_.begin(arrival, last_position() + 1, tx);
}

std::optional<Ingest> EventLog::last_ingest() { return ingests_.last(); }

std::optional<Ingest> EventLog::find_ingest(const EventUid& uid) {
    auto run = select_ingest_of_.start();
    run.bind_all(uid);
    if (!run.next()) return std::nullopt;
    return ingests_.find(run.int64(0));
}

std::int64_t EventLog::ingest_known_on(Date day) { return ingests_.known_on(day); }

Result<std::vector<AppendedEvent>> EventLog::append(const Ingest& ingest, const NewEvents& added,
                                                    sqlite::WriteTransaction& tx) {
    const auto head = find_head(added.device);
    if (!head) return Error{ErrorCode::not_found, "device", msg("store.unknown_device")};
    if (added.first_seq != head->seq + 1 || added.previous != head->hash) return unchained();

    const auto device_ix = find_device(added.device);
    EGRET_ENSURE(device_ix.has_value());
    std::vector<AppendedEvent> appended;
    appended.reserve(added.events.size());
    auto hash = head->hash;
    for (std::size_t i = 0; i < added.events.size(); ++i) {
        hash = codec::hash_event(hash, added.events[i].header);
        appended.push_back(
            insert({*device_ix, added.first_seq + i, ingest}, added.events[i], hash, tx));
    }
    if (!appended.empty()) {
        update_head_.start().bind_all(device_ix, head->seq + appended.size(), hash).finish();
    }
    return appended;
}

AppendedEvent EventLog::insert(const Place& place, const codec::EncodedEvent& event,
                               const Hash& hash, sqlite::WriteTransaction& tx) {
    const auto header = codec::decode_header(event.header);
    AppendedEvent appended;
    std::optional<ByteView> uid;
    std::optional<std::int64_t> woman_ix;
    if (header) {
        uid = header->uid.view();
        appended.type = header->type;
        appended.woman_ix = women_.add(header->subject, tx);
        woman_ix = appended.woman_ix;
    }
    auto run = insert_event_.start();
    run.bind(1, place.device_ix).bind(2, place.seq).bind(3, uid).bind(4, appended.type);
    run.bind(5, woman_ix).bind(6, place.ingest.id);
    run.bind_view(7, event.header).bind_view(8, hash).finish();
    appended.position = tx.database().last_rowid();

    const bool is_kept = header && !event.is_erased &&
                         codec::commitment_of(event.salt, event.payload) == header->commitment;
    if (!event.is_erased) insert_payload(appended, is_kept ? &*header : nullptr, event);
    if (!header) {
        quarantine(appended.position, "bad_header", tx);
    } else if (event.is_erased) {
        quarantine(appended.position, erased_content, tx);
    } else if (!is_kept) {
        quarantine(appended.position, "bad_commitment", tx);
    }
    return appended;
}

/// `header`: null, if that can't be read or isn't the content's: then it stands as it came.
void EventLog::insert_payload(const AppendedEvent& event, const codec::EventHeader* header,
                              const codec::EncodedEvent& encoded) {
    auto run = insert_payload_.start();
    run.bind(1, event.position);
    if (seal_ == nullptr || header == nullptr) {
        run.bind_view(2, encoded.salt).bind_view(3, encoded.payload).finish();
        return;
    }
    const auto sealed = seal_->seal(event.woman_ix, *header, encoded.salt, encoded.payload);
    run.bind_view(2, sealed.salt).bind_view(3, sealed.payload).finish();
}

LogEntry EventLog::read_entry(const sqlite::Statement::Run& row) {
    LogEntry entry;
    entry.position = row.int64(0);
    entry.device = load_device(row.int64(1)).id;
    entry.seq = static_cast<std::uint64_t>(row.int64(2));
    entry.event.header = row.blob(3);
    entry.hash = read_hash(row.blob_view(4));
    entry.has_payload = !row.is_null(5);
    entry.is_erased = row.int64(8) != 0;
    if (!entry.has_payload) return entry;
    const auto header = seal_ ? codec::decode_header(entry.event.header)
                              : Result<codec::EventHeader>(codec::EventHeader{});
    const OpenedContent content(seal_, row.find_int64(7).value_or(0), header ? &*header : nullptr,
                                row.blob_view(5), row.blob_view(6));
    const auto length = std::min(content.salt().size(), entry.event.salt.size());
    std::copy_n(content.salt().begin(), length, entry.event.salt.begin());
    entry.event.payload = copy_of(content.payload());
    return entry;
}

std::optional<LogEntry> EventLog::find_entry(const EventUid& uid) {
    auto run = select_by_uid_.start();
    run.bind_all(uid);
    if (!run.next()) return std::nullopt;
    return read_entry(run);
}

std::optional<LoggedEvent> EventLog::find(const EventUid& uid) {
    const auto entry = find_entry(uid);
    return entry ? find_at(entry->position) : std::nullopt;
}

std::optional<LoggedEvent> EventLog::find_at(Position position) {
    auto run = select_decoded_.start();
    run.bind_all(position, INT64_MAX);
    return run.next() && has_effect(run) ? read_decoded(run) : std::nullopt;
}

std::optional<Event> EventLog::find_said(Position position) {
    auto run = select_said_.start();
    run.bind_all(position);
    if (!run.next()) return std::nullopt;
    const auto header = codec::decode_header(run.blob_view(0));
    if (!header) return std::nullopt;
    const OpenedContent content(seal_, run.find_int64(2).value_or(0), &*header, run.blob_view(3),
                                run.blob_view(1));
    if (!content) return std::nullopt;
    auto event = codec::decode_event(*header, content.payload());
    return event ? std::optional(*std::move(event)) : std::nullopt;
}

bool EventLog::is_erased(const WomanId& woman) {
    const auto woman_ix = women_.find(woman);
    if (!woman_ix) return false;
    auto run = select_is_erased_.start();
    run.bind_all(*woman_ix, Erase::type, centre_clinic);
    return run.single().int64(0) != 0;
}

std::vector<WomanId> EventLog::subjects_of(std::uint16_t type) {
    std::vector<WomanId> subjects;
    auto run = select_subjects_.start();
    run.bind_all(type);
    while (run.next()) subjects.push_back(women_.load_id(run.int64(0)));
    return subjects;
}

/// A row of select_decoded_sql or select_events_sql.
std::optional<LoggedEvent> EventLog::read_decoded(const sqlite::Statement::Run& row) {
    const auto header = codec::decode_header(row.blob_view(4));
    if (!header) return std::nullopt;
    const OpenedContent content(seal_, row.find_int64(11).value_or(0), &*header, row.blob_view(12),
                                row.blob_view(5));
    if (!content) return std::nullopt;
    auto event = codec::decode_event(*header, content.payload());
    if (!event) return std::nullopt;
    const auto& device = load_device(row.int64(0));
    const ClockCorrection clock{row.int64(2), hlc_of(row.int64(3))};
    const auto order_device = row.is_null(7) ? device.id : read_id<DeviceId>(row, 7);
    return LoggedEvent{
        *std::move(event),
        {clock.effective(header->hlc), order_device, static_cast<std::uint64_t>(row.int64(1))},
        device.clinic,
        row.find_int64(8) == 1};
}

std::vector<LogEntry> EventLog::entries(const DeviceId& id, std::uint64_t from_seq,
                                        std::size_t count_max, std::size_t bytes_max) {
    std::vector<LogEntry> found;
    const auto device_ix = find_device(id);
    if (!device_ix || from_seq > INT64_MAX) return found;
    auto run = select_entries_.start();
    run.bind_all(device_ix, from_seq, count_max);
    std::size_t bytes = 0;
    while (bytes < bytes_max && run.next()) {
        found.push_back(read_entry(run));
        bytes += found.back().event.header.size() + found.back().event.payload.size();
    }
    return found;
}

std::vector<LoggedEvent> EventLog::events_of(std::span<const WomanId> members, std::int64_t until) {
    std::vector<LoggedEvent> events;
    std::vector<Position> unreadable;
    for (const auto& member : members) {
        if (const auto ix = women_.find(member)) read_events(*ix, until, events, unreadable);
    }
    return events;
}

void EventLog::read_events(std::int64_t woman_ix, std::int64_t until, std::vector<LoggedEvent>& to,
                           std::vector<Position>& unreadable, std::vector<RefusedFact>* refused) {
    auto run = select_events_.start();
    run.bind_all(woman_ix, until);
    while (run.next()) {
        const bool counts = has_effect(run);
        if (!counts && refused == nullptr) continue;
        auto logged = read_decoded(run);
        if (!counts) {
            if (logged) refused->push_back(refused_fact(*logged, run.text(10)));
        } else if (logged) {
            to.push_back(*std::move(logged));
        } else {
            unreadable.push_back(run.int64(6));
        }
    }
}

void EventLog::quarantine(Position position, const std::string& reason, sqlite::WriteTransaction&) {
    insert_quarantine_.start().bind_all(position, reason).finish();
}

std::vector<Quarantined> EventLog::quarantined() {
    std::vector<Quarantined> all;
    auto run = select_quarantine_.start();
    while (run.next()) {
        all.push_back(
            {load_device(run.int64(0)).id, static_cast<std::uint64_t>(run.int64(1)), run.text(2)});
    }
    return all;
}

Position EventLog::last_position() { return select_last_position_.start().single().int64(0); }

std::uint64_t EventLog::event_count() {
    return static_cast<std::uint64_t>(count_events_.start().single().int64(0));
}

}  // namespace egret::store
