#include "registry/store/erased_deltas.h"

#include "embedded/clinic_schema.h"
#include "registry/base/ensure.h"
#include "registry/crypto/hash.h"
#include "registry/store/open.h"
#include "registry/store/projector.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace egret::store {
namespace {

constexpr auto read_events_sql = R"sql(
    SELECT e.position, e.device_ix, e.seq, e.uid, e.type, e.ingest, e.header, e.hash, p.salt,
           p.payload, q.reason
      FROM event e LEFT JOIN payload p USING (position) LEFT JOIN quarantine q USING (position)
     WHERE e.woman_ix = ?1 ORDER BY e.position
)sql";
constexpr auto write_event_sql = R"sql(
    INSERT INTO event (position, device_ix, seq, uid, type, woman_ix, ingest, header, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
)sql";
constexpr auto read_sums_sql = R"sql(
    SELECT d.ingest, d.indicator_ix, d.part, a.code, f.code, d.birth_month, d.day, sum(d.amount)
      FROM delta d JOIN area_key a ON a.ix = d.area_ix JOIN facility_key f ON f.ix = d.facility_ix
     GROUP BY d.ingest, d.indicator_ix, d.part, a.code, f.code, d.birth_month, d.day
    HAVING sum(d.amount) <> 0
)sql";
constexpr auto insert_erased_sql = R"sql(
    INSERT INTO erased_delta
           (ingest, indicator, version, part, area, facility, birth_month, day, amount, mark)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
)sql";
constexpr auto select_erased_sql = R"sql(
    SELECT ingest, indicator, version, part, area, facility, birth_month, day, amount, mark
      FROM erased_delta ORDER BY id
)sql";
constexpr auto unbalanced_sql = R"sql(
    SELECT EXISTS (SELECT 1 FROM erased_delta
                    GROUP BY indicator, version, part, area, facility, birth_month, day
                   HAVING sum(amount) <> 0)
)sql";
constexpr auto count_erased_sql = R"sql(
    SELECT count(DISTINCT e.woman_ix)
      FROM device d CROSS JOIN event e ON e.device_ix = d.ix
     WHERE e.type = ?1 AND e.ingest > ?2 AND d.clinic = 'CENTRE'
)sql";

/// One line of the log, with what it says as it came.
struct CopiedLine {
    Position position = 0;
    std::int64_t woman_ix = 0;
    std::int64_t device_ix = 0;
    std::int64_t seq = 0;
    std::optional<Bytes> uid;
    std::int64_t type = 0;
    std::int64_t ingest = 0;
    Bytes header;
    Bytes hash;
    std::optional<StoredContent> content;
    std::optional<std::string> reason;
};

/// Copies rows as they are: columns of whole numbers, texts, bytes and nothing, by `kinds`.
void copy_rows(sqlite::Statement& select, sqlite::Statement& insert, std::string_view kinds,
               const std::function<void(sqlite::Statement::Run&)>& bind) {
    auto from = select.start();
    bind(from);
    while (from.next()) {
        auto to = insert.start();
        for (int column = 0; column < static_cast<int>(kinds.size()); ++column) {
            switch (kinds[static_cast<std::size_t>(column)]) {
                case 'n': to.bind(column + 1, from.find_int64(column)); break;
                case 't': to.bind(column + 1, from.find_text(column)); break;
                default: to.bind(column + 1, from.find_blob(column)); break;
            }
        }
        to.finish();
    }
}

using SumKey =
    std::tuple<std::int64_t, std::int64_t, int, std::string, std::string, int, std::int64_t>;
using KeyedSums = std::map<SumKey, std::int64_t>;

/// A registry in memory with the facts of a few women, as they came, and nothing else: its
/// projections are what these alone make of the figures.
class Extract {
public:
    Extract(EventLog& log, sqlite::Database& db, std::span<const coverage::Indicator> indicators)
        : log_(log), from_(db), indicators_(indicators), db_(open()) {}

    void take(std::span<const std::int64_t> group) {
        for (const auto woman_ix : group) read_lines(woman_ix, false);
        const bool had_doses = std::any_of(lines_.begin(), lines_.end(), [](const auto& line) {
            return line.type == Dose::type || line.type == Correct::type;
        });
        if (had_doses) {
            for (const auto facility_ix : log_.women().facilities()) read_lines(facility_ix, true);
        }
        std::sort(lines_.begin(), lines_.end(),
                  [](const auto& a, const auto& b) { return a.position < b.position; });
        sqlite::WriteTransaction tx(*db_);
        copy_all("SELECT ix, id, kind, clinic, head_seq, head_hash, name_hash FROM device",
                 "INSERT INTO device (ix, id, kind, clinic, head_seq, head_hash, name_hash) "
                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                 "nbntnbb");
        write_lines();
        tx.commit();
    }

    void shred(std::span<const std::int64_t> women) {
        sqlite::Statement gone(*db_,
                               "DELETE FROM payload WHERE position IN (SELECT position "
                               "FROM event WHERE woman_ix = ?1 AND type <> ?2)");
        for (const auto woman_ix : women) gone.start().bind_all(woman_ix, Erase::type).finish();
    }

    KeyedSums sums() {
        NoProgress quiet;
        EventLog log(*db_);
        Projector(log, *db_, {indicators_, false}).rebuild(quiet);
        KeyedSums sums;
        sqlite::Statement select(*db_, read_sums_sql);
        auto run = select.start();
        while (run.next()) {
            sums.emplace(
                SumKey{run.int64(0), run.int64(1), static_cast<int>(run.int64(2)), run.text(3),
                       run.text(4), static_cast<int>(run.int64(5)), run.int64(6)},
                run.int64(7));
        }
        return sums;
    }

private:
    static std::unique_ptr<sqlite::Database> open() {
        FileOptions options;
        options.path = ":memory:";
        options.create = true;
        auto db = open_file(options, embedded::clinic_schema());
        EGRET_ENSURE(bool(db));
        return *std::move(db);
    }

    /// `only_of_lots`: of what is said of stock only what may spoil doses.
    void read_lines(std::int64_t woman_ix, bool only_of_lots) {
        sqlite::Statement select(from_, read_events_sql);
        auto run = select.start();
        run.bind_all(woman_ix);
        while (run.next()) {
            CopiedLine line;
            line.position = run.int64(0);
            line.woman_ix = woman_ix;
            line.device_ix = run.int64(1);
            line.seq = run.int64(2);
            line.uid = run.find_blob(3);
            line.type = run.int64(4);
            line.ingest = run.int64(5);
            line.header = run.blob(6);
            line.hash = run.blob(7);
            line.reason = run.find_text(10);
            if (!run.is_null(8)) {
                const auto header = codec::decode_header(line.header);
                const OpenedContent content(log_.seal(), woman_ix, header ? &*header : nullptr,
                                            run.blob_view(8), run.blob_view(9));
                if (only_of_lots && header && !may_spoil(*header, content.payload())) continue;
                line.content = {copy_of(content.salt()), copy_of(content.payload())};
            }
            lines_.push_back(std::move(line));
        }
    }

    static bool may_spoil(const codec::EventHeader& header, ByteView payload) {
        if (header.type != Stock::type) return true;
        const auto event = codec::decode_event(header, payload);
        const auto* stock = event ? std::get_if<Stock>(&event->fact.detail) : nullptr;
        return !stock || stock->action == StockAction::temperature_excursion ||
               stock->action == StockAction::recall || stock->action == StockAction::decision;
    }

    void copy_all(const char* select_sql, const char* insert_sql, std::string_view kinds) {
        sqlite::Statement select(from_, select_sql);
        sqlite::Statement insert(*db_, insert_sql);
        copy_rows(select, insert, kinds, [](auto&) {});
    }

    /// Positions follow each other there, too.
    void write_lines() {
        sqlite::Statement event(*db_, write_event_sql);
        sqlite::Statement payload(
            *db_, "INSERT INTO payload (position, salt, payload) VALUES (?1, ?2, ?3)");
        sqlite::Statement quarantine(*db_,
                                     "INSERT INTO quarantine (position, reason) VALUES (?1, ?2)");
        Position position = 0;
        for (const auto& line : lines_) {
            ++position;
            event.start()
                .bind_all(position, line.device_ix, line.seq, line.uid, line.type, line.woman_ix,
                          line.ingest, line.header, line.hash)
                .finish();
            if (line.content)
                payload.start()
                    .bind_all(position, line.content->salt, line.content->payload)
                    .finish();
            if (line.reason) quarantine.start().bind_all(position, *line.reason).finish();
        }
        copy_said();
    }

    void copy_said() {
        std::set<std::int64_t> women;
        std::set<std::int64_t> ingests;
        std::set<Bytes> uids;
        std::set<std::pair<std::int64_t, std::int64_t>> numbers;
        for (const auto& line : lines_) {
            women.insert(line.woman_ix);
            ingests.insert(line.ingest);
            if (line.uid) uids.insert(*line.uid);
            numbers.emplace(line.device_ix, line.seq);
        }
        copy_each(women, "SELECT ix, id, ix FROM woman WHERE ix = ?1",
                  "INSERT INTO woman (ix, id, canonical_ix) VALUES (?1, ?2, ?3)", "nbn");
        copy_each(ingests,
                  "SELECT id, received_ms, known_day, offset_ms, ceiling, first_position, hash "
                  "FROM ingest WHERE id = ?1",
                  "INSERT INTO ingest (id, received_ms, known_day, offset_ms, ceiling, "
                  "first_position, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                  "nnnnnnb");
        copy_each(uids, "SELECT uid, ingest, holds, reason, mark FROM ruling WHERE uid = ?1",
                  "INSERT INTO ruling (uid, ingest, holds, reason, mark) "
                  "VALUES (?1, ?2, ?3, ?4, ?5)",
                  "bnntn");
        sqlite::Statement select(from_,
                                 "SELECT device_ix, seq, ingest, offset_ms, ceiling, order_device, "
                                 "mark FROM judgement WHERE device_ix = ?1 AND seq = ?2");
        sqlite::Statement insert(
            *db_,
            "INSERT INTO judgement (device_ix, seq, ingest, offset_ms, "
            "ceiling, order_device, mark) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        for (const auto& number : numbers) {
            copy_rows(select, insert, "nnnnnbn", [&](sqlite::Statement::Run& run) {
                run.bind_all(number.first, number.second);
            });
        }
    }

    template <class Value>
    void copy_each(const std::set<Value>& values, const char* select_sql, const char* insert_sql,
                   std::string_view kinds) {
        sqlite::Statement select(from_, select_sql);
        sqlite::Statement insert(*db_, insert_sql);
        for (const auto& value : values) {
            copy_rows(select, insert, kinds,
                      [&](sqlite::Statement::Run& run) { run.bind_all(value); });
        }
    }

    EventLog& log_;
    sqlite::Database& from_;
    std::span<const coverage::Indicator> indicators_;
    std::unique_ptr<sqlite::Database> db_;
    std::vector<CopiedLine> lines_;
};

std::int64_t mark_erased(const ErasedDelta& delta) {
    crypto::Sha256 hash;
    std::string row = "cr-ed-v1";
    for (const auto number : {delta.ingest, std::int64_t{delta.part},
                              std::int64_t{delta.birth_month}, delta.day, delta.amount})
        row += ' ' + std::to_string(number);
    for (const auto& text : {delta.indicator, delta.version, delta.area, delta.facility})
        row += ' ' + std::to_string(text.size()) + ' ' + text;
    const auto sum = hash.update(bytes_of(row)).finish();
    std::uint64_t mark = 0;
    for (std::size_t i = 0; i < 7; ++i) mark = mark << 8 | sum[i];
    return static_cast<std::int64_t>(mark);
}

ErasedDelta read_erased(const sqlite::Statement::Run& run) {
    return {run.int64(0),
            run.text(1),
            run.text(2),
            static_cast<int>(run.int64(3)),
            run.text(4),
            run.text(5),
            static_cast<int>(run.int64(6)),
            run.int64(7),
            run.int64(8)};
}

/// A denominator is kept with one of those that have it; which one, may be another one later.
std::vector<std::size_t> owners_of(std::span<const coverage::Indicator> indicators,
                                   std::size_t keeper, int part) {
    std::vector<std::size_t> owners;
    for (std::size_t i = 0; i < indicators.size(); ++i) {
        const bool shares = part == static_cast<int>(coverage::Part::denominator) &&
                            coverage::have_same_denominator(indicators[i], indicators[keeper]);
        if (i == keeper || shares) owners.push_back(i);
    }
    return owners;
}

}  // namespace

std::vector<ErasedDelta> erased_deltas_of(EventLog& log, sqlite::Database& db,
                                          std::span<const coverage::Indicator> indicators,
                                          std::span<const std::int64_t> group,
                                          std::span<const std::int64_t> erased,
                                          std::int64_t ingest) {
    Extract extract(log, db, indicators);
    extract.take(group);
    auto theirs = extract.sums();
    extract.shred(erased);
    for (const auto& [key, amount] : extract.sums()) theirs[key] -= amount;
    KeyedSums opposite;
    for (const auto& [key, amount] : theirs) {
        auto now = key;
        std::get<0>(now) = ingest;
        opposite[now] -= amount;
    }
    for (const auto& [key, amount] : opposite) theirs[key] += amount;
    std::vector<ErasedDelta> deltas;
    for (const auto& [key, amount] : theirs) {
        if (amount == 0) continue;
        const auto keeper = static_cast<std::size_t>(std::get<1>(key) - 1);
        for (const auto owner : owners_of(indicators, keeper, std::get<2>(key))) {
            deltas.push_back({std::get<0>(key), indicators[owner].id, indicators[owner].version,
                              std::get<2>(key), std::get<3>(key), std::get<4>(key),
                              std::get<5>(key), std::get<6>(key), amount});
        }
    }
    return deltas;
}

void save_erased_deltas(sqlite::Database& db, std::span<const ErasedDelta> deltas,
                        sqlite::WriteTransaction&) {
    sqlite::Statement insert(db, insert_erased_sql);
    for (const auto& delta : deltas) {
        insert.start()
            .bind_all(delta.ingest, delta.indicator, delta.version, delta.part, delta.area,
                      delta.facility, delta.birth_month, delta.day, delta.amount,
                      mark_erased(delta))
            .finish();
    }
}

std::vector<ErasedDelta> read_erased_deltas(sqlite::Database& db) {
    std::vector<ErasedDelta> deltas;
    sqlite::Statement select(db, select_erased_sql);
    auto run = select.start();
    while (run.next()) deltas.push_back(read_erased(run));
    return deltas;
}

bool has_damaged_erased_deltas(sqlite::Database& db) {
    {
        sqlite::Statement select(db, select_erased_sql);
        auto run = select.start();
        while (run.next()) {
            if (mark_erased(read_erased(run)) != run.int64(9)) return true;
        }
    }
    sqlite::Statement unbalanced(db, unbalanced_sql);
    return unbalanced.start().single().int64(0) != 0;
}

std::uint64_t count_erased_after(sqlite::Database& db, std::int64_t ingest) {
    sqlite::Statement any(db, "SELECT EXISTS (SELECT 1 FROM erased_delta)");
    if (any.start().single().int64(0) == 0) return 0;
    sqlite::Statement count(db, count_erased_sql);
    auto run = count.start();
    run.bind_all(Erase::type, ingest);
    return static_cast<std::uint64_t>(run.single().int64(0));
}

}  // namespace egret::store
