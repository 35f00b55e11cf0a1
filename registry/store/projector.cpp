#include "registry/store/projector.h"

#include "registry/base/ensure.h"
#include "registry/coverage/case_contribution.h"
#include "registry/coverage/contribution.h"
#include "registry/store/statements.h"

#include <algorithm>

namespace egret::store {
namespace {

constexpr auto select_state_sql = R"sql(
    SELECT code_version, indicators, position FROM projection
     WHERE one = 1 AND typeof(code_version) = 'integer' AND typeof(indicators) = 'text' AND
           typeof(position) = 'integer'
)sql";
constexpr auto insert_state_sql = R"sql(
    INSERT INTO projection (one, code_version, indicators, position) VALUES (1, ?1, ?2, 0)
)sql";
constexpr auto update_state_sql = "UPDATE projection SET position = ?1 WHERE one = 1";
constexpr auto insert_indicator_sql = R"sql(
    INSERT INTO indicator_key (ix, id, version, denominator_ix) VALUES (?1, ?2, ?3, ?4)
)sql";
constexpr auto select_contributions_sql = R"sql(
    SELECT indicator_ix, content FROM contribution WHERE woman_ix = ?1
)sql";
constexpr auto upsert_contribution_sql = R"sql(
    INSERT OR REPLACE INTO contribution (woman_ix, indicator_ix, content) VALUES (?1, ?2, ?3)
)sql";
constexpr auto delete_contribution_sql = R"sql(
    DELETE FROM contribution WHERE woman_ix = ?1 AND indicator_ix = ?2
)sql";
constexpr auto insert_delta_sql = R"sql(
    INSERT INTO delta (ingest, indicator_ix, part, area_ix, facility_ix, birth_month, day, amount)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
)sql";
constexpr auto select_links_of_sql = R"sql(
    SELECT position FROM event WHERE woman_ix = ?1 AND type IN (?2, ?3, ?4) ORDER BY position
)sql";
constexpr auto replayed_events_sql = R"sql(
    SELECT position, woman_ix, type, ingest FROM event ORDER BY position
)sql";
// What came without effect stays so: a head that can't be read, content that was erased before it
// came, and what the centre refused (EventLog::quarantine). All else that stands there follows from
// the logs, or from nothing.
constexpr auto clear_sql = R"sql(
    DELETE FROM delta;
    DELETE FROM contribution;
    DELETE FROM indicator_key;
    DELETE FROM area_key;
    DELETE FROM facility_key;
    DELETE FROM projection;
    DELETE FROM payload WHERE position NOT IN (SELECT position FROM event);
    DELETE FROM rechaining;
    DELETE FROM quarantine
     WHERE position NOT IN (SELECT position FROM event)
        OR reason NOT IN ('bad_header', 'erased', 'invalid')
        OR (reason = 'erased' AND position IN (SELECT position FROM payload));
    UPDATE woman SET canonical_ix = ix WHERE canonical_ix <> ix;
)sql";

constexpr auto bad_payload = "bad_payload";

std::string names_of(std::span<const coverage::Indicator> indicators) {
    std::string names;
    for (const auto& indicator : indicators) {
        if (!names.empty()) names += ' ';
        names += indicator.id + '@' + indicator.version;
        const auto protocols = protocol_versions_of(indicator);
        if (!protocols.empty()) names += '(' + protocols + ')';
    }
    return names;
}

/// Of each indicator the first one that has its denominator.
std::vector<std::size_t> denominators_of(std::span<const coverage::Indicator> indicators) {
    std::vector<std::size_t> denominators;
    for (const auto& indicator : indicators) {
        const auto first =
            std::find_if(indicators.begin(), indicators.end(), [&](const auto& other) {
                return &other == &indicator || coverage::have_same_denominator(other, indicator);
            });
        denominators.push_back(static_cast<std::size_t>(first - indicators.begin()));
    }
    return denominators;
}

/// What all indicators are asked of one woman, worked out once.
class WhatIsKnown {
public:
    WhatIsKnown(const History& history, const Protocols& protocols)
        : history_(history), series_(series_of(protocols, history)), cases_(history) {}

    coverage::Contribution contribution_to(const coverage::Indicator& indicator,
                                           bool with_denominator) const {
        if (indicator.counts == coverage::Counts::women) {
            return with_denominator ? coverage::contribution_of(indicator, history_, series_)
                                    : coverage::numerator_of(indicator, history_, series_);
        }
        return with_denominator ? coverage::case_contribution_of(indicator, cases_)
                                : coverage::case_numerator_of(indicator, cases_);
    }

private:
    const History& history_;
    coverage::SeriesByProtocol series_;
    coverage::CaseFacts cases_;
};

bool may_link(std::uint16_t type) {
    return type == Link::type || type == Unlink::type || type == Correct::type;
}

}  // namespace

Projector::Projector(EventLog& log, sqlite::Database& db, const ProjectorOptions& options)
    : log_(log),
      db_(db),
      indicators_(options.indicators),
      denominators_(denominators_of(options.indicators)),
      protocols_(protocols_of(options.indicators)),
      indicator_names_(names_of(options.indicators)),
      components_(log, db),
      women_(db),
      lots_(db),
      watcher_(options.watcher),
      select_state_(db, select_state_sql),
      insert_state_(db, insert_state_sql),
      update_state_(db, update_state_sql),
      insert_indicator_(db, insert_indicator_sql),
      select_contributions_(db, select_contributions_sql),
      upsert_contribution_(db, upsert_contribution_sql),
      delete_contribution_(db, delete_contribution_sql),
      insert_delta_(db, insert_delta_sql),
      select_links_of_(db, select_links_of_sql),
      select_area_(db, "SELECT ix FROM area_key WHERE code = ?1"),
      insert_area_(db, "INSERT INTO area_key (code) VALUES (?1)"),
      select_facility_(db, "SELECT ix FROM facility_key WHERE code = ?1"),
      insert_facility_(db, "INSERT INTO facility_key (code) VALUES (?1)") {
    if (options.with_search) search_.emplace(db);
}

void Projector::apply(const Ingest& ingest, std::span<const AppendedEvent> appended,
                      std::span<const AppendedEvent> restated, sqlite::WriteTransaction& tx) {
    if (appended.empty() && restated.empty()) return;
    areas_.clear();
    facilities_.clear();
    const auto state = find_state();
    if (!state) begin_state();
    EGRET_ENSURE(!state || (state->code_version == projection_code_version &&
                            state->indicators == indicator_names_));
    if (!appended.empty() && appended.front().position != (state ? state->position : 0) + 1)
        throw sqlite::SqliteError(sqlite::damaged_code, "the log ends elsewhere", "");

    const auto touched = touched_by(ingest, appended, restated, tx);
    std::vector<std::int64_t> done;  // Of groups with more than one.
    for (const auto woman_ix : touched) {
        if (std::find(done.begin(), done.end(), woman_ix) != done.end()) continue;
        const auto group = components_.group_of(woman_ix);
        if (group.size() > 1) done.insert(done.end(), group.begin(), group.end());
        project_group(ingest, group, tx);
    }
    if (!appended.empty()) update_state_.start().bind_all(appended.back().position).finish();
}

/// The women whose projections may be others now: those of whom something was said, and those who
/// had doses of lots that are judged otherwise.
std::vector<std::int64_t> Projector::touched_by(const Ingest& ingest,
                                                std::span<const AppendedEvent> appended,
                                                std::span<const AppendedEvent> restated,
                                                sqlite::WriteTransaction& tx) {
    std::vector<std::int64_t> touched;
    touched.reserve(appended.size() + restated.size());
    for (const auto& part : {appended, restated}) {
        for (const auto& event : part) {
            if (event.woman_ix != 0) touched.push_back(event.woman_ix);
        }
    }
    const auto once = [](std::vector<std::int64_t>& numbers) {
        std::sort(numbers.begin(), numbers.end());
        numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    };
    once(touched);
    const auto first_facility =
        std::stable_partition(touched.begin(), touched.end(),
                              [this](std::int64_t ix) { return !log_.women().is_facility(ix); });
    const std::vector<std::int64_t> places(first_facility, touched.end());
    touched.erase(first_facility, touched.end());
    std::vector<std::int64_t> facilities;  // Whose lots are judged anew, in the order of facts.
    const auto note = [&](const AppendedEvent& event) {
        if (std::binary_search(places.begin(), places.end(), event.woman_ix)) {
            const bool is_listed =
                std::find(facilities.begin(), facilities.end(), event.woman_ix) != facilities.end();
            if (!is_listed && may_spoil_lots(event)) facilities.push_back(event.woman_ix);
            return;
        }
        if (event.woman_ix == 0 || !may_link(event.type)) return;
        // Whether it has an effect may change; that it was said doesn't.
        if (const auto said = log_.find_said(event.position)) components_.note_links(*said, tx);
    };
    for (const auto& event : appended) note(event);
    for (const auto& event : restated) note(event);
    for (const auto facility_ix : facilities) {
        const auto women = judge_lots(ingest, facility_ix, tx);
        touched.insert(touched.end(), women.begin(), women.end());
    }
    once(touched);
    return touched;
}

/// False, if what a facility's lots are worth can't hang on that fact: receipts and the like are
/// many, and a facility's facts are read anew for each of the others. A correction never makes an
/// excursion of a receipt (fold).
bool Projector::may_spoil_lots(const AppendedEvent& event) {
    if (event.type != Stock::type) return true;
    const auto logged = log_.find_at(event.position);
    const auto* stock = logged ? std::get_if<Stock>(&logged->event.fact.detail) : nullptr;
    if (!stock || stock->action == StockAction::temperature_excursion ||
        stock->action == StockAction::recall || stock->action == StockAction::decision)
        return true;
    // The same number was used before: which of the two counts is for fold() to say.
    const auto first = log_.find_entry(logged->event.uid);
    return !first || first->position != event.position;
}

/// What the facts about a facility, up to this ingest, say of its lots; and whom that concerns.
std::vector<std::int64_t> Projector::judge_lots(const Ingest& ingest, std::int64_t facility_ix,
                                                sqlite::WriteTransaction& tx) {
    std::vector<LoggedEvent> events;
    std::vector<Position> unreadable;
    log_.read_events(facility_ix, ingest.id, events, unreadable);
    for (const auto position : unreadable) log_.quarantine(position, bad_payload, tx);
    const auto facts = fold({log_.women().load_id(facility_ix)}, std::move(events)).facts;
    return lots_.set_spoilt(facility_ix, spoilt_lots(holds_of(facts)), tx);
}

void Projector::project_group(const Ingest& ingest, const std::vector<std::int64_t>& group,
                              sqlite::WriteTransaction& tx) {
    std::vector<Position> unreadable;
    const auto components = components_.read(group, ingest.id, unreadable);
    for (const auto position : unreadable) log_.quarantine(position, bad_payload, tx);
    if (group.size() == 1) {
        project_woman(ingest, group.front(), components.front(), tx);
        return;
    }
    // First what is no longer there on its own, so that nobody is counted twice on the way.
    auto& index = log_.women();
    std::vector<std::pair<std::int64_t, const Component*>> canonical;
    for (const auto& component : components) {
        const auto canonical_ix = *index.find(component.members.front());
        canonical.emplace_back(canonical_ix, &component);
        for (const auto& member : component.members) {
            const auto member_ix = *index.find(member);
            if (index.canonical(member_ix) != canonical_ix)
                index.set_canonical(member_ix, canonical_ix, tx);
            if (member_ix != canonical_ix) retire(ingest, member_ix, tx);
        }
    }
    for (const auto& [woman_ix, component] : canonical)
        project_woman(ingest, woman_ix, *component, tx);
}

void Projector::project_woman(const Ingest& ingest, std::int64_t woman_ix,
                              const Component& component, sqlite::WriteTransaction& tx) {
    if (component.events.empty()) {
        retire(ingest, woman_ix, tx);
        return;
    }
    auto history = history_of(component);
    // Of whom nothing may be kept she has no row.
    if (history.facts.empty() && history.erased.size() == history.members.size()) {
        retire(ingest, woman_ix, tx);
        return;
    }
    lots_.set_doses(woman_ix, history, tx);
    lots_.mark_spoilt(history);
    women_.set(woman_ix, history, tx);
    if (search_) search_->set(woman_ix, history, tx);
    contribute(ingest, woman_ix, &history);
    tell(ingest, woman_ix, &history);
}

void Projector::retire(const Ingest& ingest, std::int64_t woman_ix, sqlite::WriteTransaction& tx) {
    women_.remove(woman_ix, tx);
    lots_.remove_doses(woman_ix, tx);
    if (search_) search_->remove(woman_ix, tx);
    contribute(ingest, woman_ix, nullptr);
    tell(ingest, woman_ix, nullptr);
}

void Projector::tell(const Ingest& ingest, std::int64_t woman_ix, const History* history) {
    if (watcher_ && !is_rebuilding_) watcher_->projected(ingest, woman_ix, history);
}

void Projector::contribute(const Ingest& ingest, std::int64_t woman_ix, const History* history) {
    std::vector<Bytes> before(indicators_.size());
    {
        auto run = select_contributions_.start();
        run.bind_all(woman_ix);
        while (run.next()) {
            const auto number = static_cast<std::uint64_t>(run.int64(0));
            if (number == 0 || number > before.size())
                throw sqlite::SqliteError(sqlite::damaged_code, "there is no such indicator",
                                          select_contributions_sql);
            before[static_cast<std::size_t>(number - 1)] = run.blob(1);
        }
    }
    std::optional<WhatIsKnown> known;
    if (history) known.emplace(*history, protocols_);
    for (std::size_t i = 0; i < indicators_.size(); ++i) {
        coverage::Contribution now;
        if (known) now = known->contribution_to(indicators_[i], denominators_[i] == i);
        const auto content = coverage::encode_contribution(now);
        if (content == before[i]) continue;
        add_deltas(ingest, i, before[i], now);
        const auto indicator_ix = i + 1;
        if (content.empty()) {
            delete_contribution_.start().bind_all(woman_ix, indicator_ix).finish();
        } else {
            upsert_contribution_.start().bind_all(woman_ix, indicator_ix, content).finish();
        }
    }
}

void Projector::add_deltas(const Ingest& ingest, std::size_t indicator, const Bytes& before,
                           const coverage::Contribution& now) {
    const auto stored = coverage::decode_contribution(before);
    if (!stored) {
        throw sqlite::SqliteError(sqlite::damaged_code, "a contribution can't be read",
                                  select_contributions_sql);
    }
    for (const auto& delta : coverage::difference(now, *stored)) {
        insert_delta_.start()
            .bind_all(ingest.id, indicator + 1, static_cast<int>(delta.part),
                      key_of(delta.key.area, areas_, select_area_, insert_area_),
                      key_of(delta.key.facility, facilities_, select_facility_, insert_facility_),
                      delta.key.birth_month, delta.day.days(), delta.amount)
            .finish();
    }
}

std::int64_t Projector::key_of(const std::string& code, KeyCache& cache, sqlite::Statement& select,
                               sqlite::Statement& insert) {
    const auto known = cache.find(code);
    if (known != cache.end()) return known->second;
    std::int64_t ix = 0;
    {
        auto run = select.start();
        run.bind_all(code);
        if (run.next()) ix = run.int64(0);
    }
    if (ix == 0) {
        insert.start().bind_all(code).finish();
        ix = db_.last_rowid();
    }
    cache.emplace(code, ix);
    return ix;
}

std::optional<Projector::State> Projector::find_state() {
    auto run = select_state_.start();
    if (!run.next()) return std::nullopt;
    return State{run.int64(0), run.text(1), run.int64(2)};
}

void Projector::begin_state() {
    insert_state_.start().bind_all(projection_code_version, indicator_names_).finish();
    for (std::size_t i = 0; i < indicators_.size(); ++i)
        insert_indicator_.start()
            .bind_all(i + 1, indicators_[i].id, indicators_[i].version, denominators_[i] + 1)
            .finish();
}

bool Projector::needs_rebuild() {
    const auto state = find_state();
    if (!state) return log_.last_position() > 0;
    return state->code_version != projection_code_version ||
           state->indicators != indicator_names_ || state->position != log_.last_position();
}

Position Projector::current_position() {
    const auto state = find_state();
    return state ? state->position : 0;
}

void Projector::clear(sqlite::WriteTransaction& tx) {
    // A row that stands there already is damage, and holds nothing up.
    db_.execute("DELETE FROM rebuilding; INSERT INTO rebuilding (one) VALUES (1)");
    db_.execute(clear_sql);
    women_.clear(tx);
    lots_.clear(tx);
    components_.clear(tx);
    if (!search_) return;
    search_->clear(tx);
    // Whoever searches is a clinic, and there nothing is refused.
    db_.execute("DELETE FROM quarantine WHERE reason = 'invalid'");
}

void Projector::rebuild(Progress& progress) {
    sqlite::WriteTransaction tx(db_);
    rebuild(progress, tx);
    tx.commit();
}

void Projector::rebuild(Progress& progress, sqlite::WriteTransaction& tx) {
    clear(tx);
    is_rebuilding_ = true;
    try {
        replay(progress, tx);
    } catch (...) {
        is_rebuilding_ = false;
        throw;
    }
    is_rebuilding_ = false;
    db_.execute("DELETE FROM rebuilding");
}

/// Ingest by ingest: what came with it, and what it said of what was here.
void Projector::replay(Progress& progress, sqlite::WriteTransaction& tx) {
    sqlite::Statement replayed(db_, replayed_events_sql);
    const auto total = static_cast<std::uint64_t>(log_.last_position());
    const auto restated = Statements(db_).restated();
    auto next = restated.begin();
    std::vector<AppendedEvent> appended;
    const auto apply_up_to = [&](std::int64_t id) {
        while (next != restated.end() && next->ingest <= id) {
            Ingest ingest;
            ingest.id = next->ingest;
            std::vector<AppendedEvent> said;
            for (; next != restated.end() && next->ingest == ingest.id; ++next)
                said.push_back(next->fact);
            if (ingest.id == id && !appended.empty()) {
                apply(ingest, appended, said, tx);
                appended.clear();
            } else {
                apply(ingest, {}, said, tx);
            }
        }
        if (appended.empty()) return;
        Ingest ingest;
        ingest.id = id;
        apply(ingest, appended, tx);
        appended.clear();
    };
    std::int64_t id = 0;
    auto run = replayed.start();
    while (run.next()) {
        if (run.int64(3) != id && !appended.empty()) {
            const auto last = appended.back().position;
            apply_up_to(id);
            progress.at(static_cast<std::uint64_t>(last), total);
        }
        id = run.int64(3);
        appended.push_back({run.int64(0), run.find_int64(1).value_or(0),
                            static_cast<std::uint16_t>(run.int64(2))});
    }
    if (!appended.empty()) apply_up_to(id);
    apply_up_to(INT64_MAX);
    replay_erased();
    progress.at(total, total);
}

}  // namespace egret::store
