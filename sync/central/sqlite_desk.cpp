#include "registry/domain/authority.h"
#include "sync/central/detail/ceiling.h"
#include "sync/central/sqlite_store.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace egret::central {
namespace {

Error no_officer() { return {ErrorCode::forbidden, "--as", msg("central.no_officer")}; }

struct EncodedAct {
    std::vector<codec::EncodedEvent> events;
    std::vector<EventUid> uids;
};

/// What she says, as the log of the centre's device takes it.
Result<EncodedAct> encode_act(DeskAct& act, const UserId& officer, Hlc clock,
                              const DeskHand& hand) {
    EncodedAct encoded;
    for (auto& said : act.facts) {
        clock = clock.next(hand.at);
        Event event;
        event.uid = make_random_id<EventTag>(hand.random);
        event.hlc = clock;
        event.subject = said.subject;
        event.author = officer;
        event.supersedes = std::move(said.supersedes);
        event.fact = std::move(said.fact);
        event.fact.at.role = MakerRole::officer;
        auto one = codec::encode_event(event, hand.random);
        if (!one) return std::move(one).error();
        encoded.events.push_back(*std::move(one));
        encoded.uids.push_back(event.uid);
    }
    return encoded;
}

}  // namespace

Result<CentreUser> SqliteStore::add_user(const CentreUser& user) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    if (users_.find(user.name))
        return Error{ErrorCode::conflict, "NAME", msg("central.user_there")};
    auto added = users_.add(user, tx);
    tx.commit();
    return added;
}

bool SqliteStore::remove_user(std::string_view name, Instant at) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    const auto user = users_.find(name);
    if (!user) return false;
    users_.remove(user->number, at, tx);
    tx.commit();
    return true;
}

std::vector<CentreUser> SqliteStore::users() {
    const std::lock_guard lock(mutex_);
    return users_.all();
}

std::vector<SetAside> SqliteStore::set_aside() {
    const std::lock_guard lock(mutex_);
    const sqlite::ReadTransaction one_state(*db_);
    return set_aside_.all();
}

Result<DeskDone> SqliteStore::act(const DeskHand& hand, const DeskDecision& decide) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    const auto officer = users_.find(hand.officer);
    if (!officer || !officer->is_officer()) return no_officer();
    auto act = decide({log_, components_, statements_, set_aside_, hand.today});
    if (!act) return std::move(act).error();

    log_.add_device(hand.device, std::string(centre_clinic), tx);
    const auto head = log_.find_head(hand.device).value();
    const auto clock = log_.head_hlc(hand.device).value_or(Hlc{});
    const auto encoded = encode_act(*act, officer->id, clock, hand);
    if (!encoded) return encoded.error();

    auto known_day = hand.today;
    if (const auto last = log_.last_ingest()) known_day = std::max(known_day, last->known_day);
    const auto ingest = log_.begin_ingest({hand.at, known_day, {0, ceiling_at(hand.at)}}, tx);
    DeskNote note{ingest.id, officer->number, act->act, act->because, 0, 0, act->ruling};
    const auto erased = erased_by(*act);
    std::vector<std::int64_t> group;
    if (!erased.empty()) group = shred(erased, ingest, tx);
    std::vector<store::AppendedEvent> appended;
    if (!encoded->events.empty()) {
        note.first_seq = head.seq + 1;
        note.last_seq = head.seq + encoded->events.size();
        auto added =
            log_.append(ingest, {hand.device, note.first_seq, head.hash, encoded->events}, tx);
        // It goes on from the head that was read in this transaction.
        if (!added) throw std::logic_error("an officer's fact was not taken into the log");
        appended = *std::move(added);
    }
    store::Restated restated;
    if (act->ruling) restated = statements_.rule(ingest, *act->ruling, tx);
    if (appended.empty() && !restated.is_new)
        return Error{ErrorCode::conflict, "EVENT", msg("desk.ruled_so")};
    const std::vector<Verdict> verdicts(appended.size());
    const FedBatch fed{ingest,          {hand.device, std::string(centre_clinic)},
                       note.first_seq,  appended,
                       encoded->events, verdicts,
                       act->ruling,     restated.facts};
    const auto watch = feed_writer_.watch(fed);
    projector_.apply(ingest, appended, restated.facts, tx);
    if (!group.empty()) projector_.forget_links(group, tx);
    feed_writer_.write(fed, tx);
    desk_.add(note, tx);
    before_commit_();
    tx.commit();
    return DeskDone{ingest.id, encoded->uids};
}

}  // namespace egret::central
