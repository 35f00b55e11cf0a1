#pragma once

#include "registry/base/progress.h"
#include "registry/coverage/delta.h"
#include "registry/coverage/indicator.h"
#include "registry/store/components.h"
#include "registry/store/event_log.h"
#include "registry/store/lot_index.h"
#include "registry/store/projection_watcher.h"
#include "registry/store/search.h"
#include "registry/store/series_days.h"
#include "registry/store/women.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace egret::store {

/// Raised by whoever changes what the projector or the fold makes of the same facts.
inline constexpr std::int64_t projection_code_version = 8;

struct ProjectorOptions {
    std::span<const coverage::Indicator> indicators{};  // Outlives the projector.
    bool with_search = true;                            // A centre has no search terms.
    // Told of each woman that apply() projects, never amid a rebuild. Outlives the projector.
    ProjectionWatcher* watcher = nullptr;
};

/// Whether somebody who opens a registry makes anew what Projector::needs_rebuild finds.
enum class StaleProjections { rebuild, leave };

/// Keeps everything that follows from the logs: which ids are one woman, their rows, the search
/// terms, what each woman adds to each indicator, as deltas that are only ever added, and which
/// lots of vaccine spoil doses. A fact about a facility that changes the last is a change of every
/// woman who had a dose of such a lot there (docs/adr/0011).
///
/// Belongs to the thread of its Database; that and the log outlive it.
class Projector {
public:
    Projector(EventLog& log, sqlite::Database& db, const ProjectorOptions& options);

    /// Takes in what EventLog::append added, once for each ingest, in the same transaction. Must
    /// not be called while needs_rebuild().
    ///
    /// `restated`: facts that were here before, of which this ingest says something else
    /// (statements.h).
    void apply(const Ingest& ingest, std::span<const AppendedEvent> appended,
               std::span<const AppendedEvent> restated, sqlite::WriteTransaction& tx);
    void apply(const Ingest& ingest, std::span<const AppendedEvent> appended,
               sqlite::WriteTransaction& tx) {
        apply(ingest, appended, {}, tx);
    }

    /// Takes out those who were erased with this ingest and are shredded, with all that is joined
    /// with them, in the same transaction and after apply(): who of their group was ever named
    /// together follows from what is left. `group`: Components::group_of, as it was before.
    void forget_links(const std::vector<std::int64_t>& group, sqlite::WriteTransaction& tx);

    /// True if the projections were made by another version of this program, with other indicators
    /// or other versions of the protocols that these name, or not of all of the log.
    bool needs_rebuild();

    /// Drops all projections and makes them anew from the log, ingest by ingest, in one
    /// transaction. With the same program and indicators they are what they were, byte for byte.
    void rebuild(Progress& progress);

    /// The same in the caller's transaction, with what it changes of the log's names.
    void rebuild(Progress& progress, sqlite::WriteTransaction& tx);

    /// Up to which position the projections know the log.
    Position current_position();

private:
    struct State {
        std::int64_t code_version = 0;
        std::string indicators;
        Position position = 0;
    };

    struct Key {
        std::int64_t area_ix;
        std::int64_t facility_ix;
    };

    using KeyCache = std::map<std::string, std::int64_t, std::less<>>;

    std::optional<State> find_state();
    void begin_state();
    void clear(sqlite::WriteTransaction& tx);
    std::vector<std::int64_t> touched_by(const Ingest& ingest,
                                         std::span<const AppendedEvent> appended,
                                         std::span<const AppendedEvent> restated,
                                         sqlite::WriteTransaction& tx);
    void replay(Progress& progress, sqlite::WriteTransaction& tx);
    void replay_erased();
    void tell(const Ingest& ingest, std::int64_t woman_ix, const History* history);
    bool may_spoil_lots(const AppendedEvent& event);
    std::vector<std::int64_t> judge_lots(const Ingest& ingest, std::int64_t facility_ix,
                                         sqlite::WriteTransaction& tx);
    void project_group(const Ingest& ingest, const std::vector<std::int64_t>& group,
                       sqlite::WriteTransaction& tx);
    void project_woman(const Ingest& ingest, std::int64_t woman_ix, const Component& component,
                       sqlite::WriteTransaction& tx);
    void retire(const Ingest& ingest, std::int64_t woman_ix, sqlite::WriteTransaction& tx);
    void contribute(const Ingest& ingest, std::int64_t woman_ix, const History* history);
    void add_deltas(const Ingest& ingest, std::size_t indicator, const Bytes& before,
                    const coverage::Contribution& now);
    std::int64_t key_of(const std::string& code, KeyCache& cache, sqlite::Statement& select,
                        sqlite::Statement& insert);

    EventLog& log_;
    sqlite::Database& db_;
    std::span<const coverage::Indicator> indicators_;
    std::vector<std::size_t> denominators_;  // Of each the one that keeps its denominator.
    Protocols protocols_;                    // By which their doses are judged.
    std::string indicator_names_;            // As the projection remembers them.
    Components components_;
    Women women_;
    LotIndex lots_;
    std::optional<SearchIndex> search_;
    ProjectionWatcher* watcher_;
    bool is_rebuilding_ = false;
    sqlite::Statement select_state_;
    sqlite::Statement insert_state_;
    sqlite::Statement update_state_;
    sqlite::Statement insert_indicator_;
    sqlite::Statement select_contributions_;
    sqlite::Statement upsert_contribution_;
    sqlite::Statement delete_contribution_;
    sqlite::Statement insert_delta_;
    sqlite::Statement select_links_of_;
    sqlite::Statement select_area_;
    sqlite::Statement insert_area_;
    sqlite::Statement select_facility_;
    sqlite::Statement insert_facility_;
    KeyCache areas_;  // Of this call of apply() only: what is rolled back is forgotten.
    KeyCache facilities_;
};

}  // namespace egret::store
