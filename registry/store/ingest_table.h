#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/date.h"
#include "registry/base/hlc.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <cstdint>
#include <optional>

namespace egret::store {

/// What a store makes of the clock of the device that facts came from.
struct ClockCorrection {
    std::int64_t offset_ms = 0;  // The store's clock less the device's.
    Hlc ceiling{UINT64_MAX};     // No fact takes effect after it.

    friend bool operator==(const ClockCorrection&, const ClockCorrection&) = default;

    /// When a fact takes its place among all others that the store has: what its device claimed,
    /// moved by the offset, under the ceiling.
    Hlc effective(Hlc claimed) const noexcept;
};

/// How facts came: when, since which day they are known, and by what clock they were made.
struct Arrival {
    Instant received;
    Date known_day;
    ClockCorrection clock{};

    friend bool operator==(const Arrival&, const Arrival&) = default;
};

/// One transaction that adds facts. At a clinic each recorded fact is one, at the centre each
/// batch.
struct Ingest : Arrival {
    std::int64_t id = 0;

    friend bool operator==(const Ingest&, const Ingest&) = default;
};

/// An ingest as its row has it, damaged or not. Its facts stand at `first_position` and after, up
/// to those of the next. `hash` covers all of it and the hash of the ingest before, so that damage
/// to any is seen.
struct IngestLine {
    std::int64_t id = 0;
    std::int64_t received_ms = 0;
    std::int64_t known_day = 0;  // Days from 1970-01-01.
    std::int64_t offset_ms = 0;
    std::int64_t ceiling = 0;  // The bits of a Hlc: SQLite's whole numbers have a sign.
    std::int64_t first_position = 0;
    Hash hash{};

    Ingest ingest() const;
};

/// The hash before the first ingest.
inline constexpr Hash ingest_chain_start{};

/// SHA-256("cr-in-v1" ‖ hash of the ingest before it ‖ each number of it in the order of
/// IngestLine, as 8 bytes, the highest first).
Hash hash_ingest(const Hash& previous, const IngestLine& line);

/// A row of `SELECT id, received_ms, known_day, offset_ms, ceiling, first_position, hash`. A hash
/// of another length reads as zeros.
IngestLine read_ingest_line(const sqlite::Statement::Run& row);

/// The reading whose bits a column has.
Hlc hlc_of(std::int64_t column) noexcept;

/// The ingests of a store, in the order in which they came.
class IngestTable {
public:
    explicit IngestTable(sqlite::Database& db);

    /// `first_position` is where its first fact will stand.
    Ingest begin(const Arrival& arrival, std::int64_t first_position, sqlite::WriteTransaction& tx);
    std::optional<Ingest> last();
    std::optional<Ingest> find(std::int64_t id);
    /// The last that was known by the end of `day`: all up to it were; 0 if none was.
    std::int64_t known_on(Date day);

private:
    std::optional<IngestLine> last_line();

    sqlite::Statement insert_;
    sqlite::Statement select_last_;
    sqlite::Statement select_;
    sqlite::Statement select_known_;
};

}  // namespace egret::store
