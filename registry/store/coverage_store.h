#pragma once

#include "registry/base/date.h"
#include "registry/coverage/delta.h"
#include "registry/sqlite/statement.h"
#include "registry/store/components.h"
#include "registry/store/event_log.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::store {

/// How complete a figure is.
struct Freshness {
    std::uint64_t clinics = 0;      // With at least one fact.
    std::optional<Instant> oldest;  // Of each clinic's last ingest, the oldest; of those whose
                                    // whole logs are here.

    friend bool operator==(const Freshness&, const Freshness&) = default;
};

/// Reads what coverage is made of: the deltas, for answers; the facts, for counting again.
class CoverageStore {
public:
    CoverageStore(EventLog& log, sqlite::Database& db);

    /// Every delta of that indicator after the delta `after` (0: from the first), in the order of
    /// their making; only what was known by the end of `known_on`. Returns the last delta that was
    /// looked at, for the next call; `after` if there is none.
    /// Throws SqliteError: damaged, if a delta's area or facility is not there.
    std::int64_t read_deltas(std::string_view indicator, std::string_view version,
                             std::optional<Date> known_on, std::int64_t after,
                             const std::function<void(const coverage::Delta&)>& take);

    /// The facts of every woman, each woman once: straight from the log, whatever the projections
    /// say; only what was known by the end of `known_on`. Slow.
    void for_each_woman(std::optional<Date> known_on,
                        const std::function<void(const Component&)>& take);

    /// The same for what is said of facilities, a facility's subject at a time.
    void for_each_facility(std::optional<Date> known_on,
                           const std::function<void(const std::vector<LoggedEvent>&)>& take);

    /// By what is known now, or was by the end of `known_on`.
    Freshness freshness(std::optional<Date> known_on = std::nullopt);

private:
    EventLog& log_;
    Components components_;
    sqlite::Statement select_indicator_;
    sqlite::Statement select_deltas_;
    sqlite::Statement select_areas_;
    sqlite::Statement select_facilities_;
    sqlite::Statement select_told_;
};

}  // namespace egret::store
