#include "sync/central/feed_reader.h"

#include "registry/base/limits.h"
#include "registry/codec/event_codec.h"
#include "registry/crypto/hash.h"
#include "registry/domain/authority.h"
#include "registry/domain/facility_id.h"
#include "registry/store/payload_seal.h"
#include "registry/store/read_id.h"
#include "sync/central/detail/lot_facts.h"
#include "sync/central/detail/read_columns.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace egret::central {
namespace {

// About 60 KiB sealed: a poor line of 32 kbit/s carries that in fifteen seconds.
constexpr std::size_t page_bytes = 192 * 1024;

// Each of these begins with what read_fact needs.
constexpr std::string_view fact_columns =
    "d.id, d.clinic, e.seq, e.header, i.offset_ms, i.ceiling, p.salt, p.payload, e.woman_ix";

// What was ruled last of the fact.
constexpr std::string_view join_ruling = R"sql(
      LEFT JOIN ruling r ON r.uid = e.uid AND r.ingest = (
               SELECT max(s.ingest) FROM ruling s WHERE s.uid = e.uid)
)sql";

std::string select_rows_sql() {
    return "SELECT " + std::string(fact_columns) + R"sql(,
           f.pos, f.feed_hash, f.item, f.is_alone
      FROM feed f LEFT JOIN event e ON e.position = f.position
                  LEFT JOIN ingest i ON i.id = e.ingest
                  LEFT JOIN device d ON d.ix = e.device_ix
                  LEFT JOIN payload p ON p.position = f.position
     WHERE f.scope = ?1 AND f.pos > ?2 ORDER BY f.pos LIMIT ?3
)sql";
}

// Of another facility's stock only what spoils doses is told, as FeedWriter has it: that hangs on
// the content, so it is all read here, and most passed over.
std::string snapshot_members_sql() {
    return "SELECT " + std::string(fact_columns) + R"sql(,
           r.uid, r.holds, r.reason,
           m.woman_ix, e.position, w.id, d.clinic IS (SELECT code FROM clinic WHERE scope = ?1)
      FROM scope_member m JOIN event e ON e.woman_ix = m.woman_ix
                          JOIN woman w ON w.ix = m.woman_ix
                          JOIN ingest i ON i.id = e.ingest
                          JOIN device d ON d.ix = e.device_ix
                          LEFT JOIN payload p ON p.position = e.position
)sql" + std::string(join_ruling) +
           R"sql(
     WHERE m.scope = ?1 AND m.woman_ix >= ?2 AND (m.woman_ix > ?2 OR e.position > ?3)
       AND d.id <> ?4
       AND (r.uid IS NOT NULL
            OR NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.position = e.position))
     ORDER BY m.woman_ix, e.position
)sql";
}

std::string snapshot_own_sql() {
    return "SELECT " + std::string(fact_columns) + R"sql(,
           coalesce(r.uid, iif(q.position IS NULL, NULL, e.uid)), coalesce(r.holds, 0),
           coalesce(r.reason, q.reason)
      FROM device d JOIN event e ON e.device_ix = d.ix
                    JOIN ingest i ON i.id = e.ingest
                    LEFT JOIN payload p ON p.position = e.position
                    LEFT JOIN quarantine q ON q.position = e.position
)sql" + std::string(join_ruling) +
           R"sql(
     WHERE d.id = ?1 AND e.seq > ?2 ORDER BY e.seq
)sql";
}

Error bad_place() { return {ErrorCode::invalid_input, "next", msg("central.bad_number")}; }

void append_number(Bytes& to, std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8)
        to.push_back(static_cast<std::uint8_t>(number >> shift));
}

std::uint64_t read_number(ByteView from, std::size_t at) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | from[at + i];
    return number;
}

/// What the fact says whose row begins with fact_columns; it has a payload.
store::OpenedContent content_of(store::PayloadSeal* seal, const sqlite::Statement::Run& row) {
    const auto header = seal != nullptr ? codec::decode_header(row.blob_view(3))
                                        : Result<codec::EventHeader>(codec::EventHeader{});
    return {seal, row.find_int64(8).value_or(0), header ? &*header : nullptr, row.blob_view(6),
            row.blob_view(7)};
}

/// The same, of another facility.
bool is_of_doses(store::PayloadSeal* seal, const sqlite::Statement::Run& row) {
    if (row.is_null(7)) return false;
    const auto header = codec::decode_header(row.blob_view(3));
    if (!header) return false;
    const auto content = content_of(seal, row);
    if (!content) return false;
    const auto event = codec::decode_event(*header, content.payload());
    return event && may_spoil_doses(event->fact);
}

/// Who has not opened the page before knows no more of the hash after it than its envelope says,
/// and fills it up with zeros (sync/core/feed.h).
bool is_first_half(const Hash& asked, const Hash& known) {
    const auto half = static_cast<std::ptrdiff_t>(known.size() / 2);
    return std::equal(known.begin(), known.begin() + half, asked.begin()) &&
           std::all_of(asked.begin() + half, asked.end(), [](auto byte) { return byte == 0; });
}

}  // namespace

/// Where a snapshot is: where the feed was when it began, and after what it goes on.
struct FeedReader::Place {
    FeedEnd begun;
    std::uint64_t woman_ix = 0;  // INT64_MAX: amid the reader's own facts.
    std::uint64_t number = 0;    // A position, or a number of the reader's own log.

    static constexpr std::uint64_t own = INT64_MAX;
    static constexpr std::size_t size = 8 + 32 + 8 + 8;

    Bytes bytes() const {
        Bytes out;
        append_number(out, begun.pos);
        append(out, begun.hash);
        append_number(out, woman_ix);
        append_number(out, number);
        return out;
    }

    static std::optional<Place> read(ByteView from) {
        if (from.size() != size) return std::nullopt;
        Place place;
        place.begun = {read_number(from, 0), read_hash(from.subspan(8, 32))};
        place.woman_ix = read_number(from, 40);
        place.number = read_number(from, 48);
        if (place.begun.pos > own || place.woman_ix > own || place.number > own)
            return std::nullopt;
        return place;
    }
};

/// A page that is being filled.
class FeedReader::Page {
public:
    Page(std::uint64_t scope, const DeviceId& reader, store::PayloadSeal* seal)
        : reader_(reader), seal_(seal) {
        page_.scope = scope;
    }

    sync::FeedPage& page() { return page_; }

    bool is_full() const {
        // A fact, and what was ruled of it.
        return bytes_ >= page_bytes || page_.items.size() + 1 >= limits::feed_items_max;
    }

    /// The fact whose row begins with fact_columns.
    void add_fact(const sqlite::Statement::Run& row) {
        if (row.is_null(0) || row.is_null(4))
            throw sqlite::SqliteError(sqlite::damaged_code, "a feed names a fact that is gone", "");
        const auto id = store::read_id<DeviceId>(row, 0);
        const auto device = index_of({id, row.text(1)});
        const auto seq = static_cast<std::uint64_t>(row.int64(2));
        const sync::Judgement judgement{row.int64(4), store::hlc_of(row.int64(5))};
        if (id == reader_) {
            add(sync::FeedOwnFact{device, seq, crypto::sha256(row.blob_view(3)), judgement});
            return;
        }
        sync::FeedFact fact;
        fact.device = device;
        fact.seq = seq;
        fact.header = row.blob(3);
        fact.judgement = judgement;
        if (!row.is_null(6) && !row.is_null(7)) {
            const auto opened = content_of(seal_, row);
            if (!opened)
                throw sqlite::SqliteError(sqlite::damaged_code, "a fact can't be opened", "");
            auto& content = fact.content.emplace();
            std::copy_n(opened.salt().begin(), std::min(opened.salt().size(), content.salt.size()),
                        content.salt.begin());
            content.payload = copy_of(opened.payload());
        }
        // Who sends the page signs for it.
        if (page_.devices[device].clinic == centre_clinic) fact.officer.emplace();
        add(std::move(fact));
    }

    /// What was ruled of the fact.
    void add_ruling(const EventUid& uid, bool holds, std::string reason) {
        if (holds) {
            add(sync::FeedAccepted{uid});
        } else {
            add(sync::FeedRefused{uid, std::move(reason)});
        }
    }

    void add_item(StoredItem stored) {
        if (stored.device) {
            const auto device = index_of(*stored.device);
            std::visit(
                [&](auto& item) {
                    if constexpr (requires { item.device; }) item.device = device;
                },
                stored.item);
        }
        add(std::move(stored.item));
    }

private:
    void add(sync::FeedItem item) {
        bytes_ += sync::page_bytes_of(item);
        page_.items.push_back(std::move(item));
    }

    std::uint32_t index_of(const sync::FeedDevice& device) {
        const auto [at, is_new] =
            indexes_.emplace(device.id, static_cast<std::uint32_t>(page_.devices.size()));
        if (is_new) {
            page_.devices.push_back(device);
            bytes_ += device.clinic.size() + device.id.bytes.size();
        }
        return at->second;
    }

    DeviceId reader_;
    store::PayloadSeal* seal_;
    sync::FeedPage page_;
    std::map<DeviceId, std::uint32_t> indexes_;
    std::size_t bytes_ = 0;
};

FeedReader::FeedReader(sqlite::Database& db, store::PayloadSeal* seal)
    : seal_(seal),
      feed_(db),
      select_rows_(db, select_rows_sql()),
      select_members_(db, snapshot_members_sql()),
      select_own_(db, snapshot_own_sql()) {}

FeedReply FeedReader::page(const DeviceId& reader, const sync::FeedCursor& where) {
    const auto known = feed_.known(where.scope, where.pos);
    auto asked = where;
    if (known.hash && is_first_half(where.hash, *known.hash)) asked.hash = *known.hash;
    const auto answer = sync::decide_feed(asked, known);
    if (answer != sync::FeedAnswer::page) return {answer, {}};
    Page filling(asked.scope, reader, seal_);
    auto& page = filling.page();
    page.prev_hash = asked.hash;
    page.first_pos = asked.pos + 1;
    page.last_hash = asked.hash;
    page.head_pos = known.head_pos;
    auto run = select_rows_.start();
    run.bind_all(asked.scope, asked.pos, limits::feed_items_max);
    while (!filling.is_full() && run.next()) {
        if (run.is_null(11)) {
            filling.add_fact(run);
        } else {
            auto stored = read_item(run.blob_view(11));
            const bool is_anothers = stored.device && stored.device->id != reader;
            if (run.int64(12) != 0 && is_anothers) {
                if (page.items.empty()) return {sync::FeedAnswer::compacted, {}};
                break;
            }
            filling.add_item(std::move(stored));
        }
        page.last_hash = read_hash(run.blob_view(10));
    }
    return {answer, std::move(page)};
}

/// What was ruled of the fact of that row, if anything was.
void FeedReader::add_ruling(Page& page, const sqlite::Statement::Run& row) {
    if (row.is_null(9)) return;
    page.add_ruling(store::read_id<EventUid>(row, 9), row.int64(10) != 0, row.text(11));
}

void FeedReader::add_members(Page& page, const DeviceId& reader, Place& at) {
    auto run = select_members_.start();
    run.bind_all(page.page().scope, at.woman_ix, at.number, reader);
    while (run.next()) {
        if (page.is_full()) return;
        at.woman_ix = static_cast<std::uint64_t>(run.int64(12));
        at.number = static_cast<std::uint64_t>(run.int64(13));
        const bool is_anothers_stock =
            is_facility(store::read_id<WomanId>(run, 14)) && run.int64(15) == 0;
        if (is_anothers_stock && !is_of_doses(seal_, run)) continue;
        // One that was refused after it had been told, who has it still must know to be so.
        if (run.is_null(9) || run.int64(10) != 0) page.add_fact(run);
        add_ruling(page, run);
    }
    at.woman_ix = Place::own;
    at.number = 0;
}

void FeedReader::add_own(Page& page, const DeviceId& reader, Place& at) {
    auto run = select_own_.start();
    run.bind_all(reader, at.number);
    while (run.next()) {
        if (page.is_full()) {
            page.page().next = at.bytes();
            return;
        }
        at.number = static_cast<std::uint64_t>(run.int64(2));
        page.add_fact(run);
        add_ruling(page, run);
    }
}

Result<FeedReply> FeedReader::snapshot(const DeviceId& reader, std::uint64_t scope,
                                       ByteView asked) {
    const auto head = feed_.end(scope);
    Place at{head, 0, 0};
    if (!asked.empty()) {
        const auto place = Place::read(asked);
        if (!place) return bad_place();
        at = *place;
        const sync::FeedCursor begun{scope, at.begun.pos, at.begun.hash};
        if (sync::decide_feed(begun, feed_.known(scope, begun.pos)) != sync::FeedAnswer::page)
            return FeedReply{sync::FeedAnswer::compacted, {}};
    }
    Page filling(scope, reader, seal_);
    auto& page = filling.page();
    page.kind = sync::FeedPageKind::snapshot;
    page.prev_hash = at.begun.hash;
    page.first_pos = at.begun.pos + 1;
    page.last_hash = at.begun.hash;
    page.head_pos = head.pos;
    page.asked = copy_of(asked);
    if (at.woman_ix != Place::own) add_members(filling, reader, at);
    if (at.woman_ix != Place::own) {
        page.next = at.bytes();
    } else {
        add_own(filling, reader, at);
    }
    return FeedReply{sync::FeedAnswer::page, std::move(page)};
}

}  // namespace egret::central
