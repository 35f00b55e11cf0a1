#include "registry/store/ingest_table.h"

#include "registry/crypto/hash.h"

#include <algorithm>
#include <array>
#include <bit>

namespace egret::store {
namespace {

constexpr auto insert_ingest_sql = R"sql(
    INSERT INTO ingest (id, received_ms, known_day, offset_ms, ceiling, first_position, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
)sql";
constexpr auto select_last_ingest_sql = R"sql(
    SELECT id, received_ms, known_day, offset_ms, ceiling, first_position, hash
      FROM ingest ORDER BY id DESC LIMIT 1
)sql";
constexpr auto select_ingest_sql = R"sql(
    SELECT id, received_ms, known_day, offset_ms, ceiling, first_position, hash
      FROM ingest WHERE id = ?1
)sql";
constexpr auto select_known_sql = R"sql(
    SELECT id FROM ingest WHERE +known_day <= ?1 ORDER BY id DESC LIMIT 1
)sql";

std::array<std::uint8_t, 8> highest_first(std::uint64_t number) {
    std::array<std::uint8_t, 8> bytes{};
    for (auto& byte : bytes) {
        number = std::rotl(number, 8);
        byte = static_cast<std::uint8_t>(number & 0xff);
    }
    return bytes;
}

}  // namespace

Hlc ClockCorrection::effective(Hlc claimed) const noexcept {
    const auto ms = std::clamp<std::int64_t>(claimed.ms() + offset_ms, 0, (1LL << 48) - 1);
    const Hlc moved{(static_cast<std::uint64_t>(ms) << 16) | (claimed.value & 0xffff)};
    return std::min(moved, ceiling);
}

Hlc hlc_of(std::int64_t column) noexcept { return {std::bit_cast<std::uint64_t>(column)}; }

Ingest IngestLine::ingest() const {
    Ingest made;
    made.id = id;
    made.received = instant_from_unix_ms(received_ms);
    made.known_day = Date::from_days(static_cast<std::int32_t>(known_day));
    made.clock = {offset_ms, hlc_of(ceiling)};
    return made;
}

Hash hash_ingest(const Hash& previous, const IngestLine& line) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-in-v1")).update(previous);
    for (const auto number : {line.id, line.received_ms, line.known_day, line.offset_ms,
                              line.ceiling, line.first_position})
        hash.update(highest_first(std::bit_cast<std::uint64_t>(number)));
    return hash.finish();
}

IngestLine read_ingest_line(const sqlite::Statement::Run& row) {
    IngestLine line{
        row.int64(0), row.int64(1), row.int64(2), row.int64(3), row.int64(4), row.int64(5), {}};
    const auto hash = row.blob_view(6);
    if (hash.size() == line.hash.size()) std::copy(hash.begin(), hash.end(), line.hash.begin());
    return line;
}

IngestTable::IngestTable(sqlite::Database& db)
    : insert_(db, insert_ingest_sql),
      select_last_(db, select_last_ingest_sql),
      select_(db, select_ingest_sql),
      select_known_(db, select_known_sql) {}

Ingest IngestTable::begin(const Arrival& arrival, std::int64_t first_position,
                          sqlite::WriteTransaction&) {
    const auto before = last_line();
    IngestLine line{before ? before->id + 1 : 1,
                    unix_ms(arrival.received),
                    arrival.known_day.days(),
                    arrival.clock.offset_ms,
                    std::bit_cast<std::int64_t>(arrival.clock.ceiling.value),
                    first_position,
                    {}};
    line.hash = hash_ingest(before ? before->hash : ingest_chain_start, line);
    insert_.start()
        .bind_all(line.id, line.received_ms, line.known_day, line.offset_ms, line.ceiling,
                  line.first_position, line.hash)
        .finish();
    return line.ingest();
}

std::optional<IngestLine> IngestTable::last_line() {
    auto run = select_last_.start();
    if (!run.next()) return std::nullopt;
    return read_ingest_line(run);
}

std::optional<Ingest> IngestTable::last() {
    const auto line = last_line();
    return line ? std::optional(line->ingest()) : std::nullopt;
}

std::optional<Ingest> IngestTable::find(std::int64_t id) {
    auto run = select_.start();
    run.bind_all(id);
    if (!run.next()) return std::nullopt;
    return read_ingest_line(run).ingest();
}

std::int64_t IngestTable::known_on(Date day) {
    auto run = select_known_.start();
    run.bind_all(day.days());
    return run.next() ? run.int64(0) : 0;
}

}  // namespace egret::store
