#include "registry/store/state_digest.h"

#include "registry/codec/fact_codec.h"
#include "registry/crypto/hash.h"
#include "registry/store/components.h"
#include "registry/store/lot_index.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace egret::store {
namespace {

constexpr auto select_added_sql = R"sql(
    SELECT k.id, k.version, c.content
      FROM contribution c JOIN indicator_key k ON k.ix = c.indicator_ix
     WHERE c.woman_ix = ?1 ORDER BY k.id, k.version
)sql";
constexpr auto select_sums_sql = R"sql(
    SELECT i.known_day || ' ' || k.id || ' ' || k.version || ' ' || d.part || ' ' ||
           quote(a.code) || ' ' || quote(f.code) || ' ' || d.birth_month || ' ' || d.day AS place,
           sum(d.amount)
      FROM delta d JOIN ingest i ON i.id = d.ingest
      JOIN indicator_key k ON k.ix = d.indicator_ix
      JOIN area_key a ON a.ix = d.area_ix JOIN facility_key f ON f.ix = d.facility_ix
     GROUP BY place HAVING sum(d.amount) <> 0 ORDER BY place
)sql";

/// Each part with its length before it, so that no two lists of parts are the same bytes.
class Parts {
public:
    Parts& add(ByteView bytes) {
        hash_.update(bytes_of(std::to_string(bytes.size()) + ":")).update(bytes);
        return *this;
    }

    Parts& add(std::string_view text) { return add(bytes_of(text)); }

    Parts& add(std::size_t number) { return add(std::to_string(number)); }

    Hash finish() { return hash_.finish(); }

private:
    crypto::Sha256 hash_;
};

void add_live_facts(const History& history, Parts& parts) {
    auto facts = history.facts;
    std::ranges::sort(facts, {}, &LiveFact::uid);
    parts.add(facts.size());
    for (const auto& live : facts) {
        parts.add(live.uid.view())
            .add(live.fact.detail.index())
            .add(codec::encode_payload(live.fact));
        parts.add(live.clinic).add(live.author.view());
        parts.add((live.is_corrected ? 1U : 0U) + (live.is_spoilt ? 2U : 0U));
    }
}

void add_said(const History& history, Parts& parts) {
    parts.add(history.said.size());
    for (const auto& said : history.said) {
        parts.add(static_cast<std::size_t>(said.field)).add(said.uid.view()).add(said.clinic);
        parts.add((said.stands ? 1U : 0U) + (said.is_shown ? 2U : 0U));
    }
    parts.add(history.disputed.size());
    for (const auto field : history.disputed) parts.add(static_cast<std::size_t>(field));
    std::vector<std::pair<EventUid, WhyUnheeded>> unheeded;
    for (const auto& one : history.unheeded) unheeded.emplace_back(one.uid, one.why);
    std::ranges::sort(unheeded);
    parts.add(unheeded.size());
    for (const auto& [uid, why] : unheeded)
        parts.add(uid.view()).add(static_cast<std::size_t>(why));
}

/// What the digests read, compiled once.
class Digester {
public:
    Digester(EventLog& log, sqlite::Database& db)
        : log_(log), lots_(db), select_contributions_(db, select_added_sql) {}

    Hash digest(const Component& component) {
        auto history = history_of(component);
        lots_.mark_spoilt(history);
        Parts parts;
        parts.add("cr-wo-v1").add(history.members.size());
        for (const auto& member : history.members) parts.add(member.view());
        add_live_facts(history, parts);
        add_said(history, parts);
        auto run = select_contributions_.start();
        run.bind_all(log_.women().find(history.woman));
        while (run.next()) {
            parts.add(run.text_view(0)).add(run.text_view(1));
            parts.add(run.blob_view(2));
        }
        return parts.finish();
    }

private:
    EventLog& log_;
    LotIndex lots_;
    sqlite::Statement select_contributions_;
};

}  // namespace

std::optional<Hash> digest_woman(EventLog& log, sqlite::Database& db, const WomanId& id) {
    const auto component = Components(log, db).read_woman(id);
    if (component.events.empty()) return std::nullopt;
    return Digester(log, db).digest(component);
}

Hash state_digest(EventLog& log, sqlite::Database& db) {
    Digester digester(log, db);
    std::vector<std::pair<WomanId, Hash>> women;
    Components(log, db).for_each(INT64_MAX, [&](const Component& component) {
        women.emplace_back(component.members.front(), digester.digest(component));
    });
    std::ranges::sort(women);
    Parts parts;
    parts.add("cr-st-v2").add(women.size());
    for (const auto& [id, digest] : women) parts.add(id.view()).add(digest);
    sqlite::Statement select(db, select_sums_sql);
    auto run = select.start();
    while (run.next()) parts.add(run.text_view(0)).add(std::to_string(run.int64(1)));
    return parts.finish();
}

}  // namespace egret::store
