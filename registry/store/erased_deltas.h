#pragma once

#include "registry/coverage/indicator.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace egret::store {

/// What women who were erased had changed in one sum with one ingest. It names none of them; where
/// several were, they add up. So figures as known before the erasure stay what they were, though no
/// fact tells of them any more.
struct ErasedDelta {
    std::int64_t ingest = 0;
    std::string indicator;  // Id and version. Of a denominator that several have, of each of them.
    std::string version;
    int part = 0;  // coverage::Part.
    std::string area;
    std::string facility;
    int birth_month = 0;
    std::int64_t day = 0;  // From 1970-01-01.
    std::int64_t amount = 0;

    friend auto operator<=>(const ErasedDelta&, const ErasedDelta&) = default;
};

/// Works out what is to be kept of the women `erased`, who are about to be shredded: their part in
/// what their whole group (Components::group_of) changed with each ingest, and its opposite at
/// `ingest`, with which they are erased. All are numbers of WomanIndex. By ingest.
///
/// Costs what folding the facts of the group does, for each ingest that touched them; and reads
/// what was said of stock that spoils doses, if any of them had one.
std::vector<ErasedDelta> erased_deltas_of(EventLog& log, sqlite::Database& db,
                                          std::span<const coverage::Indicator> indicators,
                                          std::span<const std::int64_t> group,
                                          std::span<const std::int64_t> erased,
                                          std::int64_t ingest);

void save_erased_deltas(sqlite::Database& db, std::span<const ErasedDelta> deltas,
                        sqlite::WriteTransaction& tx);
/// In the order in which they were saved.
std::vector<ErasedDelta> read_erased_deltas(sqlite::Database& db);

/// True if they aren't what was saved: a row was changed, or is gone, so that the sums of what was
/// taken out aren't 0.
bool has_damaged_erased_deltas(sqlite::Database& db);

/// How many ids the centre erased after that ingest.
std::uint64_t count_erased_after(sqlite::Database& db, std::int64_t ingest);

}  // namespace egret::store
