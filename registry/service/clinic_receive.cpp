// What reaches a registry from its centre.

#include "registry/service/clinic.h"
#include "registry/service/detail/clinic_settings.h"
#include "registry/store/log_check.h"
#include "registry/store/reception.h"
#include "registry/store/rechain.h"

#include <algorithm>
#include <utility>

namespace egret::service {
namespace {

/// The last reading that a clock may show at that time.
Hlc last_at(Instant at) { return {Hlc{}.next(at).value | 0xffff}; }

}  // namespace

Result<store::ReceiveOutcome> Clinic::receive(const store::Received& received) {
    const auto judged = day();
    store::Arrival arrival{now(), judged.today, {}};
    // A clock that nobody believes doesn't tell when this came: the centre does.
    if (judged.clock == ClockState::ahead) arrival.received = received.server_time;
    NoProgress quiet;
    sqlite::WriteTransaction tx(*db_);
    auto work = store::Reception(log_, *db_, device()).take(received, arrival, tx);
    if (auto said = confirm_erasures(work.erased, arrival, tx); !said) return said.error();
    auto renamed = identity_;
    if (work.own_code) {
        renamed.code = *work.own_code;
        settings_.save_clinic(renamed, tx);
    }
    if (work.change.needs_rebuild) {
        if (auto whole = store::require_whole_logs(*db_, quiet); !whole)
            return std::move(whole).error();
        projector_.rebuild(quiet, tx);
        work.outcome.was_made_anew = true;
    } else if (work.ingest) {
        projector_.apply(*work.ingest, work.change.appended, work.change.restated, tx);
    }
    const auto clock = settings_.clock();
    const auto seen = std::min(work.seen, last_at(received.server_time));
    if (seen > clock) settings_.save_clock(seen, tx);
    tx.commit();
    identity_ = std::move(renamed);
    // What was freed is zeros by now, and leaves the disk.
    if (!work.erased.empty()) db_->checkpoint_truncate();
    return work.outcome;
}

/// In the clinic's own log, which goes up: so the centre knows that nothing is left here. What
/// follows from the facts is made anew afterwards, with these.
Result<Done> Clinic::confirm_erasures(const std::vector<store::Erasure>& erased,
                                      const store::Arrival& arrival, sqlite::WriteTransaction& tx) {
    if (erased.empty()) return Done{};
    auto clock = settings_.clock();
    std::vector<codec::EncodedEvent> encoded;
    for (const auto& erasure : erased) {
        clock = clock.next(now());
        Event event;
        event.uid = make_random_id<EventTag>(world_.random);
        event.hlc = clock;
        event.subject = erasure.woman;
        event.scope = scope_;
        event.fact.at.date = arrival.known_day;
        event.fact.detail = Erase{erasure.order};
        auto one = codec::encode_event(event, world_.random);
        if (!one) return std::move(one).error();
        encoded.push_back(*std::move(one));
    }
    const auto head = log_.find_head(device()).value();
    const auto ingest = log_.begin_ingest(arrival, tx);
    const auto appended = log_.append(ingest, {device(), head.seq + 1, head.hash, encoded}, tx);
    if (!appended) return appended.error();
    settings_.save_clock(clock, tx);
    return Done{};
}

store::FeedPlace Clinic::feed_place(std::uint64_t scope) { return feed_places_.load(scope); }

std::vector<store::FeedPlace> Clinic::feed_places() { return feed_places_.all(); }

Result<Done> Clinic::adopt_own_log(std::uint64_t ancestor,
                                   const std::vector<codec::EncodedEvent>& tail,
                                   Progress& progress) {
    if (tail.empty() && log_.hash_at(device(), ancestor)) return Done{};
    if (auto whole = store::require_whole_logs(*db_, progress); !whole) return whole;
    sqlite::WriteTransaction tx(*db_);
    const auto ingest = log_.begin_ingest({now(), day().today, {}}, tx);
    const auto orphans =
        store::Rechain(log_, *db_).carry_out({device(), ancestor, tail}, ingest, tx);
    if (!orphans) return orphans.error();
    // The next fact comes after all of it, whatever clock those were made by.
    auto clock = settings_.clock();
    for (const auto& event : tail) {
        if (const auto header = codec::decode_header(event.header))
            clock = std::max(clock, header->hlc);
    }
    settings_.save_clock(clock, tx);
    projector_.rebuild(progress, tx);
    tx.commit();
    return Done{};
}

}  // namespace egret::service
