#include "registry/store/statements.h"

#include "registry/base/ensure.h"
#include "registry/crypto/hash.h"
#include "registry/store/read_id.h"

#include <array>
#include <bit>
#include <string_view>
#include <utility>

namespace egret::store {
namespace {

constexpr auto select_ruling_sql = R"sql(
    SELECT holds, reason FROM ruling WHERE uid = ?1 ORDER BY ingest DESC LIMIT 1
)sql";
constexpr auto insert_ruling_sql = R"sql(
    INSERT INTO ruling (uid, ingest, holds, reason, mark) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (uid, ingest) DO UPDATE SET holds = ?3, reason = ?4, mark = ?5
)sql";
constexpr auto select_ruled_sql = R"sql(
    SELECT position, woman_ix, type FROM event WHERE uid = ?1 AND ingest < ?2 ORDER BY position
)sql";
constexpr auto select_refused_sql = R"sql(
    SELECT DISTINCT r.uid, r.reason
      FROM device d JOIN event e ON e.device_ix = d.ix JOIN ruling r ON r.uid = e.uid
     WHERE d.id = ?1 AND r.holds = 0
       AND r.ingest = (SELECT max(s.ingest) FROM ruling s WHERE s.uid = r.uid)
     ORDER BY r.uid
)sql";
constexpr auto select_judgement_sql = R"sql(
    SELECT offset_ms, ceiling, order_device FROM judgement
     WHERE device_ix = ?1 AND seq = ?2 ORDER BY ingest DESC LIMIT 1
)sql";
constexpr auto select_arrival_sql = R"sql(
    SELECT i.offset_ms, i.ceiling FROM event e JOIN ingest i ON i.id = e.ingest
     WHERE e.device_ix = ?1 AND e.seq = ?2
)sql";
constexpr auto insert_judgement_sql = R"sql(
    INSERT INTO judgement (device_ix, seq, ingest, offset_ms, ceiling, order_device, mark)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (device_ix, seq, ingest) DO UPDATE
       SET offset_ms = ?4, ceiling = ?5, order_device = ?6, mark = ?7
)sql";
constexpr auto select_judged_sql = R"sql(
    SELECT position, woman_ix, type FROM event
     WHERE device_ix = ?1 AND seq = ?2 AND ingest < ?3
)sql";
constexpr auto select_restated_sql = R"sql(
    SELECT r.ingest, e.position, e.woman_ix, e.type
      FROM ruling r CROSS JOIN event e ON e.uid = r.uid AND e.ingest < r.ingest
     UNION
    SELECT j.ingest, e.position, e.woman_ix, e.type
      FROM judgement j
      CROSS JOIN event e ON e.device_ix = j.device_ix AND e.seq = j.seq AND e.ingest < j.ingest
     ORDER BY 1, 2
)sql";
constexpr auto select_rulings_sql = R"sql(
    SELECT uid, ingest, holds, reason, mark FROM ruling ORDER BY uid, ingest
)sql";
constexpr auto select_judgements_sql = R"sql(
    SELECT d.id, j.seq, j.ingest, j.offset_ms, j.ceiling, j.order_device, j.mark, j.device_ix
      FROM judgement j LEFT JOIN device d ON d.ix = j.device_ix
     ORDER BY j.device_ix, j.seq, j.ingest
)sql";
constexpr auto select_absent_sql = R"sql(
    SELECT a.position, a.reason, a.ingest, a.mark, d.id, e.seq
      FROM absent a LEFT JOIN event e USING (position) LEFT JOIN device d ON d.ix = e.device_ix
     ORDER BY a.position
)sql";

std::array<std::uint8_t, 8> eight_bytes(std::int64_t column) {
    auto number = std::bit_cast<std::uint64_t>(column);
    std::array<std::uint8_t, 8> bytes{};
    for (auto& byte : bytes) {
        number = std::rotl(number, 8);
        byte = static_cast<std::uint8_t>(number & 0xff);
    }
    return bytes;
}

std::int64_t first_bytes_of(const Hash& hash) {
    std::uint64_t mark = 0;
    for (std::size_t i = 0; i < 8; ++i) mark = (mark << 8) | hash[i];
    return std::bit_cast<std::int64_t>(mark);
}

std::int64_t mark_ruling(ByteView uid, std::int64_t ingest, std::int64_t holds,
                         std::string_view reason) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-ru-v1")).update(uid).update(eight_bytes(ingest));
    hash.update(eight_bytes(holds)).update(bytes_of(reason));
    return first_bytes_of(hash.finish());
}

struct JudgementRow {
    std::int64_t device_ix = 0;  // Its id may become another one.
    std::int64_t seq = 0;
    std::int64_t ingest = 0;
    std::int64_t offset_ms = 0;
    std::int64_t ceiling = 0;
};

std::int64_t mark_judgement(const JudgementRow& row, ByteView order_device) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-ju-v1"));
    for (const auto number : {row.device_ix, row.seq, row.ingest, row.offset_ms, row.ceiling})
        hash.update(eight_bytes(number));
    return first_bytes_of(hash.update(order_device).finish());
}

std::vector<AppendedEvent> read_facts(sqlite::Statement::Run& run) {
    std::vector<AppendedEvent> facts;
    while (run.next()) {
        facts.push_back({run.int64(0), run.find_int64(1).value_or(0),
                         static_cast<std::uint16_t>(run.int64(2))});
    }
    return facts;
}

}  // namespace

std::int64_t mark_absent(Position position, const std::string& reason, std::int64_t ingest) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-ab-v1")).update(eight_bytes(position)).update(bytes_of(reason));
    return first_bytes_of(hash.update(eight_bytes(ingest)).finish());
}

Statements::Statements(sqlite::Database& db)
    : select_ruling_(db, select_ruling_sql),
      insert_ruling_(db, insert_ruling_sql),
      select_ruled_(db, select_ruled_sql),
      select_refused_(db, select_refused_sql),
      select_device_(db, "SELECT ix FROM device WHERE id = ?1"),
      select_judgement_(db, select_judgement_sql),
      select_arrival_(db, select_arrival_sql),
      insert_judgement_(db, insert_judgement_sql),
      select_judged_(db, select_judged_sql),
      select_restated_(db, select_restated_sql) {}

Restated Statements::rule(const Ingest& ingest, const Ruling& ruling, sqlite::WriteTransaction&) {
    const auto before = find_ruling(ruling.uid);
    if (before == ruling) return {};
    insert_ruling_.start()
        .bind_all(ruling.uid, ingest.id, ruling.holds ? 1 : 0, ruling.reason,
                  mark_ruling(ruling.uid.view(), ingest.id, ruling.holds ? 1 : 0, ruling.reason))
        .finish();
    auto run = select_ruled_.start();
    run.bind_all(ruling.uid, ingest.id);
    return {true, read_facts(run)};
}

std::optional<Ruling> Statements::find_ruling(const EventUid& uid) {
    auto run = select_ruling_.start();
    run.bind_all(uid);
    if (!run.next()) return std::nullopt;
    return Ruling{uid, run.int64(0) != 0, run.text(1)};
}

std::vector<Ruling> Statements::refused(const DeviceId& device) {
    std::vector<Ruling> all;
    auto run = select_refused_.start();
    run.bind_all(device);
    while (run.next()) all.push_back({read_id<EventUid>(run, 0), false, run.text(1)});
    return all;
}

std::optional<std::int64_t> Statements::find_device(const DeviceId& device) {
    auto run = select_device_.start();
    run.bind_all(device);
    return run.next() ? std::optional(run.int64(0)) : std::nullopt;
}

std::optional<ClockJudgement> Statements::find_judgement(const DeviceId& device,
                                                         std::uint64_t seq) {
    const auto device_ix = find_device(device);
    return device_ix ? find_judgement(*device_ix, seq) : std::nullopt;
}

std::optional<ClockJudgement> Statements::find_judgement(std::int64_t device_ix,
                                                         std::uint64_t seq) {
    const auto number = std::bit_cast<std::int64_t>(seq);
    {
        auto run = select_judgement_.start();
        run.bind_all(device_ix, number);
        if (run.next()) {
            ClockJudgement found{{run.int64(0), hlc_of(run.int64(1))}, {}};
            if (!run.is_null(2)) found.order_device = read_id<DeviceId>(run, 2);
            return found;
        }
    }
    auto run = select_arrival_.start();
    run.bind_all(device_ix, number);
    if (!run.next()) return std::nullopt;
    return ClockJudgement{{run.int64(0), hlc_of(run.int64(1))}, {}};
}

Restated Statements::judge(const Ingest& ingest, const DeviceId& device, std::uint64_t seq,
                           const ClockJudgement& judgement, sqlite::WriteTransaction&) {
    const auto device_ix = find_device(device);
    EGRET_ENSURE(device_ix.has_value());
    auto said = judgement;
    if (said.order_device == device) said.order_device.reset();
    if (find_judgement(*device_ix, seq) == said) return {};
    const JudgementRow row{*device_ix, std::bit_cast<std::int64_t>(seq), ingest.id,
                           said.clock.offset_ms,
                           std::bit_cast<std::int64_t>(said.clock.ceiling.value)};
    const auto order_device = said.order_device ? said.order_device->view() : ByteView{};
    insert_judgement_.start()
        .bind_all(*device_ix, row.seq, row.ingest, row.offset_ms, row.ceiling, said.order_device,
                  mark_judgement(row, order_device))
        .finish();
    auto run = select_judged_.start();
    run.bind_all(*device_ix, row.seq, ingest.id);
    return {true, read_facts(run)};
}

std::vector<RestatedFact> Statements::restated() {
    std::vector<RestatedFact> all;
    auto run = select_restated_.start();
    while (run.next()) {
        all.push_back({run.int64(0),
                       {run.int64(1), run.find_int64(2).value_or(0),
                        static_cast<std::uint16_t>(run.int64(3))}});
    }
    return all;
}

std::optional<Hash> hash_statements(sqlite::Database& db, std::int64_t until) {
    crypto::Sha256 hash;
    bool is_empty = true;
    const auto take = [&](const char* sql, int ingest, int mark) {
        sqlite::Statement select(db, sql);
        auto run = select.start();
        while (run.next()) {
            if (run.int64(ingest) > until) continue;
            is_empty = false;
            hash.update(eight_bytes(run.int64(mark)));
        }
    };
    take(select_rulings_sql, 1, 4);
    take(select_judgements_sql, 2, 6);
    // What is gone is gone from every day.
    sqlite::Statement select(db, select_absent_sql);
    auto run = select.start();
    while (run.next()) {
        is_empty = false;
        hash.update(eight_bytes(run.int64(3)));
    }
    return is_empty ? std::nullopt : std::optional(hash.finish());
}

std::vector<OddStatement> odd_statements(sqlite::Database& db) {
    std::vector<OddStatement> odd;
    {
        sqlite::Statement select(db, select_rulings_sql);
        auto run = select.start();
        while (run.next()) {
            const auto mark =
                mark_ruling(run.blob_view(0), run.int64(1), run.int64(2), run.text_view(3));
            if (mark != run.int64(4)) odd.push_back({});
        }
    }
    {
        sqlite::Statement select(db, select_judgements_sql);
        auto run = select.start();
        while (run.next()) {
            if (run.is_null(0)) {
                odd.push_back({});
                continue;
            }
            const JudgementRow row{run.int64(7), run.int64(1), run.int64(2), run.int64(3),
                                   run.int64(4)};
            const auto order_device = run.is_null(5) ? ByteView{} : run.blob_view(5);
            if (mark_judgement(row, order_device) != run.int64(6))
                odd.push_back({read_id<DeviceId>(run, 0), std::bit_cast<std::uint64_t>(row.seq)});
        }
    }
    sqlite::Statement select(db, select_absent_sql);
    auto run = select.start();
    while (run.next()) {
        if (run.is_null(4)) {
            odd.push_back({});
            continue;
        }
        if (mark_absent(run.int64(0), run.text(1), run.int64(2)) != run.int64(3)) {
            odd.push_back({read_id<DeviceId>(run, 4), std::bit_cast<std::uint64_t>(run.int64(5))});
        }
    }
    return odd;
}

}  // namespace egret::store
