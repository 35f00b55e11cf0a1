#include "registry/store/components.h"

#include "registry/domain/authority.h"
#include "registry/domain/facility_id.h"
#include "registry/sqlite/error.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>
#include <utility>

namespace egret::store {
namespace {

constexpr auto select_pairs_sql = "SELECT b_ix FROM link_pair WHERE a_ix = ?1";
constexpr auto insert_pair_sql = R"sql(
    INSERT INTO link_pair (a_ix, b_ix) VALUES (?1, ?2), (?2, ?1) ON CONFLICT DO NOTHING
)sql";
constexpr auto select_all_women_sql = "SELECT ix FROM woman ORDER BY ix";

/// The other woman whom a link or an unlink names.
std::optional<WomanId> other_of(const Fact& fact) {
    std::optional<WomanId> other;
    if (const auto* link = std::get_if<Link>(&fact.detail)) other = link->other;
    if (const auto* unlink = std::get_if<Unlink>(&fact.detail)) other = unlink->other;
    return other && !is_facility(*other) ? other : std::nullopt;
}

std::optional<EventUid> target_of(const Fact& fact) {
    if (const auto* correct = std::get_if<Correct>(&fact.detail)) return correct->target;
    if (const auto* voiding = std::get_if<VoidFact>(&fact.detail)) return voiding->target;
    return std::nullopt;
}

using ByUid = std::unordered_map<EventUid, const LoggedEvent*>;

ByUid by_uid(const std::vector<LoggedEvent>& events) {
    ByUid found;
    for (const auto& logged : events) {
        auto& slot = found[logged.event.uid];
        if (!slot || logged.order < slot->order) slot = &logged;
    }
    return found;
}

/// Whom a fact is about: through corrections and voids, the subject of the fact at their end.
const WomanId& subject_of(const LoggedEvent& logged, const ByUid& events) {
    const auto* at = &logged;
    for (std::size_t steps = 0; steps <= events.size(); ++steps) {
        const auto target = target_of(at->event.fact);
        if (!target) break;
        const auto found = events.find(*target);
        if (found == events.end()) break;
        at = found->second;
    }
    return at->event.subject;
}

/// Stock that somebody put down under a woman's id: it is not about her.
bool is_of_facility(const LoggedEvent& logged) {
    return std::holds_alternative<Stock>(logged.event.fact.detail);
}

class UnionFind {
public:
    explicit UnionFind(std::size_t size) : parents_(size) {
        std::iota(parents_.begin(), parents_.end(), std::size_t{0});
    }

    std::size_t root_of(std::size_t i) const {
        while (parents_[i] != i) i = parents_[i];
        return i;
    }

    /// The smaller one stays the root.
    void join(std::size_t a, std::size_t b) {
        const auto first = root_of(a);
        const auto second = root_of(b);
        parents_[std::max(first, second)] = std::min(first, second);
    }

private:
    std::vector<std::size_t> parents_;
};

std::size_t place_of(const std::vector<WomanId>& ids, const WomanId& id) {
    const auto found = std::lower_bound(ids.begin(), ids.end(), id);
    if (found == ids.end() || *found != id)
        throw sqlite::SqliteError(sqlite::damaged_code, "a link names somebody else", "");
    return static_cast<std::size_t>(found - ids.begin());
}

struct Joined {
    UnionFind women;
    std::vector<EventUid> powerless;
};

Joined join_linked(const std::vector<WomanId>& ids, std::vector<LoggedEvent> events,
                   const ByUid& uids) {
    const auto erased = take_out_erased(events);
    const auto is_erased = [&](const WomanId& id) {
        return std::binary_search(erased.begin(), erased.end(), id);
    };
    const auto history = fold(ids, events);
    Joined joined{UnionFind(ids.size()), {}};
    std::map<std::pair<std::size_t, std::size_t>, const LiveFact*> last;
    for (const auto& live : history.facts) {
        const auto other = other_of(live.fact);
        if (!other) continue;
        const auto& subject = uids.at(live.uid)->event.subject;
        const auto a = place_of(ids, subject);
        const auto b = place_of(ids, *other);
        // Who was erased is nobody's other record: that the two were told apart is erased, too.
        if (is_erased(subject) || is_erased(*other)) continue;
        if (!live.is_accepted && !may_join(live.clinic, subject, *other, events)) {
            joined.powerless.push_back(live.uid);
            continue;
        }
        auto& said = last[std::minmax(a, b)];
        if (!said || said->order < live.order) said = &live;
    }
    for (const auto& [pair, said] : last) {
        if (std::holds_alternative<Link>(said->fact.detail))
            joined.women.join(pair.first, pair.second);
    }
    return joined;
}

}  // namespace

History history_of(Component component) {
    auto history = fold(component.members, std::move(component.events), component.powerless);
    auto& refused = history.refused;
    refused = std::move(component.refused);
    std::sort(refused.begin(), refused.end(),
              [](const auto& a, const auto& b) { return a.order < b.order; });
    std::set<EventUid> seen;  // One may stand in the log under two numbers.
    std::erase_if(refused, [&](const RefusedFact& one) { return !seen.insert(one.uid).second; });
    return history;
}

std::vector<Component> split_components(std::vector<WomanId> ids, std::vector<LoggedEvent> events) {
    if (ids.size() == 1) return {{std::move(ids), std::move(events), {}}};
    std::sort(ids.begin(), ids.end());
    const auto uids = by_uid(events);
    const auto joined = join_linked(ids, events, uids);

    std::vector<Component> components;
    std::vector<std::size_t> component_of(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto root = joined.women.root_of(i);
        if (root == i) {
            component_of[i] = components.size();
            components.emplace_back();
        }
        component_of[i] = component_of[root];
        components[component_of[i]].members.push_back(ids[i]);
    }
    for (const auto& logged : events) {
        const auto place = place_of(ids, subject_of(logged, uids));
        auto& component = components[component_of[place]];
        component.events.push_back(logged);
        const auto& powerless = joined.powerless;
        if (std::find(powerless.begin(), powerless.end(), logged.event.uid) != powerless.end())
            component.powerless.push_back(logged.event.uid);
    }
    return components;
}

Components::Components(EventLog& log, sqlite::Database& db)
    : log_(log),
      select_pairs_(db, select_pairs_sql),
      insert_pair_(db, insert_pair_sql),
      select_women_(db, select_all_women_sql),
      delete_pairs_(db, "DELETE FROM link_pair"),
      delete_pairs_of_(db, "DELETE FROM link_pair WHERE a_ix = ?1 OR b_ix = ?1") {}

std::vector<std::int64_t> Components::note_links(const Event& event, sqlite::WriteTransaction& tx) {
    const auto* fact = &event.fact;
    if (const auto* correct = std::get_if<Correct>(&fact->detail)) {
        if (correct->replacement.size() != 1) return {};
        fact = &correct->replacement.front();
    }
    const auto other = other_of(*fact);
    if (!other || is_facility(event.subject)) return {};
    const auto a = log_.women().add(event.subject, tx);
    const auto b = log_.women().add(*other, tx);
    insert_pair_.start().bind_all(a, b).finish();
    return {b};
}

std::vector<std::int64_t> Components::group_of(std::int64_t woman_ix) {
    std::vector<std::int64_t> group{woman_ix};
    for (std::size_t next = 0; next < group.size(); ++next) {
        auto run = select_pairs_.start();
        run.bind_all(group[next]);
        while (run.next()) {
            const auto other = run.int64(0);
            if (std::find(group.begin(), group.end(), other) == group.end()) group.push_back(other);
        }
    }
    std::sort(group.begin(), group.end());
    return group;
}

void Components::forget_links(const std::vector<std::int64_t>& group, sqlite::WriteTransaction&) {
    for (const auto woman_ix : group) delete_pairs_of_.start().bind_all(woman_ix).finish();
}

std::vector<Component> Components::read(const std::vector<std::int64_t>& group, std::int64_t until,
                                        std::vector<Position>& unreadable) {
    std::vector<WomanId> ids;
    std::vector<LoggedEvent> events;
    std::vector<RefusedFact> refused;
    for (const auto woman_ix : group) {
        const auto id = log_.women().load_id(woman_ix);
        if (is_facility(id)) continue;
        ids.push_back(id);
        log_.read_events(woman_ix, until, events, unreadable, &refused);
    }
    std::erase_if(events, [](const LoggedEvent& logged) { return is_of_facility(logged); });
    auto components = split_components(std::move(ids), std::move(events));
    for (auto& one : refused) {
        for (auto& component : components) {
            if (std::binary_search(component.members.begin(), component.members.end(), one.subject))
                component.refused.push_back(one);
        }
    }
    return components;
}

Component Components::read_woman(const WomanId& id) {
    const auto woman_ix = log_.women().find(id);
    if (!woman_ix || is_facility(id)) return {};
    std::vector<Position> unreadable;
    for (auto& component : read(group_of(*woman_ix), INT64_MAX, unreadable)) {
        if (std::binary_search(component.members.begin(), component.members.end(), id))
            return std::move(component);
    }
    return {};
}

void Components::for_each(std::int64_t until, const std::function<void(const Component&)>& take,
                          bool with_refused) {
    std::vector<Position> unreadable;
    auto run = select_women_.start();
    while (run.next()) {
        if (log_.women().is_facility(run.int64(0))) continue;
        const auto group = group_of(run.int64(0));
        if (group.front() != run.int64(0)) continue;  // It was all of its first one's turn.
        for (const auto& component : read(group, until, unreadable)) {
            const bool is_wanted = with_refused && !component.refused.empty();
            if (is_wanted || !component.events.empty()) take(component);
        }
    }
}

void Components::clear(sqlite::WriteTransaction&) { delete_pairs_.start().finish(); }

}  // namespace egret::store
