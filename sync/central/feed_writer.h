#pragma once

#include "registry/store/components.h"
#include "registry/store/event_log.h"
#include "registry/store/projection_watcher.h"
#include "registry/store/statements.h"
#include "sync/central/feed_table.h"
#include "sync/central/scope_table.h"
#include "sync/central/store.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace egret::central {

/// What one upload, or one act of an officer, added to the log.
struct FedBatch {
    const store::Ingest& ingest;
    sync::FeedDevice device;
    std::uint64_t first_seq = 0;
    std::span<const store::AppendedEvent> appended{};
    std::span<const codec::EncodedEvent> events{};  // One for each of these, as the next.
    std::span<const Verdict> verdicts{};
    // What an officer ruled with it, and the facts here that it is about.
    std::optional<store::Ruling> ruling{};
    std::span<const store::AppendedEvent> ruled{};
};

/// Tells each scope what it is to know of what came, in the transaction in which it came.
///
/// A scope is told of a woman under any of her ids: the clinic where she lives now or is in care; a
/// clinic to which she was referred, until 180 days after it answered; the areas in which she
/// lives; and, of one who was never registered with a clinic of this programme, whoever recorded
/// something of her. A scope that is told of her no longer goes on to be told for 90 days, then
/// drops her (sweep). Of a facility's stock its own clinic is told, and of what spoils doses every
/// scope with a woman who had one there.
///
/// Who was erased stays with all scopes that were ever told of her, and with all clinics that said
/// something of her: a machine that is restored must hear of it again.
///
/// Of what an officer rules everybody is told who has the fact, and whoever made it.
///
/// Of each upload its clinic gets an echo. Where its machine alone reads the clinic's scope, that
/// is all it gets of its own facts.
///
/// Belongs to the thread of its Database; that and the log outlive it.
class FeedWriter final : private store::ProjectionWatcher {
public:
    FeedWriter(store::EventLog& log, sqlite::Database& db);

    /// For the projector that takes in what is written here.
    store::ProjectionWatcher& watcher() noexcept { return *this; }

    /// While it lives, the writer remembers what the projector makes of those in the batch of whom
    /// it will have to know, so that they needn't be read twice. Not needed; one at a time.
    class Watch {
    public:
        explicit Watch(FeedWriter& writer) : writer_(writer) {}
        ~Watch() { writer_.begin(); }

        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

    private:
        FeedWriter& writer_;
    };

    /// Before Projector::apply.
    [[nodiscard]] Watch watch(const FedBatch& batch);

    /// After Projector::apply, in the same transaction.
    void write(const FedBatch& batch, sqlite::WriteTransaction& tx);

    /// Enters everybody who is in the log already, into `only` if it is given, else into all
    /// scopes. These then begin behind all that is there, so that who reads them begins with a
    /// snapshot.
    void enter_all(std::optional<std::uint64_t> only, Instant now, sqlite::WriteTransaction& tx);

    /// Drops those whose time in a scope is over. How many.
    std::size_t sweep(Instant now, sqlite::WriteTransaction& tx);

private:
    /// What follows from a history.
    struct Wanted {
        std::vector<std::int64_t> members;
        std::map<std::uint64_t, std::optional<Instant>> scopes;
        std::set<std::string> dose_facilities;
    };

    /// What the scopes are to be told, in the order in which they get it.
    struct Told {
        std::map<store::Position, FeedLine> lines{};
        std::vector<std::pair<sync::FeedItem, sync::FeedDevice>> items{};
        bool is_alone = false;  // The first item is an echo of facts that are told to nobody.
    };

    void projected(const store::Ingest& ingest, std::int64_t woman_ix,
                   const History* history) override;

    /// Forgets what was left of an ingest that failed.
    void begin();
    bool is_facility(std::int64_t ix);
    const std::vector<Membership>& members_of(std::int64_t ix);
    void set_member(std::int64_t ix, const Membership& membership, sqlite::WriteTransaction& tx);
    bool may_concern_others(const FedBatch& batch, std::size_t at);
    std::set<store::Position> with_twins(const FedBatch& batch);
    Wanted wanted_of(const History& history, Instant now);
    std::optional<std::uint64_t> scope_of(const std::string& clinic);
    const std::optional<DeviceId>& sole_reader(std::uint64_t scope);
    std::optional<std::int64_t> facility_ix(const std::string& code);

    void enlist_touched(const FedBatch& batch, sqlite::WriteTransaction& tx);
    void enlist_group(std::int64_t woman_ix, const std::vector<std::int64_t>& group, Instant now,
                      sqlite::WriteTransaction& tx);
    bool is_told(std::optional<std::uint64_t> scope, std::int64_t woman_ix);
    void enlist(const Wanted& wanted, Instant now, sqlite::WriteTransaction& tx);
    void enlist_erased(const History& history, sqlite::WriteTransaction& tx);
    void enlist_doses_place(std::uint64_t scope, const std::string& facility,
                            sqlite::WriteTransaction& tx);
    void enlist_dose(const FedBatch& batch, std::size_t at, sqlite::WriteTransaction& tx);
    void tell_all(std::uint64_t scope, std::int64_t woman_ix, bool only_of_lots);
    void tell_batch(const FedBatch& batch, sqlite::WriteTransaction& tx);
    void tell_facility(const FeedLine& line, const FedBatch& batch, std::int64_t facility,
                       sqlite::WriteTransaction& tx);
    void tell_twins(const FedBatch& batch, std::size_t at);
    void tell_ruling(const FedBatch& batch);
    void tell(std::uint64_t scope, const FeedLine& line);
    bool tells_of_lots(store::Position position);
    void flush(Instant made, sqlite::WriteTransaction& tx);

    store::EventLog& log_;
    ScopeTable scopes_;
    FeedTable feed_;
    store::Components components_;
    sqlite::Statement select_of_woman_;
    sqlite::Statement select_of_doses_;
    sqlite::Statement select_twins_;
    sqlite::Statement select_at_;
    sqlite::Statement select_sayers_;
    sqlite::Statement select_accepted_;
    store::Statements statements_;
    sqlite::Statement select_with_twins_;
    std::map<std::uint64_t, Told> told_;  // Of this ingest only, as all below.
    std::map<std::string, std::optional<std::uint64_t>> clinics_;
    std::map<std::uint64_t, std::optional<DeviceId>> sole_readers_;
    std::map<std::string, std::optional<std::int64_t>> facilities_;
    std::set<std::pair<std::uint64_t, std::int64_t>> entered_facilities_;
    std::optional<std::vector<AreaScope>> areas_;
    std::map<std::int64_t, bool> are_facilities_;
    std::map<std::int64_t, std::vector<Membership>> members_;
    std::map<std::int64_t, std::optional<Wanted>> awaited_;  // Until the projector told of her.
};

}  // namespace egret::central
