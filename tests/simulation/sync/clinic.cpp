#include "tests/simulation/sync/clinic.h"

#include "registry/sqlite/error.h"
#include "registry/store/log_check.h"
#include "sync/client/link_check.h"
#include "sync/client/outbox_sync.h"
#include "sync/client/upload_store.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace egret::sync_world {
namespace {

using tests::DiskFault;

constexpr std::uint64_t away_ms_max = 48 * 3'600'000;

std::string digits(const Hash& hash) { return to_hex(hash).substr(0, 8); }

}  // namespace

SimClinic::SimClinic(const Surroundings& world, SimCentre& centre, const LineRates& rates,
                     const FoundedClinic& founded, std::uint64_t seed)
    : world_(world),
      centre_(centre),
      founded_(founded),
      disk_(seed),
      clock_(world.queue),
      random_(seed + 1),
      seal_chance_(seed + 2),
      fate_(seed + 3),
      line_(world, centre, rates, seed + 4) {
    disk_.set_files(founded.image);
}

void SimClinic::say(const std::string& line) {
    world_.trace.add(std::to_string(unix_ms(world_.queue.now())) + " " + founded_.code + " " +
                     line + " " + std::to_string(known_.size()) + " " +
                     digits(known_hash(known_.size())));
}

void SimClinic::find(const std::string& what) {
    world_.findings.add(founded_.code + ": " + what);
    say("FOUND " + what);
}

service::World SimClinic::surroundings() {
    service::World all{clock_, random_};
    all.synchronous = world_.synchronous;
    all.base_vfs = disk_.vfs_name();
    all.disk = &disk_;
    all.seal_chance = &seal_chance_;
    all.indicators = world_.indicators;
    return all;
}

service::Unlocked SimClinic::unlocked() const {
    return {keys::DataKey(founded_.key), founded_.user, crypto::Secret(founded_.link_key)};
}

/// A program that runs until it has done its work, or its disk stops it.
template <class Work>
void SimClinic::run(const char* name, const Work& work) {
    if (!has_power_ || is_busy()) return say(std::string(name) + " can't be");
    work_on(name, work);
}

template <class Work>
void SimClinic::work_on(const char* name, const Work& work) {
    is_working_ = true;
    bool has_ended = false;
    try {
        work();
    } catch (const sqlite::SqliteError& error) {
        has_ended = true;
        if (!disk_.has_failed()) find(std::string(name) + " threw: " + error.what());
    } catch (const std::system_error& error) {
        has_ended = true;
        if (!disk_.has_failed()) find(std::string(name) + " threw: " + error.what());
    }
    is_working_ = false;
    say(std::string(name) + (has_ended ? " ends early" : session_ ? " asks" : ""));
    if (disk_.is_cut()) return lose_power();
    if (disk_.has_failed()) {
        // Somebody looks after the disk.
        shut();
        disk_.mend();
    } else if (has_ended) {
        shut();
    }
}

void SimClinic::begin(Result<std::unique_ptr<client::SyncSession>> session, const char* name) {
    if (!session) {
        if (!disk_.has_failed()) find(std::string(name) + ": " + session.error().message.id);
        return;
    }
    session_ = *std::move(session);
    session_name_ = name;
    ask(session_->start(clock_.now()));
}

void SimClinic::ask(std::optional<http::Request> request) {
    if (!request) return end();
    const auto number = ++asked_;
    line_.ask(*std::move(request), session_->way(), founded_.device,
              [this, number](const Result<http::Response>& answer) {
                  if (!session_ || number != asked_) return;
                  work_on(session_name_, [&] { ask(session_->next(answer, clock_.now())); });
              });
}

void SimClinic::end() {
    take(session_->outcome());
    const bool has_all = session_->outcome().has_all;
    session_.reset();
    if (!registry_) return;
    learn();
    // A centre that has all is over every fork.
    if (has_all) {
        if (!owed_.empty()) find("was not given back what the centre has");
        is_put_back_ = false;
    }
    keeper_->settle();
}

void SimClinic::shut() {
    session_.reset();
    keeper_.reset();
    registry_.reset();
}

void SimClinic::lose_power() {
    shut();
    disk_.crash();
    has_power_ = false;
    ++cuts_;
    say("loses its power");
    world_.queue.after(Milliseconds(1 + fate_.below(away_ms_max)), [this] { has_power_ = true; });
}

void SimClinic::fail_at(std::uint64_t n, DiskFault fault) {
    if (disk_.has_failed() || !has_power_) return;
    if (n > 0) return disk_.fail_at(n, fault, fault != DiskFault::power_cut);
    disk_.cut_power();
    lose_power();
}

void SimClinic::mend() {
    EGRET_ENSURE(!is_busy());
    has_power_ = true;
    disk_.mend();
}

/// True if the registry is open. What it holds must begin with all that was ever committed.
bool SimClinic::open() {
    if (registry_) return true;
    auto opened = service::Clinic::open(home, unlocked(), surroundings());
    if (!opened) {
        if (!disk_.has_failed()) find("doesn't open: " + opened.error().message.id);
        return false;
    }
    registry_ = *std::move(opened);
    learn();
    settle_day();
    keeper_ = client::OutboxKeeper::find(*registry_, home);
    if (!keeper_) {
        if (!disk_.has_failed()) find("has no keys any more");
        return false;
    }
    keeper_->settle();
    return true;
}

/// Takes over what the log says, if it can be so.
void SimClinic::learn() {
    const auto head = *registry_->log().find_head(founded_.device);
    const auto known = known_.size();
    const bool is_same =
        head.seq >= known && registry_->log().hash_at(founded_.device, known) == known_hash(known);
    if (!is_same && is_put_back_) return learn_all();
    if (head.seq < known) return find("lost what was committed");
    if (!is_same) return find("has another log than was committed");
    const auto more = head.seq - known;
    if (more != 0 && is_put_back_ && more != in_flight_.size()) return learn_all();
    if (more != 0 && more != in_flight_.size()) return find("holds what nobody recorded");
    for (std::size_t i = 0; i < more; ++i) add_known(std::move(in_flight_[i]));
    in_flight_.clear();
}

void SimClinic::add_known(KnownFact fact) {
    ever_.emplace(fact.uid, fact);
    known_.push_back(std::move(fact));
    hashes_.push_back(*registry_->log().hash_at(founded_.device, known_.size()));
}

/// After a repair: the log has all that it had and all that the centre had, in whatever order.
void SimClinic::learn_all() {
    for (auto& fact : in_flight_) ever_.emplace(fact.uid, std::move(fact));
    in_flight_.clear();
    std::set<EventUid> missing = owed_;
    for (const auto& fact : known_) missing.insert(fact.uid);
    known_.clear();
    hashes_.clear();
    for (const auto& line : registry_->log().entries(founded_.device, 1, INT64_MAX, SIZE_MAX)) {
        const auto header = codec::decode_header(line.event.header);
        const auto fact = header ? ever_.find(header->uid) : ever_.end();
        if (fact == ever_.end()) return find("holds what nobody recorded");
        missing.erase(fact->first);
        add_known(fact->second);
    }
    if (!missing.empty()) find("lost " + std::to_string(missing.size()) + " facts by a repair");
    owed_.clear();
    is_put_back_ = false;
}

void SimClinic::back_up() {
    run("back_up", [&] {
        if (!open() || is_put_back_) return;
        shut();
        backup_ = disk_.files();
        backup_known_ = known_;
        backup_hashes_ = hashes_;
    });
}

void SimClinic::put_back() {
    // What the centre has by now comes back; what only the lost disk had doesn't.
    if (!backup_ || !has_power_ || is_busy() || !centre_.is_up() || is_put_back_) return;
    run("put_back", [&] {
        if (!open()) return;
        shut();
        const auto at_centre = centre_.head(founded_.device).seq;
        for (std::size_t i = 0; i < known_.size() && i < at_centre; ++i)
            owed_.insert(known_[i].uid);
        for (const auto& fact : backup_known_) owed_.erase(fact.uid);
        disk_.set_files(*backup_);
        known_ = backup_known_;
        hashes_ = backup_hashes_;
        is_put_back_ = true;
    });
}

/// Whoever records is asked for the day, if the clock has jumped ahead.
void SimClinic::settle_day() {
    if (registry_->recording_day()) return;
    const auto today = registry_->time_zone().local_day(world_.queue.now());
    if (auto settled = registry_->confirm_today(today); !settled)
        find("the day can't be confirmed: " + settled.error().message.id);
}

void SimClinic::record(std::size_t count, std::uint64_t seed) {
    run("record", [&] {
        if (!open()) return;
        settle_day();
        SeededRandom chance(seed);
        auto drafts = draw_facts(chance, known_, count);
        in_flight_.clear();
        for (const auto& draft : drafts)
            in_flight_.push_back({*draft.uid, draft.subject, draft.fact});
        sqlite::WriteTransaction tx(registry_->database());
        const auto added = registry_->append(registry_->caller(), std::move(drafts), tx);
        if (!added) return find("doesn't record: " + added.error().message.id);
        tx.commit();
        learn();
        keeper_->seal_new();
    });
}

/// What a sync may say that was stopped by nothing but the line and the disks.
void SimClinic::take(const client::SyncOutcome& outcome) {
    const auto& report = outcome.report;
    const auto why = report.error ? report.error->message.id : std::string("-");
    say(std::string(session_name_) + " " + std::to_string(report.sent) + " " +
        std::to_string(report.acked) + " " + std::to_string(report.left) + " " + why);
    // What a power cut kept from being sealed is sealed once the registry is open.
    const bool waits = why == "outbox.needs_registry" || (is_put_back_ && why == "outbox.forked");
    if (outcome.must_stop && !waits) find(std::string(session_name_) + " stops: " + why);
}

void SimClinic::sync() {
    run("sync", [&] {
        if (!open()) return;
        NoProgress quiet;
        begin(client::ClinicLink(*registry_, home).session("", quiet), "sync");
    });
}

void SimClinic::nightly() {
    run("nightly", [&] {
        shut();
        auto keys = client::LinkKeys::load(home, founded_.link_key, disk_);
        if (!keys || !*keys) {
            if (!disk_.has_failed()) find("its keys can't be read");
            return;
        }
        keys_.reset();
        keys_.emplace(std::move(**keys));
        client::OutboxSync::Parts parts{*keys_, clock_,           random_, instant_from_unix_ms(0),
                                        disk_,  founded_.link_key};
        begin(client::OutboxSync(parts, home).session(""), "nightly");
    });
}

void SimClinic::close() {
    run("close", [&] { shut(); });
}

std::uint64_t SimClinic::acked() {
    const auto state =
        client::UploadStore(registry_->database()).load(client::upload_bounds(*registry_));
    if (state.is_lost) find("forgot how far the centre is");
    if (state.safe_seq > state.acked_seq) find("holds for safe what isn't acknowledged");
    return state.acked_seq;
}

void SimClinic::open_again() {
    run("open", [&] { open(); });
}

void SimClinic::look() {
    if (!registry_ || is_busy() || !has_power_) return;
    const tests::CrashDisk::Watch watch(disk_);
    const auto taken = acked();
    const auto known = known_.size();
    // What was taken over waits to be learnt until the sync is over.
    if (is_put_back_) return;
    if (taken > known) find("holds more for acknowledged than it has");
    if (registry_->log().hash_at(founded_.device, known) != known_hash(known))
        find("its log has changed");
    if (!centre_.is_up()) return;
    const auto head = centre_.head(founded_.device);
    if (taken > head.seq) find("holds for acknowledged what the centre hasn't");
    if (head.seq > known) return find("the centre has more than was committed here");
    if (head.hash != known_hash(head.seq)) find("the centre has another log");
}

void SimClinic::look_at_end() {
    run("look", [&] {
        if (!open()) return;
        keeper_->settle();
    });
    if (!registry_) return find("isn't open at the end");
    look();
    const auto head = centre_.head(founded_.device);
    if (head.seq != known_.size()) {
        find("the centre has " + std::to_string(head.seq) + " of " + std::to_string(known_.size()) +
             " facts at the end");
    }
    if (acked() != known_.size()) find("hasn't heard that the centre has all");
    const client::OutboxFolder folder(home, disk_);
    if (!folder.items().empty()) find("its outbox isn't empty at the end");
    for (const auto& fault : client::check_link(*registry_, home))
        find("the check of its link: " + fault.kind);
    NoProgress quiet;
    for (const auto& fault : registry_->check(quiet)) find("the check of its file: " + fault.kind);
}

}  // namespace egret::sync_world
