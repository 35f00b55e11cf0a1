#include "sync/central/feed_writer.h"

#include "registry/codec/facility_subject.h"
#include "registry/crypto/hash.h"
#include "registry/domain/area.h"
#include "registry/domain/authority.h"
#include "registry/store/read_id.h"
#include "sync/central/detail/feed_line.h"
#include "sync/central/detail/lot_facts.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string_view>

namespace egret::central {
namespace {

using std::chrono::days;

constexpr days referral_after_answer{180};
constexpr days after_leaving{90};

// Each of these begins with what read_feed_line needs. What was set aside at the centre is told to
// nobody as a fact, unless an officer ruled that it holds.
constexpr auto select_of_woman_sql = R"sql(
    SELECT e.position, d.id, e.seq, e.header, i.offset_ms, i.ceiling, d.clinic
      FROM event e JOIN device d ON d.ix = e.device_ix JOIN ingest i ON i.id = e.ingest
     WHERE e.woman_ix = ?1
       AND coalesce((SELECT r.holds FROM ruling r WHERE r.uid = e.uid
                      ORDER BY r.ingest DESC LIMIT 1),
                    NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.position = e.position))
     ORDER BY e.position
)sql";
constexpr auto select_at_sql = R"sql(
    SELECT e.position, d.id, e.seq, e.header, i.offset_ms, i.ceiling, d.clinic
      FROM event e JOIN device d ON d.ix = e.device_ix JOIN ingest i ON i.id = e.ingest
     WHERE e.position = ?1
)sql";
constexpr auto select_sayers_sql = R"sql(
    SELECT DISTINCT d.clinic FROM event e JOIN device d ON d.ix = e.device_ix
     WHERE e.woman_ix = ?1
)sql";
// What holds of her facts since an officer ruled so.
constexpr auto select_accepted_sql = R"sql(
    SELECT DISTINCT e.uid FROM event e JOIN ruling r ON r.uid = e.uid
     WHERE e.woman_ix = ?1 AND r.holds = 1
       AND r.ingest = (SELECT max(s.ingest) FROM ruling s WHERE s.uid = e.uid)
     ORDER BY e.uid
)sql";
// Those that have the uid of the fact at a position, itself too.
constexpr auto select_twins_sql = R"sql(
    SELECT t.position, d.id, t.seq, t.header, i.offset_ms, i.ceiling, d.clinic, t.woman_ix
      FROM event e JOIN event t ON t.uid = e.uid
      JOIN device d ON d.ix = t.device_ix JOIN ingest i ON i.id = t.ingest
     WHERE e.position = ?1
       AND coalesce((SELECT r.holds FROM ruling r WHERE r.uid = t.uid
                      ORDER BY r.ingest DESC LIMIT 1),
                    NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.position = t.position))
     ORDER BY t.position
)sql";
constexpr auto select_with_twins_sql = R"sql(
    SELECT e.position FROM event e
     WHERE e.position BETWEEN ?1 AND ?2
       AND EXISTS (SELECT 1 FROM event o WHERE o.uid = e.uid AND o.position <> e.position)
)sql";

// Which scopes are told of women who had a dose at that facility.
constexpr auto select_of_doses_sql = R"sql(
    SELECT DISTINCT m.scope FROM lot_dose l JOIN scope_member m ON m.woman_ix = l.woman_ix
     WHERE l.facility = ?1
)sql";

/// Whether who is told of her may hang on such a fact.
bool may_move(std::uint16_t type) {
    constexpr std::uint16_t types[] = {Register::type,         DemographicsChange::type,
                                       Transfer::type,         Referral::type,
                                       ReferralFeedback::type, Link::type,
                                       Unlink::type,           Correct::type,
                                       VoidFact::type};
    return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

std::optional<codec::EventHeader> header_of(ByteView bytes) {
    auto header = codec::decode_header(bytes);
    return header ? std::optional(*std::move(header)) : std::nullopt;
}

Instant day_after(Date day, days after) { return Instant{} + days{day.days()} + after; }

/// Until when a clinic is told of her to which she was referred.
std::optional<Instant> referral_end(const LiveFact& referral, const History& history) {
    for (const auto& fact : history.facts) {
        const auto* answer = std::get_if<ReferralFeedback>(&fact.fact.detail);
        if (!answer || answer->referral != referral.uid) continue;
        const auto day = answer->received_on.value_or(clinical_day(fact.fact, fact.order));
        return day_after(day, referral_after_answer);
    }
    return std::nullopt;
}

/// The later of two ends, of which none is never.
std::optional<Instant> later(const std::optional<Instant>& a, const std::optional<Instant>& b) {
    return a && b ? std::optional(std::max(*a, *b)) : std::nullopt;
}

}  // namespace

FeedWriter::FeedWriter(store::EventLog& log, sqlite::Database& db)
    : log_(log),
      scopes_(db),
      feed_(db),
      components_(log, db),
      select_of_woman_(db, select_of_woman_sql),
      select_of_doses_(db, select_of_doses_sql),
      select_twins_(db, select_twins_sql),
      select_at_(db, select_at_sql),
      select_sayers_(db, select_sayers_sql),
      select_accepted_(db, select_accepted_sql),
      statements_(db),
      select_with_twins_(db, select_with_twins_sql) {}

void FeedWriter::begin() {
    told_.clear();
    clinics_.clear();
    sole_readers_.clear();
    facilities_.clear();
    entered_facilities_.clear();
    areas_.reset();
    are_facilities_.clear();
    members_.clear();
    awaited_.clear();
}

bool FeedWriter::is_facility(std::int64_t ix) {
    const auto known = are_facilities_.find(ix);
    if (known != are_facilities_.end()) return known->second;
    return are_facilities_.emplace(ix, log_.women().is_facility(ix)).first->second;
}

const std::vector<Membership>& FeedWriter::members_of(std::int64_t ix) {
    const auto known = members_.find(ix);
    if (known != members_.end()) return known->second;
    return members_.emplace(ix, scopes_.of(ix)).first->second;
}

void FeedWriter::set_member(std::int64_t ix, const Membership& membership,
                            sqlite::WriteTransaction& tx) {
    members_.erase(ix);
    scopes_.set(ix, membership, tx);
}

/// Whether who is told of her has to be worked out anew after that event.
bool FeedWriter::may_concern_others(const FedBatch& batch, std::size_t at) {
    const auto& event = batch.appended[at];
    return may_move(event.type) || !is_told(scope_of(batch.device.clinic), event.woman_ix);
}

FeedWriter::Watch FeedWriter::watch(const FedBatch& batch) {
    begin();
    for (std::size_t i = 0; i < batch.appended.size(); ++i) {
        const auto ix = batch.appended[i].woman_ix;
        if (ix == 0 || !batch.verdicts[i].refused_because.empty() || is_facility(ix)) continue;
        if (may_concern_others(batch, i)) awaited_.try_emplace(ix);
    }
    return Watch(*this);
}

void FeedWriter::projected(const store::Ingest& ingest, std::int64_t woman_ix,
                           const History* history) {
    const auto awaited = awaited_.find(woman_ix);
    if (awaited != awaited_.end() && history && !history->facts.empty() && history->erased.empty())
        awaited->second = wanted_of(*history, ingest.received);
}

std::optional<std::uint64_t> FeedWriter::scope_of(const std::string& clinic) {
    const auto known = clinics_.find(clinic);
    if (known != clinics_.end()) return known->second;
    return clinics_.emplace(clinic, scopes_.scope_of_clinic(clinic)).first->second;
}

const std::optional<DeviceId>& FeedWriter::sole_reader(std::uint64_t scope) {
    const auto known = sole_readers_.find(scope);
    if (known != sole_readers_.end()) return known->second;
    return sole_readers_.emplace(scope, scopes_.sole_reader(scope)).first->second;
}

std::optional<std::int64_t> FeedWriter::facility_ix(const std::string& code) {
    const auto known = facilities_.find(code);
    if (known != facilities_.end()) return known->second;
    return facilities_.emplace(code, log_.women().find(codec::facility_subject(code)))
        .first->second;
}

FeedWriter::Wanted FeedWriter::wanted_of(const History& history, Instant now) {
    Wanted wanted;
    for (const auto& member : history.members) {
        if (const auto ix = log_.women().find(member)) wanted.members.push_back(*ix);
    }
    auto& scopes = wanted.scopes;
    const auto* home = history.residences.empty() ? nullptr : &history.residences.back();
    if (home) {
        if (const auto scope = scope_of(home->facility)) scopes.emplace(*scope, std::nullopt);
    }
    if (scopes.empty()) {
        for (const auto& fact : history.facts) {
            if (const auto scope = scope_of(fact.clinic)) scopes.emplace(*scope, std::nullopt);
        }
    }
    if (!areas_) areas_ = scopes_.areas();
    for (const auto& area : *areas_) {
        if (home && lies_in(home->area, area.area)) scopes.emplace(area.scope, std::nullopt);
    }
    for (const auto& fact : history.facts) {
        if (std::holds_alternative<Dose>(fact.fact.detail))
            wanted.dose_facilities.insert(fact.facility());
        const auto* referral = std::get_if<Referral>(&fact.fact.detail);
        const auto scope = referral ? scope_of(referral->to_facility) : std::nullopt;
        if (!scope) continue;
        const auto until = referral_end(fact, history);
        if (until && *until <= now) continue;
        const auto [at, is_new] = scopes.emplace(*scope, until);
        if (!is_new) at->second = later(at->second, until);
    }
    return wanted;
}

void FeedWriter::tell(std::uint64_t scope, const FeedLine& line) {
    if (sole_reader(scope) == line.device) return;
    told_[scope].lines.emplace(line.position, line);
}

/// All that is in the log of her, or of a facility.
void FeedWriter::tell_all(std::uint64_t scope, std::int64_t woman_ix, bool only_of_lots) {
    std::vector<FeedLine> lines;
    {
        auto run = select_of_woman_.start();
        run.bind_all(woman_ix);
        while (run.next()) lines.push_back(read_feed_line(run));
    }
    for (const auto& line : lines) {
        if (!only_of_lots || tells_of_lots(line.position)) tell(scope, line);
    }
    if (only_of_lots) return;
    auto accepted = select_accepted_.start();
    accepted.bind_all(woman_ix);
    while (accepted.next()) {
        told_[scope].items.emplace_back(sync::FeedAccepted{store::read_id<EventUid>(accepted, 0)},
                                        sync::FeedDevice{});
    }
}

/// Each scope that is told of one of her ids, or was until now, is told of all of them.
void FeedWriter::enlist(const Wanted& wanted, Instant now, sqlite::WriteTransaction& tx) {
    std::map<std::uint64_t, std::optional<Instant>> left;
    std::vector<std::vector<Membership>> present;
    for (const auto member : wanted.members) {
        for (const auto& one : present.emplace_back(members_of(member))) {
            if (wanted.scopes.contains(one.scope)) continue;
            const auto until = one.until.value_or(now + after_leaving);
            const auto [at, is_new] = left.emplace(one.scope, until);
            if (!is_new) at->second = later(at->second, until);
        }
    }
    auto all = wanted.scopes;
    all.merge(left);
    for (std::size_t i = 0; i < wanted.members.size(); ++i) {
        for (const auto& [scope, until] : all) {
            const auto& had = present[i];
            const auto same =
                std::find_if(had.begin(), had.end(),
                             [&, in = scope](const auto& one) { return one.scope == in; });
            if (same != had.end() && same->until == until) continue;
            set_member(wanted.members[i], {scope, until}, tx);
            if (same == had.end()) tell_all(scope, wanted.members[i], false);
        }
    }
    for (const auto& code : wanted.dose_facilities) {
        for (const auto& [scope, until] : wanted.scopes) enlist_doses_place(scope, code, tx);
    }
}

/// Everybody who may have something of them.
void FeedWriter::enlist_erased(const History& history, sqlite::WriteTransaction& tx) {
    for (const auto& woman : history.erased) {
        const auto woman_ix = log_.women().find(woman);
        if (!woman_ix) continue;
        std::set<std::uint64_t> scopes;
        for (const auto& member : members_of(*woman_ix)) scopes.insert(member.scope);
        std::vector<std::string> clinics;
        {
            auto run = select_sayers_.start();
            run.bind_all(*woman_ix);
            while (run.next()) clinics.push_back(run.text(0));
        }
        for (const auto& clinic : clinics) {
            if (const auto scope = scope_of(clinic)) scopes.insert(*scope);
        }
        for (const auto scope : scopes) {
            const bool is_new = !is_told(scope, *woman_ix);
            set_member(*woman_ix, {scope, std::nullopt}, tx);
            if (is_new) tell_all(scope, *woman_ix, false);
        }
    }
}

/// Whether a dose counts hangs on what became of the vaccine where it was given.
void FeedWriter::enlist_doses_place(std::uint64_t scope, const std::string& facility,
                                    sqlite::WriteTransaction& tx) {
    const auto ix = facility_ix(facility);
    if (!ix || !entered_facilities_.emplace(scope, *ix).second || is_told(scope, *ix)) return;
    set_member(*ix, {scope, std::nullopt}, tx);
    tell_all(scope, *ix, scope_of(facility) != scope);
}

void FeedWriter::enlist_dose(const FedBatch& batch, std::size_t at, sqlite::WriteTransaction& tx) {
    const auto header = codec::decode_header(batch.events[at].header);
    const auto event = header ? codec::decode_event(*header, batch.events[at].payload)
                              : Result<Event>(header.error());
    if (!event) return;
    const auto& place = event->fact.at.facility;
    const auto members = members_of(batch.appended[at].woman_ix);
    for (const auto& member : members)
        enlist_doses_place(member.scope, place.empty() ? batch.device.clinic : place, tx);
}

bool FeedWriter::is_told(std::optional<std::uint64_t> scope, std::int64_t woman_ix) {
    const auto& members = members_of(woman_ix);
    return std::any_of(members.begin(), members.end(),
                       [&](const Membership& member) { return member.scope == scope; });
}

/// Those of whom something was said that may change who is told of them: and everybody of whom
/// somebody speaks who isn't told of her.
void FeedWriter::enlist_touched(const FedBatch& batch, sqlite::WriteTransaction& tx) {
    std::set<std::int64_t> done;
    const auto own = scope_of(batch.device.clinic);
    const auto is_left = [&](const store::AppendedEvent& event) {
        return event.woman_ix != 0 && !is_facility(event.woman_ix) &&
               !done.contains(event.woman_ix);
    };
    const auto look_at_all_of_her = [&](std::int64_t woman_ix) {
        const auto group = components_.group_of(woman_ix);
        done.insert(group.begin(), group.end());
        enlist_group(woman_ix, group, batch.ingest.received, tx);
    };
    for (std::size_t i = 0; i < batch.appended.size(); ++i) {
        const auto& event = batch.appended[i];
        const auto refused = batch.verdicts[i].refused_because;
        // Who says something of a woman who was erased is told that she is.
        const bool is_of_erased = refused == refused_erased && !is_told(own, event.woman_ix);
        if ((!refused.empty() && !is_of_erased) || !is_left(event)) continue;
        if (may_concern_others(batch, i)) {
            look_at_all_of_her(event.woman_ix);
        } else if (event.type == Dose::type) {
            enlist_dose(batch, i, tx);
        }
    }
    for (const auto& event : batch.ruled) {
        if (is_left(event)) look_at_all_of_her(event.woman_ix);
    }
}

void FeedWriter::enlist_group(std::int64_t woman_ix, const std::vector<std::int64_t>& group,
                              Instant now, sqlite::WriteTransaction& tx) {
    const auto awaited = awaited_.find(woman_ix);
    if (group.size() == 1 && awaited != awaited_.end() && awaited->second) {
        enlist(*awaited->second, now, tx);
        return;
    }
    std::vector<store::Position> unreadable;  // Which the projector has set aside.
    for (const auto& component : components_.read(group, INT64_MAX, unreadable)) {
        if (component.events.empty()) continue;
        const auto history = store::history_of(component);
        enlist(wanted_of(history, now), now, tx);
        enlist_erased(history, tx);
    }
}

bool FeedWriter::tells_of_lots(store::Position position) {
    const auto logged = log_.find_at(position);
    return logged && may_spoil_doses(logged->event.fact);
}

void FeedWriter::tell_facility(const FeedLine& line, const FedBatch& batch, std::int64_t facility,
                               sqlite::WriteTransaction& tx) {
    const auto own = scope_of(batch.device.clinic);
    if (tells_of_lots(line.position)) {
        std::vector<std::uint64_t> scopes;
        {
            auto run = select_of_doses_.start();
            run.bind_all(batch.device.clinic);
            while (run.next()) scopes.push_back(static_cast<std::uint64_t>(run.int64(0)));
        }
        for (const auto scope : scopes) enlist_doses_place(scope, batch.device.clinic, tx);
    }
    const auto members = members_of(facility);
    bool is_own_there = false;
    for (const auto& member : members) {
        if (member.scope == own) is_own_there = true;
        if (member.scope == own || tells_of_lots(line.position)) tell(member.scope, line);
    }
    if (!own || is_own_there) return;
    set_member(facility, {*own, std::nullopt}, tx);
    tell(*own, line);
}

void FeedWriter::tell_batch(const FedBatch& batch, sqlite::WriteTransaction& tx) {
    const sync::Judgement judgement{batch.ingest.clock.offset_ms, batch.ingest.clock.ceiling};
    const auto own = scope_of(batch.device.clinic);
    if (own && !batch.appended.empty()) {
        // Before what is said of twins, which holds instead of it.
        auto& echo = told_[*own];
        echo.items.emplace_back(
            sync::FeedEcho{0, batch.first_seq, batch.first_seq + batch.appended.size() - 1,
                           judgement, batch.device.id},
            batch.device);
        echo.is_alone = sole_reader(*own) == batch.device.id;
    }
    const auto twins = with_twins(batch);
    for (std::size_t i = 0; i < batch.appended.size(); ++i) {
        const auto& event = batch.appended[i];
        const auto refused = batch.verdicts[i].refused_because;
        const auto header = refused.empty() ? std::nullopt : header_of(batch.events[i].header);
        // What an officer ruled of a fact goes for it under another number, too.
        const auto ruling = header ? statements_.find_ruling(header->uid) : std::nullopt;
        if (!refused.empty() && !(ruling && ruling->holds)) {
            if (header && own)
                told_[*own].items.emplace_back(sync::FeedRefused{header->uid, std::string(refused)},
                                               sync::FeedDevice{});
            continue;
        }
        if (event.woman_ix == 0) continue;
        FeedLine line{event.position,      batch.device.id,
                      batch.first_seq + i, {},
                      judgement,           batch.device.clinic == centre_clinic};
        line.header_hash = crypto::sha256(batch.events[i].header);
        if (is_facility(event.woman_ix)) {
            tell_facility(line, batch, event.woman_ix, tx);
            continue;
        }
        for (const auto& member : members_of(event.woman_ix)) tell(member.scope, line);
        if (twins.contains(event.position)) tell_twins(batch, i);
    }
}

void FeedWriter::write(const FedBatch& batch, sqlite::WriteTransaction& tx) {
    told_.clear();
    enlist_touched(batch, tx);
    tell_batch(batch, tx);
    tell_ruling(batch);
    flush(batch.ingest.received, tx);
    begin();
}

void FeedWriter::flush(Instant made, sqlite::WriteTransaction& tx) {
    for (const auto& [scope, told] : told_) {
        if (told.lines.empty() && told.items.empty()) continue;
        FeedTable::Appender to(feed_, scope, made, tx);
        for (const auto& line : told.lines) to.add(line.second);
        for (std::size_t i = 0; i < told.items.size(); ++i) {
            const auto& [item, device] = told.items[i];
            to.add(item, device, told.is_alone && i == 0);
        }
        to.finish();
    }
    told_.clear();
}

}  // namespace egret::central
