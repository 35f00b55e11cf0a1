#include "tests/simulation/sync/invariants.h"

#include "registry/base/text.h"
#include "registry/sqlite/statement.h"
#include "registry/store/components.h"
#include "registry/store/read_id.h"
#include "registry/store/state_digest.h"
#include "tests/simulation/sync/facts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace egret::sync_world {
namespace {

/// What lies at the centre, read behind its back.
struct AtCentre {
    std::map<EventUid, Order> counted;  // The first in order of those with that uid.
    std::map<EventUid, int> rows;
    std::set<EventUid> refused;
    std::map<std::uint64_t, std::set<WomanId>> members;  // By scope.
    std::map<WomanId, std::optional<Hash>> digests;
    std::vector<History> histories;
};

constexpr auto select_events_sql = R"sql(
    SELECT e.uid, d.id, e.seq, e.header, i.offset_ms, i.ceiling, q.position IS NOT NULL
      FROM event e JOIN device d ON d.ix = e.device_ix JOIN ingest i ON i.id = e.ingest
      LEFT JOIN quarantine q ON q.position = e.position
)sql";
constexpr auto select_members_sql = R"sql(
    SELECT m.scope, w.id FROM scope_member m JOIN woman w ON w.ix = m.woman_ix
)sql";

void read_events(sqlite::Database& db, AtCentre& at) {
    sqlite::Statement select(db, select_events_sql);
    auto row = select.start();
    while (row.next()) {
        const auto uid = store::read_id<EventUid>(row, 0);
        ++at.rows[uid];
        if (row.int64(6) != 0) {
            at.refused.insert(uid);
            continue;
        }
        const auto header = codec::decode_header(row.blob_view(3));
        if (!header) continue;
        const store::ClockCorrection clock{row.int64(4), store::hlc_of(row.int64(5))};
        const Order order{clock.effective(header->hlc), store::read_id<DeviceId>(row, 1),
                          static_cast<std::uint64_t>(row.int64(2))};
        const auto [known, is_new] = at.counted.emplace(uid, order);
        if (!is_new && order < known->second) known->second = order;
    }
}

AtCentre read_centre(SimCentre& centre) {
    AtCentre at;
    centre.look_into_file([&](sqlite::Database& db) {
        read_events(db, at);
        sqlite::Statement members(db, select_members_sql);
        auto row = members.start();
        while (row.next())
            at.members[static_cast<std::uint64_t>(row.int64(0))].insert(
                store::read_id<WomanId>(row, 1));
        store::EventLog log(db);
        store::Components components(log, db);
        components.for_each(INT64_MAX, [&](const store::Component& component) {
            at.histories.push_back(store::history_of(component));
            for (const auto& id : component.members)
                at.digests[id] = store::digest_woman(log, db, id);
        });
    });
    return at;
}

class Looking {
public:
    explicit Looking(const Ended& ended) : ended_(ended), at_(read_centre(ended.centre)) {}

    void look() {
        look_at_rows();
        look_at_histories();
        look_at_clocks();
        look_for_canary("the centre", ended_.centre.disk());
        for (const auto& machine : ended_.machines) {
            look_for_canary(machine->code(), machine->disk());
            if (machine->is_gone() || !machine->is_open() || machine->is_old()) continue;
            look_at(*machine);
        }
    }

private:
    void find(const std::string& what) { ended_.world.findings.add(what); }

    /// Each fact is there, and has one effect: whoever joined anew has handed it over twice.
    void look_at_rows() {
        const auto& model = ended_.world.model;
        for (const auto& [uid, count] : at_.rows) {
            const auto* said = model.find(uid);
            if (!said)
                find("The centre has a fact that nobody recorded");
            else if (said->is_bad != at_.refused.contains(uid))
                find(said->is_bad ? "The centre took a bad fact" : "A good fact was set aside");
        }
        for (const auto& machine : ended_.machines) {
            if (machine->is_gone()) continue;
            for (const auto& uid : machine->known()) {
                if (!at_.rows.contains(uid)) find("The centre lacks a fact of " + machine->code());
            }
        }
    }

    static std::map<EventUid, Detail> facts_of(const History& history) {
        std::map<EventUid, Detail> facts;
        for (const auto& live : history.facts) facts.emplace(live.uid, live.fact.detail);
        return facts;
    }

    void look_at_histories() {
        std::map<WomanId, const History*> found;
        for (const auto& history : at_.histories) found.emplace(history.woman, &history);
        const auto expected = ended_.world.model.expect(at_.counted);
        std::size_t seen = 0;
        for (const auto& woman : expected) {
            const auto history = found.find(*woman.members.begin());
            if (history == found.end()) {
                if (!woman.facts.empty() || !woman.unheeded.empty())
                    find("The centre doesn't know a woman");
                continue;
            }
            ++seen;
            std::set<EventUid> unheeded;
            for (const auto& one : history->second->unheeded) unheeded.insert(one.uid);
            const auto& members = history->second->members;
            if (std::set(members.begin(), members.end()) != woman.members)
                find("The centre joins other women");
            else if (facts_of(*history->second) != woman.facts)
                find("The centre heeds other facts of a woman");
            else if (unheeded != woman.unheeded)
                find("The centre passes over other facts of a woman");
        }
        if (seen != at_.histories.size()) find("The centre knows more women");
    }

    /// What a clinic says whose clock is right is not ordered before it was said, whatever clocks
    /// others have; and nothing is ordered after now.
    void look_at_clocks() {
        if (ended_.centre.was_clock_wrong()) return;
        std::set<std::string> astray;
        for (const auto& machine : ended_.machines) {
            if (!machine->has_right_clock()) astray.insert(machine->code());
        }
        const auto now = unix_ms(ended_.world.queue.now());
        for (const auto& [uid, order] : at_.counted) {
            const auto* said = ended_.world.model.find(uid);
            if (order.effective.ms() > now + 1) find("A fact is ordered after now");
            if (said && !astray.contains(said->clinic) && order.effective.ms() < unix_ms(said->at))
                find("A fact is ordered before it was said");
        }
    }

    void look_for_canary(const std::string& whose, const tests::SimDisk& disk) {
        for (const auto& [name, content] : disk.files()) {
            if (text_of(content).find(canary) != std::string_view::npos)
                find("A name can be read in " + name + " of " + whose);
        }
    }

    /// What it sees of whom it is told of is what the centre sees; of others it has nothing that
    /// others said.
    void look_at(SimClinic& machine) {
        auto& registry = machine.registry();
        const tests::CrashDisk::Watch watch(machine.disk());
        std::set<WomanId> told;
        for (const auto& place : registry.feed_places()) {
            const auto& members = at_.members[place.scope];
            told.insert(members.begin(), members.end());
        }
        const auto stray = strays(machine);
        const auto groups = groups_at_centre();
        for (const auto& woman : told) {
            const auto centres = at_.digests.find(woman);
            if (centres == at_.digests.end()) continue;
            const auto ids = registry.linked_ids(woman);
            const bool has_stray = std::any_of(
                ids.begin(), ids.end(), [&](const WomanId& id) { return stray.contains(id); });
            if (has_stray) continue;
            // Who may join two women hangs on facts of both: who is told of one of them alone
            // can't tell whether a link that was made counts (docs/limits.md).
            const auto group = groups.find(woman);
            if (group != groups.end() && !std::includes(told.begin(), told.end(),
                                                        group->second.begin(), group->second.end()))
                continue;
            if (store::digest_woman(registry.log(), registry.database(), woman) != centres->second)
                find(machine.code() + " sees a woman otherwise than the centre: " +
                     difference(registry.load_history(woman), woman));
        }
        if (!ended_.centre.was_put_back()) look_for_others(machine, told);
    }

    /// For whoever looks for the reason.
    std::string difference(const std::optional<History>& here, const WomanId& woman) const {
        const auto there =
            std::find_if(at_.histories.begin(), at_.histories.end(), [&](const History& history) {
                const auto& members = history.members;
                return std::find(members.begin(), members.end(), woman) != members.end();
            });
        if (!here || there == at_.histories.end()) return "nothing of her";
        if (here->members != there->members) return "her ids";
        const auto own = facts_of(*here);
        const auto known = facts_of(*there);
        std::string all;
        for (const auto& [uid, detail] : known) {
            const auto found = own.find(uid);
            if (found == own.end())
                all += " lacks " + digits(uid);
            else if (found->second != detail)
                all += " has otherwise " + digits(uid);
        }
        for (const auto& entry : own) {
            if (!known.contains(entry.first)) all += " has " + digits(entry.first);
        }
        if (here->residences != there->residences) all += " residences";
        if (here->disputed != there->disputed) all += " disputed";
        if (here->said != there->said) all += " said";
        if (here->unheeded != there->unheeded) all += " unheeded";
        return all.empty() ? "what she counts for" : all;
    }

    std::string digits(const EventUid& uid) const {
        const auto* said = ended_.world.model.find(uid);
        return (said ? std::string(type_name(said->fact)) + " " : std::string()) +
               uid.to_string().substr(0, 6);
    }

    /// Everybody who was ever said to be one with somebody, or not to be, with all of those.
    std::map<WomanId, std::set<WomanId>> groups_at_centre() const {
        std::map<WomanId, std::set<WomanId>> groups;
        for (const auto& entry : at_.rows) {
            const auto* said = ended_.world.model.find(entry.first);
            const auto other = said ? joined_with(*said) : std::nullopt;
            if (!other) continue;
            std::set<WomanId> group{said->subject, *other};
            for (const auto& one : {said->subject, *other})
                group.insert(groups[one].begin(), groups[one].end());
            for (const auto& one : group) groups[one] = group;
        }
        return groups;
    }

    /// Of whom it holds facts that a restored centre has lost, with those who made them.
    std::set<WomanId> strays(SimClinic& machine) {
        std::set<WomanId> women;
        if (!ended_.centre.was_put_back()) return women;
        for (const auto& [uid, subject] : facts_in(machine.registry().database())) {
            if (!at_.rows.contains(uid)) women.insert(subject);
        }
        return women;
    }

    static std::vector<std::pair<EventUid, WomanId>> facts_in(sqlite::Database& db) {
        std::vector<std::pair<EventUid, WomanId>> facts;
        sqlite::Statement select(
            db, "SELECT e.uid, w.id FROM event e JOIN woman w ON w.ix = e.woman_ix");
        auto row = select.start();
        while (row.next())
            facts.emplace_back(store::read_id<EventUid>(row, 0), store::read_id<WomanId>(row, 1));
        return facts;
    }

    void look_for_others(SimClinic& machine, const std::set<WomanId>& told) {
        sqlite::Statement select(machine.registry().database(), R"sql(
            SELECT w.id FROM event e JOIN device d ON d.ix = e.device_ix
              JOIN woman w ON w.ix = e.woman_ix JOIN payload p ON p.position = e.position
             WHERE d.kind = 1)sql");
        auto row = select.start();
        while (row.next()) {
            if (!told.contains(store::read_id<WomanId>(row, 0)))
                return find(machine.code() + " holds what it is told no longer");
        }
    }

    const Ended& ended_;
    AtCentre at_;
};

}  // namespace

bool have_followed_feeds(const Ended& ended) {
    if (!ended.centre.is_up()) return false;
    auto& feeds = ended.centre.store().feeds();
    std::map<std::pair<DeviceId, std::uint64_t>, std::uint64_t> heads;
    const tests::CrashDisk::Watch watch(ended.centre.disk());
    for (const auto& standing : feeds.feed_standings())
        heads[{standing.device, standing.scope}] = standing.head_pos;
    return std::all_of(ended.machines.begin(), ended.machines.end(), [&](const auto& machine) {
        if (machine->is_gone() || machine->is_old()) return true;
        if (!machine->is_open()) return false;
        const tests::CrashDisk::Watch own(machine->disk());
        for (const auto& [whose, pos] : heads) {
            if (whose.first != machine->device()) continue;
            const auto place = machine->registry().feed_place(whose.second);
            const auto held = place.cursors.empty() ? 0 : place.cursors.back().pos;
            if (held != pos) return false;
        }
        return true;
    });
}

void look_at_all(const Ended& ended) { Looking(ended).look(); }

}  // namespace egret::sync_world
