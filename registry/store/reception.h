#pragma once

#include "registry/sqlite/transaction.h"
#include "registry/store/components.h"
#include "registry/store/event_log.h"
#include "registry/store/feed_place.h"
#include "registry/store/foreign_log.h"
#include "registry/store/installed_file.h"
#include "registry/store/received.h"
#include "registry/store/statements.h"

#include <cstdint>
#include <optional>
#include <string>

namespace egret::store {

/// What a page came to: what was counted, and what the projector is to be told.
struct ReceptionWork {
    ReceiveOutcome outcome;
    ForeignChange change;
    std::optional<Ingest> ingest{};         // None, if nothing of it was new.
    Hlc seen{};                             // The latest time at which a fact of it takes effect.
    std::optional<std::string> own_code{};  // Another one than the own device's row says.
    std::vector<Erasure> erased{};          // Carried out; it is the caller's to say so.
};

/// Takes the items of one page into the tables of a clinic, in their order: facts, what is said of
/// facts, what is to be forgotten, files, and the place in the feed. The projections are the
/// caller's, in the same transaction.
///
/// One page, one ingest, whose clock is the one by which most of its facts are judged; it begins
/// with the first item that changes something. So the same page again leaves no trace.
class Reception {
public:
    /// `own` is this machine's log. All of them outlive it.
    Reception(EventLog& log, sqlite::Database& db, const DeviceId& own);

    ReceptionWork take(const Received& received, Arrival arrival, sqlite::WriteTransaction& tx);

private:
    void take_devices(const Received& received);
    void take_item(const ReceivedFact& fact);
    void take_item(const ReceivedJudgement& judgement);
    void take_item(const ReceivedRuling& ruling);
    void take_item(const ReceivedDrop& drop);
    void take_item(const ReceivedFile& file);
    void take_item(const ReceivedMove& move);
    void name_device(const DeviceName& name);
    void judge(const ReceivedJudgement& judgement, std::uint64_t seq);
    bool is_own(const ReceivedJudgement& judgement, std::uint64_t seq);
    void drop_line(const ForeignLog::Line& line);
    void erase(const ReceivedFact& order, const codec::EventHeader& header);
    void restate(const Restated& restated);
    const Ingest& ingest();

    EventLog& log_;
    DeviceId own_;
    Statements statements_;
    ForeignLog foreign_;
    Components components_;
    FeedPlaces places_;
    InstalledFiles files_;
    // Of the page that is being taken in.
    sqlite::WriteTransaction* tx_ = nullptr;
    Arrival arrival_;
    std::uint64_t safe_seq_ = 0;
    ReceptionWork work_;
};

}  // namespace egret::store
