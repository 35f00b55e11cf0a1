#include "tests/simulation/screened_world.h"

#include "registry/base/ensure.h"
#include "registry/codec/event_codec.h"
#include "registry/follow_up/care.h"
#include "registry/store/projector.h"
#include "tests/simulation/forgotten.h"

#include <algorithm>
#include <utility>

namespace egret::tests {
namespace {

constexpr std::size_t devices = world::screened_clinics + 1;
constexpr std::int64_t minute_ms = 60'000;
constexpr std::uint64_t batch_max = 3000;

DeviceId device_id(std::size_t device) {
    DeviceId id;
    id.bytes[15] = static_cast<std::uint8_t>(device + 1);
    return id;
}

/// A line that names an action of the worklist gets its id.
void name_action(Fact& fact, const std::string& action) {
    if (auto* contact = std::get_if<Contact>(&fact.detail)) contact->action = action;
    if (auto* referral = std::get_if<Referral>(&fact.detail)) referral->action = action;
    if (auto* closing = std::get_if<Closing>(&fact.detail)) closing->action = action;
}

bool is_of(const follow_up::Loop& loop, world::Organ organ) {
    if (loop.protocol.empty() || loop.site != world::site_of(organ)) return false;
    if (!loop.breast) return true;
    return (*loop.breast == HistologySite::breast_left) == (organ == world::Organ::left_breast);
}

}  // namespace

const rules::Programme& simulated_programme() {
    const auto* programme = rules::programme_at("350203", Date::from_ymd(2026, 1, 1));
    EGRET_ENSURE(programme);
    return *programme;
}

ScreenedWorld::ScreenedWorld(const world::ScreenedPlan& plan)
    : plan_(plan), said_by_(devices), clocks_(devices) {
    std::vector<const world::ScreenedEntry*> entries;
    for (std::uint64_t number = 0; number < plan.women; ++number)
        lives_.push_back(world::make_screened_life(plan_, number));
    for (const auto& life : lives_) {
        for (const auto& entry : life.entries) entries.push_back(&entry);
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto* a, const auto* b) { return a->minute < b->minute; });
    for (const auto* entry : entries) say(*entry);
}

void ScreenedWorld::say(const world::ScreenedEntry& entry) {
    Event event;
    event.uid = entry.uid;
    event.hlc = clocks_[entry.device].next(instant_from_unix_ms(entry.minute * minute_ms));
    clocks_[entry.device] = event.hlc;
    event.subject = entry.subject;
    event.author.bytes[15] = entry.person;
    event.fact = entry.fact;
    if (entry.about) name_action(event.fact, find_action(entry));
    LoggedEvent logged;
    logged.event = event;
    logged.order.effective = event.hlc;
    logged.order.device = device_id(entry.device);
    said_by_[entry.device].push_back(std::move(event));
    logged.order.seq = said_by_[entry.device].size();
    logged.clinic = world::screened_facility(entry.device);
    said_of_[entry.subject].push_back(std::move(logged));
}

std::string ScreenedWorld::find_action(const world::ScreenedEntry& entry) const {
    const auto said = said_of_.find(entry.subject);
    if (said == said_of_.end()) return "";
    const auto* closing = std::get_if<Closing>(&entry.fact.detail);
    if (closing && !closing->confirms.is_nil()) {  // The same as the one that is agreed to.
        for (const auto& logged : said->second) {
            if (logged.event.uid == closing->confirms)
                return std::get<Closing>(logged.event.fact.detail).action;
        }
    }
    const auto on = entry.fact.at.date->earliest();
    const auto care =
        follow_up::care_of(simulated_programme(), fold({entry.subject}, said->second), on);
    const auto site = world::site_of(entry.organ);
    if (entry.about == world::About::recall) {
        for (const auto& recall : care.recalls) {
            if (recall.site == site) return recall.action;
        }
        return "";
    }
    for (const auto& loop : care.loops) {
        const bool is_confirm = entry.about == world::About::confirm;
        const bool is_meant =
            is_confirm
                ? loop.kind == follow_up::LoopKind::confirm && loop.opened_by == entry.taken_back_by
                : is_of(loop, entry.organ) && is_action_for(entry.step, loop.action);
        if (is_meant && (loop.state == follow_up::LoopState::open ||
                         loop.state == follow_up::LoopState::not_done))
            return loop.id;
    }
    return "none";
}

std::size_t ScreenedWorld::said_count() const {
    std::size_t count = 0;
    for (const auto& events : said_by_) count += events.size();
    return count;
}

void ScreenedWorld::record(service::Clinic& clinic, std::uint64_t order_seed) const {
    SeededRandom random(order_seed);
    std::vector<std::size_t> sent(devices);
    for (auto left = said_count(); left > 0;) {
        const auto device = static_cast<std::size_t>(random.below(devices));
        const auto& events = said_by_[device];
        const auto count =
            std::min<std::size_t>(events.size() - sent[device], 1 + random.below(batch_max));
        if (count == 0) continue;
        std::vector<codec::EncodedEvent> encoded;
        for (auto i = sent[device]; i < sent[device] + count; ++i) {
            auto one = codec::encode_event(events[i], random);
            EGRET_ENSURE(bool(one));
            encoded.push_back(*std::move(one));
        }
        sqlite::WriteTransaction tx(clinic.database());
        auto& log = clinic.log();
        log.add_device(device_id(device), world::screened_facility(device), tx);
        const auto head = log.find_head(device_id(device));
        store::NewEvents added;
        added.device = device_id(device);
        added.first_seq = head->seq + 1;
        added.previous = head->hash;
        added.events = encoded;
        const auto ingest = log.begin_ingest({clinic.now(), plan_.last_day}, tx);
        const auto appended = log.append(ingest, added, tx);
        EGRET_ENSURE(bool(appended));
        clinic.projector().apply(ingest, *appended, tx);
        tx.commit();
        sent[device] += count;
        left -= count;
    }
}

std::vector<History> ScreenedWorld::histories() const {
    std::vector<History> all;
    for (const auto& life : lives_) all.push_back(fold({life.id}, said_of_.at(life.id)));
    return all;
}

}  // namespace egret::tests
