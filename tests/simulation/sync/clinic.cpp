#include "tests/simulation/sync/clinic.h"

#include "registry/sqlite/error.h"
#include "sync/client/clinic_link.h"
#include "sync/client/outbox_folder.h"
#include "sync/client/outbox_sync.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace egret::sync_world {
namespace {

using tests::DiskFault;

constexpr std::uint64_t away_ms_max = 48 * 3'600'000;

std::string digits(const Hash& hash) { return to_hex(hash).substr(0, 8); }

Result<std::unique_ptr<Talk>> talk_of(Result<std::unique_ptr<client::SyncSession>> session) {
    if (!session) return std::move(session).error();
    return std::unique_ptr<Talk>(std::make_unique<NewTalk>(*std::move(session)));
}

}  // namespace

SimClinic::SimClinic(const Surroundings& world, SimCentre& centre, const LineRates& rates,
                     Made made, std::uint64_t seed)
    : world_(world),
      centre_(centre),
      rates_(rates),
      made_(std::move(made)),
      device_(made_.founded.device),
      disk_(seed),
      clock_(world.queue),
      random_(seed + 1),
      seal_chance_(seed + 2),
      fate_(seed + 3),
      line_(world, centre, rates, seed + 4),
      is_old_(made_.is_old) {
    disk_.set_files(made_.founded.image);
}

void SimClinic::say(const std::string& line) {
    world_.trace.add(std::to_string(unix_ms(world_.queue.now())) + " " + made_.name + " " + line +
                     " " + std::to_string(known_.size()) + " " + digits(known_hash(known_.size())));
}

void SimClinic::find(const std::string& what) {
    world_.findings.add(made_.name + ": " + what);
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
    const auto& founded = made_.founded;
    return {keys::DataKey(founded.key), founded.user, crypto::Secret(founded.link_key)};
}

/// A program that runs until it has done its work, or its disk stops it.
void SimClinic::run(const char* name, const std::function<void()>& work) {
    if (is_gone_ || !has_power_ || is_busy()) return say(std::string(name) + " can't be");
    work_on(name, work);
}

void SimClinic::work_on(const char* name, const std::function<void()>& work) {
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
    say(std::string(name) + (has_ended ? " ends early" : talk_ ? " asks" : ""));
    if (disk_.is_cut()) return lose_power();
    if (disk_.has_failed()) {
        // Somebody looks after the disk.
        shut();
        disk_.mend();
    } else if (has_ended) {
        shut();
    }
}

void SimClinic::begin(Result<std::unique_ptr<Talk>> talk, const char* name) {
    if (!talk) {
        if (!disk_.has_failed()) find(std::string(name) + ": " + talk.error().message.id);
        return;
    }
    learn_device();
    talk_ = *std::move(talk);
    talk_name_ = name;
    ask(talk_->start(clock_.now()));
}

void SimClinic::ask(std::optional<http::Request> request) {
    if (!request) return end();
    const auto number = ++asked_;
    line_.ask(*std::move(request), talk_->way(), device_,
              [this, number](const Result<http::Response>& answer) {
                  if (!talk_ || number != asked_) return;
                  work_on(talk_name_, [&] { ask(talk_->next(answer, clock_.now())); });
              });
}

void SimClinic::end() {
    const auto outcome = talk_->outcome();
    take(outcome);
    talk_.reset();
    received_ += outcome.received;
    must_join_ = must_join_ || outcome.must_rejoin;
    if (!registry_) return;
    learn();
    // A centre that has all is over every fork.
    if (outcome.has_all) {
        if (!owed_.empty()) find("was not given back what the centre has");
        is_put_back_ = false;
    }
    if (keeper_) keeper_->settle();
}

void SimClinic::shut() {
    talk_.reset();
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
    if (is_gone_ || disk_.has_failed() || !has_power_) return;
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
    learn_device();
    learn();
    settle_day();
    if (is_old_) return true;
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
    const auto head = *registry_->log().find_head(device_);
    const auto known = known_.size();
    const bool is_same =
        head.seq >= known && registry_->log().hash_at(device_, known) == known_hash(known);
    const auto more = head.seq - std::min<std::uint64_t>(known, head.seq);
    const bool is_own = is_same && (more == 0 || more == in_flight_.size());
    if (!is_own && may_be_rewritten()) return learn_all();
    if (head.seq < known) return find("lost what was committed");
    if (!is_same) return find("has another log than was committed");
    if (!is_own) return find("holds what nobody recorded");
    for (std::size_t i = 0; i < more; ++i) {
        world_.model.commit(in_flight_[i]);
        add_known(in_flight_[i].uid);
    }
    in_flight_.clear();
}

void SimClinic::add_known(const EventUid& uid) {
    known_.push_back(uid);
    hashes_.push_back(*registry_->log().hash_at(device_, known_.size()));
}

/// After a repair: the log has all that it had and all that the centre had, in whatever order.
void SimClinic::learn_all() {
    std::set<EventUid> missing = owed_;
    missing.insert(known_.begin(), known_.end());
    known_.clear();
    hashes_.clear();
    for (const auto& line : registry_->log().entries(device_, 1, INT64_MAX, SIZE_MAX)) {
        const auto header = codec::decode_header(line.event.header);
        if (!header) return find("holds what can't be read");
        const auto own = std::find_if(in_flight_.begin(), in_flight_.end(),
                                      [&](const Said& said) { return said.uid == header->uid; });
        if (own != in_flight_.end()) world_.model.commit(*own);
        if (!world_.model.find(header->uid)) return find("holds what nobody recorded");
        missing.erase(header->uid);
        add_known(header->uid);
    }
    in_flight_.clear();
    if (!missing.empty()) find("lost " + std::to_string(missing.size()) + " facts by a repair");
    owed_.clear();
    is_put_back_ = false;
}

/// Once it has joined anew it is nobody's copy, and the centre owes it nothing of its own.
void SimClinic::learn_device() {
    if (!registry_ || registry_->device() == device_) return;
    device_ = registry_->device();
    is_put_back_ = is_shared_ = must_join_ = false;
    owed_.clear();
    backup_.reset();
}

/// Whoever records is asked for the day, if the clock has jumped ahead.
void SimClinic::settle_day() {
    if (registry_->recording_day()) return;
    auto today = registry_->time_zone().local_day(world_.queue.now());
    // A centre whose clock was ahead has said so, and is believed.
    if (const auto said = registry_->server_day(); said && centre_.was_clock_wrong())
        today = std::max(today, *said);
    if (auto settled = registry_->confirm_today(today); !settled)
        find("the day can't be confirmed: " + settled.error().message.id);
}

void SimClinic::record(std::size_t count, std::uint64_t seed) {
    run("record", [&] {
        if (!open()) return;
        settle_day();
        SeededRandom chance(seed);
        auto caller = registry_->caller();
        if (chance.chance(0.4)) {
            caller.user.bytes[0] ^= 0xff;
            caller.role = service::Role::nurse;
        }
        auto drawn = draw_facts(chance, {world_.model, known_, made_.clinics}, count);
        in_flight_.clear();
        std::vector<service::Draft> drafts;
        for (auto& [draft, is_bad] : drawn) {
            in_flight_.push_back({*draft.uid, draft.subject, draft.fact, code(), caller.user,
                                  caller.role == service::Role::lead, is_bad, world_.queue.now()});
            drafts.push_back(std::move(draft));
        }
        sqlite::WriteTransaction tx(registry_->database());
        const auto added = registry_->append(caller, std::move(drafts), tx);
        if (!added) return find("doesn't record: " + added.error().message.id);
        tx.commit();
        learn();
        if (keeper_) keeper_->seal_new();
    });
}

/// What may stop a sync in this world.
bool SimClinic::may_stop(const std::string& why) {
    // What a power cut kept from being sealed is sealed once the registry is open.
    if (why == "outbox.needs_registry") return true;
    if (why == "outbox.forked") return may_be_rewritten();
    if (why == "sync.re_enrol") {
        // Revoked; or let in after the backup of a restored centre was written.
        must_join_ = true;
        return !centre_.is_up() || !centre_.lets_in(device_);
    }
    // A program of before can't repair its log: people have it join anew.
    if (why == "sync.fork" && is_old_) {
        must_join_ = true;
        return may_be_rewritten();
    }
    return false;
}

/// What a sync may say that was stopped by nothing but the line and the disks.
void SimClinic::take(const client::SyncOutcome& outcome) {
    const auto& report = outcome.report;
    const auto why = report.error ? report.error->message.id : std::string("-");
    say(std::string(talk_name_) + " " + std::to_string(report.sent) + " " +
        std::to_string(report.acked) + " " + std::to_string(report.left) + " " + why);
    if (outcome.must_stop && !may_stop(why)) find(std::string(talk_name_) + " stops: " + why);
}

void SimClinic::sync() {
    run("sync", [&] {
        if (!open()) return;
        if (is_old_) return begin(old_talk(*registry_, home), "sync");
        NoProgress quiet;
        begin(talk_of(client::ClinicLink(*registry_, home).session("", quiet)), "sync");
    });
}

void SimClinic::nightly() {
    if (is_old_) return sync();
    run("nightly", [&] {
        shut();
        auto keys = client::LinkKeys::load(home, made_.founded.link_key, disk_);
        if (!keys || !*keys) {
            if (!disk_.has_failed()) find("its keys can't be read");
            return;
        }
        keys_.reset();
        keys_.emplace(std::move(**keys));
        client::OutboxSync::Parts parts{
            *keys_, clock_, random_, instant_from_unix_ms(0), disk_, made_.founded.link_key};
        begin(talk_of(client::OutboxSync(parts, home).session("")), "nightly");
    });
}

void SimClinic::close() {
    run("close", [&] { shut(); });
}

void SimClinic::open_again() {
    run("open", [&] { open(); });
}

}  // namespace egret::sync_world
